"""The start page, the desk, requests for a second person, long work."""

import uuid

import pytest
from flask.testing import FlaskClient

from competition.accounts import service_staff
from competition.core import approvals, jobs
from competition.core.actors import SYSTEM, Actor
from competition.core.approvals import Approval
from competition.core.clock import now
from competition.core.database import atomic, get
from competition.core.jobs import Job
from tests.builders import make_contest
from tests.cast import Cast
from tests.queries import statements_of


def grant_request(cast: Cast, name: str = "工作人员", asker: Actor | None = None) -> Approval:
    return service_staff.ask_grant(
        cast.account("contestant", name=name).id, "leader", scope_kind="system", scope_id=None, reason=f"{name}需要查看",
        actor=asker or cast.actor("administrator"), at=now())


def test_the_start_page_says_what_is_open(client: FlaskClient, cast: Cast) -> None:
    assert "现在没有正在进行的竞赛" in client.get("/").text
    open_one, closed = make_contest(cast, name="开放的竞赛"), make_contest(cast, open=False, name="截止的竞赛")
    make_contest(cast, phase="draft", name="未公布的竞赛")
    page = client.get("/").text
    assert page.index(open_one.name_zh) < page.index(closed.name_zh)
    assert "报名已于" in page
    assert "未公布的竞赛" not in page
    assert "选手注册" in page


