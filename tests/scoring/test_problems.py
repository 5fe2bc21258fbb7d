"""What stands between the marks and a publication: never silently, never as a zero."""

import json
from typing import Any

import pytest

from competition.scoring.engine import Scores, score
from competition.scoring.inputs import Entry, Excusal, Figure, Mark, Panel
from competition.scoring.problems import Problem
from tests.scoring.documents import (
    MEAN,
    TRIMMED,
    book,
    clock,
    overall,
    paper,
    points,
    practical,
    sheets,
    theory,
)

SHEET = [points("a", "60", "1"), points("b", "40", "1")]


def sheet(entry: str, seat: str, first: str | None, second: str | None) -> list[Mark]:
    """One seat's marks for two criteria; None leaves one out."""
    pairs = (("a", first), ("b", second))
    return [Mark("basic", entry, seat, key, value) for key, value in pairs if value is not None]


def codes(scores: Scores) -> list[str]:
    """The codes of all problems."""
    return [problem.code for problem in scores.problems]


def test_a_missing_mark_is_a_problem_and_not_a_zero() -> None:
    marks = sheet("A", "1", "50", "30") + sheet("A", "2", "52", None) + sheet("B", "1", "10", "10")
    scores = score(book(practical(criteria=SHEET)), [Entry("A"), Entry("B")], marks, [])
    assert not scores.complete
    assert [(row.entry, row.value, row.rank, row.status) for row in scores.events["basic"]] == [
        ("A", None, None, "INCOMPLETE"),
        ("B", None, None, "INCOMPLETE"),
    ]
    assert [(problem.entry, problem.seats, problem.criteria) for problem in scores.problems] == [
        ("A", ("2",), ("评分项b",)),
        ("B", ("2",), ("评分项a", "评分项b")),
    ]
    assert scores.problems[0].say() == "【项目basic】作品 A 缺座位 2 的评分：评分项b。"


def test_nobody_has_marked_yet() -> None:
    scores = score(book(practical()), [Entry("A")], [], [])
    assert codes(scores) == ["panel.too_small"]
    assert not scores.complete


def test_a_recused_seat_counts_as_not_there() -> None:
    marks = sheets("A", "90", "80", "70") + sheets("B", "60", "60")
    excused = [Excusal("basic", "B", "3", "同单位回避")]
    scores = score(book(practical()), [Entry("A"), Entry("B")], marks, [], excusals=excused)
    assert scores.complete
    assert [(row.entry, str(row.value)) for row in scores.events["basic"]] == [("A", "80.00"), ("B", "60.00")]


def test_marks_of_a_recused_seat_do_not_count() -> None:
    excused = [Excusal("basic", "A", "3", "亲属回避")]
    scores = score(book(practical()), [Entry("A")], sheets("A", "90", "80", "10"), [], excusals=excused)
    assert str(scores.events["basic"][0].value) == "85.00"
    assert [(problem.code, problem.blocking) for problem in scores.problems] == [("mark.excused", False)]


def test_named_panels_by_work() -> None:
    panels = [Panel("basic", ("1", "2"), entries=("A",)), Panel("basic", ("3",), entries=("B",))]
    marks = [*sheets("A", "90", "80"), Mark("basic", "B", "3", "work", "70")]
    scores = score(book(practical()), [Entry("A"), Entry("B")], marks, [], panels=panels)
    assert scores.complete
    stranger = [*marks, Mark("basic", "B", "1", "work", "100")]
    strange = score(book(practical()), [Entry("A"), Entry("B")], stranger, [], panels=panels)
    assert codes(strange) == ["seat.unexpected"]
    assert str(strange.row("basic", "B").value) == "70.00"
    assert not strange.complete


def test_named_panels_by_criterion() -> None:
    alone = {"by": "criterion", "method": "mean"}
    event = practical(criteria=[points("a", "60", "1"), points("b", "40", "1", panel=alone)])
    panels = [Panel("basic", ("1", "2")), Panel("basic", ("9",), criteria=("b",))]
    marks = sheets("A", "50", "60", criterion="a")
    scores = score(book(event), [Entry("A")], marks, [], panels=panels)
    assert [(problem.code, problem.seats) for problem in scores.problems] == [("marks.missing", ("9",))]
    full = [*marks, Mark("basic", "A", "9", "b", "40")]
    assert str(score(book(event), [Entry("A")], full, [], panels=panels).events["basic"][0].value) == "95.00"


