"""The tablets of a round: what each last said, and what still keeps the round from being closed."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from competition.core.database import db
from competition.judging.models import Device, DeviceReport, MarkEvent, RoundState, Seat
from competition.judging.models_close import TabletAbsence
from competition.judging.rules_close import Absence, Heard, keeps_open, still_absent


@dataclass(frozen=True)
class Tablet:
    """One tablet that had a seat while the round was open. ``why`` it keeps the round open (``rules_close.keeps_open``); "" when it
    does not, or when two people signed for it (``absence``). ``acked_at``: when the last event that is kept came."""

    device: Device
    report: DeviceReport | None
    acked_at: datetime | None
    why: str
    absence: TabletAbsence | None

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


def tablets_of_round(round_id: uuid.UUID, seats: Collection[Seat]) -> list[Tablet]:
    """Every tablet that had one of the round's seats since the round was opened, taken-over ones too, by seat and time.

    Two statements.
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
    signed = _signed(round_id)
    return [_tablet(device, report, acked_at, signed.get(device.id)) for device, report, acked_at in db.session.execute(query)]


def _signed(round_id: uuid.UUID) -> dict[uuid.UUID, TabletAbsence]:
    """The newest absence of each tablet."""
    query = select(TabletAbsence).where(TabletAbsence.round_id == round_id).order_by(TabletAbsence.at)
    return {row.device_id: row for row in db.session.scalars(query)}


def heard_of(device: Device, report: DeviceReport | None) -> Heard:
    """What is known of a tablet, as the rules ask for it."""
    pending, last_made, seen_at = (report.pending, report.last_made, report.seen_at) if report else (None, None, None)
    return Heard(device.last_seq, tuple(device.missing), pending, last_made, seen_at, device.replaced_at)


def _tablet(device: Device, report: DeviceReport | None, acked_at: datetime | None, row: TabletAbsence | None) -> Tablet:
    heard = heard_of(device, report)
    absence = row if row is not None and still_absent(heard, Absence(row.last_seq, row.missing, row.at)) else None
    return Tablet(device, report, acked_at, "" if absence else keeps_open(heard), absence)
