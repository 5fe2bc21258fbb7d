"""The protocol on real databases: every event once, whatever the order of things."""

import threading
import uuid
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from competition.arena.works import Work
from competition.contests.models import Contest, Round
from competition.contests.queries import current_rulebook
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import db
from competition.judging import queries, queries_seats, rules, service
from competition.judging.models import DeviceReport, MarkEvent, Sheet
from competition.judging.projection import project
from competition.judging.queries_board import board
from competition.judging.queries_sent import replayed, sent_of_event
from competition.judging.rules_reports import TabletSays
from competition.judging.service_marks import Receipt
from tests.cast import Cast
from tests.judges import Judge, criteria_of, judge_round, sit_down
from tests.queries import count_statements

GOOD = {"clarity": "20", "aroma": "20.5", "taste": "30", "amount": "8", "hygiene": "4"}


def results(receipt: Receipt) -> list[str]:
    return [answer.result for answer in receipt.answers]


def count(model: type[MarkEvent] | type[Sheet]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_sheet_is_taken_once_and_read_back(judge: Judge, work: Work, broth: Round) -> None:
    events = judge.sheet(work, GOOD)
    first, again = judge.send(*events), judge.send(*events)
    assert results(first) == ["accepted"] * 6
    assert results(again) == ["repeated"] * 6
    assert [a.version for a in again.answers] == [a.version for a in first.answers]
    assert again.answers[-1].details == first.answers[-1].details
    assert queries.marks_of_event(broth.event_id) == sorted((work.id, 1, key, 1, value) for key, value in GOOD.items())
    assert count(MarkEvent) == 6
    assert not list(audit.verify())


def test_a_repeat_alone_writes_nothing(judge: Judge, work: Work, broth: Round) -> None:
    event = judge.event(work, criterion="taste", value="30")
    judge.send(event)
    before = (audit.head_digest(broth.contest_id), queries.round_state(broth.id).version)
    judge.send(event)
    assert (audit.head_digest(broth.contest_id), queries.round_state(broth.id).version) == before


def test_the_same_uuid_with_other_content_is_refused(judge: Judge, work: Work, broth: Round, any_cast: Cast) -> None:
    event = judge.event(work, criterion="taste", value="30")
    judge.send(event)
    other = sit_down(queries.seats_of_round(broth.id)[1], at=any_cast.at)
    for sender, changed in ((judge, replace(event, value="31")), (judge, replace(event, device_seq=9)),
                            (other, replace(event, seat_id=other.seat.id))):
        answer = sender.send(changed).answers[0]
        assert (answer.result, answer.code) == ("refused", "event.changed")
    assert count(MarkEvent) == 1


def test_one_number_of_a_tablet_holds_one_event(judge: Judge, work: Work) -> None:
    event = judge.event(work, criterion="taste", value="30")
    answer = judge.send(event, replace(event, id=uuid.uuid4(), value="31"))
    assert sorted(results(answer)) == ["accepted", "refused"]


def test_the_same_event_twice_in_one_request_counts_once(judge: Judge, work: Work) -> None:
    event = judge.event(work, criterion="taste", value="30")
    assert len(judge.send(event, event).answers) == 2
    assert count(MarkEvent) == 1


def test_gaps_are_told_until_they_are_filled(judge: Judge, work: Work) -> None:
    events = [judge.event(work, criterion="taste", value=str(n)) for n in range(1, 6)]
    assert judge.send(events[0], events[4]).missing == [2, 3, 4]
    assert judge.send(events[2]).missing == [2, 4]
    assert judge.send(events[1], events[3]).missing == []


def test_a_late_earlier_event_does_not_undo_a_later_one(judge: Judge, work: Work) -> None:
    earlier, later = (judge.event(work, criterion="taste", value=value) for value in ("10", "20"))
    judge.send(later)
    assert results(judge.send(earlier)) == ["accepted"]
    sheet = queries.find_sheet(judge.seat.id, work.id)
    assert sheet is not None
    assert rules.sheet_text(sheet.marks) == "taste/1=20"


def test_a_late_earlier_event_does_not_bring_back_what_was_withdrawn(judge: Judge, work: Work, broth: Round) -> None:
    earlier, later = (judge.event(work, criterion="taste", value=value) for value in ("10", "20"))
    gone, other = judge.event(work, rules.WITHDRAW, criterion="taste"), judge.event(work, criterion="aroma", value="20")
    judge.send(later, gone, other)
    assert results(judge.send(earlier)) == ["accepted"]
    sheet = queries.find_sheet(judge.seat.id, work.id)
    assert sheet is not None
    assert rules.sheet_text(sheet.marks) == "aroma/1=20"
    # The second way, from what was sent, says the same.
    held = [(work.id, judge.seat.number, "aroma", 1, "20")]
    assert replayed(sent_of_event(broth.event_id), held) == held


def test_a_mark_is_withdrawn_and_made_again(judge: Judge, work: Work) -> None:
    judge.send(judge.event(work, criterion="taste", value="10"), judge.event(work, rules.WITHDRAW, criterion="taste"))
    sheet = queries.find_sheet(judge.seat.id, work.id)
    assert sheet is not None
    assert sheet.marks == {}
    judge.send(judge.event(work, criterion="taste", value="11"))
    db.session.refresh(sheet)
    assert rules.sheet_text(sheet.marks) == "taste/1=11"


def test_a_second_answer_says_how_the_sheet_stands_now(judge: Judge, work: Work) -> None:
    """The first answer was lost on its way; meanwhile the chief judge has sent the sheet back."""
    events = judge.sheet(work, GOOD)
    judge.send(*events)
    sheet = queries.find_sheet(judge.seat.id, work.id)
    assert sheet is not None
    service.send_back(sheet.id, reason="测试：请核对", actor=SYSTEM, at=judge.at)
    again = judge.send(events[-1]).answers[0]
    assert (again.result, dict(again.details)) == ("repeated", {"state": "disputed", "version": sheet.version})
    assert again.version == sheet.version - 1


def test_another_tablet_must_have_seen_what_it_replaces(judge: Judge, work: Work) -> None:
    held = judge.send(judge.event(work, criterion="taste", value="10")).answers[0]
    second = sit_down(judge.seat, at=judge.at)
    stale = second.send(second.event(work, criterion="taste", value="12")).answers[0]
    assert (stale.result, dict(stale.details)) == ("conflict", {"yours": "12", "held": "10", "version": held.version})
    seen = second.send(second.event(work, criterion="taste", value="12", base_version=held.version))
    assert results(seen) == ["accepted"]
    assert results(second.send(second.event(work, criterion="taste", value="13"))) == ["accepted"]


def test_the_replaced_tablet_is_kept_aside(judge: Judge, work: Work, broth: Round) -> None:
    second = sit_down(judge.seat, at=judge.at)
    event = judge.event(work, criterion="taste", value="10")
    late, again = judge.send(event), judge.send(event)
    assert not late.is_live
    assert results(late) == results(again) == ["quarantined"]
    assert second.send(second.event(work, criterion="taste", value="12")).is_live
    assert [e.id for e in queries.quarantined(broth.id)] == [event.id]
    assert queries.marks_of_event(broth.event_id) == []


def test_after_the_lock_marks_are_kept_aside(broth: Round, any_cast: Cast, work: Work) -> None:
    judges = judge_round(broth, at=any_cast.at, lock=True)
    before = queries.marks_of_event(broth.event_id)
    answer = judges[0].send(judges[0].event(work, criterion="taste", value="1")).answers[0]
    assert (answer.result, answer.code) == ("quarantined", "round.locked")
    assert queries.marks_of_event(broth.event_id) == before
    assert board(broth.id).aside == 1


def test_refusals_are_answered_and_the_rest_is_taken(judge: Judge, work: Work) -> None:
    answer = judge.send(judge.event(work, criterion="taste", value="30.3"), judge.event(work, criterion="aroma", value="９"),
                        judge.event(work, criterion="hygiene", value="5"), judge.event(work, criterion="beauty", value="5"))
    assert results(answer) == ["refused", "refused", "accepted", "refused"]
    assert (answer.last_seq, answer.missing) == (4, [])


def test_a_work_of_another_round_is_refused(judge: Judge, contest: Contest) -> None:
    stranger = Work(id=uuid.uuid4(), contest_id=contest.id)
    assert judge.send(judge.event(stranger, criterion="taste", value="1")).answers[0].code == "work.unknown"


def test_an_incomplete_or_different_sheet_is_not_handed_in(judge: Judge, work: Work) -> None:
    judge.send(judge.event(work, criterion="taste", value="30"))
    refused = judge.send(judge.event(work, rules.HAND_IN, value="taste/1=30")).answers[0]
    assert refused.code == "sheet.incomplete"
    *marks, hand_in = judge.sheet(work, GOOD)
    judge.send(*marks)
    assert judge.send(replace(hand_in, value="taste/1=1")).answers[0].code == "sheet.differs"
    first = judge.send(replace(hand_in, id=uuid.uuid4(), device_seq=hand_in.device_seq + 1)).answers[0]
    assert first.result == "accepted"
    again = judge.send(replace(hand_in, id=uuid.uuid4(), device_seq=hand_in.device_seq + 2)).answers[0]
    assert (again.result, again.version, again.details) == ("repeated", first.version, first.details)
    other = judge.send(replace(hand_in, id=uuid.uuid4(), device_seq=hand_in.device_seq + 3, value="taste/1=1")).answers[0]
    assert (other.result, other.code) == ("refused", "sheet.handed_in")


def test_the_first_mark_freezes_the_rulebook(judge: Judge, work: Work, contest: Contest, any_cast: Cast) -> None:
    assert current_rulebook(contest.id).frozen_at is None
    judge.send(judge.event(work, criterion="taste", value="30"))
    assert current_rulebook(contest.id).frozen_at == any_cast.at


def test_replaying_the_events_gives_the_same_sheets(broth: Round, any_cast: Cast, work: Work) -> None:
    judges = judge_round(broth, at=any_cast.at)
    judges[0].send(judges[0].event(work, criterion="taste", value="1"))
    digest = current_rulebook(broth.contest_id).digest
    sheets = db.session.scalars(select(Sheet)).all()
    assert len(sheets) >= len(judges)
    for sheet in sheets:
        rebuilt = Sheet(seat_id=sheet.seat_id, work_id=sheet.work_id, marks={}, state="scoring", version=0)
        events = select(MarkEvent).where(MarkEvent.seat_id == sheet.seat_id, MarkEvent.work_id == sheet.work_id)
        for event in db.session.scalars(events.where(MarkEvent.state == "accepted").order_by(MarkEvent.seq)).all():
            project(rebuilt, event, digest, sheet.work.code, sheet.seat.number, any_cast.at)
        assert (rebuilt.marks, rebuilt.state, rebuilt.check_code) == (sheet.marks, sheet.state, sheet.check_code)
    db.session.expunge_all()


def test_many_threads_send_the_same_events(any_app: Flask, broth: Round, any_cast: Cast, work: Work) -> None:
    judges = [sit_down(seat, at=any_cast.at) for seat in queries.seats_of_round(broth.id)]
    packets = [(judge.device.id, judge.sheet(work, GOOD)) for judge in judges]
    event_id, criteria = broth.event_id, len(criteria_of(broth))
    db.session.remove()
    answers: list[str] = []
    failures: list[BaseException] = []

    def send(device_id: uuid.UUID, events: list[rules.DeviceEvent]) -> None:
        try:
            with any_app.app_context():
                for start in range(0, len(events), 2):
                    answers.extend(results(service.accept_events(device_id, events[start:start + 2], at=any_cast.at)))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=send, args=packet) for packet in packets * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sorted(set(answers)) == ["accepted", "repeated"]
    assert answers.count("accepted") == 3 * 6
    assert count(MarkEvent) == 3 * 6
    seqs = db.session.scalars(select(MarkEvent.seq).order_by(MarkEvent.seq)).all()
    assert len(seqs) == len(set(seqs))
    assert len(queries.marks_of_event(event_id)) == 3 * criteria
    assert not list(audit.verify())


