"""What a tablet hands over without a network: the same receipts as online, nothing doubled, nothing unproved taken."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Contest, Round
from competition.core import approvals
from competition.core.actors import SYSTEM, Actor
from competition.core.audit import AuditRow
from competition.core.database import db, find, get
from competition.core.errors import RuleBroken
from competition.judging import device_keys, queries, queries_handover, rules, service
from competition.judging.models import Device, DeviceReport, MarkEvent
from competition.judging.models_handover import Handover
from competition.judging.queries_board import board
from competition.judging.schemas_reports import Report
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import Judge, fill_figures, sit_down
from tests.judging.handing import MARKS, Key, body, code_of, cover, handed, register


@pytest.fixture
def key(judge: Judge) -> Key:
    return register(judge)


@pytest.fixture
def chief(contest: Contest, any_cast: Cast) -> Actor:
    return any_cast.actor("chief_judge", "contest", contest.id)


def read(broth: Round, judge: Judge, data: bytes, actor: Actor = SYSTEM) -> Handover:
    return service.read_handover(broth.contest_id, data, way="file", file_name="a.json", events={broth.event_id}, actor=actor, at=judge.at)


def take(found: Handover, judge: Judge, *, stuck: bool = False, at: datetime | None = None) -> dict[str, int]:
    counts: dict[str, int] = service.take_handover(found.id, stuck=stuck, actor=SYSTEM, at=at or judge.at).results["counts"]
    return counts


def held(judge: Judge, work: Work) -> str:
    sheet = queries.find_sheet(judge.seat.id, work.id)
    return rules.sheet_text(sheet.marks) if sheet else ""


def stored() -> int:
    return len(list(db.session.scalars(select(MarkEvent.id))))


def acts(name: str) -> list[dict[str, Any]]:
    return [row.details for row in db.session.scalars(select(AuditRow).where(AuditRow.act == name).order_by(AuditRow.seq))]


def test_a_file_is_taken_like_what_comes_online(broth: Round, judge: Judge, work: Work, key: Key, chief: Actor) -> None:
    events = judge.sheet(work, MARKS)
    data = handed(judge, key, events)
    found = read(broth, judge, data, chief)
    assert (found.signed, found.state, found.event_count, found.code) == ("signed", "read", 6, code_of(data))
    shown = queries_handover.preview(found)
    assert (shown.fresh, shown.held, shown.changed, shown.stuck, shown.strange) == (6, 0, 0, 0, 0)
    assert [(w.code, w.events, w.hands_in) for w in shown.works] == [(work.code, 6, True)]
    assert held(judge, work) == ""
    assert take(found, judge) == {"accepted": 6}
    sheet = queries.find_sheet(judge.seat.id, work.id)
    assert sheet is not None
    assert sheet.state == "handed_in"
    assert sheet.check_code
    assert acts("judging.take_handover")[0]["answers"] == {"accepted": 6}
    assert [row.actor_id for row in db.session.scalars(select(AuditRow).where(AuditRow.act == "judging.read_handover"))] == [chief.id]
    assert acts("judging.read_handover")[0]["signing_key"] == found.key == device_keys.thumbprint(json.dumps(key.jwk))
    report = find(DeviceReport, device_id=judge.device.id)
    assert report is not None
    assert (report.pending, report.last_made) == (0, 6)
    assert not any(seat.open_tablets for seat in board(broth.id).seats if seat.id == judge.seat.id)


def test_the_file_and_the_network_in_either_order_double_nothing(broth: Round, judge: Judge, work: Work, key: Key) -> None:
    events = judge.sheet(work, MARKS)
    take(read(broth, judge, handed(judge, key, events)), judge)
    assert {a.result for a in judge.send(*events).answers} == {"repeated"}
    assert stored() == 6
    events = judge.sheet(list_works(broth.id)[1], MARKS)
    judge.send(*events)
    found = read(broth, judge, handed(judge, key, events))
    assert queries_handover.preview(found).held == 6
    assert take(found, judge) == {"repeated": 6}
    assert stored() == 12


def test_half_by_network_and_half_by_file_is_a_whole_sheet(broth: Round, judge: Judge, work: Work, key: Key) -> None:
    events = judge.sheet(work, MARKS)
    judge.send(*events[:3])
    assert take(read(broth, judge, handed(judge, key, events)), judge) == {"repeated": 3, "accepted": 3}
    assert stored() == 6
    assert get(Device, judge.device.id).missing == []


def test_a_file_twice_is_one_row_and_taken_twice_is_taken_once(broth: Round, judge: Judge, work: Work, key: Key) -> None:
    data = handed(judge, key, judge.sheet(work, MARKS))
    found = read(broth, judge, data)
    assert take(found, judge) == {"accepted": 6}
    assert read(broth, judge, data).id == found.id
    assert take(found, judge) == {"repeated": 6}
    assert stored() == 6
    assert read(broth, judge, handed(judge, key, [judge.event(work, criterion="taste", value="31")])).id != found.id


def test_more_than_a_slice_is_taken_in_order(broth: Round, judge: Judge, work: Work, key: Key) -> None:
    events = [judge.event(work, criterion="taste", value=str(n % 30)) for n in range(230)]
    assert take(read(broth, judge, handed(judge, key, events)), judge) == {"accepted": 230}
    assert held(judge, work) == f"taste/1={229 % 30}"


def test_what_the_server_had_refused_is_left_out_unless_it_is_asked_for(broth: Round, judge: Judge, work: Work, key: Key) -> None:
    wrong, good = judge.event(work, criterion="taste", value="99"), judge.event(work, criterion="taste", value="30")
    judge.send(wrong)
    found = read(broth, judge, handed(judge, key, [wrong, good], stuck=[str(wrong.id)]))
    assert queries_handover.preview(found).stuck == 1
    assert take(found, judge) == {"accepted": 1}
    assert found.results["left"] == 1
    assert take(found, judge, stuck=True) == {"refused": 1, "repeated": 1}
    assert [line["result"] for line in found.results["lines"]] == ["refused"]
    assert held(judge, work) == "taste/1=30"
    assert open_tablet(broth, judge) is None, "what was refused was said anew"


def test_what_is_refused_on_the_way_still_keeps_the_round_open(broth: Round, judge: Judge, work: Work, key: Key) -> None:
    wrong = judge.event(work, criterion="taste", value="99")
    assert take(read(broth, judge, handed(judge, key, [wrong])), judge) == {"refused": 1}
    assert open_tablet(broth, judge) == "stuck"
    good, left = judge.event(work, criterion="taste", value="30"), judge.event(work, criterion="aroma", value="99")
    judge.send(left)
    assert take(read(broth, judge, handed(judge, key, [good, left], stuck=[str(left.id)])), judge) == {"accepted": 1}
    assert open_tablet(broth, judge) == "stuck", "what was left out is on the tablet alone"


def test_a_file_is_a_word_of_when_it_was_made(broth: Round, judge: Judge, work: Work, key: Key) -> None:
    made_at = judge.at + timedelta(minutes=1)
    says = Report(pending=0, last_made=0, client_at=judge.at + timedelta(hours=8)).says(judge.at)
    service.report_device(judge.device.id, says, at=judge.at)
    events = [judge.event(work, criterion="taste", value="30")]
    data = handed(judge, key, events, made_at=(made_at + timedelta(hours=8)).isoformat())
    take(read(broth, judge, data), judge, at=judge.at + timedelta(minutes=15))
    report = find(DeviceReport, device_id=judge.device.id)
    assert report is not None
    assert report.seen_at == made_at, "its clock was known to be off"
    assert open_tablet(broth, judge, at=made_at + timedelta(minutes=10)) is None
    assert open_tablet(broth, judge, at=made_at + timedelta(minutes=11)) == "stale"


def open_tablet(broth: Round, judge: Judge, at: datetime | None = None) -> str | None:
    """Why the judge's tablet keeps the round open."""
    seat = next(seat for seat in board(broth.id, at).seats if seat.id == judge.seat.id)
    return next((tablet.why for tablet in seat.open_tablets), None)


