"""The workbook of formulas is asked for with a purpose, made by a job, and holds formulas, not results."""

import io
import uuid
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.contests.models import Contest
from competition.core.audit import AuditRow
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.core.files import StoredFile
from competition.core.jobs import Job, run_job
from competition.results import service
from tests.builders import published_contest
from tests.cast import Cast


@pytest.fixture
def contest(cast: Cast) -> Contest:
    return published_contest(cast, 3, events=("basic",))


def asked(client: FlaskClient, contest: Contest) -> uuid.UUID:
    """The job that makes what the signed-in person wants."""
    answer = client.post(f"/manage/contests/{contest.id}/results/live", data={"purpose": "档案  留存"})
    assert answer.status_code == 303
    return uuid.UUID(answer.location.rpartition("/")[2])


def test_formulas_without_values_and_who_took_them(cast: Cast, client: FlaskClient, contest: Contest) -> None:
    path = f"/manage/contests/{contest.id}/results/live"
    cast.sign_in(client, cast.account("organizer"))
    assert "生成复算表" in client.get(path).text
    assert client.post(path).status_code == 422
    assert db.session.scalars(select(Job).where(Job.kind == "results.live")).all() == [], "nothing is made without a purpose"
    job_id = asked(client, contest)
    assert client.get(f"{path}/{job_id}.xlsx").status_code == 404, "not made yet"
    run_job(job_id)
    job = db.session.get_one(Job, job_id)
    assert (job.state, job.error) == ("done", None)
    assert job.total == 6, "explanations, formulas, marks, event, two totals"
    assert f"{path}/{job_id}.xlsx" in client.get(f"/jobs/{job_id}").text
    answer = client.get(f"{path}/{job_id}.xlsx", buffered=True)
    assert answer.headers["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        pages = "".join(book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/"))
    for said in ("用途：档案 留存", "本表与其一致。", "ROUND(", "<f>", "</f><v></v>"):
        assert said in pages


def test_who_asked_what_for_and_what_was_made_is_on_record(cast: Cast, client: FlaskClient, contest: Contest) -> None:
    account = cast.account("scorekeeper", "contest", contest.id)
    who = account.id
    cast.sign_in(client, account)
    job_id = asked(client, contest)
    run_job(job_id)
    acts = ("export.results.live", "results.live_made")
    taken, made = db.session.scalars(select(AuditRow).where(AuditRow.act.in_(acts)).order_by(AuditRow.act)).all()
    assert (taken.reason, taken.details["job"], taken.actor_id) == ("档案 留存", str(job_id), who)
    row = db.session.scalars(select(StoredFile).where(StoredFile.sha256 == made.details["sha256"])).one()
    assert (row.sensitivity, row.keep_until is not None) == ("personal", True)


def test_it_is_for_who_asked_and_for_the_office(app: Flask, cast: Cast, contest: Contest) -> None:
    other = published_contest(cast, 2, events=("basic",)).id
    roles = {"supervisor": 404, "scorekeeper": 200, "organizer": 200, "judge": 403}
    clients = {role: cast.sign_in(app.test_client(), cast.account(role, "contest", contest.id)) for role in roles}
    everywhere = cast.sign_in(app.test_client(), cast.account("organizer"))
    job_id, own = asked(clients["scorekeeper"], contest), contest.id
    run_job(job_id)
    for role, status in roles.items():
        path = f"/manage/contests/{own}/results/live/{job_id}.xlsx"
        assert clients[role].get(path, buffered=True).status_code == status, role
    assert everywhere.get(f"/manage/contests/{other}/results/live/{job_id}.xlsx").status_code == 404


def test_a_purpose_is_asked_of_the_service_too(cast: Cast, contest: Contest) -> None:
    with pytest.raises(RuleBroken):
        service.ask_workbook(contest.id, purpose=" ", rows=3, actor=cast.actor("organizer"), at=cast.at)
    assert db.session.scalars(select(Job).where(Job.kind == "results.live")).all() == []
