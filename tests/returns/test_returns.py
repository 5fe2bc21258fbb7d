"""Returns on their way up: whose turn it is, what is refused, and that only what counts is in the figures."""

import uuid

import pytest
from sqlalchemy import delete, select, update

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.files import store
from competition.counting import queries, service
from competition.counting.rules_periods import month_number
from competition.counting.rules_scopes import union_scope
from competition.counting.service_facts import Told
from competition.organisations.models import UnionClosure
from competition.organisations.queries import union_of_region
from competition.returns import queries as reads
from competition.returns import rules as rules_returns
from competition.returns import service as returns
from competition.returns.models import Return, ReturnStep
from competition.returns.models_sums import MeasureSum, SummedAmount, SummedReturn
from competition.returns.service_sums import refresh_sums
from tests.builders import make_contest
from tests.cast import AT, Cast

MONTH = month_number(AT.date())


def people(*numbers: int) -> list[Told]:
    return [Told(f"key-{n}", AT.date(), region_code="630224") for n in numbers]


def roster(cast: Cast, contest_id: uuid.UUID, *numbers: int) -> Return:
    """A submitted roster of the county."""
    made = returns.begin_return(cast.county.id, contest_id, MONTH, "roster", actor=SYSTEM, at=AT)
    returns.put_roster(made.id, people(*numbers), actor=SYSTEM, at=AT)
    returns.submit_return(made.id, actor=SYSTEM, at=AT)
    return made


def approve(cast: Cast, found: Return) -> None:
    """Every union above approves."""
    for union in (cast.prefecture, cast.province):
        returns.approve_return(found.id, union.id, actor=SYSTEM, at=AT)


def evidence() -> uuid.UUID:
    """What a bulk figure is founded on."""
    with atomic():
        made = store(b"%PDF-1.7", name="a.pdf", media_type="application/pdf", sensitivity="internal", actor=SYSTEM, at=AT)
        audit.record("test", actor=SYSTEM, subject=("file", "a"), at=AT)
    return made.id


def persons() -> int:
    """The year's persons after a roll-up, which proves them."""
    assert service.roll_up(at=AT).state == "done"
    cell = queries.cell(queries.WHOLE, str(AT.year))
    return cell.persons if cell else 0


def test_a_roster_counts_when_every_union_above_has_approved(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="finished").id
    found = roster(any_cast, contest, 1, 2, 3)
    assert (found.state, found.waiting_at, persons()) == ("submitted", any_cast.prefecture.id, 0)
    with pytest.raises(RuleBroken, match="不由您审核"):
        returns.approve_return(found.id, any_cast.province.id, actor=SYSTEM, at=AT)
    returns.approve_return(found.id, any_cast.prefecture.id, actor=SYSTEM, at=AT)
    assert (get(Return, found.id).waiting_at, persons()) == (any_cast.province.id, 0)
    returns.approve_return(found.id, any_cast.province.id, actor=SYSTEM, at=AT)
    assert (get(Return, found.id).state, persons()) == ("counted", 3)
    with pytest.raises(RuleBroken, match="不能修改"):
        returns.put_roster(found.id, people(4), actor=SYSTEM, at=AT)
    steps = [step.verdict for step in db.session.scalars(select(ReturnStep).where(ReturnStep.return_id == found.id))]
    assert sorted(steps) == ["approve", "approve", "begin", "count", "roster", "submit"]
    assert len(audit.history("return", found.id)) == len(steps)


def test_a_correction_counts_in_place_of_the_old_version(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="finished").id
    old = roster(any_cast, contest, 1, 2, 3)
    approve(any_cast, old)
    assert persons() == 3
    with pytest.raises(RuleBroken, match="请更正"):
        returns.begin_return(any_cast.county.id, contest, MONTH, "roster", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="理由"):
        returns.correct_return(old.id, " ", actor=SYSTEM, at=AT)
    returns.close_month(MONTH, actor=SYSTEM, at=AT)
    new = returns.correct_return(old.id, "漏报一人，误报两人", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="正在办理"):
        returns.correct_return(old.id, "再更正", actor=SYSTEM, at=AT)
    returns.put_roster(new.id, people(3, 4), actor=SYSTEM, at=AT)
    returns.submit_return(new.id, actor=SYSTEM, at=AT)
    assert persons() == 3
    approve(any_cast, new)
    assert persons() == 2
    assert (get(Return, old.id).state, get(Return, new.id).version) == ("superseded", 2)
    with pytest.raises(RuleBroken, match="已经截止"):
        returns.begin_return(any_cast.prefecture.id, contest, MONTH, "roster", actor=SYSTEM, at=AT)


