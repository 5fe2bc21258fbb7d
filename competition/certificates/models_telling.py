"""Telling the holders of a batch by text message: what is said, and what became of each message."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.certificates.models import Batch, Certificate
from competition.core.database import Model, WithId


class Telling(WithId, Model):
    """One batch is told about. ``words``: the text with its placeholders. ``state``: running, stopped; done is what has nothing left."""

    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("batch.id"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(index=True)
    changed_by: Mapped[uuid.UUID | None]
    changed_at: Mapped[datetime]
    batch: Mapped["Batch"] = relationship()


class Told(WithId, Model):
    """One message about one certificate, there is never a second row for it.

    ``state``: queued, sending (handed to the channel in this moment), sent, failed (tried again at ``next_at``), given_up,
    unsure (the program or the line broke off while it was handed over: it is not sent again by itself), no_phone.
    The number is read when it is sent and kept nowhere else.
    """

    __unaudited__ = "What the channel did with a message, try by try; asking for it, stopping and sending again are audited."
    __table_args__ = (Index("ix_told_due", "state", "next_at"),)
    telling_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("telling.id"), index=True)
    certificate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate.id"), unique=True)
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    next_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    telling: Mapped["Telling"] = relationship()
    certificate: Mapped["Certificate"] = relationship()
