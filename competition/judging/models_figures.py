"""Figures that no judge gives, and the files they are read from."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.arena.works import Work
from competition.core.database import Model, WithId


class Figure(WithId, Model):
    """A figure that no judge gives: time, theory mark, counted deduction. Only added; the newest of
    a (work, key) holds. ``source``: keyed, imported, timed; ``given``: answers as they were written."""

    __table_args__ = (Index("ix_figure_work_key", "work_id", "key"), Index("ix_figure_round_seq", "round_id", "seq"))
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"))
    work_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("work.id"))
    key: Mapped[str]
    value: Mapped[str]
    given: Mapped[str | None] = mapped_column(Text)
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
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    file_digest: Mapped[str]
    file_name: Mapped[str] = mapped_column(default="")
    rows: Mapped[list[dict[str, Any]]]
    state: Mapped[str] = mapped_column(default="previewed")
    by_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