def test_nothing_is_reported_for_or_closed_of_a_month_that_has_not_come(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="finished").id
    this = month_number(AT.date())
    with pytest.raises(RuleBroken, match="还没有到"):
        returns.begin_return(any_cast.county.id, contest, this + 1, "bulk", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="还没有到"):
        returns.close_month(this + 1, actor=SYSTEM, at=AT)
    assert returns.begin_return(any_cast.county.id, contest, this, "bulk", actor=SYSTEM, at=AT).state == "draft"


def test_what_is_given_back_or_taken_back_is_changed_and_submitted_anew(cast: Cast) -> None:
    found = roster(cast, make_contest(cast, phase="finished").id, 1)
    with pytest.raises(RuleBroken, match="理由"):
        returns.give_back_return(found.id, cast.prefecture.id, "", actor=SYSTEM, at=AT)
    returns.give_back_return(found.id, cast.prefecture.id, "名册缺章", actor=SYSTEM, at=AT)
    returns.put_roster(found.id, people(1, 1, 2), actor=SYSTEM, at=AT)
    returns.submit_return(found.id, actor=SYSTEM, at=AT)
    returns.take_back_return(found.id, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="可以撤回"):
        returns.take_back_return(found.id, actor=SYSTEM, at=AT)
    returns.put_roster(found.id, [], actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="还没有人"):
        returns.submit_return(found.id, actor=SYSTEM, at=AT)


def test_people_of_two_returns_and_of_the_door_count_once(cast: Cast) -> None:
    contest = make_contest(cast, phase="finished").id
    approve(cast, roster(cast, contest, 1, 2))
    other = returns.begin_return(cast.prefecture.id, contest, MONTH, "roster", actor=SYSTEM, at=AT)
    returns.put_roster(other.id, people(2, 3), actor=SYSTEM, at=AT)
    returns.submit_return(other.id, actor=SYSTEM, at=AT)
    returns.approve_return(other.id, cast.province.id, actor=SYSTEM, at=AT)
    assert persons() == 3


def test_bulk_figures_stand_beside_persons_and_are_never_among_them(cast: Cast) -> None:
    contest = make_contest(cast, phase="finished").id
    approve(cast, roster(cast, contest, 1, 2))
    bulk = returns.begin_return(cast.prefecture.id, contest, MONTH, "bulk", actor=SYSTEM, at=AT)
    for heads, overlap, has_evidence in ((0, 0, True), (100, 101, True), (100, None, True), (100, 30, False)):
        with pytest.raises(RuleBroken):
            rules_returns.check_bulk(heads, overlap, has_evidence)
    with pytest.raises(RuleBroken, match="采纳"):
        returns.put_measures(bulk.id, {"suggestions": 1, "suggestions_adopted": 2}, actor=SYSTEM, at=AT)
    returns.put_measures(bulk.id, {"suggestions": 5, "suggestions_adopted": 2}, actor=SYSTEM, at=AT)
    returns.put_bulk(bulk.id, 100, 30, evidence(), actor=SYSTEM, at=AT)
    returns.submit_return(bulk.id, actor=SYSTEM, at=AT)
    assert reads.reported(queries.WHOLE, MONTH, MONTH) == reads.Reported(0, 0, {})
    returns.approve_return(bulk.id, cast.province.id, actor=SYSTEM, at=AT)
    assert persons() == 2
    assert reads.reported(queries.WHOLE, MONTH, MONTH) == reads.Reported(100, 30, {"suggestions": 5, "suggestions_adopted": 2})
    assert reads.reported(cast.prefecture.region_code or "", MONTH, MONTH).more == 70
    assert reads.reported("630100", MONTH, MONTH).heads == reads.reported(queries.WHOLE, MONTH + 1, MONTH + 9).heads == 0


