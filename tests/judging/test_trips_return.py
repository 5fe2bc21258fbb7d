"""The arena machine packs its rounds: from then on it takes nothing, unless somebody resumes it."""

import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from competition.accounts.models import Account
from competition.arena.work_queries import list_works
from competition.contests.models import Contest, Round
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.judging import queries, rules_trips, service, service_trips, service_trips_back, service_trips_return
from competition.judging.models import Device, MarkEvent, RoundState
from competition.judging.rules import DeviceEvent
from competition.judging.rules_reports import TabletSays
from tests.builders import make_contest
from tests.cast import Cast, sign_in
from tests.house import build
from tests.judges import make_panel, round_of, sit_down, works
from tests.judging.pages import base, page
from tests.judging.trips import PASSPHRASE, REASON, at_the_arena, carried, drawn, lend, packed, seated_there, trip_here
from tests.services import PostgresServer


@pytest.fixture
def broth(cast: Cast) -> Round:
    return drawn(cast)


@pytest.fixture
def content(broth: Round, cast: Cast) -> dict[str, Any]:
    return carried(lend(broth, cast))


def test_a_packed_round_takes_nothing_and_a_resumed_one_everything(
    broth: Round, content: dict[str, Any], arena: Flask, cast: Cast
) -> None:
    with at_the_arena(arena):
        round_, judge = seated_there(content, cast)
        work = list_works(round_.id)[0]
        judge.send(judge.event(work, criterion="taste", value="30"))
        first = packed(round_, cast)
        held = judge.event(work, criterion="aroma", value="19")
        rows = db.session.scalar(select(func.count()).select_from(AuditRow))
        for verb in (
            lambda: judge.send(held),
            lambda: service.lock_round(round_.id, confirm_name=round_.name, actor=SYSTEM, at=cast.at),
            lambda: service.excuse(round_.id, seat_id=None, work_id=work.id, reason=REASON, actor=SYSTEM, at=cast.at),
            lambda: service.record_figures(work.id, {"time_s": "30:00"}, source="timed", actor=SYSTEM, at=cast.at),
            lambda: service.seat_judge(judge.seat.id, name="测试后来", actor=SYSTEM, at=cast.at),
            lambda: service.ask_absence(round_.id, judge.seat.id, reason=REASON, actor=SYSTEM, at=cast.at),
        ):
            with pytest.raises(RuleBroken) as refused:
                verb()
            assert refused.value.code == "round_away"
        assert db.session.scalar(select(func.count()).select_from(MarkEvent)) == 1
        assert db.session.scalar(select(func.count()).select_from(AuditRow)) == rows, "refused, and nothing was written"
        service.report_device(judge.device.id, TabletSays(pending=1, last_made=2), at=cast.at + timedelta(minutes=1))
        again = packed(round_, cast)
        assert again["packed_at"] == first["packed_at"]
        trip = trip_here(round_)
        with pytest.raises(RuleBroken, match="请写明恢复评分的理由"):
            service_trips_return.resume_rounds(trip, reason=" ", actor=SYSTEM, at=cast.at)
        assert service_trips_return.resume_rounds(trip, reason=REASON, actor=SYSTEM, at=cast.at) == 1
        with pytest.raises(RuleBroken, match="不用恢复"):
            service_trips_return.resume_rounds(trip, reason=REASON, actor=SYSTEM, at=cast.at)
        assert [answer.result for answer in judge.send(held).answers] == ["accepted"]
        wanted = ["judging.pack_rounds", "judging.resume_rounds"]
        assert list(db.session.scalars(select(AuditRow.act).where(AuditRow.act.in_(wanted)).order_by(AuditRow.seq))) == wanted
        last = carried(service_trips_return.return_rounds(trip, actor=SYSTEM, at=cast.at + timedelta(hours=1)))
    service_trips_back.take_home(last, actor=SYSTEM, at=cast.at)
    assert db.session.scalar(select(func.count()).select_from(MarkEvent)) == 2
    with pytest.raises(RuleBroken, match="另一份文件不能再写入"):
        service_trips_back.take_home(first, actor=SYSTEM, at=cast.at)


