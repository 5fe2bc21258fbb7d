"""The way in for everything that tablets send: each event is taken once, or answered why not."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Connection, Table, bindparam
from sqlalchemy.exc import IntegrityError

from competition.contests import service as contests
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db
from competition.core.errors import RuleBroken
from competition.core.statements import Statement
from competition.judging import queries_intake, rules, rules_endings, rules_paper, rules_taking
from competition.judging.models import Device, DeviceReport, MarkEvent, RoundState, Sheet, Signature
from competition.judging.projection import project
from competition.judging.queries_intake import HeldRound, HeldRules, NewEvent, Place, Tablet, Taken
from competition.judging.queries_newest import newest_words, place_of
from competition.judging.rules import Answer, DeviceEvent
from competition.judging.rules_evidence import EVIDENCE
from competition.judging.rules_reports import TabletSays
from competition.judging.rules_taking import Situation, Verdict
from competition.judging.service_spread import asked_again, keep_marks, review_spreads
from competition.judging.service_tablets import end_if_barred, write_report
from competition.scoring.model import Criterion

_D, _O, _H = (cast(Table, model.__table__) for model in (Device, RoundState, Sheet))
_EVENTS, _SIGNATURES = (Statement(cast(Table, model.__table__).insert()) for model in (MarkEvent, Signature))
# The columns that are set are those that are given beside "key".
_DEVICE, _ROUND, _SHEET = (Statement(table.update().where(column == bindparam("key")))
                           for table, column in ((_D, _D.c.id), (_O, _O.c.round_id), (_H, _H.c.id)))
_NEW_SHEET = Statement(_H.insert())


@dataclass(frozen=True)
class Receipt:
    """What became of a request: an answer per event, and what the server has seen of the tablet."""

    answers: list[Answer]
    last_seq: int
    missing: list[int]
    is_live: bool
    why: str = ""


class _Barred(Exception):
    """The judge's account or role is over."""


def accept_events(device_id: uuid.UUID, events: Sequence[DeviceEvent], *, at: datetime, says: TabletSays | None = None) -> Receipt:
    """Take up to 200 events of one tablet in one transaction, with what it says of itself; the answer stands once it is committed.

    Nothing is ever merged silently: see ``rules_taking.take`` for the answers.
    """
    try:
        return _accept(device_id, events, says, at)
    except _Barred:
        end_if_barred(device_id, at=at)
        return _accept(device_id, events, says, at)
    except IntegrityError:
        # Two tablets sent the same uuid at the same moment: the second now finds the first.
        return _accept(device_id, events, says, at)


def _accept(device_id: uuid.UUID, events: Sequence[DeviceEvent], says: TabletSays | None, at: datetime) -> Receipt:
    ordered = sorted(events, key=lambda e: e.device_seq)
    with atomic() as session:
        for old in [held for held in session.identity_map.values() if isinstance(held, (Device, RoundState, Sheet, DeviceReport))]:
            # What somebody has loaded of the rows that are written here as plain rows is read anew.
            session.expire(old)
        intake = Intake(session.connection(), device_id, ordered, at)
        answers = {event.id: intake.answer(event) for event in ordered}
        intake.close([*answers.values()], says)
        intake.look_for_spreads()
    tablet = intake.tablet
    return Receipt([answers[event.id] for event in events], tablet.last_seq, tablet.missing, tablet.replaced_at is None,
                   rules_endings.why_ended(tablet.end_code, tablet.end_reason))


