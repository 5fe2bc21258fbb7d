"""A roster is taken by a job: it may be stopped, killed and begun again, and still enters everybody once or nobody."""

from typing import Any

import pytest
from sqlalchemy import select

from competition.accounts import service as accounts
from competition.accounts.models import Account
from competition.accounts.service_staff import set_active
from competition.contests.models import Contest
from competition.core import jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.jobs import Cancelled, Job
from competition.registration import service
from competition.registration.models import Entry, RosterImport
from tests.builders import make_contest
from tests.cast import Cast, id_card
from tests.registration.rosters import filled

ROWS = 25


def roster(cast: Cast, rows: int = ROWS, **last: str) -> tuple[Any, Any, RosterImport]:
    contest = make_contest(cast)
    actor = cast.actor("organizer", "contest", contest.id)
    lines = [{"姓名": f"名单{n}·试", "证件号码": id_card(), "工作地区": "海东市 化隆回族自治县"} for n in range(rows)]
    lines[-1].update(last)
    return contest, actor, service.read_roster(contest, filled(service.template(contest, actor), lines), "名单.xlsx", "同意书，存测试工会",
                                               actor=actor, at=now())


def states() -> list[str]:
    db.session.expire_all()
    return sorted(db.session.scalars(select(Entry.state)))


def test_the_work_shows_how_far_it_is_and_enters_everybody(any_cast: Cast) -> None:
    contest, actor, kept = roster(any_cast)
    job = service.ask_roster(kept.id, contest, only_good=False, actor=actor, at=now())
    assert (job.title, job.total, states()) == ("导入名单：名单.xlsx", ROWS, [])
    with pytest.raises(RuleBroken, match="正在导入"):
        service.ask_roster(kept.id, contest, only_good=False, actor=actor, at=now())
    jobs.run_job(job.id)
    job = db.session.get_one(Job, job.id)
    assert (job.state, job.done, states()) == ("done", ROWS, ["submitted"] * ROWS)
    assert job.result == {"taken": ROWS, "href": f"/manage/contests/{contest.id}/registration/roster/{kept.id}", "label": "查看导入结果"}
    with pytest.raises(RuleBroken, match="已经导入过"):
        service.ask_roster(kept.id, contest, only_good=False, actor=actor, at=now())


class Killed(BaseException):
    """The process ends here."""


def test_killed_in_the_middle_and_begun_again(any_cast: Cast) -> None:
    contest, actor, kept = roster(any_cast)
    told: list[int] = []

    def die(done: int, _total: int) -> None:
        told.append(done)
        if done == 20:
            raise Killed

    with pytest.raises(Killed):
        service.take_roster(kept.id, contest, only_good=False, actor=actor, at=now(), report=die)
    assert (told, states()) == ([0, 10, 20], ["draft"] * 20)
    # What was left keeps nobody of this roster from being entered, and is not doubled.
    assert all(not row.errors for row in service.kept_rows(kept, contest, actor))
    service.take_roster(kept.id, contest, only_good=False, actor=actor, at=now())
    assert states() == ["submitted"] * ROWS


def test_a_job_that_is_given_out_twice_does_it_once(any_cast: Cast) -> None:
    contest, actor, kept = roster(any_cast, 3)
    job = service.ask_roster(kept.id, contest, only_good=False, actor=actor, at=now())
    jobs.run_job(job.id)
    with atomic():
        get(Job, job.id).state = "queued"
    jobs.run_job(job.id)
    assert (db.session.get_one(Job, job.id).state, states()) == ("done", ["submitted"] * 3)


def test_who_stops_it_enters_nobody(any_cast: Cast) -> None:
    contest, actor, kept = roster(any_cast)
    job = service.ask_roster(kept.id, contest, only_good=False, actor=actor, at=now())

    def stopped(done: int, _total: int) -> None:
        if done == 10:
            jobs.cancel(job.id, actor=actor, at=now())
            raise Cancelled

    with pytest.raises(Cancelled):
        service.take_roster(kept.id, contest, only_good=False, actor=actor, at=now(), report=stopped)
    assert states() == []
    again = service.ask_roster(kept.id, contest, only_good=False, actor=actor, at=now())
    jobs.run_job(again.id)
    assert states() == ["submitted"] * ROWS


def test_what_is_only_found_while_taking_is_said(any_cast: Cast) -> None:
    contest, actor, kept = roster(any_cast, 3, 姓名="年长", 证件号码=id_card(born="19500101"))
    contest_id, kept_id = contest.id, kept.id
    service.set_conditions(contest.id, {"age_most": 50}, actor=actor, at=now())
    job = service.ask_roster(kept.id, contest, only_good=False, actor=actor, at=now())
    jobs.run_job(job.id)
    job = db.session.get_one(Job, job.id)
    assert (job.state, states()) == ("failed", [])
    assert "第 5 行（年长）" in str(job.error)
    jobs.run_job(service.ask_roster(kept_id, get(Contest, contest_id), only_good=True, actor=actor, at=now()).id)
    assert states() == ["submitted"] * 2


def test_who_may_no_longer_enters_nobody(any_cast: Cast) -> None:
    contest, actor, kept = roster(any_cast, 2)
    job = service.ask_roster(kept.id, contest, only_good=False, actor=actor, at=now())
    account = db.session.get_one(Account, actor.id)
    for grant in list(account.grants):
        accounts.end_grant(grant.id, actor=SYSTEM, at=now(), reason="试")
    jobs.run_job(job.id)
    job = db.session.get_one(Job, job.id)
    assert (job.state, states()) == ("failed", [])
    assert "2 行需要修改" in str(job.error)
    set_active(actor.id, False, "试", actor=SYSTEM, at=now())
    with atomic():
        get(Job, job.id).state = "queued"
    jobs.run_job(job.id)
    assert db.session.get_one(Job, job.id).error == "账号已停用。"
