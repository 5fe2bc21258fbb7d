"""Figures from the database, what is given by hand, what is locked: on both databases, with the refusals."""

from copy import deepcopy
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import select

from competition.activities import service as activities
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db, get
from competition.core.errors import NotFound, RuleBroken
from competition.counting import service as counting
from competition.counting.service_facts import Told
from competition.evaluation import queries, rules, service
from competition.evaluation.models import LockedEvaluation
from competition.evaluation.queries_figures import figures_of_contests, figures_of_unions
from competition.organisations import service as organisations
from competition.organisations.models import Union
from competition.participation import service_targets
from competition.returns import service as returns
from tests.activities.made import approved
from tests.cast import AT, Cast

YEAR, ON = 2026, date(2026, 12, 31)


def counted(cast: Cast) -> None:
    """An activity of the county with 4 people, 1 of them of a non-public firm and a courier, and what it brought; all of it approved."""
    made = approved(cast)
    found = returns.begin_return(cast.county.id, made.contest_id, YEAR * 12 + 4, "roster", actor=SYSTEM, at=AT)
    people = [Told(f"k{n}", AT.date(), cast.county.id, "630224", ownership="non_public" if n == 1 else "public",
                   worker_group="courier" if n == 1 else "none") for n in range(4)]
    returns.put_roster(found.id, people, actor=SYSTEM, at=AT)
    returns.put_measures(found.id, {"units": 6, "suggestions": 10, "suggestions_adopted": 4, "promotions": 1, "benefit": 92_995},
                         actor=SYSTEM, at=AT)
    returns.submit_return(found.id, actor=SYSTEM, at=AT)
    for union in (cast.prefecture, cast.province):
        returns.approve_return(found.id, union.id, actor=SYSTEM, at=AT)
    activities.submit_report(made.id, made.stages[0].id, "做了不少", {}, actor=SYSTEM, at=AT)
    service_targets.set_target(YEAR, 8, None, actor=SYSTEM, at=AT, scope="630200")
    counting.roll_up(at=AT)


def test_figures_of_a_union_are_those_of_all_below_it(any_cast: Cast) -> None:
    cast = any_cast
    counted(cast)
    unions = [db.session.get_one(Union, key) for key in (cast.prefecture.id, cast.county.id, cast.other_county.id)]
    found = figures_of_unions(unions, YEAR, ON)
    wanted = {"persons": 4, "person_times": 4, "non_public_times": 1, "group_times": 1, "target": 8, "contests": 1, "flagships": 0,
              "units": 6,
              "suggestions": 10, "suggestions_adopted": 4, "promotions": 1, "benefit": Fraction("929.95"),
              "reports_due": 3, "reports_sent": 1, "expected": 300}
    assert {name: found[cast.prefecture.id].get(name) for name in wanted} == {name: Fraction(value) for name, value in wanted.items()}
    assert found[cast.county.id].get("target") is None
    nothing = found[cast.other_county.id]
    assert (nothing["persons"], nothing.get("suggestions"), nothing.get("reports_due")) == (0, None, None)
    contest = queries.contests_in(YEAR)
    assert len(contest) == 1
    one = figures_of_contests(contest, YEAR, ON)[contest[0].id]
    assert {name: one.get(name) for name in ("persons", "non_public_times", "units", "target", "expected")} == {
        "persons": 4, "non_public_times": 1, "units": 6, "target": None, "expected": 300}


def test_scores_name_what_is_missing_until_it_is_given(any_cast: Cast) -> None:
    cast = any_cast
    counted(cast)
    small = deepcopy(rules.EXAMPLE)
    small["indicators"] = [
        {**small["indicators"][1], "weight": "80"}, {**small["indicators"][6], "weight": "20"}]
    service.set_indicators(YEAR, small, "只看两项", actor=SYSTEM, at=AT)
    rows = queries.ranking(rules.UNION, YEAR, "prefecture", ON)
    own = next(row for row in rows if row.subject.id == cast.prefecture.id)
    assert (own.shown, own.score.so_far, own.score.lines[1].missing) == (None, 40, ("manual",))
    for value in ("101", "很好"):
        with pytest.raises(RuleBroken, match="0 至 100"):
            service.give("union", cast.prefecture.id, YEAR, "i7", value, "问卷", None, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="依据"):
        service.give("union", cast.prefecture.id, YEAR, "i7", "80", " ", None, actor=SYSTEM, at=AT)
    for key in ("i2", "i1", "veto:迟到"):
        with pytest.raises(RuleBroken, match="不在评估指标"):
            service.give("union", cast.prefecture.id, YEAR, key, "80", "问卷", None, actor=SYSTEM, at=AT)
    service.give("union", cast.prefecture.id, YEAR, "i7", "80", "问卷 100 份", None, actor=SYSTEM, at=AT)
    service.give("union", cast.prefecture.id, YEAR, "i7", "85.5", "问卷 120 份", None, actor=SYSTEM, at=AT.replace(hour=3))
    best = queries.ranking(rules.UNION, YEAR, "prefecture", ON)[0]
    # 4 of 8 persons: 80 × 1/2 = 40; 85.5 by hand: 17.1.
    assert (best.subject.id, best.rank, str(best.shown)) == (cast.prefecture.id, 1, "57.10")
    service.give("union", cast.prefecture.id, YEAR, "veto:弄虚作假", "yes", "核实", None, actor=SYSTEM, at=AT)
    assert str(queries.one_of("union", cast.prefecture.id, YEAR, ON).shown) == "0.00"
    service.give("union", cast.prefecture.id, YEAR, "veto:弄虚作假", "no", "查无实据", None, actor=SYSTEM, at=AT.replace(hour=4))
    assert str(queries.one_of("union", cast.prefecture.id, YEAR, ON).shown) == "57.10"
    assert len(queries.history_of(cast.prefecture.id, YEAR)) == 4
    with pytest.raises(NotFound):
        queries.one_of("contest", cast.prefecture.id, YEAR, ON)