def test_a_tablet_that_was_taken_over_is_kept_aside_and_the_new_one_counts(
    broth: Round, judge: Judge, work: Work, key: Key, any_cast: Cast
) -> None:
    late = judge.event(work, criterion="taste", value="30")
    other = sit_down(judge.seat, at=any_cast.at)
    other.send(other.event(work, criterion="taste", value="29"))
    assert take(read(broth, judge, handed(judge, key, [late])), judge) == {"quarantined": 1}
    stale = other.event(work, criterion="taste", value="28", base_version=0)
    with_key = register(other)
    assert take(read(broth, other, handed(other, with_key, [stale])), other) == {"accepted": 1}
    assert held(judge, work) == "taste/1=28"


def test_a_locked_round_keeps_the_file_aside(broth: Round, judge: Judge, work: Work, key: Key) -> None:
    events = judge.sheet(work, MARKS)
    for seat in queries.seats_of_round(broth.id):
        service.excuse(broth.id, seat_id=seat.id, work_id=None, reason="测试", actor=SYSTEM, at=judge.at)
    fill_figures(broth, at=judge.at)
    service.report_device(judge.device.id, Report(pending=0, last_made=0, stuck={}).says(judge.at), at=judge.at)
    service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=judge.at)
    assert take(read(broth, judge, handed(judge, key, events)), judge) == {"quarantined": 6}
    assert held(judge, work) == ""
    assert len(queries.quarantined(broth.id)) == 6


