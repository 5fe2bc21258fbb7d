"""Returns: what unions report about an activity, version by version, and what was decided on the way up."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.core.database import Model, WithId
from competition.core.files import StoredFile
from competition.counting.models import Activity, Place
from competition.counting.rules_periods import month_code
from competition.organisations.models import Union


class Return(WithId, Model):
    """One version of a union's word about one activity in one month. ``state`` and ``kind``: see rules.

    ``number``: by what facts name it as their origin; another one when another roster became its own (models_import).
    ``place_id``: the union and what was above it when it was submitted.
    ``waiting_at``: the union that decides next. ``heads`` and ``overlap``: of a bulk figure. ``measures``: by rules.
    """

    __table_args__ = (
        UniqueConstraint("number"),
        # Of one union, activity and month one version counts.
        Index("uq_return_counted", "union_id", "activity_id", "month", unique=True,
              sqlite_where=text("state = 'counted'"), postgresql_where=text("state = 'counted'")),
    )
    number: Mapped[int]
    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), index=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    month: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    supersedes_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("return.id"))
    state: Mapped[str] = mapped_column(default="draft", index=True)
    waiting_at: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("union.id"), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    heads: Mapped[int | None]
    overlap: Mapped[int | None]
    evidence_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    measures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    counted_at: Mapped[datetime | None]
    union: Mapped["Union"] = relationship(foreign_keys=[union_id])
    activity: Mapped["Activity"] = relationship()
    place: Mapped["Place | None"] = relationship()
    waiting_union: Mapped["Union | None"] = relationship(foreign_keys=[waiting_at])
    evidence: Mapped["StoredFile | None"] = relationship()

    @property
    def period(self) -> str:
        """The month as it is written: 2026-05."""
        return month_code(self.month)


class ReturnStep(WithId, Model):
    """Something that was done with a return: submitted, taken back, approved or given back by a union, counted."""

    return_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("return.id"), index=True)
    union_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("union.id"))
    verdict: Mapped[str]
    reason: Mapped[str | None]
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]


class ClosedMonth(Model):
    """A month for which nothing new is submitted; what counts is corrected by new versions."""

    month: Mapped[int] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]
    closed_by: Mapped[uuid.UUID | None]
