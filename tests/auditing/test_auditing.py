"""The auditor's pages: who may read what, filters, the state of the chains, everything about one thing."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from competition.auditing import rules
from competition.core import audit, jobs
from competition.core.audit import AuditRow
from competition.core.clock import now
from competition.core.database import atomic, db
from competition.core.jobs import Job
from competition.judging.models import MarkEvent
from competition.notices.models import Message
from tests.builders import approved_entries, judged_contest, make_contest
from tests.cast import Cast
from tests.queries import statements_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def auditor(client: FlaskClient, cast: Cast) -> FlaskClient:
    return cast.sign_in(client, cast.account("auditor"))


@pytest.mark.parametrize("role", ["organizer", "clerk", "leader", "judge", "contestant"])
def test_nobody_else_reads_the_records(client: FlaskClient, cast: Cast, role: str) -> None:
    cast.sign_in(client, cast.account(role))
    for address in ("/system/audit", "/system/audit/system/1", "/system/audit/export"):
        assert client.get(address).status_code == 403, address
    assert client.post("/system/audit/prove").status_code == 403


@pytest.mark.parametrize("role", ["administrator", "security_officer"])
def test_who_could_change_things_sees_the_state_of_the_chains_alone(client: FlaskClient, cast: Cast, role: str) -> None:
    cast.sign_in(client, cast.account(role))
    page = client.get("/system/audit").text
    assert "审计链还没有验证过" in page
    assert "filter-who" not in page
    assert "建立账号" not in page
    assert client.get("/system/audit/system/1").status_code == 403
    assert client.post("/system/audit/export", data={"purpose": "查看"}).status_code == 403
    assert client.post("/system/audit/prove").status_code == 303


def test_the_list_is_narrowed_by_each_filter(auditor: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast)
    clerk = cast.actor("clerk", name="审核员甲")
    with atomic():
        audit.record("registration.reject", actor=clerk, subject=("entry", uuid.uuid4()), at=now(), chain=contest.id, reason="理由一二三")
    day = now().astimezone().date()

    def shown(**asked: str) -> bool:
        answer = auditor.get("/system/audit", query_string=asked)
        assert answer.status_code == 200
        return "理由一二三" in answer.text

    for asked in ({}, {"who": "审核员甲"}, {"act": "registration.reject"}, {"act": "registration"}, {"kind": "entry"},
                  {"contest": str(contest.id)},
                  {"since": str(day - timedelta(days=1)), "until": str(day + timedelta(days=1))},
                  {"since": "no day", "contest": "none", "page": "-1"}):
        assert shown(**asked), asked
    for asked in ({"who": "审核员乙"}, {"who": "%"}, {"act": "registration.approve"}, {"kind": "person"}, {"contest": "system"},
                  {"contest": str(uuid.uuid4())}, {"since": str(day + timedelta(days=2))}, {"until": str(day - timedelta(days=2))}):
        assert not shown(**asked), asked


def test_the_list_takes_the_same_statements_whatever_it_holds(auditor: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast)
    few = len(statements_of(auditor, "/system/audit"))
    for number in range(29):
        other = make_contest(cast) if number % 10 == 0 else contest
        actor = cast.actor("clerk", name=f"审核员{number % 5}")
        with atomic():
            audit.record("registration.reject", actor=actor, subject=("entry", uuid.uuid4()), at=now(), chain=other.id)
    assert len(statements_of(auditor, "/system/audit")) <= few + 1  # names of contests, where none was shown before


def test_a_row_shows_commitments_and_no_personal_value(auditor: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast)
    entry = approved_entries(cast, contest, 1)[0]
    row = db.session.scalars(select(AuditRow).where(AuditRow.act == "person.create")).one()
    page = auditor.get(f"/system/audit/{row.chain}/{row.seq}").text
    assert "hmac:" in page
    assert "登记人员" in page
    assert row.digest in page
    assert entry.name not in page
    for missing in ("/system/audit/system/0", "/system/audit/system/99999999999999999999", "/system/audit/none/1"):
        assert auditor.get(missing).status_code == 404


def test_the_proof_is_shown_with_its_date_and_a_broken_row_is_told(auditor: FlaskClient, cast: Cast) -> None:
    account_id = cast.account("auditor").id
    assert auditor.post("/system/audit/prove").status_code == 303
    assert "正在验证" in auditor.get("/system/audit").text
    assert auditor.post("/system/audit/prove").status_code == 303
    job = db.session.scalars(select(Job).where(Job.kind == "auditing.prove")).one()
    jobs.run_job(job.id)
    page = auditor.get("/system/audit").text
    assert "审计链完整" in page
    with db.engine.execution_options(unguarded=True).begin() as connection:
        connection.execute(text("UPDATE audit_row SET line = replace(line, '\"act\"', '\"cat\"') WHERE chain = 'system' AND seq = 2"))
    auditor.post("/system/audit/prove")
    job_id = db.session.scalars(select(Job.id).where(Job.kind == "auditing.prove", Job.state == "queued")).one()
    jobs.run_job(job_id)
    page = auditor.get("/system/audit").text
    assert "审计链断裂" in page
    assert "链 system 第 2 行" in page
    told = db.session.scalars(select(Message).where(Message.kind == "audit")).all()
    assert [m.account_id for m in told] == [account_id]


# ---- everything about one thing --------------------------------------------------------------


def test_the_trail_of_an_entry_is_for_those_who_handle_it(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast)
    entry = approved_entries(cast, contest, 1)[0]
    address = f"/system/audit/things/entry/{entry.id}"
    for role, scope, status in (
        ("organizer", ("contest", contest.id), 200), ("clerk", ("union", cast.county.id), 200),
        ("clerk", ("union", cast.other_county.id), 404),
        ("organizer", ("contest", uuid.uuid4()), 404), ("chief_judge", ("contest", contest.id), 404),
        ("supervisor", ("contest", contest.id), 200),
        ("auditor", ("system", None), 200), ("administrator", ("system", None), 403), ("contestant", ("system", None), 403),
    ):
        cast.sign_in(client, cast.account(role, *scope))
        assert client.get(address).status_code == status, (role, scope)
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    page = client.get(address).text
    assert "审核通过" in page
    assert "提交报名" in page
    assert address in client.get(f"/manage/contests/{contest.id}/registration/entries/{entry.id}").text
    assert client.get(f"/system/audit/things/entry/{uuid.uuid4()}").status_code == 404
    assert client.get(f"/system/audit/things/account/{entry.id}").status_code == 404


def test_the_trail_of_a_work_has_every_mark_and_nobody_s_name(client: FlaskClient, cast: Cast) -> None:
    contest = judged_contest(cast, 2, events=("basic",))
    work_id, round_id = db.session.execute(select(MarkEvent.work_id, MarkEvent.round_id)).first() or (None, None)
    address = f"/system/audit/things/work/{work_id}"
    for role, status in (("chief_judge", 200), ("supervisor", 200), ("organizer", 404), ("scorekeeper", 403)):
        cast.sign_in(client, cast.account(role, "contest", contest.id))
        assert client.get(address).status_code == status, role
    cast.sign_in(client, cast.account("chief_judge", "contest", contest.id))
    page = client.get(address).text
    assert page.count("打分</td>") == len(db.session.scalars(
        select(MarkEvent.id).where(MarkEvent.work_id == work_id, MarkEvent.kind == "mark")).all())
    assert "选手0" not in page
    assert address in client.get(f"/manage/contests/{contest.id}/judging/rounds/{round_id}/works/{work_id}").text


def test_every_act_has_a_word(app: Flask) -> None:
    said = set()
    for path in (ROOT / "competition").rglob("*.py"):
        said |= set(re.findall(r'(?:audit\.record|AuditEntry|audit\.Entry)\(\s*"([a-z_.]+)"', path.read_text("utf-8")))
    said = {act for act in said if not act.startswith("demo.")}
    assert {act for act in said if act not in rules.ACTS} == set()
