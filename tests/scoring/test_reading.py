"""Rulebooks with every kind of criterion and groups: spoilt ones are refused or computed, never a crash; what is read lazily."""

import copy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competition.scoring import rulebook
from competition.scoring.derivation import Later, Step, sentences
from competition.scoring.engine import score
from competition.scoring.figures import Figures, Nested, Shown
from competition.scoring.inputs import Entry, Mark, Panel, Sheet
from competition.scoring.model import Criterion
from competition.scoring.rulebook import RulebookFaults
from tests.drawing import examples
from tests.scoring.documents import TRIMMED, TWO, book, document, faults, points, practical
from tests.scoring.test_criteria import FLATNESS, LEVELS
from tests.scoring.test_groups import MODULES, group
from tests.scoring.test_kinds import GRADES, SCALE, SECONDS, WELD
from tests.scoring.test_properties import anything, places

VETO = {"key": "veto", "name": "违章", "kind": "veto", "from": 1}


def kinds() -> list[dict[str, Any]]:
    """One criterion of every kind, 10 points each."""
    some: dict[str, dict[str, Any]] = {
        "weld": {**WELD, "max": "10"}, "grade": GRADES, "scale": SCALE, "quick": SECONDS, "flat": {**FLATNESS, "target": "5"},
        "level": {"kind": "judgement", "levels": LEVELS}, "pass": {"kind": "pass_fail"}, "count": {"kind": "counts", "per": "2"},
        "off": {"kind": "deduct", "per": "3"}, "band": {"kind": "bands", "bands": [{"upto": "1", "points": "10"}]},
    }
    return [{"key": key, "name": f"评分项{key}", "max": "10", **spec} for key, spec in some.items()]


ENTRIES = {"weld": "1,1,0", "grade": "2", "scale": "1.5", "quick": "61", "flat": "3,5,7,8,6", "level": "1", "pass": "1", "count": "3",
           "off": "1", "band": "1", "veto": "0", "spare": "1"}


def whole(by: str = "sheet") -> dict[str, Any]:
    """A rulebook with all of them in groups."""
    every = kinds()
    items = [
        group("one", *every[:4], group("deep", *every[4:6], VETO, cap="15", weight="1.5", spread={"percent": "50"}), worth="62.5"),
        group("two", *every[6:9], weight="0.75", panel={**TRIMMED, "by": "group"}),
        {**every[9], "panel": {"method": "median"}, "attempts": 2, "take": "best"},
        group("more", points("spare", "5", "1"), bonus=True),
        points("rest", "5", "1"),
    ]
    if by == "criterion":
        items[0]["criteria"][4].pop("spread")
    panel = {"by": by, "method": "mean"}
    stages = {"sheet": {"places": 1}, "criterion": {"places": 1, "mode": "half_even"}, "event": TWO, "total": TWO, "team": TWO}
    return document(practical(criteria=items, panel=panel, ranking={"ties": [{"figure": "deep", "order": "desc"}]}), rounding=stages)


@pytest.mark.parametrize("by", ["sheet", "group", "criterion"])
def test_every_kind_together(by: str) -> None:
    rules = rulebook.load(whole(by))
    told = [Mark("basic", entry, seat, key, value) for entry in "AB" for seat in "123" for key, value in {**ENTRIES, "rest": "5"}.items()]
    plainly, explained = (score(rules, [Entry("A"), Entry("B")], told, [], explained=each) for each in (False, True))
    assert explained.complete, [problem.say() for problem in explained.problems]
    for row, same in zip(explained.events["basic"], plainly.events["basic"], strict=True):
        assert (row.value, row.figures) == (same.value, same.figures)
        assert row.derivation is not None
        assert all(sentences(row.derivation))
        assert 0 <= (row.value or 0) <= 105
    figures = explained.row("basic", "A").figures
    # weld 10 − 2.5, grade 7, scale 9.5, time 7, deep 10 + 10/3 × 1.5; two: 10 + 6 + 7
    third = Fraction("3.3") if by == "criterion" else Fraction(10, 3)  # the level, rounded where it is combined by itself
    assert (figures["weld"], figures["deep"]) == (Fraction(15, 2), 10 + third)
    assert figures["two"] == 23


@settings(max_examples=examples(120), suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["sheet", "group", "criterion"]), st.data())
def test_spoilt_rulebooks_are_refused_or_computed(by: str, data: st.DataObject) -> None:
    spoilt = copy.deepcopy(whole(by))
    for _ in range(data.draw(st.integers(1, 2))):
        target: Any = spoilt
        path = data.draw(st.sampled_from(places(spoilt)))
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = data.draw(anything)
    if faults(spoilt):
        return
    rules = rulebook.load(spoilt)
    told = [Mark(event.key, "A", "1", item.key, ENTRIES.get(item.key, "1")) for event in rules.events for item in event.criteria]
    for row in (row for rows in score(rules, [Entry("A")], told, []).events.values() for row in rows):
        assert row.value is None or row.value >= 0
        assert dict(row.figures) is not None


@settings(max_examples=examples(80))
@given(st.lists(st.tuples(st.sampled_from([*ENTRIES, "no"]), st.text(max_size=5) | st.sampled_from([*ENTRIES.values()])), max_size=30))
def test_no_marks_crash_or_leave_the_range(marks: list[tuple[str, str]]) -> None:
    rules = rulebook.load(whole())
    told = [Mark("basic", "A", "1", key, value) for key, value in [*ENTRIES.items(), ("rest", "5"), *marks]]
    for row in score(rules, [Entry("A")], told, []).events["basic"]:
        assert row.value is None or 0 <= row.value <= 105


