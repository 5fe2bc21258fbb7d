"""Prizes and titles within one ranking."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from competition.scoring import exact
from competition.scoring.medals import medals
from competition.scoring.model import AwardRule, Tier
from competition.scoring.rounding import whole


class Ranked(NamedTuple):
    """Someone who can receive prizes: their rank, published and named figures, team and delegation."""

    entry: str
    rank: int
    value: Decimal
    figures: Mapping[str, Fraction] = {}
    team: str | None = None
    delegation: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """People of one rank across the border of a tier with a fixed quota."""

    tier: Tier
    entries: tuple[str, ...]
    left: int


class Won(NamedTuple):
    """A prize or title, and the rule that gave it."""

    rule: AwardRule
    tier: Tier


@dataclass(frozen=True, slots=True)
class Awarded:
    """Award keys by entry (a prize before titles), conflicts, the tiers decided, and by which rules all was given."""

    awards: Mapping[str, tuple[str, ...]]
    conflicts: tuple[Conflict, ...] = ()
    used: frozenset[str] = frozenset()
    prizes: Mapping[str, Won] = field(default_factory=dict)
    titles: Mapping[str, Sequence[Won]] = field(default_factory=dict)

    def won(self, entry: str) -> list[Won]:
        """What somebody was given, in the order of the keys."""
        return [*([self.prizes[entry]] if entry in self.prizes else []), *self.titles.get(entry, ())]


def counts(rule: AwardRule, base: int) -> list[int]:
    """How many of each tier a percentage rule gives when ``base`` took part."""
    shares = [base * (tier.percent or exact.ZERO) / 100 for tier in rule.tiers]
    if rule.cumulative:
        bounds = [whole(exact.add(shares[: index + 1]), rule.mode) for index in range(len(shares))]
        result = [bound - before for bound, before in zip(bounds, [0, *bounds], strict=False)]
    else:
        result = [whole(share, rule.mode) for share in shares]
    return [max(result[0], rule.at_least), *result[1:]]


def ranges(rule: AwardRule, base: int) -> list[tuple[int, int | None]]:
    """First and last rank of each tier; an empty tier has last < first."""
    if rule.by == "ranks":
        return [(tier.first, tier.last) for tier in rule.tiers]
    if rule.by == "half":
        return [(rule.after + 1, base // 2)]
    result: list[tuple[int, int | None]] = []
    start = 1
    for count in counts(rule, base):
        result.append((start, start + count - 1))
        start += count
    return result


def assign(
    rules: Sequence[AwardRule],
    people: Sequence[Ranked],
    base: int,
    decisions: Mapping[str, tuple[str, ...]] | None = None,
) -> Awarded:
    """Give out prizes and titles.

    ``people`` are those who may receive one, in the order of ranks; ``base`` is the number who took part;
    ``decisions`` name, by tier, which of the tied people at its border get it. Each person
    gets at most one prize, from the first rule that gives one, and any number of titles.
    """
    prizes: dict[str, Won] = {}
    titles: dict[str, list[Won]] = {}
    conflicts: list[Conflict] = []
    used: set[str] = set()
    for rule in rules:
        quota = rule.border == "quota"
        given = _by_quota(rule, people, base, decisions or {}, conflicts, used) if quota else _GIVEN[rule.by](rule, people, base)
        won = {id(tier): Won(rule, tier) for tier in rule.tiers}
        for entry, tier in given:
            if tier.kind == "title":
                titles.setdefault(entry, []).append(won[id(tier)])
            else:
                prizes.setdefault(entry, won[id(tier)])
    awards: dict[str, tuple[str, ...]] = dict.fromkeys([person.entry for person in people], ())
    for entry in {**prizes, **titles}:
        prize = (prizes[entry].tier.key,) if entry in prizes else ()
        awards[entry] = (*prize, *(one.tier.key for one in titles.get(entry, ())))
    return Awarded(awards, tuple(conflicts), frozenset(used), prizes, titles)


def _worthy(tier: Tier, person: Ranked, base: int) -> bool:
    """Whether somebody reaches the lines of a tier."""
    if base < tier.field_from or (tier.minimum is not None and person.value < tier.minimum):
        return False
    return all(need.met(person.figures.get(need.figure)) for need in tier.needs)


def _by_rank(rule: AwardRule, people: Sequence[Ranked], base: int) -> list[tuple[str, Tier]]:
    """The award follows the number of the rank, however many share it; people come in the order of ranks."""
    ranks = [person.rank for person in people]
    given: list[tuple[str, Tier]] = []
    for tier, (first, last) in zip(rule.tiers, ranges(rule, base), strict=True):
        start, end = bisect_left(ranks, first), len(ranks) if last is None else bisect_right(ranks, last)
        given += [(person.entry, tier) for person in people[start:end] if _worthy(tier, person, base)]
    return given


def _by_quota(
    rule: AwardRule,
    people: Sequence[Ranked],
    base: int,
    decisions: Mapping[str, tuple[str, ...]],
    conflicts: list[Conflict],
    used: set[str],
) -> list[tuple[str, Tier]]:
    """Fixed numbers: a tie across a border needs a decision, and is reported without one."""
    given: list[tuple[str, Tier]] = []
    groups = [list(group) for _, group in groupby(sorted(people, key=lambda p: (p.rank, p.entry)), key=lambda p: p.rank)]
    place = 1
    for tier, (first, last) in zip(rule.tiers, ranges(rule, base), strict=True):
        while place < first and groups:  # ranks before the first tier get nothing
            place += len(groups.pop(0))
        while groups and (last is None or place <= last):
            group = groups.pop(0)
            left = len(group) if last is None else last - place + 1
            chosen = [person for person in group if person.entry in decisions.get(tier.key, ())]
            if len(group) > left and chosen:
                used.add(tier.key)
                rest = [person for person in group if person not in chosen]
                groups[:0] = [rest] if rest else []
                place = max(place + len(chosen), (last or 0) + 1) if rest else place + len(chosen)
                group = chosen
            elif len(group) > left:
                conflicts.append(Conflict(tier, tuple(person.entry for person in group), left))
                place += len(group)
                continue
            else:
                place += len(group)
            given += [(person.entry, tier) for person in group if _worthy(tier, person, base)]
    return given


def _by_lines(rule: AwardRule, people: Sequence[Ranked], base: int) -> list[tuple[str, Tier]]:
    """The first tier whose lines somebody reaches, whatever the rank."""
    best = ((person, next((tier for tier in rule.tiers if _worthy(tier, person, base)), None)) for person in people)
    return [(person.entry, tier) for person, tier in best if tier is not None]


def _by_medals(rule: AwardRule, people: Sequence[Ranked], base: int) -> list[tuple[str, Tier]]:
    """Gold, silver, bronze by the distance of figures; the medallion for all others above its line."""
    numbers = medals([Fraction(person.value) for person in people], rule.within)
    won = [tier for tier, number in zip(rule.tiers, numbers, strict=False) for _ in range(number)]
    given = {person.entry: tier for person, tier in zip(people, won, strict=False) if _worthy(tier, person, base)}
    for tier in rule.tiers[3:]:
        others = (person for person in people if person.entry not in given)
        given |= {person.entry: tier for person in others if person.value >= (tier.start or 0) and _worthy(tier, person, base)}
    return list(given.items())


def _by_group(rule: AwardRule, people: Sequence[Ranked], base: int) -> list[tuple[str, Tier]]:
    """The best of each team or delegation; people come in the order of ranks."""
    tier, best = rule.tiers[0], dict[str, int]()
    given = []
    for person in people:
        group = person.team if rule.of == "team" else person.delegation
        if group is not None and person.rank == best.setdefault(group, person.rank) and _worthy(tier, person, base):
            given.append((person.entry, tier))
    return given


_GIVEN: Mapping[str, Callable[[AwardRule, Sequence[Ranked], int], list[tuple[str, Tier]]]] = {
    "ranks": _by_rank,
    "percent": _by_rank,
    "half": _by_rank,
    "lines": _by_lines,
    "medals": _by_medals,
    "best_of": _by_group,
}
