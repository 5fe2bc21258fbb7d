"""The score sheet by which units are evaluated at the end of an activity. Pure.

The sheets here are examples of ours, editable for each activity, and say so on the page. That a check sheet has 100 points, and that
the national list asks for 98 and the provincial one for 95, is how safety contests have been run; nothing here decides an honour.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _

from competition.core.errors import RuleBroken

FULL = 100
MOST = 30
Sheet = list[dict[str, Any]]  # [{"name": "组织领导", "full": 20}, …]
_LINE = re.compile(r"(.+?)[\s,，、:：=]+(\d{1,3})分?", re.ASCII)


def _sheet(*items: tuple[str, int]) -> Sheet:
    return [{"name": name, "full": full} for name, full in items]


_COMMON = _sheet(("组织领导", 20), ("发动参与", 30), ("过程管理", 20), ("实际成效", 30))
EXAMPLES: dict[str, Sheet] = {
    "labour": _COMMON, "drill": _COMMON, "match": _COMMON, "knowledge": _COMMON, "speech": _COMMON,
    "five_small": _sheet(("组织发动", 20), ("成果数量和覆盖面", 25), ("采纳实施", 30), ("经济和社会效益", 25)),
    "ankang": _sheet(("组织领导", 15), ("安全责任制", 15), ("宣传教育和培训", 20), ("隐患排查治理", 20), ("班组安全活动", 15),
                     ("职业健康保护", 15)),
}
# The least total with which a unit is usually recommended, highest first.
HONOURS: dict[str, tuple[tuple[int, Any], ...]] = {"ankang": ((98, _("推荐全国安康杯竞赛优胜单位")), (95, _("推荐全省安康杯竞赛优胜单位")))}


def read_sheet(text: str) -> Sheet:
    """A sheet written one item in a line: a name, then its points. Raises RuleBroken unless they add to 100."""
    sheet: Sheet = []
    for number, line in enumerate((line.strip() for line in text.splitlines() if line.strip()), 1):
        match = _LINE.fullmatch(line)
        if match is None or not int(match[2]):
            words = _("第 %(n)s 行看不出名称和分值，请写成“组织领导 20”。", n=number)
            raise RuleBroken(words, code="sheet_line", status=422, field="items")
        sheet.append({"name": match[1][:60], "full": int(match[2])})
    check_sheet(sheet)
    return sheet


def check_sheet(sheet: Sheet) -> None:
    """Raise unless the points add to 100 and no name comes twice."""
    total, names = sum(item["full"] for item in sheet), [item["name"] for item in sheet]
    if total != FULL:
        raise RuleBroken(_("各项分值合计应为 100，现在是 %(n)s。", n=total), code="sheet_sum", status=422, field="items")
    if len(set(names)) < len(names) or len(names) > MOST:
        raise RuleBroken(_("项目名称不能重复，最多 %(n)s 项。", n=MOST), code="sheet_names", status=422, field="items")


def written(sheet: Sheet) -> str:
    """A sheet as it is typed."""
    return "\n".join(f"{item['name']} {item['full']}" for item in sheet)


def read_scores(sheet: Sheet, typed: Mapping[str, str]) -> dict[str, str]:
    """The points of one unit by item, as exact texts. Raises RuleBroken naming the item."""
    return {item["name"]: _score(item, typed.get(item["name"], "")) for item in sheet}


def _score(item: Mapping[str, Any], typed: str) -> str:
    try:
        value = Decimal(typed.strip())
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= item["full"] or value != round(value, 1):
        raise RuleBroken(_("“%(name)s”请填 0 至 %(full)s 之间的分数，最多一位小数。", name=item["name"], full=item["full"]), code="score",
                         status=422)
    return f"{round(value, 1):f}"


def total(scores: Mapping[str, str]) -> Decimal:
    """The points together."""
    return sum((Decimal(value) for value in scores.values()), Decimal(0))


def suggested(kind: str, points: Decimal) -> Any:
    """The honour for which such a total is usually recommended; empty for none."""
    return next((words for least, words in HONOURS.get(kind, ()) if points >= least), "")


def ranked(totals: Sequence[Decimal]) -> list[int]:
    """The place of each total; equal totals share one."""
    return [1 + sum(other > one for other in totals) for one in totals]
