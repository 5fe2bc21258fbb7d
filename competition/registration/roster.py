"""The roster workbook: its columns, the template with drop-downs, and a row of text read as an entry."""

import io
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from competition.accounts.identity import DOCUMENTS, Document, clean_name, parse_document, parse_phone
from competition.core.languages import on_record
from competition.core.taken import Taken
from competition.organisations.rules import OWNERSHIP, SKILL_LEVELS, WORKER_GROUPS
from competition.registration.rules import SEXES, TEAM_ROLES
from competition.registration.rules_data import EntryData, with_birth

T = TypeVar("T")
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


# ---- reading ---------------------------------------------------------------------------------


def read_rows(table: Sequence[Sequence[str]], book: Book) -> list[Row] | None:
    """The rows of a roster; None when no line of it has the template's column names."""
    head = next((i for i, cells in enumerate(table[:10]) if {NAME, NUMBER} <= {plain(c) for c in cells}), None)
    if head is None:
        return None
    names = [plain(c) for c in table[head]]
    rows = []
    for line, cells in enumerate(table[head + 1:], head + 2):
        row = Row(line, {n: plain(c) for n, c in zip(names, cells, strict=False) if n and n != ERRORS})
        if any(row.cells.values()):
            read_row(row, book)
            rows.append(row)
    return rows


def plain(text: str) -> str:
    """A cell or heading without stars, line breaks and blanks around."""
    return re.sub(r"\s+", " ", text).strip().removesuffix("*").strip()


def read_row(row: Row, book: Book) -> None:
    """Read the cells; what cannot be read becomes sentences in ``errors``."""
    document = _document(row)
    phone = _try(row, parse_phone, row.cells.get(PHONE, "")) if row.cells.get(PHONE) else None
    name = _try(row, clean_name, row.cells.get(NAME, "")) if row.cells.get(NAME) else None
    if name is None and not row.cells.get(NAME):
        row.errors.append(_("请填写姓名。"))
    region = _named(row, REGION, book.regions, required=True)
    union = _named(row, UNION, book.unions)
    team = _named(row, TEAM, book.teams)
    level, group = _word(row, LEVEL, SKILL_LEVELS), _word(row, GROUP, WORKER_GROUPS)
    owner, role = _word(row, OWNER, OWNERSHIP), _word(row, ROLE, TEAM_ROLES)
    if role == "reserve" and team is None:
        row.errors.append(_("替补队员要写明代表队。"))
    if row.errors or document is None or name is None or region is None:
        return
    row.data = EntryData(
        name=name, document=document, phone=phone, region_code=region, employer=row.cells.get(EMPLOYER, "")[:100],
        employer_ownership=owner or "unknown", union_id=union, trade=row.cells.get(TRADE, "")[:60], skill_level=level,
        worker_group=group or "none", events=_events(row, book), team_id=team, team_role=role or "member",
    )


def _try(row: Row, parse: Callable[[str], T], text: str) -> T | None:
    try:
        return parse(text)
    except ValueError as error:
        row.errors.append(str(error))
        return None


def _document(row: Row) -> Document | None:
    number = row.cells.get(NUMBER, "")
    if not number:
        row.errors.append(_("请填写证件号码。"))
        return None
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", number):
        row.errors.append(_("证件号码被表格软件改成了科学记数，后几位已丢失。请把该列设为文本格式，再重新填写。"))
        return None
    kind = _word(row, KIND, DOCUMENTS) or "id_card"
    found = _try(row, lambda text: parse_document(kind, text, row.cells.get(COUNTRY, "") or "CN"), number)
    return with_birth(found, _born(row), _word(row, SEX, SEXES)) if found else None


def _born(row: Row) -> date | None:
    text = row.cells.get(BORN, "")
    found = re.match(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})", text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        row.errors.append(_("没有这个出生日期，请核对，写成 1990-01-31 的样子。"))
        return None


def _word(row: Row, column: str, words: Mapping[T, object]) -> T | None:
    text = row.cells.get(column, "")
    if not text:
        return None
    found = next((key for key, word in zip(words, _words(words), strict=True) if text in (word, str(key))), None)
    if found is None:
        row.errors.append(_("“%(column)s”不能写“%(text)s”，请从下拉列表中选择。", column=column, text=text))
    return found


def _named(row: Row, column: str, known: Mapping[str, T], *, required: bool = False) -> T | None:
    text = row.cells.get(column, "")
    if not text:
        if required:
            row.errors.append(_("请填写“%(column)s”。", column=column))
        return None
    if text not in known:
        row.errors.append(_("“%(column)s”中没有“%(text)s”，请从下拉列表中选择。", column=column, text=text))
    return known.get(text)


def _events(row: Row, book: Book) -> frozenset[uuid.UUID]:
    return frozenset(i for name, i in book.events.items() if row.cells.get(EVENT_PREFIX + name, "") in (YES, "√", "1", "Y", "y"))


# ---- writing ---------------------------------------------------------------------------------


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
        (KIND, _words(DOCUMENTS)), (SEX, _words(SEXES)), (OWNER, _words(OWNERSHIP)), (UNION, list(book.unions)),
        (REGION, list(book.regions)), (LEVEL, _words(SKILL_LEVELS)), (GROUP, _words(WORKER_GROUPS)), (TEAM, list(book.teams)),
        (ROLE, _words(TEAM_ROLES)), *((EVENT_PREFIX + name, [YES]) for name in book.events),
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


def _words(words: Mapping[Any, object]) -> list[str]:
    """A workbook's words are Chinese, whoever fills it in."""
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
