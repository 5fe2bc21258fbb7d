"""Prizes: fixed ranks, percentages with their rounding, quotas, the better half, titles."""

from decimal import Decimal
from typing import Any

import pytest

from competition.scoring.awards import Ranked, assign, counts
from competition.scoring.engine import Scores, score
from competition.scoring.inputs import Decision, Entry
from competition.scoring.model import AwardRule
from tests.scoring.documents import book, practical, sheets

MEDALS = [
    {"key": "gold", "name": "金奖", "from": 1, "to": 1},
    {"key": "silver", "name": "银奖", "from": 2, "to": 3},
    {"key": "bronze", "name": "铜奖", "from": 4, "to": 6},
    {"key": "commended", "name": "优秀选手奖", "from": 7},
]
PERCENT = [
    {"key": "first", "name": "一等奖", "percent": "10"},
    {"key": "second", "name": "二等奖", "percent": "20"},
    {"key": "third", "name": "三等奖", "percent": "30"},
]


def rules(*awards: dict[str, Any]) -> tuple[AwardRule, ...]:
    """Loaded award rules."""
    return book(practical(awards=list(awards))).events[0].awards


def ranked(*ranks: int) -> list[Ranked]:
    """People a, b, c … with these ranks; a better rank has a higher figure."""
    return [Ranked(f"p{index:02}", rank, Decimal(100 - rank)) for index, rank in enumerate(ranks, start=1)]


def given(awarded: Any) -> list[str]:
    """The first award of each person in order."""
    return [(keys or ("",))[0] for _, keys in sorted(awarded.awards.items())]


@pytest.mark.parametrize(
    ("base", "mode", "count", "expected"),
    [
        (9, "half_up", "each", [1, 2, 3]),
        (12, "half_up", "each", [1, 2, 4]),
        (25, "half_up", "each", [3, 5, 8]),
        (9, "half_up", "cumulative", [1, 2, 2]),
        (12, "half_up", "cumulative", [1, 3, 3]),
        (25, "half_up", "cumulative", [3, 5, 7]),
        (9, "floor", "each", [0, 1, 2]),
        (12, "floor", "each", [1, 2, 3]),
        (25, "floor", "each", [2, 5, 7]),
        (9, "ceiling", "each", [1, 2, 3]),
        (12, "ceiling", "each", [2, 3, 4]),
        (25, "ceiling", "each", [3, 5, 8]),
    ],
)
def test_percentages(base: int, mode: str, count: str, expected: list[int]) -> None:
    (rule,) = rules({"by": "percent", "tiers": PERCENT, "rounding": mode, "count": count})
    assert counts(rule, base) == expected


def test_at_least_one_first_prize() -> None:
    (rule,) = rules({"by": "percent", "tiers": PERCENT, "at_least": 1})
    assert counts(rule, 3) == [1, 1, 1]


@pytest.mark.parametrize(("base", "merit"), [(9, 1), (12, 3), (25, 9)])
def test_merit_prize_for_the_better_half_behind_the_top(base: int, merit: int) -> None:
    half = {"by": "half", "after": 3, "tiers": [{"key": "merit", "name": "优胜奖"}]}
    assert given(assign(rules(half), ranked(*range(1, base + 1)), base)).count("merit") == merit


def test_fixed_ranks() -> None:
    awarded = assign(rules({"by": "ranks", "tiers": MEDALS}), ranked(1, 2, 3, 4, 5, 6, 7, 8), 8)
    assert given(awarded) == ["gold", "silver", "silver", "bronze", "bronze", "bronze", "commended", "commended"]


def test_the_award_follows_a_shared_rank() -> None:
    tied = ranked(1, 2, 3, 3, *range(5, 26))
    awarded = assign(rules({"by": "percent", "tiers": PERCENT}), tied, 25)
    assert given(awarded)[:9] == ["first"] * 4 + ["second"] * 4 + ["third"]
    assert given(awarded).count("third") == 8


def test_a_quota_reports_a_tie_across_its_border() -> None:
    quota = {"by": "percent", "tiers": PERCENT, "border": "quota"}
    tied = ranked(1, 2, 3, 3, *range(5, 26))
    awarded = assign(rules(quota), tied, 25)
    (conflict,) = awarded.conflicts
    assert (conflict.tier.key, conflict.entries, conflict.left) == ("first", ("p03", "p04"), 1)
    assert given(awarded)[:4] == ["first", "first", "", ""]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (("p04",), ["first", "first", "second", "first", "second", "second", "second", "second", "third"]),
        (("p03", "p04"), ["first"] * 4 + ["second"] * 4 + ["third"]),
    ],
)
def test_a_decision_settles_a_quota(chosen: tuple[str, ...], expected: list[str]) -> None:
    quota = {"by": "percent", "tiers": PERCENT, "border": "quota"}
    awarded = assign(rules(quota), ranked(1, 2, 3, 3, *range(5, 26)), 25, {"first": chosen})
    assert awarded.conflicts == ()
    assert given(awarded)[:9] == expected
    assert awarded.used == {"first"}


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        # Two instead of one: the third of the tied has the one silver that is left, the fourth the bronze.
        (("p01", "p02"), ["gold", "gold", "silver", "bronze"]),
        (("p03",), ["silver", "silver", "gold", "bronze"]),
        (("p01", "p02", "p03"), ["gold", "gold", "gold", "bronze"]),
    ],
)
def test_an_overdrawn_quota_takes_from_the_next_tier(chosen: tuple[str, ...], expected: list[str]) -> None:
    tiers = [MEDALS[0], MEDALS[1], {**MEDALS[2], "to": 4}]
    awarded = assign(rules({"by": "ranks", "tiers": tiers, "border": "quota"}), ranked(1, 1, 1, 4), 4, {"gold": chosen})
    assert awarded.conflicts == ()
    assert given(awarded) == expected


