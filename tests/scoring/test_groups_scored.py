"""Groups and vetoes through the whole engine; the figures were computed by hand."""

from fractions import Fraction
from typing import Any

import pytest

from competition.scoring.derivation import sentences
from competition.scoring.engine import Row, Scores, score
from competition.scoring.inputs import Entry, Mark, Panel, Sheet
from tests.scoring.documents import MEAN, TWO, book, points, practical
from tests.scoring.test_groups import group

ONE_BY_ONE = {"method": "mean", "by": "criterion"}
BY_GROUP = {"method": "mean", "by": "group"}


def marks(*sheets: dict[str, str], entry: str = "A") -> list[Sheet]:
    """What seats 1, 2, 3 … entered for one work."""
    return [Sheet("basic", entry, str(seat), values) for seat, values in enumerate(sheets, start=1)]


def run(*sheets: dict[str, str], **event: Any) -> Scores:
    """One work under one event."""
    return score(book(practical(**event)), [Entry("A")], [], [], sheets=marks(*sheets))


def row(*sheets: dict[str, str], **event: Any) -> Row:
    """Its row, when nothing is wrong."""
    scores = run(*sheets, **event)
    assert scores.complete, [problem.say() for problem in scores.problems]
    return scores.row("basic", "A")


def figures(found: Row, *names: str) -> list[str]:
    """Some named figures, exact."""
    return [str(found.figures[name]) for name in names]


WEIGHTED = [
    group("a", points("a1", "10", "1"), group("a2", points("a21", "5", "1", weight="2"), points("a22", "10", "1"), cap="15"), worth="50"),
    group("b", points("b1", "40", "1"), points("b2", "10", "1", bonus=True), weight="1.25"),
]


def test_weights_and_caps_at_every_level() -> None:
    # a2: 2 × 4 + 9 = 17, at most 15; a: (8 + 15) × 50/25 = 46; b: (30 + 5) × 1.25 = 43.75
    found = row({"a1": "8", "a21": "4", "a22": "9", "b1": "30", "b2": "5"}, criteria=WEIGHTED)
    assert str(found.value) == "89.75"
    assert figures(found, "a", "a2", "b", "a21", "a22", "b2") == ["23", "15", "35", "4", "9", "5"]


def test_groups_of_kept_sheets_only() -> None:
    """Three sheets, the median counts: figures of groups come from it alone."""
    sheets = [{"x": "10", "y": "1"}, {"x": "2", "y": "30"}, {"x": "1", "y": "1"}]
    items = [group("g", points("x", "50", "1")), points("y", "50", "1")]
    found = row(*sheets, criteria=items, panel={"method": "median"})
    assert (str(found.value), *figures(found, "g", "x", "y")) == ("11.00", "10", "10", "1")


def test_by_group_each_module_drops_its_own_marks() -> None:
    drop = {"method": "trimmed_mean", "by": "group", "drop_low": 1, "drop_high": 0, "from": 3}
    items = [group("g", points("x", "30", "1"), points("y", "20", "1")), points("z", "50", "1")]
    sheets = [{"x": "10", "y": "10", "z": "0"}, {"x": "30", "y": "0", "z": "40"}, {"x": "0", "y": "1", "z": "50"}]
    found = row(*sheets, criteria=items, panel=drop)
    # g: 20, 30, 1 → 25; z: 0, 40, 50 → 45
    assert (str(found.value), *figures(found, "g", "z", "x", "y")) == ("70.00", "25", "45", "20", "5")


def test_a_group_with_a_panel_of_its_own() -> None:
    """Safety is marked by a third seat; it is rounded by itself and weighs 1.5."""
    safety = group("safe", points("s1", "10", "1"), points("s2", "10", "1"), weight="1.5", panel={"method": "mean"})
    stages = {"criterion": {"places": 0}, "event": TWO, "total": TWO, "team": TWO}
    rules = book(practical(criteria=[points("x", "70", "1"), safety]), rounding=stages)
    sheets = [Sheet("basic", "A", seat, {"x": x}) for seat, x in (("1", "60"), ("2", "61"))]
    sheets += [Sheet("basic", "A", seat, {"s1": s1, "s2": "7"}) for seat, s1 in (("8", "8"), ("9", "9"))]
    panels = [Panel("basic", ("1", "2")), Panel("basic", ("8", "9"), criteria=("s1", "s2"))]
    scores = score(rules, [Entry("A")], [], [], sheets=sheets, panels=panels)
    assert scores.complete
    found = scores.row("basic", "A")
    # 60.5 + 1.5 × 16 (15.5 half up)
    assert (str(found.value), *figures(found, "safe", "s1", "s2")) == ("84.50", "16", "8.5", "7")
    assert found.derivation is not None
    said = sentences(found.derivation)
    assert "座位 8 评“模块safe”：评分项s1 8、评分项s2 7，合计 15" in said
    assert "模块safe：16 × 系数 1.5 = 24" in said