def test_a_locked_evaluation_stays_what_it_was(any_cast: Cast) -> None:
    cast = any_cast
    rows = queries.ranking(rules.UNION, YEAR, "prefecture", ON)
    with pytest.raises(RuleBroken, match="示例"):
        service.lock(rules.UNION, YEAR, rows, "年终", actor=SYSTEM, at=AT)
    service.set_indicators(YEAR, rules.EXAMPLE, "采用", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="理由"):
        service.lock(rules.UNION, YEAR, rows, " ", actor=SYSTEM, at=AT)
    first = service.lock(rules.UNION, YEAR, rows, "年终", actor=SYSTEM, at=AT)
    kept, digest = deepcopy(first.rows), first.digest
    service.give("union", cast.prefecture.id, YEAR, "i1", "90", "签收记录", None, actor=SYSTEM, at=AT)
    service.set_indicators(YEAR, {**rules.EXAMPLE, "missing": "zero"}, "改办法", actor=SYSTEM, at=AT)
    second = service.lock(rules.UNION, YEAR, queries.ranking(rules.UNION, YEAR, "prefecture", ON), "更正", actor=SYSTEM, at=AT)
    db.session.expire_all()
    found = db.session.scalars(select(LockedEvaluation).order_by(LockedEvaluation.number)).all()
    assert [(one.number, one.indicators.number) for one in found] == [(1, 1), (2, 2)]
    assert (found[0].rows, found[0].digest) == (kept, digest)
    assert second.digest != digest
    assert {row.act for row in audit.history("year", str(YEAR))} >= {"evaluation.set", "evaluation.lock"}
    other = deepcopy(rules.EXAMPLE)
    other["indicators"][0]["weight"], other["indicators"][1]["weight"] = "14", "13"
    service.set_indicators(YEAR, other, "改权重", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="刚刚改过"):
        service.lock(rules.UNION, YEAR, rows, "按旧指标", actor=SYSTEM, at=AT)


def test_evidence_is_a_picture_or_a_pdf(any_cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="只接受"):
        service.evidence(b"<html>", name="a.html")
    assert any_cast.county.id not in queries.given_of([any_cast.county.id], YEAR)


def test_a_unions_own_target_and_members_that_are_nobodys_twice(any_cast: Cast) -> None:
    cast = any_cast
    with atomic():
        industry = organisations.add_union(
            cast.province.id, name_zh="测试产业工会", level="prefecture", branch="industry", actor=SYSTEM, at=AT, on=ON)
        for key, count in ((cast.prefecture.id, 500), (cast.county.id, 300), (cast.other_county.id, 100)):
            get(Union, key).member_count = count
        get(Union, cast.province.id).member_count = 20
        audit.record("test", actor=SYSTEM, subject=("union", "many"), at=AT)
    service_targets.set_target(YEAR, 70, None, actor=SYSTEM, at=AT, scope=f"u:{industry.id.hex}")
    service_targets.set_target(YEAR, 8, None, actor=SYSTEM, at=AT, scope="630200")
    unions = [db.session.get_one(Union, key) for key in (industry.id, cast.prefecture.id, cast.county.id, cast.province.id)]
    found = figures_of_unions(unions, YEAR, ON)
    assert [found[union.id].get("target") for union in unions] == [70, 8, None, None]
    # The prefecture states those below it; the province's office states its own alone.
    assert [found[union.id].get("members") for union in unions] == [None, 500, 300, 500]
