"""Rulebooks as workbooks in the tests: all documents there are, reading one back, changing cells by their heads, LibreOffice."""

import io
import itertools
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from competition.contests.workbook.whole import Reading, reading_of, workbook_of
from competition.core.grids import read_grids
from tests.results.live.office import run
from tests.scoring import corpus

CASES = {key: case["rulebook"] for key, case in corpus.CASES.items() if isinstance(case["rulebook"], dict)}
DOCUMENTS: dict[str, dict[str, Any]] = {**corpus.ALL, **CASES}


def maker() -> Callable[[str], str]:
    """Keys that nothing has."""
    numbers = itertools.count(1)
    return lambda start: f"{start}{next(numbers)}-made"


def written(document: dict[str, Any]) -> bytes:
    """The file of a rulebook."""
    return workbook_of(document, ["contest", "v1"], lines=["测试"])


def read_back(data: bytes) -> Reading:
    """What a file says."""
    return reading_of(read_grids(data), maker())


def plain(document: Any) -> str:
    """A document as text: two are the same to the last character, or they are not."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False)


def edited(data: bytes, *changes: tuple[str, str, str, Any]) -> bytes:
    """The file after somebody typed: (sheet, text in the first cell that names the row, head, what is typed)."""
    book = load_workbook(io.BytesIO(data))
    for title, row_name, head, value in changes:
        sheet = book[title]
        assert isinstance(sheet, Worksheet)
        row = next(row for row in range(1, sheet.max_row + 1) if row_name in [cell.value for cell in sheet[row]])
        cell = sheet.cell(row=row, column=column_of(sheet, head))
        cell.value = value
        if isinstance(value, int | float) and not isinstance(value, bool):
            cell.number_format = "General"
    return saved(book)


def column_of(sheet: Worksheet, head: str) -> int:
    """The column under a head, from 1 on."""
    return next(cell.column for cell in sheet[2] if cell.value == head)


def saved(book: Any) -> bytes:
    """The bytes of a book."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def saved_by_office(books: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every workbook as LibreOffice saves it after opening it. One start for all."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, data in books.items():
            (root / f"{name}.xlsx").write_bytes(data)
        run(root, [str(root / f"{name}.xlsx") for name in books])
        return {name: (root / "out" / f"{name}.xlsx").read_bytes() for name in books}
