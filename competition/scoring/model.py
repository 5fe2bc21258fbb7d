"""What a rulebook says, after reading and checking: plain frozen data."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from competition.scoring import exact
from competition.scoring.criteria import Marking, bounded, tidy
from competition.scoring.each import ONE_BY_ONE, Each
from competition.scoring.paper import Paper
from competition.scoring.rounding import Rounding
from competition.scoring.scope_rules import Part, PlacePoints, ScaleRule, TeamRule, Total
from competition.scoring.sheet_rules import MEAN, Criterion, Distance, Group, PanelRule, SpreadRule, decimal
from competition.scoring.standing_rules import AwardRule, Effect, Need, RankingRule, Tier, TieStep
from competition.scoring.texts import Words, by_chinese
from competition.scoring.time_rules import PerUnit, Placing, TimeRule

__all__ = [
    "AwardRule",
    "Criterion",
    "Deduction",
    "Distance",
    "Effect",
    "Event",
    "Group",
    "Need",
    "PanelRule",
    "Part",
    "PerUnit",
    "PlacePoints",
    "Placing",
    "RankingRule",
    "Rulebook",
    "ScaleRule",
    "SpreadRule",
    "TeamRule",
    "TieStep",
    "Tier",
    "TimeRule",
    "Total",
    "Words",
    "decimal",
]

_Item = TypeVar("_Item", "Event", "Total", Criterion, Group, "Deduction")
_MOST_REPORTED = Fraction(1000)


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
    each: Each = ONE_BY_ONE

    def canonical(self, text: str) -> str:
        """What was reported, in canonical form; raises MarkRefused."""
        clean = tidy(text)
        return clean if clean == "0" else bounded(clean, self.least, _MOST_REPORTED, self.step)


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """A theory paper (an imported figure) or a practical event (judged criteria).

    ``criteria`` are what is marked, in the order of the document, whatever groups they stand in;
    ``groups`` are the groups, an outer one before those in it. Known by identity, so that what is
    worked out from it once can be kept beside it.
    """

    key: str
    name: Words
    kind: str  # "theory" or "practical"
    full: Decimal
    ranking: RankingRule
    awards: tuple[AwardRule, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    groups: tuple[Group, ...] = ()
    panel: PanelRule = MEAN
    spread: SpreadRule | None = None
    time: TimeRule | None = None
    deductions: tuple[Deduction, ...] = ()
    result: str = "points"  # or "time": the time itself, shortest first
    ceiling: Fraction | None = None
    imported: Marking | None = None
    paper: Paper | None = None
    rounding: Rounding | None = None
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
        alone = {group.key for group in self.groups if group.panel is not None}
        return tuple(item for item in self.criteria if item.panel is None and alone.isdisjoint(item.groups))

    def outline(self) -> Iterator[tuple[int, "Criterion | Group"]]:
        """(depth, item) of everything that is marked, each group before what stands in it: a sheet with its headings."""
        open_groups: tuple[str, ...] = ()
        for item in self.criteria:
            for depth, key in enumerate(item.groups):
                if open_groups[: depth + 1] != item.groups[: depth + 1]:
                    yield depth, self.group(key)
            open_groups = item.groups
            yield len(item.groups), item

    def criterion(self, key: str) -> Criterion:
        """The criterion with this key; KeyError if there is none."""
        return _named(self.criteria, key)

    def group(self, key: str) -> Group:
        """The group with this key; KeyError if there is none."""
        return _named(self.groups, key)

    def deduction(self, key: str) -> Deduction:
        """The deduction with this key; KeyError if there is none."""
        return _named(self.deductions, key)


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

    def stage(self, name: str, scope: "Event | Total | TeamRule") -> Rounding:
        """How figures of an event, total or team rule are rounded at its stage: by its own rounding where it has one."""
        return scope.rounding or self.rounding[name]

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
            yield from (text for group in event.groups for text in (group.name, group.text))
            yield from (item.name for item in event.deductions)
            yield from (item.name for item in event.paper.sections) if event.paper is not None else ()
        yield from self.award_names.values()


def _named(items: Iterable[_Item], key: str) -> _Item:
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)
