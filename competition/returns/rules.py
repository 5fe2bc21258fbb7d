"""How a return goes up the tree: who may do what with it next. Pure.

A return is a union's word about one activity in one month: a roster of people, or a bulk figure with evidence. It is a draft,
then submitted and approved by each union above, one after the other; each may give it back with a reason. When the last one
has approved, it counts. What counts is never changed: it is corrected by a new version, which replaces it when that counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask_babel import lazy_gettext as _

from competition.activities.rules import MEASURES
from competition.core.errors import RuleBroken

# A void version says that nobody took part after all: there is none but as a correction.
ROSTER, BULK, VOID = "roster", "bulk", "void"
DRAFT, SUBMITTED, RETURNED, COUNTED, SUPERSEDED = "draft", "submitted", "returned", "counted", "superseded"
# A draft that was given up: its people are gone, its number is never given to another.
DISCARDED = "discarded"
EDITABLE = (DRAFT, RETURNED)
UNDER_WAY = (DRAFT, SUBMITTED, RETURNED)
WAYS = {ROSTER: _("按名册"), BULK: _("按总数")}
KINDS = {**WAYS, VOID: _("作废")}
CORRECTIONS = {**WAYS, VOID: _("作废：这个月其实没有人参加，或者报错了活动、月份")}
STATES = {DRAFT: _("草稿"), SUBMITTED: _("待审核"), RETURNED: _("退回修改"), COUNTED: _("已计入"), SUPERSEDED: _("已更正")}
# In the order in which steps of one instant follow one another.
VERDICTS = {
    "begin": _("新建上报"), "correct": _("新建更正版本"), "roster": _("填入名册"), "bulk": _("填写总数"), "measures": _("填写成效数字"),
    "submit": _("提交上报"), "take_back": _("撤回上报"), "approve": _("审核通过"), "give_back": _("退回修改"), "count": _("计入参赛数字"),
    "discard": _("删除草稿"), "undo_roster": _("撤销名册导入"),
}
MOST_HEADS, MOST_MEASURE = 1_000_000, 1_000_000_000
Node = TypeVar("Node")


@dataclass(frozen=True)
class Bulk:
    """Heads that are reported without names, and how many of them are known to be among the registered persons."""

    heads: int
    overlap: int

    @property
    def more(self) -> int:
        """What it adds to the registered persons."""
        return self.heads - self.overlap


def check_draft(heads: int | None, overlap: int | None) -> None:
    """What a draft may say of a bulk figure: it may be unfinished, but not contradict itself."""
    if heads is not None and not 1 <= heads <= MOST_HEADS:
        raise RuleBroken(_("请填写人数，在 1 与 1,000,000 之间。"), code="heads", status=422, field="heads")
    if overlap is not None and not 0 <= overlap <= (MOST_HEADS if heads is None else heads):
        raise RuleBroken(_("请填写其中已实名登记的人数，在 0 与总人数之间。"), code="overlap", status=422, field="overlap")


def check_bulk(heads: int | None, overlap: int | None, has_evidence: bool) -> Bulk:
    """A bulk figure with its overlap and its evidence; raises when one is missing or they contradict each other."""
    if heads is None or not 1 <= heads <= MOST_HEADS:
        raise RuleBroken(_("请填写人数，在 1 与 1,000,000 之间。"), code="heads", status=422, field="heads")
    if overlap is None or not 0 <= overlap <= heads:
        raise RuleBroken(_("请填写其中已实名登记的人数，在 0 与总人数之间。"), code="overlap", status=422, field="overlap")
    if not has_evidence:
        raise RuleBroken(_("按总数上报须附依据材料。"), code="evidence", status=422, field="evidence")
    return Bulk(heads, overlap)


def check_measures(values: dict[str, int]) -> None:
    """Known measures, none below 0, and not more adopted than made."""
    if set(values) - set(MEASURES) or any(not 0 <= value <= MOST_MEASURE for value in values.values()):
        raise RuleBroken(_("成效数字应为不小于 0 的整数。"), code="measures", status=422)
    if values.get("suggestions_adopted", 0) > values.get("suggestions", 0):
        raise RuleBroken(_("采纳的建议不能多于提出的建议。"), code="adopted", status=422, field="suggestions_adopted")


def given(values: Mapping[str, int]) -> dict[str, int]:
    """The measures that say something, in their order."""
    return {name: values[name] for name in MEASURES if values.get(name)}


def check_figures(kind: str) -> None:
    """A void version says nothing but that nobody took part."""
    if kind == VOID:
        raise RuleBroken(_("作废的版本没有可填的数字。"), code="void")


def check_editable(state: str) -> None:
    """Is it still the union's own?"""
    if state not in EDITABLE:
        raise RuleBroken(_("已上报的不能修改。请先撤回；已计入的请另建更正版本。"), code="not_editable")


def check_open(is_closed: bool, was_submitted_in_time: bool, is_correction: bool) -> None:
    """Nothing new is reported for a closed month. What was handed up in time may come back changed, what counts may be corrected."""
    if is_closed and not was_submitted_in_time and not is_correction:
        raise RuleBroken(_("这个月已经截止，不能再新报；已计入的可以更正。"), code="closed")


def check_begun(month: int, newest: int) -> None:
    """What has not begun has no participants yet."""
    if month > newest:
        raise RuleBroken(_("这个月还没有到，不能上报。"), code="month_ahead", status=422, field="month")


def check_closable(month: int, this: int) -> None:
    """A month that has not come is not closed. Both are counted as ``rules_periods`` does."""
    if month > this:
        raise RuleBroken(_("这个月还没有到，不能截止。"), code="month_ahead")


def check_free(states: Sequence[str]) -> None:
    """Of one union, activity and month there is one return at a time; ``states``: those of the others."""
    if COUNTED in states:
        raise RuleBroken(_("这个月的这项活动已经上报并计入，请更正原来的上报。"), code="counted_already")
    if any(state in UNDER_WAY for state in states):
        raise RuleBroken(_("这个月的这项活动已有一份上报正在办理，请接着办理那一份。"), code="under_way")


def check_other_person(is_same: bool) -> None:
    """Nobody approves what he has handed up himself, whatever roles he holds."""
    if is_same:
        raise RuleBroken(_("这份上报是您本人提交的，不能再由您审核，请由审核工会的其他人办理。"), code="own_return")


def check_seen(seen: int | None, now: int) -> None:
    """Was it decided about what is there now? By the number of steps that the page showed; None: nobody looked at a page."""
    if seen is not None and seen != now:
        raise RuleBroken(_("这份上报刚刚有了变动，请看过现在的内容再办理。"), code="changed_since")


def check_waiting(state: str, waiting_at: object, node: object) -> None:
    """Is it this union's turn?"""
    if state != SUBMITTED or waiting_at != node:
        raise RuleBroken(_("这份上报现在不由您审核。"), code="not_waiting")


def after(chain: Sequence[Node], node: Node | None) -> Node | None:
    """The union that decides next: the nearest above, then the one above that; None when all have approved.

    A union that is not above any more (the tree was changed meanwhile) is followed by the nearest that is.
    """
    if node is None or node not in chain:
        return chain[0] if chain else None
    place = chain.index(node) + 1
    return chain[place] if place < len(chain) else None
