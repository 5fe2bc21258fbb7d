"""The roster workbook: its columns, what a row is, the template with drop-downs. All of it is Chinese, whoever fills it in."""

import io
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from competition.accounts.identity import DOCUMENTS
from competition.core.languages import on_record
from competition.core.taken import Taken
from competition.organisations.rules import OWNERSHIP, SKILL_LEVELS, WORKER_GROUPS
from competition.registration.rules import SEXES, TEAM_ROLES
from competition.registration.rules_data import EntryData

READY_ROWS = 1000
NAME, KIND, NUMBER, PHONE, REGION = "姓名", "证件类型", "证件号码", "手机号码", "工作地区"
COUNTRY, SEX, BORN = "国家或地区（护照）", "性别（护照）", "出生日期（护照）"
EMPLOYER, OWNER, UNION, TRADE, LEVEL, GROUP = "工作单位", "单位性质", "所属工会", "工种", "技能等级", "群体"
TEAM, ROLE = "代表队", "队内身份"
COLUMNS = (NAME, KIND, NUMBER, COUNTRY, SEX, BORN, PHONE, EMPLOYER, OWNER, UNION, REGION, TRADE, LEVEL, GROUP, TEAM, ROLE)
REQUIRED = (NAME, NUMBER, REGION)
EVENT_PREFIX = "项目："
ERRORS = "需要改的地方"
YES = "是"
_WIDTHS = {NAME: 14, NUMBER: 24, PHONE: 16, EMPLOYER: 30, UNION: 24, REGION: 24, TEAM: 24, KIND: 18, GROUP: 18, LEVEL: 16}


@dataclass(frozen=True)
class Book:
    """The names that a row may use: regions, unions, teams and the contest's events for persons."""

    regions: Mapping[str, str]
    unions: Mapping[str, uuid.UUID]
    teams: Mapping[str, uuid.UUID]
    events: Mapping[str, uuid.UUID]


@dataclass
class Row:
    """One row of the roster: the line in the workbook, its cells by column, what is wrong with it."""

    line: int
    cells: dict[str, str]
    data: EntryData | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.cells.get(NAME, "")

    @property
    def number(self) -> str:
        return self.cells.get(NUMBER, "")

    @property
    def employer(self) -> str:
        return self.cells.get(EMPLOYER, "")

    @property
    def team(self) -> str:
        return self.cells.get(TEAM, "")


def write_template(book: Book, contest_name: str, rows: Sequence[Row] = (), taken: Taken | None = None) -> bytes:
    """The workbook to fill in; with ``rows`` those that were refused, each with what to change, and who took them."""
    work = Workbook()
    sheet, lists = work.active, work.create_sheet("选项")
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    sheet.title = "名单"
    lists.sheet_state = "hidden"
    columns = [*COLUMNS, *(EVENT_PREFIX + name for name in book.events), *([ERRORS] if rows else [])]
    _head(sheet, columns, contest_name, taken)
    choices: list[tuple[str, list[str]]] = [
        (KIND, words_of(DOCUMENTS)), (SEX, words_of(SEXES)), (OWNER, words_of(OWNERSHIP)), (UNION, list(book.unions)),
        (REGION, list(book.regions)), (LEVEL, words_of(SKILL_LEVELS)), (GROUP, words_of(WORKER_GROUPS)), (TEAM, list(book.teams)),
        (ROLE, words_of(TEAM_ROLES)), *((EVENT_PREFIX + name, [YES]) for name in book.events),
    ]
    for number, (column, words) in enumerate(choices, 1):
        if words:
            _drop_down(sheet, lists, columns.index(column) + 1, number, words)
    for line, row in enumerate(rows, 3):
        for position, column in enumerate(columns, 1):
            text = "".join(row.errors) if column == ERRORS else row.cells.get(column, "")
            _write_text(sheet, line, position, text)
    out = io.BytesIO()
    work.save(out)
    return out.getvalue()


def words_of(words: Mapping[Any, object]) -> list[str]:
    """What stands in a drop-down."""
    with on_record():
        return [str(word) for word in words.values()]


def _head(sheet: Worksheet, columns: Sequence[str], contest_name: str, taken: Taken | None) -> None:
    words = f"{contest_name}　参赛名单。带 * 的必填；证件号码、手机号码列已设为文本格式，请勿改动。"
    _write_text(sheet, 1, 1, f"{words}　{taken.line}" if taken else words)
    for position, column in enumerate(columns, 1):
        cell = sheet.cell(row=2, column=position, value=column + ("*" if column in REQUIRED else ""))
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6F1F3")
        sheet.column_dimensions[get_column_letter(position)].width = _WIDTHS.get(column, 60 if column == ERRORS else 16)
        # Text format for rows ahead: a number typed into them keeps all its digits.
        for line in range(3, READY_ROWS + 3):
            sheet.cell(row=line, column=position).number_format = "@"
    sheet.freeze_panes = "B3"


def _write_text(sheet: Worksheet, line: int, position: int, text: str) -> None:
    cell = sheet.cell(row=line, column=position)
    cell.value = text
    cell.data_type, cell.number_format = "s", "@"


def _drop_down(sheet: Worksheet, lists: Worksheet, position: int, number: int, words: Sequence[str]) -> None:
    letter = get_column_letter(number)
    for line, word in enumerate(words, 1):
        _write_text(lists, line, number, word)
    rule = DataValidation(type="list", formula1=f"'选项'!${letter}$1:${letter}${len(words)}", allow_blank=True)
    rule.error, rule.errorTitle, rule.showErrorMessage = "请从下拉列表中选择。", "不在列表中", True
    target = get_column_letter(position)
    rule.add(f"{target}3:{target}{READY_ROWS + 2}")
    sheet.add_data_validation(rule)
