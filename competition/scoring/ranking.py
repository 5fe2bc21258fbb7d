"""Ranks: figures first, then the tie chain, then a shared rank or a recorded decision.

Nothing is ever ordered silently: what the chain and the decisions leave equal shares its
rank, or, where ranks may not be shared, is reported and gets no rank.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from competition.scoring import exact
from competition.scoring.model import RankingRule, TieStep


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

    ``separated`` tells whether it split the group.
    """

    figure: str
    descending: bool
    value: str
    others: tuple[str, ...]
    separated: bool


@dataclass(frozen=True, slots=True)
class Placing:
    """A candidate's rank (None while a forbidden tie is undecided) and how it came about."""

    entry: str
    rank: int | None
    shared_with: tuple[str, ...] = ()
    compared: tuple[Compared, ...] = ()
    decided: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All placings in rank order, ties that need a decision, and decisions that were used."""

    placings: tuple[Placing, ...]
    undecided: tuple[tuple[str, ...], ...] = ()
    used: frozenset[int] = frozenset()


def rank(
    candidates: Sequence[Candidate],
    rule: RankingRule,
    decisions: Sequence[tuple[tuple[str, ...], str]] = (),
    *,
    descending: bool = True,
) -> Ranking:
    """Rank ``candidates``; ``decisions`` are (order of the tied ids, reason)."""
    trail: dict[str, list[Compared]] = {item.entry: [] for item in candidates}
    groups: list[list[Candidate]] = []
    for group in _split(candidates, lambda item: (item.last, -item.value if descending else item.value)):
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
            order, reason = decisions[decision]
            used.add(decision)
            for offset, entry in enumerate(order):
                placings.append(Placing(entry, number + offset, (), tuple(trail[entry]), reason))
            number += len(order) - 1
            continue
        forbidden = rule.shared == "forbidden" and len(ids) > 1
        if forbidden:
            undecided.append(ids)
        for entry in ids:
            others = tuple(other for other in ids if other != entry) if len(ids) > 1 else ()
            placings.append(Placing(entry, None if forbidden else number, others, tuple(trail[entry])))
    return Ranking(tuple(placings), tuple(undecided), frozenset(used))


def _chain(group: list[Candidate], chain: Sequence[TieStep], trail: dict[str, list[Compared]]) -> list[list[Candidate]]:
    """``group`` split as far as the chain can split it, best first."""
    if len(group) == 1 or not chain:
        return [group]
    step, rest = chain[0], chain[1:]
    parts = _split(group, lambda item: _tie_key(item, step))
    for item in group:
        found = item.figures.get(step.figure)
        trail[item.entry].append(
            Compared(
                step.figure,
                step.descending,
                "" if found is None else exact.text(found),
                tuple(sorted(other.entry for other in group if other is not item)),
                len(parts) > 1,
            )
        )
    return [final for part in parts for final in _chain(part, rest, trail)]


def _tie_key(item: Candidate, step: TieStep) -> tuple[int, Fraction]:
    """Complete figures before partial ones before none at all; then the figure."""
    found = item.figures.get(step.figure)
    if found is None:
        return 2, exact.ZERO
    return int(step.figure in item.partial), -found if step.descending else found


def _decision(ids: tuple[str, ...], decisions: Sequence[tuple[tuple[str, ...], str]]) -> int | None:
    for index, (order, _) in enumerate(decisions):
        if tuple(sorted(order)) == ids:
            return index
    return None


def _split(items: Sequence[Candidate], key: Callable[[Candidate], tuple[int, Fraction]]) -> list[list[Candidate]]:
    """Groups of equal key, in the order of the keys."""
    ordered = sorted(items, key=key)
    return [list(group) for _, group in groupby(ordered, key=key)]
