"""What a rulebook says, after reading and checking: plain frozen data."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from competition.scoring import exact
from competition.scoring.criteria import Marking, bounded, tidy
from competition.scoring.rounding import Rounding
from competition.scoring.standing_rules import AwardRule, Effect, RankingRule, Tier, TieStep
from competition.scoring.texts import Words, by_chinese
from competition.scoring.time_rules import PerUnit, Placing, TimeRule

__all__ = [
    "AwardRule",
    "Criterion",
    "Deduction",
    "Distance",
    "Effect",
    "Event",
    "PanelRule",
    "Part",
    "PerUnit",
    "Placing",
    "RankingRule",
    "Rulebook",
    "SpreadRule",
    "TeamRule",
    "TieStep",
    "Tier",
    "TimeRule",
    "Total",
    "Words",
    "decimal",
]

_Item = TypeVar("_Item", "Event", "Total", "Criterion", "Deduction")
_MOST_REPORTED = Fraction(1000)


@dataclass(frozen=True, slots=True)
class Distance:
    """How far apart: points, percent of full marks, or levels of a judgement."""

    unit: str  # "absolute", "percent", "levels"
    amount: Fraction

    def of(self, full: Fraction) -> Fraction:
        """The distance in the unit of the compared values."""
        return full * self.amount / 100 if self.unit == "percent" else self.amount


@dataclass(frozen=True, slots=True)
class SpreadRule:
    """When judges lie too far apart on a sheet or on a criterion.

    ``beyond`` is the distance from the median from which on a seat is named; without it the
    outermost seats are named. ``full`` is what percentages refer to.
    """

    of: str  # "sheet" or "criterion"
    limit: Distance
    beyond: Distance | None = None
    then: str = "flag"  # or "block"
    full: Fraction = Fraction(100)


@dataclass(frozen=True, slots=True)
class PanelRule:
    """How the marks of several judges become one figure."""

    by: str = "sheet"  # or "criterion"
    method: str = "mean"  # "trimmed_mean", "median", "sum"
    drop_low: int = 0
    drop_high: int = 0
    trim_from: int = 1
    minimum: int = 1


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a judged event. ``key`` is stable over the versions of a rulebook."""

    key: str
    name: Words
    text: Words
    kind: str
    marking: Marking
    weight: Fraction = Fraction(1)
    bonus: bool = False
    attempts: int = 1
    take: str = "last"  # "best", "sum"
    panel: PanelRule | None = None
    spread: SpreadRule | None = None
    levels: tuple[Words, ...] = ()
    unit: str = ""
    source: str = ""

    @property
    def max(self) -> Decimal:
        """The most points one judge can give (before the weight)."""
        return decimal(self.marking.best)

    @property
    def step(self) -> Decimal | None:
        """The step between two entries; None for free readings."""
        step = self.marking.input_step
        return None if step is None else decimal(step)

    @property
    def input_max(self) -> Decimal | None:
        """The largest entry (points, faults, pieces or level); None for free readings."""
        largest = self.marking.input_max
        return None if largest is None else decimal(largest)

    def weighted(self, points: Fraction) -> Fraction:
        """Points times the criterion's weight."""
        return points if self.weight == 1 else points * self.weight

    @property
    def worth(self) -> Fraction:
        """The most it adds to the event: maximum, times weight, times summed attempts."""
        times = self.attempts if self.take == "sum" else 1
        return self.marking.best * self.weight * times


@dataclass(frozen=True, slots=True)
class Deduction:
    """Something taken off an event (or seconds added to it), with a cap of its own.

    ``least`` is the smallest amount that is reported where anything is.
    """

    key: str
    name: Words
    input: str  # "count" or "points"
    per: Fraction
    cap: Fraction | None
    step: Fraction = Fraction(1)
    least: Fraction = exact.ZERO
    outcome_from: Fraction | None = None
    outcome: str | None = None

    def canonical(self, text: str) -> str:
        """What was reported, in canonical form; raises MarkRefused."""
        clean = tidy(text)
        return clean if clean == "0" else bounded(clean, self.least, _MOST_REPORTED, self.step)


