"""Workbooks in and out. Every text is a text cell: no number loses digits, nothing runs as a formula."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask_babel import lazy_gettext as _
from python_calamine import CalamineWorkbook

from competition.core.characters import without_controls
from competition.core.errors import RuleBroken
from competition.core.languages import on_record
from competition.core.packages import MAX_COLUMNS, MAX_ROWS, check_package
from competition.core.taken import Taken


def read_table(data: bytes) -> list[list[str]]:
    """The first sheet as text cells, blank rows left out.

    Raises RuleBroken with a sentence for files that are no workbook, too large or packed too tightly.
    Numbers that are whole come without a decimal point.
    """
    check_package(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=True)
    except Exception as error:
        raise RuleBroken(_("无法读取这个表格。请用 Excel 或 WPS 另存为 .xlsx 后再上传。"), code="sheet_unreadable", status=422) from error
    if len(rows) > MAX_ROWS or any(len(row) > MAX_COLUMNS for row in rows[:1]):
        words = _("表格过大：最多 %(rows)s 行、%(columns)s 列。请拆分后上传。", rows=MAX_ROWS, columns=MAX_COLUMNS)
        raise RuleBroken(words, code="sheet_too_large", status=413)
    table = [[cell_text(cell) for cell in row] for row in rows]
    return [row for row in table if any(row)]


def cell_text(cell: Any) -> str:
    """A cell as the text a person sees: without the control characters that nobody sees."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)) if abs(cell) < 1e21 else repr(cell)
    if isinstance(cell, float):
        return repr(cell)
    return without_controls(str(cell)).strip() if cell is not None else ""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: an optional note line, a header, rows."""

    title: Any
    header: Sequence[Any]
    rows: Iterable[Sequence[Any]]
    note: Any = ""
    widths: Sequence[int] = ()


def write_table(
    title: Any, header: Sequence[Any], rows: Iterable[Sequence[Any]], *, taken: Taken | None, note: Any = "",
    widths: Sequence[int] = (),
) -> bytes:
    """A workbook with one sheet: a note line, a header, rows. Decimals are numbers, all else is text.

    ``taken``: who takes it, when and what for, printed in the note line; None for forms to fill in.
    """
    return write_book([Sheet(title, header, rows, note, widths)], taken=taken)


def write_book(sheets: Sequence[Sheet], *, taken: Taken | None) -> bytes:
    """A workbook with several sheets. Decimals are numbers with two places, whole numbers are numbers, all else is text.

    ``taken`` as in :func:`write_table`, on every sheet. Workbooks are of the record: Chinese, whoever takes them.
    """
    with on_record():
        return _book(sheets, taken)


def _book(sheets: Sequence[Sheet], taken: Taken | None) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "strings_to_numbers": False})
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#E6F1F3", "border": 1, "text_wrap": True}),
        "text": book.add_format({"num_format": "@"}),
        "mark": book.add_format({"num_format": "0.00"}),
        "whole": book.add_format({"num_format": "0"}),
    }
    titles: set[str] = set()
    for sheet in sheets:
        line = "　".join(part for part in (str(sheet.note), taken.line if taken else "") if part)
        _write_sheet(book.add_worksheet(free_title(str(sheet.title), titles)), replace(sheet, note=line), formats)
    book.close()
    return out.getvalue()


def free_title(title: str, taken: set[str]) -> str:
    """A title that the format allows and that no sheet of the book has yet."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", title).strip(" '") or "Sheet"
    number, free = 1, plain[:31]
    while free.lower() in taken:
        number += 1
        free = f"{plain[:27]} {number}"
    taken.add(free.lower())
    return free


def _write_sheet(page: Any, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    start = 0
    if sheet.note:
        page.write_string(0, 0, sheet.note)
        start = 1
    for column, name in enumerate(sheet.header):
        page.write_string(start, column, str(name), formats["head"])
        page.set_column(column, column, sheet.widths[column] if column < len(sheet.widths) else 16, formats["text"])
    for number, row in enumerate(sheet.rows, start + 1):
        for column, value in enumerate(row):
            if isinstance(value, Decimal | int) and not isinstance(value, bool):
                page.write_number(number, column, value, formats["mark" if isinstance(value, Decimal) else "whole"])
            else:
                page.write_string(number, column, "" if value is None else str(value), formats["text"])
    page.freeze_panes(start + 1, 0)
