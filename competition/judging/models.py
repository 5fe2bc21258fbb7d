"""Panels and seats, devices, marks as events, score sheets as their projection, locks.

Nothing here leads to a contestant: marks know a work, and a work is a code.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.arena.works import Work
from competition.contests.models import Event, Round
from competition.core.database import Model, WithId
from competition.core.files import StoredFile


class Panel(WithId, Model):
    """The judges of an event (裁判组). ``criteria`` names what they mark; empty: the common sheet.

    Seat numbers are unique within the event, so that a number alone names a judge's chair. ``needs_signature``: a tablet hands
    in nothing without a handwritten signature.
    """

    __table_args__ = (UniqueConstraint("event_id", "name"),)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event.id"), index=True)
    name: Mapped[str]
    criteria: Mapped[list[str]] = mapped_column(default=list)
    needs_signature: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    event: Mapped["Event"] = relationship()
    seats: Mapped[list["Seat"]] = relationship(back_populates="panel", order_by="Seat.number")


class RoundPanel(Model):
    """Which panels judge a round: one for the common sheet, others for criteria of their own."""

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    panel_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("panel.id"), primary_key=True, index=True)
    panel: Mapped["Panel"] = relationship()


class Seat(WithId, Model):
    """A judge's chair in a panel. It is opened by a printed card (long token) and a short PIN.

    ``is_closed``: nobody may open it anew; who has it open goes on.
    """

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
    seat: Mapped["Seat"] = relationship()


class Device(WithId, Model):
    """A tablet that opened a seat. One is live per seat; what the others still send is quarantined.

    ``last_seq`` is the highest number of an event seen from it, ``missing`` the numbers below that
    never came. ``replaced_at``: live no more, and ``end_code`` says why: taken_over (another tablet opened
    the seat), reassigned (another judge sits there), stopped (by the chief judge, with ``end_reason``), barred (the judge's
    account is closed, or no judge's any more). ``public_key``: the public half of the tablet's signing key, an EC P-256 JWK as
    text; none from a tablet on plain http, which has no key. ``former_keys``: those it had before it was opened with another
    one, oldest first, each {key, until}: files that they signed are still proved by them.

    ``kind`` is the source of its marks: tablet (judged on it), or paper: one sheet of paper that two people keyed, never live
    (``models_paper.PaperSheet`` says who).
    """

    __table_args__ = (
        Index("uq_device_live", "seat_id", unique=True,
              sqlite_where=text("replaced_at IS NULL"), postgresql_where=text("replaced_at IS NULL")),
    )
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    kind: Mapped[str] = mapped_column(default="tablet", server_default="tablet")
    token_hash: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    end_code: Mapped[str | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    public_key: Mapped[str | None] = mapped_column(Text)
    former_keys: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    last_seq: Mapped[int] = mapped_column(default=0)
    missing: Mapped[list[int]] = mapped_column(JSON, default=list)
    seat: Mapped["Seat"] = relationship()


class DeviceReport(Model):
    """What a tablet last said of itself. No act, so no audit: it changes every few seconds.

    ``held``: {work id: events not yet sent}; ``stuck``: {work id: events that were refused}, None from a page that does not say;
    ``ready`` as in ``rules_reports``, and when the server heard of it.
    """

    __unaudited__ = "What a tablet says of itself every few seconds: nobody acted."
    device_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    seen_at: Mapped[datetime]
    pending: Mapped[int | None]
    last_made: Mapped[int | None]
    skew_s: Mapped[int | None]
    app_version: Mapped[str] = mapped_column(default="")
    battery: Mapped[int | None]
    charging: Mapped[bool | None]
    held: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    stuck: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    ready: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    ready_at: Mapped[datetime | None]


class MarkEvent(Model):
    """One event from a device: a mark, its withdrawal, the handing in of a sheet, a comment or photo on a criterion,
    the reason for keeping marks. Only added.

    ``id`` is made on the device before the first try to send. ``kind``: mark, withdraw, hand_in, comment, photo, keep (the marks stay
    although they lie apart from the others': ``value`` says why, ``criterion`` is the part).
    ``seq`` is the round's version at which the server took it; ``state``: accepted, quarantined,
    released (counted after all, by two people), dropped.
    """

    __table_args__ = (
        UniqueConstraint("device_id", "device_seq"),
        UniqueConstraint("round_id", "seq"),
        Index("ix_mark_event_sheet", "seat_id", "work_id"),
        Index("ix_mark_event_aside", "round_id", sqlite_where=text("state = 'quarantined'"),
              postgresql_where=text("state = 'quarantined'")),
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
    quarantine_code: Mapped[str | None]
    work: Mapped["Work"] = relationship()
    seat: Mapped["Seat"] = relationship()


class Signature(Model):
    """What a judge signed a hand-in with: strokes of x, y, x, y … on a field of ``width`` × ``height``. Only added."""

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mark_event.id"), primary_key=True)
    width: Mapped[int]
    height: Mapped[int]
    strokes: Mapped[list[list[int]]] = mapped_column(JSON)


class Photo(Model):
    """The bytes of a photo event have come, made anew, in the store. Only added; no ``file`` once their time is over."""

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mark_event.id"), primary_key=True)
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    received_at: Mapped[datetime]
    file: Mapped["StoredFile | None"] = relationship()


class Sheet(WithId, Model):
    """One seat's marks for one work, as the events say: ``marks`` maps ``criterion/attempt`` to
    {value, version, device, seq}. ``state``: scoring, handed_in, disputed (sent back), remarking (handed in,
    then marked again because the judges lie apart). ``moved_seq``: the version at which the chief judge last moved marks from or to it."""

    __table_args__ = (UniqueConstraint("seat_id", "work_id"), Index("ix_sheet_round_version", "round_id", "version"))
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"))
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seat.id"))
    work_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("work.id"), index=True)
    state: Mapped[str] = mapped_column(default="scoring")
    marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=0)
    moved_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    handed_in_at: Mapped[datetime | None]
    check_code: Mapped[str | None]
    work: Mapped["Work"] = relationship()
    seat: Mapped["Seat"] = relationship()


class SheetReturn(WithId, Model):
    """The chief judge sent a handed-in sheet back: why, and the marks it then had. Only added."""

    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sheet.id"), index=True)
    marks: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]
    sheet: Mapped["Sheet"] = relationship()


class Excusal(WithId, Model):
    """A seat does not mark a work (回避), nobody marks a work (缺考), or a seat marks nothing: with
    the reason. Only ``ended_at`` is ever set afterwards."""

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    seat_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seat.id"))
    work_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("work.id"))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def covers(self, seat_id: uuid.UUID | None, work_id: uuid.UUID) -> bool:
        """Is it about this sheet? No seat: about the work for everybody."""
        return self.seat_id in (None, seat_id) and self.work_id in (None, work_id)


class RoundState(Model):
    """Where a round stands: closed (not yet open), open, locked.

    ``version`` counts everything that happens in the round: it orders events and figures, and is
    the board's ETag. ``rulebook_id`` holds from the first mark on (``first_mark_at``). ``shape_version`` is the last version
    that changed more than single sheets and figures: who knows an older one reads the whole board anew. ``away_at``: since then
    nothing is judged on this machine: at home because the round was lent, on an arena machine because it was packed for the way home.
    """

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    state: Mapped[str] = mapped_column(default="closed")
    version: Mapped[int] = mapped_column(default=0)
    shape_version: Mapped[int] = mapped_column(default=0, server_default="0")
    rulebook_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("rulebook_version.id"))
    first_mark_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    locked_by: Mapped[uuid.UUID | None]
    away_at: Mapped[datetime | None]
    round: Mapped["Round"] = relationship()

    def reshape(self) -> None:
        """Count a change that is seen all over the board: opened, locked, excused, somebody away, another panel."""
        self.version += 1
        self.shape_version = self.version


class LockChange(WithId, Model):
    """A round was opened, locked or unlocked. Only added."""

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    change: Mapped[str]
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[uuid.UUID | None]
    second_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
