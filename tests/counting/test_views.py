"""The runs of the roll-up as people see them."""

from flask.testing import FlaskClient

from competition.core import audit, jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic, get
from competition.counting import service
from competition.counting.models import RollUpRun
from tests.cast import Cast
from tests.participation.test_views import add_facts


def test_whoever_sees_the_figures_sees_how_far_the_counting_is(client: FlaskClient, cast: Cast) -> None:
    asked = service.ask_roll_up(actor=cast.actor("organizer"), at=now())
    job_id = asked.id
    with atomic():
        other = jobs.start("notices.deliver", title="别的任务", payload={}, actor=SYSTEM, at=now()).id
    cast.sign_in(client, cast.account("leader"))
    assert f"/participation/runs/{job_id}/progress" in client.get("/participation/runs").text
    assert "参赛人数汇总" in client.get(f"/participation/runs/{job_id}/progress").text
    assert client.get(f"/participation/runs/{other}/progress").status_code == 404
    assert client.get(f"/jobs/{job_id}").status_code == 404


def test_every_run_is_shown_with_what_went_wrong_and_may_be_begun_again(client: FlaskClient, cast: Cast) -> None:
    add_facts(cast, 2)
    failed = service.ask_roll_up(actor=cast.actor("organizer"), at=now())
    with atomic() as session:
        session.add(RollUpRun(kind="nightly", state="failed", started_at=now(), finished_at=now(), error="OperationalError"))
        session.add(RollUpRun(kind="asked", state="failed", started_at=now(), finished_at=now(), error="ZeroDivisionError"))
        get(jobs.Job, failed.id).state = "failed"
    cast.sign_in(client, cast.account("organizer"))
    page = client.get("/participation/runs").text
    for said in ("数据库没有应答", "程序出错（ZeroDivisionError）", "每夜自动", "全部重算", "重新开始"):
        assert said in page
    assert client.post(f"/participation/runs/{failed.id}/retry").status_code == 303
    assert get(jobs.Job, failed.id).state == "queued"
    for address in (f"/participation/runs/{failed.id}/retry", "/participation/runs/anew", "/participation/roll-up"):
        assert client.post(address).status_code == 409, "one at a time"
    jobs.run_job(failed.id)
    assert client.post("/participation/runs/anew").status_code == 303
    assert jobs.latest(service.ROLL_UP, 1)[0].payload == {"anew": True}
    assert audit.history("job", jobs.latest(service.ROLL_UP, 1)[0].id)[0].act == "participation.count_anew"


def test_who_only_looks_begins_nothing_again(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("leader"))
    assert "全部重算" not in client.get("/participation/runs").text
    assert client.post("/participation/runs/anew").status_code == 403
