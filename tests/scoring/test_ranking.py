"""Ranks, tie chains, shared ranks and recorded decisions."""

from decimal import Decimal
from fractions import Fraction

import pytest

from competition.scoring.draft import OK, Draft
from competition.scoring.engine import score
from competition.scoring.inputs import Decision, Entry
from competition.scoring.model import RankingRule, TieStep
from competition.scoring.ranking import rank
from tests.scoring.documents import book, practical, sheets

TIED = {"A": 95, "B": 90, "C": 90, "D": 85, "E": 80}


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
