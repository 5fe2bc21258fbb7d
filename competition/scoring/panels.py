"""Several judges → one figure, and the flag for judges who lie too far apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import getitem
from typing import Generic, NamedTuple, TypeVar

from competition.scoring import exact
from competition.scoring.criteria import MarkRefused
from competition.scoring.model import Criterion, Event, Group, PanelRule, SpreadRule
from competition.scoring.plan import plan_of
from competition.scoring.units import Entered, Unit

_ONE_EACH = 2
_Value = TypeVar("_Value", int, Fraction)
Subject = Criterion | Group | Event | SpreadRule


class Combined(NamedTuple, Generic[_Value]):
    """What became of the judges' values: the figure is ``total`` ÷ ``divisor``.

    ``kept``, ``low`` and ``high`` (dropped at either end) hold (value, seat) in ascending order.
    """

    total: _Value
    divisor: int
    method: str
    kept: list[tuple[_Value, str]]
    low: list[tuple[_Value, str]]
    high: list[tuple[_Value, str]]

    @property
    def all(self) -> list[tuple[_Value, str]]:
        """All of them, in ascending order."""
        return self.low + self.kept + self.high

    @property
    def figure(self) -> Fraction:
        """The exact figure."""
        return Fraction(self.total) / self.divisor


def combine(rule: PanelRule, values: Iterable[tuple[_Value, str]]) -> Combined[_Value]:
    """One figure from (value, seat) of every judge, at least one.

    Equal values are dropped one at a time, by the order of the seats' names, so that the
    result does not depend on the order in which the sheets came in.
    """
    ordered = sorted(values)
    count = len(ordered)
    method, low, high = _dropped(rule, count)
    kept = ordered[low : count - high]
    total: _Value = sum([value for value, _seat in kept])  # type: ignore[assignment]
    return Combined(total, 1 if method == "sum" else len(kept), method, kept, ordered[:low], ordered[count - high :])


def figure_of(rule: PanelRule, values: Iterable[int]) -> tuple[int, int]:
    """Total and divisor of :func:`combine`, where nobody asks whose values were kept."""
    ordered = sorted(values)
    count = len(ordered)
    method, low, high = _dropped(rule, count)
    return sum(ordered[low : count - high]), 1 if method == "sum" else count - low - high


def _dropped(rule: PanelRule, count: int) -> tuple[str, int, int]:
    """The method that applies to so many values, and how many it drops at the low and at the high end."""
    if rule.method == "trimmed_mean":
        return (rule.method, rule.drop_low, rule.drop_high) if count >= rule.trim_from else ("mean", 0, 0)
    middle = (count - 1) // 2 if rule.method == "median" else 0
    return rule.method, middle, middle


@dataclass(frozen=True, slots=True)
class WideSpread:
    """Judges who lie too far apart: the distance, what is allowed, and whom to ask again."""

    spread: Decimal | Fraction
    limit: Decimal | Fraction
    median: Decimal | Fraction
    seats: tuple[str, ...]
    blocks: bool


def wide_spread(subject: Subject, values: Mapping[str, Decimal | Fraction | str]) -> WideSpread | None:
    """Whether the seats' values lie farther apart than the rule allows; None if not, or no rule.

    For an Event (or a rule about sheets) ``values`` are sheet totals, for a Group points, for a
    Criterion the marks as entered.
    """
    rule = subject if isinstance(subject, SpreadRule) else subject.spread
    if rule is None or len(values) < _ONE_EACH:
        return None
    return spread_of(rule, {seat: _compared(subject, rule, value) for seat, value in values.items()})


def spread_of(rule: SpreadRule, values: Mapping[str, Fraction]) -> WideSpread | None:
    """The same for values that can be compared as they are."""
    ordered = sorted((value, seat) for seat, value in values.items())
    (lowest, _), (highest, _) = ordered[0], ordered[-1]
    spread, limit = highest - lowest, rule.limit.of(rule.full)
    if spread <= limit:
        return None
    middle = combine(_MEDIAN, ordered).figure
    if rule.beyond is not None:
        distance = rule.beyond.of(rule.full)
        seats = [seat for value, seat in ordered if abs(value - middle) > distance]
    else:
        seats = [seat for value, seat in ordered if value in {lowest, highest}]
    return WideSpread(
        exact.number(spread),
        exact.number(limit),
        exact.number(middle),
        tuple(sorted(seats)),
        rule.then == "block",
    )


_MEDIAN = PanelRule(method="median")


def _compared(subject: Subject, rule: SpreadRule, value: Decimal | Fraction | str) -> Fraction:
    if isinstance(subject, Criterion) and rule.limit.unit != "levels":
        return subject.marking.points(str(value))
    return value if isinstance(value, Fraction) else Fraction(value)


def group_points(event: Event, key: str, marks: Mapping[str, Entered]) -> Fraction | None:
    """What one sheet gives for a group, before its weight; None while it is incomplete, or the group is on no one sheet."""
    unit = next((unit for unit in plan_of(event).units if key in unit.groups), None)
    row = None if unit is None else _row(unit, marks)
    return None if unit is None or row is None else unit.groups[key].count(row) / unit.groups[key].parts


def _row(unit: Unit, marks: Mapping[str, Entered]) -> list[int] | None:
    """The sheet in parts; None when a mark is missing or refused."""
    try:
        return list(map(getitem, unit.tables, [marks.get(item.key, "") for item in unit.criteria]))
    except MarkRefused:
        return None


def sheet_total(event: Event, marks: Mapping[str, Entered]) -> Decimal | Fraction | None:
    """The total of one sheet (criterion key → mark) for a board; None while it is incomplete.

    Marks that their criterion refuses count as missing; nothing is zeroed, which judges do together.
    """
    unit = plan_of(event).sheet
    row = None if unit is None else _row(unit, marks)
    return None if unit is None or row is None else exact.number(Fraction(unit.root.count(row), unit.scale))
