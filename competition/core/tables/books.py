"""Workbooks as text cells, by a library that is quick and that a file can bring down: for the process of its own only."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

from competition.core.characters import without_controls
from competition.core.tables.bounds import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, MOST_TEXT, Unreadable

# From here on a number does not keep all its digits: it is shown as spreadsheets show it.
INEXACT = 1e15
Row = tuple[int, list[str]]


def read_book(data: bytes) -> dict[str, Any]:
    """``tables``: of each sheet that a person sees its ``title`` and ``rows``; ``hidden``: titles of the others.

    Rows have their number (from 1) and their cells; rows without any are left out. Raises Unreadable.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise Unreadable("password") from error
    seen = [m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible]
    hidden = [m.name for m in book.sheets_metadata if m.visible != SheetVisibleEnum.Visible]
    if len(seen) > MOST_SHEETS:
        raise Unreadable("sheets")
    left = Left()
    return {"tables": [_sheet(book, title, left) for title in seen], "hidden": hidden[:MOST_SHEETS]}


class Left:
    """How many rows and characters may still come."""

    def __init__(self) -> None:
        self.rows, self.text = MOST_ROWS, MOST_TEXT

    def take(self, line: int, cells: list[str]) -> None:
        """One more row. Raises Unreadable when that is too much."""
        lengths = [*map(len, cells)]
        self.rows -= 1
        self.text -= sum(lengths)
        if self.rows < 0 or self.text < 0 or len(cells) > MOST_COLUMNS:
            raise Unreadable("too_large")
        if max(lengths, default=0) > LONGEST_CELL:
            raise Unreadable("long_cell", line=line, column=next(n for n, length in enumerate(lengths, 1) if length > LONGEST_CELL))


def _sheet(book: CalamineWorkbook, title: str, left: Left) -> dict[str, Any]:
    sheet = book.get_sheet_by_name(title)
    rows: list[Row] = []
    first = sheet.start[1] if sheet.start else 0
    for line, cells in _filled_down(sheet, first):
        # Most cells are texts that need no look of their own: a call for each costs as much as reading the file.
        texts = [cell.strip() if type(cell) is str and cell.isprintable() else _text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            texts = [""] * first + texts if first else texts
            left.take(line, texts)
            rows.append((line, texts))
    return {"title": title, "rows": rows}


def _filled_down(sheet: Any, first: int) -> Iterator[tuple[int, list[Any]]]:
    """Rows with something in them. A cell that is merged over several rows counts in each of them."""
    begins: dict[int, list[tuple[int, int]]] = {}
    for (top, at), (bottom, _right) in sheet.merged_cell_ranges or ():
        if bottom > top:
            begins.setdefault(top, []).append((bottom, at - first))
    open_: dict[int, tuple[int, Any]] = {}
    for number, cells in enumerate(sheet.iter_rows()):
        if cells.count("") == len(cells):
            continue
        for at, (bottom, value) in list(open_.items()) if open_ else ():
            if bottom < number:
                del open_[at]
            elif cells[at] == "":
                cells[at] = value
        for bottom, at in begins.get(number, ()):
            if 0 <= at < len(cells):
                open_[at] = (bottom, cells[at])
        yield number + 1, cells


def _text(cell: Any) -> str:
    """A cell as a person sees it."""
    if isinstance(cell, str):
        return without_controls(cell).strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return f"{cell:.5E}" if abs(cell) >= INEXACT else str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