def test_a_panel_that_is_too_small() -> None:
    scores = score(book(practical(panel={**MEAN, "minimum": 3})), [Entry("A")], sheets("A", "90", "80"), [])
    assert codes(scores) == ["panel.too_small"]
    assert "只有 2 份有效评分（评分表），规则要求至少 3 份" in scores.problems[0].say()


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (Mark("ghost", "A", "1", "work", "5"), "mark.unknown_event"),
        (Mark("basic", "Z", "1", "work", "5"), "mark.unknown_entry"),
        (Mark("basic", "A", "1", "ghost", "5"), "mark.unknown_criterion"),
        (Mark("basic", "A", "2", "work", "101"), "mark.refused"),
        (Mark("basic", "A", "2", "work", "abc"), "mark.refused"),
        (Mark("basic", "A", "1", "work", "5", attempt=2), "mark.attempt"),
        (Mark("basic", "A", "1", "work", "81"), "mark.contradicts"),
    ],
)
def test_marks_that_do_not_fit(mark: Mark, code: str) -> None:
    scores = score(book(practical()), [Entry("A")], [*sheets("A", "80"), mark], [])
    assert codes(scores) == [code]
    assert not scores.complete
    assert str(scores.events["basic"][0].value) == "80.00"


def test_the_same_mark_twice_is_one_mark() -> None:
    twice = [*sheets("A", "80"), Mark("basic", "A", "1", "work", "80.0")]
    scores = score(book(practical()), [Entry("A")], twice, [])
    assert scores.problems == ()


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        (Figure("ghost", "A", "time_s", "5"), "figure.unknown_event"),
        (Figure("basic", "Z", "time_s", "5"), "figure.unknown_entry"),
        (Figure("basic", "A", "ghost", "5"), "figure.unknown_key"),
        (Figure("theory", "A", "time_s", "5"), "figure.unknown_key"),
        (Figure("theory", "A", "theory", "100.5"), "figure.refused"),
        (Figure("theory", "A", "theory", "77"), "figure.contradicts"),
        (Figure("basic", "A", "time_s", "-5"), "figure.refused"),
        (Figure("basic", "A", "conduct", "1.5"), "figure.refused"),
    ],
)
def test_figures_that_do_not_fit(figure: Figure, code: str) -> None:
    rules = book(theory(), practical(deductions=[{"key": "conduct", "name": "纪律", "per": "1"}]))
    scores = score(rules, [Entry("A")], sheets("A", "80"), [paper("A", "90"), figure])
    assert codes(scores) == [code]
    assert not scores.complete


def test_missing_theory_and_time() -> None:
    rules = book(theory(), practical(time={"limit_s": 60}), totals=[overall()])
    scores = score(rules, [Entry("A")], sheets("A", "80"), [])
    assert sorted(codes(scores)) == ["theory.missing", "time.missing"]
    assert scores.totals["overall"][0].status == "INCOMPLETE"


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([Entry("A"), Entry("A")], "entry.duplicate"),
        ([Entry("A", events=("basic", "ghost"))], "entry.unknown_event"),
        ([Entry("A", outcomes={"ghost": "ABSENT"})], "outcome.unknown"),
        ([Entry("A", outcomes={"theory": "LATE"})], "outcome.unknown"),
    ],
)
def test_entries_that_do_not_fit(entries: list[Entry], code: str) -> None:
    scores = score(book(practical()), entries, sheets("A", "80"), [])
    assert code in codes(scores)
    assert not scores.complete


