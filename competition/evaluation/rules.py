"""The evaluation index: indicators with weights that add to 100, computed exactly and explained. Pure.

An indicator is a small formula over a fixed list of figures (``FIGURES``): a numerator over a denominator, held against a target, up to a
cap; or a score from 0 to 100 that somebody gives by hand, with evidence. There is no language of formulas: what can be chosen stands here.

The four groups are those of the national federation's guide for major projects; no official weights are known. The set that is offered
first (``EXAMPLE``) is our own example and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as _

from competition.activities.rules import MEASURES
from competition.core.errors import RuleBroken

GROUPS = {"awareness": _("认知度"), "participation": _("参与度"), "approval": _("认可度"), "effect": _("实际效果")}
UNION, CONTEST = "union", "contest"
# Which unions are compared with one another.
LEVELS = {"prefecture": _("市州和产业工会"), "county": _("县区工会")}
SUBJECTS = {UNION: _("按工会"), CONTEST: _("按赛事")}
# Where a figure comes from, and for which subjects it is known.
FIGURES: dict[str, Any] = {
    "one": _("1（不除）"), "persons": _("参赛人数（人）"), "person_times": _("参赛人次（人次）"),
    "non_public_times": _("非公单位参赛人次（人次）"), "group_times": _("重点群体参赛人次（人次）"), "target": _("年度目标（人）"),
    "members": _("会员人数（人）"), "contests": _("举办的赛事和活动（项）"), "flagships": _("引领性竞赛（项）"),
    "reports_due": _("应交的阶段小结（份）"), "reports_sent": _("已交的阶段小结（份）"),
    "expected": _("申报的预计参加人数（人）"), **{name: measure.label for name, measure in MEASURES.items()}}
FORMULA, MANUAL = "formula", "manual"
KINDS = {FORMULA: _("按公式计算"), MANUAL: _("人工评分")}
# What becomes of a subject whose figures are not all known.
MISSING = {"incomplete": _("总分不完整，注明缺什么"), "zero": _("缺的指标按 0 分计"), "leave_out": _("缺的指标不计，其余权重按比例放大")}
FULL, MOST = 100, 30
Document = Mapping[str, Any]


def _formula(key: str, group: str, name: str, weight: str, top: str, bottom: str, target: str, cap: str = "1") -> dict[str, Any]:
    return {"key": key, "group": group, "name": name, "weight": weight, "kind": FORMULA, "top": top, "bottom": bottom, "target": target,
            "cap": cap}


def _manual(key: str, group: str, name: str, weight: str) -> dict[str, Any]:
    return {"key": key, "group": group, "name": name, "weight": weight, "kind": MANUAL}


EXAMPLE: dict[str, Any] = {
    "missing": "incomplete", "places": 2, "vetoes": ["弄虚作假", "发生较大以上安全责任事故"],
    "indicators": [
        _manual("i1", "awareness", "竞赛通知到达和宣传情况", "15"),
        _formula("i2", "participation", "参赛职工完成年度目标", "12", "persons", "target", "1"),
        _formula("i3", "participation", "参赛人次达到会员人数的 30%", "6", "person_times", "members", "0.3"),
        _formula("i4", "participation", "非公单位参赛占比达到 30%", "4", "non_public_times", "person_times", "0.3"),
        _formula("i5", "participation", "重点群体参赛占比达到 20%", "4", "group_times", "person_times", "0.2"),
        _formula("i6", "participation", "开展活动的单位达到 10 家", "4", "units", "one", "10"),
        _manual("i7", "approval", "参赛职工问卷满意度", "10"),
        _manual("i8", "approval", "申诉和投诉办理情况", "5"),
        _formula("i9", "approval", "阶段小结按期提交", "5", "reports_sent", "reports_due", "1"),
        _formula("i10", "effect", "晋升技术等级占参赛人数 2%", "10", "promotions", "persons", "0.02"),
        _formula("i11", "effect", "命名技术能手等称号占参赛人数 1%", "5", "titles", "persons", "0.01"),
        _formula("i12", "effect", "采纳建议占提出建议的一半", "10", "suggestions_adopted", "suggestions", "0.5"),
        _formula("i13", "effect", "经济效益达到 500 万元", "10", "benefit", "one", "500"),
    ],
}


def exact(text: str) -> Fraction:
    """A decimal number as it is typed. Raises ValueError."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or abs(value.adjusted()) > 9:
        raise ValueError(text)
    return Fraction(value)


def _amount(text: Any, number: int, label: Any) -> Fraction:
    try:
        value = exact(str(text))
    except ValueError:
        value = Fraction(0)
    if value <= 0:
        raise RuleBroken(_("第 %(n)s 行的%(label)s应为大于 0 的数。", n=number, label=label), code="amount", status=422)
    return value


