"""More worked cases through the whole engine: prizes by percentage, judges far apart and marked again, measured items."""

from collections.abc import Mapping
from typing import Any

import pytest

from competition.scoring.engine import Row, Scores, score
from competition.scoring.inputs import Decision, Entry, Mark
from tests.scoring.documents import TRIMMED, book, clock, practical, sheets

PERCENT = [
    {"key": "first", "name": "一等奖", "percent": "10"},
    {"key": "second", "name": "二等奖", "percent": "20"},
    {"key": "third", "name": "三等奖", "percent": "30"},
]
MERIT = {"by": "half", "after": 3, "tiers": [{"key": "merit", "name": "优胜奖"}]}
MEDALS = [
    {"key": "gold", "name": "金奖", "from": 1, "to": 1},
    {"key": "silver", "name": "银奖", "from": 2, "to": 3},
    {"key": "bronze", "name": "铜奖", "from": 4, "to": 6},
    {"key": "commended", "name": "优秀选手奖", "from": 7},
]


def field(count: int, awards: list[dict[str, Any]], tied: Mapping[int, int] | None = None, *decisions: Decision) -> Scores:
    """So many works, each a point behind the one before; ``tied``: who has the mark of whom. One more was absent."""
    entries = [Entry(f"p{place:02}") for place in range(1, count + 1)]
    marks = [mark for place in range(1, count + 1) for mark in sheets(f"p{place:02}", str(100 - (tied or {}).get(place, place)))]
    absent = Entry("absent", outcomes={"*": "ABSENT"})
    return score(book(practical(awards=awards)), [*entries, absent], marks, [], decisions)


def prizes(scores: Scores) -> list[str | None]:
    """The prize of each row in rank order."""
    return [row.award for row in scores.events["basic"] if row.rank is not None]


@pytest.mark.parametrize(
    ("took_part", "mode", "count", "expected"),
    [
        (9, "half_up", "each", (1, 2, 3)),
        (12, "half_up", "each", (1, 2, 4)),
        (25, "half_up", "each", (3, 5, 8)),
        (9, "half_up", "cumulative", (1, 2, 2)),
        (12, "half_up", "cumulative", (1, 3, 3)),
        (25, "half_up", "cumulative", (3, 5, 7)),
        (9, "floor", "each", (0, 1, 2)),
        (12, "floor", "each", (1, 2, 3)),
        (25, "floor", "each", (2, 5, 7)),
        (9, "ceiling", "each", (1, 2, 3)),
        (12, "ceiling", "each", (2, 3, 4)),
        (25, "ceiling", "each", (3, 5, 8)),
    ],
)
def test_prizes_by_percentage(took_part: int, mode: str, count: str, expected: tuple[int, int, int]) -> None:
    """Who was absent is not in the base."""
    given = prizes(field(took_part, [{"by": "percent", "rounding": mode, "count": count, "tiers": PERCENT}]))
    assert tuple(given.count(key) for key in ("first", "second", "third")) == expected


@pytest.mark.parametrize(("took_part", "merit"), [(9, 1), (12, 3), (25, 9)])
def test_merit_prizes_of_the_better_half_behind_the_top_three(took_part: int, merit: int) -> None:
    given = prizes(field(took_part, [MERIT]))
    assert given[:3] == [None] * 3
    assert given.count("merit") == merit


def test_a_tie_at_the_border_follows_the_rank() -> None:
    scores = field(25, [{"by": "percent", "tiers": PERCENT}], {4: 3})
    assert [row.rank for row in scores.events["basic"]][:5] == [1, 2, 3, 3, 5]
    assert prizes(scores)[:9] == ["first"] * 4 + ["second"] * 4 + ["third"]
    assert scores.complete


def test_a_tie_at_the_border_of_a_fixed_quota_is_reported_and_decided() -> None:
    quota = [{"by": "percent", "border": "quota", "tiers": PERCENT}]
    scores = field(25, quota, {4: 3})
    (problem,) = scores.problems
    assert (problem.code, problem.entries, problem.detail["left"]) == ("award.border", ("p03", "p04"), "1")
    assert problem.detail["tier_key"] == "first"
    assert not scores.complete
    overdrawn = field(25, quota, {4: 3}, Decision("award:event:basic:first", ("p03", "p04"), "组委会决定两人并列"))
    assert overdrawn.complete
    assert prizes(overdrawn)[:9] == ["first"] * 4 + ["second"] * 4 + ["third"]


