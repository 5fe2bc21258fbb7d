"""Teams: sums, means, the best members, several parts, and who separates equal ones.

Every expected figure is written as the arithmetic that a person would do.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from competition.scoring.engine import Scores, score
from competition.scoring.inputs import Decision, Entry, Mark
from tests.scoring.documents import book, clock, overall, paper, practical, sheets, theory
from tests.scoring.team_fields import PARTS, field, said, standing, team

THREE = {"T": {"a": "90", "b": "85.5", "c": None}}


@pytest.mark.parametrize(
    ("rule", "value", "sentence"),
    [
        ({}, "175.50", "团体：90.00 + 85.50 + 0（缺考，计零分） = 175.5"),
        ({"method": "mean"}, "58.50", "团体：(90.00 + 85.50 + 0（缺考，计零分）) ÷ 3 = 58.5"),
        # The third place of four is empty: (90 + 85.5 + 0 + 0) ÷ 4 = 43.875, half up.
        ({"method": "mean", "size": 4}, "43.88", "团体：(90.00 + 85.50 + 0（缺考，计零分）) ÷ 4 = 43.875"),
        ({"method": "mean", "best": 2}, "87.75", "团体：(90.00 + 85.50) ÷ 2 = 87.75，只计最好的 2 名队员"),
        ({"best": 1}, "90.00", "团体：90.00 = 90，只计最好的 1 名队员"),
        ({"best": 3}, "175.50", "团体：90.00 + 85.50 + 0（缺考，计零分） = 175.5，只计最好的 3 名队员"),
        ({"method": "mean", "rounding": {"places": 0, "mode": "floor"}}, "58", "团体：(90.00 + 85.50 + 0（缺考，计零分）) ÷ 3 = 58.5"),
    ],
)
def test_sums_and_means(rule: dict[str, Any], value: str, sentence: str) -> None:
    scores = field(team(**rule), THREE)
    assert scores.complete
    assert standing(scores) == [("T", value, 1)]
    assert said(scores)[0] == sentence


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ({}, "OK"),
        ({"missing": "out"}, "ABSENT"),
        ({"missing": "out", "best": 2}, "OK"),
        ({"missing": "out", "best": 3}, "ABSENT"),
        ({"missing": "out", "best": 2, "size": 4}, "OK"),
    ],
)
def test_a_missing_member_may_take_the_team_out(rule: dict[str, Any], status: str) -> None:
    assert field(team(**rule), THREE).teams["team"][0].status == status


def test_an_empty_place_may_take_the_team_out() -> None:
    scores = field(team(missing="out", size=3), {"T": {"a": "90", "b": "80"}})
    assert standing(scores) == [("T", None, None)]
    assert said(scores) == ["团体：缺考，没有成绩"]


def test_nobody_is_chosen_silently_at_the_border() -> None:
    """b and c share a rank; who of them counts decides over the team's practice time."""
    time = {"limit_s": 1000}
    chain = {"ties": [{"figure": "time", "order": "asc"}]}
    rules = book(practical(time=time), teams=[team(best=2, ranking=chain)])
    entries = [Entry("a", "T"), Entry("b", "T"), Entry("c", "T"), Entry("x", "S")]
    marks = [*sheets("a", "90"), *sheets("b", "80"), *sheets("c", "80"), *sheets("x", "99")]
    times = [clock("a", 100), clock("b", 200), clock("c", 300), clock("x", 50)]
    scores = score(rules, entries, marks, times)
    (problem,) = scores.problems
    assert (problem.code, problem.entries, problem.blocking) == ("team.tied", ("b", "c"), True)
    assert problem.say() == (
        "【团体】代表队 T 只计最好的 2 名队员，b、c 在“项目basic”中并列，计谁的成绩结果不同，请裁判长对这一并列作出决定。"
    )
    decided = score(rules, entries, marks, times, [Decision("event:basic", ("c", "b"), "加试")])
    assert decided.complete
    assert str(decided.row("team", "T").figures["time"]) == "400"  # 100 + 300
    # Equal times: it makes no difference who counts.
    assert score(rules, entries, marks, [*times[:1], clock("b", 300), *times[2:]]).complete


def test_equal_members_far_from_the_border_are_no_question() -> None:
    """The first counts alone; that the second and third are equal changes nothing."""
    chain = {"ties": [{"figure": "time", "order": "asc"}]}
    rules = book(practical(time={"limit_s": 900}), teams=[team(best=1, ranking=chain)])
    marks = [*sheets("a", "90"), *sheets("b", "80"), *sheets("c", "80")]
    scores = score(rules, [Entry(key, "T") for key in "abc"], marks, [clock("a", 1), clock("b", 2), clock("c", 3)])
    assert scores.complete
    assert str(scores.row("team", "T").figures["time"]) == "1"


