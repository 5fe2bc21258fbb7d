"""What a year will bring, told from what it has brought: pace, forecast, what is needed each week, the light. Pure and exact.

Only months that are over are told from: those who report do so after a month's end, so that the running month always looks
too small. A forecast is three estimates and their spread, nothing that a clerk could not do with a pocket calculator:

- ``shape``: the persons at the ends of the last months, each divided by the share of last year's persons that had come by
  the end of the same month. The estimates lie apart as far as the years differ in shape; that is the interval.
- ``rate``: without a year to compare with, the new persons a day of the last three months, slowest, all together, fastest.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

MONTHS, LOOKED_AT, LEAST = 12, 3, 2
# Below this share of a year an estimate is mostly chance.
TOO_EARLY = Fraction(1, 20)
# Our own defaults of a target's light, in per cent of what there should be by now.
GREEN, AMBER = 95, 80

Shape = tuple[Fraction, ...]


@dataclass(frozen=True)
class Forecast:
    """Persons at the year's end; ``months``: of which months, 1 to 12, it was made; ``method``: shape or rate."""

    low: int
    middle: int
    high: int
    method: str
    months: tuple[int, ...]


@dataclass(frozen=True)
class Compared:
    """This year and the one before up to the end of the same month."""

    until: int
    this_year: int
    last_year: int

    @property
    def growth(self) -> Fraction | None:
        return Fraction(self.this_year - self.last_year, self.last_year) if self.last_year else None


def shape_of(so_far: Sequence[int]) -> Shape | None:
    """From the persons so far at the twelve ends of months the share of the year at each; None of a year without anybody.

    Raises ValueError when there are not twelve, or when they fall.
    """
    if len(so_far) != MONTHS or any(later < earlier for earlier, later in zip((0, *so_far), so_far, strict=False)):
        raise ValueError("twelve figures that do not fall")
    return tuple(Fraction(figure, so_far[-1]) for figure in so_far) if so_far[-1] else None


def linear_share(on: date) -> Fraction:
    """The share of the calendar year that is gone, the day itself counted."""
    return Fraction(on.timetuple().tm_yday, (date(on.year + 1, 1, 1) - date(on.year, 1, 1)).days)


def shape_share(shape: Shape, on: date) -> Fraction:
    """The share of its persons that a year of this shape has by the end of a day; even within a month."""
    before = shape[on.month - 2] if on.month > 1 else Fraction(0)
    return before + (shape[on.month - 1] - before) * Fraction(on.day, monthrange(on.year, on.month)[1])


def months_over(on: date) -> int:
    """How many months of the year are over at the end of a day."""
    return on.month if on.day == monthrange(on.year, on.month)[1] else on.month - 1


def forecast(so_far: Sequence[int], shape: Shape | None, on: date) -> Forecast | None:
    """``so_far``: persons at the ends of the year's months, last how many there are now. None: too little is known, or the year is over."""
    over = min(months_over(on), len(so_far))
    if not 0 < over < MONTHS or not so_far[over - 1]:
        return None
    return _by_rate(so_far[:over], so_far[-1], on) if shape is None else _by_shape(so_far[:over], so_far[-1], shape)


def _by_shape(so_far: Sequence[int], reached: int, shape: Shape) -> Forecast | None:
    months = [month for month in range(1, len(so_far) + 1) if shape[month - 1] >= TOO_EARLY][-LOOKED_AT:]
    if len(months) < LEAST:
        return None
    found = sorted(so_far[month - 1] / shape[month - 1] for month in months)
    middle = (found[(len(found) - 1) // 2] + found[len(found) // 2]) / 2
    return _forecast(found[0], middle, found[-1], reached, "shape", months)


def _by_rate(so_far: Sequence[int], reached: int, on: date) -> Forecast | None:
    if len(so_far) < LOOKED_AT:
        return None
    months = range(len(so_far) - LOOKED_AT + 1, len(so_far) + 1)
    new = {month: so_far[month - 1] - (so_far[month - 2] if month > 1 else 0) for month in months}
    days = {month: monthrange(on.year, month)[1] for month in months}
    left = (date(on.year, 12, 31) - date(on.year, months[-1], days[months[-1]])).days
    rates = sorted(Fraction(new[month], days[month]) for month in months)
    low, middle, high = (so_far[-1] + rate * left for rate in (rates[0], Fraction(sum(new.values()), sum(days.values())), rates[-1]))
    return _forecast(low, middle, high, reached, "rate", months)


def _forecast(low: Fraction, middle: Fraction, high: Fraction, reached: int, method: str, months: Sequence[int]) -> Forecast:
    """Whole persons; nobody who has come will have stayed away."""
    values = [max(reached, round(value)) for value in (low, middle, high)]
    return Forecast(values[0], values[1], values[2], method, tuple(months))


def needed_per_week(missing: int, on: date) -> int | None:
    """How many new persons each of the remaining weeks has to bring; None when no day of the year is left."""
    left = (date(on.year, 12, 31) - on).days
    return -(-missing * 7 // left) if left else None


def light(persons: int, expected: Fraction, green: int, amber: int) -> str:
    """``green``, ``amber`` or ``red``: persons in per cent of what there should be by now against the two thresholds."""
    if persons * 100 >= expected * green:
        return "green"
    return "amber" if persons * 100 >= expected * amber else "red"


def pace_line(target: int, shape: Shape | None) -> list[int]:
    """What there should be at the end of each month: by last year's shape, else by even parts of a year."""
    shares = shape or tuple(Fraction(month, MONTHS) for month in range(1, MONTHS + 1))
    return [round(target * share) for share in shares]


def compared(so_far: Sequence[int], before: Sequence[int] | None, on: date) -> Compared | None:
    """Both years up to the last month that is over; None in January or without figures of the year before."""
    month = min(months_over(on), len(so_far))
    return Compared(month, so_far[month - 1], before[month - 1]) if month and before else None
