"""A row of the roster, text by text, read as an entry."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from flask_babel import gettext as _

from competition.accounts.identity import DOCUMENTS, Document, clean_name, parse_contact_phone, parse_document
from competition.core.languages import on_record
from competition.core.tables.reading import Table
from competition.organisations.rules import OWNERSHIP, SKILL_LEVELS, WORKER_GROUPS
from competition.registration.roster_sheet import (
    BORN,
    COUNTRY,
    EMPLOYER,
    ERRORS,
    EVENT_PREFIX,
    GROUP,
    KIND,
    LEVEL,
    NAME,
    NUMBER,
    OWNER,
    PHONE,
    REGION,
    ROLE,
    SEX,
    TEAM,
    TRADE,
    UNION,
    YES,
    Book,
    Row,
    words_of,
)
from competition.registration.rules import SEXES, TEAM_ROLES
from competition.registration.rules_data import EntryData, with_birth
from competition.rosters.rules_columns import find_head

T = TypeVar("T")
COLUMN_OF = {"name": NAME, "number": NUMBER, "kind": KIND, "sex": SEX, "born": BORN, "phone": PHONE, "unit": EMPLOYER, "union": UNION,
             "ownership": OWNER, "region": REGION, "group": GROUP, "trade": TRADE, "level": LEVEL}


def read_rows(tables: Sequence[Table], book: Book) -> list[Row] | None:
    """The rows of the first table that has a head with names and numbers; None when none has."""
    found = next((found for table in tables if (found := _below_head(table))), None)
    if found is None:
        return None
    names, lines = found
    rows = []
    for line, cells in lines:
        row = Row(line, {n: plain(c) for n, c in zip(names, cells, strict=False) if n and n != ERRORS})
        if any(row.cells.values()):
            read_row(row, book)
            rows.append(row)
    return rows


def _below_head(table: Table) -> tuple[list[str], list[tuple[int, list[str]]]] | None:
    """The names of the columns, in the template's words whatever the table calls them, and the numbered lines below them."""
    head = find_head(table.rows)
    if head is None or not head.is_complete:
        return None
    names = [plain(title) for title in head.titles]
    for field in head.fields.keys() & COLUMN_OF.keys():
        names[head.fields[field]] = COLUMN_OF[field]
    return names, list(zip(table.lines, table.rows, strict=True))[head.row + 1:]


def plain(text: str) -> str:
    """A cell or heading without stars, line breaks and blanks around."""
    return re.sub(r"\s+", " ", text).strip().removesuffix("*").strip()


def read_row(row: Row, book: Book) -> None:
    """Read the cells; what cannot be read becomes sentences in ``errors``."""
    document = _document(row)
    phone = _try(row, parse_contact_phone, row.cells.get(PHONE, "")) if row.cells.get(PHONE) else None
    name = _try(row, clean_name, row.cells.get(NAME, "")) if row.cells.get(NAME) else None
    if name is None and not row.cells.get(NAME):
        row.errors.append(_("请填写姓名。"))
    region = _named(row, REGION, _with(row, REGION, book.regions), required=True)
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
    found = next((key for key, word in zip(words, words_of(words), strict=True) if text in (word, str(key))), None)
    if found is None:
        row.errors.append(_("“%(column)s”不能写“%(text)s”，请从下拉列表中选择。", column=column, text=text))
    return found


def _with(row: Row, column: str, known: Mapping[str, T]) -> Mapping[str, T]:
    """The same names, and the words of the web form for one of them: a county without its prefecture where there is one alone,
    a prefecture with the note that stands behind it there."""
    with on_record():
        text = row.cells.get(column, "").removesuffix(str(_("%(name)s（本级或不清楚县区）", name="")))
    meant = [name for name in known if text and (name.replace(" ", "") == text.replace(" ", "") or name.rpartition(" ")[2] == text)]
    return {**known, row.cells[column]: known[meant[0]]} if len(meant) == 1 else known


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
