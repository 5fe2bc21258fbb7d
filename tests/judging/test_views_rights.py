"""Whose panels, whose tablets, whose approvals: a right for one event ends at that event."""

import uuid

import pytest
from flask.testing import FlaskClient

from competition.arena.work_queries import list_works
from competition.contests.models import Contest, Round
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic, db
from competition.judging import queries, queries_seats, service
from tests.builders import judged_contest, make_contest, open_codes
from tests.cast import Cast
from tests.judges import Judge, judge_round, make_panel, round_of, sit_down, works
from tests.judging.pages import REASON, base, open_it, page, post, signed_in


@pytest.fixture
def contest(cast: Cast) -> Contest:
    return make_contest(cast, phase="running", events=("theory", "broth", "bowl"))


@pytest.fixture
def broth(contest: Contest, cast: Cast) -> Round:
    found = round_of(contest, "broth")
    works(found, 2, at=cast.at)
    make_panel(found, 3, name="测试汤组", at=cast.at)
    return found


@pytest.fixture
def bowl(contest: Contest, cast: Cast) -> Round:
    found = round_of(contest, "bowl")
    works(found, 2, at=cast.at)
    make_panel(found, 2, name="测试面组", at=cast.at)
    return found


@pytest.fixture
def judge(broth: Round, cast: Cast) -> Judge:
    return sit_down(queries.seats_of_round(broth.id)[0], at=now())


def test_a_chief_judge_of_one_event_makes_panels_there_alone(client: FlaskClient, cast: Cast, broth: Round, bowl: Round) -> None:
    signed_in(client, cast, "chief_judge", "event", broth.event_id)
    shown = page(client, f"{base(broth)}/panels")
    assert "测试汤组" in shown
    assert "测试面组" not in shown
    assert str(bowl.event_id) not in shown
    post(client, f"{base(broth)}/panels", 422, event=str(bowl.event_id), name="测试闯入", seats="2")
    assert {panel.name for panel in queries_seats.panels_of_contest(broth.contest_id)} == {"测试汤组", "测试面组"}
    post(client, f"{base(broth)}/panels", event=str(broth.event_id), name="测试二组", seats="2")
    assert len(queries.seats_of_round(broth.id)) == 5


def test_every_other_address_of_a_foreign_event_is_closed(client: FlaskClient, cast: Cast, broth: Round, bowl: Round) -> None:
    """One by one, with things that exist: the right is asked for the event that is named, not for the contest."""
    open_it(bowl, cast)
    seat, work = queries.seats_of_round(bowl.id)[0], list_works(bowl.id)[0]
    opened = sit_down(seat, at=now())
    excusal = service.excuse(bowl.id, seat_id=seat.id, work_id=work.id, reason=REASON, actor=SYSTEM, at=cast.at)
    signed_in(client, cast, "chief_judge", "event", broth.event_id)
    round_, seats = f"{base(bowl)}/rounds/{bowl.id}", f"{base(bowl)}/seats/{seat.id}"
    for address in (round_, f"{round_}/board.json", f"{round_}/lock", f"{round_}/unlock", f"{round_}/works/{work.id}", f"{round_}/late",
                    f"{round_}/figures", f"{round_}/figures/{work.id}", f"{round_}/figures.xlsx", seats):
        page(client, address, 404)
    panel = seat.panel_id
    for address, data in (
        (f"{round_}/open", {}), (f"{round_}/lock", {"confirm_name": bowl.name}), (f"{round_}/unlock", {"reason": REASON}),
        (f"{round_}/excusals", {"work": str(work.id), "reason": REASON}), (f"{round_}/excusals/{excusal.id}/end", {}),
        (f"{round_}/works/{work.id}", {"reason": REASON}), (f"{round_}/late", {"reason": REASON, "decision": "count"}),
        (f"{round_}/figures/{work.id}", {"time_s": "25:00"}), (f"{round_}/figures", {}), (seats, {"name": "测试闯入"}),
        (f"{seats}/card", {}), (f"{seats}/closed", {"closed": "yes"}), (f"{base(bowl)}/panels/{panel}/cards", {}),
        (f"{seats}/devices/{opened.device.id}/stop", {"stop_reason": REASON}),
    ):
        post(client, address, 404, **data)
    db.session.refresh(opened.device)
    assert opened.device.replaced_at is None
    assert queries_seats.sitters_now([seat.id])[seat.id].name == "测试裁判1"


