"""The close of a round: no tablet is left with marks, or two people signed for it."""

import uuid
from datetime import timedelta

import pytest

from competition.arena.work_queries import list_works
from competition.contests.models import Contest, Round
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db
from competition.core.errors import Forbidden, NotFound, RuleBroken
from competition.judging import queries, service
from competition.judging.models import MarkEvent, RoundState, Sheet
from competition.judging.models_close import TabletAbsence
from competition.judging.queries_board import board
from competition.judging.rules_reports import TabletSays
from competition.judging.schemas_reports import Report
from tests.cast import Cast
from tests.judges import Judge, fill_figures, judge_round, round_of, sit_down

REASON = "测试：平板摔坏，裁判员核对过纸面，没有漏掉的评分"


@pytest.fixture
def judges(broth: Round, any_cast: Cast) -> list[Judge]:
    """All sheets handed in, all figures entered: only tablets could be in the way."""
    found = judge_round(broth, at=any_cast.at)
    fill_figures(broth, at=any_cast.at)
    return found


def lock(broth: Round, cast: Cast) -> None:
    service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=cast.at)


def in_the_way(broth: Round, cast: Cast) -> list[str]:
    with pytest.raises(RuleBroken) as error:
        lock(broth, cast)
    assert error.value.code == "round_incomplete"
    found: list[str] = error.value.details["missing"]
    return found


def test_a_round_is_locked_when_every_tablet_said_that_it_is_empty(broth: Round, any_cast: Cast, judges: list[Judge]) -> None:
    assert [seat.open_tablets for seat in board(broth.id).seats] == [()] * 3
    lock(broth, any_cast)
    assert board(broth.id).works[0].cells[0].state == "locked"


@pytest.mark.parametrize(("says", "words"), [
    (TabletSays(pending=2, last_made=14), "还有 2 项未上传"),
    (TabletSays(pending=0, last_made=14), "它说做到第 14 项，服务器收到第 12 项，对不上"),
    (TabletSays(), "打开座位以后没有报告过情况"),
])
def test_a_tablet_that_says_otherwise_keeps_it_open(
    broth: Round, any_cast: Cast, judges: list[Judge], says: TabletSays, words: str,
) -> None:
    service.report_device(judges[1].device.id, says, at=any_cast.at)
    assert in_the_way(broth, any_cast) == [f"2 号裁判的平板：{words}"]


def test_a_number_that_never_came_keeps_it_open(broth: Round, any_cast: Cast, judges: list[Judge]) -> None:
    judges[0].seq += 2
    judges[0].send(judges[0].event(list_works(broth.id)[0], criterion="taste", value="1"))
    assert in_the_way(broth, any_cast) == ["1 号裁判的平板：有 2 项没有到达服务器（序号 13, 14）"]


def test_a_tablet_that_was_taken_over_must_be_heard_of_afterwards(broth: Round, any_cast: Cast, judges: list[Judge]) -> None:
    later = any_cast.at + timedelta(minutes=1)
    fresh = sit_down(judges[0].seat, at=later)
    assert in_the_way(broth, any_cast) == ["1 号裁判的旧平板：离开座位以后没有再联系，不知道有没有没上传的",
                                           "1 号裁判的平板：打开座位以后没有报告过情况"]
    fresh.send()
    service.report_device(judges[0].device.id, TabletSays(pending=1, last_made=13), at=later)
    assert in_the_way(broth, any_cast) == ["1 号裁判的旧平板：还有 1 项未上传"]
    late = judges[0].send(judges[0].event(list_works(broth.id)[0], criterion="taste", value="1"))
    assert late.answers[0].result == "quarantined"
    service.report_device(judges[0].device.id, TabletSays(pending=0, last_made=13), at=later)
    lock(broth, any_cast)