def test_the_same_packing_once_more_is_the_same_file(broth: Round, content: dict[str, Any], arena: Flask, cast: Cast) -> None:
    with at_the_arena(arena):
        round_, judge = seated_there(content, cast)
        one = packed(round_, cast)
        service.report_device(judge.device.id, TabletSays(pending=0, last_made=0), at=cast.at + timedelta(minutes=1))
        two = packed(round_, cast)
    assert not service_trips_back.take_home(one, actor=SYSTEM, at=cast.at).again
    assert service_trips_back.take_home(two, actor=SYSTEM, at=cast.at).again


def test_a_tablet_hears_of_it_and_keeps_what_it_holds(content: dict[str, Any], arena: Flask, cast: Cast) -> None:
    with at_the_arena(arena):
        round_, judge = seated_there(content, cast)
        client, spoken = arena.test_client(), {"Authorization": f"Device {judge.token}"}
        db.session.get_one(Device, judge.device.id)
        packed(round_, cast)
        db.session.remove()
        body = {"report": {"pending": 0, "last_made": 0}, "rounds": []}
        with pytest.MonkeyPatch.context() as clock:
            for place in ("competition.judging.api.now",):
                clock.setattr(place, lambda: cast.at)
            state = client.post("/api/judging/state", json=body, headers=spoken).get_json()
            assert [one["state"] for one in state["rounds"]] == ["away"]
            event = {"uuid": str(uuid.uuid4()), "device_seq": 1, "seat": str(judge.seat.id), "work": str(list_works(round_.id)[0].id),
                     "kind": "mark", "criterion": "taste", "attempt": 1, "value": "30", "base_version": 0}
            answer = client.post("/api/judging/events", json={"events": [event], "report": body["report"]}, headers=spoken)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "round_away")
        assert "内容留在平板上，不会丢" in answer.get_json()["message"]
        assert db.session.scalar(select(func.count()).select_from(MarkEvent)) == 0