def test_the_order_of_the_unions_above() -> None:
    assert [rules_returns.after("abc", node) for node in (None, "a", "b", "c")] == ["a", "b", "c", None]
    assert rules_returns.after("", None) is None


def test_sums_of_returns_follow_with_the_roll_up(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="finished").id
    made = returns.begin_return(any_cast.county.id, contest, MONTH, "roster", actor=SYSTEM, at=AT)
    returns.put_roster(made.id, people(1, 2), actor=SYSTEM, at=AT)
    returns.put_measures(made.id, {"patents": 3, "benefit": 0}, actor=SYSTEM, at=AT)
    returns.submit_return(made.id, actor=SYSTEM, at=AT)
    approve(any_cast, made)
    union = f"u:{any_cast.county.id.hex}"
    assert reads.reported(queries.WHOLE, MONTH, MONTH).measures == {}
    assert persons() == 2
    for scope in (queries.WHOLE, "630200", "630224", union):
        assert reads.reported(scope, MONTH, MONTH).measures == {"patents": 3}, scope
    assert reads.reported(queries.WHOLE, MONTH + 1, MONTH + 5).measures == {}
    again = returns.correct_return(made.id, "数错了", actor=SYSTEM, at=AT)
    returns.put_roster(again.id, people(1, 2), actor=SYSTEM, at=AT)
    returns.put_measures(again.id, {"patents": 1}, actor=SYSTEM, at=AT)
    returns.submit_return(again.id, actor=SYSTEM, at=AT)
    approve(any_cast, again)
    assert persons() == 2
    assert reads.reported(union, MONTH, MONTH).measures == {"patents": 1}


def test_a_bulk_figure_gives_way_to_a_roster_and_that_to_nobody(any_cast: Cast) -> None:
    """Names come later than the number; an activity that never was is taken out again. Nobody is in the figures twice on the way."""
    contest = make_contest(any_cast, phase="finished").id
    first = returns.begin_return(any_cast.county.id, contest, MONTH, "bulk", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="按名册还是按总数"):
        returns.begin_return(any_cast.county.id, contest, MONTH - 1, "void", actor=SYSTEM, at=AT)
    returns.put_bulk(first.id, 40, 0, evidence(), actor=SYSTEM, at=AT)
    returns.put_measures(first.id, {"suggestions": 3}, actor=SYSTEM, at=AT)
    returns.submit_return(first.id, actor=SYSTEM, at=AT)
    approve(any_cast, first)
    assert (persons(), reads.reported("all", MONTH, MONTH).more) == (0, 40)
    named = returns.correct_return(first.id, "名册到了", "roster", actor=SYSTEM, at=AT)
    assert (named.kind, named.heads, named.evidence_id, named.measures) == ("roster", None, None, {"suggestions": 3})
    with pytest.raises(RuleBroken, match="还没有人"):
        returns.submit_return(named.id, actor=SYSTEM, at=AT)
    returns.put_roster(named.id, people(1, 2, 3), actor=SYSTEM, at=AT)
    returns.submit_return(named.id, actor=SYSTEM, at=AT)
    approve(any_cast, named)
    assert (persons(), reads.reported("all", MONTH, MONTH).more) == (3, 0)
    void = returns.correct_return(named.id, "报错了活动", "void", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="没有可填的数字"):
        returns.put_measures(void.id, {"suggestions": 9}, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="另一种方式"):
        returns.put_roster(void.id, people(1), actor=SYSTEM, at=AT)
    returns.submit_return(void.id, actor=SYSTEM, at=AT)
    assert persons() == 3
    approve(any_cast, void)
    assert (persons(), reads.reported("all", MONTH, MONTH).measures) == (0, {})
    with pytest.raises(RuleBroken, match="怎样更正"):
        returns.correct_return(void.id, "再作废", "void", actor=SYSTEM, at=AT)
    again = returns.correct_return(void.id, "没有报错", "roster", actor=SYSTEM, at=AT)
    returns.put_roster(again.id, people(2), actor=SYSTEM, at=AT)
    returns.submit_return(again.id, actor=SYSTEM, at=AT)
    approve(any_cast, again)
    assert persons() == 1


