"""Papers: their text read back with pdftotext, workbooks filled in, a stamped notice to attach."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Browser


def text_of(path: Path) -> str:
    """The text of a PDF in reading order."""
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, encoding="utf-8").stdout


def close(text: str) -> str:
    """Without any blanks: how a line is broken says nothing."""
    return re.sub(r"\s+", "", text)


def stamped_notice(browser: Browser, path: Path) -> Path:
    """A PDF as an office would scan it."""
    page = browser.new_page()
    page.set_content("<h1>关于举办竞赛的通知（演练）</h1><p>盖章扫描件。</p>")
    page.pdf(path=path)
    page.close()
    return path


def fill_workbook(template: Path, target: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """Write rows under the headings of a template, as somebody with a spreadsheet would."""
    book = load_workbook(template)
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows(max_row=10) if sum(cell.value is not None for cell in row) > 1)
    columns = {re.sub(r"\s+", " ", str(cell.value)).strip().removesuffix("*").strip(): cell.column for cell in head if cell.value}
    for number, row in enumerate(rows, (head[0].row or 0) + 1):
        for name, value in row.items():
            sheet.cell(number, columns[name]).value = value  # type: ignore[assignment]
    book.save(target)
    return target


def fill_column(template: Path, target: Path, values: Mapping[str, str]) -> Path:
    """Write values into the last column of a template whose first column says what each row is about."""
    book = load_workbook(template)
    sheet = book.worksheets[0]
    wanted = dict(values)
    for row in sheet.iter_rows():
        if str(row[0].value) in wanted:
            row[-1].value = wanted.pop(str(row[0].value))
    assert not wanted, wanted
    book.save(target)
    return target
