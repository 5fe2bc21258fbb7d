"""Groups: modules and sub-criteria, how they are read."""

from fractions import Fraction
from typing import Any

import pytest

from tests.scoring.documents import MEAN, book, faults, points, practical
from tests.scoring.documents import document as whole


def group(key: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A group of criteria."""
    return {"kind": "group", "key": key, "name": {"zh": f"模块{key}"}, "criteria": list(items), **more}


MODULES = [
    group("a", points("a1", "20", "1"), group("a2", points("a21", "5", "1", weight="2"), points("a22", "10", "1")), worth="30"),
    group("b", points("b1", "40", "1"), points("b2", "10", "1", bonus=True), weight="1.5"),
    group("extra", points("e1", "10", "1"), bonus=True, cap="5"),
    points("c", "10", "1"),
]


def test_leaves_are_flat_and_know_their_groups() -> None:
    event = book(practical(criteria=MODULES)).events[0]
    assert [item.key for item in event.criteria] == ["a1", "a21", "a22", "b1", "b2", "e1", "c"]
    assert [item.key for item in event.groups] == ["a", "a2", "b", "extra"]
    assert event.criterion("a21").groups == ("a", "a2")
    assert event.criterion("c").groups == ()
    assert [item.groups for item in event.groups] == [(), ("a",), (), ()]


def test_full_marks_of_groups() -> None:
    event = book(practical(criteria=MODULES)).events[0]
    fulls = {item.key: (item.full, item.weight, item.worth) for item in event.groups}
    assert fulls == {
        "a": (Fraction(40), Fraction(3, 4), Fraction(30)),
        "a2": (Fraction(20), Fraction(1), Fraction(20)),
        "b": (Fraction(40), Fraction(3, 2), Fraction(60)),
        "extra": (Fraction(5), Fraction(1), Fraction(5)),
    }


@pytest.mark.parametrize(
    ("items", "place", "sentence"),
    [
        ([group("a", points())], "full", ""),
        ([group("a", worth="5")], "criteria/0/criteria", "至少要有 1 项"),
        ([group("a", points(), weight="2", worth="100")], "criteria/0/worth", "只能写一个"),
        ([group("a", points(bonus=True), worth="100")], "criteria/0/worth", "没有满分"),
        ([group("a", points("a"))], "criteria/0/criteria/0/key", "重复"),
        ([group("a", points("judges"))], "criteria/0/criteria/0/key", "重复"),
        ([group("a", group("b", group("c", group("d", points()))))], "criteria/0/criteria/0/criteria/0/criteria/0/kind", "最多分 4 层"),
        ([group("a", points(), panel={"method": "mean", "by": "sheet"})], "criteria/0/panel/by", "整组"),
        ([group("a", points(panel=MEAN), panel={"method": "mean"})], "criteria/0/panel", "单独合成"),
        ([group("a", points(panel={"method": "mean"}), cap="90")], "criteria/0/cap", "单独合成"),
        ([group("a", points(), spread={"levels": "1"})], "criteria/0/spread/levels", "单个评分项"),
        ([group("a", points(panel={"method": "mean", "by": "group"}))], "criteria/0/criteria/0/panel/by", "只能按评分项"),
        ([group("a", points(max="90"), full="100")], "criteria/0/full", "不认识"),
    ],
)
def test_faults_of_groups(items: list[dict[str, Any]], place: str, sentence: str) -> None:
    found = faults(whole(practical(criteria=items)))
    if sentence:
        assert sentence in found[f"/events/0/{place}"]
    else:
        assert not found


def test_full_marks_are_added_over_the_tree() -> None:
    found = faults(whole(practical(full="99", criteria=MODULES)))
    assert "合计却是 100" in found["/events/0/full"]


def test_a_spread_rule_is_handed_down_to_the_top_level() -> None:
    event = book(practical(criteria=MODULES, spread={"of": "group", "percent": "20"})).events[0]
    assert event.spread is None
    assert {item.key: item.spread.full for item in event.groups if item.spread} == {"a": 40, "b": 40, "extra": 5}
    assert [item.key for item in event.criteria if item.spread] == ["c"]


def test_a_spread_of_sheets_refers_to_the_common_sheet() -> None:
    alone = [group("a", points("a1", "20", "1"), points("a2", "10", "1", panel={"method": "mean"}), weight="2"), points("c", "40", "1")]
    event = book(practical(criteria=alone, spread={"of": "sheet", "percent": "10"})).events[0]
    assert event.spread is not None
    assert event.spread.full == 80
    assert [item.key for item in event.sheet_criteria] == ["a1", "c"]


def test_nobody_marks_a_group_as_a_whole_where_criteria_are_combined_one_by_one() -> None:
    one_by_one = {"method": "mean", "by": "criterion"}
    items = [group("a", points("a1", "50", "1"), spread={"absolute": "3"}), group("b", points("b1", "50", "1"))]
    found = faults(whole(practical(criteria=items, panel=one_by_one)))
    assert "整组合成" in found["/events/0/criteria/0/spread"]
    items[0]["panel"] = {"method": "mean"}
    assert not faults(whole(practical(criteria=items, panel=one_by_one)))


def test_names_of_groups_are_texts_of_the_rulebook() -> None:
    module = {**group("a", points()), "name": {"zh": "模块甲", "en": "Module A"}, "text": {"zh": "说明", "en": "About"}}
    assert book(practical(criteria=[module])).texts("en") == {"模块甲": "Module A", "说明": "About"}
