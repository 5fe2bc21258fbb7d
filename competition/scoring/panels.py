"""Several judges → one figure, and the flag for judges who lie too far apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.criteria import MarkRefused
from competition.scoring.model import Criterion, Event, PanelRule, SpreadRule

_ONE_EACH = 2


@dataclass(frozen=True, slots=True)
class Combined:
    """What became of the judges' values; ``dropped`` holds (seat, value, "low" or "high")."""

    figure: Fraction
    method: str
    kept: tuple[tuple[str, Fraction], ...]
    dropped: tuple[tuple[str, Fraction, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WideSpread:
    """Judges who lie too far apart: the distance, what is allowed, and whom to ask again."""

    spread: Decimal | Fraction
    limit: Decimal | Fraction
    median: Decimal | Fraction
    seats: tuple[str, ...]
    blocks: bool


def combine(rule: PanelRule, values: Mapping[str, Fraction]) -> Combined:
    """One figure from the values of the seats (at least one).

    Equal values are dropped one at a time, by the order of the seats' names, so that the
    result does not depend on the order in which the sheets came in.
    """
    ordered = sorted(values.items(), key=lambda item: (item[1], item[0]))
    count = len(ordered)
    low = high = 0
    method = rule.method
    if method == "trimmed_mean":
        if count >= rule.trim_from:
            low, high = rule.drop_low, rule.drop_high
        else:
            method = "mean"
    elif method == "median":
        low = high = (count - 1) // 2
    kept = ordered[low : count - high]
    total = exact.add(value for _, value in kept)
    return Combined(
        figure=total if method == "sum" else total / len(kept),
        method=method,
        kept=tuple(sorted(kept)),
        dropped=(
            *((seat, value, "low") for seat, value in ordered[:low]),
            *((seat, value, "high") for seat, value in ordered[count - high :]),
        ),
    )


def wide_spread(subject: Criterion | Event | SpreadRule, values: Mapping[str, Decimal | Fraction | str]) -> WideSpread | None:
    """Whether the seats' values lie farther apart than the rule allows; None if not, or no rule.

    For an Event (or a rule about sheets) ``values`` are sheet totals, for a Criterion the
    marks as entered.
    """
    rule = subject if isinstance(subject, SpreadRule) else subject.spread
    if rule is None or len(values) < _ONE_EACH:
        return None
    compared = {seat: _compared(subject, rule, value) for seat, value in values.items()}
    ordered = sorted(compared.values())
    spread, limit = ordered[-1] - ordered[0], rule.limit.of(rule.full)
    if spread <= limit:
        return None
    middle = combine(PanelRule(method="median"), compared).figure
    if rule.beyond is not None:
        distance = rule.beyond.of(rule.full)
        seats = [seat for seat, value in compared.items() if abs(value - middle) > distance]
    else:
        seats = [seat for seat, value in compared.items() if value in {ordered[0], ordered[-1]}]
    return WideSpread(
        exact.number(spread),
        exact.number(limit),
        exact.number(middle),
        tuple(sorted(seats)),
        rule.then == "block",
    )


def _compared(subject: Criterion | Event | SpreadRule, rule: SpreadRule, value: Decimal | Fraction | str) -> Fraction:
    if isinstance(subject, Criterion) and rule.limit.unit != "levels":
        return subject.marking.points(str(value))
    return value if isinstance(value, Fraction) else Fraction(value)


def attempts_points(criterion: Criterion, values: Mapping[int, str]) -> Fraction | None:
    """The points of one seat over all attempts; None while a needed attempt is missing."""
    if not values or (criterion.take == "sum" and len(values) < criterion.attempts):
        return None
    points = {attempt: criterion.marking.points(value) for attempt, value in values.items()}
    if criterion.take == "best":
        return max(points.values())
    return exact.add(points.values()) if criterion.take == "sum" else points[max(points)]


def sheet_total(event: Event, marks: Mapping[str, str]) -> Decimal | Fraction | None:
    """The total of one sheet (criterion key → mark) for a board; None while it is incomplete.

    Marks that their criterion refuses count as missing.
    """
    points = []
    for criterion in event.sheet_criteria:
        try:
            value = criterion.marking.canonical(marks.get(criterion.key, ""))
        except MarkRefused:
            return None
        points.append(criterion.marking.points(value) * criterion.weight)
    return exact.number(exact.add(points))