def test_sheets_are_rounded_by_themselves_with_and_without_explanation() -> None:
    stages = {"sheet": {"places": 0}, "event": TWO, "total": TWO, "team": TWO}
    rules = book(practical(criteria=[points(step="0.5")]), rounding=stages)
    told = [Sheet("basic", "A", seat, {"work": value}) for seat, value in (("1", "80.5"), ("2", "81"), ("3", "80"))]
    for explained in (True, False):
        row = score(rules, [Entry("A")], [], [], explained=explained, sheets=told).row("basic", "A")
        assert (str(row.value), row.figures["work"]) == ("80.67", Fraction("80.5"))


def test_what_is_said_twice_by_a_sheet_and_a_mark() -> None:
    rules = book(practical())
    told = [Sheet("basic", "A", "1", {"work": "80"}), Sheet("basic", "A", "1", {"work": "80"})]
    assert score(rules, [Entry("A")], [], [], sheets=told).complete
    scores = score(rules, [Entry("A")], [Mark("basic", "A", "1", "work", "81")], [], sheets=told)
    assert [(problem.code, problem.detail["value"]) for problem in scores.problems] == [("mark.contradicts", "80 / 81")]


def test_a_group_of_which_nothing_stands_on_the_common_sheet() -> None:
    alone = {"method": "mean"}
    rules = book(practical(criteria=[group("g", points("x", "50", "1", panel=alone)), points("y", "50", "1")]))
    told = [Sheet("basic", "A", "1", {"x": "40", "y": "30"})]
    both = [Panel("basic", ("1",)), Panel("basic", ("1",), criteria=("x",))]
    row = score(rules, [Entry("A")], [], [], sheets=told, panels=both).row("basic", "A")
    assert row.derivation is not None
    assert "座位 1 评分表：评分项y 30，合计 30" in sentences(row.derivation)
    assert (str(row.value), row.figures["g"]) == ("70.00", Fraction(40))


def test_headings_of_a_sheet() -> None:
    event = book(practical(criteria=MODULES)).events[0]
    assert [(depth, item.key) for depth, item in event.outline()] == [
        (0, "a"), (1, "a1"), (1, "a2"), (2, "a21"), (2, "a22"), (0, "b"), (1, "b1"), (1, "b2"), (0, "extra"), (1, "e1"), (0, "c"),
    ]
    assert [item.kind for _depth, item in event.outline()].count("group") == 4
    assert isinstance(event.criterion("a1"), Criterion)


def test_steps_that_are_written_when_they_are_read() -> None:
    made: list[int] = []

    def make() -> tuple[Step, ...]:
        made.append(1)
        return (Step("part", "甲", "1", {"status": "OK"}),)

    later = Later(make)
    assert not made
    assert later == make()
    assert (later[0].title(), later[:1], len(later), repr(later)) == ("甲", make(), 1, repr(make()))
    assert later != ()
    assert later != 5
    assert made.count(1) == 4


def test_figures_that_are_made_when_they_are_read() -> None:
    figures = Figures({"a": Fraction(1)}, ("b",), lambda of, name: Fraction(len(name), of), 2)
    assert (dict(figures), len(figures), "b" in figures, "c" in figures) == ({"a": 1, "b": Fraction(1, 2)}, 2, True, False)
    assert repr(figures) == repr({"a": Fraction(1), "b": Fraction(1, 2)})
    nested = Nested({"e": Fraction(2)}, {"e": figures})
    assert (list(nested), len(nested), nested["e.b"]) == (["e", "e.a", "e.b"], 3, Fraction(1, 2))
    assert ("e.a" in nested, "e.x" in nested, "e" in nested, "x.a" in nested) == (True, False, True, False)
    shown = Shown(nested, lambda name: "." not in name)
    assert (dict(shown), len(shown), repr(shown)) == ({"e": Decimal(2)}, 1, "{'e': Decimal('2')}")
    for table, name in ((figures, "c"), (nested, "x"), (nested, "e.score"), (shown, "e.a")):
        with pytest.raises(KeyError):
            table[name]


@pytest.mark.parametrize(
    ("items", "path", "sentence"),
    [
        ([group("g", points(max="x"), worth="100")], "criteria/0/criteria/0/max", "数值须写成文字"),
        ([points(spread={"levels": "1"})], "criteria/0/spread/levels", "等级差"),
        ([{"key": "s", "name": "读数", "kind": "scale", "max": "100", "at": []}], "criteria/0/at", "至少要有 2 项"),
        ([{"key": "s", "name": "读数", "kind": "bands", "max": "9", "bands": [{"upto": "x", "points": "1"}]}],
         "criteria/0/bands/0/upto", "数值"),
    ],
)
def test_faults_that_hide_no_other_fault(items: list[dict[str, Any]], path: str, sentence: str) -> None:
    with pytest.raises(RulebookFaults) as caught:
        rulebook.load(document(practical(criteria=items)))
    assert any(fault.path == f"/events/0/{path}" and sentence in fault.say() for fault in caught.value.faults)


def test_what_a_keypad_asks_of_questions_and_counts() -> None:
    every = {item["key"]: item for item in kinds()}
    event = book(practical(full="20", criteria=[every["pass"], every["weld"], VETO])).events[0]
    assert [(str(item.input_max), str(item.step)) for item in event.criteria] == [("1", "1"), ("None", "1"), ("1", "1")]
