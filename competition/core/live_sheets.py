"""Workbooks whose figures are formulas: no result is stored in them, so a program that opens one has to compute it."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import xlsxwriter

from competition.core.languages import on_record
from competition.core.taken import Taken


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is computed; ``text`` without the leading sign of equality."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a page: its heading, how its cells come about, and with how many ``places`` its numbers are shown."""

    key: str
    title: str
    how: str = ""
    width: int = 11
    places: int | None = None


Cell = Formula | Decimal | int | str | None
_NORMAL, _SMALL, _LINE = 11, 9, 15  # sizes of letters and the height of a line, in points
_A3 = 8  # the format's number of the paper
HEAD = 3  # note, headings, how each column is made


@dataclass
class Page:
    """A sheet: columns, and rows by the keys of columns. ``is_last_filled``: its rows are known when all others are written."""

    title: str
    columns: list[Column]
    note: str = ""
    rows: list[dict[str, Cell]] = field(default_factory=list)
    is_last_filled: bool = False
    _letters: dict[str, str] = field(default_factory=dict)

    def formulas(self) -> list[tuple[Column, str]]:
        """Each computed column with its first formula, as a person reads it in the cell."""
        found = []
        for column in self.columns:
            first = next((row[column.key] for row in self.rows if isinstance(row.get(column.key), Formula)), None)
            if isinstance(first, Formula):
                found.append((column, f"={first.text}"))
        return found

    def letter(self, key: str) -> str:
        """The name of a column."""
        if not self._letters:
            self._letters = {column.key: _letters(at) for at, column in enumerate(self.columns, 1)}
        return self._letters[key]

    def at(self, key: str, row: int, *, outside: bool = False) -> str:
        """The address of a cell (``row`` from 0 on), as seen on this page or from ``outside``."""
        return f"{self._prefix(outside)}${self.letter(key)}{row + HEAD + 1}"

    def span(self, key: str, first: int, last: int, *, outside: bool = False) -> str:
        """The address of a column from row ``first`` to ``last``, both inclusive."""
        letter = self.letter(key)
        return f"{self._prefix(outside)}${letter}${first + HEAD + 1}:${letter}${last + HEAD + 1}"

    def _prefix(self, outside: bool) -> str:
        name = self.title.replace("'", "''")
        return f"'{name}'!" if outside else ""


def _letters(place: int) -> str:
    found = ""
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(65 + rest) + found
    return found


def write_pages(pages: Iterable[Page], *, taken: Taken | None) -> bytes:
    """The workbook, written row by row and page by page, so that its size needs no memory.

    Texts are texts, whatever they begin with.
    """
    with on_record():
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        book.set_calc_mode("auto")
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#E6F1F3", "border": 1, "text_wrap": True, "valign": "top"}),
            "how": book.add_format({"font_color": "#555555", "font_size": _SMALL, "text_wrap": True, "valign": "top"}),
            "given": book.add_format({"bg_color": "#FFF8E1"}),
            "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "align": "left", "indent": 1}),
            "made": book.add_format({}),
        }
        formats |= {f"made{places}": book.add_format({"num_format": "0." + "0" * places}) for places in range(1, 7)}
        last, line = [], taken.line if taken else ""
        for page in pages:
            sheet = book.add_worksheet(page.title)
            if page.is_last_filled:
                last.append((sheet, page))
            else:
                _write(sheet, page, formats, line)
        for sheet, page in last:
            _write(sheet, page, formats, line)
        book.close()
    return out.getvalue()


def _write(sheet: Any, page: Page, formats: dict[str, Any], line: str) -> None:
    for place, column in enumerate(page.columns):
        sheet.set_column(place, place, column.width)
    sheet.freeze_panes(HEAD, min(2, len(page.columns)))
    sheet.set_landscape()
    sheet.set_paper(_A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1, HEAD - 1)
    sheet.set_footer("&L&A&R第 &P 页，共 &N 页")
    sheet.write_string(0, 0, "　".join(part for part in (page.note, line) if part))
    sheet.set_row(1, _height((column.title, column.width) for column in page.columns))
    for place, column in enumerate(page.columns):
        sheet.write_string(1, place, column.title, formats["head"])
    sheet.set_row(2, _height((column.how, column.width * _NORMAL // _SMALL) for column in page.columns))
    for place, column in enumerate(page.columns):
        sheet.write_string(2, place, column.how, formats["how"])
    for number, row in enumerate(page.rows, HEAD):
        if page.is_last_filled:
            sheet.set_row(number, _height((str(row.get(column.key, "")), column.width - 2) for column in page.columns))
        for place, column in enumerate(page.columns):
            _write_cell(sheet, number, place, row.get(column.key), formats, column.places or "")


def _height(texts: Iterable[tuple[str, int]]) -> int:
    """Of a row in points, so that every text fits in its column: a Chinese character is twice as wide as a Latin one."""
    lines = (-(-sum(1 if char.isascii() else 2 for char in text) // max(1, width)) for text, width in texts)
    return _LINE * max(1, *lines) + 2


def _write_cell(sheet: Any, row: int, place: int, cell: Cell, formats: dict[str, Any], places: int | str = "") -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, Formula):
        # Nothing is stored as its value: a stale figure could be taken for a computed one.
        sheet.write_formula(row, place, "=" + cell.text, formats[f"made{places}"], "")
    elif isinstance(cell, Decimal | int):
        sheet.write_number(row, place, cell, formats["given"])
    else:
        sheet.write_string(row, place, cell, formats["text"])
