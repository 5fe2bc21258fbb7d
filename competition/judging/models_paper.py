"""Score sheets of paper: keyed by two people, compared, and taken as marks when they are equal."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.arena.works import Work
from competition.core.database import Model, WithId
from competition.judging.models import Seat

_OPEN = "state IN ('waiting', 'differs')"


class PaperSheet(WithId, Model):
    """One printed sheet of a seat for a work, while it is keyed and afterwards; a sheet sent back is keyed as another one.

    ``state``: waiting (for the second person), differs, taken (as marks, handed in), aside (equal, but the seat has marks from
    a tablet: kept aside for two people to decide), dropped (begun anew, with ``reason``). ``device_id``: the source that its
    events name.
    """

    __table_args__ = (
        Index("uq_paper_sheet_open", "seat_id", "work_id", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
    )
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seat.id"))
    work_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("work.id"), index=True)
    rulebook_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rulebook_version.id"))
    state: Mapped[str] = mapped_column(default="waiting")
    reason: Mapped[str] = mapped_column(Text, default="")
    device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("device.id"))
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    work: Mapped["Work"] = relationship()
    seat: Mapped["Seat"] = relationship()
    keyings: Mapped[list["PaperKeying"]] = relationship(order_by="PaperKeying.number")


class PaperKeying(WithId, Model):
    """What one person keyed from a sheet: ``marks`` by ``criterion/attempt``. Only added; of each person the last one counts."""

    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("paper_sheet.id"), index=True)
    number: Mapped[int]
    marks: Mapped[dict[str, Any]]
    by_id: Mapped[uuid.UUID]
    by_name: Mapped[str]
    at: Mapped[datetime]