@dataclass
class Written:
    """What a request adds and changes, written in one go at its end."""

    events: list[NewEvent] = field(default_factory=list)
    rounds: dict[uuid.UUID, HeldRound] = field(default_factory=dict)
    places: dict[uuid.UUID, Place] = field(default_factory=dict)
    signatures: list[dict[str, Any]] = field(default_factory=list)

    def write(self, connection: Connection, tablet: Tablet) -> None:
        """The tablet's numbers, the rounds' versions, the events, the sheets."""
        _DEVICE.write(connection, {"key": tablet.id, "last_seq": tablet.last_seq, "missing": tablet.missing})
        for held in self.rounds.values():
            now = {"version": held.version, "rulebook_id": held.rulebook_id, "first_mark_at": held.first_mark_at}
            if held.is_known:
                _ROUND.write(connection, {"key": held.round_id, **now})
            else:
                connection.execute(_O.insert(), {"round_id": held.round_id, "state": held.state, **now})
        if self.events:
            _EVENTS.write(connection, *map(vars, self.events))
        if self.signatures:
            _SIGNATURES.write(connection, *self.signatures)
        self._write_sheets(connection, tablet)

    def _write_sheets(self, connection: Connection, tablet: Tablet) -> None:
        old, new = list[dict[str, Any]](), list[dict[str, Any]]()
        for place in self.places.values():
            now = {name: value for name, value in vars(place.sheet).items() if name != "id"}
            if place.sheet.id is not None:
                old.append({"key": place.sheet.id, **now})
            else:
                new.append({"id": uuid.uuid4(), "round_id": place.round_id, "seat_id": tablet.seat_id, "work_id": place.id, **now})
        if old:
            _SHEET.write(connection, *old)
        if new:
            _NEW_SHEET.write(connection, *new)


