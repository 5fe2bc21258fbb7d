"""A roster is taken by a job: it may be stopped, killed and begun again, and still enters everybody once or nobody."""

import json
import uuid
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from competition.accounts import service as accounts
from competition.accounts.models import Account
from competition.accounts.service_staff import set_active
from competition.contests.models import Contest
from competition.core import jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.crypto import seal, unseal
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.jobs import Cancelled, Job
from competition.registration import service
from competition.registration.models import Entry, RosterImport
from tests.builders import make_contest
from tests.cast import Cast, id_card
from tests.registration.rosters import filled
from tests.registration.test_service import at_once

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
    assert [row.errors for row in service.kept_rows(kept, contest, actor)] == [[]] * ROWS
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


def test_two_rosters_of_one_person_at_once_are_not_both_taken(any_app: Flask, any_cast: Cast) -> None:
    contest, actor, kept = roster(any_cast, 2)
    with atomic() as session:
        # Two pages in which a workbook was read at the same moment leave a row each.
        others = [RosterImport(contest_id=contest.id, by_id=kept.by_id, file_name=f"{n}.xlsx", created_at=kept.created_at, rows=2, bad=0,
                               sealed="", paper=kept.paper) for n in range(3)]
        session.add_all(others)
        session.flush()
        rows = json.loads(unseal(kept.sealed, "roster_import", "sealed", kept.id))
        for other in others:
            other.sealed = seal(json.dumps(rows), "roster_import", "sealed", other.id)
        ids = [kept.id, *(other.id for other in others)]
    contest_id = contest.id
    db.session.remove()
    acts = [partial(_asked, one, contest_id, actor) for one in ids]
    said = at_once(any_app, acts)
    assert sorted(str(getattr(one, "code", one)) for one in said) == ["being_taken"] * 3 + ["queued"]
    assert len(db.session.scalars(select(Job.id).where(Job.state == "queued")).all()) == 1


def _asked(import_id: uuid.UUID, contest_id: uuid.UUID, actor: Any) -> str:
    return service.ask_roster(import_id, get(Contest, contest_id), only_good=False, actor=actor, at=now()).state
