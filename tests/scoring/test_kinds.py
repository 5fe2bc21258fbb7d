"""The kinds of criteria for faults, grades, scales, times and vetoes."""

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from competition.scoring.faults import Faults, Veto
from competition.scoring.inputs import MarkRefused, canonical_value
from competition.scoring.model import Criterion
from tests.scoring.documents import book, faults, points, practical
from tests.scoring.documents import document as whole
from tests.scoring.test_criteria import FLATNESS, criterion

# A weld of 12 points: spatter, undercut (three are too many), a crack (used up at once, two of them disqualify).
WELD = {
    "kind": "faults",
    "faults": [
        {"name": "飞溅", "per": "0.5"},
        {"name": "咬边", "per": "2", "most": 9, "zero_from": 3},
        {"name": "裂纹", "per": "0", "zero": True, "outcome": {"from": 2, "code": "DISQUALIFIED"}},
    ],
}
# Three courses −5, the fourth makes it nothing; other places: each three, or what is begun of them, −1; 4 points for each 5 mm.
BOND = {
    "kind": "faults",
    "faults": [
        {"name": "通缝皮数", "per": "5", "each": 3, "zero_from": 4},
        {"name": "其他不当", "per": "1", "each": 3, "count": "started"},
        {"name": "长度", "per": "4", "each": 5, "count": "full", "most": 999},
    ],
}
LOOK = {"kind": "deduct", "per": "1", "each": 3, "zero_from": 20}
GRADES = {
    "kind": "grades",
    "grades": [{"name": "好", "points": "10", "text": "匀称"}, {"name": "中", "points": "7"}, {"name": "差", "points": "0.5"}],
}
SCALE = {
    "kind": "scale",
    "step": "0.1",
    "at": [{"value": "0", "points": "10"}, {"value": "3", "points": "9"}, {"value": "6", "points": "0"}],
}
SECONDS = {
    "kind": "timed",
    "limit_s": "60",
    "base": "8",
    "over": {"unit_s": 10, "count": "started", "points": "1"},
    "early": {"unit_s": 10, "count": "full", "points": "0.5", "cap": "1.5"},
}


@pytest.mark.parametrize(
    ("spec", "best", "text", "result"),
    [
        (WELD, "12", "0,0,0", "12"),
        (WELD, "12", "3,1,0", "8.5"),
        (WELD, "12", "99,0,0", "0"),
        (WELD, "12", "0,3,0", "0"),
        (WELD, "12", "0,2,0", "8"),
        (WELD, "12", "0,0,1", "0"),
        ({**WELD, "cap": "5"}, "12", "20,2,0", "7"),
        (BOND, "10", "2,0,4", "10"),
        (BOND, "10", "3,0,0", "5"),
        (BOND, "10", "4,0,0", "0"),
        (BOND, "10", "0,1,0", "9"),
        (BOND, "10", "0,3,0", "9"),
        (BOND, "10", "0,4,0", "8"),
        (BOND, "10", "0,0,9", "6"),
        (BOND, "10", "0,0,10", "2"),
        (BOND, "10", "3,1,999", "0"),
        (LOOK, "10", "2", "10"),
        (LOOK, "10", "3", "9"),
        (LOOK, "10", "5", "9"),
        (LOOK, "10", "19", "4"),
        (LOOK, "10", "20", "0"),
        ({**LOOK, "count": "started", "cap": "5"}, "10", "1", "9"),
        ({**LOOK, "count": "started", "cap": "5"}, "10", "18", "5"),
        (GRADES, "10", "1", "10"),
        (GRADES, "10", "3", "0.5"),
        (SCALE, "10", "0", "10"),
        (SCALE, "10", "1.5", "9.5"),
        (SCALE, "10", "1", "29/3"),
        (SCALE, "10", "3", "9"),
        (SCALE, "10", "4", "6"),
        (SCALE, "10", "600", "0"),
        ({**SCALE, "target": "50"}, "10", "51.5", "9.5"),
        ({**SCALE, "target": "50"}, "10", "48.5", "9.5"),
        (SECONDS, "10", "60", "8"),
        (SECONDS, "10", "60.5", "7"),
        (SECONDS, "10", "71", "6"),
        (SECONDS, "10", "600", "0"),
        (SECONDS, "10", "51", "8"),
        (SECONDS, "10", "50", "8.5"),
        (SECONDS, "10", "0", "9.5"),
        ({**SECONDS, "base": "9.5"}, "10", "0", "10"),
        ({"kind": "timed", "limit_s": 60, "early": SECONDS["early"], "base": "4"}, "10", "90", "4"),
        ({"kind": "timed", "limit_s": 60, "over": SECONDS["over"]}, "10", "5", "10"),
        ({**FLATNESS, "target": "100"}, "10", "92,108,91.9,100,108.1", "8"),
        ({"kind": "bands", "target": "20", "bands": [{"upto": "1", "points": "10"}, {"upto": "2", "points": "5"}]}, "10", "19", "10"),
        ({"kind": "bands", "target": "20", "bands": [{"upto": "1", "points": "10"}, {"upto": "2", "points": "5"}]}, "10", "21.5", "5"),
    ],
)
def test_worth(spec: dict[str, Any], best: str, text: str, result: str) -> None:
    item = criterion(best, **spec)
    found = item.marking.points(canonical_value(item, text))
    assert found == Fraction(result)
    assert (found * item.marking.denominator).denominator == 1