class Intake:
    """One request of one tablet, inside its transaction."""

    def __init__(self, connection: Connection, device_id: uuid.UUID, events: Sequence[DeviceEvent], at: datetime) -> None:
        self.connection, self.events, self.at = connection, events, at
        self.tablet = queries_intake.hold_tablet(connection, device_id, at)
        if self.tablet.is_barred and self.tablet.replaced_at is None:
            raise _Barred
        works = {e.work_id for e in events}
        self.rounds = queries_intake.hold_rounds(connection, self.tablet.panel_id, works)
        if any(held.away_at is not None for held in self.rounds.values()):
            # Nothing is stored and nothing refused for good: the tablet keeps it until the round is judged here again.
            raise RuleBroken(_("本轮不在这台主机上评分，没有收下。内容留在平板上，不会丢，请报告裁判长。"), code="round_away")
        before = queries_intake.taken_before(connection, device_id, [e.id for e in events], [e.device_seq for e in events])
        self.stored: dict[uuid.UUID, Taken] = {e.id: e for e in before}
        self.taken = {e.device_seq for e in before if e.device_id == device_id}
        self.places = queries_intake.places(connection, self.tablet, works)
        self.new = Written()
        # Works whose judges are to be compared anew, by round; and what was kept with a reason.
        self.comparable: dict[uuid.UUID, set[uuid.UUID]] = {}
        self.kept: list[NewEvent] = []
        # What is marked by other versions of the rulebook, by digest and event.
        self.sheets_by: dict[tuple[str, str], dict[str, Criterion]] = {}

    def answer(self, event: DeviceEvent) -> Answer:
        """What becomes of one event; an accepted or quarantined one is stored."""
        before = self.stored.get(event.id)
        if before is not None:
            return self._again(event, before)
        if event.device_seq > self.tablet.last_seq + rules.FARTHEST:
            return Answer(event.id, "refused", code="event.seq_far", message=_("平板的序号不连续，请交裁判长核对。"))
        place = self.places.get(event.work_id)
        if place is None:
            return Answer(event.id, "refused", code="work.unknown", message=_("这件作品不在本座位的评分范围内，请返回作品列表核对。"))
        here = self.rounds.setdefault(place.round_id, HeldRound(place.round_id))
        held = queries_intake.rules_held(here, place, self.tablet)
        situation = self._situation(event, place, here, held)
        verdict = self.judge(event, situation)
        if verdict.result in ("refused", "conflict") and queries_intake.is_on_paper(self.connection, place.sheet.marks):
            verdict = rules_paper.beside_paper(event, situation, verdict)
        if verdict.result == "repeated":
            return Answer(event.id, "repeated", place.sheet.version, verdict.value, details=self._receipt(place, event.kind))
        if verdict.result not in ("accepted", "quarantined"):
            return Answer(event.id, verdict.result, code=verdict.code, message=verdict.message, details=verdict.details)
        stored = self._store(event, place, here, verdict)
        details = self._apply(event, place, here, held, stored) if verdict.result == "accepted" else {}
        return Answer(event.id, verdict.result, stored.seq, verdict.value, verdict.code, verdict.message, details)

    def judge(self, event: DeviceEvent, here: Situation) -> Verdict:
        """What becomes of a new event; a sheet of paper says it in its own way (``service_paper``)."""
        return rules_taking.take(event, here)

    def _again(self, event: DeviceEvent, before: Taken) -> Answer:
        same = before.payload_digest == event.digest and before.device_id == self.tablet.id
        if not same:
            return Answer(event.id, "refused", code="event.changed", message=_("同一项已收到过不同的内容，请交裁判长核对。"))
        if before.state == "accepted":
            receipt = self._receipt(self.places.get(event.work_id), before.kind)
            return Answer(event.id, "repeated", before.seq, before.value, details=receipt)
        return Answer(event.id, "quarantined", before.seq, code=before.quarantine_code or "",
                      message=_("服务器已另存这一项，由裁判长处理。"))

    def _receipt(self, place: Place | None, kind: str) -> Mapping[str, Any]:
        """Of a handing in: how the sheet stands now. The answer may be the second one, to a tablet that never had the first."""
        if kind != rules.HAND_IN or place is None:
            return {}
        said = {"state": place.sheet.state, "version": place.sheet.version}
        return said | ({"check_code": place.sheet.check_code} if place.sheet.check_code else {})

    def _situation(self, event: DeviceEvent, place: Place, here: HeldRound, held: HeldRules) -> Situation:
        tablet = self.tablet
        again, asked = asked_again(event, place.sheet.state, held.parts)
        return Situation(
            device_id=tablet.id, seat_id=tablet.seat_id, is_live=tablet.replaced_at is None,
            seq_is_free=event.device_seq not in self.taken, round_state=here.state, is_excused=place.is_excused,
            sheet_state=place.sheet.state, marks=place.sheet.marks, criteria=held.criteria,
            end_code=tablet.end_code or rules_endings.TAKEN_OVER, is_away=place.is_away,
            needs_signature=tablet.needs_signature, again=again, asked=asked, other_rules=self._by_other_rules(event, place, held),
            moved_seq=place.sheet.moved_seq, notes_aside=self._notes_aside(event),
        )

    def _notes_aside(self, event: DeviceEvent) -> int:
        """How many notes of the tablet lie aside, those of this request too."""
        if event.kind not in EVIDENCE:
            return 0
        now = sum(one.kind in EVIDENCE and one.state == "quarantined" for one in self.new.events)
        return now + queries_intake.notes_aside(self.connection, self.tablet.id)

    def _by_other_rules(self, event: DeviceEvent, place: Place, held: HeldRules) -> bool:
        """Was the event made by a version of the rulebook in which its criterion (its sheet) is another one? Nothing is read where
        it is the same version."""
        if event.rulebook in ("", held.digest):
            return False
        key = (event.rulebook, place.event_key)
        if key not in self.sheets_by:
            self.sheets_by[key] = queries_intake.sheet_by(event.rulebook, place, self.tablet)
        then, now = self.sheets_by[key], {criterion.key: criterion for criterion in held.criteria}
        if event.kind in (rules.MARK, rules.WITHDRAW):
            return then.get(event.criterion) != now.get(event.criterion)
        return then != now

    def _store(self, event: DeviceEvent, place: Place, here: HeldRound, verdict: Verdict) -> NewEvent:
        # A replaced tablet may send something for a round that nobody has opened.
        here.version = (here.version or 0) + 1
        stored = NewEvent(
            event.id, self.tablet.id, event.device_seq, event.kind, verdict.value if verdict.result == "accepted" else event.value,
            here.version, verdict.result, event.digest, verdict.code or None, round_id=place.round_id, seat_id=self.tablet.seat_id,
            work_id=place.id, criterion=event.criterion, attempt=event.attempt, base_version=event.base_version,
            client_at=event.client_at, received_at=self.at,
        )
        self.stored[event.id] = stored
        self.taken.add(event.device_seq)
        self.new.events.append(stored)
        if event.signature:
            self.new.signatures.append(_signature(event))
        self.new.rounds[here.round_id] = here
        return stored

    def _apply(self, event: DeviceEvent, place: Place, here: HeldRound, held: HeldRules, stored: NewEvent) -> Mapping[str, Any]:
        if event.kind in EVIDENCE:
            return {}
        if event.kind in (rules.KEEP, rules.HAND_IN) and held.parts:
            self.comparable.setdefault(place.round_id, set()).add(place.id)
        if event.kind == rules.KEEP:
            self.kept.append(stored)
        if place.sheet.state == "none":
            place.sheet.state = "scoring"
        if here.first_mark_at is None:
            here.first_mark_at, here.rulebook_id = self.at, held.rulebook_id
            contests.freeze_rulebook(self.tablet.contest_id, at=self.at)
        project(place.sheet, stored, held.digest, place.code, self.tablet.seat_number, self.at, newest=self._newest(event))
        self.new.places[place.id] = place
        return self._receipt(place, event.kind)

    def _newest(self, event: DeviceEvent) -> int:
        """The tablet's newest word about the mark, asked only of an event that comes after later ones."""
        if event.device_seq >= self.tablet.last_seq:
            return 0
        return newest_words(self.tablet.id, [event.work_id]).get(place_of(event), 0)

    def look_for_spreads(self) -> None:
        """What was handed in or kept may have put judges apart, or together. After everything else is written."""
        for event in self.kept:
            keep_marks(event, self.at)
        for round_id, work_ids in self.comparable.items():
            review_spreads(db.session.get_one(RoundState, round_id), work_ids, at=self.at)

    def close(self, answers: Sequence[Answer], says: TabletSays | None) -> None:
        """Note what was seen of the tablet, and write the one audit row of the request."""
        tablet = self.tablet
        last, missing = rules.missing_after(
            tablet.last_seq, tablet.missing, [e.device_seq for e in self.events if e.device_seq <= tablet.last_seq + rules.FARTHEST])
        counts: dict[str, int] = {}
        for answer in answers:
            counts[answer.result] = counts.get(answer.result, 0) + 1
        if says is not None:
            refused = {answer.id for answer in answers if answer.result in ("refused", "conflict")}
            says = says.after(str(event.work_id) for event in self.events if event.id in refused)
            write_report(self.connection, tablet.id, tablet.said, tablet.replaced_at, says, self.at)
        if set(counts) == {"repeated"} and (last, missing) == (tablet.last_seq, tablet.missing):
            return
        tablet.last_seq, tablet.missing = last, missing
        self.new.write(self.connection, tablet)
        taken = {str(a.id): [a.version, a.result] for a in answers if a.result in ("accepted", "quarantined")}
        signed = [str(e.id) for e in self.events if e.signature and str(e.id) in taken]
        said = {"answers": counts, "events": taken, "seq": last, "missing": missing} | ({"signatures": signed} if signed else {})
        audit.record("judging.accept_events", actor=Actor("device", tablet.id), subject=("seat", tablet.seat_id), at=self.at,
                     chain=tablet.contest_id, details=said)


def _signature(event: DeviceEvent) -> dict[str, Any]:
    drawn = json.loads(event.signature)
    return {"event_id": event.id, "width": drawn["w"], "height": drawn["h"], "strokes": drawn["strokes"]}