def test_a_criterion_with_a_panel_of_its_own_inside_a_group() -> None:
    module = group("g", points("x", "20", "1"), points("y", "10", "1", weight="2", panel={"method": "sum"}), weight="1.5")
    rules = book(practical(criteria=[module, points("z", "40", "1")]))
    sheets = [Sheet("basic", "A", "1", {"x": "10", "z": "30"}), Sheet("basic", "A", "9", {"y": "6"})]
    panels = [Panel("basic", ("1",)), Panel("basic", ("9",), criteria=("y",))]
    found = score(rules, [Entry("A")], [], [], sheets=sheets, panels=panels).row("basic", "A")
    # common sheet 1.5 × 10 + 30, beside it 6 × 2 × 1.5
    assert (str(found.value), *figures(found, "g", "x", "y")) == ("63.00", "22", "10", "6")


def test_criteria_one_by_one_in_groups_with_caps() -> None:
    items = [group("g", points("x", "30", "1"), points("y", "30", "1", weight="2"), cap="60", weight="1.5"), points("z", "10", "1")]
    found = row({"x": "20", "y": "21", "z": "5"}, {"x": "21", "y": "22", "z": "6"}, criteria=items, panel=ONE_BY_ONE)
    # x 20.5, y 21.5 × 2 = 43, together 63.5, at most 60; × 1.5 = 90; z 5.5
    assert (str(found.value), *figures(found, "g", "x", "y")) == ("95.50", "60", "20.5", "21.5")
    assert found.derivation is not None
    assert "模块g：20.5 + 43 = 63.5，超过上限，按 60 计，× 系数 1.5 = 90" in sentences(found.derivation)


def test_the_sheet_says_its_groups() -> None:
    found = row({"a1": "8", "a21": "4", "a22": "9", "b1": "30", "b2": "5"}, criteria=WEIGHTED)
    assert found.derivation is not None
    assert sentences(found.derivation)[0] == (
        "座位 1 评分表：模块a［评分项a1 8、模块a2［评分项a21 4 × 2、评分项a22 9，合计 17，按上限计 15］，合计 23］ × 2、"
        "模块b［评分项b1 30、评分项b2 5，合计 35］ × 1.25，合计 89.75"
    )


VETO = {"key": "v", "name": "违章", "kind": "veto"}
MODULE = [group("g", points("x", "60", "1"), VETO), points("y", "40", "1")]


def test_an_agreed_veto_zeroes_its_group_on_every_sheet() -> None:
    sheets = [{"x": "50", "v": "1", "y": "30"}, {"x": "60", "v": "1", "y": "40"}, {"x": "0", "v": "0", "y": "20"}]
    found = row(*sheets, criteria=MODULE)
    assert (str(found.value), *figures(found, "g", "x", "y")) == ("30.00", "0", "110/3", "30")
    assert found.derivation is not None
    said = sentences(found.derivation)
    assert said[0] == "“违章”：3 位裁判中有 2 位认定（座位 1、2），达到规定的 2 位，“模块g”计零分"
    assert said[1] == "座位 1 评分表：模块g［评分项x 50、违章：有，裁判认定计零分］、评分项y 30，合计 30"


def test_a_veto_that_is_not_agreed_is_told() -> None:
    scores = run({"x": "50", "v": "1", "y": "30"}, {"x": "60", "v": "0", "y": "40"}, criteria=MODULE)
    assert scores.complete
    (problem,) = scores.problems
    assert (problem.code, problem.seats, problem.blocking) == ("call.split", ("1",), False)
    assert "2 位裁判中只有 1 位认定（座位 1），不足 2 位" in problem.say()
    assert str(scores.row("basic", "A").value) == "90.00"


