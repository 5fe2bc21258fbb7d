"""Medals by the distance of figures, grades by lines, pass lines, small fields, the best of a team or delegation."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.scoring.awards import Ranked, assign, counts
from competition.scoring.engine import Scores, score
from competition.scoring.inputs import Entry
from competition.scoring.medals import medals
from competition.scoring.model import AwardRule
from tests.scoring.documents import book, clock, document, faults, overall, paper, practical, sheets, theory
from tests.scoring.test_properties import QUICK

GOLD, SILVER, BRONZE = ({"key": key, "name": name} for key, name in (("gold", "金牌"), ("silver", "银牌"), ("bronze", "铜牌")))
MEDALLION = {"key": "excellence", "name": "优胜奖", "from": "700"}
MEDALS = {"by": "medals", "tiers": [GOLD, SILVER, BRONZE, MEDALLION]}


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([], (0, 0, 0)),
        ([750], (1, 0, 0)),
        ([750, 749], (2, 0, 0)),
        ([750, 740], (1, 1, 0)),
        # One gold, one silver: bronze the next and all within 2 of it.
        ([750, 740, 730, 720], (1, 1, 1)),
        ([750, 740, 730, 728, 727], (1, 1, 2)),
        # Exactly 2 apart is still within, 3 is not.
        ([750, 748, 730, 728], (2, 0, 2)),
        ([750, 747, 730, 728], (1, 1, 2)),
        # Two golds: no silver, bronze the next.
        ([750, 749, 720, 710], (2, 0, 1)),
        # Three golds: bronze only within 2 of the last gold (748): 746 is, 745 is not.
        ([750, 749, 748, 746, 745], (3, 0, 1)),
        ([750, 749, 748, 745], (3, 0, 0)),
        ([750, 750, 750, 750, 748], (5, 0, 0)),
        # Several silvers (740, 739): bronze only within 2 of the last silver: 737 is, 736 is not.
        ([750, 740, 739, 737, 736], (1, 2, 1)),
        ([750, 740, 739, 736], (1, 2, 0)),
        ([750, 740, 739, 738, 736], (1, 3, 1)),
    ],
)
def test_how_many_medals(figures: list[int], expected: tuple[int, int, int]) -> None:
    assert medals([Fraction(figure) for figure in figures], Fraction(2)) == expected


def test_within_nothing_only_equals_share_a_medal() -> None:
    assert medals([Fraction(9), Fraction(9), Fraction(8), Fraction(7)], Fraction(0)) == (2, 0, 1)


@QUICK
@given(st.lists(st.integers(0, 30), max_size=12), st.integers(0, 4))
def test_medals_follow_the_figures(numbers: list[int], within: int) -> None:
    """Whoever has a better medal has a better figure; equal figures have equal medals; nobody in the middle is left out."""
    figures = sorted(map(Fraction, numbers), reverse=True)
    golds, silvers, bronzes = medals(figures, Fraction(within))
    assert golds + silvers + bronzes <= len(figures)
    assert (golds > 0) == bool(figures)
    for border in (golds, golds + silvers, golds + silvers + bronzes):
        assert not 0 < border < len(figures) or figures[border - 1] > figures[border]
    assert silvers == 0 or golds == 1
    assert len(figures) - golds == 0 or golds != 1 or silvers > 0


# ---- in the scores ----------------------------------------------------------------------------------


def field(awards: list[dict[str, Any]], *people: tuple[str, str, str, str], **more: Any) -> Scores:
    """People as (id, team, delegation, mark)."""
    entries = [Entry(entry, team or None, delegation=delegation or None) for entry, team, delegation, _mark in people]
    marks = [one for entry, *_rest, mark in people for one in sheets(entry, mark)]
    return score(book(practical(awards=awards, **more)), entries, marks, [])


def awarded(scores: Scores, key: str = "basic") -> dict[str, tuple[str, ...]]:
    """The awards by entry."""
    return {row.entry: row.awards for row in scores.rows(key)}


def marked(*marks: str) -> list[tuple[str, str, str, str]]:
    """People a, b, c … with these marks."""
    return [(entry, "", "", mark) for entry, mark in zip("abcdefgh", marks, strict=False)]


def test_medals_on_the_scale_of_700() -> None:
    """70, 80, 80, 80, 90: mean 80, (100 + 0 + 0 + 0 + 100) ÷ 5 = 40, root 6.3245…; 90: 700 + 50 × 10 ÷ 6.3245… = 779.05…

    So 779 gold; three at 700 are silver together; 621 is not within 2 of them.
    """
    scale = {"key": "scale", "name": "标准分", "method": "scale", "of": "basic", "awards": [MEDALS]}
    entries = [Entry(key) for key in "abcde"]
    marks = [one for key, mark in zip("abcde", ("70", "80", "80", "80", "90"), strict=True) for one in sheets(key, mark)]
    scores = score(book(practical(), totals=[scale]), entries, marks, [])
    assert [(row.entry, str(row.value), row.award) for row in scores.totals["scale"]] == [
        ("e", "779", "gold"), ("b", "700", "silver"), ("c", "700", "silver"), ("d", "700", "silver"), ("a", "621", None)]


def test_a_medallion_for_everybody_else_above_its_line() -> None:
    rule = {"by": "medals", "within": "0.5", "tiers": [GOLD, SILVER, BRONZE, {**MEDALLION, "from": "70"}]}
    scores = field([rule], *marked("90", "85", "84.5", "84", "80", "70", "69.99"))
    assert awarded(scores) == {
        "a": ("gold",), "b": ("silver",), "c": ("silver",), "d": ("bronze",), "e": ("excellence",), "f": ("excellence",), "g": ()}


def test_a_medallion_from_nothing_on() -> None:
    rule = {"by": "medals", "tiers": [GOLD, SILVER, BRONZE, {**MEDALLION, "from": "0"}]}
    assert awarded(field([rule], *marked("90", "80", "70", "0.5", "0")))["d"] == ("excellence",)


def test_the_line_of_a_medal_is_looked_at_afterwards() -> None:
    """Nobody moves up for the silver that is not given; whoever missed it can still get the medallion."""
    rule = {"by": "medals", "tiers": [GOLD, {**SILVER, "minimum": "86"}, BRONZE, {**MEDALLION, "from": "70"}]}
    assert awarded(field([rule], *marked("90", "85", "80"))) == {"a": ("gold",), "b": ("excellence",), "c": ("bronze",)}


@pytest.mark.parametrize(
    ("took_part", "expected"),
    [(3, []), (4, ["gold"]), (5, ["gold", "silver"]), (6, ["gold", "silver", "bronze"])],
)
def test_small_fields(took_part: int, expected: list[str]) -> None:
    """Six and more: all medals; five: gold and silver; fewer: gold; three and fewer: none."""
    tiers = [{**GOLD, "field_from": 4}, {**SILVER, "field_from": 5}, {**BRONZE, "field_from": 6}]
    scores = field([{"by": "medals", "tiers": tiers}], *marked("90", "80", "70", "60", "50", "40")[:took_part])
    assert [key for keys in awarded(scores).values() for key in keys] == expected


def test_grades_by_lines() -> None:
    tiers = [
        {"key": "excellent", "name": "优秀", "minimum": "90"},
        {"key": "good", "name": "良好", "minimum": "75"},
        {"key": "passed", "name": "合格", "minimum": "60"},
    ]
    scores = field([{"by": "lines", "tiers": tiers}], *marked("90", "89.99", "75", "60", "59.99"))
    assert awarded(scores) == {"a": ("excellent",), "b": ("good",), "c": ("good",), "d": ("passed",), "e": ()}


def test_both_parts_must_be_passed() -> None:
    """The first has the better total, but failed the theory; nobody moves up."""
    needs = [{"figure": "theory", "least": "60"}, {"figure": "basic", "least": "60"}, {"figure": "basic.time", "most": "600"}]
    tiers: list[dict[str, Any]] = [{"key": "first", "name": "一等奖", "from": 1, "to": 2, "needs": needs}]
    tiers += [{"key": "second", "name": "二等奖", "from": 3, "to": 4}]
    total = overall(awards=[{"by": "ranks", "tiers": tiers}])
    rules = book(theory(), practical(time={"limit_s": 900}), totals=[total])
    people = {"a": ("59.5", "99", 600), "b": ("60", "90", 600), "c": ("80", "70", 500), "d": ("70", "60", 601)}
    figures = [paper(key, mark) for key, (mark, *_rest) in people.items()] + [clock(key, time) for key, (*_rest, time) in people.items()]
    marks = [one for key, (_theory, mark, _time) in people.items() for one in sheets(key, mark)]
    scores = score(rules, [Entry(key) for key in people], marks, figures)
    assert awarded(scores, "overall") == {"a": (), "b": ("first",), "c": ("second",), "d": ("second",)}


def test_who_lacks_a_figure_does_not_reach_its_line() -> None:
    """Without a practical part there is no time to be good enough."""
    tier = {"key": "fast", "name": "快手", "kind": "title", "needs": [{"figure": "basic.time", "most": "600"}]}
    rules = book(theory(), practical(time={"limit_s": 900}), totals=[overall(awards=[{"by": "lines", "tiers": [tier]}])])
    figures = [paper("a", "90"), paper("b", "90"), clock("b", 600)]
    scores = score(rules, [Entry("a", outcomes={"basic": "ABSENT"}), Entry("b")], sheets("b", "60"), figures)
    assert awarded(scores, "overall") == {"b": ("fast",), "a": ()}


TOP = {"key": "top", "name": "代表团最佳选手", "kind": "title"}


def test_the_best_of_each_delegation() -> None:
    people = [("a", "", "X", "90"), ("b", "", "X", "90"), ("c", "", "X", "80"), ("d", "", "Y", "70"), ("e", "", "", "99")]
    people += [("f", "", "Y", "60")]
    best = {"by": "best_of", "of": "delegation", "tiers": [TOP]}
    assert awarded(field([best], *people)) == {"e": (), "a": ("top",), "b": ("top",), "c": (), "d": ("top",), "f": ()}
    lined = {**best, "tiers": [{**TOP, "minimum": "75"}]}
    assert awarded(field([lined], *people)) == {"e": (), "a": ("top",), "b": ("top",), "c": (), "d": (), "f": ()}


def test_the_best_of_each_team() -> None:
    people = [("a", "T", "X", "90"), ("b", "S", "X", "80"), ("c", "T", "X", "70")]
    best = {"by": "best_of", "of": "team", "tiers": [TOP]}
    assert awarded(field([best], *people)) == {"a": ("top",), "b": ("top",), "c": ()}


def test_the_best_team_of_each_delegation() -> None:
    """A team whose members come from two delegations belongs to neither."""
    rule = {"key": "team", "name": "团体", "of": "basic", "awards": [{"by": "best_of", "of": "delegation", "tiers": [TOP]}]}
    people = [("a", "T", "X", "90"), ("b", "T", "X", "80"), ("c", "S", "X", "95"), ("d", "R", "Y", "50")]
    people += [("e", "Q", "X", "99"), ("f", "Q", "Y", "98"), ("g", "P", "", "10")]
    entries = [Entry(entry, team, delegation=delegation or None) for entry, team, delegation, _mark in people]
    marks = [one for entry, *_rest, mark in people for one in sheets(entry, mark)]
    scores = score(book(practical(), teams=[rule]), entries, marks, [])
    assert awarded(scores, "team") == {"Q": (), "T": ("top",), "S": (), "R": ("top",), "P": ()}


def test_who_may_not_win_is_passed_over() -> None:
    """The disqualified and the zero get no medal, and what they did moves nobody."""
    entries = [Entry("a"), Entry("b", outcomes={"*": "DISQUALIFIED"}), Entry("c", outcomes={"*": "ZERO"})]
    scores = score(book(practical(awards=[{**MEDALS, "tiers": [GOLD, SILVER, BRONZE]}])), entries, sheets("a", "50"), [])
    assert awarded(scores) == {"a": ("gold",), "c": (), "b": ()}


# ---- prizes never exceed their rule ------------------------------------------------------------------

QUOTA = {"by": "percent", "border": "quota", "tiers": [{**GOLD, "percent": "10"}, {**SILVER, "percent": "25"}, {**BRONZE, "percent": "30"}]}


def rule(document_: dict[str, Any]) -> AwardRule:
    """A loaded award rule."""
    return book(practical(awards=[document_])).events[0].awards[0]


@QUICK
@given(st.lists(st.integers(0, 5), max_size=20), st.integers(0, 20), st.sampled_from(["floor", "half_up", "ceiling"]), st.booleans())
def test_a_quota_is_never_exceeded(marks: list[int], more: int, mode: str, cumulative: bool) -> None:
    """However many are equal: without a decision nobody gets more than the counted prizes, and no better rank gets less."""
    ordered = sorted(marks, reverse=True)
    people = [Ranked(f"p{place:02}", ordered.index(mark) + 1, Decimal(mark)) for place, mark in enumerate(ordered)]
    base = len(people) + more
    quota = rule({**QUOTA, "rounding": mode, "count": "cumulative" if cumulative else "each"})
    given_ = assign([quota], people, base)
    prizes = [(given_.awards[person.entry] or ("",))[0] for person in people]
    for tier, most in zip(quota.tiers, counts(quota, base), strict=True):
        assert prizes.count(tier.key) <= most
    order = [key for key in prizes if key]
    assert order == sorted(order, key=["gold", "silver", "bronze"].index)


@QUICK
@given(st.lists(st.integers(0, 30), max_size=15))
def test_equal_ranks_get_equal_awards(marks: list[int]) -> None:
    """Where the award follows the rank, whatever the kind of rule."""
    ordered = sorted(marks, reverse=True)
    people = [Ranked(f"p{place:02}", ordered.index(mark) + 1, Decimal(mark)) for place, mark in enumerate(ordered)]
    rules = [rule(each) for each in (MEDALS, {**QUOTA, "border": "follow_rank"}, {"by": "lines", "tiers": [{**GOLD, "minimum": "20"}]})]
    for each in rules:
        found = assign([each], people, len(people)).awards
        assert len({(person.rank, found[person.entry]) for person in people}) == len({person.rank for person in people})


# ---- what is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("award", "path"),
    [
        ({"by": "medals", "tiers": [GOLD, SILVER]}, "tiers"),
        ({"by": "medals", "tiers": [GOLD, SILVER, BRONZE, MEDALLION, TOP]}, "tiers"),
        ({"by": "medals", "tiers": [GOLD, SILVER, BRONZE, {"key": "excellence", "name": "优胜奖"}]}, "tiers/3/from"),
        ({"by": "medals", "tiers": [{**GOLD, "from": "1"}, SILVER, BRONZE]}, "tiers/0/from"),
        ({"by": "medals", "within": "-1", "tiers": [GOLD, SILVER, BRONZE]}, "within"),
        ({"by": "medals", "border": "quota", "tiers": [GOLD, SILVER, BRONZE]}, "border"),
        ({"by": "best_of", "tiers": [TOP]}, "of"),
        ({"by": "best_of", "of": "region", "tiers": [TOP]}, "of"),
        ({"by": "best_of", "of": "team", "tiers": [TOP, GOLD]}, "tiers"),
        ({"by": "lines", "tiers": [GOLD]}, "tiers/0"),
        ({"by": "lines", "tiers": [{**GOLD, "minimum": "60"}, {**SILVER, "minimum": "60"}]}, "tiers/1/minimum"),
        ({"by": "lines", "tiers": [{**GOLD, "minimum": "60", "needs": [{"figure": "x", "least": "1"}]}]}, "tiers/0/needs/0/figure"),
        ({"by": "lines", "tiers": [{**GOLD, "needs": [{"figure": "work"}]}]}, "tiers/0/needs/0"),
        ({"by": "lines", "tiers": [{**GOLD, "needs": [{"least": "1"}]}]}, "tiers/0/needs/0/figure"),
        ({"by": "lines", "tiers": [{**GOLD, "needs": [{"figure": "work", "least": "2", "most": "1"}]}]}, "tiers/0/needs/0/most"),
        ({"by": "lines", "tiers": [{**GOLD, "needs": [{"figure": "work", "least": "2", "more": "1"}]}]}, "tiers/0/needs/0/more"),
        ({"by": "ranks", "tiers": [{**GOLD, "from": 1, "field_from": 0}]}, "tiers/0/field_from"),
    ],
)
def test_faults_of_awards(award: dict[str, Any], path: str) -> None:
    found = faults(document(practical(awards=[award])))
    assert f"/events/0/awards/0/{path}" in found, found


def test_no_medals_for_a_race_but_lines_on_its_time() -> None:
    race = {"key": "race", "kind": "practical", "name": "竞速", "result": "time", "time": {"limit_s": 60}}
    assert "/events/0/awards/0/by" in faults(document({**race, "awards": [{"by": "medals", "tiers": [GOLD, SILVER, BRONZE]}]}))
    tier = {"key": "fast", "name": "快手", "needs": [{"figure": "time", "most": "50"}]}
    times = [clock("a", 50, "race"), clock("b", 51, "race")]
    scores = score(book({**race, "awards": [{"by": "lines", "tiers": [tier]}]}), [Entry("a"), Entry("b")], [], times)
    assert awarded(scores, "race") == {"a": ("fast",), "b": ()}