def test_the_list_of_rounds_is_that_of_the_own_events(client: FlaskClient, cast: Cast, broth: Round, bowl: Round) -> None:
    signed_in(client, cast, "chief_judge", "event", broth.event_id)
    shown = page(client, f"{base(broth)}/")
    assert broth.name in shown
    assert str(bowl.id) not in shown
    assert bowl.name not in shown


def test_things_of_another_event_are_not_found_under_the_own_one(client: FlaskClient, cast: Cast, broth: Round, bowl: Round) -> None:
    open_it(bowl, cast)
    open_it(broth, cast)
    excusal = service.excuse(bowl.id, seat_id=None, work_id=list_works(bowl.id)[0].id, reason=REASON, actor=SYSTEM, at=cast.at)
    foreign, own = queries.seats_of_round(bowl.id)[0], queries.seats_of_round(broth.id)[0]
    device = sit_down(foreign, at=now()).device
    signed_in(client, cast, "chief_judge", "event", broth.event_id)
    address = f"{base(broth)}/rounds/{broth.id}"
    page(client, f"{address}/works/{list_works(bowl.id)[0].id}", 404)
    page(client, f"{address}/figures/{list_works(bowl.id)[0].id}", 404)
    post(client, f"{address}/excusals/{excusal.id}/end", 404)
    post(client, f"{address}/excusals", 422, work=str(list_works(bowl.id)[0].id), reason=REASON)
    post(client, f"{address}/excusals", 422, seat=str(foreign.id), reason=REASON)
    post(client, f"{base(broth)}/seats/{own.id}/devices/{device.id}/stop", 404, stop_reason=REASON)
    db.session.expire_all()
    assert [len(queries.excusals_of_round(one.id)) for one in (bowl, broth)] == [1, 0]
    assert device.replaced_at is None


def test_a_locked_round_is_named_when_a_panel_is_refused(client: FlaskClient, cast: Cast, broth: Round) -> None:
    open_it(broth, cast)
    judge_round(broth, at=cast.at, lock=True)
    signed_in(client, cast, "organizer")
    shown = post(client, f"{base(broth)}/panels", 409, event=str(broth.event_id), name="测试二组", seats="2")
    assert "已锁定，不能再增加裁判组" in shown
    assert "测试二组" in shown, "what was typed stays"


def test_the_chief_locks_a_tablet_out(client: FlaskClient, cast: Cast, judge: Judge, broth: Round) -> None:
    signed_in(client, cast, "chief_judge")
    seat = f"{base(broth)}/seats/{judge.seat.id}"
    assert "停用平板" in page(client, f"{base(broth)}/panels")
    assert "停用此平板" in page(client, seat)
    stop = f"{seat}/devices/{judge.device.id}/stop"
    assert "请写明停用的理由" in post(client, stop, 422, stop_reason=" ")
    post(client, stop, stop_reason=REASON)
    shown = page(client, seat)
    assert "已停用" in shown
    assert REASON in shown
    assert "停用此平板" not in shown
    assert "已经不在使用中" in post(client, stop, 409, stop_reason=REASON)


def test_only_the_chief_locks_tablets_out(client: FlaskClient, cast: Cast, judge: Judge, broth: Round) -> None:
    signed_in(client, cast, "organizer")
    seat = f"{base(broth)}/seats/{judge.seat.id}"
    assert "停用此平板" not in page(client, seat)
    assert "停用平板" not in page(client, f"{base(broth)}/panels")
    post(client, f"{seat}/devices/{judge.device.id}/stop", 403, stop_reason=REASON)


def test_a_locked_out_tablet_is_told_and_still_delivers(client: FlaskClient, cast: Cast, judge: Judge, broth: Round) -> None:
    open_it(broth, cast)
    service.stop_device(judge.device.id, reason=REASON, actor=SYSTEM, at=now())
    headers = {"Authorization": f"Device {judge.token}"}
    told = client.get("/api/judging/pack", headers=headers)
    assert (told.status_code, told.get_json()["code"], told.get_json()["details"]) == (409, "device_ended", {"why": "stopped"})
    assert f"裁判长已停用这台平板（理由：{REASON}）" in told.get_json()["message"]
    state = client.post("/api/judging/state", headers=headers, json={"rounds": []}).get_json()
    assert (state["is_live"], state["rounds"]) == (False, [])
    assert REASON in state["why"]
    event = {"uuid": str(uuid.uuid4()), "device_seq": 1, "seat": str(judge.seat.id), "work": str(list_works(broth.id)[0].id),
             "criterion": "taste", "value": "30"}
    sent = client.post("/api/judging/events", headers=headers, json={"events": [event]}).get_json()
    assert (sent["answers"][0]["result"], sent["answers"][0]["code"]) == ("quarantined", "device.stopped")
    signed_in(client, cast, "chief_judge")
    assert "平板已停用" in page(client, f"{base(broth)}/rounds/{broth.id}/late")