@pytest.mark.parametrize(
    ("take", "values", "result"),
    [("last", ("70", "60", "65"), "65.00"), ("best", ("70", "60", "65"), "70.00"), ("last", ("70",), "70.00")],
)
def test_attempts(take: str, values: tuple[str, ...], result: str) -> None:
    event = practical(criteria=[points(attempts=3, take=take)])
    marks = [Mark("basic", "A", "1", "work", value, attempt) for attempt, value in enumerate(values, start=1)]
    assert str(score(book(event), [Entry("A")], marks, []).events["basic"][0].value) == result


def test_summed_attempts_must_all_be_there() -> None:
    event = practical(criteria=[points(full="50", attempts=2, take="sum")])
    one = [Mark("basic", "A", "1", "work", "40", 1)]
    assert codes(score(book(event), [Entry("A")], one, [])) == ["marks.missing"]
    both = [*one, Mark("basic", "A", "1", "work", "45", 2)]
    assert str(score(book(event), [Entry("A")], both, []).events["basic"][0].value) == "85.00"


def test_bonus_lines_outside_the_full_marks_and_a_ceiling() -> None:
    criteria: list[dict[str, Any]] = [points(), points("bonus", "3", "1", bonus=True)]
    marks = sheets("A", "99") + sheets("A", "3", criterion="bonus")
    free = score(book(practical(criteria=criteria)), [Entry("A")], marks, [])
    assert str(free.events["basic"][0].value) == "102.00"
    capped = score(book(practical(criteria=criteria, ceiling="100")), [Entry("A")], marks, [])
    assert str(capped.events["basic"][0].value) == "100.00"


def test_a_wide_spread_of_one_criterion_of_a_sheet() -> None:
    event = practical(criteria=SHEET, panel=TRIMMED, spread={"of": "criterion", "percent": "20"})
    marks = sheet("A", "1", "50", "40") + sheet("A", "2", "50", "30")
    scores = score(book(event), [Entry("A")], marks, [])
    assert [(problem.code, problem.seats, problem.blocking) for problem in scores.problems] == [("spread.wide", ("1", "2"), False)]
    assert "评分项b裁判分歧过大：最高与最低相差 10，允许 8，中位数 35" in scores.problems[0].say()


def test_a_team_with_too_many_members() -> None:
    rules = book(practical(), teams=[{"key": "team", "name": "团体", "of": "basic", "size": 1}])
    scores = score(rules, [Entry("A", "T"), Entry("B", "T")], sheets("A", "80") + sheets("B", "70"), [])
    assert codes(scores) == ["team.too_large"]


def test_problems_survive_json() -> None:
    scores = score(book(practical(time={"limit_s": 5})), [Entry("A")], [], [clock("A", "x")])
    assert scores.problems
    again = [Problem.from_json(json.loads(json.dumps(problem.to_json()))) for problem in scores.problems]
    assert tuple(again) == scores.problems


@pytest.mark.parametrize("of", ["sheet", "criterion"])
def test_a_blocking_spread_of_sheets_keeps_the_figure_back(of: str) -> None:
    event = practical(spread={"of": of, "percent": "10", "then": "block"})
    scores = score(book(event), [Entry("A")], sheets("A", "90", "70"), [])
    assert codes(scores) == ["spread.wide"]
    assert not scores.complete
    assert scores.events["basic"][0].status == "INCOMPLETE"


def test_a_named_seat_that_has_not_marked_a_criterion() -> None:
    event = practical(panel={"by": "criterion", "method": "mean", "minimum": 2})
    panels = [Panel("basic", ("1", "2")), Panel("ghost", ("1",))]
    excused = [Excusal("ghost", "A", "1", "别的项目")]
    scores = score(book(event), [Entry("A")], sheets("A", "90"), [], panels=panels, excusals=excused)
    assert [(problem.code, problem.seats) for problem in scores.problems] == [("marks.missing", ("2",))]
    alone = score(book(event), [Entry("A")], sheets("A", "90"), [])
    assert codes(alone) == ["panel.too_small"]


def test_a_time_result_without_a_time() -> None:
    race = {"key": "race", "kind": "practical", "name": "竞速", "result": "time", "time": {"limit_s": 60}}
    assert codes(score(book(race), [Entry("A")], [], [])) == ["time.missing"]
