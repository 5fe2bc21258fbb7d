"""Ranks: figures first, then the tie chain, then a shared rank or a recorded decision.

Nothing is ever ordered silently: what the chain and the decisions leave equal shares its
rank, or, where ranks may not be shared, is reported and gets no rank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from math import lcm

from competition.scoring import exact
from competition.scoring.inputs import Decision
from competition.scoring.model import RankingRule, TieStep

NAMED = 8  # how many of a large tied group a sentence names


@dataclass(frozen=True, slots=True)
class Candidate:
    """One figure to be ranked. ``last`` puts it behind all others (an outcome of zero)."""

    entry: str
    value: Fraction
    figures: Mapping[str, Fraction] = field(default_factory=dict)
    partial: frozenset[str] = frozenset()
    last: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison that a candidate went through: the figure, its value, and with whom.

    ``others`` names the first of them, ``count`` says how many they are; ``separated`` tells whether it split the group.
    """

    figure: str
    descending: bool
    value: str
    others: tuple[str, ...]
    count: int
    separated: bool


@dataclass(frozen=True, slots=True)
class Placing:
    """A candidate's rank (None while a forbidden tie is undecided) and how it came about.

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


def rank(
    candidates: Sequence[Candidate],
    rule: RankingRule,
    decisions: Sequence[Decision] = (),
    *,
    descending: bool = True,
) -> Ranking:
    """Rank ``candidates``; ``decisions`` are those about this ranking."""
    trail: dict[str, list[Compared]] = {item.entry: [] for item in candidates}
    groups: list[list[Candidate]] = []
    for group in _split([(item, int(item.last), item.value) for item in candidates], descending=descending):
        groups += [group] if group[0].last else _chain(group, rule.ties, trail)
    placings: list[Placing] = []
    undecided: list[tuple[str, ...]] = []
    used: set[int] = set()
    number = 0
    for group in groups:
        number = number + 1 if rule.shared == "dense" else len(placings) + 1
        ids = tuple(sorted(item.entry for item in group))
        decision = _decision(ids, decisions)
        if len(ids) > 1 and decision is not None:
            order = decisions[decision].order
            used.add(decision)
            for offset, entry in enumerate(order):
                placings.append(Placing(entry, number + offset, compared=tuple(trail[entry]), decided=decisions[decision]))
            number += len(order) - 1
            continue
        forbidden = rule.shared == "forbidden" and len(ids) > 1
        if forbidden:
            undecided.append(ids)
        place = None if forbidden else number
        placings += [Placing(entry, place, _others(ids, entry), len(ids) - 1, tuple(trail[entry])) for entry in ids]
    return Ranking(tuple(placings), tuple(undecided), frozenset(used))


def _chain(group: list[Candidate], chain: Sequence[TieStep], trail: dict[str, list[Compared]]) -> list[list[Candidate]]:
    """``group`` split as far as the chain can split it, best first."""
    if len(group) == 1 or not chain:
        return [group]
    step, rest = chain[0], chain[1:]
    parts = _split([_tie_key(item, step.figure) for item in group], descending=step.descending)
    ids = sorted(item.entry for item in group)
    for item in group:
        found = item.figures.get(step.figure)
        trail[item.entry].append(
            Compared(
                step.figure,
                step.descending,
                "" if found is None else exact.text(found),
                _others(ids, item.entry),
                len(group) - 1,
                len(parts) > 1,
            )
        )
    return [final for part in parts for final in _chain(part, rest, trail)]


def _others(ids: Sequence[str], entry: str) -> tuple[str, ...]:
    """The first others of a group, as many as a sentence names."""
    return tuple(other for other in ids[: NAMED + 1] if other != entry)[:NAMED]


def _tie_key(item: Candidate, figure: str) -> tuple[Candidate, int, Fraction]:
    """Complete figures before partial ones before none at all; then the figure."""
    found = item.figures.get(figure)
    if found is None:
        return item, 2, exact.ZERO
    return item, int(figure in item.partial), found


def _decision(ids: tuple[str, ...], decisions: Sequence[Decision]) -> int | None:
    for index, decision in enumerate(decisions):
        if tuple(sorted(decision.order)) == ids:
            return index
    return None


def _split(keyed: Sequence[tuple[Candidate, int, Fraction]], *, descending: bool) -> list[list[Candidate]]:
    """Groups of equal class and figure, in order; compared as whole numbers over one denominator."""
    common = lcm(*(figure.denominator for _item, _class, figure in keyed))
    sign = -common if descending else common
    whole = [(kind, figure.numerator * (sign // figure.denominator), item) for item, kind, figure in keyed]
    ordered = sorted(whole, key=_by_number)
    return [[item for _kind, _number, item in group] for _, group in groupby(ordered, key=_by_number)]


def _by_number(keyed: tuple[int, int, Candidate]) -> tuple[int, int]:
    return keyed[:2]