def test_what_a_mark_costs_does_not_depend_on_how_many_come_with_it(judge: Judge, work: Work) -> None:
    """One accepted mark, and a hundred in one request: as many statements. The report of the tablet goes with them."""
    device_id = judge.device.id
    for value in ("30", "29"):  # the second reads the rulebook that the first has fixed
        judge.send(judge.event(work, criterion="taste", value=value))
    one = [judge.event(work, criterion="taste", value="31")]
    many = [judge.event(work, criterion=key, value=str(n % 4)) for n in range(25) for key in ("taste", "clarity", "aroma", "hygiene")]
    for number, events in enumerate((one, many)):
        with count_statements() as sent:
            receipt = service.accept_events(device_id, events, at=judge.at, says=TabletSays(pending=0, last_made=number))
        assert set(results(receipt)) == {"accepted"}
        assert len(sent) == 12, sent
    assert not list(audit.verify())


def test_what_was_loaded_before_is_read_anew_after_marks_came(judge: Judge, work: Work, broth: Round) -> None:
    judge.send(judge.event(work, criterion="taste", value="30"))
    sheet, state = queries.find_sheet(judge.seat.id, work.id), queries.state_row(broth.id)
    assert sheet is not None
    assert state is not None
    before = state.version
    judge.send(judge.event(work, criterion="taste", value="31"))
    assert (rules.sheet_text(sheet.marks), state.version, judge.device.last_seq) == ("taste/1=31", before + 1, 2)


