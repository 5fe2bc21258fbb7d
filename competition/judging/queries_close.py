"""The tablets of a round: what each last said, and what still keeps the round from being closed."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, or_, select

from competition.arena.works import Work
from competition.core.config import Settings
from competition.core.database import db
from competition.judging.models import Device, DeviceReport, LockChange, MarkEvent, RoundState, Seat
from competition.judging.models_close import TabletAbsence
from competition.judging.queries import excusals_of_round
from competition.judging.rules_close import Absence, Heard, keeps_open, still_absent

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Tablet:
    """One tablet that had a seat while the round was open. ``why`` it keeps the round open (``rules_close.keeps_open``); "" when it
    does not, or when two people signed for it (``absence``). ``acked_at``: when the last event that is kept came; ``stuck``: how
    many of its events were refused, by the code of the work, as far as the round waits for these works."""

    device: Device
    report: DeviceReport | None
    acked_at: datetime | None
    why: str
    absence: TabletAbsence | None
    stuck: Mapping[str, int] = field(default_factory=dict)

    @property
    def seat_id(self) -> uuid.UUID:
        """Whose it is."""
        return self.device.seat_id

    @property
    def is_live(self) -> bool:
        """It has the seat now."""
        return self.device.replaced_at is None

    @property
    def pending(self) -> int | None:
        """How many events wait in it, as it said."""
        return self.report.pending if self.report else None

    @property
    def last_made(self) -> int | None:
        """The highest number it has made, as it said."""
        return self.report.last_made if self.report else None

    @property
    def held(self) -> dict[str, int]:
        """How many of them are about each work."""
        return self.report.held if self.report else {}

    @property
    def seen_at(self) -> datetime | None:
        """When it was heard of last."""
        return self.report.seen_at if self.report else None


def oldest_word(at: datetime) -> datetime:
    """A tablet that has its seat and was not heard of since then may have been marked on."""
    settings: Settings = current_app.extensions["settings"]
    return at - timedelta(minutes=settings.word_minutes)


def tablets_of_round(round_id: uuid.UUID, seats: Collection[Seat], at: datetime | None = None) -> list[Tablet]:
    """Every tablet that had one of the round's seats since the round was opened, taken-over ones too, by seat and time.

    ``at``: the moment against which the age of their words is held while the round is open; None: only its opening counts. Three
    statements, two more where events were refused.
    """
    state = db.session.get(RoundState, round_id)
    opened = state.opened_at if state else None
    had = Device.replaced_at.is_(None) if opened is None else or_(Device.replaced_at.is_(None), Device.replaced_at > opened)
    last = (
        select(MarkEvent.received_at).where(MarkEvent.device_id == Device.id)
        .order_by(MarkEvent.device_seq.desc()).limit(1).correlate(Device).scalar_subquery()
    )
    query = (
        select(Device, DeviceReport, last).outerjoin(DeviceReport, DeviceReport.device_id == Device.id)
        .where(Device.seat_id.in_([seat.id for seat in seats]), had, Device.kind == "tablet").order_by(Device.opened_at)
        .execution_options(populate_existing=True)
    )
    rows, signed = db.session.execute(query).all(), _signed(round_id)
    is_timed = at is not None and state is not None and state.state == "open"
    since = max((moment for moment in (opened, oldest_word(at) if at and is_timed else None) if moment is not None), default=None)
    quiet = _quiet(round_id) if is_timed else None
    waited = _waited_for(round_id, {work for _device, report, _at in rows for work in (report and report.stuck) or {}}, seats)
    return [_tablet(heard_of(device, report, waited, since, quiet), device, report, acked_at, signed.get(device.id))
            for device, report, acked_at in rows]


def _quiet(round_id: uuid.UUID) -> Span | None:
    """From what was good enough for the round's last lock until that was taken back; None when it never was."""
    query = select(LockChange.change, func.max(LockChange.at)).where(LockChange.round_id == round_id).group_by(LockChange.change)
    last = dict(db.session.execute(query).all())
    return (oldest_word(last["lock"]), last["unlock"]) if {"lock", "unlock"} <= last.keys() else None


WaitedFor = Mapping[tuple[uuid.UUID, str], str]


def _waited_for(round_id: uuid.UUID, stuck: Collection[str], seats: Collection[Seat]) -> WaitedFor:
    """Of these works those of the round that a seat is to mark: (seat, work) → code. What nobody is to mark cannot be missing."""
    if not stuck:
        return {}
    query = select(Work).where(Work.round_id == round_id, Work.id.in_([uuid.UUID(work) for work in stuck]), Work.away.is_(None))
    works, excusals = db.session.scalars(query).all(), excusals_of_round(round_id)
    return {(seat.id, str(work.id)): work.code for work in works for seat in seats
            if not any(one.covers(seat.id, work.id) for one in excusals)}


def _signed(round_id: uuid.UUID) -> dict[uuid.UUID, TabletAbsence]:
    """The newest absence of each tablet."""
    query = select(TabletAbsence).where(TabletAbsence.round_id == round_id).order_by(TabletAbsence.at)
    return {row.device_id: row for row in db.session.scalars(query)}


def heard_of(device: Device, report: DeviceReport | None, waited: WaitedFor, since: datetime | None, quiet: Span | None) -> Heard:
    """What is known of a tablet, as the rules ask for it."""
    if report is None:
        return Heard(device.last_seq, tuple(device.missing), None, None, None, device.replaced_at, since=since)
    stuck = None if report.stuck is None else {
        waited[device.seat_id, work]: count for work, count in report.stuck.items() if (device.seat_id, work) in waited and count}
    return Heard(device.last_seq, tuple(device.missing), report.pending, report.last_made, report.seen_at, device.replaced_at, stuck, since,
                 quiet)


def _tablet(
    heard: Heard, device: Device, report: DeviceReport | None, acked_at: datetime | None, row: TabletAbsence | None,
) -> Tablet:
    signed = Absence(row.last_seq, row.missing, row.at, row.stuck) if row is not None else None
    absence = row if signed is not None and still_absent(heard, signed) else None
    return Tablet(device, report, acked_at, "" if absence else keeps_open(heard), absence, heard.stuck or {})
