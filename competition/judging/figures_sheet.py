"""The workbook of figures: its columns, and what a line of it says. It is Chinese, whoever fills it in. Pure."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from competition.core.errors import RuleBroken
from competition.core.formats import joined
from competition.core.languages import on_record
from competition.judging.rules_answers import heads
from competition.judging.rules_figures import FigureKey, figure_keys, section_of, shown
from competition.scoring.model import Event
from competition.scoring.paper import FILL
from competition.scoring.wording import plain

CODE_HEAD, ERRORS = "作品号", "需要改的地方"
KEY_ROW = "标准答案"  # where somebody has put the key into the same workbook: it is no contestant's
NOTE = "只填写数字；用时写成“分:秒”。不填的格子保持原样，不会清空已有成绩。"
NOTE_OF_ANSWERS = (
    "一行一件作品，一列一题。选择题写字母，判断题写 T 或 F（或 对、错）；没有作答的写“未答”，一个部分里只要填了一题，其余空格也算未答。"
    "整个部分都不填的保持原样。已经有总分的可以只填理论成绩，不能两种都填。"
)
_HEAD, _RED = PatternFill("solid", fgColor="E6F1F3"), PatternFill("solid", fgColor="FFC7CE")


class Held(Protocol):
    """A figure that stands."""

    @property
    def value(self) -> str: ...


@dataclass(frozen=True)
class Column:
    """A figure of the workbook. ``heads``: of its cells, of answers one for each question; ``at``: where they stand in a line.

    ``between``: what its cells are read with between them.
    """

    key: FigureKey
    heads: tuple[str, ...]
    at: tuple[int, ...] = ()
    between: str = ","

    def text(self, line: Sequence[str]) -> str:
        """What a line says of the figure; of answers nothing where no cell of the section is filled in."""
        cells = [line[at].strip() if at < len(line) else "" for at in self.at]
        if self.key.kind != "answers":
            return cells[0]
        return self.between.join(one or "未答" for one in cells) if any(cells) else ""

    def written(self, figure: Held | None) -> list[str]:
        """The cells of a figure that stands: an empty answer is written out."""
        if figure is None or not figure.value:
            return [""] * len(self.heads)
        return [one or "未答" for one in figure.value.split(",")] if self.key.kind == "answers" else [shown(self.key.kind, figure.value)]


def columns_of(event: Event) -> list[Column]:
    """The columns of an event's workbook."""
    with on_record():
        return [_column(event, key) for key in figure_keys(event)]


def _column(event: Event, key: FigureKey) -> Column:
    if key.kind != "answers":
        return Column(key, (str(key.label),))
    section = section_of(event, key.key)
    return Column(key, tuple(heads(section)), between="\n" if section.kind == FILL else ",")


def find_columns(event: Event, table: list[list[str]]) -> tuple[list[Column], list[list[str]]]:
    """The columns that a workbook has, and its lines from the column of codes on. Raises RuleBroken without a head."""
    wanted = columns_of(event)
    for number, row in enumerate(table[:5]):
        if CODE_HEAD in row:
            start = row.index(CODE_HEAD)
            at = {name: place - start for place, name in enumerate(row) if place > start}
            found = [Column(one.key, one.heads, tuple(at[name] for name in one.heads), one.between)
                     for one in wanted if all(name in at for name in one.heads)]
            if found:
                return found, [line[start:] for line in table[number + 1:]]
    names = [one.heads[0] if len(one.heads) == 1 else f"{one.heads[0]}…{one.heads[-1]}" for one in wanted]
    raise RuleBroken(_("没有找到表头。第一列应为“%(head)s”，其后为：%(names)s。请用下载的模板填写。",
                       head=CODE_HEAD, names=joined(names)), code="no_header", status=422, field="file")


def faulty_book(event: Event, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The works of a preview that cannot be taken as they are: the cells to be changed are red, and why stands behind."""
    columns = columns_of(event)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    for position, name in enumerate([CODE_HEAD, *(head for one in columns for head in one.heads), ERRORS], 1):
        cell = sheet.cell(row=1, column=position, value=name)
        cell.font, cell.fill = Font(bold=True), _HEAD
    by_code: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_code.setdefault(row["code"], []).append(row)
    faulty = [found for found in by_code.values() if any(row["error"] for row in found)]
    for line, found in enumerate(faulty, 2):
        _faulty_line(sheet, line, columns, found)
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _faulty_line(sheet: Worksheet, line: int, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> None:
    cells, red, position = [rows[0]["code"]], set(), 2
    if any(row["error"] and not row["work"] for row in rows):
        red.add(1)
    for column in columns:
        row = next((one for one in rows if one["key"] == column.key.key), None)
        cells += (row["text"].split(column.between) if column.key.kind == "answers" else [row["text"]]) if row else [""] * len(column.heads)
        if row is not None and row["error"] and row["work"]:
            number = row["facts"].get("n", 0) if column.key.kind == "answers" else 1
            red |= {position + number - 1} if number else set(range(position, position + len(column.heads)))
        position += len(column.heads)
    cells.append("".join(plain(row["error"], **row["facts"]) for row in rows if row["error"]))
    for place, text in enumerate(cells, 1):
        cell = sheet.cell(row=line, column=place)
        cell.value, cell.data_type, cell.number_format = text, "s", "@"
        if place in red:
            cell.fill = _RED