def test_the_pages_of_a_packed_round_offer_nothing_that_is_refused(content: dict[str, Any], arena: Flask, cast: Cast) -> None:
    with at_the_arena(arena):
        round_, judge = seated_there(content, cast)
        service.report_device(judge.device.id, TabletSays(pending=1, last_made=2), at=cast.at)
        chief = arena.test_client()
        sign_in(chief, db.session.scalars(select(Account).where(Account.display_name == "测试裁判长")).one())
        work = list_works(round_.id)[0]
        service.excuse(round_.id, seat_id=judge.seat.id, work_id=work.id, reason=REASON, actor=SYSTEM, at=cast.at)
        address = f"{base(round_)}/rounds/{round_.id}"
        offers = {address: ("锁定本轮</a>", "录入用时和扣分</a>", "纸质评分表</a>", "取消免评", "登记免评</button>",
                            "全部的在“锁定本轮”里"),
                  f"{address}/closing": ("锁定本轮</a>", "申请两人签字"), f"{address}/paper": ("录入一张评分表",),
                  f"{address}/figures": ("从 Excel 导入", "录入<span"), f"{address}/figures/{work.id}": ("记录</button>",),
                  f"{base(round_)}/": ("录入</a>", "纸质评分表</a>")}
        for where, words in offers.items():
            shown = page(chief, where)
            assert [word for word in words if word not in shown] == [], where
        packed(round_, cast)
        db.session.remove()
        for where, words in offers.items():
            shown = page(chief, where)
            assert [word for word in words if word in shown] == [], where
        assert "已装好带回" in page(chief, f"{address}/paper")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_mark_that_was_acknowledged_is_in_the_file(
    kind: str, content: dict[str, Any], cast: Cast, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Judges tap while the technician packs: what the machine said it has is on its way home, what it refused it has not stored."""
    url = None
    if kind == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.new_database()
    (tmp_path / kind).mkdir()
    app = build(tmp_path / kind, url, COMP_SERVER="arena")
    acknowledged, refusals = set[str](), list[str]()
    begun = threading.Event()

    def tap(device_id: uuid.UUID, events: list[DeviceEvent]) -> None:
        with app.app_context():
            for event in events:
                try:
                    service.accept_events(device_id, [event], at=cast.at)
                except RuleBroken as refused:
                    refusals.append(refused.code)
                    return
                acknowledged.add(str(event.id))
                if len(acknowledged) > 10:
                    begun.set()
                time.sleep(0.005)  # SQLite lets nobody pass in turn: who never pauses may shut the packing out

    with at_the_arena(app):
        round_, judge = seated_there(content, cast)
        second = sit_down(queries.seats_of_round(round_.id)[1], at=cast.at)
        work, trip = list_works(round_.id)[0], trip_here(round_)
        # Made here: what the threads are given belongs to no session.
        taps = [(one.device.id, [one.event(work, criterion="taste", value=str(20 + n % 10)) for n in range(2000)])
                for one in (judge, second)]
        threads = [threading.Thread(target=tap, args=one) for one in taps]
        for thread in threads:
            thread.start()
        assert begun.wait(60)
        back = service_trips_return.return_rounds(trip, actor=SYSTEM, at=cast.at)
        for thread in threads:
            thread.join(60)
    assert refusals == ["round_away"] * 2
    assert {row["id"] for row in back["tables"]["mark_event"]} == acknowledged


# ---- what the arena machine takes in ---------------------------------------------------------------------------


def test_an_arena_machine_belongs_to_nobody_or_to_this_home(
    broth: Round, content: dict[str, Any], arena: Flask, cast: Cast, tmp_path: Path
) -> None:
    bowl = round_of(broth.contest, "bowl")
    works(bowl, 1, at=cast.at)
    make_panel(bowl, 1, name="测试二组", at=cast.at)
    second = carried(lend(bowl, cast))
    make_contest(cast)
    with pytest.raises(RuleBroken, match="本机已有账号或赛事"):
        service_trips.take_in(carried(content | {"trip": str(uuid.uuid4())}), actor=SYSTEM, at=cast.at)
    with at_the_arena(arena):
        forged = carried(content)
        forged["tables"]["grant"][0]["role"] = "administrator"
        with pytest.raises(RuleBroken, match="赛场上用不到的角色"):
            service_trips.take_in(resummed(forged), actor=SYSTEM, at=cast.at)
        assert db.session.scalar(select(func.count()).select_from(Account)) == 0
        service_trips.take_in(content, actor=SYSTEM, at=cast.at)
        with pytest.raises(RuleBroken, match="另一家办公室的赛场主机"):
            service_trips.take_in(second | {"home": "other"}, actor=SYSTEM, at=cast.at)
        service_trips.take_in(second, actor=SYSTEM, at=cast.at)
        assert db.session.scalar(select(func.count()).select_from(Contest)) == 1
        with pytest.raises(RuleBroken, match="请写明项目"):
            service_trips_return.open_trip(list(db.session.scalars(select(Round))))


def resummed(content: dict[str, Any]) -> dict[str, Any]:
    return content | {"sums": rules_trips.sums(content["tables"])}


def test_the_command_resumes(broth: Round, content: dict[str, Any], arena: Flask, cast: Cast, tmp_path: Path) -> None:
    code = broth.contest.code
    with at_the_arena(arena):
        service_trips.take_in(content, actor=SYSTEM, at=cast.at)
        runner = arena.test_cli_runner(env={"COMP_TRIP_PASSPHRASE": PASSPHRASE})
        assert runner.invoke(args=["pack", code, str(tmp_path / "back.trip")]).exit_code == 0
        assert db.session.scalars(select(RoundState.away_at)).one() is not None
        assert runner.invoke(args=["resume-judging", code, "--reason", REASON], input="n\n").exit_code == 1
        said = runner.invoke(args=["resume-judging", code, "--reason", REASON, "--yes"])
        assert "已恢复 1 轮" in said.output, said.output
        assert "不用恢复" in runner.invoke(args=["resume-judging", code, "--reason", REASON, "--yes"]).output
        db.session.expire_all()
        assert db.session.scalars(select(RoundState.away_at)).one() is None
        short = arena.test_cli_runner(env={"COMP_TRIP_PASSPHRASE": "short"}).invoke(args=["pack", code, str(tmp_path / "b.trip")])
        assert "密码至少" in short.output
        assert db.session.scalars(select(RoundState.away_at)).one() is None, "refused before anything was marked"