def test_an_altered_file_is_refused_and_on_record(broth: Round, judge: Judge, work: Work, key: Key) -> None:
    text = json.dumps(body(judge, judge.sheet(work, MARKS)))
    altered = text.replace('"30"', '"29"')
    for data in (cover(altered, key.sign(text)), cover(text, Key().sign(text)), cover(text, "A" * 86)):
        with pytest.raises(RuleBroken) as refused:
            read(broth, judge, data)
        assert refused.value.code == "handover_signature"
        db.session.rollback()
    assert len(acts("judging.refuse_handover")) == 3
    assert list(db.session.scalars(select(Handover))) == []


def test_an_unsigned_file_waits_for_a_second_person(broth: Round, judge: Judge, work: Work, chief: Actor, any_cast: Cast) -> None:
    found = read(broth, judge, handed(judge, None, judge.sheet(work, MARKS)), chief)
    assert (found.signed, found.needs_second) == ("unsigned", True)
    with pytest.raises(RuleBroken, match="没有签名"):
        take(found, judge)
    asked = service.ask_handover(found.id, reason="测试：场馆没有 https", actor=chief, at=judge.at)
    assert "交接码" in str(asked.words)
    with pytest.raises(RuleBroken):
        approvals.decide(asked.id, approve=True, actor=chief, at=judge.at)
    second = any_cast.actor("supervisor", "contest", broth.contest_id)
    approvals.decide(asked.id, approve=True, actor=second, at=judge.at)
    db.session.refresh(found)
    assert (found.approved_name, found.needs_second) == (second.name, False)
    assert take(found, judge) == {"accepted": 6}
    # What is not proved to be the tablet's word does not let a round be locked.
    assert find(DeviceReport, device_id=judge.device.id) is None
    with pytest.raises(RuleBroken, match="不需要"):
        service.ask_handover(found.id, reason="再问", actor=chief, at=judge.at)


def test_a_file_whose_signature_was_taken_off_is_refused_and_on_record(broth: Round, judge: Judge, work: Work, key: Key) -> None:
    with pytest.raises(RuleBroken, match="签名可能被去掉了") as refused:
        read(broth, judge, handed(judge, None, judge.sheet(work, MARKS)))
    assert refused.value.code == "handover_signature"
    assert [row["signed"] for row in acts("judging.refuse_handover")] == ["stripped"]
    assert list(db.session.scalars(select(Handover))) == []


