"""Draws, the tables that link entrants to codes, and what happened to entrants on the day."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.contests.models import Event, Round
from competition.core.database import Model, WithId
from competition.registration.models import Entrant


class Draw(WithId, Model):
    """One drawing of lots: the seed, the procedure and the hash of what went in and came out.

    ``summary``: ``capacity`` of a batch, ``lots`` ([[key, delegation], …]) and ``batches`` (their sizes); with
    the seed it says everything. One draw of a round is live, the others are void with a reason.
    """

    __table_args__ = (
        Index("uq_draw_live", "round_id", unique=True,
              sqlite_where=text("void_at IS NULL"), postgresql_where=text("void_at IS NULL")),
    )
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    procedure: Mapped[str]
    seed: Mapped[str]
    input_digest: Mapped[str]
    result_digest: Mapped[str]
    summary: Mapped[dict[str, Any]]
    drawn_by: Mapped[uuid.UUID | None]
    drawn_at: Mapped[datetime]
    void_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(Text)
    round: Mapped["Round"] = relationship()


class Code(WithId, Model):
    """The table that one role can read: which code an entrant has in an event, layer by layer.

    Layer 1 is the work code; further layers are there for contests that code twice or three times.
    """

    __table_args__ = (UniqueConstraint("event_id", "layer", "code"), UniqueConstraint("entrant_id", "layer"))
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event.id"), index=True)
    entrant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("entrant.id"), index=True)
    work_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("work.id"), unique=True)
    draw_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("draw.id"), index=True)
    layer: Mapped[int] = mapped_column(default=1)
    code: Mapped[str]
    entrant: Mapped["Entrant"] = relationship()


class CodeOpening(WithId, Model):
    """That the codes of an event were opened (解密), by which two people and when."""

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event.id"), unique=True)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    asked_by: Mapped[uuid.UUID]
    opened_by: Mapped[uuid.UUID]
    opened_at: Mapped[datetime]
    event: Mapped["Event"] = relationship()


class Outcome(WithId, Model):
    """A recorded fact about an entrant in an event: CHECKED_IN, ABSENT, WITHDRAWN, DISQUALIFIED,
    RESULT_CANCELLED. Only added; a newer fact of the same entrant replaces the older one, and
    ``CLEARED`` takes everything back. ``rules.current_outcome`` says what holds."""

    __table_args__ = (Index("ix_outcome_entrant_at", "entrant_id", "at"),)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event.id"), index=True)
    entrant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("entrant.id"))
    kind: Mapped[str]
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    entrant: Mapped["Entrant"] = relationship()
