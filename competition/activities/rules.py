"""What differs between kinds of activity, as data; which unions decide on a declaration; what can be done with it when. Pure.

Which level decides on what, which kind is asked which measures, and how often stages are reported are our own defaults: no official
text says so. They stand in tables here, so that another province changes a line and no program.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _

from competition.core.errors import RuleBroken
from competition.core.money import in_ten_thousands

DRAFT, SUBMITTED, RETURNED, APPROVED, WITHDRAWN = "draft", "submitted", "returned", "approved", "withdrawn"
EDITABLE = (DRAFT, RETURNED)
# What a page says: where the declaration stands, and once it is approved where the contest does.
STATES = {DRAFT: _("草稿"), SUBMITTED: _("待审核"), RETURNED: _("退回修改"), APPROVED: _("已核准"), "running": _("进行中"),
          "finished": _("已结束"), "postponed": _("已延期"), "stopped": _("已中止"), "cancelled": _("已取消"), WITHDRAWN: _("已撤销")}
TONES = {SUBMITTED: "wait", RETURNED: "care", APPROVED: "good", "running": "wait", "finished": "lock", "postponed": "care",
         "stopped": "bad", "cancelled": "bad"}
STEPS = {"begin": _("新建"), "change": _("修改"), "submit": _("提交申报"), "take_back": _("撤回申报"), "approve": _("审核通过"),
         "give_back": _("退回修改"), "approved": _("核准"), "withdraw": _("撤销申报"), "flag": _("认定为引领性"),
         "unflag": _("取消引领性认定"), "start": _("开始"), "finish": _("结束"), "report": _("提交阶段小结"),
         "acknowledge": _("收阅阶段小结"),
         "give_back_report": _("退回阶段小结"), "sheet": _("设定评价表"), "close": _("完成评价")}


@dataclass(frozen=True)
class Measure:
    """Something that an activity brings besides people, as its stages and its returns say it: its words and the unit it is counted in."""

    label: Any
    unit: Any
    is_money: bool = False

    def in_units(self, value: int) -> int | Decimal:
        """As people say it: money, kept in hundredths, in 10,000 yuan."""
        return in_ten_thousands(value) if self.is_money else value


MEASURES = {
    "suggestions": Measure(_("提出合理化建议"), _("件")), "suggestions_adopted": Measure(_("采纳实施合理化建议"), _("件")),
    "innovations": Measure(_("技术革新"), _("项")), "inventions": Measure(_("发明创造"), _("项")),
    "methods": Measure(_("先进操作法"), _("项")), "patents": Measure(_("国家专利"), _("项")),
    "benefit": Measure(_("创造经济效益"), _("万元"), is_money=True), "promotions": Measure(_("晋升技术等级"), _("人")),
    "titles": Measure(_("命名技术能手等称号"), _("人")), "units": Measure(_("开展活动的单位"), _("家")),
}


def in_units(name: str, value: int) -> int | Decimal:
    """A measure as people say it."""
    return MEASURES[name].in_units(value)


def as_told(values: Mapping[str, int]) -> dict[str, str]:
    """Measures for the record, each as people say it."""
    return {name: str(in_units(name, value)) for name, value in values.items()}


@dataclass(frozen=True)
class Kind:
    """How an activity of one kind usually is: which measures are asked of it, how often it reports, whether it collects results."""

    measures: tuple[str, ...]
    rhythm: str = "none"
    collects: bool = False


_IDEAS = ("suggestions", "suggestions_adopted", "innovations", "methods", "benefit")
_SKILLS = ("promotions", "titles", "methods", "units")
KINDS = {
    "labour": Kind(("units", *_IDEAS), rhythm="quarter"),
    "drill": Kind(_SKILLS, rhythm="quarter"),
    "match": Kind(_SKILLS),
    "five_small": Kind(("units", *_IDEAS, "inventions", "patents"), rhythm="quarter", collects=True),
    "ankang": Kind(("units", "suggestions", "suggestions_adopted", "benefit"), rhythm="quarter"),
    "knowledge": Kind(("units",)),
    "speech": Kind(("units",)),
}

# Up to which union a declaration of a level goes. A county's activity is the county's own affair; what calls itself provincial has to
# be known to the province. National ones are handed on by the province outside of this system.
DECIDES = {"employer": "county", "county": "county", "prefecture": "prefecture", "province": "province", "national": "province"}
_RANK = {"national": 0, "province": 1, "prefecture": 2, "county": 3, "grassroots": 4}
Node = TypeVar("Node")


def route(above: Sequence[tuple[Node, str]], own_level: str, claimed: str) -> list[Node]:
    """The unions that decide, in their order: each above the declarer, up to the first as high as the claimed level asks for.

    ``above``: (union, level), nearest first. Empty when the declarer is itself that high: it decides by declaring.
    """
    last = _RANK[DECIDES[claimed]]
    found: list[Node] = []
    if _RANK[own_level] <= last:
        return found
    for node, level in above:
        if level == "national":
            break
        found.append(node)
        if _RANK[level] <= last:
            break
    return found


def after(chain: Sequence[Node], node: Node | None) -> Node | None:
    """Who decides next; None when all have."""
    place = chain.index(node) + 1 if node is not None else 0
    return chain[place] if place < len(chain) else None


def standing(state: str, phase: str, condition: str) -> str:
    """The one word for where an activity is; a key of STATES."""
    if state != APPROVED:
        return state
    if condition != "normal":
        return condition
    return phase if phase in ("running", "finished") else APPROVED


def check_editable(state: str) -> None:
    """Is it still the declarer's own?"""
    if state not in EDITABLE:
        raise RuleBroken(_("已提交的申报不能修改。请先撤回；已核准的请联系核准的工会。"), code="not_editable")