def test_fixed_counts() -> None:
    given = prizes(field(9, [{"by": "ranks", "tiers": MEDALS}]))
    assert given == ["gold", "silver", "silver", "bronze", "bronze", "bronze", "commended", "commended", "commended"]


# ---- judges far apart ---------------------------------------------------------------------------

SPREAD = {"of": "sheet", "percent": "10", "beyond": {"percent": "5"}, "then": "block"}


def marked(*marks: str, decided: str = "") -> Scores:
    """Five judges; a wide spread keeps the result back until it is decided."""
    decisions = [Decision("spread:basic:A", (), decided)] if decided else []
    return score(book(practical(panel=TRIMMED, spread=SPREAD)), [Entry("A")], sheets("A", *marks), [], decisions)


def test_a_wide_spread_is_marked_again_and_then_accepted() -> None:
    (problem,) = marked("92", "90", "78", "79", "89").problems
    assert (problem.code, problem.seats, problem.blocking) == ("spread.wide", ("3", "4"), True)
    assert problem.detail == {"what": "评分表", "spread": "14", "limit": "10", "median": "89"}
    again = marked("92", "90", "86", "85", "89")
    assert again.problems == ()
    assert kept(again) == ("88.33", ["86", "89", "90"])


def test_a_second_wide_spread_is_decided_by_the_chief_judge() -> None:
    assert not marked("92", "90", "79", "79", "89").complete
    decided = marked("92", "90", "79", "79", "89", decided="两名裁判说明理由，认可")
    assert decided.complete
    assert kept(decided) == ("86.00", ["79", "89", "90"])


def kept(scores: Scores) -> tuple[str, list[str]]:
    """The figure, and the marks that it is the mean of."""
    (row,) = scores.events["basic"]
    assert row.derivation is not None
    panel = row.derivation.steps[0].steps[0]
    kept: Any = panel.facts["kept"]
    return str(row.value), sorted(value for _seat, value in kept)


# ---- measured items ------------------------------------------------------------------------------

FLATNESS = {"key": "flat", "name": "平整度", "kind": "measured", "max": "10", "places": 5, "tolerance": "8", "per_over": "1",
            "zero_from": 3, "zero_beyond": "15"}
UPRIGHT = {"key": "upright", "name": "垂直度", "kind": "measured", "max": "10", "places": 3, "tolerance": "5", "per_over": "2",
           "zero_from": 3, "zero_beyond": "8"}
RATE = {"limit_s": 14400, "placing": {"in_time": "5", "per_place": "0.1", "late": {"unit_s": 600, "count": "started", "points": "0.5"}}}
WALLS = {
    "a": ("3,5,7,8,6", "10", "5,5,5", "10", 12000, "5.3"),
    "b": ("3,9,7,8,10", "8", "5,6,5", "8", 13000, "5.2"),
    "c": ("9,10,11,3,2", "0", "6,7,8", "0", 14000, "5.1"),
    "d": ("3,4,16,5,5", "0", "1,1,8.1", "0", 14400, "5"),
    "e": ("8,8,8,8,15", "9", "5,6,6", "6", 15001, "4"),
}


def test_masonry_by_readings_and_work_rate() -> None:
    """Readings at places with a tolerance; 5 points in time, 0.1 more for each place ahead of the last in time, less when late."""
    wall = practical(criteria=[FLATNESS, UPRIGHT], full="25", time=RATE)
    marks = [Mark("basic", key, "1", criterion, value) for key, (flat, _, upright, *_) in WALLS.items()
             for criterion, value in (("flat", flat), ("upright", upright))]
    figures = [clock(key, seconds) for key, (*_, seconds, _) in WALLS.items()]
    scores = score(book(wall), [Entry(key) for key in WALLS], marks, figures)
    assert scores.complete
    rows: dict[str, Row] = {row.entry: row for row in scores.events["basic"]}
    found = {key: tuple(str(rows[key].figures[name]) for name in ("flat", "upright", "time_points")) for key in WALLS}
    assert found == {key: (flat, upright, rate) for key, (_, flat, _, upright, _, rate) in WALLS.items()}
    assert str(rows["a"].value) == "25.30"