def test_a_quota_that_a_decision_does_not_use_up_stays_free() -> None:
    """Two golds, three tied, one chosen: the others have the silvers, not the other gold."""
    tiers = [{**MEDALS[0], "to": 2}, {**MEDALS[1], "from": 3, "to": 4}]
    awarded = assign(rules({"by": "ranks", "tiers": tiers, "border": "quota"}), ranked(1, 1, 1, 4), 4, {"gold": ("p02",)})
    assert given(awarded) == ["silver", "gold", "silver", ""]


def test_a_decision_about_a_tie_that_fits_its_tier_is_not_used() -> None:
    tiers = [{**MEDALS[0], "to": 2}, {**MEDALS[1], "from": 3, "to": 4}]
    awarded = assign(rules({"by": "ranks", "tiers": tiers, "border": "quota"}), ranked(1, 1, 3), 3, {"gold": ("p01",)})
    assert (given(awarded), awarded.conflicts, awarded.used) == (["gold", "gold", "silver"], (), frozenset())


def test_a_decision_about_a_tie_that_leaves_room_in_its_tier_is_not_used() -> None:
    tiers = [{**MEDALS[0], "to": 3}, {**MEDALS[1], "from": 4, "to": 4}]
    awarded = assign(rules({"by": "ranks", "tiers": tiers, "border": "quota"}), ranked(1, 1, 3, 4), 4, {"gold": ("p01",)})
    assert given(awarded) == ["gold", "gold", "gold", "silver"]
    assert awarded.used == frozenset()


def test_titles_come_beside_prizes_and_only_one_prize_is_given() -> None:
    titles = {"by": "ranks", "tiers": [{"key": "expert", "name": "技术能手", "kind": "title", "from": 1, "to": 2}]}
    half = {"by": "half", "tiers": [{"key": "merit", "name": "优胜奖"}]}
    awarded = assign(rules(titles, {"by": "ranks", "tiers": MEDALS[:1]}, half), ranked(1, 2, 3, 4), 4)
    assert awarded.awards == {"p01": ("gold", "expert"), "p02": ("merit", "expert"), "p03": (), "p04": ()}


def test_a_pass_line() -> None:
    tiers = [{**MEDALS[0], "minimum": "100"}, {**MEDALS[1], "minimum": "97.5"}]
    awarded = assign(rules({"by": "ranks", "tiers": tiers}), ranked(1, 2, 3), 3)
    assert given(awarded) == ["", "silver", ""]


def scored(*decisions: Decision, border: str = "quota") -> Scores:
    """Four works, two of them tied for the one gold prize, one absent, one disqualified."""
    event = practical(awards=[{"by": "ranks", "tiers": MEDALS, "border": border}])
    entries = [Entry("A"), Entry("B"), Entry("C"), Entry("D", outcomes={"basic": "DISQUALIFIED"})]
    entries.append(Entry("E", outcomes={"*": "ZERO"}))
    marks = sheets("A", "90") + sheets("B", "90") + sheets("C", "80")
    return score(book(event), entries, marks, [], decisions)


def test_prizes_in_the_scores() -> None:
    scores = scored(border="follow_rank")
    assert [(row.entry, row.rank, row.award) for row in scores.events["basic"]] == [
        ("A", 1, "gold"),
        ("B", 1, "gold"),
        ("C", 3, "silver"),
        ("E", 4, None),
        ("D", None, None),
    ]


def test_the_award_of_a_row_is_its_prize_and_a_line_of_zero_is_reached_by_nothing() -> None:
    titles = {"by": "ranks", "tiers": [{"key": "expert", "name": "技术能手", "kind": "title", "from": 1, "to": 1}]}
    tiers = [{"key": "gold", "name": "金奖", "minimum": "1"}, {"key": "silver", "name": "银奖", "minimum": "0"}]
    rules = book(practical(awards=[titles, {"by": "lines", "tiers": tiers}]))
    scores = score(rules, [Entry("A"), Entry("B")], sheets("A", "90") + sheets("B", "0"), [])
    assert [(row.award, row.awards) for row in scores.events["basic"]] == [("gold", ("gold", "expert")), ("silver", ("silver",))]


