"""A workbook as it was sent, with cells marked: its looks stay, whatever could do something goes. For a process of its own only."""

import io
import json
import re
import struct
import sys
import zipfile
from collections.abc import Mapping
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from competition.core.tables.child import confine

RED, AUTHOR, HEADING = "FFC7CE", "检查", "需要改的地方"
# Each is a drawing of its own: thousands make a workbook that nobody can open. The column of words has all of them.
MOST_COMMENTS = 1000
LARGEST_FILE = 256 * 1024**2
WIDTH = 48
_MERGED, MOST_MERGED = re.compile(rb'mergeCell ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"'), 500_000
# A drop-down list of words, or of cells of this workbook.
_LIST = re.compile(r"\"[^\"|\[]*\"|('[^'\[|]*'!|[^'!\[|(]*!)?\$?[A-Z]{1,3}\$?[0-9]{1,7}(:\$?[A-Z]{1,3}\$?[0-9]{1,7})?")


def mark_book(data: bytes, order: Mapping[str, Any]) -> bytes:
    """``order``: ``title`` of the sheet, ``cells`` as line, column (from 0), words; ``notes`` as line, words, into ``column``, under
    ``head``, the line of the titles."""
    if _merged_cells(data) > MOST_MERGED:
        raise MemoryError
    book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    book.defined_names.clear()
    book.custom_doc_props = CustomPropertyList()  # type: ignore[attr-defined]
    for sheet in book.worksheets:
        _disarm(sheet)
    _mark(book[order["title"]], order)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _merged_cells(data: bytes) -> int:
    """How many cells its merged ranges cover: each would be made."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/")]
    return sum(CellRange(ref.decode()).size["columns"] * CellRange(ref.decode()).size["rows"]
               for sheet in sheets for ref in _MERGED.findall(sheet))


def _disarm(sheet: Worksheet) -> None:
    """Values and looks stay; marks of ours from an earlier time go, as do links, pictures and formulas of any kind."""
    sheet.conditional_formatting = ConditionalFormattingList()
    sheet.defined_names.clear()
    sheet._images, sheet._charts, sheet._pivots = [], [], []  # type: ignore[attr-defined]
    for column in (column for table in sheet.tables.values() for column in table.tableColumns):
        column.calculatedColumnFormula = column.totalsRowFormula = None
    rules = sheet.data_validations.dataValidation
    sheet.data_validations.dataValidation = [
        rule for rule in rules if rule.type == "list" and not rule.formula2 and _LIST.fullmatch(str(rule.formula1 or ""))]
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, MergedCell):
                continue
            if isinstance(cell.value, str):
                cell.data_type = "s"
            if cell.hyperlink:
                cell.hyperlink = None
            if cell.comment and cell.comment.author == AUTHOR:
                cell.comment = None
            if cell.has_style and str(cell.fill.fgColor.rgb).endswith(RED):
                cell.fill = PatternFill()


def _mark(sheet: Any, order: Mapping[str, Any]) -> None:
    red, column = PatternFill("solid", fgColor=RED), order["column"] + 1
    for number, (line, at, words) in enumerate(order["cells"]):
        cell = sheet.cell(row=line, column=at + 1)
        cell.fill = red
        if number < MOST_COMMENTS and not isinstance(cell, MergedCell):
            cell.comment = Comment(words, AUTHOR, height=90, width=260)
    for row in range(order["head"] + 1, sheet.max_row + 1) if order["is_marked_before"] else ():
        sheet.cell(row=row, column=column).value = None
    for line, words in [(order["head"], HEADING), *order["notes"]]:
        cell = sheet.cell(row=line, column=column)
        if not isinstance(cell, MergedCell):
            cell.value, cell.data_type, cell.alignment = words, "s", Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=line == order["head"], color="9C0006")
    sheet.column_dimensions[sheet.cell(row=order["head"], column=column).column_letter].width = WIDTH


if __name__ == "__main__":
    confine(largest_file=LARGEST_FILE)
    size = struct.unpack(">I", sys.stdin.buffer.read(4))[0]
    workbook = sys.stdin.buffer.read(size)
    sys.stdout.buffer.write(mark_book(workbook, json.loads(sys.stdin.buffer.read())))