def test_another_judge_means_another_card(client: FlaskClient, cast: Cast, judge: Judge, broth: Round) -> None:
    signed_in(client, cast, "organizer")
    seat = f"{base(broth)}/seats/{judge.seat.id}"
    answer = client.post(seat, data={"name": "测试接替裁判", "employer": "", "account": ""})
    assert answer.headers["Location"].endswith(seat), "where the new card is made"
    shown = page(client, seat)
    assert "请为 测试接替裁判 重新制作座位卡" in shown
    assert "座位已换人" in shown


def test_the_second_person_reads_late_marks_line_by_line(client: FlaskClient, cast: Cast, judge: Judge, broth: Round) -> None:
    open_it(broth, cast)
    work = list_works(broth.id)[0]
    fresh = sit_down(judge.seat, at=now())
    fresh.send(fresh.event(work, criterion="taste", value="20"))
    judge.send(judge.event(work, criterion="taste", value="30"))
    signed_in(client, cast, "chief_judge")
    address = f"{base(broth)}/rounds/{broth.id}/late"
    assert "版本" in page(client, address)
    post(client, address, ids=str(queries.quarantined(broth.id)[0].id), reason=REASON, decision="count")
    request = approvals.open_request("judging.late_marks", broth.id)
    assert request is not None
    signed_in(client, cast, "supervisor")
    assert f"作品 {work.code} · 1 号裁判 · 滋味：另存 30；现有 20" in page(client, f"/approvals/{request.id}")
    fresh.send(fresh.event(work, criterion="taste", value="21"))
    assert "现有的分数又有变化" in post(client, f"/approvals/{request.id}/decide", 409, decision="approve", note="")


def test_an_opened_round_is_unlocked_by_a_supervisor(client: FlaskClient, cast: Cast) -> None:
    contest = judged_contest(cast, 3, events=("broth",), seats=3)
    round_ = round_of(contest, "broth")
    signed_in(client, cast, "chief_judge")
    address = f"{base(round_)}/rounds/{round_.id}/unlock"
    assert "解密" not in page(client, address)
    open_codes(cast, contest)
    signed_in(client, cast, "chief_judge")
    shown = page(client, address)
    assert "作品号已于" in shown
    assert "只能由监督仲裁批准" in shown
    post(client, address, reason=REASON)
    request = service.open_unlock(round_.id, now())
    assert request is not None
    client = cast.sign_in(client, cast.account("chief_judge", name="测试另一裁判长"))
    page(client, f"/approvals/{request.id}", 404)
    post(client, f"/approvals/{request.id}/decide", 404, decision="approve", note="")
    signed_in(client, cast, "supervisor")
    assert "作品号已于" in page(client, f"/approvals/{request.id}")
    post(client, f"/approvals/{request.id}/decide", decision="approve", note="")
    assert queries.round_state(round_.id).state == "open"


def test_the_absent_stand_on_board_and_lists(client: FlaskClient, cast: Cast, broth: Round) -> None:
    open_it(broth, cast)
    with atomic():
        list_works(broth.id)[0].away = "ABSENT"
        audit.record("test.away", actor=SYSTEM, subject=("round", broth.id), at=cast.at, chain=broth.contest_id)
    signed_in(client, cast, "chief_judge")
    address = f"{base(broth)}/rounds/{broth.id}"
    assert page(client, address).count("— 缺考") == 3
    told = client.get(f"{address}/board.json").get_json()
    assert (told["works"][0][1][0][0], told["works"][0][4], told["works"][1][4]) == ("absent", "缺考", "")
    assert "还有 1 件没有录入" in page(client, f"{address}/figures")
    assert "登记为缺考，不需要录入" in page(client, f"{address}/figures/{list_works(broth.id)[0].id}")
    assert "0 / 3" in page(client, f"{base(broth)}/")