def test_a_team_of_one_too_few_loses_a_tie() -> None:
    """Equal sums; the team with an empty place has the shorter time, but not the whole of it; so has who lacks a time."""
    chain = {"ties": [{"figure": "time", "order": "asc"}]}
    rules = book(practical(time={"limit_s": 900}), teams=[team(size=2, ranking=chain)])
    entries = [Entry("a", "T"), Entry("b", "S"), Entry("c", "S"), Entry("d", "R"), Entry("e", "R", {"*": "ABSENT"})]
    marks = [*sheets("a", "80"), *sheets("b", "40"), *sheets("c", "40"), *sheets("d", "80")]
    scores = score(rules, entries, marks, [clock("a", 10), clock("b", 300), clock("c", 300), clock("d", 20)])
    assert scores.complete
    found = [(row.entry, str(row.figures["time"]), row.rank) for row in scores.teams["team"]]
    assert found == [("S", "600", 1), ("T", "10", 2), ("R", "20", 3)]


def test_the_first_member_says_why_a_team_has_no_result() -> None:
    rules = book(practical(), teams=[team()])
    entries = [Entry("a", "T", {"*": "WITHDRAWN"}), Entry("b", "T", {"*": "ABSENT"}), Entry("c", "T", {"*": "DISQUALIFIED"})]
    scores = score(rules, entries, [], [])
    assert scores.teams["team"][0].status == "WITHDRAWN"
    assert said(scores) == ["团体：弃权，没有成绩"]


def test_too_many_members_are_a_problem() -> None:
    (problem,) = field(team(size=2), THREE).problems
    assert problem.say() == "【团体】代表队 T 有 3 名队员，规则规定为 2 名。"


def test_a_figure_that_nobody_who_counts_has() -> None:
    """The only member who has a time does not count; his team stands behind the one that has one."""
    time = {"limit_s": 900}
    chain = {"ties": [{"figure": "basic.time", "order": "asc"}]}
    rule = team(parts=[{"of": "theory", "weight": "100"}], by="theory", best=1)
    rule["parts"] = [{"of": "theory", "weight": "50"}, {"of": "basic", "weight": "50"}]
    rules = book(theory(), practical(time=time), teams=[{**rule, "ranking": chain}])
    entries = [Entry("a", "T", {"basic": "ABSENT"}), Entry("b", "T"), Entry("c", "S")]
    figures = [paper("a", "90"), paper("b", "80"), paper("c", "40"), clock("b", 10), clock("c", 800)]
    scores = score(rules, entries, [*sheets("b", "99"), *sheets("c", "50")], figures)
    # a counts: 90 × 50 % = 45; c: 40 × 50 % + 50 × 50 % = 45.
    assert standing(scores) == [("S", "45.00", 1), ("T", "45.00", 2)]
    assert "basic.time" not in scores.row("team", "T").figures


def test_the_border_between_members_of_equal_rank_by_parts_and_points() -> None:
    """b and c share a total, not its parts; in places and prizes of one rank nothing can differ but the chain."""
    parts = [{"of": "theory", "weight": "90"}, {"of": "basic", "weight": "10"}]
    rules = book(theory(), practical(), totals=[overall(parts=[{"of": "theory", "weight": "50"}, {"of": "basic", "weight": "50"}])],
                 teams=[team(parts=parts, best=1, by="overall")])
    entries = [Entry("b", "T"), Entry("c", "T")]
    scores = score(rules, entries, [*sheets("b", "60"), *sheets("c", "80")], [paper("b", "80"), paper("c", "60")])
    assert [(problem.code, problem.detail["ranking"]) for problem in scores.problems] == [("team.tied", "total:overall")]
    points = team(method="places", places=[{"from": 1, "points": "1"}], best=1)
    assert field(points, {"T": {"a": "90", "b": "90"}}).complete
    assert field({**points, "ranking": {"ties": [{"figure": "places", "order": "asc"}]}}, {"T": {"a": "90", "b": "90"}}).complete


# ---- several parts --------------------------------------------------------------------------------


