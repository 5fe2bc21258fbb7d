"""Totals of other kinds: the best of several attempts, and the standard scale around a median."""

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.scoring.derivation import outline
from competition.scoring.engine import Scores, score
from competition.scoring.inputs import Entry
from competition.scoring.scale import median, root
from tests.scoring.documents import book, clock, document, faults, overall, paper, points, practical, sheets, theory
from tests.scoring.test_properties import QUICK

SCALE = {"key": "scale", "name": "标准分", "method": "scale", "of": "basic"}


def scaled(rule: dict[str, Any], *marks: str, outcomes: dict[str, str] | None = None) -> Scores:
    """Entries a, b, c … with these marks; ``outcomes`` by entry."""
    entries = [Entry(key, outcomes={"*": code}) for key, code in (outcomes or {}).items()]
    entries += [Entry(key) for key, _ in zip("abcdefghi", marks, strict=False)]
    given = [one for key, mark in zip("abcdefghi", marks, strict=False) for one in sheets(key, mark)]
    return score(book(practical(), totals=[{**SCALE, **rule}]), entries, given, [])


def values(scores: Scores, key: str = "scale") -> dict[str, str | None]:
    """The published figures by entry."""
    return {row.entry: None if row.value is None else str(row.value) for row in scores.totals[key]}


def said(scores: Scores, entry: str) -> list[str]:
    """How one figure was made."""
    step = scores.row("scale", entry).derivation
    assert step is not None
    return [each.say() for _depth, each in outline(step)]


def test_a_deviation_that_is_a_whole_number() -> None:
    """80, 80, 80, 85, 90: mean 83, squares 9 + 9 + 9 + 4 + 49 = 80, ÷ 5 = 16, root 4; median 80.

    85: 700 + 50 × 5 ÷ 4 = 762.5, an exact half; 90: 700 + 50 × 10 ÷ 4 = 825.
    """
    scores = scaled({}, "80", "80", "80", "85", "90")
    assert values(scores) == {"e": "825", "d": "763", "a": "700", "b": "700", "c": "700"}
    assert said(scores, "d") == [
        "项目basic：85.00",
        "标准分：5 个有效成绩，中位数 80，标准差 4，700 + 50 ×（85 - 80）÷ 4 = 762.5",
        "标准分：四舍五入，取整数，762.5 → 763",
    ]
    assert [row.rank for row in scores.totals["scale"]] == [1, 2, 3, 3, 3]
    even = scaled({"rounding": {"places": 0, "mode": "half_even"}}, "80", "80", "80", "85", "90")
    assert values(even)["d"] == "762"


def test_a_deviation_without_end() -> None:
    """80, 90, 100: mean 90, (100 + 0 + 100) ÷ 3 = 200/3, root 8.16496…; 700 ± 50 × 10 ÷ 8.16496… = 700 ± 61.237…"""
    assert values(scaled({}, "80", "90", "100")) == {"c": "761", "b": "700", "a": "639"}
    more = scaled({"rounding": {"places": 4}}, "80", "90", "100")
    assert values(more) == {"c": "761.2372", "b": "700.0000", "a": "638.7628"}


def test_the_distance_from_the_median_as_spread() -> None:
    """70, 88, 90, 92, 95: median 90; distances 20, 2, 0, 2, 5, their median 2; 1.4826 × 2 = 2.9652.

    92: 700 + 50 × 2 ÷ 2.9652 = 733.72…; 70: 700 − 50 × 20 ÷ 2.9652 = 362.75…; 95: 784.31…; 88: 666.27…
    """
    marks = ("70", "88", "90", "92", "95")
    assert values(scaled({"spread": "mad"}, *marks)) == {"e": "784", "d": "734", "c": "700", "b": "666", "a": "363"}
    clamped = scaled({"spread": "mad", "low": "400", "high": "750"}, *marks)
    assert values(clamped) == {"e": "750", "d": "734", "c": "700", "b": "666", "a": "400"}
    assert said(clamped, "e")[1].endswith("绝对中位差（已乘系数）2.9652，700 + 50 ×（95 - 90）÷ 2.9652 = 784.311344…，超出规定范围，取 750")
    # With factor 1: 700 + 50 × 5 ÷ 2 = 825, 700 + 50 × 2 ÷ 2 = 750, 700 − 50 × 20 ÷ 2 = 200.
    assert values(scaled({"spread": "mad", "factor": "1"}, *marks)) == {"e": "825", "d": "750", "c": "700", "b": "650", "a": "200"}


def test_a_median_between_two_and_a_mean_that_is_no_whole_number() -> None:
    """80, 81, 83, 86: median 82; mean 82.5, (6.25 + 2.25 + 0.25 + 12.25) ÷ 4 = 5.25, root 2.29128784747792002940235965110…"""
    scores = scaled({"rounding": {"places": 4}}, "80", "81", "83", "86")
    # 700 + 50 × 4 ÷ 2.2912878… = 787.2871…; 50 × 1 ÷ 2.2912878… = 21.8217…; 50 × 2 ÷ 2.2912878… = 43.6435…
    assert values(scores) == {"d": "787.2872", "c": "721.8218", "b": "678.1782", "a": "656.3564"}
    assert values(scaled({"rounding": {"places": 1}}, "80", "81")) == {"b": "750.0", "a": "650.0"}  # median 80.5, root 0.5


