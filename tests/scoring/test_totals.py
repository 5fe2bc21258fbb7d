"""Totals and teams: what outcomes in the parts mean, scaling, and times over several events."""

import json

import pytest

from competition.scoring.engine import Scores, score
from competition.scoring.inputs import Entry
from tests.scoring.documents import book, clock, overall, paper, points, practical, sheets, theory


def one(outcomes: dict[str, str], **effects: object) -> Scores:
    """One contestant with theory 80 and practice 90, and these outcomes."""
    rules = book(theory(), practical(), totals=[overall()], outcomes=effects)
    return score(rules, [Entry("A", outcomes=outcomes)], sheets("A", "90"), [paper("A", "80")])


@pytest.mark.parametrize(
    ("outcomes", "value", "status"),
    [
        ({}, "87.00", "OK"),
        ({"theory": "ABSENT"}, "63.00", "OK"),
        ({"basic": "ABSENT"}, "24.00", "OK"),
        ({"theory": "ABSENT", "basic": "ABSENT"}, None, "ABSENT"),
        ({"basic": "WITHDRAWN"}, None, "WITHDRAWN"),
        ({"basic": "DISQUALIFIED"}, None, "DISQUALIFIED"),
        ({"basic": "RESULT_CANCELLED"}, "24.00", "OK"),
        ({"basic": "ZERO"}, "24.00", "OK"),
        ({"basic": "ABSENT", "theory": "DISQUALIFIED"}, None, "DISQUALIFIED"),
        ({"*": "ABSENT"}, None, "ABSENT"),
        ({"*": "DISQUALIFIED"}, None, "DISQUALIFIED"),
        ({"*": "RESULT_CANCELLED"}, None, "RESULT_CANCELLED"),
        ({"*": "ZERO"}, "0.00", "ZERO"),
    ],
)
def test_outcomes_in_a_total(outcomes: dict[str, str], value: str | None, status: str) -> None:
    (row,) = one(outcomes).totals["overall"]
    assert (None if row.value is None else str(row.value), row.status) == (value, status)
    assert (row.rank is None) == (value is None)


def test_effects_can_be_set_otherwise() -> None:
    scores = one({"basic": "WITHDRAWN"}, WITHDRAWN={"in_total": "zero", "took_part": True, "prizes": False})
    assert str(scores.totals["overall"][0].value) == "24.00"


def test_a_zero_may_also_make_the_total_zero() -> None:
    (row,) = one({"basic": "ZERO"}, ZERO={"in_total": "out", "took_part": True}).totals["overall"]
    assert (str(row.value), row.status) == ("0.00", "ZERO")


def test_the_base_of_percentages_leaves_out_the_absent() -> None:
    tiers = [{"key": "first", "name": "一等奖", "percent": "50"}]
    rules = book(theory(awards=[{"by": "percent", "tiers": tiers, "rounding": "floor"}]))
    entries = [Entry(key) for key in "ABCD"] + [Entry("E", outcomes={"*": "ABSENT"})]
    figures = [paper(key, str(90 - index)) for index, key in enumerate("ABCD")]
    scores = score(rules, entries, [], figures)
    assert [row.award for row in scores.events["theory"]] == ["first", "first", None, None, None]


def test_parts_with_other_full_marks_are_scaled() -> None:
    event = practical(full="35", criteria=[points(full="35", step="0.5")])
    scores = score(book(theory(), event, totals=[overall()]), [Entry("A")], sheets("A", "28"), [paper("A", "80")])
    (row,) = scores.totals["overall"]
    assert str(row.value) == "80.00"
    assert row.derivation is not None
    assert row.derivation.steps[0].say() == ("总成绩：理论theory 80.00 × 30% + 项目basic 28.00 × 70% × 100 ÷ 35 = 24 + 56 = 80")


def test_a_plain_sum() -> None:
    total = overall(method="sum", full="200", parts=[{"of": "theory"}, {"of": "basic"}])
    scores = score(book(theory(), practical(), totals=[total]), [Entry("A")], sheets("A", "90.5"), [paper("A", "80")])
    (row,) = scores.totals["overall"]
    assert str(row.value) == "170.50"


def test_only_those_who_entered_every_part_have_a_total() -> None:
    rules = book(theory(), practical(), totals=[overall()])
    entries = [Entry("A"), Entry("B", events=("basic",))]
    scores = score(rules, entries, sheets("A", "90") + sheets("B", "80"), [paper("A", "80")])
    assert scores.complete
    assert [row.entry for row in scores.events["basic"]] == ["A", "B"]
    assert [row.entry for row in scores.totals["overall"]] == ["A"]


def test_a_missed_event_gives_no_advantage_in_time() -> None:
    limit = {"limit_s": 1000}
    parts = [{"of": "basic", "weight": "50"}, {"of": "broth", "weight": "50"}]
    total = overall(parts=parts, ranking={"ties": [{"figure": "time", "order": "asc"}]})
    rules = book(practical(time=limit), practical("broth", time=limit), totals=[total])
    entries = [Entry("A", outcomes={"broth": "ABSENT"}), Entry("B")]
    marks = sheets("A", "80") + sheets("B", "40") + sheets("B", "40", event="broth")
    figures = [clock("A", 500), clock("B", 900), clock("B", 900, "broth")]
    scores = score(rules, entries, marks, figures)
    assert [(row.entry, str(row.value), str(row.figures["time"])) for row in scores.totals["overall"]] == [
        ("B", "40.00", "1800"),
        ("A", "40.00", "500"),
    ]


def test_a_team_of_the_absent_and_a_team_that_is_not_marked_yet() -> None:
    rules = book(practical(), teams=[{"key": "team", "name": "团体", "of": "basic", "size": 2}])
    entries = [Entry("A", "T1", {"*": "ABSENT"}), Entry("B", "T2"), Entry("C", "T3"), Entry("D")]
    scores = score(rules, entries, sheets("C", "80") + sheets("D", "90"), [])
    assert [(row.entry, row.status, row.rank) for row in scores.teams["team"]] == [
        ("T3", "OK", 1),
        ("T2", "INCOMPLETE", None),
        ("T1", "ABSENT", None),
    ]


def test_nested_totals_and_their_whole_explanation() -> None:
    inner = overall(key="inner", parts=[{"of": "basic", "weight": "100"}])
    outer = overall(parts=[{"of": "theory", "weight": "30"}, {"of": "inner", "weight": "70"}])
    rules = book(theory(), practical(), totals=[outer, inner])
    scores = score(rules, [Entry("A")], sheets("A", "90"), [paper("A", "80")])
    whole = scores.explain("overall", "A")
    assert whole is not None
    text = json.dumps(whole.to_json(), ensure_ascii=False)
    assert '"code": "sheet"' in text
    assert '"code": "part"' not in text
    assert str(scores.row("overall", "A").figures["inner"]) == "90"
    assert set(scores.row("overall", "A").figures) == {"theory", "inner", "score"}  # figures of parts are shown if the chain asks for them
    with pytest.raises(KeyError):
        scores.rows("nothing")
    with pytest.raises(KeyError):
        scores.row("overall", "nobody")
