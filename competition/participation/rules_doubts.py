"""What in the returns looks wrong, and how a doubt ends. Pure.

A doubt is one finding about one or two returns, known by its ``kind`` and ``key``; ``inputs`` are the figures that it rests on. It is open
until it is accepted as an exception for exactly these inputs, or given to the union to mend; it is gone when it is not found any more.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median
from typing import Any

from flask_babel import lazy_gettext as _

from competition.core.errors import RuleBroken

OPEN, GIVEN, ACCEPTED, GONE = "open", "given", "accepted", "gone"
KINDS = {
    "shared": _("同一批人出现在不同工会的名册里"), "copied": _("两项活动的名册几乎相同"), "above_members": _("人数超过会员数"),
    "round": _("总数是整百整千"), "jump": _("人数突然大增"), "numbers": _("名册里有证件号码不对的行没有计入"),
}
# Our own defaults; settings of the list.
DEFAULTS = {"shared_least": 5, "copied_percent": 80, "copied_least": 10, "round_from": 100, "jump_times": 3, "jump_least": 50}
BOUNDS = {"shared_least": (1, 10_000), "copied_percent": (50, 100), "copied_least": (2, 10_000), "round_from": (100, 100_000),
          "jump_times": (2, 100), "jump_least": (1, 100_000)}
HISTORY = 3


@dataclass(frozen=True)
class Side:
    """A return as far as doubts look at it: ``people`` of a roster, or ``heads``; ``members`` of its union; ``unread``: rows of its
    table that were left out for their ID numbers (a failing check digit, damaged, none)."""

    id: uuid.UUID
    number: int
    union: uuid.UUID
    activity: int
    month: int
    kind: str
    people: int
    members: int | None
    unread: int = 0


@dataclass(frozen=True)
class Found:
    """A doubt as it was found; ``other``: the second return of those about two."""

    kind: str
    side: Side
    other: Side | None = None
    figures: Mapping[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same as long as it is about the same returns' unions, activities and months: a corrected version changes nothing."""
        return " ".join("/".join((one.union.hex, str(one.activity), str(one.month))) for one in (self.side, self.other) if one)

    @property
    def inputs(self) -> str:
        """A hash of the figures that the doubt rests on."""
        return hashlib.sha256(json.dumps(sorted(self.figures.items())).encode()).hexdigest()


def of_pairs(pairs: Iterable[tuple[int, int, int]], sides: Mapping[int, Side], limits: Mapping[str, int]) -> list[Found]:
    """``pairs``: two numbers of returns and how many people both name. The same people in two activities nearly whole are a copy;
    people of two unions in the same month are shared."""
    found = []
    for one, two, both in pairs:
        first, second = sides.get(one), sides.get(two)
        if first is None or second is None:
            continue
        first, second = sorted((first, second), key=lambda side: (side.union.hex, side.activity, side.month))
        least = min(first.people, second.people)
        figures = {"both": both, "people": first.people, "other_people": second.people}
        is_copy = both >= limits["copied_least"] and both * 100 >= least * limits["copied_percent"]
        if first.activity != second.activity and is_copy:
            found.append(Found("copied", first, second, figures))
        elif first.union != second.union and first.month == second.month and both >= limits["shared_least"]:
            found.append(Found("shared", first, second, figures))
    return found


def of_one(sides: Iterable[Side], limits: Mapping[str, int]) -> list[Found]:
    """More people than members; a bulk figure of whole hundreds; rows that did not count for their ID numbers."""
    found = []
    for side in sides:
        if side.members and side.people > side.members:
            found.append(Found("above_members", side, None, {"people": side.people, "members": side.members}))
        if side.kind == "bulk" and side.people >= limits["round_from"] and side.people % 100 == 0:
            found.append(Found("round", side, None, {"people": side.people}))
        if side.unread:
            found.append(Found("numbers", side, None, {"unread": side.unread, "people": side.people}))
    return found


def of_history(sides: Sequence[Side], limits: Mapping[str, int]) -> list[Found]:
    """A union's month with several times the people of its own months before (their median, of three at least)."""
    months: dict[uuid.UUID, dict[int, list[Side]]] = {}
    for side in sides:
        months.setdefault(side.union, {}).setdefault(side.month, []).append(side)
    found = []
    for own in months.values():
        people = {month: sum(side.people for side in some) for month, some in own.items()}
        for month, total in people.items():
            before = [people[other] for other in people if other < month]
            usual = Fraction(median(before)) if len(before) >= HISTORY else None
            if usual and total >= usual * limits["jump_times"] and total >= limits["jump_least"]:
                largest = max(own[month], key=lambda side: (side.people, side.activity))
                found.append(Found("jump", largest, None, {"people": total, "usual": round(usual)}))
    return found


def after_look(state: str | None, inputs: str | None, found: Found | None) -> str:
    """What a doubt is after everything was looked at: ``state`` and ``inputs`` as they stood, ``found`` if it still is."""
    if found is None:
        return GONE
    if state in (ACCEPTED, GIVEN) and inputs == found.inputs:
        return str(state)
    return OPEN


def check_open(state: str) -> None:
    """Only what is not done yet can be decided."""
    if state not in (OPEN, GIVEN):
        raise RuleBroken(_("这一条已经办结，不能再改。"), code="doubt_over")


def mark_of(state: str, inputs: str) -> str:
    """What a page shows of a doubt, in a word: where it stands and the figures that it rests on."""
    return f"{state} {inputs}"


def check_seen(seen: str | None, state: str, inputs: str) -> None:
    """Was it decided about what is there now? ``seen``: ``mark_of`` what the page showed; None: nobody looked at a page."""
    if seen is not None and seen != mark_of(state, inputs):
        raise RuleBroken(_("这一条刚刚有了变动，请看过现在的内容再办理。"), code="changed_since")


def check_limits(values: Mapping[str, Any]) -> dict[str, int]:
    """All thresholds within their bounds; raises RuleBroken at the first that is not."""
    for name, (least, most) in BOUNDS.items():
        value = values.get(name)
        if not isinstance(value, int) or not least <= value <= most:
            words = _("请填 %(least)s 至 %(most)s 之间的整数。", least=least, most=most)
            raise RuleBroken(words, code="limit", status=422, field=name)
    return {name: int(values[name]) for name in BOUNDS}