def test_one_voice_is_enough_where_the_rule_says_so() -> None:
    alone = [group("g", points("x", "60", "1"), {**VETO, "from": 1}), points("y", "40", "1")]
    assert str(row({"x": "50", "v": "1", "y": "30"}, {"x": "60", "v": "0", "y": "40"}, criteria=alone).value) == "35.00"


def test_at_the_top_level_everything_is_zero() -> None:
    found = row({"work": "90", "v": "1"}, criteria=[points(), VETO])
    assert (str(found.value), found.status, found.rank) == ("0.00", "ZERO", 1)
    assert found.derivation is not None
    assert sentences(found.derivation) == [
        "“违章”：1 位裁判中有 1 位认定（座位 1），达到规定的 1 位，本项目计零分",
        "项目basic：由裁判评判的结果，成绩计零分，记 0.00",
    ]


def test_an_agreed_outcome_counts_but_a_recorded_one_comes_first() -> None:
    barred = [points(), {**VETO, "then": "DISQUALIFIED"}]
    sheets = [{"work": "90", "v": "1"}]
    found = row(*sheets, criteria=barred)
    assert (found.value, found.status) == (None, "DISQUALIFIED")
    absent = score(book(practical(criteria=barred)), [Entry("A", outcomes={"basic": "WITHDRAWN"})], [], [], sheets=marks(*sheets))
    assert absent.row("basic", "A").status == "WITHDRAWN"


def test_faults_that_call_for_an_outcome() -> None:
    cracks = {"name": "裂纹", "per": "1", "outcome": {"from": 2, "code": "RESULT_CANCELLED"}}
    weld = {"key": "weld", "name": "焊缝", "kind": "faults", "max": "100", "faults": [{"name": "飞溅", "per": "0.5"}, cracks]}
    agreed = row({"weld": "0,2"}, {"weld": "1,3"}, {"weld": "0,1"}, criteria=[weld])
    assert agreed.status == "RESULT_CANCELLED"
    split = run({"weld": "0,2"}, {"weld": "1,1"}, {"weld": "0,1"}, criteria=[weld])
    assert (str(split.row("basic", "A").value), [problem.code for problem in split.problems]) == ("98.50", ["call.split"])


def test_of_several_outcomes_the_first_of_the_document_counts() -> None:
    second = {**VETO, "key": "w", "then": "ABSENT"}
    items = [{**VETO, "then": "RESULT_CANCELLED"}, points(), second]
    assert row({"work": "90", "v": "1", "w": "1"}, criteria=items).status == "RESULT_CANCELLED"
    assert row({"work": "90", "v": "0", "w": "1"}, criteria=items).status == "ABSENT"


def test_a_veto_asked_by_itself_and_what_stands_beside_it() -> None:
    found = row({"x": "50", "v": "1", "y": "30"}, {"x": "60", "v": "1", "y": "40"}, criteria=MODULE, panel=ONE_BY_ONE)
    assert (str(found.value), *figures(found, "g", "x", "y")) == ("35.00", "0", "55", "35")
    assert found.derivation is not None
    assert "模块g：55 = 55，裁判认定计零分" in sentences(found.derivation)
    rules, both = book(practical(criteria=MODULE, panel=ONE_BY_ONE)), [Panel("basic", ("1", "2"))]
    told = marks({"x": "50", "v": "1", "y": "30"}, {"x": "60", "y": "40"})
    scores = score(rules, [Entry("A")], [], [], sheets=told, panels=both)
    assert [(problem.code, problem.criteria, problem.seats) for problem in scores.problems] == [("marks.missing", ("违章",), ("2",))]


@pytest.mark.parametrize("panel", [MEAN, BY_GROUP], ids=["sheet", "group"])
def test_what_is_combined_by_itself_in_a_zeroed_group_counts_nothing(panel: dict[str, Any]) -> None:
    module = group("g", points("x", "30", "1"), points("o", "30", "1", panel={"method": "mean"}), VETO)
    rules = book(practical(criteria=[module, points("y", "40", "1")], panel=panel))
    sheets = [Sheet("basic", "A", "1", {"x": "10", "v": "1", "y": "30"}), Sheet("basic", "A", "9", {"o": "20"})]
    panels = [Panel("basic", ("1",)), Panel("basic", ("9",), criteria=("o",))]
    found = score(rules, [Entry("A")], [], [], sheets=sheets, panels=panels).row("basic", "A")
    assert (str(found.value), *figures(found, "g", "o")) == ("30.00", "0", "20")
    assert found.derivation is not None
    assert "评分项o：所在的“模块g”计零分，得 0" in sentences(found.derivation)


