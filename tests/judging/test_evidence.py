"""Signatures, comments and photos: bound to their hand-in and criterion, the marks left as they are, on both databases."""

import hashlib
import io
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Round
from competition.core import approvals
from competition.core.actors import SYSTEM
from competition.core.approvals import KINDS
from competition.core.database import db, find
from competition.core.errors import RuleBroken
from competition.core.expiry import forget_files
from competition.judging import queries, queries_evidence, queries_sent, queries_tablet, rules, service, service_evidence
from competition.judging.models import Photo, Sheet
from competition.judging.rules_evidence import MOST_PHOTO_BYTES, evidence_fault, signature_svg, signature_text
from competition.judging.service_evidence import KEPT
from tests.cast import Cast
from tests.judges import Judge, criteria_of, sit_down

DRAWN = signature_text(600, 200, [[10, 20, 30, 40, 80, 20], [100, 100, 140, 60]])


def picture(colour: str = "red", size: tuple[int, int] = (40, 30), kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def marks(round_: Round) -> dict[str, str]:
    return {c.key: "1" for c in criteria_of(round_)}


def signed(judge: Judge, round_: Round, work: Work, signature: str = DRAWN) -> list[rules.DeviceEvent]:
    *events, last = judge.sheet(work, marks(round_))
    judge.seq -= 1
    return [*events, judge.event(work, rules.HAND_IN, value=last.value, signature=signature)]


def sheet_of(judge: Judge, work: Work) -> Sheet:
    found = queries.find_sheet(judge.seat.id, work.id)
    assert found is not None
    return found


def told(judge: Judge, work: Work, kind: str, value: str, criterion: str = "taste", **more: object) -> tuple[str, str]:
    (answer,) = judge.send(judge.event(work, kind, criterion, value, **more)).answers
    return answer.result, answer.code


def test_what_says_nothing_new_has_the_hash_it_always_had() -> None:
    plain = rules.DeviceEvent(uuid.UUID(int=1), 1, uuid.UUID(int=2), uuid.UUID(int=3), rules.HAND_IN, value="a/1=2")
    assert plain.digest == "ffabf86531f51558747549eb855c28cb5bfaf1681073eff6d94e13f3a275a5ce"
    assert plain.digest != replace(plain, signature=DRAWN).digest


def test_a_signature_is_drawn_by_numbers_alone() -> None:
    drawn = signature_svg([[10, 20, 30, 40, 81, 20], [100, 100]], '"><script>')
    assert 'viewBox="8 18 94 84"' in drawn
    assert 'd="M10 20 Q30 40 55.5 30 L81 20 M100 100 L100 100"' in drawn
    assert "<script>" not in drawn
    with pytest.raises(ValueError, match="invalid literal"):
        signature_svg([["1", '"/>']], "")  # type: ignore[list-item]


def test_a_signature_stays_with_its_hand_in_and_a_returned_sheet_gets_another(broth: Round, judge: Judge, work: Work) -> None:
    events = signed(judge, broth, work)
    assert {a.result for a in judge.send(*events).answers} == {"accepted"}
    assert {a.result for a in judge.send(*events).answers} == {"repeated"}
    sheet = sheet_of(judge, work)
    place = (judge.seat.id, work.id)
    assert queries_evidence.valid_signatures([sheet])[place].strokes == [[10, 20, 30, 40, 80, 20], [100, 100, 140, 60]]
    back = service.send_back(sheet.id, reason="测试：请核对", actor=SYSTEM, at=judge.at)
    assert queries_evidence.valid_signatures([sheet]) == {}
    again = judge.event(work, rules.HAND_IN, value=rules.sheet_text(sheet.marks), signature=signature_text(600, 200, [[1, 2, 3, 4]]))
    assert judge.send(again).answers[0].result == "accepted"
    assert queries_evidence.valid_signatures([sheet_of(judge, work)])[place].strokes == [[1, 2, 3, 4]]
    both = queries_evidence.signatures_of([work.id], [judge.seat.id])[place]
    assert len(both) == 2
    assert queries_evidence.signature_at(both, back.version) == both[0]


def test_another_signature_under_the_same_event_is_refused(broth: Round, judge: Judge, work: Work) -> None:
    events = signed(judge, broth, work)
    judge.send(*events)
    other = rules.DeviceEvent(**{**vars(events[-1]), "signature": signature_text(600, 200, [[5, 5, 6, 6]])})
    (answer,) = judge.send(other).answers
    assert (answer.result, answer.code) == ("refused", "event.changed")


def test_a_panel_that_must_sign_hands_in_nothing_unsigned(broth: Round, judge: Judge, work: Work) -> None:
    before = queries_tablet.rounds_now(judge.device, {})[0]
    service.need_signature(judge.seat.panel_id, True, actor=SYSTEM, at=judge.at)
    after = queries_tablet.rounds_now(judge.device, {broth.id: before.version})[0]
    assert after.works_tag not in ("", before.works_tag), "tablets fetch their pack anew"
    assert queries_tablet.pack(judge.device, judge.at).needs_signature
    *taken, last = judge.mark(work, marks(broth)).answers
    assert {a.result for a in taken} == {"accepted"}
    assert (last.result, last.code, sheet_of(judge, work).state) == ("refused", "sheet.unsigned", "scoring")
    judge.seq -= 1
    again = judge.event(work, rules.HAND_IN, value=rules.sheet_text(sheet_of(judge, work).marks), signature=DRAWN)
    assert judge.send(again).answers[0].result == "accepted"


def test_comments_leave_the_marks_alone_and_count_as_events(broth: Round, judge: Judge, work: Work) -> None:
    judge.send(judge.event(work, criterion="taste", value="30"))
    before = sheet_of(judge, work)
    held = (dict(before.marks), before.version)
    receipt = judge.send(judge.event(work, "comment", "taste", "汤面有浮油"))
    assert (receipt.answers[0].result, receipt.last_seq, receipt.missing) == ("accepted", 2, [])
    after = sheet_of(judge, work)
    assert (dict(after.marks), after.version) == held
    assert [(n.kind, n.value) for n in queries_evidence.notes_of([work.id])] == [("comment", "汤面有浮油")]
    db.session.expire_all()
    assert [one.value for one in queries_sent.sent_of_event(broth.event_id)] == ["30"]


@pytest.mark.parametrize(("kind", "value", "code"), [
    ("comment", " ", "comment.empty"), ("comment", "字" * 501, "comment.long"), ("comment", "a\x07b", "comment.characters"),
    ("photo", "abc", "photo.hash"), ("photo", "A" * 64, "photo.hash")])
def test_what_is_no_evidence_is_refused(kind: str, value: str, code: str) -> None:
    fault = evidence_fault(kind, value)
    assert fault is not None
    assert fault[0] == code


def test_evidence_belongs_to_the_own_seat_and_its_criteria_while_the_sheet_is_open(broth: Round, judge: Judge, work: Work) -> None:
    other = queries.seats_of_round(broth.id)[1]
    assert told(judge, work, "comment", "好", criterion="colour") == ("refused", "criterion.unknown")
    assert told(judge, work, "comment", "好", attempt=9) == ("refused", "attempt.unknown")
    assert told(judge, work, "comment", "好", seat_id=other.id) == ("refused", "seat.other")
    judge.mark(work, marks(broth))
    assert told(judge, work, "comment", "好") == ("refused", "sheet.handed_in")


def announced(judge: Judge, work: Work, data: bytes) -> rules.DeviceEvent:
    event = judge.event(work, "photo", "taste", hashlib.sha256(data).hexdigest())
    assert judge.send(event).answers[0].result == "accepted"
    return event


def test_a_photo_is_kept_once_made_anew_and_goes_when_its_time_is_over(judge: Judge, work: Work) -> None:
    data = picture()
    event = announced(judge, work, data)
    assert [n.is_kept for n in queries_evidence.notes_of([work.id], judge.seat.id)] == [False]
    for _again in range(2):
        service.keep_photo(judge.device.id, event.id, data, at=judge.at)
    photo = find(Photo, event_id=event.id)
    assert photo is not None
    assert photo.file is not None
    assert (photo.file.media_type, photo.file.sensitivity) == ("image/jpeg", "internal")
    assert photo.file.read() != data, "written anew"
    assert [n.is_kept for n in queries_evidence.notes_of([work.id], judge.seat.id)] == [True]
    forget_files(judge.at + KEPT + timedelta(days=1))
    db.session.expire_all()
    assert [(n.is_kept, n.is_over) for n in queries_evidence.notes_of([work.id])] == [(False, True)]


def test_bytes_that_nobody_announced_or_that_are_no_picture_are_refused(broth: Round, judge: Judge, work: Work) -> None:
    def refused(event_id: uuid.UUID, data: bytes, device: uuid.UUID | None = None) -> str:
        with pytest.raises(RuleBroken) as caught:
            service.keep_photo(device or judge.device.id, event_id, data, at=judge.at)
        return caught.value.code

    data, text = picture(), b"%PDF-1.7 nothing"
    event = announced(judge, work, data)
    other = sit_down(queries.seats_of_round(broth.id)[1], at=judge.at)
    assert refused(uuid.uuid4(), data) == "photo.unknown"
    assert refused(event.id, data, other.device.id) == "photo.unknown"
    assert refused(event.id, picture("blue")) == "photo.differs"
    assert refused(event.id, b"\xff" * (MOST_PHOTO_BYTES + 1)) == "photo.large"
    assert refused(announced(judge, work, text).id, text) == "file_kind"
    assert refused(announced(judge, work, data[:60]).id, data[:60]) == "image_unreadable"
    assert db.session.query(Photo).count() == 0


def test_what_a_replaced_tablet_still_sends_counts_by_two_people_and_changes_no_mark(
    broth: Round, judge: Judge, work: Work, any_cast: Cast,
) -> None:
    sit_down(judge.seat, at=judge.at)
    data = picture()
    photo = judge.event(work, "photo", "taste", hashlib.sha256(data).hexdigest())
    comment = judge.event(work, "comment", "taste", "浮油")
    assert [a.result for a in judge.send(photo, comment).answers] == ["quarantined", "quarantined"]
    service.keep_photo(judge.device.id, photo.id, data, at=judge.at)
    assert queries_evidence.notes_of([work.id]) == []
    ids = [event.id for event in queries.quarantined(broth.id)]
    asked = service.ask_late_marks(broth.id, ids, count=True, reason="测试", actor=any_cast.actor("chief_judge"), at=any_cast.at)
    assert KINDS[asked.kind].lines(asked.payload) == [
        f"作品 {work.code} · 1 号裁判 · 滋味 · 照片：另存 {photo.value[:8]}；现有 —。计入后附在评分表上，分数不变。",
        f"作品 {work.code} · 1 号裁判 · 滋味 · 备注：另存 浮油；现有 —。计入后附在评分表上，分数不变。"]
    approvals.decide(asked.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert [(n.kind, n.is_kept) for n in queries_evidence.notes_of([work.id])] == [("photo", True), ("comment", False)]
    assert queries.find_sheet(judge.seat.id, work.id) is None


def test_what_lies_aside_of_a_tablet_has_a_ceiling_and_a_mark_has_none(
    broth: Round, judge: Judge, work: Work, any_cast: Cast, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("competition.judging.rules_taking.MOST_NOTES_ASIDE", 2)
    sit_down(judge.seat, at=judge.at)
    first = [judge.event(work, "comment", "taste", f"浮油{n}") for n in range(3)]
    answers = judge.send(*first, judge.event(work, criterion="taste", value="30")).answers
    assert [a.result for a in answers] == ["quarantined", "quarantined", "refused", "quarantined"]
    assert (answers[2].code, "已有 2 项" in answers[2].message) == ("evidence.aside", True)
    assert told(judge, work, "photo", "a" * 64) == ("refused", "evidence.aside")
    assert judge.send(*first[:2]).answers[0].result == "quarantined", "what is there is answered as before"
    ids = [event.id for event in queries.quarantined(broth.id) if event.kind == "comment"]
    asked = service.ask_late_marks(broth.id, ids, count=False, reason="测试", actor=any_cast.actor("chief_judge"), at=any_cast.at)
    approvals.decide(asked.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert told(judge, work, "comment", "浮油") == ("quarantined", "seat.taken_over")


def files_on_disk(app: Flask) -> list[Path]:
    return [path for path in (app.extensions["settings"].instance / "files").rglob("*") if path.is_file()]


def test_a_photo_that_is_not_wanted_leaves_nothing_on_the_disk(
    any_app: Flask, broth: Round, judge: Judge, work: Work, any_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("competition.judging.service_evidence.MOST_PHOTOS", 1)
    monkeypatch.setattr("competition.judging.service_evidence.MOST_ASIDE", 1)

    def sent(event: rules.DeviceEvent, data: bytes) -> str:
        try:
            service.keep_photo(judge.device.id, event.id, data, at=judge.at)
        except RuleBroken as refused:
            return refused.code
        return "kept"

    first, second = picture("red"), picture("blue")
    assert sent(announced(judge, work, first), first) == "kept"
    held = files_on_disk(any_app)
    many = announced(judge, work, second)
    assert (sent(many, second), files_on_disk(any_app)) == ("photo.many", held)
    # Another request filled the sheet between the first look and the lock: what was written by then goes again.
    looked: list[str] = []
    check = service_evidence._check_room
    monkeypatch.setattr(service_evidence, "_check_room", lambda event: check(event) if looked else looked.append("once"))
    assert (sent(many, second), files_on_disk(any_app)) == ("photo.many", held)
    monkeypatch.setattr(service_evidence, "_check_room", check)
    sit_down(judge.seat, at=judge.at)
    others = [w for w in list_works(broth.id) if w.id != work.id][:1]
    late = [judge.event(w, "photo", "taste", hashlib.sha256(data).hexdigest()) for w in others for data in (first, second)]
    empty = judge.event(work, "comment", "taste", " ")
    assert [a.result for a in judge.send(*late, empty).answers] == ["quarantined", "quarantined", "refused"]
    monkeypatch.setattr("competition.judging.service_evidence.MOST_PHOTOS", 12)
    assert [sent(late[0], first), sent(late[1], second)] == ["kept", "photo.aside"]
    asked = service.ask_late_marks(broth.id, [late[1].id], count=False, reason="测试", actor=any_cast.actor("chief_judge"), at=any_cast.at)
    approvals.decide(asked.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert (sent(late[1], second), files_on_disk(any_app)) == ("photo.dropped", held)
