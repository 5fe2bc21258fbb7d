"""A whole workbook as cells: every sheet, every cell as the text a person sees, and where a cell holds no plain text or number.

Numbers are taken as what was typed: 0.7 in a cell is exactly 0.7, however the program that saved it wrote it. A number that nobody
can have typed (more digits than a spreadsheet keeps) is odd, as are formulas, dates and times.
"""

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from competition.core.characters import without_controls
from competition.core.errors import RuleBroken
from competition.core.packages import MAX_COLUMNS, MAX_ROWS, check_package

MOST_ROWS = 3000
MOST_SHEETS = 60
# What a spreadsheet keeps of a typed number.
MOST_DIGITS = 15
FORMULA, DATE, INEXACT = "formula", "date", "inexact"


@dataclass
class Grid:
    """One sheet. ``odd``: (row, column), from 0 on, → what is odd about the cell."""

    title: str
    rows: list[list[str]]
    odd: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def text(self, row: int, column: int) -> str:
        """The text of a cell; nothing where the sheet does not reach."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""


def read_grids(data: bytes) -> list[Grid]:
    """Every sheet of a workbook. Raises RuleBroken for what is none, is too large, or cannot be read."""
    check_package(data)
    try:
        # Whatever the styles of other programs lack is no matter of the cells.
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            sheets = [sheet for sheet in book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
            if len(sheets) > MOST_SHEETS:
                raise RuleBroken(_("工作表太多：最多 %(n)s 个。请删去多余的工作表后再上传。", n=MOST_SHEETS), code="sheet_too_large",
                                 status=413)
            return [_grid(sheet) for sheet in sheets]
    except RuleBroken:
        raise
    except Exception as error:
        raise RuleBroken(_("无法读取这个表格。请用 Excel 或 WPS 另存为 .xlsx 后再上传。"), code="sheet_unreadable", status=422) from error


def _grid(sheet: Any) -> Grid:
    sheet.reset_dimensions()
    rows: list[list[str]] = []
    odd: dict[tuple[int, int], str] = {}
    last: Any = None
    # What lies beyond these rows and columns holds nothing: else the package was refused.
    for number, row in enumerate(sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS)):
        # Rows that the file leaves out are one and the same empty one.
        found = [] if row is last else [_cell(cell) for cell in row]
        last = row
        odd |= {(number, column): why for column, (_text, why) in enumerate(found) if why}
        rows.append([text for text, _why in found])
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    if len(rows) > MOST_ROWS:
        raise RuleBroken(_("工作表“%(title)s”太长：最多 %(n)s 行。请删去多余的行后再上传。", title=sheet.title, n=MOST_ROWS),
                         code="sheet_too_large", status=413)
    return Grid(sheet.title, rows, odd)


def _cell(cell: Any) -> tuple[str, str]:
    """The text of a cell, and what is odd about it."""
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "f":
        return without_controls(str(getattr(value, "text", value))), FORMULA
    if isinstance(value, bool):
        return ("是" if value else "否"), ""
    if isinstance(value, int | float):
        return _number(Decimal(repr(value)), "%" in (cell.number_format or ""))
    if isinstance(value, str):
        return without_controls(value.replace("\r\n", "\n").replace("\r", "\n")).strip(), ""
    return str(value), DATE


def _number(value: Decimal, is_percent: bool) -> tuple[str, str]:
    """A number as it was typed: 30 % are kept as 0.3, and are shown and read as 30%."""
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS or len(value.normalize().as_tuple().digits) > MOST_DIGITS:
        return str(value), INEXACT
    text = format(value * 100 if is_percent else value, "f")
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return plain + ("%" if is_percent else ""), ""
