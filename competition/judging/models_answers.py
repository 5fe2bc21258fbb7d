"""The key of a theory paper: what is right, in every version that there was."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from competition.core.database import Model, WithId


class AnswerKey(WithId, Model):
    """A version of the key of an event's theory paper, sealed. Only added; only ``taken_at`` and the second person are set later.

    The newest that was taken holds. One that waits for a second person, or was refused, was never taken.
    """

    __table_args__ = (UniqueConstraint("event_id", "number"),)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event.id"), index=True)
    number: Mapped[int]
    answers_sealed: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    second_id: Mapped[uuid.UUID | None]
    second_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
