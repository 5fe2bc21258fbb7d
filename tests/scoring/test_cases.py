"""Worked cases through the whole engine; the figures were computed by hand."""

from typing import Any

import pytest

from competition.scoring.engine import Row, Scores, score
from competition.scoring.inputs import Decision, Entry, Excusal, Figure, Mark, Panel
from tests.scoring.documents import (
    TRIMMED,
    TWO,
    book,
    clock,
    overall,
    paper,
    practical,
    sheets,
    theory,
)

PRACTICE_THEN_TIME = {
    "ties": [{"figure": "basic", "order": "desc"}, {"figure": "time", "order": "asc"}],
}


def only(scores: Scores, key: str = "basic") -> Row:
    """The one row of a ranking."""
    (row,) = scores.rows(key)
    return row


def values(scores: Scores, key: str) -> list[tuple[str, str, int | None]]:
    """Entry, published figure and rank in rank order."""
    return [(row.entry, "" if row.value is None else str(row.value), row.rank) for row in scores.rows(key)]


@pytest.mark.parametrize(
    ("marks", "mode", "result"),
    [
        (("88.5", "91", "90.5", "91", "86", "89.5", "90"), "half_up", "89.90"),
        (("92",) * 7, "half_up", "92.00"),
        (("85.13", "89.02", "88.97", "89.11", "89.08", "93.50"), "half_up", "89.05"),
        (("85.13", "89.02", "88.97", "89.11", "89.08", "93.50"), "half_even", "89.04"),
    ],
)
def test_trimmed_mean(marks: tuple[str, ...], mode: str, result: str) -> None:
    """Seven judges; of the last ones the seventh is recused, which is no mark and not a zero."""
    stage = {"places": 2, "mode": mode}
    rules = book(practical(panel=TRIMMED), rounding={"panel": stage, "event": TWO, "total": TWO, "team": TWO})
    seven = [Panel("basic", tuple("1234567"))]
    recused = [Excusal("basic", "A", str(seat), "本单位选手") for seat in range(len(marks) + 1, 8)]
    scores = score(rules, [Entry("A")], sheets("A", *marks), [], panels=seven, excusals=recused)
    assert scores.complete
    assert str(only(scores).value) == result


@pytest.mark.parametrize(
    ("exam", "practice", "mode", "result"),
    [
        ("88", "91.2", "half_up", "90.24"),
        ("86.5", "92.45", "half_up", "90.67"),
        ("86.5", "92.45", "half_even", "90.66"),
        ("83.45", "88.35", "half_up", "86.88"),
    ],
)
def test_weighted_total_is_rounded_once_at_the_end(exam: str, practice: str, mode: str, result: str) -> None:
    stages = {"event": TWO, "total": {"places": 2, "mode": mode}, "team": TWO}
    rules = book(theory(), practical(), totals=[overall()], rounding=stages)
    scores = score(rules, [Entry("A")], sheets("A", practice), [paper("A", exam)])
    assert str(only(scores, "overall").value) == result


def test_ties_are_broken_by_practice_then_by_time() -> None:
    rules = book(theory(), practical(time={"limit_s": 9000}), totals=[overall(ranking=PRACTICE_THEN_TIME)])
    table = {
        "A": ("90", "88", 5530),
        "B": ("83", "91", 6000),
        "C": ("88", "88.6", 4805),
        "D": ("83", "91", 5900),
        "E": ("76", "94", 6300),
    }
    marks = [mark for entry, (_, practice, _) in table.items() for mark in sheets(entry, practice)]
    figures = [paper(entry, exam) for entry, (exam, *_) in table.items()]
    figures += [clock(entry, seconds) for entry, (*_, seconds) in table.items()]
    scores = score(rules, [Entry(entry) for entry in table], marks, figures)
    assert values(scores, "overall") == [
        ("E", "88.60", 1),
        ("D", "88.60", 2),
        ("B", "88.60", 3),
        ("A", "88.60", 4),
        ("C", "88.42", 5),
    ]
    standing = scores.row("overall", "D").standing
    assert standing is not None
    assert [(step.label, step.value, step.facts["separated"]) for step in standing.steps] == [
        ("项目basic", "91", True),
        ("用时", "5900", True),
    ]


