"""How a rulebook's workbook looks: widths, heads, drop-down lists, what is said of a column, what is red. Always Chinese."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from competition.contests.workbook import guide
from competition.contests.workbook.reading import Place
from competition.contests.workbook.shape import head_row
from competition.contests.workbook.tables import GUIDE, LISTS, MARKED, SYSTEM, Column, Table, tables
from competition.core.grids import Grid

Marks = Mapping[Place, Sequence[str]]
AHEAD = 200  # rows below the last one that have lists and the grey of what does not apply
ALWAYS = ("规则", "项目", "结构", "小数位")
LAKE, DEEP, TINT, LINE, RED = "#0E5A6B", "#0A4452", "#E6F1F3", "#D5DFE2", "#FFC7CE"
_WIDTHS = {"decimal": 13, "whole": 13, "seconds": 13, "answer": 12, "flag": 12, "ref": 24, "text": 18, "words": 22, "long": 36}
_REF_WIDTHS = {"event": 22, "scope": 22, "item": 22, "level": 6, "rule": 9, "tier": 16}
_CORE = ("name", "key", "kind", "result", "input", "method", "by", "full", "max", "", "#")
MANY = 12
_NUMBERS = ("decimal", "whole", "seconds")
_AUTHOR = {"author": "系统"}


class Book:
    """A workbook that is being written."""

    def __init__(self, choices: Mapping[str, Sequence[str]], marks: Marks) -> None:
        self.out = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                                   "strings_to_numbers": False})
        self.marks, self.formats = marks, dict[tuple[tuple[str, Any], ...], Any]()
        self.lists: dict[tuple[str, ...], str] = {}
        self.choices = choices

    def format(self, **how: Any) -> Any:
        """A format; each look once."""
        look = {"num_format": "@", "valign": "top", "text_wrap": True, "font_name": "Microsoft YaHei", "font_size": 10, **how}
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(look)
        return self.formats[key]

    def range_of(self, words: Iterable[str]) -> str:
        """Where a list of words will stand, for a drop-down."""
        found = tuple(words)
        letter = xl_col_to_name(list(self.lists).index(found) if found in self.lists else len(self.lists))
        return self.lists.setdefault(found, f"={LISTS}!${letter}$1:${letter}${len(found)}")

    def written(self) -> bytes:
        """The finished file, with the lists behind."""
        page = self.book.add_worksheet(LISTS)
        for column, words in enumerate(self.lists):
            for row, word in enumerate(words):
                page.write_string(row, column, word)
        page.hide()
        self.book.close()
        return self.out.getvalue()


def write(found: Sequence[Grid], *, title: str, lines: Sequence[str], choices: Mapping[str, Sequence[str]],
          marks: Marks | None = None) -> bytes:
    """The workbook of these sheets. ``lines``: what the first sheet says of where it comes from; ``choices``: what references can
    mean, by kind; ``marks``: sentences by cell: these cells are red. Sheets that are no tables are kept as they are."""
    book, by_title = Book(choices, marks or {}), {table.title: table for table in tables()}
    if marks:
        guide.write_marks(book, found, marks)
    guide.write_guide(book, found, title, lines)
    for grid in found:
        if grid.title in (GUIDE, LISTS, MARKED):
            continue
        page = book.book.add_worksheet(grid.title)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        table = by_title.get(grid.title)
        if table is None:
            _plain(book, page, grid)
        else:
            _Page(book, page, grid, table).write()
    return book.written()


def _plain(book: Book, page: Any, grid: Grid) -> None:
    """Somebody's own sheet, or the one that the system keeps."""
    look = book.format()
    for row, cells in enumerate(grid.rows):
        for column, text in enumerate(cells):
            if text:
                page.write_string(row, column, text, look)
    page.set_column(0, 0, 40)
    if grid.title == SYSTEM:
        page.hide()