@pytest.mark.parametrize(
    ("spec", "text", "code"),
    [
        (WELD, "1,2", "mark.wrong_count"),
        (WELD, "1,2,0.5", "mark.not_whole"),
        (WELD, "1,10,0", "mark.above_maximum"),
        (WELD, "1,,0", "mark.not_a_number"),
        (GRADES, "0", "mark.below_minimum"),
        (GRADES, "4", "mark.above_maximum"),
        (GRADES, "1.5", "mark.not_whole"),
        (SCALE, "0.05", "mark.off_step"),
        (SCALE, "-1", "mark.not_a_number"),
        (SECONDS, "1:00", "mark.not_a_number"),
    ],
)
def test_refused(spec: dict[str, Any], text: str, code: str) -> None:
    with pytest.raises(MarkRefused) as caught:
        canonical_value(criterion("12" if spec is WELD else "10", **spec), text)
    assert caught.value.code == code
    assert caught.value.say().endswith("。")


def veto(**more: Any) -> Criterion:
    """A veto beside one criterion."""
    item = {"key": "danger", "name": "违章作业", "kind": "veto", **more}
    return book(practical(criteria=[points(), item])).events[0].criterion("danger")


def test_a_veto_is_a_question_without_points() -> None:
    item = veto()
    assert (canonical_value(item, "1"), item.worth, str(item.max), str(item.input_max)) == ("1", Fraction(0), "0", "1")
    assert item.marking.points("1") == 0
    with pytest.raises(MarkRefused, match="没有出现填 0"):
        canonical_value(item, "2")


def test_what_entries_call_for_and_how_many_must() -> None:
    asked, counted = veto(then="ZERO", **{"from": 2}).marking, criterion("12", **WELD).marking
    assert isinstance(asked, Veto)
    assert isinstance(counted, Faults)
    assert (asked.calls("1"), asked.calls("0"), asked.may_call, asked.needed(7)) == (("ZERO",), (), ("ZERO",), 2)
    assert [veto().marking.needed(seats) for seats in (1, 2, 3, 4, 5)] == [1, 2, 2, 3, 3]  # type: ignore[attr-defined]
    assert (counted.calls("0,0,1"), counted.calls("9,9,2"), counted.may_call) == ((), ("DISQUALIFIED",), ("DISQUALIFIED",))
    assert counted.needed(4) == 3


def test_what_a_keypad_needs() -> None:
    weld, graded, timed = criterion("12", **WELD), criterion("10", **GRADES), criterion("10", **SECONDS)
    assert [str(words) for words in weld.levels] == ["飞溅", "咬边", "裂纹"]
    assert ([str(words) for words in graded.levels], str(graded.input_max)) == (["好", "中", "差"], "3")
    assert (weld.input_max, str(weld.step), timed.input_max, timed.step) == (None, "1", None, None)
    assert str(criterion("10", **SCALE).step) == "0.1"


@pytest.mark.parametrize("spec", [WELD, GRADES, SCALE, SECONDS, FLATNESS], ids=lambda spec: str(spec["kind"]))
def test_no_entry_is_worth_less_than_nothing_or_more_than_the_maximum(spec: dict[str, Any]) -> None:
    item = criterion("12" if spec is WELD else "10", **spec)
    places = len(item.levels) if spec is WELD else getattr(item.marking, "places", 1)
    for entry in product(("0", "1", "2", "3", "7.5", "9", "99"), repeat=min(places, 3)):
        text = ",".join((*entry, *["0"] * (places - len(entry))))
        try:
            found = item.marking.points(canonical_value(item, text))
        except MarkRefused:
            continue
        assert 0 <= found <= item.marking.best
        assert (found * item.marking.denominator).denominator == 1


@pytest.mark.parametrize(
    ("spec", "best", "place", "sentence"),
    [
        ({**WELD, "faults": []}, "12", "faults", "至少要有 1 项"),
        ({**WELD, "faults": [{"name": "裂", "per": "1", "zero": True, "zero_from": 2}]}, "12", "faults/0/zero_from", "就不能再写"),
        ({**WELD, "faults": [{"name": "裂", "per": "1", "outcome": {"from": 0, "code": "LATE"}}]}, "12", "faults/0/outcome/code", "只能是"),
        ({**WELD, "cap": "13"}, "12", "cap", "不能超过满分"),
        ({**LOOK, "each": 1}, "10", "each", "必须在 2 到 9999 之间"),
        ({**LOOK, "each": None, "count": "full"}, "10", "count", "就不能写 count"),
        ({"kind": "faults", "faults": [{"name": "裂", "per": "1", "count": "started"}]}, "10", "faults/0/count", "就不能写 count"),
        (GRADES, "9", "max", "必须等于各档中最高的分值"),
        ({"kind": "grades", "grades": [{"name": "好", "points": "10"}]}, "10", "grades", "至少要有 2 项"),
        (SCALE, "11", "max", "必须等于各档中最高的分值"),
        ({**SCALE, "at": [*SCALE["at"], {"value": "6", "points": "0"}]}, "10", "at", "从小到大"),
        ({"kind": "timed", "limit_s": 60}, "10", "over", "至少要写一个"),
        ({**SECONDS, "base": "11"}, "10", "base", "不能超过满分"),
    ],
)
def test_faults_of_the_document(spec: dict[str, Any], best: str, place: str, sentence: str) -> None:
    item = {"key": "work", "name": "评分项", "max": best, **spec}
    found = faults(whole(practical(full=best, criteria=[item])))
    assert sentence in found[f"/events/0/criteria/0/{place}"]


@pytest.mark.parametrize("key", ["weight", "bonus", "attempts", "take", "panel", "spread", "max"])
def test_a_veto_has_nothing_that_counts(key: str) -> None:
    value = {"bonus": True, "attempts": 2, "take": "best", "panel": {"method": "mean"}, "spread": {"absolute": "1"}}.get(key, "2")
    item = {"key": "danger", "name": "违章作业", "kind": "veto", key: value}
    assert f"/events/0/criteria/1/{key}" in faults(whole(practical(criteria=[points(), item])))
