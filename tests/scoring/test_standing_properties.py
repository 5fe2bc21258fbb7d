"""What must hold for any marks in rankings of every kind: totals, scales, teams, prizes."""

import json
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from competition.scoring.awards import counts
from competition.scoring.draft import OK, Draft, Writer
from competition.scoring.engine import Row, Scores, score
from competition.scoring.inputs import Decision, Entry, Figure, Mark
from competition.scoring.standing import Standing
from tests.scoring.documents import book, clock, overall, paper, practical, sheets, theory
from tests.scoring.test_properties import QUICK

QUOTA = {"by": "percent", "border": "quota", "tiers": [{"key": "first", "name": "一等奖", "percent": "20"},
                                                       {"key": "second", "name": "二等奖", "percent": "30"}]}
MEDALS = {"by": "medals", "tiers": [{"key": key, "name": key} for key in ("gold", "silver", "bronze")]}
BEST = {"by": "best_of", "of": "delegation", "tiers": [{"key": "top", "name": "最佳", "kind": "title"}]}
PLACES = [{"from": 1, "to": 1, "points": "5"}, {"from": 2, "to": 3, "points": "3"}, {"from": 4, "points": "1"}]
PARTS = [{"of": "theory", "weight": "30"}, {"of": "basic", "weight": "70"}]
CHAIN = {"ties": [{"figure": "basic", "order": "desc"}, {"figure": "time", "order": "asc"}]}


def teams() -> list[dict[str, Any]]:
    """Every kind of team rule."""
    by_places = {"ties": [{"figure": "places", "order": "asc"}]}
    return [
        {"key": "sum", "name": "和", "of": "overall", "size": 2, "ranking": CHAIN},
        {"key": "mean", "name": "均", "parts": PARTS, "method": "mean", "best": 2, "by": "overall"},
        {"key": "ranks", "name": "名次", "of": "basic", "method": "places", "places": PLACES, "ranking": by_places},
        {"key": "prizes", "name": "奖", "of": "basic", "method": "prizes", "prizes": [{"tier": "gold", "points": "4"}], "otherwise": "1"},
        {"key": "strict", "name": "全", "of": "basic", "missing": "out", "awards": [BEST]},
    ]


RULES = book(
    theory(awards=[QUOTA]), practical(time={"limit_s": 600}, awards=[MEDALS, BEST]), teams=teams(),
    totals=[
        overall(ranking=CHAIN, awards=[QUOTA]),
        {"key": "best", "name": "最好", "method": "best", "full": "100", "parts": [{"of": "theory"}, {"of": "basic"}]},
        {"key": "scale", "name": "标准分", "method": "scale", "of": "overall", "low": "400", "awards": [MEDALS]},
    ],
)
Inputs = tuple[list[Entry], list[Mark], list[Figure]]


@st.composite
def contests(draw: st.DrawFn) -> Inputs:
    """A small contest in which ties are likely; some did not enter everything, some fell out."""
    outcome = st.sampled_from([{}, {}, {}, {"basic": "ABSENT"}, {"*": "ZERO"}, {"theory": "DISQUALIFIED"}, {"*": "WITHDRAWN"}])
    events = st.sampled_from([None, None, None, ("theory",), ("basic",)])
    team, delegation = st.sampled_from([None, "T", "S", "R"]), st.sampled_from([None, "X", "Y"])
    count = draw(st.integers(0, 7))
    entries = [Entry(f"e{number}", draw(team), draw(outcome), draw(events), draw(delegation)) for number in range(count)]
    marks, figures = [], []
    for entry in entries:
        if entry.events is None or "basic" in entry.events:
            marks += sheets(entry.id, draw(st.sampled_from(["60", "80", "80.5", "81"])))
            figures.append(clock(entry.id, draw(st.sampled_from([500, 510]))))
        if entry.events is None or "theory" in entry.events:
            figures.append(paper(entry.id, draw(st.sampled_from(["70", "80"]))))
    return entries, marks, figures


def tables(scores: Scores) -> list[tuple[str, tuple[Row, ...]]]:
    """All rankings."""
    return [*scores.events.items(), *scores.totals.items(), *scores.teams.items()]


@QUICK
@given(contests(), st.randoms(use_true_random=False))
def test_the_order_of_everything_does_not_matter(given_: Inputs, chance: Any) -> None:
    first = score(RULES, *given_)
    for items in given_:
        chance.shuffle(items)
    assert score(RULES, *given_) == first


@QUICK
@given(contests())
def test_ranks_follow_figures_and_shared_ranks_skip(given_: Inputs) -> None:
    for _key, rows in tables(score(RULES, *given_)):
        ranked = [row for row in rows if row.rank is not None]
        assert ranked == list(rows[: len(ranked)])
        standing = [row for row in ranked if row.status == OK]
        assert ranked[: len(standing)] == standing  # a zero comes behind everybody
        for place, (row, after) in enumerate(pairwise(standing), start=1):
            assert row.value is not None
            assert after.value is not None
            assert row.value >= after.value
            assert after.rank == row.rank or after.rank == place + 1
            if row.value > after.value:
                assert after.rank == place + 1


