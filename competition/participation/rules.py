"""How far a year is toward its target. Pure."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True)
class Progress:
    """How far the year is, as exact shares of one. ``lead`` is attainment less the share of the year gone."""

    persons: int
    target: int
    attainment: Fraction
    year_share: Fraction
    lead: Fraction
    missing: int


def progress(persons: int, target: int, on: date) -> Progress:
    """Attainment against the linear share of the calendar year, the day itself counted as gone.

    Attainment stops at no limit: 503,210 of 500,000 is 100.64 %. ``missing`` never goes below 0.
    """
    length = (date(on.year + 1, 1, 1) - date(on.year, 1, 1)).days
    share = Fraction(on.timetuple().tm_yday, length)
    attained = Fraction(persons, target) if target else Fraction(0)
    return Progress(persons, target, attained, share, attained - share, max(0, target - persons))


def growth(now: int, before: int | None) -> Fraction | None:
    """(now − before) / before, or None when there is nothing to compare with."""
    return Fraction(now - before, before) if before else None


def as_of(on: date, year: int) -> date:
    """The day that progress is measured on: today in the running year, the last day of a past one."""
    return on if on.year == year else date(year, 12, 31)
