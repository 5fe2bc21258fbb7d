"""Stages of an activity: which reports are due and when. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _

from competition.core.errors import RuleBroken

RHYTHMS = {"none": _("不要求阶段小结"), "month": _("每月一次"), "quarter": _("每季度一次"), "named": _("自定阶段")}
OPEN, SUBMITTED, RETURNED, ACKNOWLEDGED = "open", "submitted", "returned", "acknowledged"
STATES = {OPEN: _("待提交"), SUBMITTED: _("待收阅"), RETURNED: _("退回修改"), ACKNOWLEDGED: _("已收阅")}
TONES = {OPEN: "", SUBMITTED: "wait", RETURNED: "care", ACKNOWLEDGED: "good"}
# Days after the end of a month or quarter until which its report is in time; our own default.
DUE_DAYS = 10
MOST = 40
YEARS = 2000, 2100
_LINE = re.compile(r"(.+?)[\s,，、;；:：]+(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)


@dataclass(frozen=True)
class Planned:
    """A stage with the last day on which its report is in time."""

    name: str
    due_on: date


def check_years(starts_on: date, ends_on: date) -> None:
    """Days of our time: others are typing errors, and lie where no calendar goes."""
    if starts_on.year < YEARS[0] or ends_on.year > YEARS[1]:
        words = _("日期应在 %(first)s 年至 %(last)s 年之间，请核对。", first=YEARS[0], last=YEARS[1])
        raise RuleBroken(words, code="years", status=422, field="starts_on" if starts_on.year < YEARS[0] else "ends_on")


def planned(rhythm: str, starts_on: date, ends_on: date, named: str) -> list[Planned]:
    """The stages of an activity. Raises RuleBroken for lines that are none, and for more than MOST."""
    found = read_named(named) if rhythm == "named" else _by_months(starts_on, ends_on, {"month": 1, "quarter": 3}.get(rhythm, 0))
    if len(found) > MOST:
        words = _("阶段太多：最多 %(n)s 个。请改为每季度一次或自定阶段。", n=MOST)
        raise RuleBroken(words, code="too_many_stages", status=422, field="rhythm")
    return found


def _by_months(starts_on: date, ends_on: date, length: int) -> list[Planned]:
    found: list[Planned] = []
    first = starts_on.year * 12 + (starts_on.month - 1) // length * length if length else 0
    while length and date(first // 12, first % 12 + 1, 1) <= ends_on:
        following = date((first + length) // 12, (first + length) % 12 + 1, 1)
        name = f"{first // 12}年{first % 12 + 1}月" if length == 1 else f"{first // 12}年第{first % 12 // 3 + 1}季度"
        found.append(Planned(name, min(following - timedelta(days=1), ends_on) + timedelta(days=DUE_DAYS)))
        first += length
    return found


def read_named(text: str) -> list[Planned]:
    """Stages written one in a line: a name, then the last day."""
    found = []
    for number, line in enumerate((line.strip() for line in text.splitlines() if line.strip()), 1):
        match = _LINE.fullmatch(line)
        try:
            found.append(Planned(match[1][:60], date(int(match[2]), int(match[3]), int(match[4]))) if match else None)
        except ValueError:
            found.append(None)
        if found[-1] is None:
            raise RuleBroken(_("第 %(n)s 行看不出名称和日期，请写成“动员部署 2026-03-31”。", n=number), code="stage_line", status=422,
                             field="named_stages")
    if not found:
        raise RuleBroken(_("请写出各阶段，每行一个：名称和最迟提交日期。"), code="no_stages", status=422, field="named_stages")
    return [one for one in found if one]


def is_overdue(state: str, due_on: date, today: date) -> bool:
    """Is a report missing after its last day?"""
    return state in (OPEN, RETURNED) and due_on < today


def check_report(state: str, text: str) -> None:
    """Can this report be handed in now?"""
    if state not in (OPEN, RETURNED):
        raise RuleBroken(_("这份小结已经提交，不能再改。需要更正时请收阅的工会退回。"), code="report_sent")
    if len(text.strip()) < 2:
        raise RuleBroken(_("请写小结的内容。"), code="report_empty", status=422, field="text")


def sums(reports: Sequence[dict[str, int]]) -> dict[str, int]:
    """What the reports come to together. Units are no sum: the largest number that was at it counts."""
    found: dict[str, int] = {}
    for report in reports:
        for name, value in report.items():
            found[name] = max(found.get(name, 0), value) if name == "units" else found.get(name, 0) + value
    return found