BANQUET = {
    "limit_s": 900,
    "over": {"unit_s": 30, "count": "started", "points": "2"},
    "beyond": {"after_s": 120, "then": "zero"},
}
CANTEEN = {
    "limit_s": 7200,
    "over": {"unit_s": 60, "count": "full", "points": "0.5"},
    "beyond": {"after_s": 1800, "then": "out"},
}


@pytest.mark.parametrize(
    ("rule", "before", "seconds", "result", "status"),
    [
        (BANQUET, "86.50", 900, "86.50", "OK"),
        (BANQUET, "86.50", 901, "84.50", "OK"),
        (BANQUET, "86.50", 930, "84.50", "OK"),
        (BANQUET, "86.50", 931, "82.50", "OK"),
        (BANQUET, "86.50", 1020, "78.50", "OK"),
        (BANQUET, "86.50", 1021, "0.00", "ZERO"),
        (CANTEEN, "90", 7200, "90.00", "OK"),
        (CANTEEN, "90", 7259, "90.00", "OK"),
        (CANTEEN, "90", 7260, "89.50", "OK"),
        (CANTEEN, "90", 8130, "82.50", "OK"),
        (CANTEEN, "90", 9000, "75.00", "OK"),
        (CANTEEN, "90", 9001, None, "OUT"),
    ],
)
def test_time_overrun(rule: dict[str, Any], before: str, seconds: int, result: str | None, status: str) -> None:
    scores = score(book(practical(time=rule)), [Entry("A")], sheets("A", before), [clock("A", seconds)])
    row = only(scores)
    assert (None if row.value is None else str(row.value), row.status) == (result, status)
    assert scores.complete


def test_time_given_back_for_a_failure_that_was_not_the_contestants() -> None:
    figures = [clock("A", 1021), Figure("basic", "A", "time_back_s", "100")]
    row = only(score(book(practical(time=BANQUET)), [Entry("A")], sheets("A", "86.50"), figures))
    assert (str(row.value), str(row.figures["time"])) == ("84.50", "921")


DEDUCTIONS = [
    {"key": "conduct", "name": "职业素养", "per": "5", "cap": "5"},
    {"key": "damage", "name": "损坏设备", "per": "10", "outcome": {"from": 2, "code": "DISQUALIFIED"}},
    {"key": "accident", "name": "事故", "input": "points", "step": "1", "least": "10", "cap": "20"},
    {"key": "order", "name": "纪律", "input": "points", "step": "1", "least": "1", "cap": "5"},
]


def test_deductions_with_caps_and_outcomes() -> None:
    rules = book(practical(deductions=DEDUCTIONS))
    raw = {"G1": "91", "G2": "88.4", "G3": "93.2", "G4": "85.1", "G5": "40"}
    entries = [Entry(entry, outcomes={"basic": "ZERO"} if entry == "G5" else {}) for entry in raw]
    figures = [
        Figure("basic", "G1", "conduct", "2"),
        Figure("basic", "G2", "order", "3"),
        Figure("basic", "G3", "damage", "2"),
        Figure("basic", "G4", "conduct", "9"),
        Figure("basic", "G4", "accident", "20"),
        Figure("basic", "G5", "conduct", "1"),
    ]
    scores = score(rules, entries, [mark for entry, value in raw.items() for mark in sheets(entry, value)], figures)
    assert values(scores, "basic") == [
        ("G1", "86.00", 1),
        ("G2", "85.40", 2),
        ("G4", "60.10", 3),
        ("G5", "0.00", 4),
        ("G3", "", None),
    ]
    assert scores.row("basic", "G3").status == "DISQUALIFIED"
    assert str(scores.row("basic", "G4").figures["deducted"]) == "25"


