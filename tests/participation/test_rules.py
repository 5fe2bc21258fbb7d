"""Progress toward the target."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from competition.participation.rules import growth, progress


def percent(value: Fraction) -> str:
    """Two decimals, half up, as on the page."""
    scaled = value * 10000
    rounded = (abs(scaled) + Fraction(1, 2)).__floor__() * (1 if scaled >= 0 else -1)
    return f"{rounded / 100:.2f}"


@pytest.mark.parametrize(
    ("persons", "day", "attained", "of_year", "lead", "missing"),
    [
        (0, 1, "0.00", "0.27", "-0.27", 500000),
        (123456, 90, "24.69", "24.66", "0.03", 376544),
        (250000, 182, "50.00", "49.86", "0.14", 250000),
        (412345, 300, "82.47", "82.19", "0.28", 87655),
        (500000, 350, "100.00", "95.89", "4.11", 0),
        (503210, 365, "100.64", "100.00", "0.64", 0),
    ],
)
def test_progress_of_the_year(persons: int, day: int, attained: str, of_year: str, lead: str, missing: int) -> None:
    found = progress(persons, 500_000, date(2021, 1, 1) + timedelta(days=day - 1))
    shown = (percent(found.attainment), percent(found.year_share), percent(found.lead), found.missing)
    assert shown == (attained, of_year, lead, missing)


def test_growth_of_the_target() -> None:
    assert percent(growth(500_000, 400_000) or Fraction(0)) == "25.00"
    assert growth(500_000, None) is None


def test_leap_year_has_366_days() -> None:
    assert progress(1, 1, date(2024, 12, 31)).year_share == 1
