"""Reminders of unions that are behind, kept until their hour, and the hours in which none is sent."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.core.database import Model, WithId
from competition.organisations.models import Union


class Reminder(WithId, Model):
    """One reminder of a union about a target. ``said``: the figures that it was written from, of no person. Sent to the union's clerks."""

    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), index=True)
    year: Mapped[int]
    scope_code: Mapped[str]
    said: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    readers: Mapped[int | None]
    union: Mapped["Union"] = relationship()


class ReminderRule(Model):
    """One row: the quiet hours (``20:00``) in the application's zone, whether weekends are quiet, whether the clock reminds at all."""

    id: Mapped[int] = mapped_column(primary_key=True)
    is_on: Mapped[bool]
    quiet_from: Mapped[str]
    quiet_to: Mapped[str]
    weekends: Mapped[bool]
    set_by: Mapped[uuid.UUID | None]
    set_at: Mapped[datetime]