def test_an_absence_is_signed_by_two(broth: Round, any_cast: Cast, judges: list[Judge]) -> None:
    seat, chief = judges[1].seat, any_cast.actor("chief_judge")
    service.report_device(judges[1].device.id, TabletSays(pending=2, last_made=14), at=any_cast.at)
    request = service.ask_absence(broth.id, seat.id, reason=REASON, actor=chief, at=any_cast.at)
    assert [(line["last_seq"], line["missing"], line["pending"]) for line in request.payload["tablets"]] == [(12, [], 2)]
    assert "还有 2 项未上传" in approvals.KINDS[request.kind].lines(request.payload)[0]
    assert service.open_absences(broth.id, any_cast.at, [seat.id]) == {seat.id: request}
    with pytest.raises(Forbidden):
        approvals.decide(request.id, approve=True, actor=chief, at=any_cast.at)
    assert in_the_way(broth, any_cast)
    approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    row = db.session.query(TabletAbsence).one()
    assert (row.device_id, row.reason, row.by_id != row.second_id) == (judges[1].device.id, REASON, True)
    assert audit.history("seat", seat.id)[0].act in ("judging.sign_absence", "approval.approve")
    lock(broth, any_cast)
    # What it sends after all is kept, and counts only by two people.
    judges[1].seq += 1
    assert judges[1].send(judges[1].event(list_works(broth.id)[0], criterion="taste", value="1")).answers[0].result == "quarantined"


def test_a_signed_absence_does_not_cover_a_tablet_that_is_back(broth: Round, any_cast: Cast, judges: list[Judge]) -> None:
    service.report_device(judges[1].device.id, TabletSays(pending=2, last_made=14), at=any_cast.at)
    request = service.ask_absence(broth.id, judges[1].seat.id, reason=REASON, actor=any_cast.actor("chief_judge"), at=any_cast.at)
    approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    service.report_device(judges[1].device.id, TabletSays(pending=1, last_made=14), at=any_cast.at + timedelta(minutes=1))
    assert in_the_way(broth, any_cast) == ["2 号裁判的平板：还有 1 项未上传"]


@pytest.mark.parametrize("case", ["no reason", "empty", "foreign", "moved", "locked"])
def test_an_absence_is_refused(broth: Round, contest: Contest, any_cast: Cast, judges: list[Judge], case: str) -> None:
    chief, seat_id = any_cast.actor("chief_judge"), judges[1].seat.id
    if case != "empty":
        service.report_device(judges[1].device.id, TabletSays(pending=2, last_made=14), at=any_cast.at)
    if case in ("moved", "locked"):
        request = service.ask_absence(broth.id, seat_id, reason=REASON, actor=chief, at=any_cast.at)
        service.report_device(judges[1].device.id, TabletSays(pending=0, last_made=12), at=any_cast.at)
        if case == "locked":
            lock(broth, any_cast)
        with pytest.raises(RuleBroken) as error:
            approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
        assert error.value.code == {"moved": "tablets_moved", "locked": "round_not_open"}[case]
        return
    if case == "foreign":
        with pytest.raises(NotFound):
            service.open_tablets(round_of(contest, "theory").id, seat_id, any_cast.at)
        return
    with pytest.raises(RuleBroken) as refusal:
        service.ask_absence(broth.id, seat_id, reason="" if case == "no reason" else REASON, actor=chief, at=any_cast.at)
    assert refusal.value.code == {"no reason": "reason_required", "empty": "seat_is_empty"}[case]


def test_what_the_server_refused_keeps_it_open_until_two_people_sign(broth: Round, any_cast: Cast, judges: list[Judge]) -> None:
    judge, (first, second) = judges[0], list_works(broth.id)
    late = judge.event(first, criterion="taste", value="8")
    receipt = service.accept_events(judge.device.id, [late], at=any_cast.at, says=TabletSays(pending=0, last_made=judge.seq))
    assert receipt.answers[0].code == "sheet.handed_in"
    words = "1 号裁判的平板：服务器没有接受、只在这台平板上的评分：作品 {} 1 项"
    assert in_the_way(broth, any_cast) == [words.format(first.code)]
    tell(judge, any_cast, {str(second.id): 1, str(uuid.uuid4()): 4})
    assert in_the_way(broth, any_cast) == [words.format(second.code)], "works of other rounds are no matter of this one"
    request = service.ask_absence(broth.id, judge.seat.id, reason=REASON, actor=any_cast.actor("chief_judge"), at=any_cast.at)
    assert second.code in approvals.KINDS[request.kind].lines(request.payload)[0]
    assert approvals.KINDS[request.kind].describe(request.payload).endswith("1 号座位的平板上服务器没有接受的评分不计入")
    approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert db.session.query(TabletAbsence).one().stuck == {second.code: 1}
    tell(judge, any_cast, {str(second.id): 2}, minutes=1)
    assert "作品" in in_the_way(broth, any_cast)[0], "signed for one, not for two"
    tell(judge, any_cast, {str(second.id): 1}, minutes=2)
    lock(broth, any_cast)