class _Page:
    """One table on its sheet."""

    def __init__(self, book: Book, page: Any, grid: Grid, table: Table) -> None:
        self.book, self.page, self.grid, self.table = book, page, grid, table
        self.head, self.at = head_row(grid, table)
        self.last = max(len(grid.rows), self.head + 2) + AHEAD

    def write(self) -> None:
        """Heads, cells, lists."""
        folded = self._folded()
        for column, width in self._widths().items():
            how = {"level": 1, "hidden": True} if column in folded else {"collapsed": column - 1 in folded}
            self.page.set_column(column, column, width, self.book.format(**self._look(column)), how)
        for row, cells in enumerate(self.grid.rows):
            for column, text in enumerate(cells):
                self._cell(row, column, text)
        for place, sentences in self.book.marks.items():
            if place.sheet == self.grid.title:
                self._mark(place, sentences)
        self._heads()
        for name, column in self.at.items():
            self._list(name, column)
        self._heights()
        self._grey()
        self._paper()

    def _columns(self) -> dict[int, Column]:
        return {self.at[column.head]: column for column in self.table.columns if column.head in self.at}

    def _folded(self) -> set[int]:
        """Columns that nobody uses are folded away, so that what is used stands side by side; one click brings them back."""
        rows = range(self.head + 1, len(self.grid.rows))
        found = set()
        for at, column in self._columns().items():
            is_core = column.spec.key in _CORE and column.language in ("", "zh")
            if not is_core and (_is_aside(column) or (rows and len(self.table.columns) > MANY)):
                found |= {at} if not any(self.grid.text(row, at) for row in rows) else set()
        return found - {place.column for place in self.book.marks if place.sheet == self.grid.title}

    def _widths(self) -> dict[int, int]:
        found = {self.at[head]: _REF_WIDTHS[ref] for ref, head in zip(self.table.refs, self.table.heads, strict=False) if head in self.at}
        for at, column in self._columns().items():
            if column.spec.type == "choice":
                found[at] = min(max(12, *(room(words) + 3 for _key, words in column.spec.choices)), 28)
            else:
                found[at] = 40 if column.spec.key == "text" and column.spec.type == "words" else _WIDTHS[column.spec.type]
        return found

    def _heights(self) -> None:
        """High enough for the longest text of each row: not every program sees to that by itself."""
        widths, folded = self._widths(), self._folded()
        for row in range(self.head, len(self.grid.rows)):
            spare = 3 if row == self.head else 1
            lines = max((sum(-(-(room(line) + spare) // max(widths[at], 1)) for line in self.grid.text(row, at).split("\n"))
                         for at in widths if at not in folded and self.grid.text(row, at)), default=1)
            if row == self.head or lines > 1:
                self.page.set_row(row, min(14.5 * lines + (10 if row == self.head else 3), 300))

    def _look(self, column: int, row: int | None = None) -> dict[str, Any]:
        found = self._columns().get(column)
        look: dict[str, Any] = {"bottom": 1, "bottom_color": LINE} if row is not None else {}
        if found is not None and found.spec.type in _NUMBERS:
            look |= {"align": "right", "indent": 1}
        if found is not None and found.spec.key in ("key", "version"):
            look["font_color"] = "#5B6B70"
        if row is not None and self.table.shape == "tree" and found is not None and found.path == ("name",) and found.language == "zh":
            level = self.grid.text(row, self.at.get("层级", 0))
            look["indent"] = max(int(level) - 1, 0) if level in ("1", "2", "3", "4", "5", "6") else 0
            look["bold"] = self.grid.text(row, self.at.get("评分方式", 0)) == "一组评分项"
        return look

    def _cell(self, row: int, column: int, text: str) -> None:
        if row < self.head:
            if text:
                plain = self.book.format(text_wrap=False, font_color="#37474C", italic=row == 0)
                self.page.write_string(row, column, text, plain)
        elif row > self.head:
            self.page.write_string(row, column, text, self.book.format(**self._look(column, row)))

    def _mark(self, place: Place, sentences: Sequence[str]) -> None:
        look = self.book.format(**self._look(place.column, place.row), bg_color=RED, font_color="#9C0006")
        self.page.write_string(place.row, place.column, self.grid.text(place.row, place.column), look)
        _comment(self.page, place.row, place.column, "\n".join(sentences))

    def _heads(self) -> None:
        refs, columns = len(self.table.refs), {column.head: column for column in self.table.columns}
        for number, (head, help_) in enumerate(zip(self.table.heads, self.table.helps, strict=True)):
            if head not in self.at:
                continue
            column = columns.get(head)
            look = {"bg_color": DEEP if number < refs else LAKE, "font_color": "#FFFFFF"}
            if column is not None and _is_aside(column):
                look = {"bg_color": TINT, "font_color": DEEP}
            self.page.write_string(self.head, self.at[head], head, self.book.format(**look, bold=True, valign="vcenter", border=1,
                                                                                    border_color=LINE))
            if help_ and Place(self.grid.title, self.head, self.at[head]) not in self.book.marks:
                _comment(self.page, self.head, self.at[head], help_)
        for column_number in range(len(self.grid.rows[self.head]) if self.grid.rows else 0):
            if column_number not in self.at.values() and self.grid.text(self.head, column_number):
                self.page.write_string(self.head, column_number, self.grid.text(self.head, column_number), self.book.format(bold=True))

    def _list(self, head: str, at: int) -> None:
        """The drop-down list of a column: strict for words that there are, a help for references."""
        found = self._columns().get(at)
        words = self._words(head, found)
        if not words:
            return
        strict = found is not None and found.spec.type != "ref"
        self.page.data_validation(self.head + 1, at, self.last, at, {
            "validate": "list", "source": self.book.range_of(words), "show_error": strict, "error_title": "不在列表中",
            "error_message": "请从下拉列表中选择，或者空着。"})

    def _words(self, head: str, found: Column | None) -> list[str]:
        if found is None:
            ref = next((ref for ref, name in zip(self.table.refs, self.table.heads, strict=False) if name == head), "")
            return list(self.book.choices.get(ref, ()))
        if found.spec.type == "ref":
            return list(self.book.choices.get(found.spec.choices_of, ()))
        if found.spec.type in ("flag", "answer"):
            return ["是", "否"]
        return [str(words) for key, words in found.spec.choices if key]

    def _grey(self) -> None:
        """What a kind of thing does not have is grey; so it also is after another kind was chosen."""
        look = self.book.book.add_format({"bg_color": "#E3E6E7", "font_color": "#9C0006"})
        for at, column in self._columns().items():
            test = guide.fits(self.table, column, {head: xl_col_to_name(place) for head, place in self.at.items()}, self.head + 2)
            if test:
                self.page.conditional_format(self.head + 1, at, self.last, at, {"type": "formula", "criteria": test, "format": look})

    def _paper(self) -> None:
        self.page.freeze_panes(self.head + 1, len(self.table.refs) + (self.table.shape == "tree"))
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(self.head)
        self.page.set_tab_color(LAKE if self.table.title in ALWAYS else "#8FB3BB")
        is_marked = any(place.sheet == self.grid.title for place in self.book.marks)
        if is_marked:
            self.page.set_tab_color("#C0392B")
        if len(self.grid.rows) <= self.head + 1 and self.table.title not in ALWAYS and not is_marked:
            self.page.hide()


def _is_aside(column: Column) -> bool:
    return column.language in ("en", "bo") or column.spec.key in ("source", "note")


def _comment(page: Any, row: int, column: int, text: str) -> None:
    lines = sum(1 + len(line) // 17 for line in text.split("\n"))
    page.write_comment(row, column, text, {**_AUTHOR, "width": 240, "height": min(30 + 17 * lines, 420), "font_size": 9})


def room(text: str) -> int:
    """How wide a text is, in Latin letters."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def cell_name(place: Place) -> str:
    """B12, as spreadsheets call it."""
    return str(xl_rowcol_to_cell(place.row, place.column))
