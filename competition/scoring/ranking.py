"""Ranks: figures first, then the tie chain, then a shared rank or a recorded decision.

Nothing is ever ordered silently: what the chain and the decisions leave equal shares its
rank, or, where ranks may not be shared, is reported and gets no rank.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import lcm
from operator import attrgetter
from typing import NamedTuple

from competition.scoring import exact
from competition.scoring.draft import ZEROED, Draft
from competition.scoring.inputs import Decision
from competition.scoring.model import RankingRule, TieStep

NAMED = 8  # how many of a large tied group a sentence names

_Key = tuple[int, int]
Trail = Mapping[str, Sequence["Compared"]]


class Compared(NamedTuple):
    """One comparison that somebody went through: the figure, its value, and with whom.

    ``others`` names the first of them, ``many`` says how many they are; ``separated`` tells whether it split the group.
    """

    figure: str
    descending: bool
    value: str
    others: tuple[str, ...]
    many: int
    separated: bool


class Placing(NamedTuple):
    """Somebody's rank (None while a forbidden tie is undecided) and how it came about.

    ``shared_with`` names the first of those who share it, ``shared`` says how many they are.
    """

    entry: str
    rank: int | None
    shared_with: tuple[str, ...] = ()
    shared: int = 0
    compared: tuple[Compared, ...] = ()
    decided: Decision | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """All placings in rank order, ties that need a decision, and decisions that were used."""

    placings: tuple[Placing, ...]
    undecided: tuple[tuple[str, ...], ...] = ()
    used: frozenset[int] = frozenset()


@dataclass(slots=True)
class Equals:
    """Those whom the chain leaves equal, by their ids, with what each of them went through."""

    ids: tuple[str, ...]
    trail: Trail
    _place: int | None = None
    _placed: list[Placing] | None = None

    def at(self, place: int | None) -> list[Placing]:
        """Their placings on one rank, which they share; those of the last time when it is the same rank."""
        if self._placed is None or self._place != place:
            ids, trail = self.ids, self.trail
            self._place, shared = place, len(ids) - 1
            self._placed = [Placing(entry, place, _others(ids, entry), shared, tuple(trail.get(entry, ()))) for entry in ids]
        return self._placed

    def decided(self, decision: Decision, number: int) -> list[Placing]:
        """The decided order, from rank ``number`` on."""
        order = enumerate(decision.order, start=number)
        return [Placing(entry, place, compared=tuple(self.trail.get(entry, ())), decided=decision) for place, entry in order]


_NOTHING: Trail = {}
# Groups of an equal figure as they were: by the drafts in them, what the chain made of them.
Groups = dict[int | tuple[int, ...], tuple[list[Draft], list[Equals]]]


def rank(
    drafts: Sequence[Draft], rule: RankingRule, decisions: Sequence[Decision] = (), *, descending: bool = True, groups: Groups | None = None
) -> Ranking:
    """Rank those who have a figure; ``decisions`` are those about this ranking.

    ``groups``: those of the last time; they become those of this time.
    """
    placed = [draft for draft in (_as_before(drafts, groups) if groups else drafts) if draft.value is not None]
    now: Groups = {}
    equals: list[Equals] = []
    for group in _equals([draft for draft in placed if draft.status != ZEROED], descending=descending):
        if groups is None:
            equals += _parted(group, rule.ties)
            continue
        key = id(group[0]) if len(group) == 1 else tuple(map(id, group))
        now[key] = made = groups.get(key) or (group, _parted(group, rule.ties))
        equals += made[1]
    zeroed = [draft for draft in placed if draft.status == ZEROED]
    equals += [Equals(_ids(group), {}) for group in _equals(zeroed, descending=descending)]
    if groups is not None:
        groups.clear()
        groups.update(now)
    return _numbered(equals, rule, decisions)


def _as_before(drafts: Sequence[Draft], groups: Groups) -> list[Draft]:
    """Those of the last time in the order of that time, then the others: what is nearly sorted is soon sorted."""
    left = {id(draft): draft for draft in drafts}
    before = [left.pop(id(draft)) for group, _made in groups.values() for draft in group if id(draft) in left]
    return before + list(left.values())


def _parted(group: list[Draft], chain: Sequence[TieStep]) -> list[Equals]:
    if len(group) == 1 or not chain:
        return [Equals(_ids(group), _NOTHING)]
    trail: dict[str, list[Compared]] = {}
    return [Equals(_ids(part), trail) for part in _chain(group, chain, trail)]


def _ids(group: Sequence[Draft]) -> tuple[str, ...]:
    return tuple(sorted([draft.entry for draft in group]))


def _numbered(groups: Sequence[Equals], rule: RankingRule, decisions: Sequence[Decision]) -> Ranking:
    """Ranks for groups of equals, best first."""
    placings: list[Placing] = []
    undecided: list[tuple[str, ...]] = []
    orders = {tuple(sorted(decision.order)): index for index, decision in reversed(list(enumerate(decisions)))}
    used: set[int] = set()
    number = 0
    dense = rule.shared == "dense"
    for group in groups:
        number = number + 1 if dense else len(placings) + 1
        if len(group.ids) == 1:
            placings += group.at(number)
        elif group.ids in orders:
            used.add(orders[group.ids])
            placings += group.decided(decisions[orders[group.ids]], number)
            number += len(group.ids) - 1
        elif rule.shared == "forbidden":
            undecided.append(group.ids)
            placings += group.at(None)
        else:
            placings += group.at(number)
    return Ranking(tuple(placings), tuple(undecided), frozenset(used))


def _chain(group: list[Draft], chain: Sequence[TieStep], trail: dict[str, list[Compared]]) -> list[list[Draft]]:
    """``group`` split as far as the chain can split it, best first."""
    if len(group) == 1 or not chain:
        return [group]
    step, rest = chain[0], chain[1:]
    parts = _split(group, step)
    ids = sorted(draft.entry for draft in group)
    for draft in group:
        found = draft.figures.get(step.figure)
        value = "" if found is None else exact.text(found)
        made = Compared(step.figure, step.descending, value, _others(ids, draft.entry), len(ids) - 1, len(parts) > 1)
        trail.setdefault(draft.entry, []).append(made)
    return [final for part in parts for final in _chain(part, rest, trail)]


def _others(ids: Sequence[str], entry: str) -> tuple[str, ...]:
    """The first others of a group, as many as a sentence names."""
    if len(ids) == 1:
        return ()
    return tuple(other for other in ids[: NAMED + 1] if other != entry)[:NAMED]


def _equals(drafts: Sequence[Draft], *, descending: bool) -> list[list[Draft]]:
    """Groups of equal published figures, best first."""
    ordered = sorted(drafts, key=_value, reverse=descending)
    return [list(group) for _, group in groupby(ordered, key=_value)]


_value = attrgetter("value")


def _split(group: Sequence[Draft], step: TieStep) -> list[list[Draft]]:
    """Groups of an equal figure of the chain: complete ones before partial ones before none at all."""
    figures = {draft.entry: found for draft in group if (found := draft.figures.get(step.figure)) is not None}
    key = _keys(figures, step, {draft.entry for draft in group if step.figure in draft.partial})
    ordered = sorted(group, key=key)
    return [list(part) for _, part in groupby(ordered, key=key)]


def _keys(figures: Mapping[str, Fraction], step: TieStep, partial: set[str]) -> Callable[[Draft], _Key]:
    """Sort keys; figures are compared as whole numbers over one denominator."""
    common = lcm(*(figure.denominator for figure in figures.values()))
    sign = -common if step.descending else common
    whole = {entry: figure.numerator * (sign // figure.denominator) for entry, figure in figures.items()}

    def key(draft: Draft) -> _Key:
        number = whole.get(draft.entry)
        return (2, 0) if number is None else (int(draft.entry in partial), number)

    return key