def test_another_key_is_on_record_and_the_one_before_still_proves_its_files(broth: Round, judge: Judge, work: Work, any_cast: Cast) -> None:
    first, second = Key(), Key()
    card = service.make_cards([judge.seat.id], actor=SYSTEM, at=judge.at)[0]
    token = None
    for key in (first, first, second):
        device, token = service.open_seat(card.token, card.pin, label="", at=judge.at, previous=token, key=json.dumps(key.jwk))
    judge = Judge(device, judge.seat, token or "", judge.at)
    names = [device_keys.thumbprint(json.dumps(key.jwk)) for key in (first, second)]
    assert [row.get("replaced_key") for row in acts("judging.open_seat")[1:]] == [None, None, names[0]]
    assert [row["signing_key"] for row in acts("judging.open_seat")[1:]] == [names[0], names[0], names[1]]
    events = judge.sheet(work, MARKS)
    before, after = (read(broth, judge, handed(judge, key, events)) for key in (first, second))
    assert [(one.signed, one.key) for one in (before, after)] == [("signed", names[0]), ("signed", names[1])]
    with pytest.raises(RuleBroken, match="签名与这台平板不符"):
        read(broth, judge, handed(judge, Key(), events))


def test_a_signature_that_nothing_is_known_of_proves_nothing(broth: Round, judge: Judge, work: Work) -> None:
    found = read(broth, judge, handed(judge, Key(), judge.sheet(work, MARKS)))
    assert (found.signed, found.needs_second) == ("unknown_key", True)


def test_a_file_of_another_contest_or_event_is_not_read(
    contest: Contest, broth: Round, judge: Judge, work: Work, key: Key, any_cast: Cast
) -> None:
    data = handed(judge, key, judge.sheet(work, MARKS))
    other = make_contest(any_cast, phase="running", events=("broth",), name="另一场测试竞赛")
    with pytest.raises(RuleBroken, match="不属于本赛事"):
        service.read_handover(other.id, data, way="file", file_name="", events={broth.event_id}, actor=SYSTEM, at=judge.at)
    with pytest.raises(RuleBroken, match="不在您负责的项目"):
        service.read_handover(contest.id, data, way="file", file_name="", events=set(), actor=SYSTEM, at=judge.at)


def test_a_seat_or_round_that_is_unknown_is_refused(broth: Round, judge: Judge, work: Work, key: Key) -> None:
    events, nobody = judge.sheet(work, MARKS), str(uuid.uuid4())
    for change in ({"seat": nobody}, {"device": nobody}, {"rounds": [nobody]}, {"rounds": []}):
        with pytest.raises(RuleBroken) as refused:
            read(broth, judge, handed(judge, key, events, **change))
        assert refused.value.code == ("handover_rounds" if "rounds" in change else "handover_unknown")


def test_events_of_another_seat_inside_are_refused_one_by_one(broth: Round, judge: Judge, work: Work, key: Key) -> None:
    good = judge.event(work, criterion="taste", value="30")
    foreign = judge.event(work, criterion="aroma", value="20", seat_id=queries.seats_of_round(broth.id)[1].id)
    strange = judge.event(work, criterion="aroma", value="20", work_id=uuid.uuid4())
    found = read(broth, judge, handed(judge, key, [good, foreign, strange]))
    assert queries_handover.preview(found).strange == 1
    assert take(found, judge) == {"accepted": 1, "refused": 2}
    assert [line["code"] for line in found.results["lines"]] == ["seat.other", "work.unknown"]


def test_a_tablet_that_made_more_since_is_not_said_to_be_empty(broth: Round, judge: Judge, work: Work, key: Key) -> None:
    events = judge.sheet(work, MARKS)
    data = handed(judge, key, events)
    judge.event(work, criterion="taste", value="31")
    service.report_device(judge.device.id, Report(pending=7, last_made=7).says(judge.at), at=judge.at + timedelta(minutes=1))
    take(read(broth, judge, data), judge)
    report = find(DeviceReport, device_id=judge.device.id)
    assert report is not None
    assert (report.pending, report.last_made) == (7, 7)
