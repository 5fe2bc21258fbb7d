"""Who sets up the panels sees which tablets are ready, with what, and that it is out of date when something changed since."""

from copy import deepcopy

from flask import Flask

from competition.contests import service as contests
from competition.contests.models import Contest, Round
from competition.contests.queries import current_rulebook
from competition.core.actors import SYSTEM
from competition.core.database import db
from competition.judging import queries, service
from competition.judging.queries_ready import readiness_of
from competition.judging.queries_tablet import pack, rounds_now
from competition.judging.rules_reports import TabletSays
from tests.cast import Cast
from tests.judges import Judge, sit_down
from tests.queries import count_statements


def prepared(judge: Judge, *, ok: bool = True, **checks: str) -> None:
    """The tablet says that it has what the server gave it."""
    rounds = [{"id": str(r.id), "rulebook": r.rulebook, "works_tag": r.works_tag} for r in pack(judge.device, judge.at).rounds]
    ready = {"ok": ok, "checks": {"pack": "ok", **checks}, "rounds": rounds}
    service.report_device(judge.device.id, TabletSays(pending=0, last_made=0, battery=15, app_version="before", ready=ready), at=judge.at)


def states(round_: Round) -> list[str]:
    db.session.expire_all()
    seats = queries.seats_of_round(round_.id)
    found = readiness_of(seats)
    return [found[seat.id].state for seat in seats]


def test_a_tablet_is_ready_until_works_or_rules_change(broth: Round, contest: Contest, judge: Judge, any_cast: Cast) -> None:
    assert states(broth) == ["unknown", "none", "none"]
    prepared(judge, persist="warn")
    other = sit_down(queries.seats_of_round(broth.id)[1], at=any_cast.at)
    prepared(other, ok=False, worker="bad")
    assert states(broth) == ["ready", "faulty", "none"]
    found = readiness_of([judge.seat])[judge.seat.id]
    warned = [name for name, level in found.checks.items() if level == "warn"]
    assert (warned, found.versions, found.is_old, found.at) == (["persist"], (1,), True, any_cast.at)
    third = queries.seats_of_round(broth.id)[2]
    service.excuse(broth.id, seat_id=third.id, work_id=None, reason="测试：请假", actor=SYSTEM, at=any_cast.at)
    assert states(broth) == ["stale", "faulty", "none"]
    prepared(judge)
    assert states(broth)[0] == "ready"
    document = deepcopy(current_rulebook(contest.id).document)
    document["name"] = "测试：改了名称"
    contests.set_rulebook(contest.id, document, reason="测试", actor=SYSTEM, at=any_cast.at)
    assert states(broth)[0] == "stale"
    assert readiness_of([judge.seat])[judge.seat.id].versions == (1,)
    assert [r.rulebook for r in rounds_now(judge.device, {})] == [current_rulebook(contest.id).digest], "tablets hear of it"


def test_the_panels_page_and_the_seat_say_it(any_app: Flask, broth: Round, judge: Judge, any_cast: Cast) -> None:
    client = any_app.test_client()
    any_cast.sign_in(client, any_cast.account("organizer", "contest", broth.contest_id))
    prepared(judge, ok=False, secure="bad", persist="warn")
    base = f"/manage/contests/{broth.contest_id}/judging"
    page = client.get(f"{base}/panels").text
    assert "已打开 1 台平板，其中 0 台离线已就绪。" in page
    assert "离线没有就绪" in page
    seat = client.get(f"{base}/seats/{judge.seat.id}").text
    for words in ("加密连接", "有问题", "长期保存", "有提醒", "15%", "版本旧，请刷新平板", "评分规则第 1 版"):
        assert words in seat


def test_many_tablets_cost_what_one_does(broth: Round, any_cast: Cast) -> None:
    seats = queries.seats_of_round(broth.id)
    for seat in seats:
        prepared(sit_down(seat, at=any_cast.at))
    costs = []
    for some in (seats[:1], seats):
        db.session.expire_all()
        for seat in some:
            db.session.refresh(seat)
        with count_statements() as sent:
            readiness_of(some)
        costs.append(len(sent))
    assert costs[0] == costs[1]
