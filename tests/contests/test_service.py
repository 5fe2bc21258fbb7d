"""The verbs of contests on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from competition.accounts.models import Grant
from competition.contests import hooks, queries, service
from competition.contests.models import Contest, ContestChange, Event, Round, Stage
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db
from competition.core.errors import Forbidden, RuleBroken, Stale
from competition.notices.models import Message
from competition.registration.models import Entrant, Entry
from tests.builders import LAMIAN_EVENTS, announce, make_contest, only_events
from tests.cast import Cast
from tests.courses import called_off


def audit_acts(contest: Contest) -> list[str]:
    rows = db.session.scalars(select(audit.AuditRow).where(audit.AuditRow.chain == str(contest.id)).order_by(audit.AuditRow.seq))
    return [row.act for row in rows]


# ---- series and contests ------------------------------------------------------------------------


def test_a_series_holds_contests_and_its_code_is_taken_once(any_cast: Cast) -> None:
    actor = any_cast.actor("organizer")
    series = service.create_series(code=" qh2026 ", name_zh="测试大赛", host_union_id=any_cast.province.id, actor=actor, at=any_cast.at)
    assert series.code == "QH2026"
    contest = make_contest(any_cast, phase="draft", series_id=series.id)
    assert [c.id for c in queries.list_series(actor, "contests.look")[0].contests] == [contest.id]
    with pytest.raises(RuleBroken, match="已有别的大赛使用") as refused:
        service.create_series(code="QH2026", name_zh="又一个", host_union_id=any_cast.province.id, actor=actor, at=any_cast.at)
    assert refused.value.details["field"] == "code"


@pytest.mark.parametrize("code", ["", "a", "1LM", "拉面2026", "LM-2026", "L" * 13])
def test_a_code_that_cannot_stand_in_a_certificate_number(cast: Cast, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        service.create_contest(code=code, name_zh="测试竞赛", host_union_id=cast.province.id, starts_on=date(2026, 7, 1),
                               ends_on=date(2026, 7, 2), actor=cast.actor("organizer"), at=cast.at)
    assert (refused.value.code, refused.value.status) == ("bad_code", 422)


def test_a_contest_with_contradicting_dates_is_not_made(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="结束日期早于开始日期"):
        service.create_contest(code="LM1", name_zh="测试竞赛", host_union_id=cast.province.id, starts_on=date(2026, 7, 3),
                               ends_on=date(2026, 7, 1), actor=cast.actor("organizer"), at=cast.at)
    assert db.session.scalars(select(Contest)).all() == []


def test_a_stale_save_is_refused_with_what_changed_and_by_whom(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft")
    first, second = any_cast.actor("organizer", name="测试甲"), any_cast.actor("organizer", name="测试乙")
    version = queries.get_contest(contest.id).version
    service.change_contest(contest.id, version=version, venue="新体育馆", quota=80, actor=first, at=any_cast.at)
    with pytest.raises(Stale) as refused:
        service.change_contest(contest.id, version=version, venue="旧体育馆", actor=second, at=any_cast.at)
    assert refused.value.status == 409
    assert refused.value.details["version"] == version + 1
    [change] = refused.value.details["changes"]
    assert change["by"] == "测试甲"
    assert change["changed"] == {"venue": ["化隆县体育馆（测试）", "新体育馆"], "quota": [None, 80]}
    assert queries.get_contest(contest.id).venue == "新体育馆"


def test_saving_the_same_again_changes_nothing(cast: Cast) -> None:
    contest = make_contest(cast, phase="draft")
    before, acts = queries.get_contest(contest.id).version, audit_acts(contest)
    service.change_contest(contest.id, version=before, venue="化隆县体育馆（测试）", actor=cast.actor("organizer"), at=cast.at)
    assert (queries.get_contest(contest.id).version, audit_acts(contest)) == (before, acts)


def test_bodies_keep_their_order(cast: Cast) -> None:
    contest = make_contest(cast, phase="draft")
    bodies = [("guide", "测试指导单位"), ("organiser", "测试主办一"), ("organiser", "测试主办二"), ("host", "测试承办")]
    version = queries.get_contest(contest.id).version
    service.set_bodies(contest.id, bodies, version=version, actor=cast.actor("organizer"), at=cast.at)
    assert [(b.org_role, b.name) for b in queries.get_contest(contest.id).bodies] == bodies


# ---- events -------------------------------------------------------------------------------------


def test_an_event_has_one_stage_and_one_round(cast: Cast) -> None:
    contest = make_contest(cast, phase="draft", events=("theory", "basic"))
    rounds = queries.rounds_of(contest.id)
    assert [(r.event.key, r.stage.key, r.batch_size, r.stations) for r in rounds] == [("theory", "final", 4, 4), ("basic", "final", 4, 4)]
    assert rounds[1].event.time_limit_s == 2400


def test_events_are_changed_and_moved(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft", events=("theory", "basic", "broth"))
    last = queries.get_contest(contest.id).events[2]
    service.change_event(last.id, name_zh="调汤", quota=12, stations=6, position=1, actor=any_cast.actor("organizer"), at=any_cast.at)
    assert [(e.key, e.position) for e in queries.get_contest(contest.id).events] == [("broth", 1), ("theory", 2), ("basic", 3)]
    [found] = [r for r in queries.rounds_of(contest.id) if r.event_id == last.id]
    assert (found.name, found.stations) == ("调汤", 6)


def test_the_same_event_twice_and_impossible_figures_are_refused(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft", events=("theory",))
    actor = any_cast.actor("organizer")
    with pytest.raises(RuleBroken, match="已有标识为“theory”的项目"):
        service.add_event(contest.id, key="theory", kind="theory", name_zh="理论", actor=actor, at=any_cast.at)
    with pytest.raises(RuleBroken, match="正整数"):
        service.add_event(contest.id, key="basic", kind="practical", name_zh="基本功", quota=0, actor=actor, at=any_cast.at)
    with pytest.raises(RuleBroken, match="结束时间应晚于开始时间"):
        service.add_event(contest.id, key="basic", kind="practical", name_zh="基本功", starts_at=any_cast.at, ends_at=any_cast.at,
                          actor=actor, at=any_cast.at)
    assert [e.key for e in queries.get_contest(contest.id).events] == ["theory"]


def test_an_event_without_entries_goes_with_its_round(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft", events=("theory", "basic"))
    service.remove_event(queries.get_contest(contest.id).events[1].id, actor=any_cast.actor("organizer"), at=any_cast.at)
    left = [len(db.session.scalars(select(model)).all()) for model in (Event, Stage, Round)]
    assert left == [1, 1, 1]


def enter(cast: Cast, event: Event) -> None:
    """A row of an entry for the event: only that it is there matters here."""
    account = cast.account("contestant")
    with atomic() as session:
        entry = Entry(contest_id=event.contest_id, account_id=account.id, state="submitted", created_at=cast.at)
        session.add(entry)
        session.flush()
        session.add(Entrant(event_id=event.id, contest_id=event.contest_id, entry_id=entry.id))
        audit.record("test.enter", actor=SYSTEM, subject=("entry", entry.id), at=cast.at)


def test_an_event_with_entries_stays(any_cast: Cast) -> None:
    contest = make_contest(any_cast, events=("theory", "basic"))
    event = queries.get_contest(contest.id).events[1]
    enter(any_cast, event)
    with pytest.raises(RuleBroken, match="已有 1 份报名") as refused:
        service.remove_event(event.id, actor=any_cast.actor("organizer"), at=any_cast.at)
    assert refused.value.code == "event_in_use"
    with pytest.raises(RuleBroken, match="已有 1 份报名"):
        service.change_event(event.id, entrant_kind="team", actor=any_cast.actor("organizer"), at=any_cast.at)
    assert len(queries.get_contest(contest.id).events) == 2


def test_the_database_keeps_a_used_event_even_when_nobody_asks(any_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    contest = make_contest(any_cast, events=("theory", "basic"))
    event = queries.get_contest(contest.id).events[1]
    enter(any_cast, event)
    monkeypatch.setattr(hooks, "event_uses", [])
    with pytest.raises(RuleBroken, match="已有报名、抽签或评分记录"):
        service.remove_event(event.id, actor=any_cast.actor("organizer"), at=any_cast.at)
    assert len(queries.get_contest(contest.id).events) == 2


# ---- the course ---------------------------------------------------------------------------------


def test_the_ordinary_course(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft")
    actor = any_cast.actor("organizer")
    for verb, phase in ((announce, "announced"), (service.start, "running"), (service.finish, "finished")):
        verb(contest.id, actor=actor, at=any_cast.at)
        assert queries.get_contest(contest.id).phase == phase
    assert audit_acts(contest)[-3:] == ["contests.announce", "contests.start", "contests.finish"]
    with pytest.raises(RuleBroken, match="赛事现在的状态是“已结束”，不能办理“取消赛事”"):
        service.cancel(contest.id, confirm_name=contest.name_zh, reason="不办了", actor=actor, at=any_cast.at)
    with pytest.raises(RuleBroken, match="赛事已结束或已取消"):
        service.change_contest(contest.id, version=queries.get_contest(contest.id).version, venue="别处", actor=actor, at=any_cast.at)


def test_a_contest_is_not_announced_before_it_is_one(any_cast: Cast) -> None:
    actor, at = any_cast.actor("organizer"), any_cast.at
    contest = make_contest(any_cast, phase="draft", events=("basic",), registration_opens_at=None, registration_closes_at=None)
    service.remove_event(queries.get_contest(contest.id).events[0].id, actor=actor, at=at)
    whole = service.ready_rulebooks()["lamian"]
    service.set_rulebook(contest.id, whole, reason="试用", actor=actor, at=at)
    assert [lack.endpoint for lack in service.missing_of(contest)] == [
        "contests.edit", "contests.events", "contests.rulebook", "contests.notices"]
    with pytest.raises(RuleBroken, match=r"还没有项目，选手无法选择参赛项目。.*理论知识、手工拉面基本功") as refused:
        announce(contest.id, actor=actor, at=at)
    assert refused.value.code == "must_have"
    service.add_event(contest.id, key="theory", kind="theory", name_zh="理论知识", actor=actor, at=at)
    with pytest.raises(RuleBroken, match="“实操综合成绩”、“总成绩”算不出来"):
        announce(contest.id, actor=actor, at=at)
    service.set_rulebook(contest.id, only_events(whole, ("theory",)), reason="只考理论", actor=actor, at=at)
    with pytest.raises(RuleBroken, match=r"还没有写报名时间.*还没有发布竞赛通知") as refused:
        service.announce(contest.id, actor=actor, at=at)
    assert refused.value.code == "still_lacking"
    with pytest.raises(RuleBroken, match="还没有发布竞赛通知"):
        service.announce(contest.id, despite=["contests.edit"], actor=actor, at=at)
    assert queries.get_contest(contest.id).phase == "draft"
    service.announce(contest.id, despite=["contests.edit", "contests.notices"], actor=actor, at=at)
    assert queries.get_contest(contest.id).phase == "announced"


def test_a_ready_rulebook_brings_its_events_or_nothing_at_all(any_cast: Cast) -> None:
    actor, at = any_cast.actor("organizer"), any_cast.at
    contest = make_contest(any_cast, phase="draft", events=("theory",))
    whole = service.ready_rulebooks()["lamian"]
    with pytest.raises(RuleBroken, match="请写明这次修改规则的理由"):
        service.adopt_rulebook(contest.id, whole, add=LAMIAN_EVENTS[1:], reason="", actor=actor, at=at)
    assert queries.event_names(contest.id) == {"theory": "理论知识"}
    service.adopt_rulebook(contest.id, whole, add=LAMIAN_EVENTS[1:], reason="增设实操", actor=actor, at=at)
    assert list(queries.event_names(contest.id)) == list(LAMIAN_EVENTS)
    assert [e.time_limit_s for e in queries.get_contest(contest.id).events if e.key == "basic"] == [2400]
    assert len(queries.rounds_of(contest.id)) == 5
    assert service.fit_of(contest.id).sentences == []


def test_a_contest_whose_rulebook_is_for_other_events_does_not_begin(any_cast: Cast) -> None:
    actor, at = any_cast.actor("organizer"), any_cast.at
    contest = make_contest(any_cast, events=("theory", "basic"))
    service.set_rulebook(contest.id, service.ready_rulebooks()["lamian"], reason="换回整套", actor=actor, at=at)
    with pytest.raises(RuleBroken, match="本赛事没有的项目：拉面调汤、拉面成品、创新拉面") as refused:
        service.start(contest.id, actor=actor, at=at)
    assert refused.value.code == "rulebook_unfit"


def test_postponed_with_new_days_then_resumed_and_everybody_is_told(any_cast: Cast) -> None:
    contest = make_contest(any_cast, events=("theory",))
    actor = any_cast.actor("organizer")
    enter(any_cast, queries.get_contest(contest.id).events[0])
    start = contest.starts_on + timedelta(days=14)
    service.postpone(contest.id, reason="场馆检修", starts_on=start, actor=actor, at=any_cast.at)
    moved = queries.get_contest(contest.id)
    assert (moved.condition, moved.starts_on, moved.ends_on) == ("postponed", start, start + timedelta(days=2))
    service.resume(contest.id, reason="检修完成", actor=actor, at=any_cast.at)
    assert queries.get_contest(contest.id).condition == "normal"
    assert {(c.change, c.reason) for c in queries.changes_of(contest.id)} == {
        ("announce", ""), ("postpone", "场馆检修"), ("resume", "检修完成")}
    told = db.session.scalars(select(Message).where(Message.account_id == any_cast.account("contestant").id)).all()
    assert {m.kind for m in told} == {"contests.postpone", "contests.resume"}
    assert {m.link for m in told} == {f"/contests/{contest.id}"}
    assert any("理由：场馆检修" in m.body and f"{start.month}月{start.day}日" in m.body for m in told)


def test_postpone_stop_cancel_resume_want_a_reason(cast: Cast) -> None:
    contest = make_contest(cast)
    actor = cast.actor("organizer")
    for verb in (service.postpone, service.stop, service.resume):
        with pytest.raises(RuleBroken) as refused:
            verb(contest.id, reason="  ", actor=actor, at=cast.at)
        assert refused.value.code == "reason_required"
    with pytest.raises(RuleBroken, match="请写明理由"):
        service.ask_cancel(contest.id, confirm_name=contest.name_zh, reason="", actor=actor, at=cast.at)
    assert (queries.get_contest(contest.id).phase, queries.get_contest(contest.id).condition) == ("announced", "normal")


def test_a_draft_is_cancelled_by_one_person_who_writes_its_name(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="draft")
    actor = any_cast.actor("organizer")
    with pytest.raises(RuleBroken, match="与赛事名称不一致"):
        service.cancel(contest.id, confirm_name="别的赛事", reason="疫情", actor=actor, at=any_cast.at)
    with pytest.raises(RuleBroken, match="草稿可以直接取消"):
        service.ask_cancel(contest.id, confirm_name=contest.name_zh, reason="疫情", actor=actor, at=any_cast.at)
    service.cancel(contest.id, confirm_name=f" {contest.name_zh} ", reason="疫情", actor=actor, at=any_cast.at)
    assert queries.get_contest(contest.id).condition == "cancelled"


def test_a_public_contest_is_cancelled_by_two_people_and_goes_on_until_then(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    first, second = any_cast.actor("organizer"), any_cast.actor("supervisor")
    named: dict[str, Any] = {"confirm_name": contest.name_zh, "reason": "疫情", "actor": first, "at": any_cast.at}
    with pytest.raises(RuleBroken, match="取消要由第二人批准"):
        service.cancel(contest.id, **named)
    with pytest.raises(RuleBroken, match="与赛事名称不一致"):
        service.ask_cancel(contest.id, **named | {"confirm_name": "别的赛事"})
    asked = service.ask_cancel(contest.id, **named)
    assert queries.get_contest(contest.id).condition == "normal"
    with pytest.raises(Forbidden, match="申请人不能审批自己的申请"):
        approvals.decide(asked.id, approve=True, actor=first, at=any_cast.at)
    # Meanwhile one person alone may halt it at once.
    service.stop(contest.id, reason="疫情", actor=first, at=any_cast.at)
    approvals.decide(asked.id, approve=True, actor=second, at=any_cast.at)
    assert queries.get_contest(contest.id).condition == "cancelled"
    assert [(c.change, c.reason, c.by_id) for c in queries.changes_of(contest.id) if c.change == "cancel"] == [
        ("cancel", "疫情", first.id)]
    assert audit_acts(contest)[-2:] == ["contests.cancel", "approval.approve"]
    with pytest.raises(RuleBroken):
        service.resume(contest.id, reason="又办了", actor=first, at=any_cast.at)


def test_a_cancelling_that_is_refused_or_too_late_changes_nothing(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="running", events=("theory",))
    first, second = any_cast.actor("organizer"), any_cast.actor("supervisor")
    named: dict[str, Any] = {"confirm_name": contest.name_zh, "reason": "疫情", "actor": first, "at": any_cast.at}
    refused = service.ask_cancel(contest.id, **named)
    approvals.decide(refused.id, approve=False, actor=second, at=any_cast.at, note="改为延期")
    asked = service.ask_cancel(contest.id, **named)
    service.finish(contest.id, actor=first, at=any_cast.at)
    with pytest.raises(RuleBroken, match="不能办理“取消赛事”"):
        approvals.decide(asked.id, approve=True, actor=second, at=any_cast.at)
    assert (queries.get_contest(contest.id).phase, queries.get_contest(contest.id).condition) == ("finished", "normal")


def test_new_days_that_contradict_are_refused_and_nothing_moves(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    with pytest.raises(RuleBroken, match="结束日期早于开始日期"):
        service.postpone(contest.id, reason="检修", starts_on=date(2027, 5, 3), ends_on=date(2027, 5, 1),
                         actor=any_cast.actor("organizer"), at=any_cast.at)
    after = queries.get_contest(contest.id)
    assert (after.condition, after.starts_on) == ("normal", contest.starts_on)
    assert [c.change for c in db.session.scalars(select(ContestChange))] == ["announce"]


def test_a_contest_without_rules_for_its_events_does_not_start(cast: Cast) -> None:
    contest = make_contest(cast, events=("theory", "basic"))
    actor = cast.actor("organizer")
    service.add_event(contest.id, key="carving", kind="practical", name_zh="面点雕花", actor=actor, at=cast.at)
    with pytest.raises(RuleBroken, match="评分规则中没有这些项目：面点雕花"):
        service.start(contest.id, actor=actor, at=cast.at)
    assert queries.get_contest(contest.id).phase == "announced"


def test_who_works_on_a_contest_is_told_of_its_course(any_cast: Cast) -> None:
    contest, other = make_contest(any_cast, events=("theory", "broth")), make_contest(any_cast, events=("theory",))
    event = queries.get_contest(contest.id).events[1]
    judge = any_cast.account("judge", "contest", contest.id)
    chief = any_cast.account("chief_judge", "event", event.id)
    strangers = [any_cast.account("judge", "contest", other.id), any_cast.account("chief_judge"),
                 any_cast.account("organizer", "union", any_cast.province.id)]
    former = any_cast.account("timekeeper", "contest", contest.id)
    with atomic() as session:
        session.get_one(Grant, session.scalars(select(Grant.id).where(Grant.account_id == former.id)).one()).valid_to = any_cast.at
        audit.record("test.grant", actor=SYSTEM, subject=("account", former.id), at=any_cast.at)
    for verb in (service.postpone, service.resume, service.stop):
        verb(contest.id, reason="场馆检修", actor=SYSTEM, at=any_cast.at)
    called_off(contest.id, "场馆检修", by=any_cast.actor("organizer"), second=any_cast.actor("supervisor"), at=any_cast.at)
    for account in (judge, chief):
        told = db.session.scalars(select(Message.kind).where(Message.account_id == account.id)).all()
        assert sorted(told) == ["contests.cancel", "contests.postpone", "contests.resume", "contests.stop"]
    unconcerned = Message.account_id.in_([account.id for account in (*strangers, former)]), Message.kind.like("contests.%")
    assert db.session.scalars(select(Message).where(*unconcerned)).all() == []


def test_a_batch_is_not_larger_than_the_stations(any_cast: Cast) -> None:
    contest, actor, soup = make_contest(any_cast), any_cast.actor("organizer"), {"key": "soup", "kind": "practical", "name_zh": "调汤"}
    with pytest.raises(RuleBroken, match="每批人数不能超过工位数") as refused:
        service.add_event(contest.id, **soup, stations=2, batch_size=3, actor=actor, at=any_cast.at)
    assert (refused.value.status, refused.value.details["field"]) == (422, "batch_size")
    event = service.add_event(contest.id, **soup, stations=3, batch_size=3, actor=actor, at=any_cast.at)
    with pytest.raises(RuleBroken, match="只有 2 个工位"):
        service.change_event(event.id, stations=2, actor=actor, at=any_cast.at)
    service.change_event(event.id, stations=2, batch_size=2, actor=actor, at=any_cast.at)