def test_the_root_has_fifty_digits() -> None:
    found = root(Fraction(2))
    assert found == Fraction("1.4142135623730950488016887242096980785696718753769")
    assert root(Fraction(2, 9)) == Fraction("0.47140452079103168293389624140323269285655729179231")
    assert (root(Fraction(4, 9)), root(Fraction(0))) == (Fraction(2, 3), Fraction(0))


def test_another_middle_and_worth() -> None:
    """70, 90: mean 80, (100 + 100) ÷ 2 = 100, root 10; 500 ± 100 × 10 ÷ 10."""
    assert values(scaled({"middle": "500", "per": "100"}, "70", "90")) == {"b": "600", "a": "400"}


@pytest.mark.parametrize("spread", ["deviation", "mad"])
def test_no_spread_brings_everybody_to_the_middle(spread: str) -> None:
    scores = scaled({"spread": spread}, "88", "88", "88")
    assert values(scores) == {"a": "700", "b": "700", "c": "700"}
    assert said(scores, "a")[1] == "标准分：3 个有效成绩，中位数 88，各成绩没有差距，得 700"


def test_who_is_not_standardised() -> None:
    """The zero, the disqualified and the absent change neither median nor spread."""
    outcomes = {"x": "ZERO", "y": "DISQUALIFIED", "z": "ABSENT"}
    scores = scaled({}, "80", "80", "80", "85", "90", outcomes=outcomes)
    assert values(scores) == {"e": "825", "d": "763", "a": "700", "b": "700", "c": "700", "x": "0", "z": None, "y": None}
    assert [(row.status, row.rank) for row in scores.totals["scale"]][5:] == [("ZERO", 6), ("ABSENT", None), ("DISQUALIFIED", None)]
    assert values(scaled({"low": "300"}, "80", outcomes={"x": "ZERO"})) == {"a": "700", "x": "300"}


def test_nobody_and_what_is_not_marked_yet() -> None:
    assert values(scaled({})) == {}
    rules = book(practical(), totals=[SCALE])
    scores = score(rules, [Entry("a"), Entry("b")], sheets("a", "80"), [])
    assert [(row.entry, row.status) for row in scores.totals["scale"]] == [("a", "OK"), ("b", "INCOMPLETE")]