@dataclass(frozen=True, slots=True)
class Event:
    """A theory paper (an imported figure) or a practical event (judged criteria)."""

    key: str
    name: Words
    kind: str  # "theory" or "practical"
    full: Decimal
    ranking: RankingRule
    awards: tuple[AwardRule, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    panel: PanelRule = PanelRule()
    spread: SpreadRule | None = None
    time: TimeRule | None = None
    deductions: tuple[Deduction, ...] = ()
    result: str = "points"  # or "time": the time itself, shortest first
    ceiling: Fraction | None = None
    imported: Marking | None = None
    source: str = ""

    @property
    def max(self) -> Decimal:
        """Full marks."""
        return self.full

    @property
    def judged(self) -> bool:
        """Whether judges mark it on sheets."""
        return bool(self.criteria)

    @property
    def time_limit_s(self) -> int | None:
        """The time limit in seconds, where there is one."""
        return None if self.time is None else self.time.limit

    @property
    def sheet_criteria(self) -> tuple[Criterion, ...]:
        """The criteria that every judge of the common panel marks."""
        return tuple(item for item in self.criteria if item.panel is None)

    def criterion(self, key: str) -> Criterion:
        """The criterion with this key; KeyError if there is none."""
        return _named(self.criteria, key)

    def deduction(self, key: str) -> Deduction:
        """The deduction with this key; KeyError if there is none."""
        return _named(self.deductions, key)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a total: an event or another total, with its weight in percent."""

    of: str
    weight: Fraction | None


@dataclass(frozen=True, slots=True)
class Total:
    """Several events combined into one named figure with a ranking of its own."""

    key: str
    name: Words
    full: Decimal
    parts: tuple[Part, ...]
    ranking: RankingRule
    awards: tuple[AwardRule, ...] = ()
    method: str = "weighted"  # or "sum"
    source: str = ""


@dataclass(frozen=True, slots=True)
class TeamRule:
    """A team's figure: the sum of its members' published figures."""

    key: str
    name: Words
    of: str
    ranking: RankingRule
    awards: tuple[AwardRule, ...] = ()
    size: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A checked rulebook. ``totals`` are in the order in which they can be computed."""

    key: str
    version: int
    name: Words
    digest: str
    events: tuple[Event, ...]
    totals: tuple[Total, ...]
    teams: tuple[TeamRule, ...]
    rounding: Mapping[str, Rounding]
    outcomes: Mapping[str, Effect]
    source: str = ""

    def event(self, key: str) -> Event:
        """The event with this key; KeyError if there is none."""
        return _named(self.events, key)

    def total(self, key: str) -> Total:
        """The total with this key; KeyError if there is none."""
        return _named(self.totals, key)

    @property
    def award_names(self) -> Mapping[str, Words]:
        """Prize and title keys with their names."""
        scopes: tuple[Event | Total | TeamRule, ...] = (*self.events, *self.totals, *self.teams)
        rules = (rule for scope in scopes for rule in scope.awards)
        return {tier.key: tier.name for rule in rules for tier in rule.tiers}

    def texts(self, language: str) -> Mapping[str, str]:
        """The rulebook's own texts in ``language`` (en, bo) by the Chinese ones, as far as it has them."""
        return by_chinese(self._words(), language)

    def _words(self) -> Iterator[Words]:
        yield self.name
        yield from (item.name for item in self.events)
        yield from (item.name for item in self.totals)
        yield from (item.name for item in self.teams)
        for event in self.events:
            for item in event.criteria:
                yield from (item.name, item.text, *item.levels)
            yield from (item.name for item in event.deductions)
        yield from self.award_names.values()


def _named(items: Iterable[_Item], key: str) -> _Item:
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)


def decimal(value: Fraction) -> Decimal:
    """A bound of the rulebook as a Decimal."""
    return Decimal(exact.text(value))
