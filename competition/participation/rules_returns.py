"""How a return goes up the tree: who may do what with it next. Pure.

A return is a union's word about one activity in one month: a roster of people, or a bulk figure with evidence. It is a draft,
then submitted and approved by each union above, one after the other; each may give it back with a reason. When the last one
has approved, it counts. What counts is never changed: it is corrected by a new version, which replaces it when that counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask_babel import lazy_gettext as _

from competition.core.errors import RuleBroken

ROSTER, BULK = "roster", "bulk"
DRAFT, SUBMITTED, RETURNED, COUNTED, SUPERSEDED = "draft", "submitted", "returned", "counted", "superseded"
EDITABLE = (DRAFT, RETURNED)
# What a return can say besides people: pieces, items, and the benefit in 10,000 yuan.
MEASURES = ("suggestions", "suggestions_adopted", "innovations", "inventions", "methods", "patents", "benefit", "promotions", "titles",
            "units")
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


def check_bulk(heads: int | None, overlap: int | None, has_evidence: bool) -> Bulk:
    """A bulk figure with its overlap and its evidence; raises when one is missing or they contradict each other."""
    if heads is None or heads < 1:
        raise RuleBroken(_("请填写人数，至少 1 人。"), code="heads", status=422)
    if overlap is None or not 0 <= overlap <= heads:
        raise RuleBroken(_("请填写其中已实名登记的人数，在 0 与总人数之间。"), code="overlap", status=422)
    if not has_evidence:
        raise RuleBroken(_("按总数上报须附依据材料。"), code="evidence", status=422)
    return Bulk(heads, overlap)


def check_measures(values: dict[str, int]) -> None:
    """Known measures, none below 0, and not more adopted than made."""
    if set(values) - set(MEASURES) or any(value < 0 for value in values.values()):
        raise RuleBroken(_("成效数字应为不小于 0 的整数。"), code="measures", status=422)
    if values.get("suggestions_adopted", 0) > values.get("suggestions", 0):
        raise RuleBroken(_("采纳的建议不能多于提出的建议。"), code="adopted", status=422)


def check_editable(state: str) -> None:
    """Is it still the union's own?"""
    if state not in EDITABLE:
        raise RuleBroken(_("已上报的不能修改。请先撤回；已计入的请另建更正版本。"), code="not_editable")


def check_waiting(state: str, waiting_at: object, node: object) -> None:
    """Is it this union's turn?"""
    if state != SUBMITTED or waiting_at != node:
        raise RuleBroken(_("这份上报现在不由您审核。"), code="not_waiting")


def after(chain: Sequence[Node], node: Node | None) -> Node | None:
    """The union that decides next: the nearest above, then the one above that; None when all have approved."""
    if node is None:
        return chain[0] if chain else None
    place = chain.index(node) + 1
    return chain[place] if place < len(chain) else None
