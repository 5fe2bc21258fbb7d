"""A template filled in as a clerk would."""

import io
from collections.abc import Mapping, Sequence

from openpyxl import load_workbook


def filled(template: bytes, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The template with these rows; columns by their heading without the star."""
    book = load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    columns = {str(cell.value).removesuffix("*"): cell.column for cell in sheet[2]}
    for line, row in enumerate(rows, 3):
        for name, text in row.items():
            sheet.cell(row=line, column=columns[name], value=text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