@QUICK
@given(st.fractions(min_value=0, max_value=10**6))
def test_roots(value: Fraction) -> None:
    """Exact where it can be; else right to 49 digits."""
    found = root(value)
    assert root(value * value) == value
    if found * found != value:
        with localcontext(prec=60):
            right = (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()
        assert abs(found - Fraction(right)) <= Fraction(right) / 10**48


@QUICK
@given(st.lists(st.integers(0, 20), min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_medians(numbers: list[int], chance: Any) -> None:
    """Half of the figures are not above, half not below; the order does not matter."""
    middle = median([Fraction(number) for number in numbers])
    assert sum(number <= middle for number in numbers) * 2 >= len(numbers)
    assert sum(number >= middle for number in numbers) * 2 >= len(numbers)
    chance.shuffle(numbers)
    assert median([Fraction(number) for number in numbers]) == middle


# ---- the best of several --------------------------------------------------------------------------

BEST = {"key": "best", "name": "最好成绩", "method": "best", "full": "100", "parts": [{"of": "first"}, {"of": "second"}]}


def best_of(**more: Any) -> Scores:
    """Two attempts at the same work; b missed the second, c never entered it, d was out in it, e missed both."""
    rules = book(practical("first", time={"limit_s": 900}), practical("second", time={"limit_s": 900}), totals=[{**BEST, **more}])
    entries = [
        Entry("a"), Entry("b", outcomes={"second": "ABSENT"}), Entry("c", events=("first",)),
        Entry("d", outcomes={"second": "DISQUALIFIED"}), Entry("e", outcomes={"*": "ABSENT"}), Entry("f", events=()),
    ]
    firsts = {"a": "80", "b": "85", "c": "70", "d": "99"}
    marks = [*sheets("a", "90.5", event="second")] + [one for key, mark in firsts.items() for one in sheets(key, mark, event="first")]
    figures = [clock(key, 600, "first") for key in firsts] + [clock("a", 700, "second")]
    return score(rules, entries, marks, figures)


def test_the_best_of_two() -> None:
    scores = best_of()
    assert values(scores, "best") == {"a": "90.50", "b": "85.00", "c": "70.00", "e": None, "d": None}
    row = scores.row("best", "b")
    assert row.derivation is not None
    assert row.derivation.steps[0].say() == "最好成绩：项目first 85.00、项目second 0（缺考），取最高 85"
    assert {name: str(value) for name, value in row.figures.items()} == {"first": "85", "second": "0", "score": "85"}
    assert {name: str(value) for name, value in scores.row("best", "c").figures.items()} == {"first": "70", "score": "70"}


def test_equal_bests_by_a_figure_of_one_attempt() -> None:
    chain = {"ties": [{"figure": "second.time", "order": "asc"}, {"figure": "first", "order": "desc"}]}
    assert best_of(ranking=chain).complete


def test_the_best_of_two_scales_has_no_full_marks() -> None:
    scales = [{**SCALE, "key": f"scale_{key}", "of": key} for key in ("first", "second")]
    total = {"key": "best", "name": "最好标准分", "method": "best", "parts": [{"of": "scale_first"}, {"of": "scale_second"}]}
    rules = book(practical("first"), practical("second"), totals=[*scales, total])
    marks = [*sheets("a", "70", event="first"), *sheets("b", "90", event="first")]
    marks += [*sheets("a", "60", event="second"), *sheets("b", "60", event="second")]
    scores = score(rules, [Entry("a"), Entry("b")], marks, [])
    # First: mean 80, deviation 10, median 80: 650 and 750. Second: nobody ahead, 700 and 700.
    assert values(scores, "best") == {"b": "750.00", "a": "700.00"}
    assert rules.total("best").full is None


# ---- own rounding ----------------------------------------------------------------------------------


def test_events_and_totals_may_round_in_their_own_way() -> None:
    event = practical(rounding={"places": 0, "mode": "ceiling"})
    rules = book(theory(rounding={"places": 1}), event, totals=[overall(rounding={"places": 1, "mode": "floor"})])
    scores = score(rules, [Entry("a")], sheets("a", "80.01", "80.02"), [paper("a", "66.66")])
    # 66.66 → 66.7; 80.015 up → 81; 66.7 × 30 % + 81 × 70 % = 20.01 + 56.7 = 76.71, down → 76.7.
    assert str(scores.row("theory", "a").value) == "66.7"
    assert str(scores.row("basic", "a").value) == "81"
    assert str(scores.row("overall", "a").value) == "76.7"


# ---- what is refused -------------------------------------------------------------------------------

RACE = {"key": "race", "kind": "practical", "name": "竞速", "result": "time", "time": {"limit_s": 60}}
SMALL = practical("small", full="50", criteria=[points(full="50")])


@pytest.mark.parametrize(
    ("total", "path"),
    [
        ({**SCALE, "of": "ghost"}, "of"),
        ({**SCALE, "of": "race"}, "of"),
        ({**SCALE, "of": None}, "of"),
        ({**SCALE, "full": "100"}, "full"),
        ({**SCALE, "parts": []}, "parts"),
        ({**SCALE, "per": "0"}, "per"),
        ({**SCALE, "spread": "variance"}, "spread"),
        ({**SCALE, "factor": "2"}, "factor"),
        ({**SCALE, "spread": "mad", "factor": "0"}, "factor"),
        ({**SCALE, "low": "701"}, "low"),
        ({**SCALE, "high": "699"}, "high"),
        ({**SCALE, "rounding": {"places": 7}}, "rounding/places"),
        ({**SCALE, "ranking": {"ties": [{"figure": "basic.beauty", "order": "desc"}]}}, "ranking/ties/0/figure"),
        (overall(parts=[{"of": "other", "weight": "50"}, {"of": "basic", "weight": "50"}]), "parts/0/of"),
        (overall(method="sum", parts=[{"of": "other"}, {"of": "basic"}]), "parts/0/of"),
        (overall(method="best", parts=[{"of": "other"}, {"of": "basic"}]), "parts/0/of"),
        (overall(method="best", parts=[{"of": "small"}, {"of": "basic"}]), "full"),
        (overall(method="best", full="99", parts=[{"of": "basic"}]), "full"),
        (overall(method="best", full=None, parts=[{"of": "basic"}]), "full"),
        (overall(method="best", parts=[{"of": "other"}]), "full"),
        (overall(method="best", parts=[{"of": "basic", "weight": "100"}]), "parts/0/weight"),
        (overall(method="best", parts=[{"of": "race"}]), "parts/0/of"),
        (overall(method="best", parts=[{"of": "basic"}, {"of": "basic"}]), "parts/1/of"),
        (overall(method="best", parts=[{"of": "basic"}], ranking={"ties": [{"figure": "time", "order": "asc"}]}), "ranking/ties/0/figure"),
    ],
)
def test_faults_of_a_total(total: dict[str, Any], path: str) -> None:
    timed = practical(time={"limit_s": 60})
    found = faults(document(theory(), timed, SMALL, RACE, totals=[total, {**SCALE, "key": "other"}]))
    assert f"/totals/0/{path}" in found, found


def test_scales_in_a_circle() -> None:
    found = faults(document(theory(), totals=[{**SCALE, "key": "a", "of": "b"}, {**SCALE, "key": "b", "of": "a"}]))
    assert found == {"/totals": "总成绩互相引用成了循环：a、b。"}
