"""Pace, forecast, need and light, each against figures worked out by hand."""

from datetime import date
from fractions import Fraction

import pytest

from competition.participation import rules_forecast as rules

# Last year 400,000: so many by the end of each month.
LAST = [4_000, 12_000, 40_000, 80_000, 140_000, 200_000, 248_000, 300_000, 340_000, 368_000, 388_000, 400_000]
SHAPE = rules.shape_of(LAST)


def test_a_forecast_by_the_shape_of_last_year() -> None:
    """30 June: 48,000 by March, 100,000 by April, 161,000 by May, 240,000 by June. April had 20 % last year, May 35 %, June 50 %:
    100,000/0.20 = 500,000; 161,000/0.35 = 460,000; 240,000/0.50 = 480,000."""
    found = rules.forecast([5_000, 15_000, 48_000, 100_000, 161_000, 240_000], SHAPE, date(2026, 6, 30))
    assert found == rules.Forecast(460_000, 480_000, 500_000, "shape", (4, 5, 6))


def test_the_running_month_only_sets_the_floor() -> None:
    """10 July: July does not estimate; but who has come has come: 470,000 of the low 460,000."""
    found = rules.forecast([5_000, 15_000, 48_000, 100_000, 161_000, 240_000, 470_000], SHAPE, date(2026, 7, 10))
    assert found == rules.Forecast(470_000, 480_000, 500_000, "shape", (4, 5, 6))


def test_two_months_are_enough_and_the_middle_lies_between_them() -> None:
    """30 April: March had 10 % last year (50,000/0.1 = 500,000), April 20 % (90,000/0.2 = 450,000); February, 3 %, is too early."""
    found = rules.forecast([5_000, 15_000, 50_000, 90_000], SHAPE, date(2026, 4, 30))
    assert found == rules.Forecast(450_000, 475_000, 500_000, "shape", (3, 4))


def test_a_forecast_by_the_rate_in_a_first_year() -> None:
    """31 May 2026: March brought 3,100 in 31 days (100 a day), April 6,000 in 30 (200), May 9,300 in 31 (300), 19,000 by then.
    214 days are left: slowest 19,000 + 21,400; together 18,400/92 = 200 a day, + 42,800; fastest + 64,200."""
    found = rules.forecast([200, 600, 3_700, 9_700, 19_000], None, date(2026, 5, 31))
    assert found == rules.Forecast(40_400, 61_800, 83_200, "rate", (3, 4, 5))


@pytest.mark.parametrize(("so_far", "shape", "on"), [
    ([5_000], SHAPE, date(2026, 1, 20)),  # no month is over
    ([5_000, 15_000, 50_000], SHAPE, date(2026, 3, 31)),  # one month with more than 5 % of a year
    ([0, 0, 0], SHAPE, date(2026, 3, 31)),  # nobody yet
    ([10, 20], None, date(2026, 2, 28)),  # two months are no rate
    (LAST, SHAPE, date(2026, 12, 31)),  # the year is over
])
def test_too_little_is_said_to_be_too_little(so_far: list[int], shape: rules.Shape | None, on: date) -> None:
    assert rules.forecast(so_far, shape, on) is None


def test_shares_of_a_year() -> None:
    assert rules.linear_share(date(2026, 7, 1)) == Fraction(182, 365)
    assert rules.linear_share(date(2024, 12, 31)) == 1
    assert SHAPE
    assert rules.shape_share(SHAPE, date(2026, 5, 31)) == Fraction(35, 100)
    # Half of June: 35 % and half of its 15 %.
    assert rules.shape_share(SHAPE, date(2026, 6, 15)) == Fraction(425, 1000)
    assert rules.shape_share(SHAPE, date(2026, 1, 31)) == Fraction(1, 100)


def test_a_year_without_anybody_has_no_shape_and_figures_that_fall_are_none() -> None:
    assert rules.shape_of([0] * 12) is None
    for wrong in ([1, 2, 3], [5, 4, *range(6, 16)]):
        with pytest.raises(ValueError, match="do not fall"):
            rules.shape_of(wrong)


def test_needed_each_week() -> None:
    """260,000 missing on 30 June: 184 days, 26 2/7 weeks: 9,891.3 a week, said as 9,892."""
    assert rules.needed_per_week(260_000, date(2026, 6, 30)) == 9_892
    assert rules.needed_per_week(1, date(2026, 12, 30)) == 7
    assert rules.needed_per_week(1, date(2026, 12, 31)) is None


@pytest.mark.parametrize(("persons", "word"), [(950, "green"), (949, "amber"), (800, "amber"), (799, "red")])
def test_the_light(persons: int, word: str) -> None:
    assert rules.light(persons, Fraction(1000), 95, 80) == word


def test_the_pace_line_and_the_years_side_by_side() -> None:
    assert rules.pace_line(500_000, SHAPE)[3:6] == [100_000, 175_000, 250_000]
    assert rules.pace_line(1_200, None)[:2] == [100, 200]
    found = rules.compared([5_000, 15_000, 50_000, 60_000], LAST, date(2026, 4, 20))
    assert found == rules.Compared(3, 50_000, 40_000)
    assert found.growth == Fraction(1, 4)
    assert rules.compared([5_000], LAST, date(2026, 1, 20)) is None
    assert rules.compared([5_000, 15_000], None, date(2026, 2, 28)) is None
