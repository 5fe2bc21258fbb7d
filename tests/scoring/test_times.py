"""All published shapes of time rules."""

from fractions import Fraction
from typing import Any

import pytest

from competition.scoring.time_rules import TimeRule
from competition.scoring.times import effect
from tests.scoring.documents import book, practical


def rule(limit: int, **more: Any) -> TimeRule:
    """A loaded time rule."""
    in_time = Fraction(more["placing"]["in_time"]) if "placing" in more else 0
    event = practical(full=str(100 + in_time), time={"limit_s": limit, **more})
    time = book(event).events[0].time
    assert time is not None
    return time


def unit(seconds: int, count: str, points: str, **more: Any) -> dict[str, Any]:
    """Points per unit of time."""
    return {"unit_s": seconds, "count": count, "points": points, **more}


BANQUET = {"over": unit(30, "started", "2"), "beyond": {"after_s": 120, "then": "zero"}}
CANTEEN = {"over": unit(60, "full", "0.5"), "beyond": {"after_s": 1800, "then": "out"}}
BOTH_WAYS = {"over": unit(30, "full", "1"), "early": unit(30, "full", "1")}
UNEVEN = {"over": unit(5, "full", "1"), "early": unit(10, "full", "1", cap="3")}
BANDS = {"bands": [{"after_s": 300, "points": "5"}], "beyond": {"after_s": 600, "then": "zero"}}
BELL = {"beyond": {"after_s": 0, "then": "stop"}}
LAMIAN = {"over": unit(60, "started", "1"), "beyond": {"after_s": 600, "then": "stop"}}
GRACE = {"grace_s": 60, "over": unit(60, "started", "1", cap="3")}


@pytest.mark.parametrize(
    ("limit", "shape", "seconds", "points", "verdict"),
    [
        (900, BANQUET, "900", "0", ""),
        (900, BANQUET, "901", "-2", ""),
        (900, BANQUET, "900.1", "-2", ""),
        (900, BANQUET, "930", "-2", ""),
        (900, BANQUET, "931", "-4", ""),
        (900, BANQUET, "1020", "-8", ""),
        (900, BANQUET, "1021", "0", "zero"),
        (7200, CANTEEN, "7200", "0", ""),
        (7200, CANTEEN, "7259", "0", ""),
        (7200, CANTEEN, "7260", "-0.5", ""),
        (7200, CANTEEN, "8130", "-7.5", ""),
        (7200, CANTEEN, "9000", "-15", ""),
        (7200, CANTEEN, "9001", "0", "out"),
        (1080, BOTH_WAYS, "1051", "0", ""),
        (1080, BOTH_WAYS, "1050", "1", ""),
        (1080, BOTH_WAYS, "1140", "-2", ""),
        (600, UNEVEN, "604", "0", ""),
        (600, UNEVEN, "610", "-2", ""),
        (600, UNEVEN, "580", "2", ""),
        (600, UNEVEN, "500", "3", ""),
        (3600, BANDS, "3900", "0", ""),
        (3600, BANDS, "3901", "-5", ""),
        (3600, BANDS, "4200", "-5", ""),
        (3600, BANDS, "4201", "0", "zero"),
        (600, BELL, "600", "0", ""),
        (600, BELL, "601", "0", "stop"),
        (2400, LAMIAN, "2401", "-1", ""),
        (2400, LAMIAN, "3000", "-10", ""),
        (2400, LAMIAN, "3500", "-10", "stop"),
        (600, GRACE, "660", "0", ""),
        (600, GRACE, "661", "-1", ""),
        (600, GRACE, "2000", "-3", ""),
    ],
)
def test_shapes(limit: int, shape: dict[str, Any], seconds: str, points: str, verdict: str) -> None:
    result = effect(rule(limit, **shape), Fraction(seconds))
    assert (result.points, result.verdict) == (Fraction(points), verdict)


WORK_RATE = {"placing": {"in_time": "5", "per_place": "0.1", "late": unit(600, "started", "0.5")}}


@pytest.mark.parametrize(
    ("seconds", "points"),
    [(3000, "5.3"), (3300, "5.1"), (3500, "5.1"), (3600, "5"), (3601, "4.5"), (4201, "4"), (99999, "0")],
)
def test_points_by_place_among_those_in_time(seconds: int, points: str) -> None:
    finishers = [Fraction(value) for value in (3000, 3300, 3300, 3600, 3601, 4201, 99999)]
    if seconds == 3500:
        finishers = [Fraction(value) for value in (3500, 3600)]
    expected = {3300: "5.2"}.get(seconds, points)
    assert effect(rule(3600, **WORK_RATE), Fraction(seconds), finishers).points == Fraction(expected)
