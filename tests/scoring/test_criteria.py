"""Every way to mark a criterion: what may be entered, and what it is worth."""

from fractions import Fraction
from typing import Any

import pytest

from competition.scoring.inputs import MarkRefused, canonical_value
from competition.scoring.model import Criterion
from tests.scoring.documents import book, practical

FLATNESS: dict[str, Any] = {"kind": "measured", "places": 5, "tolerance": "8", "per_over": "1", "zero_from": 3, "zero_beyond": "15"}
VERTICALITY: dict[str, Any] = {"kind": "measured", "places": 3, "tolerance": "5", "per_over": "2", "zero_from": 3, "zero_beyond": "8"}
LEVELS = [{"zh": word} for word in ("未达到", "达到", "部分超过", "全面超过")]
BANDS = [{"upto": "1", "points": "16"}, {"upto": "2", "points": "12"}, {"upto": "3", "points": "8"}]


def criterion(best: str = "10", **more: Any) -> Criterion:
    """One loaded criterion."""
    item = {"key": "work", "name": "评分项", "max": best, **more}
    return book(practical(full=best, criteria=[item])).events[0].criterion("work")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("8.5", "8.5"), ("8.50", "8.5"), ("08", "8"), ("0", "0"), ("0.0", "0"), ("10", "10"), ("10.00", "10")],
)
def test_points_in_canonical_form(text: str, canonical: str) -> None:
    assert canonical_value(criterion(step="0.5"), text) == canonical


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("10.5", "mark.above_maximum"),
        ("8.3", "mark.off_step"),
        ("8.25", "mark.off_step"),
        ("", "mark.not_a_number"),
        ("-1", "mark.not_a_number"),
        ("+1", "mark.not_a_number"),
        ("8\uff0c5", "mark.not_a_number"),
        ("8,5", "mark.not_a_number"),
        (" 8", "mark.not_a_number"),
        ("8。5", "mark.not_a_number"),
        ("\uff18", "mark.not_a_number"),
        ("٨", "mark.not_a_number"),
        ("1e1", "mark.not_a_number"),
        ("NaN", "mark.not_a_number"),
        ("9" * 500, "mark.not_a_number"),
    ],
)
def test_points_that_are_refused(text: str, code: str) -> None:
    with pytest.raises(MarkRefused) as caught:
        canonical_value(criterion(step="0.5"), text)
    assert caught.value.code == code
    assert caught.value.say().endswith("。")


def test_points_from_a_minimum() -> None:
    item = criterion(step="2", min="4")
    assert canonical_value(item, "6") == "6"
    with pytest.raises(MarkRefused, match="不能低于 4"):
        canonical_value(item, "2")


@pytest.mark.parametrize(
    ("spec", "best", "text", "points"),
    [
        ({"kind": "points", "step": "0.5"}, "10", "8.5", "8.5"),
        ({"kind": "deduct", "per": "0.25"}, "0.75", "1", "0.5"),
        ({"kind": "deduct", "per": "0.25"}, "0.75", "4", "0"),
        ({"kind": "deduct", "per": "3", "cap": "5"}, "10", "4", "5"),
        ({"kind": "deduct", "per": "2", "zero_from": 2}, "10", "1", "8"),
        ({"kind": "deduct", "per": "2", "zero_from": 2}, "10", "2", "0"),
        ({"kind": "counts", "per": "0.5"}, "3", "4", "2"),
        ({"kind": "counts", "per": "0.5"}, "3", "9", "3"),
        ({"kind": "pass_fail"}, "0.5", "1", "0.5"),
        ({"kind": "pass_fail"}, "0.25", "0", "0"),
        ({"kind": "judgement", "levels": LEVELS}, "1", "2", "2/3"),
        ({"kind": "judgement", "levels": LEVELS}, "1", "3", "1"),
        ({"kind": "bands", "bands": BANDS}, "16", "1", "16"),
        ({"kind": "bands", "bands": BANDS}, "16", "1.01", "12"),
        ({"kind": "bands", "bands": BANDS}, "16", "3.5", "0"),
        (FLATNESS, "10", "3,5,7,8,6", "10"),
        (FLATNESS, "10", "3,9,7,8,10", "8"),
        (FLATNESS, "10", "9,10,11,3,2", "0"),
        (FLATNESS, "10", "3,4,16,5,5", "0"),
        (VERTICALITY, "10", "5,6,5", "8"),
        (VERTICALITY, "10", "6,7,8", "0"),
        (VERTICALITY, "10", "1,1,8.1", "0"),
    ],
)
def test_worth(spec: dict[str, Any], best: str, text: str, points: str) -> None:
    item = criterion(best, **spec)
    assert item.marking.points(canonical_value(item, text)) == Fraction(points)


@pytest.mark.parametrize(
    ("spec", "text", "code"),
    [
        ({"kind": "deduct", "per": "1"}, "1.5", "mark.not_whole"),
        ({"kind": "deduct", "per": "1", "most": 5}, "6", "mark.above_maximum"),
        ({"kind": "pass_fail"}, "2", "mark.not_pass_fail"),
        ({"kind": "judgement", "levels": LEVELS}, "4", "mark.above_maximum"),
        ({"kind": "judgement", "levels": LEVELS}, "1.5", "mark.not_whole"),
        (FLATNESS, "3,5,7,8", "mark.wrong_count"),
        (FLATNESS, "3,5,7,8,", "mark.not_a_number"),
        (FLATNESS, "3\uff0c5\uff0c7\uff0c8\uff0c6", "mark.wrong_count"),
    ],
)
def test_refused_by_kind(spec: dict[str, Any], text: str, code: str) -> None:
    with pytest.raises(MarkRefused) as caught:
        canonical_value(criterion(**spec), text)
    assert caught.value.code == code


def test_what_a_keypad_needs() -> None:
    plain = criterion("10", step="0.5")
    assert (str(plain.max), str(plain.step), str(plain.input_max)) == ("10", "0.5", "10")
    level = criterion("0.75", kind="judgement", levels=LEVELS)
    assert (str(level.max), str(level.step), str(level.input_max)) == ("0.75", "1", "3")
    assert [str(words) for words in level.levels] == ["未达到", "达到", "部分超过", "全面超过"]
    measured = criterion(**FLATNESS)
    assert measured.step is None
    assert measured.input_max is None
