"""Teams: sums, means, the best members, several parts, places and prizes in points, and who separates equal ones.

Every expected figure is written as the arithmetic that a person would do.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from competition.scoring.derivation import outline
from competition.scoring.engine import Scores, score
from competition.scoring.inputs import Decision, Entry, Mark
from tests.scoring.documents import book, clock, document, faults, overall, paper, practical, sheets, theory

# Members by team with what the one judge gave; None: absent.
Teams = Mapping[str, Mapping[str, str | None]]


def team(**more: Any) -> dict[str, Any]:
    """A team rule over the event ``basic``, unless it is about something else."""
    where = {} if "parts" in more else {"of": "basic"}
    return {"key": "team", "name": "团体", **where, **more}


def field(rule: dict[str, Any], teams: Teams, *decisions: Decision, **event: Any) -> Scores:
    """One event, and one rule for the teams in it."""
    people = [(name, entry, mark) for name, members in teams.items() for entry, mark in members.items()]
    entries = [Entry(entry, name, {"*": "ABSENT"} if mark is None else {}) for name, entry, mark in people]
    marks = [one for _name, entry, mark in people if mark is not None for one in sheets(entry, mark)]
    return score(book(practical(**event), teams=[rule]), entries, marks, [], decisions)


def standing(scores: Scores) -> list[tuple[str, str | None, int | None]]:
    """Team, figure and rank from the first on."""
    return [(row.entry, None if row.value is None else str(row.value), row.rank) for row in scores.teams["team"]]


def said(scores: Scores, name: str = "T") -> list[str]:
    """How a team's figure was made, without the members' own figures."""
    step = scores.row("team", name).derivation
    assert step is not None
    return [each.say() for _depth, each in outline(step) if each.code != "part"]


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


PARTS = [{"of": "theory", "weight": "40"}, {"of": "basic", "weight": "60"}]


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


# ---- places in points --------------------------------------------------------------------------------

PLACES = [
    *({"from": rank, "to": rank, "points": str(11 - rank)} for rank in range(1, 7)),
    {"from": 7, "to": 10, "points": "4"},
    {"from": 11, "points": "1"},
]
HIGHER = {"ties": [{"figure": "places", "order": "asc"}]}
# Twelve people on ranks 1 to 12, and one who was absent.
TWELVE: Teams = {
    "T": {"t01": "99", "t12": "88", "t09": "91"},
    "S": {"s04": "96", "s05": "95", "s11": "89"},
    "R": {"r02": "98", "r10": "90", "r13": None},
    "Q": {"q03": "97", "q06": "94", "q07": "93", "q08": "92"},
}


def test_places_in_points() -> None:
    """First to sixth 10, 9, 8, 7, 6, 5; seventh to tenth 4 each; everybody else 1."""
    scores = field(team(method="places", places=PLACES, size=4), TWELVE)
    assert standing(scores) == [
        ("Q", "21.00", 1),  # third 8, sixth 5, seventh 4, eighth 4
        ("T", "15.00", 2),  # first 10, ninth 4, twelfth 1
        ("S", "14.00", 3),  # fourth 7, fifth 6, eleventh 1
        ("R", "13.00", 4),  # second 9, tenth 4, absent 0
    ]
    assert said(scores, "R")[0] == "团体：第 2 名 9 分 + 第 10 名 4 分 + 缺考 0 分 = 13"
    assert said(scores, "T")[0] == "团体：第 1 名 10 分 + 第 9 名 4 分 + 第 12 名 1 分 = 15"


def test_places_that_are_not_decided_yet_bring_nothing() -> None:
    scores = field(team(method="places", places=PLACES), {"T": {"a": "90", "b": "90"}}, ranking={"shared": "forbidden"})
    assert standing(scores) == [("T", "0.00", 1)]
    assert said(scores)[0] == "团体：没有名次 0 分 + 没有名次 0 分 = 0"


def test_the_best_places_only() -> None:
    scores = field(team(method="places", places=PLACES, best=2), TWELVE)
    # T 10 + 4, S 7 + 6, R 9 + 4, Q 8 + 5.
    assert standing(scores) == [("T", "14.00", 1), ("Q", "13.00", 2), ("R", "13.00", 2), ("S", "13.00", 2)]


@pytest.mark.parametrize(
    ("ties", "order"),
    [
        (HIGHER["ties"], "TRQS"),  # 1, 9 before 2, 10 before 3, 6 before 4, 5
        ([{"figure": "place_5", "order": "desc"}], "TSQR"),
        ([{"figure": "place_2", "order": "desc"}, {"figure": "place_3", "order": "desc"}], "TRQS"),
        ([{"figure": "basic", "order": "desc"}], "TQSR"),  # 97 + 94 = 191 and 96 + 95 = 191 are equal, 98 + 90 = 188
    ],
)
def test_more_higher_places_separate_equal_points(ties: list[dict[str, str]], order: str) -> None:
    scores = field(team(method="places", places=PLACES, best=2, ranking={"ties": ties}), TWELVE)
    assert "".join(row.entry for row in scores.teams["team"]) == order


def test_places_in_words() -> None:
    scores = field(team(method="places", places=PLACES, best=2, ranking=HIGHER), TWELVE)
    row = scores.row("team", "R")
    assert str(row.figures["places"]) == "20010"
    assert row.standing is not None
    assert row.standing.steps[0].say() == "与另外 2 个参赛者成绩相同，比较名次，低者在前：2、10，分出先后"


def test_a_shorter_team_has_fewer_higher_places() -> None:
    """Both have a first and nothing else to count; the longer one has a second one more."""
    tie = {"A": {"a": "99"}, "B": {"b": "99", "c": "98"}}
    points = [{"from": 1, "to": 1, "points": "5"}, {"from": 2, "points": "0"}]
    scores = field(team(method="places", places=points, ranking=HIGHER), tie)
    assert standing(scores) == [("B", "5.00", 1), ("A", "5.00", 2)]
    assert [str(row.figures["places"]) for row in scores.teams["team"]] == ["10003", "19999"]


def test_places_of_a_race() -> None:
    race = {"key": "race", "kind": "practical", "name": "竞速", "result": "time", "time": {"limit_s": 900}}
    rule = team(of="race", method="places", places=[{"from": 1, "to": 1, "points": "3"}, {"from": 2, "points": "1"}])
    entries = [Entry("a", "T"), Entry("b", "T"), Entry("c", "S")]
    scores = score(book(race, teams=[rule]), entries, [], [clock("a", 50, "race"), clock("b", 70, "race"), clock("c", 60, "race")])
    assert standing(scores) == [("T", "4.00", 1), ("S", "1.00", 2)]


# ---- prizes in points ------------------------------------------------------------------------------

AWARDS = [
    {"by": "ranks", "tiers": [{"key": "gold", "name": "金奖", "from": 1, "to": 1}, {"key": "silver", "name": "银奖", "from": 2, "to": 3}]},
    {"by": "lines", "tiers": [{"key": "passed", "name": "合格", "kind": "title", "minimum": "60"}]},
]
PRIZES = [{"tier": "gold", "points": "8"}, {"tier": "silver", "points": "4"}, {"tier": "passed", "points": "1"}]


def test_prizes_in_points() -> None:
    """8 for gold, 4 for silver, 1 for who passed; whoever has several counts the best of them."""
    people: Teams = {"T": {"a": "99", "b": "61", "c": "59"}, "S": {"d": "98", "e": "97"}, "R": {"f": "40", "g": None}}
    scores = field(team(method="prizes", prizes=PRIZES, otherwise="0.5"), people, awards=AWARDS)
    assert standing(scores) == [("T", "9.50", 1), ("S", "8.00", 2), ("R", "0.50", 3)]
    assert said(scores)[0] == "团体：金奖 8 分 + 合格 1 分 + 未获奖 0.5 分 = 9.5"
    assert said(scores, "R")[0] == "团体：未获奖 0.5 分 + 缺考 0 分 = 0.5"


def test_who_was_disqualified_brings_nothing() -> None:
    """Not even what is given for taking part: neither as one who counts, nor as one who fills a place."""
    rules = book(practical(awards=AWARDS), teams=[team(method="prizes", prizes=PRIZES, otherwise="0.5", best=2)])
    scores = score(rules, [Entry("a", "T"), Entry("b", "T", {"basic": "DISQUALIFIED"})], sheets("a", "50"), [])
    assert said(scores)[0] == "团体：金奖 8 分 + 取消资格 0 分 = 8，只计最好的 2 名队员"
    rules = book(practical(awards=AWARDS), teams=[team(method="prizes", prizes=PRIZES, otherwise="0.5")])
    scores = score(rules, [Entry("a", "T"), Entry("b", "T", {"basic": "DISQUALIFIED"})], sheets("a", "50"), [])
    assert said(scores)[0] == "团体：金奖 8 分 + 取消资格 0 分 = 8"


def test_a_member_who_is_not_in_the_ranking_brings_nothing() -> None:
    rules = book(theory(), practical(awards=AWARDS), teams=[team(method="prizes", prizes=PRIZES)])
    scores = score(rules, [Entry("a", "T"), Entry("b", "T", events=("theory",))], sheets("a", "70"), [paper("a", "1"), paper("b", "99")])
    assert standing(scores) == [("T", "8.00", 1)]


# ---- what is refused ---------------------------------------------------------------------------------

RACE = {"key": "race", "kind": "practical", "name": "竞速", "result": "time", "time": {"limit_s": 60}}
SCALE = {"key": "scale", "name": "标准分", "method": "scale", "of": "basic"}


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (team(method="product"), "method"),
        (team(best=4, size=3), "best"),
        (team(best=0), "best"),
        (team(missing="half"), "missing"),
        (team(places=PLACES), "places"),
        (team(of="race"), "of"),
        (team(by="ghost"), "by"),
        (team(by="Ghost"), "by"),
        (team(parts=PARTS, of="basic"), "of"),
        (team(parts=PARTS, best=2), "by"),
        (team(parts=PARTS[:1]), "parts"),
        (team(parts=[{"of": "basic", "weight": "50"}] * 2), "parts/1/of"),
        (team(parts=[{"of": "basic", "weight": "50"}, {"of": "race", "weight": "50"}]), "parts/1/of"),
        (team(parts=[{"of": "basic", "weight": "50"}, {"of": "scale", "weight": "50"}]), "parts/1/of"),
        (team(parts=[{"of": "basic", "weight": "50"}, {"of": "ghost", "weight": "50"}]), "parts/1/of"),
        (team(full="50"), "full"),
        (team(method="places"), "places"),
        (team(method="places", places=[]), "places"),
        (team(method="places", parts=PARTS), "parts"),
        (team(method="places", places=[{"from": 2, "to": 1, "points": "1"}]), "places/0/to"),
        (team(method="places", places=[{"from": 1, "points": "1"}, {"from": 2, "points": "1"}]), "places/0/to"),
        (team(method="places", places=[{"from": 1, "to": 3, "points": "1"}, {"from": 3, "points": "1"}]), "places/1/from"),
        (team(method="places", places=[{"from": 1, "points": "-1"}]), "places/0/points"),
        (team(method="places", places=PLACES, otherwise="1"), "otherwise"),
        (team(method="prizes", prizes=[{"tier": "ghost", "points": "1"}]), "prizes/0/tier"),
        (team(method="prizes", prizes=[{"tier": "gold", "points": "1"}] * 2), "prizes/1/tier"),
        (team(method="prizes", prizes=[{"tier": "gold"}]), "prizes/0/points"),
        (team(ranking={"ties": [{"figure": "places", "order": "desc"}]}), "ranking/ties/0/order"),
        (team(ranking={"ties": [{"figure": "place_0"}]}), "ranking/ties/0/figure"),
        (team(parts=PARTS, ranking={"ties": [{"figure": "places", "order": "asc"}]}), "ranking/ties/0/figure"),
        (team(awards=[{"by": "best_of", "of": "team", "tiers": [{"key": "top", "name": "最佳"}]}]), "awards/0/of"),
    ],
)
def test_faults_of_a_team_rule(rule: dict[str, Any], path: str) -> None:
    found = faults(document(theory(), practical(awards=AWARDS), RACE, totals=[SCALE], teams=[rule]))
    assert f"/teams/0/{path}" in found, found


def test_a_team_rule_over_totals_in_a_circle_says_no_more_than_the_circle() -> None:
    ring = [overall(key=key, parts=[{"of": of, "weight": "100"}]) for key, of in (("a", "b"), ("b", "a"))]
    found = faults(document(theory(), totals=ring, teams=[team(of="a", ranking={"ties": [{"figure": "x", "order": "asc"}]})]))
    assert set(found) == {"/totals"}


def test_right_rules_are_read() -> None:
    ties = [{"figure": "places", "order": "asc"}, {"figure": "place_1", "order": "desc"}]
    rule = team(parts=PARTS, best=2, by="overall", full="200", ranking={"ties": ties})
    read = book(theory(), practical(), totals=[overall()], teams=[rule]).teams[0]
    assert (read.below, read.combined, str(read.full)) == (("theory", "basic", "overall"), ("theory", "basic"), "200")
    assert faults(document(practical(), totals=[SCALE], teams=[team(of="scale", method="mean")])) == {}
