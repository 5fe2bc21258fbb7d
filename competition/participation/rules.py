"""Progress toward the target, and where a place stands in the tree. Pure."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

HOME_PROVINCE = "630000"


@dataclass(frozen=True)
class Places:
    """A division and the two above it. Outside of the home province the prefecture is the province."""

    region: str
    prefecture: str
    province: str


def places(region_code: str | None) -> Places:
    """The three levels of a region code; unknown places count as the home province itself."""
    code = region_code or HOME_PROVINCE
    province = code[:2] + "0000"
    if province != HOME_PROVINCE:
        return Places(code, province, province)
    return Places(code, code[:4] + "00", province)


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


def months_of(year: int) -> list[str]:
    """The twelve periods of a year."""
    return [f"{year}-{month:02d}" for month in range(1, 13)]