def check_waiting(state: str, waiting_at: object, node: object) -> None:
    """Is it this union's turn?"""
    if state != SUBMITTED or waiting_at != node:
        raise RuleBroken(_("这项申报现在不由您审核，请刷新页面。"), code="not_waiting")


def check_seen(seen: int | None, now: int) -> None:
    """Was it decided about what is there now? By the number of steps that the page showed; None: nobody looked at a page."""
    if seen is not None and seen != now:
        raise RuleBroken(_("这项申报刚刚有了变动，请看过现在的内容再办理。"), code="changed_since")


def check_going_on(state: str, condition: str) -> None:
    """Can anything be reported of it: approved, and neither cancelled nor halted?"""
    if state != APPROVED:
        raise RuleBroken(_("活动核准以后才能办理这一步。"), code="not_approved")
    if condition in ("cancelled", "stopped"):
        raise RuleBroken(_("活动已中止或已取消，不能再办理这一步。"), code="halted")


def check_measures(kind: str, values: Mapping[str, int]) -> None:
    """Measures that are asked of this kind, none below 0, not more adopted than made."""
    if set(values) - set(KINDS[kind].measures) or any(value < 0 for value in values.values()):
        raise RuleBroken(_("成效数字应为不小于 0 的整数。"), code="measures", status=422)
    if values.get("suggestions_adopted", 0) > values.get("suggestions", 0):
        raise RuleBroken(_("采纳的建议不能多于提出的建议。"), code="adopted", status=422, field="suggestions_adopted")


def needed(reason: str | None) -> str:
    """A reason, without blanks around; raises when there is none."""
    said = (reason or "").strip()
    if not said:
        raise RuleBroken(_("请写明理由。"), code="reason", status=422, field="reason")
    return said


# ---- 五小 ------------------------------------------------------------------------------------------

ACHIEVEMENTS = {"invention": _("小发明"), "creation": _("小创造"), "renovation": _("小革新"), "design": _("小设计"),
                "suggestion": _("小建议")}
# As which measure a result counts.
COUNTS_AS = {"invention": "inventions", "creation": "innovations", "renovation": "innovations", "design": "innovations",
             "suggestion": "suggestions"}


def measures_of_achievements(rows: Sequence[tuple[str, bool, int]]) -> dict[str, int]:
    """What the results of an activity come to. ``rows``: kind, adopted, benefit in hundredths of 10,000 yuan; it counts when adopted."""
    found = dict.fromkeys(("suggestions", "suggestions_adopted", "innovations", "inventions", "benefit"), 0)
    for kind, is_adopted, benefit in rows:
        found[COUNTS_AS[kind]] += 1
        found["suggestions_adopted"] += kind == "suggestion" and is_adopted
        found["benefit"] += benefit if is_adopted else 0
    return found


def check_achievement(kind: str, is_adopted: bool, benefit: int, has_pledge: bool) -> None:
    """A known kind, the pledge given, no benefit of what was never put to use."""
    if kind not in ACHIEVEMENTS:
        raise RuleBroken(_("请选择成果的类别。"), code="kind", status=422, field="kind")
    if not has_pledge:
        raise RuleBroken(_("请由申报单位承诺内容真实后再登记。"), code="pledge", status=422, field="has_pledge")
    if benefit < 0 or (benefit and not is_adopted):
        raise RuleBroken(_("没有采纳实施的成果不计经济效益，请核对。"), code="benefit", status=422, field="benefit")
