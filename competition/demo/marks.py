"""Marks of a demonstration round, in bulk as the tablets would have sent them: the same events, the same sheets.

Each work has a strength of its own, each judge a habit; so the ranking has a shape, judges differ a
little, and here and there they differ too much.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from sqlalchemy import insert, select

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests import service as contests
from competition.contests.models import Round
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.demo.people import new_id
from competition.judging import rules
from competition.judging import service as judging
from competition.judging.models import Device, MarkEvent, RoundState, Seat, Sheet
from competition.judging.queries import seats_of_round
from competition.judging.queries_seats import live_devices
from competition.judging.rules_reports import TabletSays
from competition.scoring.inputs import canonical_value
from competition.scoring.model import Criterion, Event

SLICE = 2000


def seat_round(round_: Round, seats: int, actor: Actor, at: datetime) -> list[Seat]:
    """A panel with invented judges for the round's event."""
    panel = judging.create_panel(round_.event_id, name=f"{round_.event.name}裁判组", seats=seats, actor=actor, at=at,
                                 round_ids=[round_.id])
    found = list(db.session.scalars(select(Seat).where(Seat.panel_id == panel.id).order_by(Seat.number)))
    for seat in found:
        judging.seat_judge(seat.id, name=f"裁判演{'甲乙丙丁戊己庚'[seat.number % 7]}", employer="演示烹饪协会", actor=actor, at=at)
    return found


def open_tablets(seats: Sequence[Seat], actor: Actor, at: datetime) -> list[Device]:
    """A tablet at every seat, opened with a fresh card."""
    cards = judging.make_cards([seat.id for seat in seats], actor=actor, at=at)
    return [judging.open_seat(card.token, card.pin, label="演示平板", at=at)[0] for card in cards]


def strengths(works: Sequence[Work], random: Random) -> dict[uuid.UUID, float]:
    """How good each work is, as a share of the full mark."""
    return {work.id: min(0.985, max(0.55, random.gauss(0.84, 0.06))) for work in works}


def value_for(criterion: Criterion, share: float, random: Random) -> str:
    """A mark near ``share`` of the maximum, on the criterion's step. The only float is the dice."""
    step = Decimal(str(criterion.step))
    steps = (Decimal(str(criterion.max)) * Decimal(f"{min(1.0, max(0.3, random.gauss(share, 0.035))):.4f}") / step)
    value = min(Decimal(str(criterion.max)), steps.quantize(Decimal(1), ROUND_HALF_UP) * step)
    return canonical_value(criterion, format(value, "f"))


def mark_round(
    round_: Round, event: Event, rulebook_digest: str, devices: Sequence[Device], *, random: Random, at: datetime,
    share: float = 1.0,
) -> int:
    """Marks of every seat for the first ``share`` of the works; the last of them may be half marked. Returns the events."""
    works = list_works(round_.id)
    done = works[:round(len(works) * share)]
    good = strengths(done, random)
    with atomic():
        contests.freeze_rulebook(round_.contest_id, at=at)
        version = get(RoundState, round_.id, lock=True).version
    made = 0
    for device in devices:
        seat = get(Seat, device.seat_id)
        habit = random.gauss(0, 0.012)
        writer = _Writer(round_, seat, device, rulebook_digest, version, at)
        for number, work in enumerate(done):
            odd = -0.16 if random.random() < 0.01 else 0.0
            writer.sheet(work, event, good[work.id] + habit + odd, random, whole=share == 1.0 or number < len(done) - 2)
        version = writer.write(random)
        made += len(writer.events)
        judging.report_device(device.id, TabletSays(pending=0, last_made=len(writer.events), skew_s=random.randrange(-3, 4)), at=writer.end)
    return made


def tell_again(round_: Round, at: datetime) -> None:
    """Every tablet of the round is on, and says that nothing waits: only a new word lets a round be locked."""
    for device, report in live_devices([seat.id for seat in seats_of_round(round_.id)]).values():
        judging.report_device(device.id, TabletSays(pending=0, last_made=device.last_seq, skew_s=report.skew_s if report else 0), at=at)


class _Writer:
    """The events and sheets of one seat."""

    def __init__(self, round_: Round, seat: Seat, device: Device, digest: str, version: int, at: datetime) -> None:
        self.round, self.seat, self.device, self.digest, self.version, self.at = round_, seat, device, digest, version, at
        self.events: list[dict[str, Any]] = []
        self.sheets: list[dict[str, Any]] = []

    def sheet(self, work: Work, event: Event, share: float, random: Random, *, whole: bool) -> None:
        """Every criterion of a work, and the hand-in when the sheet is whole."""
        marks: dict[str, dict[str, Any]] = {}
        criteria = list(event.sheet_criteria)
        for criterion in criteria if whole else criteria[:len(criteria) // 2]:
            row = self._event(work, rules.MARK, criterion.key, value_for(criterion, share, random), random)
            marks[rules.slot(criterion.key, 1)] = {
                "value": row["value"], "version": row["seq"], "device": str(self.device.id), "seq": row["device_seq"]}
        if whole:
            self._event(work, rules.HAND_IN, "", rules.sheet_text(marks), random)
        self.sheets.append({
            "id": new_id(random), "round_id": self.round.id, "seat_id": self.seat.id, "work_id": work.id,
            "state": "handed_in" if whole else "scoring", "marks": marks, "version": self.version,
            "handed_in_at": self.at if whole else None,
            "check_code": rules.check_code(self.digest, work.code, self.seat.number, marks) if whole else None,
        })

    def _event(self, work: Work, kind: str, criterion: str, value: str, random: Random) -> dict[str, Any]:
        self.version += 1
        said = rules.DeviceEvent(
            id=new_id(random), device_seq=len(self.events) + 1, seat_id=self.seat.id, work_id=work.id, kind=kind,
            criterion=criterion, value=value, client_at=self.at + timedelta(seconds=len(self.events)))
        row = {
            "id": said.id, "round_id": self.round.id, "seq": self.version, "device_id": self.device.id,
            "device_seq": said.device_seq, "seat_id": said.seat_id, "work_id": said.work_id, "kind": kind,
            "criterion": criterion, "attempt": 1, "value": value, "base_version": 0, "client_at": said.client_at,
            "received_at": said.client_at, "payload_digest": said.digest, "state": "accepted", "quarantine_code": None,
        }
        self.events.append(row)
        return row

    @property
    def end(self) -> datetime:
        """When the last of them was made."""
        return self.at + timedelta(seconds=len(self.events))

    def write(self, random: Random) -> int:
        """One transaction for each slice of events, the sheets with the last; returns the round's version."""
        for start in range(0, len(self.events), SLICE):
            part = self.events[start:start + SLICE]
            with atomic() as session:
                session.execute(insert(MarkEvent), part)
                if start + SLICE >= len(self.events):
                    session.execute(insert(Sheet), self.sheets)
                self._advance(part)
        return self.version

    def _advance(self, part: list[dict[str, Any]]) -> None:
        state, device = get(RoundState, self.round.id, lock=True), get(Device, self.device.id, lock=True)
        state.version, device.last_seq = part[-1]["seq"], part[-1]["device_seq"]
        if state.first_mark_at is None:
            state.first_mark_at = self.at
        audit.record(
            "judging.accept_events", actor=Actor("device", device.id), subject=("seat", self.seat.id), at=self.at,
            chain=self.round.contest_id,
            details={"answers": {"accepted": len(part)}, "seq": device.last_seq, "missing": [],
                     "events": {str(row["id"]): [row["seq"], "accepted"] for row in part}})
