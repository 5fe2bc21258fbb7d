"""The way in for everything that tablets send: each event is taken once, or answered why not."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from competition.arena.works import Work
from competition.contests import service as contests
from competition.contests.models import Round, RulebookVersion
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.judging import rules
from competition.judging.models import Device, Excusal, MarkEvent, Panel, RoundPanel, RoundState, Seat, Sheet, Signature
from competition.judging.queries import rules_of_round
from competition.judging.rules import Answer, DeviceEvent, Situation, Verdict
from competition.judging.rules_evidence import EVIDENCE
from competition.judging.service_tablets import end_if_barred
from competition.scoring.model import Criterion


@dataclass(frozen=True)
class Receipt:
    """What became of a request: an answer per event, and what the server has seen of the tablet."""

    answers: list[Answer]
    last_seq: int
    missing: list[int]
    is_live: bool
    why: str = ""


@dataclass
class RoundInput:
    """What is needed of a round while events are taken."""

    round: Round
    state: RoundState | None
    rulebook: RulebookVersion
    criteria: tuple[Criterion, ...]


def accept_events(device_id: uuid.UUID, events: Sequence[DeviceEvent], *, at: datetime) -> Receipt:
    """Take up to 200 events of one tablet in one transaction; the answer stands once it is committed.

    Nothing is ever merged silently: see ``rules.take`` for the answers.
    """
    end_if_barred(device_id, at=at)
    try:
        return _accept(device_id, events, at)
    except IntegrityError:
        # Two tablets sent the same uuid at the same moment: the second now finds the first.
        return _accept(device_id, events, at)


def _accept(device_id: uuid.UUID, events: Sequence[DeviceEvent], at: datetime) -> Receipt:
    ordered = sorted(events, key=lambda e: e.device_seq)
    with atomic():
        device = get(Device, device_id, lock=True)
        intake = Intake(device, ordered, at)
        answers = {event.id: intake.answer(event) for event in ordered}
        intake.close([*answers.values()])
    return Receipt([answers[event.id] for event in events], device.last_seq, list(device.missing), device.replaced_at is None,
                   rules.why_ended(device.end_code, device.end_reason))


class Intake:
    """One request of one tablet, inside its transaction."""

    def __init__(self, device: Device, events: Sequence[DeviceEvent], at: datetime) -> None:
        self.device, self.at = device, at
        self.events = events
        self.seat = get(Seat, device.seat_id)
        self.panel = get(Panel, self.seat.panel_id)
        session = db.session()
        ids, seqs = [e.id for e in events], [e.device_seq for e in events]
        work_ids = {e.work_id for e in events}
        self.stored = {e.id: e for e in session.scalars(select(MarkEvent).where(MarkEvent.id.in_(ids)))}
        self.taken = set(session.scalars(
            select(MarkEvent.device_seq).where(MarkEvent.device_id == device.id, MarkEvent.device_seq.in_(seqs))))
        self.works = {w.id: w for w in session.scalars(self._works(work_ids))}
        self.rounds = {r: self._round(r) for r in sorted({w.round_id for w in self.works.values()})}
        self.sheets = {s.work_id: s for s in session.scalars(
            select(Sheet).where(Sheet.seat_id == self.seat.id, Sheet.work_id.in_(work_ids))
            .execution_options(populate_existing=True))}
        excusals = select(Excusal).where(Excusal.round_id.in_(list(self.rounds)), Excusal.ended_at.is_(None))
        self.excusals = list(session.scalars(excusals))

    def _works(self, work_ids: set[uuid.UUID]) -> Any:
        mine = select(RoundPanel.round_id).where(RoundPanel.panel_id == self.panel.id)
        return select(Work).where(Work.id.in_(work_ids), Work.round_id.in_(mine))

    def _round(self, round_id: uuid.UUID) -> RoundInput:
        session = db.session()
        state = session.get(RoundState, round_id, with_for_update=True, populate_existing=True)
        round_ = session.get_one(Round, round_id, options=[joinedload(Round.event)])
        rulebook, event = rules_of_round(round_, state)
        return RoundInput(round_, state, rulebook, rules.sheet_criteria(event, self.panel.criteria))

    def answer(self, event: DeviceEvent) -> Answer:
        """What becomes of one event; an accepted or quarantined one is stored."""
        before = self.stored.get(event.id)
        if before is not None:
            return self._again(event, before)
        if event.device_seq > self.device.last_seq + rules.FARTHEST:
            return Answer(event.id, "refused", code="event.seq_far", message=_("平板的序号不连续，请交裁判长核对。"))
        work = self.works.get(event.work_id)
        if work is None:
            return Answer(event.id, "refused", code="work.unknown", message=_("这件作品不在本座位的评分范围内，请返回作品列表核对。"))
        here = self.rounds[work.round_id]
        verdict = rules.take(event, self._situation(event, work, here))
        if verdict.result == "repeated":
            return Answer(event.id, "repeated", self.sheets[work.id].version, verdict.value, details=self._receipt(work.id, event.kind))
        if verdict.result not in ("accepted", "quarantined"):
            return Answer(event.id, verdict.result, code=verdict.code, message=verdict.message, details=verdict.details)
        stored = self._store(event, work, here, verdict)
        details = self._apply(event, work, here, stored) if verdict.result == "accepted" else {}
        return Answer(event.id, verdict.result, stored.seq, verdict.value, verdict.code, verdict.message, details)

    def _again(self, event: DeviceEvent, before: MarkEvent) -> Answer:
        same = before.payload_digest == event.digest and before.device_id == self.device.id
        if not same:
            return Answer(event.id, "refused", code="event.changed", message=_("同一项已收到过不同的内容，请交裁判长核对。"))
        if before.state == "accepted":
            return Answer(event.id, "repeated", before.seq, before.value, details=self._receipt(event.work_id, before.kind))
        return Answer(event.id, "quarantined", before.seq, code=before.quarantine_code or "",
                      message=_("服务器已另存这一项，由裁判长处理。"))

    def _receipt(self, work_id: uuid.UUID, kind: str) -> Mapping[str, Any]:
        sheet = self.sheets.get(work_id)
        return {"check_code": sheet.check_code} if kind == rules.HAND_IN and sheet is not None and sheet.check_code else {}

    def _situation(self, event: DeviceEvent, work: Work, here: RoundInput) -> Situation:
        sheet = self.sheets.get(work.id)
        return Situation(
            device_id=self.device.id, seat_id=self.seat.id, is_live=self.device.replaced_at is None,
            seq_is_free=event.device_seq not in self.taken, round_state=here.state.state if here.state else "closed",
            is_excused=any(x.seat_id in (None, self.seat.id) and x.work_id in (None, work.id) and x.round_id == work.round_id
                           for x in self.excusals),
            sheet_state=sheet.state if sheet else "none", marks=sheet.marks if sheet else {}, criteria=here.criteria,
            end_code=self.device.end_code or rules.TAKEN_OVER, is_away=work.away is not None,
            needs_signature=self.panel.needs_signature,
        )

    def _store(self, event: DeviceEvent, work: Work, here: RoundInput, verdict: Verdict) -> MarkEvent:
        state = here.state
        if state is None:
            # A replaced tablet sent something for a round that nobody has opened.
            state = here.state = RoundState(round_id=work.round_id, state="closed", version=0)
            db.session.add(state)
        state.version += 1
        stored = MarkEvent(
            id=event.id, round_id=work.round_id, seq=state.version, device_id=self.device.id, device_seq=event.device_seq,
            seat_id=self.seat.id, work_id=work.id, kind=event.kind, criterion=event.criterion, attempt=event.attempt,
            value=verdict.value if verdict.result == "accepted" else event.value, base_version=event.base_version,
            client_at=event.client_at, received_at=self.at, payload_digest=event.digest, state=verdict.result,
            quarantine_code=verdict.code or None,
        )
        db.session.add(stored)
        if event.signature:
            db.session.add(_signature(event))
        self.stored[event.id] = stored
        self.taken.add(event.device_seq)
        return stored

    def _apply(self, event: DeviceEvent, work: Work, here: RoundInput, stored: MarkEvent) -> Mapping[str, Any]:
        if event.kind in EVIDENCE:
            return {}
        sheet = self.sheets.get(work.id)
        if sheet is None:
            sheet = Sheet(round_id=work.round_id, seat_id=self.seat.id, work_id=work.id, marks={}, version=0, state="scoring")
            self.sheets[work.id] = sheet
            db.session.add(sheet)
        self._first_mark(here)
        project(sheet, stored, here.rulebook.digest, work.code, self.seat.number, self.at)
        return self._receipt(work.id, event.kind)

    def _first_mark(self, here: RoundInput) -> None:
        if here.state is not None and here.state.first_mark_at is None:
            here.state.first_mark_at, here.state.rulebook_id = self.at, here.rulebook.id
            contests.freeze_rulebook(here.round.contest_id, at=self.at)

    def close(self, answers: Sequence[Answer]) -> None:
        """Note what was seen of the tablet, and write the one audit row of the request."""
        last, missing = rules.missing_after(
            self.device.last_seq, self.device.missing,
            [e.device_seq for e in self.events if e.device_seq <= self.device.last_seq + rules.FARTHEST])
        counts: dict[str, int] = {}
        for answer in answers:
            counts[answer.result] = counts.get(answer.result, 0) + 1
        if set(counts) == {"repeated"} and (last, missing) == (self.device.last_seq, self.device.missing):
            return
        self.device.last_seq, self.device.missing = last, missing
        taken = {str(a.id): [a.version, a.result] for a in answers if a.result in ("accepted", "quarantined")}
        signed = [str(e.id) for e in self.events if e.signature and str(e.id) in taken]
        said = {"answers": counts, "events": taken, "seq": last, "missing": missing} | ({"signed": signed} if signed else {})
        audit.record("judging.accept_events", actor=Actor("device", self.device.id), subject=("seat", self.seat.id), at=self.at,
                     chain=self.panel.contest_id, details=said)


def _signature(event: DeviceEvent) -> Signature:
    drawn = json.loads(event.signature)
    return Signature(event_id=event.id, width=drawn["w"], height=drawn["h"], strokes=drawn["strokes"])


def project(sheet: Sheet, stored: MarkEvent, rulebook_digest: str, work_code: str, seat_number: int, at: datetime) -> None:
    """Let an accepted event change its sheet. Replaying all accepted events in order gives the same sheet."""
    sheet.version = stored.seq
    if stored.kind == rules.HAND_IN:
        sheet.state, sheet.handed_in_at = "handed_in", at
        sheet.check_code = rules.check_code(rulebook_digest, work_code, seat_number, sheet.marks)
        return
    event = DeviceEvent(stored.id, stored.device_seq, stored.seat_id, stored.work_id, stored.kind, stored.criterion, stored.attempt)
    if not rules.applies(event, sheet.marks.get(event.slot), stored.device_id):
        return
    marks = {key: mark for key, mark in sheet.marks.items() if key != event.slot}
    if stored.kind == rules.MARK:
        marks[event.slot] = {"value": stored.value, "version": stored.seq, "device": str(stored.device_id), "seq": stored.device_seq}
    sheet.marks = marks
