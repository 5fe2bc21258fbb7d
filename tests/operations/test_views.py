"""The page: what is right, what is not, what to do; who may see it and who may act."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.contests import service as contests
from competition.core import jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db
from competition.core.jobs import Job
from competition.notices.models import Message
from competition.operations import catalogue, service
from competition.operations import jobs as operations_jobs
from competition.operations.checks import Finding, check_clock
from competition.operations.checks_backup import check_backup
from tests.builders import make_contest
from tests.cast import Cast
from tests.operations.conftest import behind, settings_of, store_paper
from tests.queries import statements_of

PAGE = "/system/operations"


@pytest.fixture
def admin(bare: Flask, client: FlaskClient, cast: Cast) -> FlaskClient:
    return cast.sign_in(client, cast.account("administrator"))


def text_of(client: FlaskClient) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def back_up() -> catalogue.Receipt:
    return service.back_up(why="manual", actor=SYSTEM, at=now())


def said(app: Flask, check: object = check_backup) -> list[Finding]:
    return list(check(settings_of(app)))  # type: ignore[operator]


def test_before_the_first_backup_the_page_says_what_to_do(admin: FlaskClient) -> None:
    page = text_of(admin)
    assert "还没有一份检验过的备份" in page
    assert "flask --app wsgi backup" in page
    assert "还没有运行过：夜间汇总和备份不会自动进行" in page
    assert "个问题需要处理" in page


def test_afterwards_it_shows_age_size_place_and_state(admin: FlaskClient, bare: Flask) -> None:
    made = back_up()
    jobs.beat(now())
    page = text_of(admin)
    assert made.name in page
    assert str(settings_of(bare).backup_folder) in page
    assert "刚刚" in page
    assert "已检验" in page
    assert made.sha256[:16] in page
    assert "AGE-SECRET-KEY" not in page


def test_what_backups_lack_is_work_on_the_administrators_desk(admin: FlaskClient, bare: Flask, cast: Cast) -> None:
    def desk() -> str:
        return admin.get("/desk").get_data(as_text=True)

    assert "还没有一份检验过的备份" in desk()
    made = back_up()
    assert "还没有一份检验过的备份" not in desk()
    assert "还没有登记密钥保管在别处" in desk()
    catalogue.write_receipt(settings_of(bare), replace(made, made_moment=(now() - timedelta(days=5)).isoformat()))
    assert "最近一份检验过的备份：5 天前" in desk()
    catalogue.judge(settings_of(bare), made, at=now(), fault="测试：打不开")
    assert "测试：打不开" in desk()
    cast.sign_in(admin, cast.account("organizer"))
    assert "测试：打不开" not in desk()


def test_the_time_since_the_newest_good_one_counts(admin: FlaskClient, bare: Flask, cast: Cast) -> None:
    made = back_up()
    settings = settings_of(bare)
    catalogue.write_receipt(settings, replace(made, made_moment=(now() - timedelta(hours=3)).isoformat()))
    assert [f.level for f in said(bare) if f.subject == "备份"] == ["ok"]
    make_contest(cast, phase="running")
    late = next(f for f in said(bare) if f.subject == "备份")
    assert (late.level, "3 小时前" in late.said, "立即执行" in late.todo) == ("wrong", True, True)


def test_one_that_was_not_good_is_named_with_its_fault(admin: FlaskClient, bare: Flask) -> None:
    made = back_up()
    catalogue.judge(settings_of(bare), made, at=now(), fault="测试：打不开")
    page = text_of(admin)
    assert page.count("测试：打不开") == 2
    assert "不可用" in page


def test_lost_files_are_told(admin: FlaskClient, bare: Flask, cast: Cast) -> None:
    store_paper(cast).path.unlink()
    back_up()
    assert "1 个上传的文件已经缺失或损坏" in text_of(admin)


def test_bad_keys_are_told_and_the_page_stands(admin: FlaskClient, bare: Flask) -> None:
    (settings_of(bare).instance / "backup.key").write_text("nonsense")
    assert "备份密钥不可用" in text_of(admin)


def test_a_silent_clock_is_told(bare: Flask, cast: Cast) -> None:
    jobs.beat(now())
    assert said(bare, check_clock)[0].level == "ok"
    with behind(bare) as connection:
        connection.execute(jobs.JobSlot.__table__.update().values(claimed_at=now() - timedelta(minutes=10)))
    late = said(bare, check_clock)[0]
    assert (late.level, "10 分钟没有动静" in late.said) == ("wrong", True)


@pytest.mark.parametrize(("role", "status"), [("administrator", 200), ("security_officer", 200), ("auditor", 200), ("organizer", 403),
                                              ("clerk", 403), ("contestant", 403)])
def test_who_sees_it(bare: Flask, client: FlaskClient, cast: Cast, role: str, status: int) -> None:
    cast.sign_in(client, cast.account(role))
    assert client.get(PAGE).status_code == status


@pytest.mark.parametrize("address", [f"{PAGE}/backup", f"{PAGE}/key"])
@pytest.mark.parametrize("role", ["security_officer", "auditor", "organizer"])
def test_only_administrators_act(bare: Flask, client: FlaskClient, cast: Cast, role: str, address: str) -> None:
    cast.sign_in(client, cast.account(role))
    assert client.post(address, data={"where": "x"}).status_code == 403
    assert jobs.latest(service.BACK_UP) == []


def test_buttons_are_shown_to_who_may_press_them(bare: Flask, client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("auditor"))
    page = text_of(client)
    assert "立即备份</button>" not in page
    assert "登记保管处</button>" not in page


def test_asking_for_a_backup_makes_one_job_and_it_makes_a_backup(admin: FlaskClient, bare: Flask) -> None:
    for _ in range(2):
        assert admin.post(f"{PAGE}/backup").status_code == 303
    (job,) = jobs.latest(service.BACK_UP)
    assert "data-job" in text_of(admin)
    jobs.run_job(job.id)
    done = db.session.get_one(Job, job.id)
    assert (done.state, done.error, done.percent) == ("done", None, 100)
    (made,) = catalogue.receipts(settings_of(bare))
    assert made.why == "manual"
    assert made.name in text_of(admin)


def test_where_the_key_is_kept(admin: FlaskClient, bare: Flask) -> None:
    back_up()
    assert "还没有登记密钥保管在别处" in text_of(admin)
    refused = admin.post(f"{PAGE}/key", data={"where": "  "})
    assert refused.status_code == 422
    assert "请填写这一项" in refused.get_data(as_text=True)
    assert admin.post(f"{PAGE}/key", data={"where": "测试保险柜"}).status_code == 303
    page = text_of(admin)
    assert "测试保险柜" in page
    assert "还没有登记密钥保管在别处" not in page


def test_the_page_asks_the_database_equally_often_whatever_there_is(admin: FlaskClient, bare: Flask) -> None:
    made = back_up()
    few = statements_of(admin, PAGE)
    for n in range(12):
        name = f"more-{n}{catalogue.END}"
        (settings_of(bare).backup_folder / name).write_text("x")
        catalogue.write_receipt(settings_of(bare), replace(made, name=name))
    assert len(statements_of(admin, PAGE)) == len(few)


class TestJobs:
    def run(self, kind: str) -> Job:
        with service.atomic():
            job = jobs.start(kind, title="test", payload={}, actor=SYSTEM, at=now())
        jobs.run_job(job.id)
        return db.session.get_one(Job, job.id)

    def test_both_stand_in_the_schedule(self) -> None:
        assert {"operations.nightly", "operations.hourly"} <= {planned.name for planned in jobs.SCHEDULE}

    def test_the_hourly_one_works_only_while_a_contest_runs(self, bare: Flask, cast: Cast) -> None:
        contest_id = make_contest(cast, phase="announced").id
        assert self.run(operations_jobs.HOURLY).result == {"made": False}
        assert catalogue.receipts(settings_of(bare)) == []
        contests.start(contest_id, actor=SYSTEM, at=cast.at)
        assert self.run(operations_jobs.HOURLY).state == "done"
        assert [r.why for r in catalogue.receipts(settings_of(bare))] == ["contest"]

    def test_a_demonstration_is_not_backed_up_by_the_clock(self, bare: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(bare.extensions, "settings", replace(settings_of(bare), demo=True))
        assert self.run(service.BACK_UP).result == {"made": False}
        assert catalogue.receipts(settings_of(bare)) == []

    def test_a_failure_is_told_to_the_administrators(self, bare: Flask, cast: Cast) -> None:
        told = {cast.account("administrator").id}
        cast.account("clerk")
        (settings_of(bare).instance / "backup.key").write_text("nonsense")
        job = self.run(service.BACK_UP)
        assert job.state == "failed"
        assert "备份密钥不可用" in str(job.error)
        messages = list(db.session.scalars(select(Message).where(Message.kind == "operations.backup")))
        assert {m.account_id for m in messages} == told
        assert "备份密钥不可用" in messages[0].body

    def test_a_stopped_job_leaves_nothing_half(self, bare: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        def stop(self: jobs.Progress, *_what: object) -> None:
            raise jobs.Cancelled

        monkeypatch.setattr(jobs.Progress, "report", stop)
        assert self.run(service.BACK_UP).state == "cancelled"
        assert catalogue.receipts(settings_of(bare)) == []
        assert [p.name for p in settings_of(bare).backup_folder.iterdir()] == [".lock"]

    def test_signs_of_life_come_while_one_step_is_long(self, bare: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(operations_jobs, "STEP", 0.02)
        with service.atomic():
            job = jobs.start(service.BACK_UP, title="test", payload={}, actor=SYSTEM, at=now())
        db.session.remove()
        with operations_jobs.watched(jobs.Progress(job.id)) as watch:
            watch.say(0, 0, "正在复制数据库")
            first = _beat(job.id)
            until = time.monotonic() + 30
            while (later := _beat(job.id)) == first and time.monotonic() < until:
                watch.stopped.wait(0.02)
        assert first is not None
        assert later > first


def _beat(job_id: object) -> object:
    db.session.remove()
    return db.session.get_one(Job, job_id).beat_at
