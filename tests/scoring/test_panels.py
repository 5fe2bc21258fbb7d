"""Judges → one figure, and the flag for judges who lie too far apart."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.scoring.model import PanelRule
from competition.scoring.panels import combine, figure_of, group_points, sheet_total, wide_spread
from tests.scoring.documents import book, points, practical
from tests.scoring.test_groups import MODULES, group

METHODS = ("mean", "median", "sum")
TRIM = PanelRule(method="trimmed_mean", drop_low=1, drop_high=1, trim_from=5)


def pairs(*values: str) -> list[tuple[Fraction, str]]:
    """Values with seat 1, 2, 3 …"""
    return [(value, seat) for seat, value in seats(*values).items()]


def seats(*values: str) -> dict[str, Fraction]:
    """Values by seat 1, 2, 3 …"""
    return {str(seat): Fraction(value) for seat, value in enumerate(values, start=1)}


@pytest.mark.parametrize(
    ("values", "kept", "exact"),
    [
        (("88.5", "91", "90.5", "91", "86", "89.5", "90"), ["88.5", "89.5", "90", "90.5", "91"], "89.9"),
        (("92",) * 7, ["92"] * 5, "92"),
        (("85.13", "89.02", "88.97", "89.11", "89.08", "93.50"), ["88.97", "89.02", "89.08", "89.11"], "89.045"),
        (("92", "90", "78", "79", "89"), ["79", "89", "90"], "86"),
        (("92", "90", "86", "85", "89"), ["86", "89", "90"], "265/3"),
    ],
)
def test_trimmed_mean_drops_one_at_each_end(values: tuple[str, ...], kept: list[str], exact: str) -> None:
    result = combine(TRIM, pairs(*values))
    assert [value for value, _ in result.kept] == [Fraction(value) for value in kept]
    assert result.figure == Fraction(exact)
    assert (len(result.low), len(result.high)) == (1, 1)


def test_too_few_marks_are_not_trimmed() -> None:
    result = combine(TRIM, pairs("80", "90", "91", "100"))
    assert (result.method, result.figure, result.low, result.high) == ("mean", Fraction("90.25"), [], [])


@pytest.mark.parametrize(
    ("rule", "values", "figure"),
    [
        (PanelRule(method="mean"), ("80", "91"), "85.5"),
        (PanelRule(method="median"), ("80", "91", "99"), "91"),
        (PanelRule(method="median"), ("99", "80", "91", "92"), "91.5"),
        (PanelRule(method="median"), ("80",), "80"),
        (PanelRule(method="sum"), ("8", "9", "9.5"), "26.5"),
        (PanelRule(method="trimmed_mean", drop_low=0, drop_high=2, trim_from=3), ("1", "2", "9"), "1"),
    ],
)
def test_other_methods(rule: PanelRule, values: tuple[str, ...], figure: str) -> None:
    assert combine(rule, pairs(*values)).figure == Fraction(figure)


def test_equal_marks_are_dropped_by_seat_not_by_arrival() -> None:
    values = [(9, seat) for seat in "badce"]
    result = combine(TRIM, values)
    assert (result.low, result.high) == ([(9, "a")], [(9, "e")])
    assert combine(TRIM, list(reversed(values))) == result


SPREAD = {"of": "sheet", "percent": "10", "beyond": {"percent": "5"}}


@pytest.mark.parametrize(
    ("values", "spread", "named"),
    [
        (("92", "90", "78", "79", "89"), "14", ("3", "4")),
        (("92", "90", "86", "85", "89"), None, ()),
        (("92", "90", "79", "79", "89"), "13", ("3", "4")),
        (("80", "90", "85", "85", "85"), None, ()),
    ],
)
def test_wide_spread_of_sheets(values: tuple[str, ...], spread: str | None, named: tuple[str, ...]) -> None:
    event = book(practical(spread=SPREAD)).events[0]
    found = wide_spread(event, seats(*values))
    if spread is None:
        assert found is None
    else:
        assert found is not None
        assert (str(found.spread), found.seats, str(found.median)) == (spread, named, "89")
        assert not found.blocks


def criterion_event(kind: dict[str, Any], **spread: Any) -> Any:
    """The one criterion of an event whose spread rule is about criteria."""
    item = {"key": "work", "name": "评分项", "max": "10", **kind}
    event = practical(full="10", criteria=[item], panel={"by": "criterion", "method": "mean"}, spread=spread)
    return book(event).events[0].criteria[0]


def test_wide_spread_of_a_criterion() -> None:
    item = criterion_event({"kind": "points", "step": "1"}, of="criterion", absolute="3")
    assert wide_spread(item, {"1": "5", "2": "8"}) is None
    found = wide_spread(item, {"1": "5", "2": "8", "3": "9"})
    assert found is not None
    assert found.seats == ("1", "3")


def test_wide_spread_of_levels() -> None:
    levels = ["不足", "达到", "超过", "远超"]
    item = criterion_event({"kind": "judgement", "levels": levels}, of="criterion", levels="1", then="block")
    assert wide_spread(item, {"1": "2", "2": "2", "3": "3"}) is None
    found = wide_spread(item, {"1": "1", "2": "3", "3": "2"})
    assert found is not None
    assert (found.blocks, str(found.spread)) == (True, "2")


@pytest.mark.parametrize("limit", [{"percent": "50"}, {"absolute": "5"}])
def test_wide_spread_in_points_of_measured_places(limit: dict[str, str]) -> None:
    kind = {"kind": "measured", "places": 2, "tolerance": "5", "per_over": "4"}
    item = criterion_event(kind, of="criterion", **limit)
    assert wide_spread(item, {"1": "3,3", "2": "3,6"}) is None
    assert wide_spread(item, {"1": "3,3", "2": "6,6"}) is not None


def test_without_a_rule_or_a_second_judge_nothing_is_wide() -> None:
    event = book(practical(spread=SPREAD)).events[0]
    assert wide_spread(event, seats("10")) is None
    assert wide_spread(book(practical()).events[0], seats("10", "90")) is None


def test_sheet_total_for_a_board() -> None:
    event = book(practical(criteria=[points("a", "40", "0.5", weight="2"), points("b", "20", "0.5")])).events[0]
    assert str(sheet_total(event, {"a": "30.5", "b": "20"})) == "81"
    assert sheet_total(event, {"a": "30.5"}) is None
    assert sheet_total(event, {"a": "30.5", "b": "21"}) is None


def test_points_of_a_group_for_a_board() -> None:
    event = book(practical(criteria=MODULES)).events[0]
    marks = {"a1": "8", "a21": "4", "a22": "9", "b1": "30", "b2": "5", "e1": "9", "c": "1"}
    assert [group_points(event, key, marks) for key in ("a", "a2", "b", "extra")] == [25, 17, 35, 5]
    assert group_points(event, "a", {**marks, "c": "99"}) is None
    one_by_one = book(practical(criteria=MODULES, panel={"by": "criterion", "method": "mean"})).events[0]
    assert group_points(one_by_one, "a", marks) is None


def test_points_of_a_group_for_a_board_are_not_whole_numbers_only() -> None:
    inside = [points("a", "5", "0.5"), points("b", "5", "0.25")]
    event = book(practical(criteria=[group("g", *inside, weight="0.3"), points("c", "97", "1")])).events[0]
    assert group_points(event, "g", {"a": "4.5", "b": "3.25", "c": "90"}) == Fraction(31, 4)


def test_a_board_knows_no_total_where_nobody_marks_a_common_sheet() -> None:
    alone = book(practical(criteria=[points("a", "100", panel={"method": "mean"})])).events[0]
    assert sheet_total(alone, {"a": "30"}) is None


def test_a_rule_about_sheets_can_be_asked_by_itself() -> None:
    rule = book(practical(spread=SPREAD)).events[0].spread
    assert rule is not None
    found = wide_spread(rule, {"1": "92", "2": "90", "3": "78", "4": "79", "5": Fraction(89)})
    assert found is not None
    assert found.seats == ("3", "4")


def test_exactly_the_distance_from_the_median_is_not_beyond_it() -> None:
    event = book(practical(spread=SPREAD)).events[0]
    found = wide_spread(event, seats("80", "85", "85", "90", "91"))
    assert found is not None
    assert found.seats == ("5",)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=9), st.sampled_from([TRIM, *map(PanelRule, ["sheet"] * 3, METHODS)]))
def test_the_figure_alone_is_that_of_the_combined_marks(values: list[int], rule: PanelRule) -> None:
    combined = combine(rule, [(value, str(seat)) for seat, value in enumerate(values)])
    assert figure_of(rule, values) == (combined.total, combined.divisor)
    assert sorted(combined.all) == combined.all