@pytest.mark.parametrize(
    ("key", "reported", "code"),
    [
        ("accident", "9", "figure.refused"),
        ("accident", "10.5", "figure.refused"),
        ("order", "0.5", "figure.refused"),
        ("conduct", "1.5", "figure.refused"),
        ("accident", "0", None),
        ("accident", "10", None),
        ("accident", "25", None),
    ],
)
def test_a_deduction_is_nothing_or_at_least_its_least(key: str, reported: str, code: str | None) -> None:
    scores = score(book(practical(deductions=DEDUCTIONS)), [Entry("A")], sheets("A", "91"), [Figure("basic", "A", key, reported)])
    assert [problem.code for problem in scores.problems] == ([code] if code else [])


def test_deductions_never_take_a_figure_below_zero() -> None:
    figures = [Figure("basic", "A", "accident", "20")]
    row = only(score(book(practical(deductions=DEDUCTIONS)), [Entry("A")], sheets("A", "12"), figures))
    assert str(row.value) == "0.00"
    assert row.derivation is not None
    assert row.derivation.steps[0].say() == "项目basic：12 - 20 = -8，不足零分按零分计，得 0"


def test_zero_stays_behind_a_figure_of_zero() -> None:
    entries = [Entry("A", outcomes={"*": "ZERO"}), Entry("B")]
    scores = score(book(practical()), entries, sheets("B", "0"), [])
    assert values(scores, "basic") == [("B", "0.00", 1), ("A", "0.00", 2)]


def test_team_totals_with_ties_and_an_absent_member() -> None:
    team = {
        "key": "teams",
        "name": "团体总分",
        "of": "overall",
        "size": 3,
        "ranking": {"ties": [{"figure": "basic"}, {"figure": "time", "order": "asc"}]},
    }
    team["ranking"] = PRACTICE_THEN_TIME
    rules = book(theory(), practical(time={"limit_s": 9000}), totals=[overall()], teams=[team])
    people = [
        ("X1", "Xining", "89.93", "90", 3050),
        ("X2", "Xining", "87.83", "87.5", 3100),
        ("X3", "Xining", "83.67", "86", 3100),
        ("H1", "Haidong", "90.4", "90", 3100),
        ("H2", "Haidong", "88.37", "88.5", 3150),
        ("H3", "Haidong", "85", "84", 3150),
        ("W1", "Haixi", "91", "93", 2900),
        ("W2", "Haixi", "89.17", "90", 3000),
    ]
    entries = [Entry(entry, team) for entry, team, *_ in people] + [Entry("W3", "Haixi", {"*": "ABSENT"})]
    scores = score(
        rules,
        entries,
        [mark for entry, _, _, practice, _ in people for mark in sheets(entry, practice)],
        [paper(entry, exam) for entry, _, exam, *_ in people] + [clock(entry, time) for entry, *_, time in people],
    )
    assert values(scores, "teams") == [
        ("Xining", "262.88", 1),
        ("Haidong", "262.88", 2),
        ("Haixi", "182.15", 3),
    ]
    shown = [(str(row.figures["basic"]), str(row.figures["time"])) for row in scores.rows("teams")]
    assert shown == [("263.5", "9250"), ("262.5", "9400"), ("183", "5900")]
    assert scores.complete


LEVELS = [{"zh": word} for word in ("不足", "达到", "超过", "远超")]
ASPECTS = [("j1", "0.5"), ("j2", "1"), ("j3", "0.25"), ("j4", "1"), ("j5", "2"), ("j6", "1")]


def aspects_event() -> dict[str, Any]:
    """Judgement aspects by three judges, and measured ones by one."""
    alone = {"by": "criterion", "method": "mean"}
    fault = {"kind": "deduct", "per": "0.25", "panel": alone}
    done = {"kind": "pass_fail", "panel": alone}
    criteria = [
        {"key": key, "name": key, "kind": "judgement", "max": best, "levels": LEVELS, "spread": {"levels": "1", "then": "block"}}
        for key, best in ASPECTS
    ]
    criteria += [
        {"key": "m1", "name": "m1", "max": "0.5", **done},
        {"key": "m2", "name": "m2", "max": "0.75", **fault},
        {"key": "m3", "name": "m3", "max": "0.75", **fault},
        {"key": "m4", "name": "m4", "max": "0.25", **done},
    ]
    return practical(full="8", criteria=criteria, panel={"by": "criterion", "method": "mean", "minimum": 3})


