"""A target split into parts: by what the parts brought last year, by hand, from a table. Pure.

Targets add up: what the parts have and the whole has not given out yet are the whole. Persons do not, since somebody who took part in two
places is a person of both.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from competition.core.characters import plain_count
from competition.core.errors import RuleBroken
from competition.participation.rules_forecast import MONTHS

MOST = 10_000_000
REGISTERED, WITH_REPORTED = "registered", "with_reported"
HOW = {"whole": _("设定"), "hand": _("手工分解"), "shape": _("按去年比例分解"), "file": _("表格导入")}


@dataclass(frozen=True)
class Part:
    """A part of a whole: its last year's persons and its target of now."""

    scope: str
    name: str
    before: int
    target: int | None


@dataclass(frozen=True)
class Difference:
    """What would become of a part's target."""

    part: Part
    after: int | None

    @property
    def more(self) -> int:
        return (self.after or 0) - (self.part.target or 0)


def by_shape(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """``total`` in whole parts by weight that add up to it exactly (largest remainder; of equal ones the heavier, then the first by code).

    Without any weight in even parts. Raises ValueError without parts or with a negative weight.
    """
    if not weights or min(weights.values()) < 0:
        raise ValueError("parts with weights that are not negative")
    even = {scope: weight if any(weights.values()) else 1 for scope, weight in weights.items()}
    whole = sum(even.values())
    given = {scope: total * weight // whole for scope, weight in even.items()}
    order = sorted(even, key=lambda scope: (-(total * even[scope] % whole), -even[scope], scope))
    for scope in order[:total - sum(given.values())]:
        given[scope] += 1
    return given


def differences(parts: Sequence[Part], wanted: Mapping[str, int | None]) -> list[Difference]:
    """Every part with what it would have; those not wanted otherwise keep what they have."""
    return [Difference(part, wanted.get(part.scope, part.target)) for part in parts]


def check_parts(parts: Sequence[Part], wanted: Mapping[str, int | None]) -> None:
    """Raises when a part is unknown, a figure out of bounds, or nothing would change."""
    known = {part.scope: part for part in parts}
    if set(wanted) - set(known):
        raise RuleBroken(_("有的单位不在这一级，请重新打开本页。"), code="unknown_part", status=422)
    if any(value is not None and not 0 < value <= MOST for value in wanted.values()):
        raise RuleBroken(_("目标人数应在 1 至 10,000,000 之间；不设目标的请留空。"), code="target_range", status=422)
    if all(known[scope].target == value for scope, value in wanted.items()):
        raise RuleBroken(_("与现在的目标完全相同，没有要保存的改动。"), code="no_change", status=422)


def whole_number(text: str, where: str = "") -> int | None:
    """What was typed as a number of people, None when nothing was; raises RuleBroken, which says ``where`` it was typed."""
    plain = plain_count(text.strip().removesuffix("人"))
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 8):
        words = _("%(where)s：“%(text)s”不是人数，请填整数。", where=where, text=text[:20]) if where else _(
            "“%(text)s”不是人数，请填整数。", text=text[:20])
        raise RuleBroken(words, code="whole_number", status=422)
    return int(plain)


def parts_of_table(rows: Sequence[Sequence[str]], parts: Sequence[Part]) -> dict[str, int | None]:
    """The targets in a table with the columns 代码 and 目标人数; lines of other things are left out. Raises RuleBroken."""
    head = next((row for row in rows if "代码" in row and "目标人数" in row), None)
    if head is None:
        raise RuleBroken(_("表格里没有找到“代码”和“目标人数”两列。请下载本页的表格，填好后再上传。"), code="no_head", status=422)
    code, figure = head.index("代码"), head.index("目标人数")
    known, found = {part.scope: part.name for part in parts}, dict[str, int | None]()
    for row in rows:
        scope = row[code].strip() if code < len(row) else ""
        if scope in found:
            raise RuleBroken(_("表格里“%(code)s”出现了两次。", code=scope), code="twice", status=422)
        if scope in known:
            found[scope] = whole_number(row[figure] if figure < len(row) else "", known[scope])
    if not found:
        raise RuleBroken(_("表格里没有这一级的单位。"), code="no_parts", status=422)
    return found


def twelve(figures: Sequence[int | None], *, is_so_far: bool) -> list[int]:
    """Persons so far at the end of each month, from what was typed: so far, or new in each month. Raises RuleBroken."""
    if len(figures) != MONTHS or any(figure is None for figure in figures):
        raise RuleBroken(_("请填满十二个月；没有人的月份填 0 或与上月相同的累计数。"), code="twelve", status=422)
    known = [figure or 0 for figure in figures]
    found = known if is_so_far else [sum(known[:month]) for month in range(1, MONTHS + 1)]
    fall = next((month for month in range(1, MONTHS) if found[month] < found[month - 1]), None)
    if fall is not None:
        words = _("%(month)s 月的累计人数比上个月少。累计数只增不减，请核对；如果填的是当月新增，请选“当月新增”。", month=fall + 1)
        raise RuleBroken(words, code="falls", status=422)
    if not 0 < found[-1] <= MOST:
        raise RuleBroken(_("全年人数应在 1 至 10,000,000 之间。"), code="pace_range", status=422)
    return found


def months_of_table(rows: Sequence[Sequence[str]]) -> list[int | None]:
    """Twelve figures from a table whose lines begin with a month (1, 1月, 2025-01, 2025年1月); None where one is missing."""
    found: list[int | None] = [None] * MONTHS
    for row in rows:
        month = _month(row[0]) if len(row) > 1 else None
        if month is not None:
            found[month - 1] = whole_number(row[1])
    return found


def _month(text: str) -> int | None:
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("份").removesuffix("月").removesuffix("00:00:00").strip()
    for sign in ("年", "-", "/", "."):
        plain = plain.split(sign)[1] if plain.count(sign) in (1, 2) else plain
    return int(plain) if plain.isascii() and plain.isdigit() and 1 <= int(plain) <= MONTHS else None


def check_reason(reason: str) -> str:
    """Changes of what a year is measured by say why."""
    if not reason.strip():
        raise RuleBroken(_("请写明理由。"), code="reason", status=422, field="reason")
    return reason.strip()