def test_a_whole_module_counts_zero_or_is_cut_at_its_cap() -> None:
    module = group("g", points("x", "60", "1"), points("w", "20", "1"), VETO, cap="60")
    items = [module, points("y", "40", "1")]
    capped = row({"x": "55", "w": "20", "v": "0", "y": "30"}, criteria=items, panel=BY_GROUP)
    assert (str(capped.value), *figures(capped, "g")) == ("90.00", "60")
    assert capped.derivation is not None
    assert sentences(capped.derivation)[0].endswith("违章：无，合计 75，超过上限按上限计，得 60")
    zeroed = row({"x": "55", "w": "20", "v": "1", "y": "30"}, criteria=items, panel=BY_GROUP)
    assert zeroed.derivation is not None
    assert sentences(zeroed.derivation)[1].endswith("违章：有，合计 75，裁判认定计零分，得 0")


def test_spreads_of_groups_and_criteria_inside_a_sheet() -> None:
    items = [
        group("g", points("x", "50", "1"), points("w", "10", "1", spread={"absolute": "2"}), spread={"percent": "10"}),
        points("y", "40", "1"),
    ]
    sheets = [{"x": "40", "w": "3", "y": "10"}, {"x": "45", "w": "6", "y": "2"}]
    scores = run(*sheets, criteria=items)
    found = [(problem.detail["what"], problem.detail["spread"], problem.detail["limit"]) for problem in scores.problems]
    assert found == [("评分项w", "3", "2"), ("模块g", "8", "6")]


def test_a_spread_of_a_group_that_is_combined_by_itself() -> None:
    items = [group("g", points("x", "60", "1"), weight="0.5"), points("y", "70", "1")]
    rule = {"of": "group", "percent": "10", "then": "block"}
    scores = run({"x": "40", "y": "10"}, {"x": "46", "y": "18"}, criteria=items, panel=BY_GROUP, spread=rule)
    assert [(problem.detail["what"], problem.detail["limit"]) for problem in scores.problems] == [("评分项y", "7")]
    assert not scores.complete


def test_spreads_of_levels_over_several_attempts() -> None:
    levels = {"key": "look", "name": "外观", "kind": "judgement", "max": "100", "levels": ["差", "中", "好"], "attempts": 2, "take": "best"}
    rules = book(practical(criteria=[levels], spread={"of": "criterion", "levels": "1"}))
    told = [Mark("basic", "A", seat, "look", value, attempt) for seat, attempt, value in (("1", 1, "2"), ("1", 2, "0"), ("2", 1, "2"))]
    scores = score(rules, [Entry("A")], told, [])
    assert [problem.detail["spread"] for problem in scores.problems] == ["2"]
    assert str(scores.row("basic", "A").value) == "100.00"


def test_attempts_that_are_summed_need_all_of_them() -> None:
    rules = book(practical(criteria=[points("x", "50", "1", attempts=2, take="sum")]))
    told = [Mark("basic", "A", "1", "x", "20", 1)]
    assert [problem.code for problem in score(rules, [Entry("A")], told, []).problems] == ["marks.missing"]
    found = score(rules, [Entry("A")], [*told, Mark("basic", "A", "1", "x", "30", 2)], []).row("basic", "A")
    assert (str(found.value), found.figures["x"]) == ("50.00", Fraction(50))


def test_a_mark_for_a_group_belongs_to_no_criterion() -> None:
    scores = run({"g": "5", "x": "1", "v": "0", "y": "1"}, criteria=MODULE)
    assert [problem.code for problem in scores.problems] == ["mark.unknown_criterion"]


def test_figures_are_exact_however_they_are_weighted() -> None:
    third = [group("g", points("x", "10", "1"), points("y", "20", "1"), worth="100")]
    found = row({"x": "1", "y": "1"}, criteria=third)
    assert (str(found.value), found.figures["g"]) == ("6.67", Fraction(2))
    assert found.figures["judges"] == Fraction("6.67")
