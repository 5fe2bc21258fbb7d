"""What the chief judge signs beside marks: a tablet of which nothing more will be heard, marks moved to their right work."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.arena.works import Work
from competition.core.database import Model, WithId
from competition.judging.models import Seat


class TabletAbsence(WithId, Model):
    """Two people signed that a tablet's outbox cannot be proved empty: why, and what the server had of it. Only added.

    ``stuck``: {work code: events that were refused}; they count for nothing.
    It holds until something is heard of the tablet again (``rules_close.still_absent``).
    """

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seat.id"))
    device_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("device.id"))
    last_seq: Mapped[int]
    missing: Mapped[list[int]] = mapped_column(JSON)
    pending: Mapped[int | None]
    last_made: Mapped[int | None]
    stuck: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    second_id: Mapped[uuid.UUID | None]
    second_name: Mapped[str]
    at: Mapped[datetime]


class SheetMove(WithId, Model):
    """A seat's marks for one work belong to another one: the chief judge moved them, or exchanged both. Only added.

    ``marks`` went from ``from_work`` to ``to_work``, ``others`` the other way (in an exchange); both as sheets hold them.
    ``seq`` is the round's version, among the events: who plays them again moves what is held at that point.
    """

    __table_args__ = (Index("ix_sheet_move_round_seq", "round_id", "seq"),)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"))
    seq: Mapped[int]
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seat.id"))
    from_work_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("work.id"), index=True)
    to_work_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("work.id"), index=True)
    is_swap: Mapped[bool]
    marks: Mapped[dict[str, Any]]
    others: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]
    seat: Mapped["Seat"] = relationship()
    from_work: Mapped["Work"] = relationship(foreign_keys=[from_work_id])
    to_work: Mapped["Work"] = relationship(foreign_keys=[to_work_id])
