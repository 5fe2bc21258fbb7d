"""The sheets of a rulebook's workbook that speak to people: how to fill it in, what has to be changed; and what applies to what."""

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from competition.contests.workbook.tables import GUIDE, MARKED, Column, Table, tables
from competition.core.grids import Grid

LINES = (
    "每张工作表是一张表：第 1 行说明写什么，第 2 行是表头，从第 3 行起每一行写一项。表头右上角有标记的，把鼠标停在上面可以看到说明。",
    "深色表头是要填的内容，浅色表头是译名、来源和说明，可以不填。灰色的格子对这一行没有意义，请空着。",
    "数字直接写，例如 0.5；百分比写 30；时间写分钟，有秒的写成 40:30。不要写公式。有下拉列表的格子请从列表选择。",
    "空着的格子表示规则里没有写，按通常做法计；通常做法写在表头的说明里。",
    "“标识”是系统辨认一项用的，评分记录按它保存：已有的不要改，新加的行可以空着。",
    "说明一行属于谁的格子（例如“项目”“评分项或组”），写标识或名称都可以，例如“basic”或“手工拉面基本功”。",
    "加一项：插入一行，写在应有的顺序上。删一项：删除整行，并删去其他工作表中属于它的行。顺序就是规则中的顺序。",
    "没有用到的列已经折叠，点表头上方的“＋”展开；没有用到的工作表已经隐藏，在任一工作表的标签上点右键，选“取消隐藏”。",
    "不要改工作表的名称和表头，也不要删列；可以隐藏列，也可以在右边加自己的列，系统不读取。",
    "填好后在“编辑规则”页面点“用 Excel 编辑”上传。系统先列出全部改动和需要改的地方，您确认后才存入草稿，随时可以撤销。",
)


def write_guide(book: Any, found: Sequence[Grid], title: str, lines: Sequence[str]) -> None:
    """The first sheet: what this is, how it is filled in, and what each sheet is for."""
    page = book.book.add_worksheet(GUIDE)
    page.hide_gridlines(2)
    page.set_column(0, 0, 4)
    page.set_column(1, 1, 18)
    page.set_column(2, 2, 86)
    page.set_column(3, 3, 10)
    page.set_row(0, 36)
    page.write_string(0, 0, title, book.format(bold=True, font_size=16, font_color="#0E5A6B", text_wrap=False, valign="vcenter"))
    soft, row = book.format(text_wrap=False, font_color="#5B6B70"), 1
    for line in lines:
        page.write_string(row, 0, line, soft)
        row += 1
    row = _numbered(book, page, row + 1)
    row = _heads(book, page, row, ("工作表", "写什么", "行数"), 1)
    by_title = {grid.title: grid for grid in found}
    for table in tables():
        grid = by_title.get(table.title)
        count = max(len(grid.rows) - 2, 0) if grid else 0
        _link(book, page, row, 1, table.title, table.title, "A1", is_used=bool(count))
        page.write_string(row, 2, table.about, book.format(bottom=1, bottom_color="#D5DFE2"))
        page.write_string(row, 3, str(count) if count else "—", book.format(bottom=1, bottom_color="#D5DFE2", align="right"))
        row += 1
    _paper(page)
    page.activate()
    page.set_first_sheet()


def _numbered(book: Any, page: Any, row: int) -> int:
    page.write_string(row, 0, "怎样填写", book.format(bold=True, font_size=12, font_color="#0E5A6B", text_wrap=False))
    for number, line in enumerate(LINES, 1):
        page.write_string(row + number, 0, f"{number}.", book.format(align="right"))
        page.merge_range(row + number, 1, row + number, 3, "", book.format())
        page.write_string(row + number, 1, line, book.format())
        page.set_row(row + number, 32 if len(line) > 72 else 18)
    return row + len(LINES) + 2


def _heads(book: Any, page: Any, row: int, words: Sequence[str], start: int) -> int:
    look = book.format(bold=True, bg_color="#0E5A6B", font_color="#FFFFFF", border=1, border_color="#D5DFE2")
    for column, word in enumerate(words, start):
        page.write_string(row, column, word, look)
    return row + 1


def _link(book: Any, page: Any, row: int, column: int, text: str, sheet: str, cell: str, *, is_used: bool = True) -> None:
    """A cell that leads to another; to a hidden sheet there is no way."""
    if is_used:
        look = book.format(bottom=1, bottom_color="#D5DFE2", font_color="#0E5A6B", underline=1)
        page.write_url(row, column, f"internal:'{sheet.replace(chr(39), chr(39) * 2)}'!{cell}", look, text)
    else:
        page.write_string(row, column, text, book.format(bottom=1, bottom_color="#D5DFE2", font_color="#7A868A"))


def write_marks(book: Any, found: Sequence[Grid], marks: Mapping[Any, Sequence[str]]) -> None:
    """Everything that has to be changed, each with a way to its cell."""
    page, by_title = book.book.add_worksheet(MARKED), {grid.title: grid for grid in found}
    for column, width in enumerate((14, 8, 30, 80)):
        page.set_column(column, column, width)
    page.set_row(0, 30)
    page.write_string(0, 0, f"需要改的地方（{len(marks)} 处）：这些格子已标红，说明写在批注里。改好后重新上传；这一页不用改。",
                      book.format(bold=True, font_size=12, font_color="#9C0006", text_wrap=False, valign="vcenter"))
    row = _heads(book, page, 1, ("工作表", "单元格", "现在的内容", "怎样改"), 0)
    for place, sentences in marks.items():
        cell = xl_rowcol_to_cell(place.row, place.column)
        page.write_string(row, 0, place.sheet, book.format())
        _link(book, page, row, 1, cell, place.sheet, cell)
        page.write_string(row, 2, by_title[place.sheet].text(place.row, place.column)[:200], book.format())
        page.write_string(row, 3, "\n".join(sentences), book.format())
        page.set_row(row, 15 * sum(1 + len(sentence) // 40 for sentence in sentences))
        row += 1
    page.freeze_panes(2, 0)
    page.set_tab_color("#C0392B")
    _paper(page)


def _paper(page: Any) -> None:
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def fits(table: Table, column: Column, letters: Mapping[str, str], row: int) -> str:
    """The formula that is true where a row's kind of thing does not have this column; nothing where that cannot be said."""
    heads = {one.path: one.head for one in table.columns}
    key = {"criterion": ("kind",), "deduction": ("input",), "total": ("method",), "team": ("method",), "award": ("by",),
           "event": ("kind",)}.get(table.kind)
    if not column.variants or key is None or heads[key] not in letters:
        return ""
    spec = next(one.spec for one in table.columns if one.path == key)
    cell, first = f"${letters[heads[key]]}{row}", f"${letters[table.heads[0]]}{row}"
    if table.kind == "event":
        result = f"${letters[heads['result',]]}{row}"
        tests = {"theory": f'{cell}="理论"', "points": f'AND({cell}="实操",{result}<>"用时")', "time": f'{result}="用时"'}
    else:
        tests = {kind: f'{cell}="{words}"' for kind, words in spec.choices}
        if not spec.required:
            usual = spec.choices[0][0]
            tests[usual] = f'OR({tests[usual]},{cell}="")'
    return f'=AND({first}<>"",NOT(OR({",".join(tests[kind] for kind in sorted(column.variants))})))'