def test_everybody_begins_at_the_own_place(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/begin").status_code == 303
    cast.sign_in(client, cast.account("contestant"))
    assert client.get("/begin").location == "/my/entries"
    for page in ("/my/entries", "/my/results", "/my/certificates"):
        assert "还没有" in client.get(page).text
    assert client.get("/desk").status_code == 403
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    assert client.get("/begin").location == "/desk"


def test_the_desk_shows_what_waits_and_whose_contests(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, name="本县的竞赛", host=cast.county)
    request = grant_request(cast)
    cast.sign_in(client, cast.account("security_officer"))
    page = client.get("/desk").text
    assert f"/approvals/{request.id}" in page
    cast.sign_in(client, cast.account("organizer", "union", cast.prefecture.id))
    assert contest.name_zh in client.get("/desk").text
    cast.sign_in(client, cast.account("organizer", "union", cast.other_county.id))
    page = client.get("/desk").text
    assert contest.name_zh not in page
    assert str(request.id) not in page
    cast.sign_in(client, cast.account("chief_judge", "event", contest.events[0].id))
    assert contest.name_zh in client.get("/desk").text


def test_a_request_shows_what_why_and_the_exact_content(client: FlaskClient, cast: Cast) -> None:
    request = grant_request(cast)
    cast.sign_in(client, cast.account("security_officer"))
    page = client.get(f"/approvals/{request.id}").text
    for shown in (request.summary, "工作人员需要查看", request.asked_name, request.payload_digest, "批准并办理"):
        assert shown in page
    cast.sign_in(client, cast.account("administrator"))
    page = client.get(f"/approvals/{request.id}").text
    assert "批准并办理" not in page
    assert "撤回申请" in page


def test_a_refusal_needs_a_reason_and_is_final(client: FlaskClient, cast: Cast) -> None:
    request = grant_request(cast)
    cast.sign_in(client, cast.account("security_officer"))
    page = f"/approvals/{request.id}"
    answer = client.post(page + "/decide", data={"decision": "refuse", "note": " "})
    assert answer.status_code == 422
    assert "请写明原因" in answer.text
    assert client.post(page + "/decide", data={"decision": "refuse", "note": "不需要"}).status_code == 303
    assert "不需要" in client.get(page).text
    again = client.post(page + "/decide", data={"decision": "approve"})
    assert again.status_code == 409
    assert "已经处理过" in again.text


def test_requests_of_others_do_not_exist(client: FlaskClient, cast: Cast) -> None:
    request = grant_request(cast)
    cast.sign_in(client, cast.account("organizer"))
    for answer in (client.get(f"/approvals/{request.id}"), client.post(f"/approvals/{request.id}/decide", data={"decision": "approve"}),
                   client.post(f"/approvals/{request.id}/withdraw")):
        assert answer.status_code == 404
    cast.sign_in(client, cast.account("security_officer"))
    assert client.post(f"/approvals/{request.id}/withdraw").status_code == 403
    assert get(Approval, request.id).state == "asked"


def test_who_asked_takes_it_back(client: FlaskClient, cast: Cast) -> None:
    request = grant_request(cast)
    cast.sign_in(client, cast.account("administrator"))
    assert client.post(f"/approvals/{request.id}/withdraw").status_code == 303
    assert get(Approval, request.id).state == "withdrawn"
    assert "已撤回" in client.get("/approvals").text


def test_a_changed_payload_is_not_approved(client: FlaskClient, cast: Cast) -> None:
    request = grant_request(cast)
    with atomic():
        found = get(Approval, request.id)
        found.payload = {**found.payload, "role": "organizer"}
        approvals.audit.record("test", actor=SYSTEM, subject=("approval", request.id), at=now())
    cast.sign_in(client, cast.account("security_officer"))
    answer = client.post(f"/approvals/{request.id}/decide", data={"decision": "approve"})
    assert answer.status_code == 409
    assert "与提出时不一致" in answer.text


def test_lists_cost_the_same_for_many(client: FlaskClient, cast: Cast) -> None:
    asker = cast.actor("administrator")

    def fill(first: int, last: int) -> None:
        for n in range(first, last):
            grant_request(cast, f"工作人员{n}", asker)
            make_job(None)

    cast.sign_in(client, cast.account("security_officer"))
    pages = ("/approvals", "/desk", "/jobs")
    fill(0, 3)
    few = [len(statements_of(client, page)) for page in pages]
    fill(3, 25)
    assert [len(statements_of(client, page)) for page in pages] == few


def make_job(owner: Actor | None, chain: uuid.UUID | None = None, state: str = "queued") -> Job:
    with atomic():
        job = jobs.start("notices.deliver", title="测试任务", payload={}, actor=owner or SYSTEM, at=now(), chain=chain)
        job.state = state
    return job


def test_work_is_seen_by_its_owner_and_by_the_office(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, host=cast.county)
    clerk = cast.actor("clerk", "union", cast.other_county.id)
    own, of_contest, foreign = make_job(clerk), make_job(None, contest.id), make_job(None)
    cast.sign_in(client, cast.account("clerk", "union", cast.other_county.id))
    seen = [client.get(f"/jobs/{j.id}").status_code for j in (own, of_contest, foreign)]
    assert seen == [200, 404, 404]
    assert client.post(f"/jobs/{foreign.id}/cancel").status_code == 404
    cast.sign_in(client, cast.account("organizer", "union", cast.prefecture.id))
    assert [client.get(f"/jobs/{j.id}").status_code for j in (own, of_contest, foreign)] == [404, 200, 404]
    cast.sign_in(client, cast.account("administrator"))
    assert client.get("/jobs").text.count("测试任务") == 3


@pytest.mark.parametrize("role", ["judge", "chief_judge", "scorekeeper", "supervisor", "check_in_judge", "coding_judge"])
def test_other_staff_of_a_contest_neither_see_nor_stop_its_work(client: FlaskClient, cast: Cast, role: str) -> None:
    contest = make_contest(cast, host=cast.county)
    job, failed = make_job(None, contest.id), make_job(cast.actor("organizer"), contest.id, "failed")
    cast.sign_in(client, cast.account(role, "contest", contest.id))
    assert [client.get(f"/jobs/{j.id}").status_code for j in (job, failed)] == [404, 404]
    assert client.get(f"/jobs/{job.id}/progress").status_code == 404
    assert client.post(f"/jobs/{job.id}/cancel").status_code == 404
    assert client.post(f"/jobs/{failed.id}/retry").status_code == 404
    assert (get(Job, job.id).state, get(Job, failed.id).state) == ("queued", "failed")
    assert "测试任务" not in client.get("/jobs").text
    assert "测试任务" not in client.get("/desk").text


def test_the_office_stops_and_restarts_and_both_are_on_record(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, host=cast.county)
    job = make_job(cast.actor("coding_judge", "contest", contest.id), contest.id)
    account = cast.account("organizer", "contest", contest.id)
    cast.sign_in(client, account)
    assert client.post(f"/jobs/{job.id}/cancel").status_code == 303
    assert client.post(f"/jobs/{job.id}/retry").status_code == 303
    rows = approvals.audit.history("job", job.id)
    assert sorted((row.act, row.actor_id, row.chain) for row in rows) == [
        ("job.cancel", account.id, str(contest.id)), ("job.retry", account.id, str(contest.id))]
    cast.sign_in(client, cast.account("coding_judge", "contest", contest.id))
    assert client.post(f"/jobs/{job.id}/cancel").status_code == 303


def test_progress_stops_asking_at_the_end(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("administrator"))
    job = make_job(cast.actor("administrator"))
    fragment = client.get(f"/jobs/{job.id}/progress").text
    assert "hx-get" in fragment
    assert "<html" not in fragment
    assert client.post(f"/jobs/{job.id}/retry").status_code == 409
    assert client.post(f"/jobs/{job.id}/cancel").status_code == 303
    assert "hx-get" not in client.get(f"/jobs/{job.id}/progress").text
    assert client.post(f"/jobs/{job.id}/retry").status_code == 303
    assert get(Job, job.id).state == "queued"
    jobs.run_job(job.id)
    assert get(Job, job.id).state == "done"


@pytest.mark.parametrize(("result", "shown"), [
    ({"href": "/jobs", "label": "查看名册"}, True), ({"href": "https://evil.example/", "label": "查看名册"}, False)])
def test_a_result_leads_to_a_page_of_ours(client: FlaskClient, cast: Cast, result: dict[str, str], shown: bool) -> None:
    cast.sign_in(client, cast.account("administrator"))
    with atomic():
        job = make_job(cast.actor("administrator"), state="done")
        job.result = result
    assert ("查看名册" in client.get(f"/jobs/{job.id}").text) is shown


def test_the_side_menu_belongs_to_the_reader_and_the_contest(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, host=cast.county)
    cast.sign_in(client, cast.account("organizer", "union", cast.county.id))
    assert "赛事概况" not in client.get("/desk").text
    page = client.get(f"/manage/contests/{contest.id}").text
    assert "赛事概况" in page
    assert 'class="staff-contest"' in page
    assert "账号和角色" not in page
