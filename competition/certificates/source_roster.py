"""A workbook as a source: one certificate a line. Read once, whole; its lines are kept with the batch."""

import hashlib
import io
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from flask_babel import gettext as _
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from competition.certificates import rules
from competition.certificates.source import Line, Source
from competition.core.characters import fault_in
from competition.core.errors import RuleBroken
from competition.core.sheets import read_table

MOST_LINES = 12_000
MOST_SHOWN = 200
MOST_CHARS, MOST_TEXT = 120, 600
NAME, TEXT = "姓名", "正文"
# The contest says these for all lines; the others are columns.
SHARED = ("赛事", "赛事英文", "赛事藏文", "竞赛日期", "地点", "日期", *rules.AT_ISSUE)
# An identity number with its 18 signs, or a mobile phone's.
_PRIVATE = re.compile(r"(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
_NAMESPACE = uuid.UUID("f6d29c8e-5b7a-4b0a-9f6c-3c8f2f2b8c11")


class Roster(Source):
    """The lines of one workbook."""

    def __init__(self, contest_id: uuid.UUID, settings: dict[str, Any]) -> None:
        self.contest_id, self.settings = contest_id, settings
        self.scope = f"roster:{settings['sha256'][:12]}"

    def words(self) -> str:
        settings = self.settings or {}
        return str(_("表格名单“%(name)s”（%(n)s 行）", name=settings["file"], n=len(settings["lines"])))

    def lines(self, kind: str) -> list[Line]:
        return self.lines_from(self.read(kind), kind)

    def read(self, kind: str) -> Sequence[Any]:
        found: list[Any] = (self.settings or {"lines": []})["lines"]
        return found

    def lines_from(self, read: Sequence[Any], kind: str) -> list[Line]:
        return [Line(str(n), "line", _subject(self.contest_id, data), dict(data)) for n, data in read]

    def only(self, line: Line) -> "Roster":
        """The same workbook with this line alone: a correction keeps nobody else's."""
        settings = self.settings or {}
        return Roster(self.contest_id, {**settings, "lines": [kept for kept in settings["lines"] if str(kept[0]) == line.key]})

    def is_in(self, scope: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Those of all workbooks: a corrected workbook issues nothing anew for lines that were right before."""
        return scope.startswith("roster:")


def _subject(contest_id: uuid.UUID, data: dict[str, str]) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, rules.digest_of([str(contest_id), data]))


def columns() -> list[str]:
    """What a workbook may say of a line."""
    return [name for name in rules.PLACEHOLDERS if name not in SHARED and not name.startswith("颁证单位")]


@dataclass
class Read:
    """One line as it was read; ``errors``: by column."""

    line: int
    cells: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


def template() -> bytes:
    """The workbook to fill in. It is Chinese, whoever fills it in."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, text = book.add_worksheet("名单"), book.add_format({"num_format": "@"})
        head = book.add_format({"bold": True, "bg_color": "#E6F1F3", "num_format": "@"})
        sheet.set_column(0, len(columns()) - 1, 18, text)
        sheet.write_string(0, 0, "每行一份证书，从第 3 行起填写。带 * 的必填；证书模板用不到的列可以空着；不要改动列名。", text)
        for place, name in enumerate(columns()):
            sheet.write_string(1, place, name + ("*" if name == NAME else ""), head)
        sheet.freeze_panes(2, 1)
    return out.getvalue()


def read(data: bytes) -> tuple[list[str], list[Read]]:
    """The columns that are used and the lines, each with what is wrong with it. Raises RuleBroken for no workbook of ours."""
    table = read_table(data)
    head = next((n for n, cells in enumerate(table[:10]) if NAME in map(_plain, cells)), None)
    if head is None:
        raise RuleBroken(_("没有找到表头。请下载本页的模板填写，不要改动列名。"), code="no_head", status=422, field="file")
    names = [_plain(cell) for cell in table[head]]
    unknown = [name for name in names if name and name not in columns()]
    if unknown or len(set(filter(None, names))) < len(list(filter(None, names))):
        which = "、".join(name[:30] for name in unknown[:5]) or _("列名重复")
        raise RuleBroken(_("表头中有不认识或重复的列：%(names)s。请下载本页的模板填写，不要改动列名。", names=which),
                         code="unknown_column", status=422, field="file")
    lines = [Read(n, {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name and cell.strip()})
             for n, cells in enumerate(table[head + 1:], head + 2)]
    lines = [line for line in lines if line.cells]
    if not lines:
        raise RuleBroken(_("表格里还没有名单，请从第 3 行起填写。"), code="no_rows", status=422, field="file")
    if len(lines) > MOST_LINES:
        raise RuleBroken(_("一次最多导入 %(most)s 行，这份表格有 %(n)s 行，请拆成几份。", most=MOST_LINES, n=len(lines)),
                         code="too_many", status=422, field="file")
    _check(lines)
    return [name for name in columns() if any(name in line.cells for line in lines) or name == NAME], lines


def _plain(text: str) -> str:
    return "".join(text.split()).removesuffix("*")


def _check(lines: Sequence[Read]) -> None:
    first: dict[tuple[tuple[str, str], ...], int] = {}
    for line in lines:
        if NAME not in line.cells:
            line.errors[NAME] = str(_("请填写姓名；单位的证书在这里填单位名称。"))
        for name, text in line.cells.items():
            most = MOST_TEXT if name == TEXT else MOST_CHARS
            if len(text) > most:
                line.errors[name] = str(_("最多 %(most)s 个字，这里有 %(n)s 个。", most=most, n=len(text)))
            elif fault_in(text):
                line.errors[name] = str(_("有看不见的控制字符，请删去后重新输入。"))
            elif text.startswith("="):
                line.errors[name] = str(_("这里是公式，请改成文字。"))
            elif _PRIVATE.search(text):
                line.errors[name] = str(_("像是证件号码或手机号，证书上不印，请删去。"))
        known = first.setdefault(tuple(sorted(line.cells.items())), line.line)
        if known != line.line:
            line.errors.setdefault(NAME, str(_("与第 %(n)s 行完全相同。", n=known)))


@dataclass(frozen=True)
class Wrong:
    """The lines of a workbook that are not sound, beside its columns."""

    columns: list[str]
    lines: list[Read]


def wrong_in(data: bytes) -> Wrong | None:
    """What is wrong, cell by cell; None when the workbook as a whole is refused, or nothing is."""
    try:
        names, lines = read(data)
    except RuleBroken:
        return None
    bad = [line for line in lines if line.errors]
    return Wrong(names, bad[:MOST_SHOWN]) if bad else None


def settings_of(data: bytes, file_name: str, lines: Sequence[Read]) -> dict[str, Any]:
    """What a batch keeps of a workbook that is sound."""
    return {"kind": "roster", "sha256": hashlib.sha256(data).hexdigest(), "file": file_name[-80:],
            "lines": [[line.line, line.cells] for line in lines]}