def aspect_marks(fourth: tuple[str, str, str]) -> list[Mark]:
    """The marks of all aspects; the fourth judgement is the one under discussion."""
    judged = [("2", "2", "3"), ("1", "1", "2"), ("3", "3", "3"), fourth, ("0", "1", "0"), ("0", "0", "0")]
    marks = [mark for (key, _), found in zip(ASPECTS, judged, strict=True) for mark in sheets("A", *found, criterion=key)]
    measured = {"m1": "1", "m2": "1", "m3": "4", "m4": "0"}
    return marks + [Mark("basic", "A", "9", key, value) for key, value in measured.items()]


def test_judgement_and_measured_aspects() -> None:
    stages = {"criterion": TWO, "event": TWO, "total": TWO, "team": TWO}
    row = only(score(book(aspects_event(), rounding=stages), [Entry("A")], aspect_marks(("2", "3", "2")), []))
    assert str(row.value) == "3.08"
    figures = {key: str(value) for key, value in row.figures.items() if key[0] in "jm" and len(key) == 2}
    assert figures == {
        "j1": "0.39",
        "j2": "0.44",
        "j3": "0.25",
        "j4": "0.78",
        "j5": "0.22",
        "j6": "0",
        "m1": "0.5",
        "m2": "0.5",
        "m3": "0",
        "m4": "0",
    }


def test_judgements_too_far_apart_are_refused() -> None:
    scores = score(book(aspects_event()), [Entry("A")], aspect_marks(("1", "3", "2")), [])
    assert not scores.complete
    assert only(scores).status == "INCOMPLETE"
    (problem,) = scores.problems
    assert (problem.code, problem.seats) == ("spread.wide", ("1", "2"))
    accepted = [Decision("spread:basic:A", (), "裁判长已与三名裁判核对")]
    again = score(book(aspects_event()), [Entry("A")], aspect_marks(("1", "3", "2")), [], accepted)
    assert again.complete
    assert [problem.blocking for problem in again.problems] == [False]


@pytest.mark.parametrize(
    ("marks", "result", "seats"),
    [
        (("92", "90", "78", "79", "89"), "86.00", ("3", "4")),
        (("92", "90", "86", "85", "89"), "88.33", None),
        (("92", "90", "79", "79", "89"), "86.00", ("3", "4")),
    ],
)
def test_wide_spread_is_flagged_and_names_the_seats(marks: tuple[str, ...], result: str, seats: tuple[str, ...] | None) -> None:
    spread = {"of": "sheet", "percent": "10", "beyond": {"percent": "5"}}
    scores = score(book(practical(panel=TRIMMED, spread=spread)), [Entry("A")], sheets("A", *marks), [])
    assert str(only(scores).value) == result
    assert [problem.seats for problem in scores.problems] == ([] if seats is None else [seats])
    assert scores.complete


def test_penalty_seconds_when_time_is_the_result() -> None:
    forklift = {
        "key": "forklift",
        "kind": "practical",
        "name": "叉车",
        "result": "time",
        "time": {"limit_s": 600, "beyond": {"after_s": 0, "then": "out"}},
        "deductions": [
            {"key": "touch", "name": "箱体触地", "per": "15"},
            {"key": "belt", "name": "未系安全带", "per": "5", "cap": "5"},
        ],
    }
    figures = [
        clock("A", "310.5", "forklift"),
        Figure("forklift", "A", "touch", "2"),
        clock("B", "330", "forklift"),
        Figure("forklift", "B", "belt", "3"),
        clock("C", "601", "forklift"),
    ]
    scores = score(book(forklift), [Entry("A"), Entry("B"), Entry("C")], [], figures)
    assert values(scores, "forklift") == [("B", "335.00", 1), ("A", "340.50", 2), ("C", "", None)]
    assert scores.row("forklift", "C").status == "OUT"