def test_a_tablet_that_is_seen_often_is_written_rarely(judge: Judge) -> None:
    for seconds in range(12):
        service.report_device(judge.device.id, TabletSays(pending=0, last_made=3), at=judge.at + timedelta(seconds=seconds))
    _device, report = queries_seats.live_devices([judge.seat.id])[judge.seat.id]
    assert report is not None
    assert report.seen_at == judge.at + timedelta(seconds=10)
    service.report_device(judge.device.id, TabletSays(pending=4, last_made=7), at=judge.at + timedelta(seconds=11))
    db.session.expire_all()
    assert report.pending == 4


def test_a_tablet_says_how_it_is_and_once_whether_it_is_ready(judge: Judge, work: Work) -> None:
    ready = {"ok": True, "checks": {"secure": "ok"}, "rounds": []}
    full = TabletSays(pending=2, last_made=2, battery=71, charging=False, held={str(work.id): 2}, app_version="A1", ready=ready)
    service.report_device(judge.device.id, full, at=judge.at)
    service.report_device(judge.device.id, TabletSays(pending=0, last_made=2), at=judge.at + timedelta(seconds=1))
    _device, report = queries_seats.live_devices([judge.seat.id])[judge.seat.id]
    assert report is not None
    db.session.refresh(report)
    assert (report.pending, report.battery, report.held, report.app_version) == (0, None, {}, "")
    assert (report.ready, report.ready_at) == (ready, judge.at), "kept until the tablet says otherwise"


def test_the_first_word_after_the_seat_was_lost_is_written_at_once(judge: Judge) -> None:
    """Else a round could not be closed for ten seconds, although the tablet has said that it is empty."""
    empty = TabletSays(pending=0, last_made=0)
    service.report_device(judge.device.id, empty, at=judge.at)
    sit_down(judge.seat, at=judge.at + timedelta(seconds=1))
    for seconds, seen in ((2, 2), (3, 2)):
        service.report_device(judge.device.id, empty, at=judge.at + timedelta(seconds=seconds))
        db.session.expire_all()
        assert db.session.get_one(DeviceReport, judge.device.id).seen_at == judge.at + timedelta(seconds=seen)


def test_nobody_is_an_actor_by_accident(judge: Judge, work: Work, broth: Round) -> None:
    judge.send(judge.event(work, criterion="taste", value="30"))
    row = audit.history("seat", judge.seat.id)[0]
    assert (row.act, row.actor_kind, row.actor_id) == ("judging.accept_events", "device", judge.device.id)
    assert SYSTEM.id is None
