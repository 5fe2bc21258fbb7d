"""Ranks, tie chains, shared ranks and recorded decisions."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.scoring.draft import OK, Draft
from competition.scoring.engine import score
from competition.scoring.inputs import Decision, Entry
from competition.scoring.model import RankingRule, TieStep
from competition.scoring.ranking import Ladder, Ranking
from tests.scoring.documents import book, practical, sheets

TIED = {"A": 95, "B": 90, "C": 90, "D": 85, "E": 80}


def rank(rows: Sequence[Draft], rule: RankingRule, decisions: Sequence[Decision] = (), *, descending: bool = True) -> Ranking:
    """All of them ranked at once, in whatever order they come."""
    return Ladder({draft.entry: draft for draft in rows}, rule, descending=descending).ranking(decisions)


def drafts(table: dict[str, int]) -> list[Draft]:
    """Drafts by entry and value."""
    return [Draft(entry, OK, Decimal(value)) for entry, value in table.items()]


@pytest.mark.parametrize(
    ("shared", "ranks"),
    [("competition", [1, 2, 2, 4, 5]), ("dense", [1, 2, 2, 3, 4]), ("forbidden", [1, None, None, 4, 5])],
)
def test_equal_figures(shared: str, ranks: list[int | None]) -> None:
    result = rank(drafts(TIED), RankingRule(shared=shared))
    assert [placing.rank for placing in result.placings] == ranks
    assert result.undecided == ((("B", "C"),) if shared == "forbidden" else ())
    assert result.placings[1].shared_with == ("C",)


@pytest.mark.parametrize("shared", ["competition", "dense", "forbidden"])
def test_a_recorded_decision_separates(shared: str) -> None:
    result = rank(drafts(TIED), RankingRule(shared=shared), [Decision("event:x", ("C", "B"), "加试")])
    assert [(placing.entry, placing.rank) for placing in result.placings] == [
        ("A", 1),
        ("C", 2),
        ("B", 3),
        ("D", 4),
        ("E", 5),
    ]
    assert result.placings[1].decided == Decision("event:x", ("C", "B"), "加试")
    assert result.used == {0}


def test_a_decision_about_others_is_not_used() -> None:
    result = rank(drafts(TIED), RankingRule(), [Decision("event:x", ("C", "D"), "过时的决定")])
    assert [placing.rank for placing in result.placings] == [1, 2, 2, 4, 5]
    assert result.used == frozenset()


def test_a_chain_goes_on_within_the_groups_it_makes() -> None:
    rows = [
        Draft("A", OK, Decimal(9), {"practice": Fraction(5), "time": Fraction(30)}),
        Draft("B", OK, Decimal(9), {"practice": Fraction(5), "time": Fraction(20)}),
        Draft("C", OK, Decimal(9), {"practice": Fraction(6), "time": Fraction(90)}),
        Draft("D", OK, Decimal(9), {"practice": Fraction(5), "time": Fraction(30)}),
    ]
    chain = (TieStep("practice", descending=True), TieStep("time", descending=False))
    result = rank(rows, RankingRule(ties=chain))
    assert [(placing.entry, placing.rank) for placing in result.placings] == [
        ("C", 1),
        ("B", 2),
        ("A", 3),
        ("D", 3),
    ]
    assert [item.figure for item in result.placings[0].compared] == ["practice"]
    assert [item.separated for item in result.placings[2].compared] == [True, True]


def test_missing_and_partial_figures_lose_a_tie() -> None:
    rows = [
        Draft("none", OK, Decimal(9)),
        Draft("part", OK, Decimal(9), {"time": Fraction(10)}, partial=frozenset({"time"})),
        Draft("slow", OK, Decimal(9), {"time": Fraction(99)}),
    ]
    result = rank(rows, RankingRule(ties=(TieStep("time", descending=False),)))
    assert [placing.entry for placing in result.placings] == ["slow", "part", "none"]


def test_ascending_figures() -> None:
    result = rank(drafts({"A": 30, "B": 20}), RankingRule(), descending=False)
    assert [placing.entry for placing in result.placings] == ["B", "A"]


def test_a_large_group_is_counted_and_the_first_of_it_named() -> None:
    """Ten are equal: each shares with nine others, of whom a sentence names eight."""
    ten = {f"e{number}": 90 for number in range(10)}
    chain = (TieStep("work", descending=True),)
    figures = {entry: {"work": Fraction(5)} for entry in ten}
    found = rank([Draft(entry, OK, Decimal(90), figures[entry]) for entry in ten], RankingRule(ties=chain)).placings
    assert [(placing.shared, len(placing.shared_with)) for placing in found] == [(9, 8)] * 10
    assert found[0].shared_with == tuple(f"e{number}" for number in range(1, 9))
    assert found[9].shared_with == tuple(f"e{number}" for number in range(8))
    assert found[4].shared_with == ("e0", "e1", "e2", "e3", "e5", "e6", "e7", "e8")
    assert {(item.many, item.value, item.separated) for placing in found for item in placing.compared} == {(9, "5", False)}
    assert found[0].compared[0].others == found[0].shared_with
    two = rank(drafts({"A": 90, "B": 90}), RankingRule()).placings
    assert [placing.shared for placing in two] == [1, 1]


def test_figures_without_an_end_are_compared_exactly() -> None:
    """1/3 is more than 0.333333 and less than 0.333334; whoever has no figure stands behind a zero."""
    values = {"A": Fraction(333333, 10**6), "B": Fraction(1, 3), "C": Fraction(333334, 10**6), "D": Fraction(0), "E": None}
    rows = [Draft(key, OK, Decimal(9), {} if value is None else {"x": value}) for key, value in values.items()]
    for descending, order in ((True, "CBADE"), (False, "DABCE")):
        result = rank(rows, RankingRule(ties=(TieStep("x", descending=descending),)))
        assert "".join(placing.entry for placing in result.placings) == order
        assert [placing.rank for placing in result.placings] == [1, 2, 3, 4, 5]
        assert result.placings[-1].compared[0].value == ""


def test_two_are_parted_by_less_than_a_binary_fraction_could_tell() -> None:
    rows = [Draft("A", OK, Decimal(9), {"x": Fraction(1)}), Draft("B", OK, Decimal(9), {"x": 1 + Fraction(1, 10**18)})]
    placings = rank(rows, RankingRule(ties=(TieStep("x", descending=True),))).placings
    assert [(placing.entry, placing.rank, placing.shared) for placing in placings] == [("B", 1, 0), ("A", 2, 0)]


def test_zeros_stand_behind_a_result_of_zero() -> None:
    rows = [Draft("Z", "ZERO", Decimal(0)), Draft("A", OK, Decimal(0)), Draft("Y", "ZERO", Decimal(0)), Draft("B", OK, Decimal(1))]
    assert [(placing.entry, placing.rank) for placing in rank(rows, RankingRule()).placings] == [("B", 1), ("A", 2), ("Y", 3), ("Z", 3)]


def test_nobody() -> None:
    assert rank([], RankingRule()).placings == ()


def tied_scores(*decisions: Decision):  # type: ignore[no-untyped-def]
    """Two equal works where ranks may not be shared."""
    rules = book(practical(ranking={"shared": "forbidden"}))
    return score(rules, [Entry("A"), Entry("B")], sheets("A", "90") + sheets("B", "90"), [], decisions)


def test_forbidden_ties_stop_the_publication_and_say_who() -> None:
    scores = tied_scores()
    assert not scores.complete
    (problem,) = scores.problems
    assert (problem.code, problem.entries) == ("tie.forbidden", ("A", "B"))
    assert problem.say({"A": "甲号作品", "B": "乙号作品"}.__getitem__).startswith("【项目basic】甲号作品、乙号作品 成绩相同（90.00）")
    assert [row.rank for row in scores.events["basic"]] == [None, None]


def test_a_recorded_decision_lets_the_publication_go_on() -> None:
    scores = tied_scores(Decision("event:basic", ("B", "A"), "裁判长复看后决定"))
    assert scores.complete
    assert scores.problems == ()
    assert [(row.entry, row.rank) for row in scores.events["basic"]] == [("B", 1), ("A", 2)]
    standing = scores.row("basic", "B").standing
    assert standing is not None
    assert standing.say().endswith("第 1 名（理由：裁判长复看后决定）")


def test_decisions_that_fit_nothing_are_told() -> None:
    scores = tied_scores(
        Decision("event:basic", ("B", "A"), "有效"),
        Decision("event:basic", ("B", "C"), "不符"),
        Decision("event:nothing", ("B", "A"), "没有这个项目"),
    )
    assert [(problem.code, problem.blocking) for problem in scores.problems] == [
        ("decision.unknown", True),
        ("decision.unused", False),
    ]


CHAIN = (TieStep("x", descending=False), TieStep("y", descending=True))


def some(entry: str, kind: int, x: int) -> Draft:
    """One of a few drafts: without a figure, set to zero, or with one of three figures that two of a chain may part."""
    if kind == 0:
        return Draft(entry, "ABSENT")
    status, value = ("ZERO", 0) if kind == 1 else (OK, 70 + kind)
    return Draft(entry, status, Decimal(value), {"x": Fraction(x % 2), "y": Fraction(x // 2, 3)})


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=6), st.data(), st.booleans())
def test_a_ladder_on_which_somebody_moves_is_one_built_anew(first: list[tuple[int, int]], data: st.DataObject, descending: bool) -> None:
    rule = RankingRule(ties=CHAIN, shared=data.draw(st.sampled_from(["competition", "dense", "forbidden"])))
    known = {f"e{number}": some(f"e{number}", *what) for number, what in enumerate(first)}
    ladder = Ladder(known, rule, descending=descending)
    for _ in range(6):
        entry = data.draw(st.sampled_from(sorted(known)))
        known[entry] = some(entry, data.draw(st.integers(0, 4)), data.draw(st.integers(0, 3)))
        ladder.put(known[entry])
        assert ladder.ranking() == Ladder(known, rule, descending=descending).ranking()


def test_whoever_keeps_the_rank_keeps_the_placing() -> None:
    ladder = Ladder({draft.entry: draft for draft in drafts({"A": 95, "B": 90, "C": 90, "D": 70})}, RankingRule(), descending=True)
    first = ladder.ranking().placings
    ladder.put(Draft("D", OK, Decimal(60)))
    assert [one is two for one, two in zip(ladder.ranking().placings, first, strict=True)] == [True, True, True, False]
    ladder.put(Draft("D", OK, Decimal(92)))
    assert [(one.entry, one.rank) for one in ladder.ranking().placings] == [("A", 1), ("D", 2), ("B", 3), ("C", 3)]
    ladder.put(Draft("D", OK, Decimal(70)))
    assert [(one.entry, one.rank) for one in ladder.ranking().placings] == [("A", 1), ("B", 2), ("C", 2), ("D", 4)]


def test_whoever_was_decided_about_shares_with_nobody() -> None:
    placings = rank(drafts(TIED), RankingRule(), [Decision("event:x", ("C", "B"), "加试")]).placings
    assert [(one.shared, one.shared_with) for one in placings] == [(0, ())] * 5


def test_a_decision_is_about_its_ranking_alone() -> None:
    """The same two are equal in three events; what is decided about the middle one says nothing of the others."""
    marks = [mark for event in "abc" for entry in "AB" for mark in sheets(entry, "90", event=event)]
    scores = score(book(*map(practical, "abc")), [Entry("A"), Entry("B")], marks, [], [Decision("event:b", ("B", "A"), "加试")])
    assert {key: [(row.entry, row.rank) for row in rows] for key, rows in scores.events.items()} == {
        "a": [("A", 1), ("B", 1)], "b": [("B", 1), ("A", 2)], "c": [("A", 1), ("B", 1)],
    }
    assert scores.problems == ()