@QUICK
@given(contests())
def test_json_loses_nothing_and_no_explanation_changes_a_figure(given_: Inputs) -> None:
    scores = score(RULES, *given_)
    assert Scores.from_json(json.loads(json.dumps(scores.to_json()))) == scores
    silent = score(RULES, *given_, explained=False)
    for (key, rows), (also, plain) in zip(tables(scores), tables(silent), strict=True):
        assert key == also
        assert tuple(row._replace(derivation=None, standing=None) for row in rows) == plain


@QUICK
@given(contests())
def test_prizes_never_exceed_their_rule(given_: Inputs) -> None:
    scores = score(RULES, *given_)
    for key in ("theory", "overall"):
        rows = scores.rows(key)
        base = sum(row.status == OK or RULES.outcomes[row.status].took_part for row in rows)
        rule = (RULES.event(key) if key == "theory" else RULES.total(key)).awards[0]
        for tier, most in zip(rule.tiers, counts(rule, base), strict=True):
            assert sum(tier.key in row.awards for row in rows) <= most
    for key in ("basic", "scale"):
        rows = scores.rows(key)
        medals = [row.award for row in rows if row.award in ("gold", "silver", "bronze")]
        assert medals == sorted(medals, key=["gold", "silver", "bronze"].index)
    for rows in (scores.rows("basic"), scores.rows("theory"), *scores.totals.values()):
        assert all(not row.awards for row in rows if row.rank is None or row.status != OK)
        assert all(len([key for key in row.awards if key != "top"]) <= 1 for row in rows)


@QUICK
@given(contests())
def test_teams_stay_within_their_members(given_: Inputs) -> None:
    """A sum is never more than all members have, a mean never more than the best of them."""
    entries, *_rest = given_
    scores = score(RULES, *given_)
    members = {team: [entry.id for entry in entries if entry.team == team] for team in ("T", "S", "R")}
    values = {row.entry: row.value or 0 for row in scores.rows("overall")}
    for row in scores.rows("sum"):
        if row.value is not None:
            assert row.value == sum(values.get(entry, 0) for entry in members[row.entry])
    best = {row.entry: row.value or 0 for row in scores.rows("best")}
    for row in scores.rows("mean"):
        if row.value is not None:
            assert row.value <= max(best.get(entry, 0) for entry in members[row.entry])
    for row in scores.rows("ranks"):
        assert row.value is None or row.value <= 5 * len(members[row.entry])
    assert all(row.value is None or row.value >= 400 for row in scores.rows("scale"))


@QUICK
@given(st.lists(st.sampled_from(["60", "70", "80", None]), min_size=1, max_size=8), st.data())
def test_rows_that_are_kept_are_the_rows_that_would_be_made(values: list[str | None], data: st.DataObject) -> None:
    """One figure changes again and again; whoever keeps rows has the same as whoever makes them anew."""

    def draft(number: int, value: str | None) -> Draft:
        status = data.draw(st.sampled_from([OK, OK, "ZERO"])) if value is not None else "ABSENT"
        figures = {} if value is None else {"score": Fraction(value), "work": Fraction(value)}
        return Draft(f"e{number}", status, None if value is None else Decimal(value), figures)

    event, decisions = RULES.event("basic"), [Decision("event:basic", ("e1", "e0"), "加试")]
    keeping = Standing(RULES, decisions, Writer(explained=True), [], set())
    drafts = {f"e{number}": draft(number, value) for number, value in enumerate(values)}
    keeping.rows("event", event, drafts, drafts)
    for _ in range(3):
        changed = data.draw(st.sets(st.integers(0, len(drafts) - 1)))
        for number in changed:
            drafts[f"e{number}"] = draft(number, data.draw(st.sampled_from(["60", "70", "80", None])))
        after = keeping.rows("event", event, drafts, {f"e{number}" for number in changed})
        assert after == Standing(RULES, decisions, Writer(explained=True), [], set()).rows("event", event, drafts, drafts)


def test_rows_whose_placing_and_awards_are_the_same_are_kept() -> None:
    values = {"A": 90, "B": 80, "C": 80, "D": 70}
    drafts = {entry: Draft(entry, OK, Decimal(value), {"work": Fraction(value)}) for entry, value in values.items()}
    keeping = Standing(RULES, [], Writer(explained=True), [], set())
    first = keeping.rows("event", RULES.event("basic"), drafts, drafts)
    drafts["D"] = Draft("D", OK, Decimal(60), {"work": Fraction(60)})
    second = keeping.rows("event", RULES.event("basic"), drafts, {"D"})
    assert [row is kept for row, kept in zip(second, first, strict=True)] == [True, True, True, False]