def check_set(document: Document) -> None:
    """Raise RuleBroken unless the set can be computed: known words, sound numbers, weights that add to exactly 100."""
    rows = document["indicators"]
    if not 1 <= len(rows) <= MOST or document["missing"] not in MISSING or document["places"] not in (0, 1, 2):
        raise RuleBroken(_("请保留 1 至 %(n)s 项指标。", n=MOST), code="rows", status=422)
    for number, row in enumerate(rows, 1):
        _check_row(row, number)
    if len({row["key"] for row in rows}) < len(rows) or len({row["name"] for row in rows}) < len(rows):
        raise RuleBroken(_("指标的名称不能重复。"), code="names", status=422)
    total = sum((exact(row["weight"]) for row in rows), Fraction(0))
    if total != FULL:
        raise RuleBroken(_("权重合计应为 100，现在是 %(n)s。", n=written(total)), code="weights", status=422)


def _check_row(row: Mapping[str, Any], number: int) -> None:
    if not row["name"].strip() or row["group"] not in GROUPS or row["kind"] not in KINDS:
        raise RuleBroken(_("第 %(n)s 行请写名称，选类别和计分方式。", n=number), code="row", status=422)
    _amount(row["weight"], number, _("权重"))
    if row["kind"] == FORMULA:
        if row["top"] not in FIGURES or row["top"] == "one" or row["bottom"] not in FIGURES:
            raise RuleBroken(_("第 %(n)s 行请选择分子和分母。", n=number), code="figures", status=422)
        _amount(row["target"], number, _("目标值"))
        _amount(row["cap"], number, _("封顶倍数"))


@dataclass(frozen=True)
class Line:
    """One indicator of one subject. ``missing``: the figures (or ``manual``) that are not known; ``points`` is None then.

    ``value``: numerator over denominator, or the score given by hand; ``reached``: its share of the target, capped.
    """

    indicator: Mapping[str, Any]
    top: Fraction | None
    bottom: Fraction | None
    value: Fraction | None
    reached: Fraction | None
    points: Fraction | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """What a subject comes to. ``total`` is None while it is not complete; ``so_far``: what is known adds up to, of ``of`` points."""

    lines: tuple[Line, ...]
    vetoes: tuple[str, ...]
    total: Fraction | None
    so_far: Fraction
    of: Fraction


def compute(
    document: Document, figures: Mapping[str, Fraction | None], manual: Mapping[str, Fraction], vetoes: Sequence[str] = (),
) -> Score:
    """The score of one subject. A veto makes the total 0, whatever else is known."""
    lines = tuple(_line(row, {**figures, "one": Fraction(1)}, manual) for row in document["indicators"])
    known = [line for line in lines if line.points is not None]
    so_far = sum((line.points for line in known if line.points is not None), Fraction(0))
    of = sum((exact(line.indicator["weight"]) for line in known), Fraction(0))
    total: Fraction | None = so_far
    if vetoes:
        total = Fraction(0)
    elif of < FULL and document["missing"] == "incomplete":
        total = None
    elif of < FULL and document["missing"] == "leave_out":
        total = so_far * FULL / of if of else None
    return Score(lines, tuple(vetoes), total, so_far, of)


def _line(row: Mapping[str, Any], figures: Mapping[str, Fraction | None], manual: Mapping[str, Fraction]) -> Line:
    weight = exact(row["weight"])
    if row["kind"] == MANUAL:
        given = manual.get(row["key"])
        if given is None:
            return Line(row, None, None, None, None, None, (MANUAL,))
        return Line(row, None, None, given, given / FULL, weight * given / FULL, ())
    top, bottom = figures.get(row["top"]), figures.get(row["bottom"])
    missing = tuple(name for name, known in ((row["top"], top), (row["bottom"], bottom)) if known is None)
    # Nothing to divide by is not a nought: what the share would be is not known.
    if top is None or not bottom:
        return Line(row, top, bottom, None, None, None, missing or (row["bottom"],))
    value = top / bottom
    reached = min(value / exact(row["target"]), exact(row["cap"]))
    return Line(row, top, bottom, value, reached, weight * reached, ())


def rounded(value: Fraction, places: int) -> Decimal:
    """Half up, as the set says."""
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-places)


def written(value: Fraction) -> str:
    """A number for people: exact where it ends within four places, else rounded to four."""
    text = f"{rounded(value, 4):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def ranked(totals: Sequence[Fraction | None], places: int) -> list[int | None]:
    """Places by the rounded totals, equal ones share; who is not complete has none."""
    shown = [None if total is None else rounded(total, places) for total in totals]
    return [None if one is None else 1 + sum(other is not None and other > one for other in shown) for one in shown]


def check_score(text: str) -> Fraction:
    """A score given by hand: 0 to 100, at most two places."""
    try:
        value = exact(text)
    except ValueError:
        value = Fraction(-1)
    if not 0 <= value <= FULL or value * 100 != int(value * 100):
        raise RuleBroken(_("请填 0 至 100 之间的分数，最多两位小数。"), code="score", status=422, field="score")
    return value
