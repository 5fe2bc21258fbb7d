"""What is taken off, what it brings by itself, and what is left of it in the figures."""

import pytest

from competition.scoring.derivation import sentences
from competition.scoring.engine import score
from competition.scoring.inputs import Entry, Figure
from tests.scoring.documents import book, clock, points, practical, sheets


def test_points_are_taken_off_as_they_are() -> None:
    rules = book(practical(deductions=[{"key": "order", "name": "纪律", "input": "points", "step": "0.5", "cap": "5"}]))
    row = score(rules, [Entry("A")], sheets("A", "90"), [Figure("basic", "A", "order", "2.5")]).row("basic", "A")
    assert (str(row.value), str(row.figures["order"]), str(row.figures["deducted"])) == ("87.50", "2.5", "2.5")


@pytest.mark.parametrize(("count", "status"), [("1", "OK"), ("2", "OK"), ("3", "DISQUALIFIED"), ("4", "DISQUALIFIED")])
def test_from_so_many_on_a_violation_takes_out(count: str, status: str) -> None:
    damage = {"key": "damage", "name": "损坏设备", "per": "10", "outcome": {"from": 3, "code": "DISQUALIFIED"}}
    rules = book(practical(deductions=[damage]))
    assert score(rules, [Entry("A")], sheets("A", "90"), [Figure("basic", "A", "damage", count)]).row("basic", "A").status == status


def test_whoever_was_too_late_for_a_result_keeps_the_time_beside_a_zero_only() -> None:
    for then, kept in (("zero", {"score": 0, "time": 700}), ("out", {})):
        rules = book(practical(time={"limit_s": 600, "beyond": {"after_s": 9, "then": then}}))
        assert dict(score(rules, [Entry("A")], sheets("A", "90"), [clock("A", 700)]).row("basic", "A").figures) == kept


def test_judges_above_the_ceiling_are_told() -> None:
    criteria = [points("work", "100", "1"), points("more", "10", "1", bonus=True)]
    rules = book(practical(criteria=criteria, ceiling="100"))
    row = score(rules, [Entry("A")], sheets("A", "98") + sheets("A", "5", criterion="more"), []).row("basic", "A")
    assert row.derivation is not None
    assert sentences(row.derivation)[-2].endswith("103，超过上限按上限计，得 100")


def test_those_without_a_rank_stand_unfinished_ones_first_then_by_what_happened() -> None:
    entries = [Entry(entry, outcomes={"basic": code}) for entry, code in (("A", "WITHDRAWN"), ("B", "ABSENT"), ("C", "DISQUALIFIED"))]
    rows = score(book(practical()), [*entries, Entry("D"), Entry("E")], sheets("E", "90"), []).events["basic"]
    assert [(row.entry, row.status) for row in rows] == [
        ("E", "OK"), ("D", "INCOMPLETE"), ("B", "ABSENT"), ("C", "DISQUALIFIED"), ("A", "WITHDRAWN"),
    ]


def test_a_recorded_zero_is_not_told_as_late() -> None:
    row = score(book(practical()), [Entry("A", outcomes={"basic": "ZERO"})], [], []).row("basic", "A")
    assert row.derivation is not None
    assert sentences(row.derivation) == ["项目basic：成绩计零分，记 0.00"]
