"""The same table back, with red cells and what to change: a workbook as it was sent, anything else as a new one."""

import io
import json
import struct
from collections.abc import Mapping
from typing import Any

import xlsxwriter

from competition.core.languages import on_record
from competition.core.packages import check_package
from competition.core.tables.marking import AUTHOR, HEADING, MOST_COMMENTS, RED, WIDTH
from competition.core.tables.reading import BOUNDS, Table, run_apart

Faults = Mapping[tuple[int, int], Any]


def mark_table(data: bytes, table: Table, faults: Faults, *, head: int) -> bytes:
    """An .xlsx. ``data``: the file that ``table`` was read from; ``faults``: line and column (from 0) → a sentence; ``head``: the
    line of the titles.

    What an .xlsx looked like stays; its formulas come back as their values, links, pictures and macros not at all. A workbook that
    is too much for this comes back as a new one with the same cells, as texts and old workbooks do.
    """
    order = _order(table, faults, head)
    if data.startswith(b"PK") and b"xl/workbook.xml" in data:
        check_package(data, BOUNDS)
        made = run_apart("competition.core.tables.marking", struct.pack(">I", len(data)) + data + json.dumps(order).encode())
        if made:
            return made
    return _anew(table, order)


def _order(table: Table, faults: Faults, head: int) -> dict[str, Any]:
    titles = next((cells for line, cells in zip(table.lines, table.rows, strict=True) if line == head), [])
    is_marked_before = HEADING in titles
    with on_record():
        cells = sorted((line, column, str(words)) for (line, column), words in faults.items())
    notes: dict[int, str] = {}
    for line, column, words in cells:
        title = titles[column] if column < len(titles) else ""
        notes[line] = notes.get(line, "") + (f"{title}：{words}" if title else words)
    column = titles.index(HEADING) if is_marked_before else max((len(row) for row in table.rows), default=0)
    return {"title": table.title, "cells": cells, "notes": sorted(notes.items()), "column": column, "head": head,
            "is_marked_before": is_marked_before}


def _anew(table: Table, order: Mapping[str, Any]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    text, red = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bg_color": f"#{RED}"})
    note = book.add_format({"num_format": "@", "font_color": "#9C0006", "text_wrap": True})
    page, wrong = book.add_worksheet(), {(line, column): words for line, column, words in order["cells"]}
    for line, cells in zip(table.lines, table.rows, strict=True):
        for column, cell in enumerate(cells):
            if (line, column) not in wrong and column != order["column"]:
                page.write_string(line - 1, column, cell, text)
    texts = dict(zip(table.lines, table.rows, strict=True))
    for number, ((line, column), words) in enumerate(wrong.items()):
        cells = texts.get(line, [])
        page.write_string(line - 1, column, cells[column] if column < len(cells) else "", red)
        if number < MOST_COMMENTS:
            page.write_comment(line - 1, column, words, {"author": AUTHOR})
    for line, words in [(order["head"], HEADING), *order["notes"]]:
        page.write_string(line - 1, order["column"], words, note)
    page.set_column(0, max(order["column"] - 1, 0), 16, text)
    page.set_column(order["column"], order["column"], WIDTH, note)
    book.close()
    return out.getvalue()
