"""Who is told of a request for a second person, and of what became of it."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.accounts import service_staff
from competition.accounts.models import Account
from competition.core import approvals, audit, jobs
from competition.core.actors import Actor
from competition.core.approvals import LIFETIME, Approval
from competition.core.clock import now
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.home.jobs import EXPIRE
from competition.notices.models import Message
from tests.builders import make_contest
from tests.cast import AT, Cast
from tests.queries import count_statements


def ask(cast: Cast, asker: Actor, name: str = "工作人员") -> Approval:
    return service_staff.ask_grant(cast.account("contestant", name=name).id, "leader", scope_kind="system", scope_id=None,
                                   reason="需要查看", actor=asker, at=AT)


def told(account: Account, kind: str = "approval.asked") -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.account_id == account.id, Message.kind == kind)))


def test_those_who_may_decide_are_told_and_who_asked_is_not(any_cast: Cast) -> None:
    officer, second = any_cast.account("security_officer"), any_cast.account("administrator", name="另一位管理员")
    clerk, closed = any_cast.account("clerk", "union", any_cast.county.id), any_cast.account("security_officer", name="停用者")
    asker = any_cast.actor("administrator")
    service_staff.set_active(closed.id, False, "离岗", actor=asker, at=AT)
    request = ask(any_cast, asker)
    assert [len(told(one)) for one in (officer, second, clerk, closed, any_cast.account("administrator"))] == [1, 1, 0, 0, 0]
    message = told(officer)[0]
    assert message.link == f"/approvals/{request.id}"
    for words in (request.summary, request.asked_name, "需要查看"):
        assert words in message.body


def test_rights_over_another_contest_are_no_reason_to_be_told(any_cast: Cast) -> None:
    contest, other = make_contest(any_cast), make_contest(any_cast)
    here, above = any_cast.account("supervisor", "contest", contest.id), any_cast.account("organizer", "union", any_cast.province.id)
    away = any_cast.account("supervisor", "contest", other.id)
    asker = any_cast.actor("organizer", "contest", contest.id)
    with atomic():
        approvals.ask("results.publish", subject=("contest", contest.id), payload={"scopes": [], "unchecked": []},
                      reason="可以发布", actor=asker, at=AT, chain=contest.id)
    assert [len(told(one)) for one in (here, above, away)] == [1, 1, 0]


@pytest.mark.parametrize(("approve", "kind"), [(True, "approval.approved"), (False, "approval.refused")])
def test_who_asked_is_told_what_was_decided(any_cast: Cast, approve: bool, kind: str) -> None:
    asker, officer = any_cast.actor("administrator"), any_cast.actor("security_officer")
    request = ask(any_cast, asker)
    approvals.decide(request.id, approve=approve, actor=officer, at=AT, note="按规定办理")
    answer = told(any_cast.account("administrator"), kind)
    assert len(answer) == 1
    assert "按规定办理" in answer[0].body
    assert officer.name in answer[0].body


def test_a_request_taken_back_tells_nobody(any_cast: Cast) -> None:
    asker = any_cast.actor("administrator")
    approvals.withdraw(ask(any_cast, asker).id, actor=asker, at=AT)
    assert db.session.scalars(select(Message).where(Message.kind != "approval.asked")).all() == []


def test_what_nobody_decided_expires_is_recorded_and_told(any_cast: Cast) -> None:
    asker = any_cast.actor("administrator")
    request = ask(any_cast, asker)
    assert approvals.expire_stale(AT + LIFETIME - timedelta(seconds=1)) == 0
    assert approvals.expire_stale(AT + LIFETIME) == 1
    assert approvals.expire_stale(AT + LIFETIME) == 0
    assert get(Approval, request.id).state == "expired"
    assert len(told(any_cast.account("administrator"), "approval.expired")) == 1
    assert audit.history("account", request.subject_id)[0].act == "approval.expire"
    with pytest.raises(RuleBroken, match="已经处理过"):
        approvals.decide(request.id, approve=True, actor=any_cast.actor("security_officer"), at=AT)


def test_the_clock_closes_what_is_over(any_cast: Cast) -> None:
    ask(any_cast, any_cast.actor("administrator"))
    job = jobs.fire(EXPIRE, "test", now())
    assert job is not None
    job_id = job.id
    jobs.run_job(job_id)
    assert get(jobs.Job, job_id).result == {"expired": 1}


def test_asking_costs_the_same_for_many_deciders(cast: Cast) -> None:
    asker = cast.actor("administrator")
    cast.account("security_officer")
    cast.account("contestant", name="甲")
    cast.account("contestant", name="乙")
    with count_statements() as few:
        ask(cast, asker, "甲")
    for n in range(20):
        cast.account("security_officer", name=f"安全员{n}")
    with count_statements() as many:
        ask(cast, asker, "乙")
    assert len(many) <= len(few)


def test_the_top_bar_counts_what_waits_for_the_reader(client: FlaskClient, cast: Cast) -> None:
    asker = cast.actor("administrator")
    for n in range(2):
        service_staff.ask_grant(cast.account("contestant", name=f"甲{n}").id, "leader", scope_kind="system", scope_id=None, reason="x",
                                actor=asker, at=now())
    cast.sign_in(client, cast.account("security_officer"))
    page = client.get("/desk").text
    assert 'class="top-waiting" href="/approvals"' in page
    assert page.count('<span class="count">2') == 2
    for account in (cast.account("administrator"), cast.account("clerk", "union", cast.county.id)):
        cast.sign_in(client, account)
        assert 'class="top-waiting"' not in client.get("/desk").text