def tell(judge: Judge, cast: Cast, stuck: dict[str, int], minutes: int = 0) -> None:
    """What the tablet says of events that were refused."""
    says = TabletSays(pending=0, last_made=judge.seq, stuck=stuck)
    service.report_device(judge.device.id, says, at=cast.at + timedelta(minutes=minutes))


def test_what_nobody_is_to_mark_is_not_waited_for(broth: Round, any_cast: Cast, judges: list[Judge]) -> None:
    work = list_works(broth.id)[0]
    tell(judges[0], any_cast, {str(work.id): 2})
    assert len(in_the_way(broth, any_cast)) == 1
    service.excuse(broth.id, seat_id=judges[0].seat.id, work_id=work.id, reason="测试：回避", actor=SYSTEM, at=any_cast.at)
    lock(broth, any_cast)
    assert queries.round_state(broth.id).state == "locked"


def test_an_old_page_cannot_say_what_was_refused(broth: Round, any_cast: Cast, judges: list[Judge]) -> None:
    says = Report.model_validate({"pending": 0, "last_made": judges[0].seq, "app_version": "before"}).says(any_cast.at)
    service.report_device(judges[0].device.id, says, at=any_cast.at)
    assert in_the_way(broth, any_cast) == ["1 号裁判的平板：评分页面是旧版，说不出有没有服务器没有接受的评分"]


def test_an_old_word_proves_nothing(broth: Round, any_cast: Cast, judges: list[Judge]) -> None:
    for judge in judges[1:]:
        tell(judge, any_cast, {}, minutes=12)
    later = any_cast.at + timedelta(minutes=21)
    stale = "1 号裁判的平板：开放以后没有联系过，或已经很久没有联系，不知道后来有没有再评分"
    with pytest.raises(RuleBroken) as error:
        service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=later)
    assert error.value.details["missing"] == [stale]
    request = service.ask_absence(broth.id, judges[0].seat.id, reason=REASON, actor=any_cast.actor("chief_judge"), at=later)
    approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=later)
    service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=later)


def test_what_was_good_enough_for_a_lock_is_so_when_it_was_taken_back(broth: Round, any_cast: Cast, judges: list[Judge]) -> None:
    lock(broth, any_cast)
    later = any_cast.at + timedelta(days=2)
    assert board(broth.id, later).missing == (), "nothing is waited for while it is locked"
    request = service.ask_unlock(broth.id, reason=REASON, actor=any_cast.actor("chief_judge"), at=later)
    approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=later)
    tell(judges[1], any_cast, {}, minutes=2 * 24 * 60 + 5)
    assert board(broth.id, later + timedelta(minutes=14)).missing == ()
    assert [one.sentence[:9] for one in board(broth.id, later + timedelta(minutes=16)).missing] == ["2 号裁判的平板："], "it was on again"


def test_a_word_from_before_the_opening_proves_nothing(broth: Round, any_cast: Cast, judges: list[Judge]) -> None:
    with atomic():
        db.session.get_one(RoundState, broth.id).opened_at = any_cast.at + timedelta(seconds=30)
        audit.record("test.opened", actor=SYSTEM, subject=("round", broth.id), at=any_cast.at)
    assert len(in_the_way(broth, any_cast)) == 3
    for judge in judges:
        tell(judge, any_cast, {}, minutes=1)
    lock(broth, any_cast)


def test_nothing_was_lost_by_all_this(broth: Round, any_cast: Cast, judges: list[Judge]) -> None:
    """Twelve events and two sheets of each of three seats, whatever was asked about their tablets."""
    assert db.session.query(MarkEvent).count() == 36
    assert db.session.query(Sheet).count() == 6 == 2 * len(queries.seats_of_round(broth.id))
