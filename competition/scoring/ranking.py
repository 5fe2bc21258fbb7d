"""Ranks: figures first, then the tie chain, then a shared rank or a recorded decision.

Nothing is ever ordered silently: what the chain and the decisions leave equal shares its
rank, or, where ranks may not be shared, is reported and gets no rank.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import chain, groupby
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
            self._placed = [
                Placing(entry, place, _others(ids, index), shared, tuple(trail.get(entry, ()))) for index, entry in enumerate(ids)
            ]
        return self._placed

    def decided(self, decision: Decision, number: int) -> list[Placing]:
        """The decided order, from rank ``number`` on."""
        order = enumerate(decision.order, start=number)
        return [Placing(entry, place, compared=tuple(self.trail.get(entry, ())), decided=decision) for place, entry in order]


_NOTHING: Trail = {}
_value: Callable[[Draft], Decimal] = attrgetter("value")  # of those who have one


class Rungs:
    """Drafts on rungs of an equal figure, from the lowest up, and what the chain makes of each rung."""

    def __init__(self, drafts: Iterable[Draft], ties: Sequence[TieStep]) -> None:
        self._ties = ties
        self._drafts = [list(group) for _, group in groupby(sorted(drafts, key=_value), key=_value)]
        self._values = [_value(group[0]) for group in self._drafts]
        self._parted = [_parted(group, ties) for group in self._drafts]

    def equals(self, *, descending: bool) -> Iterable[Equals]:
        """All groups of equals, best first."""
        return chain.from_iterable(reversed(self._parted) if descending else self._parted)

    def put(self, draft: Draft) -> None:
        """Add somebody."""
        place, value = bisect_left(self._values, _value(draft)), _value(draft)
        if self._values[place : place + 1] != [value]:
            self._values.insert(place, value)
            self._drafts.insert(place, [])
            self._parted.insert(place, [])
        self._drafts[place].append(draft)
        self._parted[place] = _parted(self._drafts[place], self._ties)

    def take(self, draft: Draft) -> None:
        """Remove somebody who is there."""
        place = bisect_left(self._values, _value(draft))
        left = self._drafts[place] = [other for other in self._drafts[place] if other is not draft]
        if left:
            self._parted[place] = _parted(left, self._ties)
        else:
            del self._values[place], self._drafts[place], self._parted[place]


class Ladder:
    """Those who have a figure, and behind them those who were set to zero; when a draft is another one, it alone moves."""

    def __init__(self, drafts: Mapping[str, Draft], rule: RankingRule, *, descending: bool) -> None:
        self._rule = rule
        self._descending = descending
        self._drafts = dict(drafts)
        placed = [draft for draft in drafts.values() if draft.value is not None]
        self._ranked = Rungs([draft for draft in placed if draft.status != ZEROED], rule.ties)
        self._zeroed = Rungs([draft for draft in placed if draft.status == ZEROED], ())

    def put(self, draft: Draft) -> None:
        """Another draft in the place of the one that its entrant had."""
        before = self._drafts[draft.entry]
        self._drafts[draft.entry] = draft
        if before.value is not None:
            self._rungs(before).take(before)
        if draft.value is not None:
            self._rungs(draft).put(draft)

    def ranking(self, decisions: Sequence[Decision] = ()) -> Ranking:
        """As they stand now; ``decisions`` are those about this ranking."""
        both = [*self._ranked.equals(descending=self._descending), *self._zeroed.equals(descending=self._descending)]
        return _numbered(both, self._rule, decisions)

    def _rungs(self, draft: Draft) -> Rungs:
        return self._zeroed if draft.status == ZEROED else self._ranked


def _parted(group: list[Draft], ties: Sequence[TieStep]) -> list[Equals]:
    if len(group) == 1 or not ties:
        return [Equals(_ids(group), _NOTHING)]
    trail: dict[str, list[Compared]] = {}
    return [Equals(_ids(part), trail) for part in _split_by(ties, group, trail)]


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


def _split_by(ties: Sequence[TieStep], group: list[Draft], trail: dict[str, list[Compared]]) -> list[list[Draft]]:
    """``group`` split as far as the chain can split it, best first."""
    if len(group) == 1 or not ties:
        return [group]
    step, rest = ties[0], ties[1:]
    figures = {draft.entry: found for draft in group if (found := draft.figures.get(step.figure)) is not None}
    parts = _split(group, step, figures)
    ids = _ids(group)
    for index, entry in enumerate(ids):
        value = exact.text(figures[entry]) if entry in figures else ""
        made = Compared(step.figure, step.descending, value, _others(ids, index), len(ids) - 1, len(parts) > 1)
        trail.setdefault(entry, []).append(made)
    return [final for part in parts for final in _split_by(rest, part, trail)]


def _others(ids: tuple[str, ...], index: int) -> tuple[str, ...]:
    """The first others of a group, as many as a sentence names."""
    return ids[: min(index, NAMED)] + ids[index + 1 : NAMED + 1]


def _split(group: Sequence[Draft], step: TieStep, figures: Mapping[str, Fraction]) -> list[list[Draft]]:
    """Groups of an equal figure of the chain: complete ones before partial ones before none at all."""
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
