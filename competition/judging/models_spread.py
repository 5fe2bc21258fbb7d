"""Judges too far apart: who was asked to look again, what they answered, and what the chief judge decided."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.core.database import Model, WithId
from competition.judging.models import Seat


class SpreadPrompt(WithId, Model):
    """A judge was told of lying apart from the others, and asked to mark again or to keep the marks with a reason.

    ``part``: the group or criterion, "" for the common sheet. ``marks`` are the own ones when it was asked, ``figures``
    what each seat gave then (only for the chief judge's eyes). The answer is written once: remark, keep (with
    ``reason``), or void when others changed so that nothing is left to ask. ``decision_id``: asked by the chief judge.
    """

    __table_args__ = (UniqueConstraint("seat_id", "work_id", "part", "asked_seq"),)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    work_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("work.id"), index=True)
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seat.id"))
    part: Mapped[str]
    marks: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
    decision_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("spread_decision.id"))
    asked_seq: Mapped[int]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    seat: Mapped["Seat"] = relationship()
    decision: Mapped["SpreadDecision | None"] = relationship()


class SpreadDecision(WithId, Model):
    """The chief judge decided in writing about one part of one work: accept the spread as it is, or all mark again
    together. Only added. ``figures`` are those it was decided about: it holds while they stay."""

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    work_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("work.id"), index=True)
    part: Mapped[str]
    decision: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    figures: Mapped[dict[str, Any]]
    seq: Mapped[int]
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]