def test_an_open_quota_blocks_until_it_is_decided() -> None:
    scores = scored()
    assert [problem.code for problem in scores.problems] == ["award.border"]
    assert not scores.complete
    decided = scored(Decision("award:event:basic:gold", ("B",), "加试"))
    assert decided.complete
    assert [(row.entry, row.award) for row in decided.events["basic"][:3]] == [
        ("A", "silver"),
        ("B", "gold"),
        ("C", "silver"),
    ]


def why(scores: Scores, entry: str, key: str = "basic") -> list[str]:
    """Why somebody has the awards."""
    standing = scores.row(key, entry).standing
    assert standing is not None
    return [step.say() for step in standing.steps if step.code == "award"]


def test_why_somebody_has_a_prize() -> None:
    """3 took part: 10 % is 0.3, at least 1; 40 % is 1.2, 1; the half behind the first would be up to rank 1."""
    titles = {"by": "ranks", "tiers": [{"key": "expert", "name": "技术能手", "kind": "title", "from": 1, "to": 2}]}
    percent = {"by": "percent", "at_least": 1, "tiers": [PERCENT[0], {**PERCENT[1], "percent": "40", "minimum": "60"}]}
    top = {"by": "best_of", "tiers": [{"key": "top", "name": "最佳", "kind": "title"}]}
    rest = {"by": "ranks", "tiers": [{"key": "rest", "name": "优秀选手奖", "from": 3}]}
    lines = {"by": "lines", "tiers": [{"key": "passed", "name": "合格", "kind": "title", "minimum": "60"}]}
    best = {**top, "of": "delegation", "tiers": [{"key": "best", "name": "代表", "kind": "title"}]}
    entries = [Entry("A", "T", delegation="D"), Entry("B", "T"), Entry("C")]
    marks = sheets("A", "90") + sheets("B", "80") + sheets("C", "70")
    scores = score(book(practical(awards=[titles, percent, {**top, "of": "team"}, best, rest, lines])), entries, marks, [])
    assert why(scores, "A") == [
        "一等奖：参赛 3 人的 10%（四舍五入），即第 1 名", "技术能手：第 1 至 2 名", "最佳：本代表队中名次最好", "代表：本代表团中名次最好",
        "合格：达到规定的分数线，成绩不低于 60",
    ]
    assert why(scores, "B")[:2] == ["二等奖：参赛 3 人的 40%（四舍五入），即第 2 名，成绩不低于 60", "技术能手：第 1 至 2 名"]
    assert why(scores, "C")[0] == "优秀选手奖：第 3 名及以后"


def test_why_somebody_has_a_medal_or_half_a_prize() -> None:
    tiers = [*({"key": key, "name": name} for key, name in (("gold", "金"), ("silver", "银"), ("bronze", "铜"))),
             {"key": "medallion", "name": "优胜", "from": "50"}]
    half = {"by": "half", "tiers": [{"key": "merit", "name": "前半", "kind": "title"}]}
    marks = [mark for entry, value in zip("ABCDE", ("90", "80", "70", "60", "40"), strict=True) for mark in sheets(entry, value)]
    scores = score(book(practical(awards=[{"by": "medals", "tiers": tiers}, half])), [Entry(entry) for entry in "ABCDE"], marks, [])
    assert why(scores, "A") == ["金：奖牌按分差评定，相差不超过 2 的同等", "前半：参赛 5 人的前一半，即第 1 至 2 名"]
    assert why(scores, "D") == ["优胜：没有奖牌，成绩不低于 50"]
    assert why(scores, "E") == []


def test_why_a_decided_prize_went_to_somebody() -> None:
    decided = scored(Decision("award:event:basic:gold", ("B",), "加试"))
    assert why(decided, "B") == ["金奖：第 1 名，并列由裁判长决定（理由：加试）"]
    assert why(decided, "A") == ["银奖：第 2 至 3 名"]
    drawn = scored(Decision("award:event:basic:gold", ("B",), "当场抽签", "lot"))
    assert why(drawn, "B") == ["金奖：第 1 名，并列由抽签决定（说明：当场抽签）"]


def test_award_names() -> None:
    names = book(practical(awards=[{"by": "ranks", "tiers": MEDALS}])).award_names
    assert {key: str(words) for key, words in names.items()}["commended"] == "优秀选手奖"


def test_a_quota_that_starts_further_down() -> None:
    quota = {"by": "ranks", "tiers": [{**MEDALS[1]}, {**MEDALS[3]}], "border": "quota"}
    awarded = assign(rules(quota), ranked(*range(1, 9)), 8)
    assert given(awarded) == ["", "silver", "silver", "", "", "", "commended", "commended"]