def test_a_correction_stands_where_its_people_stood(any_cast: Cast) -> None:
    """The county went to another prefecture after it had reported: what it corrects was still in the old one."""
    contest, where = make_contest(any_cast, phase="finished").id, union_scope(any_cast.prefecture.id.hex)
    old = roster(any_cast, contest, 1, 2)
    told = [Told(one.key, one.present_on, any_cast.county.id, "630224") for one in people(1, 2, 3)]
    returns.take_back_return(old.id, actor=SYSTEM, at=AT)
    returns.put_roster(old.id, told[:2], actor=SYSTEM, at=AT)
    returns.submit_return(old.id, actor=SYSTEM, at=AT)
    approve(any_cast, old)
    before, counted = get(Return, old.id).place_id, persons()
    other = union_of_region("632200")
    assert other is not None
    with atomic() as session:
        session.execute(update(UnionClosure).where(
            UnionClosure.descendant_id == any_cast.county.id, UnionClosure.ancestor_id == any_cast.prefecture.id).values(
                ancestor_id=other.id))
        audit.record("test", actor=SYSTEM, subject=("union", any_cast.county.id), at=AT)
    new = returns.correct_return(old.id, "漏报一人", actor=SYSTEM, at=AT)
    returns.put_roster(new.id, told, actor=SYSTEM, at=AT)
    returns.submit_return(new.id, actor=SYSTEM, at=AT)
    for union in (other, any_cast.province):
        returns.approve_return(new.id, union.id, actor=SYSTEM, at=AT)
    assert (counted, persons(), get(Return, new.id).place_id) == (2, 3, before)
    cell = queries.cell(where, str(AT.year))
    assert cell is not None
    assert cell.persons == 3


def test_a_month_to_come_has_no_participants(cast: Cast) -> None:
    contest = make_contest(cast, phase="finished").id
    with pytest.raises(RuleBroken, match="还没有到"):
        returns.begin_return(cast.county.id, contest, MONTH + 1, "bulk", actor=SYSTEM, at=AT)
    last = AT.replace(day=30, hour=18)
    assert returns.begin_return(cast.county.id, contest, MONTH + 1, "bulk", actor=SYSTEM, at=last).month == MONTH + 1, "July in Xining"


def test_sums_that_follow_are_those_of_a_count_of_everything(any_cast: Cast) -> None:
    """Counted, corrected, corrected again: taken over one by one, then held against everything."""
    contests = [make_contest(any_cast, phase="finished").id for _n in range(3)]
    made = [roster(any_cast, contest, n) for n, contest in enumerate(contests)]
    service.roll_up(at=AT)
    for n, found in enumerate(made):
        for measures in ({"patents": n}, {"patents": 1, "benefit": 7}, {}):
            approve(any_cast, found)
            service.roll_up(at=AT, whole=False)
            follows = held()
            refresh_sums(whole=True)
            assert held() == follows
            found = returns.correct_return(found.id, "改", actor=SYSTEM, at=AT)
            returns.put_roster(found.id, people(n), actor=SYSTEM, at=AT)
            returns.put_measures(found.id, measures, actor=SYSTEM, at=AT)
            returns.submit_return(found.id, actor=SYSTEM, at=AT)
    assert held()[0]
    with db.engine.execution_options(immediate=True, unguarded=True).begin() as connection:
        connection.execute(update(MeasureSum).values(heads=99))
        connection.execute(delete(SummedAmount))
    db.session.rollback()
    refresh_sums(whole=True)
    assert held() == follows


def held() -> tuple[set[tuple[object, ...]], ...]:
    """What the sums say, and of which returns."""
    sums = {(row.scope_code, row.month, row.heads, row.overlap, *sorted(row.measures.items())) for row in db.session.query(MeasureSum)}
    amounts = {(row.name, row.month, row.return_id, row.place_id, row.amount) for row in db.session.query(SummedAmount)}
    return sums, amounts, {(row.return_id,) for row in db.session.query(SummedReturn)}
