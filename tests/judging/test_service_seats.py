"""Seats change hands, tablets are locked out: who had them before is out at once, and nothing is lost."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from competition.accounts import service as accounts
from competition.accounts.models import Account, Grant
from competition.arena.works import Work
from competition.contests.models import Contest, Round
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.judging import queries, queries_seats, service
from competition.judging.models import Device
from competition.judging.queries_board import board
from competition.judging.queries_tablet import rounds_now
from tests.cast import Cast
from tests.judges import Judge, judge_round, make_panel, round_of, sit_down

REASON = "测试：平板遗失"


def seat_anew(judge: Judge, cast: Cast, name: str = "测试接替裁判", **more: object) -> None:
    service.seat_judge(judge.seat.id, name=name, actor=SYSTEM, at=cast.at, **more)  # type: ignore[arg-type]
    db.session.refresh(judge.device)
    db.session.refresh(judge.seat)


def test_another_judge_gets_another_card_and_the_earlier_tablet_is_out(broth: Round, any_cast: Cast, judge: Judge, work: Work) -> None:
    card = service.make_cards([judge.seat.id], actor=SYSTEM, at=any_cast.at)[0]
    seat_anew(judge, any_cast)
    assert (judge.seat.card_hash, judge.seat.pin_hash, judge.seat.card_made_at) == (None, None, None)
    assert (judge.device.end_code, judge.device.replaced_at) == ("reassigned", any_cast.at)
    with pytest.raises(RuleBroken) as error:
        service.open_seat(card.token, card.pin, label="", at=any_cast.at, previous=judge.token)
    assert error.value.code == "card_unknown"
    late = judge.send(judge.event(work, criterion="taste", value="30"))
    assert (late.answers[0].result, late.answers[0].code, late.is_live) == ("quarantined", "seat.reassigned", False)
    assert "另一位裁判员" in late.why
    assert [e.value for e in queries.quarantined(broth.id)] == ["30"]
    assert sit_down(judge.seat, at=any_cast.at).device.replaced_at is None


@pytest.mark.parametrize("change", ["employer", "account", "same account, other name"])
def test_the_same_judge_written_down_anew_goes_on(broth: Round, any_cast: Cast, judge: Judge, change: str) -> None:
    account = any_cast.account("judge", "contest", broth.contest_id, name="测试裁判账号")
    name = queries_seats.sitters_now([judge.seat.id])[judge.seat.id].name
    if change == "employer":
        seat_anew(judge, any_cast, name, employer="测试新单位")
    else:
        seat_anew(judge, any_cast, name, account_id=account.id)
        if change == "same account, other name":
            seat_anew(judge, any_cast, "测试改名", account_id=account.id)
    assert judge.device.replaced_at is None
    assert judge.seat.card_hash is not None


def test_another_account_of_the_same_name_is_another_judge(broth: Round, any_cast: Cast, judge: Judge) -> None:
    first, second = (any_cast.account("judge", "contest", broth.contest_id, name=name) for name in ("测试一", "测试二"))
    seat_anew(judge, any_cast, "测试同名", account_id=first.id)
    fresh = sit_down(judge.seat, at=any_cast.at)
    seat_anew(fresh, any_cast, "测试同名", account_id=second.id)
    assert fresh.device.end_code == "reassigned"


def end_right(account: Account, how: str, at: datetime) -> None:
    """What ends a judge's right to sit there."""
    grant = db.session.scalars(select(Grant).where(Grant.account_id == account.id)).one()
    if how == "role taken back":
        accounts.end_grant(grant.id, actor=SYSTEM, at=at)
        return
    with atomic():
        row = get(Account, account.id)
        row.is_active = how != "account closed"
        row.expires_at = at if how == "account past its last day" else None
        get(Grant, grant.id).valid_to = at if how == "role past its last day" else None
        audit.record("test.end", actor=SYSTEM, subject=("account", account.id), at=at)


@pytest.mark.parametrize("how", ["account closed", "account past its last day", "role taken back", "role past its last day"])
def test_a_tablet_is_out_when_its_judge_is(broth: Round, any_cast: Cast, judge: Judge, work: Work, how: str) -> None:
    """A token is no way round what ends a sign-in; what it still holds is kept aside."""
    account = any_cast.account("judge", "contest", broth.contest_id, name="测试裁判账号")
    name = queries_seats.sitters_now([judge.seat.id])[judge.seat.id].name
    seat_anew(judge, any_cast, name, account_id=account.id)
    card = service.make_cards([judge.seat.id], actor=SYSTEM, at=any_cast.at)[0]
    assert judge.send(judge.event(work, criterion="taste", value="30")).answers[0].result == "accepted"
    end_right(account, how, any_cast.at)
    with pytest.raises(RuleBroken) as error:
        service.open_seat(card.token, card.pin, label="", at=any_cast.at, previous=judge.token)
    assert error.value.code == "judge_barred"
    late = judge.send(judge.event(work, criterion="taste", value="31"))
    assert (late.answers[0].result, late.answers[0].code, late.is_live) == ("quarantined", "judge.barred", False)
    assert "已结束" in late.why
    assert [e.value for e in queries.quarantined(broth.id)] == ["31"]
    assert board(broth.id).seats[0].live is None
    assert audit.history("seat", judge.seat.id)[1].act == "judging.end_device"
    seat_anew(judge, any_cast, "测试接替裁判")
    assert sit_down(judge.seat, at=any_cast.at).device.replaced_at is None


