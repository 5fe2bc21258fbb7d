"""Panels and seats, devices, marks as events, score sheets as their projection, locks.

Nothing here leads to a contestant: marks know a work, and a work is a code.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.arena.works import Work
from competition.contests.models import Event, Round
from competition.core.database import Model, WithId


class Panel(WithId, Model):
    """The judges of an event (裁判组)."""

    __table_args__ = (UniqueConstraint("event_id", "name"),)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event.id"), index=True)
    name: Mapped[str]
    event: Mapped["Event"] = relationship()
    seats: Mapped[list["Seat"]] = relationship(back_populates="panel", order_by="Seat.number")


class RoundPanel(Model):
    """Which panel judges a round."""

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    panel_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("panel.id"), index=True)
    panel: Mapped["Panel"] = relationship()


class Seat(WithId, Model):
    """A judge's chair in a panel. It is opened by a printed card (long token) and a short PIN."""

    __table_args__ = (UniqueConstraint("panel_id", "number"),)
    panel_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("panel.id"), index=True)
    number: Mapped[int]
    card_hash: Mapped[str | None] = mapped_column(unique=True)
    pin_hash: Mapped[str | None]
    card_made_at: Mapped[datetime | None]
    failed_count: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    is_closed: Mapped[bool] = mapped_column(default=False)
    panel: Mapped["Panel"] = relationship(back_populates="seats")


class Sitter(WithId, Model):
    """Who sat in a seat, from when to when."""

    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    employer: Mapped[str] = mapped_column(default="")
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]


class Device(WithId, Model):
    """A tablet that opened a seat. One is live per seat; the others are read-only."""

    __table_args__ = (
        Index("uq_device_live", "seat_id", unique=True,
              sqlite_where=text("replaced_at IS NULL"), postgresql_where=text("replaced_at IS NULL")),
    )
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    last_seq: Mapped[int] = mapped_column(default=0)
    reported_pending: Mapped[int | None]
    seat: Mapped["Seat"] = relationship()


class MarkEvent(Model):
    """One event from a device: a mark, its withdrawal, or the handing in of a sheet. Only added.

    ``id`` is made on the device before the first try to send. ``seq`` is the order in which the
    server took it within the round; ``state`` is accepted or quarantined.
    """

    __table_args__ = (
        UniqueConstraint("device_id", "device_seq"),
        UniqueConstraint("round_id", "seq"),
        Index("ix_mark_event_sheet", "seat_id", "work_id"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"))
    seq: Mapped[int]
    device_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("device.id"))
    device_seq: Mapped[int]
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seat.id"))
    work_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("work.id"), index=True)
    kind: Mapped[str]
    criterion: Mapped[str] = mapped_column(default="")
    attempt: Mapped[int] = mapped_column(default=1)
    value: Mapped[str] = mapped_column(default="")
    base_version: Mapped[int] = mapped_column(default=0)
    client_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    payload_digest: Mapped[str]
    state: Mapped[str] = mapped_column(default="accepted")


class Sheet(WithId, Model):
    """One seat's marks for one work, as the events say: ``marks`` maps criterion to
    {value, version, device, attempt}. ``state``: scoring, handed_in, disputed."""

    __table_args__ = (UniqueConstraint("seat_id", "work_id"),)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seat.id"))
    work_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("work.id"), index=True)
    state: Mapped[str] = mapped_column(default="scoring")
    marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=0)
    handed_in_at: Mapped[datetime | None]
    check_code: Mapped[str | None]
    work: Mapped["Work"] = relationship()
    seat: Mapped["Seat"] = relationship()


class RoundState(Model):
    """Where a round stands: closed (not yet open), open, locked. ``version`` counts accepted events:
    the board's ETag and the order of events."""

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    state: Mapped[str] = mapped_column(default="closed")
    version: Mapped[int] = mapped_column(default=0)
    rulebook_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("rulebook_version.id"))
    opened_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    locked_by: Mapped[uuid.UUID | None]
    round: Mapped["Round"] = relationship()


class LockChange(WithId, Model):
    """A round was opened, locked or unlocked. Only added."""

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    change: Mapped[str]
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[uuid.UUID | None]
    second_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]


class Figure(WithId, Model):
    """A figure that no judge gives: time, theory mark, counted deduction. Only added; the newest of
    a (work, key) holds. ``source``: keyed, imported, timed."""

    __table_args__ = (Index("ix_figure_work_key", "work_id", "key"),)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    work_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("work.id"))
    key: Mapped[str]
    value: Mapped[str]
    source: Mapped[str]
    reason: Mapped[str] = mapped_column(Text, default="")
    seq: Mapped[int]
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    work: Mapped["Work"] = relationship()


class FigureImport(WithId, Model):
    """A read file of figures: previewed, then taken over or dropped."""

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"))
    file_digest: Mapped[str]
    rows: Mapped[list[dict[str, Any]]]
    state: Mapped[str] = mapped_column(default="previewed")
    by_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