def by_parts(rule: dict[str, Any], *, absent: Mapping[str, str] | None = None) -> Scores:
    """Theory out of 100 and practice out of 50, two members; a total of both beside."""
    half = practical(full="50", criteria=[{"key": "work", "name": "作品", "kind": "points", "max": "50", "step": "0.5"}])
    total = overall(parts=[{"of": "theory", "weight": "40"}, {"of": "basic", "weight": "60"}])
    rules = book(theory(), half, totals=[total], teams=[rule])
    entries = [Entry("a", "T"), Entry("b", "T", absent or {}), Entry("c", "T", events=("theory",))]
    marks = [*sheets("a", "40"), *sheets("b", "30.5")]
    figures = [paper("a", "80"), paper("b", "91"), paper("c", "70")]
    return score(rules, entries, marks, figures)


def test_every_part_over_the_members_then_the_parts() -> None:
    """Means of modules: c did not enter the practice and counts 0 there."""
    scores = by_parts(team(method="mean", parts=PARTS))
    # Theory (80 + 91 + 70) ÷ 3 = 241/3; practice (40 + 30.5 + 0) ÷ 3 = 23.5.
    # 241/3 × 40 % = 32.1333…; 23.5 × 60 % × 100 ÷ 50 = 28.2; together 60.3333… → 60.33.
    assert standing(scores) == [("T", "60.33", 1)]
    assert said(scores) == [
        "理论theory：(80.00 + 91.00 + 70.00) ÷ 3 = 80.333333…",
        "项目basic：(40.00 + 30.50 + 0（缺考，计零分）) ÷ 3 = 23.5",
        "团体：理论theory 80.333333… × 40% + 项目basic 23.5 × 60% × 100 ÷ 50 = 32.133333… + 28.2 = 60.333333…",
        "团体：四舍五入，保留 2 位小数，60.333333… → 60.33",
    ]
    assert {name: str(value) for name, value in scores.row("team", "T").figures.items()} == {
        "theory": "241/3", "basic": "23.5", "score": "60.33"}


def test_the_best_by_another_ranking_than_the_parts() -> None:
    """b has the better theory, a the better total: 80 × 0.4 + 40 × 1.2 = 80 against 91 × 0.4 + 30.5 × 1.2 = 73."""
    scores = by_parts(team(parts=PARTS, best=1, by="overall", full="10"))
    # a alone: 80 × 40 % × 10 ÷ 100 = 3.2; 40 × 60 % × 10 ÷ 50 = 4.8.
    assert standing(scores) == [("T", "8.00", 1)]


def test_a_member_without_a_rank_where_the_best_are_found_does_not_count() -> None:
    scores = by_parts(team(parts=PARTS, best=2, by="overall"), absent={"basic": "DISQUALIFIED"})
    # b has no total; the second place is his, with 0: 80 × 40 % + 40 × 60 % × 2 = 32 + 48.
    assert standing(scores) == [("T", "80.00", 1)]
    assert said(scores)[0] == "理论theory：80.00 + 0（取消资格，计零分） = 80，只计最好的 2 名队员"


def test_parts_and_a_member_that_is_out() -> None:
    scores = by_parts(team(parts=PARTS, missing="out"), absent={"basic": "WITHDRAWN"})
    assert scores.teams["team"][0].status == "WITHDRAWN"


def test_equal_teams_by_the_figures_of_their_parts() -> None:
    """T and S both come to 85; S has the longer practice, U did not finish one of two."""
    time = {"limit_s": 9000}
    parts = [{"of": "basic", "weight": "50"}, {"of": "broth", "weight": "50"}]
    chain = {"ties": [{"figure": "basic.work", "order": "desc"}, {"figure": "time", "order": "asc"}]}
    rules = book(practical(time=time), practical("broth", time=time), teams=[team(method="mean", parts=parts, ranking=chain)])
    marks: list[Mark] = []
    figures = []
    for entry, basic, broth in (("t", 600, 900), ("s", 800, 800), ("u", 700, None)):
        marks += sheets(entry, "85") + ([] if broth is None else sheets(entry, "85", event="broth"))
        figures += [clock(entry, basic)] + ([] if broth is None else [clock(entry, broth, "broth")])
    entries = [Entry("t", "T"), Entry("s", "S"), Entry("u", "U", {"broth": "ABSENT"})]
    scores = score(rules, entries, marks, figures)
    assert standing(scores) == [("T", "85.00", 1), ("S", "85.00", 2), ("U", "42.50", 3)]
    assert [str(row.figures["time"]) for row in scores.teams["team"]] == ["1500", "1600", "700"]
    step = scores.row("team", "S").standing
    assert step is not None
    assert [each.say() for each in step.steps] == [
        "与另外 1 个参赛者成绩相同，比较项目basic·评分项work，高者在前：85，仍相同",
        "与另外 1 个参赛者成绩相同，比较用时，低者在前：1600，分出先后",
    ]