def test_a_first_judge_keeps_the_card_that_was_made(contest: Contest, any_cast: Cast) -> None:
    panel = make_panel(round_of(contest, "broth"), 1, at=any_cast.at, sit=False)
    judge = sit_down(panel.seats[0], at=any_cast.at)
    seat_anew(judge, any_cast)
    assert judge.device.replaced_at is None
    assert judge.seat.card_hash is not None


def test_a_tablet_is_locked_out_with_a_reason(broth: Round, any_cast: Cast, judge: Judge, work: Work) -> None:
    judge.send(judge.event(work, criterion="taste", value="30"))
    card = service.make_cards([judge.seat.id], actor=SYSTEM, at=any_cast.at)[0]
    chief = any_cast.actor("chief_judge")
    later = any_cast.at + timedelta(days=2)
    service.stop_device(judge.device.id, reason=f" {REASON} ", actor=chief, at=later)
    db.session.refresh(judge.device)
    assert (judge.device.end_code, judge.device.end_reason, judge.device.replaced_at) == ("stopped", REASON, later)
    assert judge.device.expires_at > later, "what it still holds may come in"
    with pytest.raises(RuleBroken) as error:
        service.open_seat(card.token, card.pin, label="", at=later)
    assert error.value.code == "card_unknown"
    late = judge.send(judge.event(work, criterion="taste", value="31"))
    assert (late.answers[0].result, late.answers[0].code) == ("quarantined", "device.stopped")
    assert REASON in late.why
    cell = board(broth.id).works[0].cells[0]
    assert (cell.state, cell.done) == ("scoring", 1)
    assert board(broth.id).seats[0].live is None
    row = audit.history("seat", judge.seat.id)
    stopped = next(r for r in row if r.act == "judging.stop_device")
    assert (stopped.actor_id, stopped.reason) == (chief.id, REASON)


@pytest.mark.parametrize("case", ["no reason", "taken over", "twice"])
def test_locking_out_is_refused(any_cast: Cast, judge: Judge, case: str) -> None:
    if case == "taken over":
        sit_down(judge.seat, at=any_cast.at)
    elif case == "twice":
        service.stop_device(judge.device.id, reason=REASON, actor=SYSTEM, at=any_cast.at)
    with pytest.raises(RuleBroken) as error:
        service.stop_device(judge.device.id, reason="  " if case == "no reason" else REASON, actor=SYSTEM, at=any_cast.at)
    assert error.value.code == ("reason_required" if case == "no reason" else "device_not_live")
    live = queries_seats.live_devices([judge.seat.id])
    assert (judge.seat.id in live) == (case != "twice")


def test_a_locked_round_gets_no_further_panel(broth: Round, any_cast: Cast) -> None:
    judge_round(broth, at=any_cast.at, lock=True)
    before = queries.round_state(broth.id).version
    with pytest.raises(RuleBroken) as error:
        make_panel(broth, 2, name="测试乙组", at=any_cast.at)
    assert (error.value.code, "已锁定" in error.value.message) == ("round_locked", True)
    assert len(queries.seats_of_round(broth.id)) == 3
    assert queries.round_state(broth.id).version == before


def test_a_further_panel_of_an_open_round_shows_on_the_board(broth: Round, any_cast: Cast) -> None:
    before = queries.round_state(broth.id).version
    make_panel(broth, 2, name="测试乙组", at=any_cast.at)
    assert queries.round_state(broth.id).version == before + 1
    assert board(broth.id).needed == 2 * 5


def test_who_was_replaced_hears_nothing_of_the_seat(broth: Round, any_cast: Cast, judge: Judge, work: Work) -> None:
    assert [r.id for r in rounds_now(judge.device, {})] == [broth.id]
    seat_anew(judge, any_cast)
    fresh = sit_down(judge.seat, at=any_cast.at)
    fresh.send(fresh.event(work, criterion="taste", value="12"))
    assert rounds_now(db.session.get_one(Device, judge.device.id), {}) == []
