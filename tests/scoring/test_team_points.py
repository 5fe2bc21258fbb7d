"""Teams: places and prizes in points.

Every expected figure is written as the arithmetic that a person would do.
"""


import pytest

from competition.scoring.engine import score
from competition.scoring.inputs import Entry
from tests.scoring.documents import book, clock, paper, practical, sheets, theory
from tests.scoring.team_fields import AWARDS, PLACES, Teams, field, said, standing, team

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
