"""The evaluation index of a year: its sets of indicators, what was given by hand, what was locked. All of it is only added."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.core.database import Model, WithId
from competition.core.files import StoredFile


class IndicatorSet(WithId, Model):
    """A version of a year's indicators; the highest number is in force. ``document``: see rules."""

    __table_args__ = (UniqueConstraint("year", "number"),)
    year: Mapped[int]
    number: Mapped[int]
    document: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str]
    at: Mapped[datetime]


class Given(WithId, Model):
    """What somebody gave by hand about one subject: a score of an indicator (``value``: its text), or a veto (``yes``, ``no``).

    ``key``: that of the indicator, else ``veto:`` and the words of the veto. The newest of a key counts.
    """

    __table_args__ = (Index("ix_given_subject", "year", "subject_kind", "subject_id"),)
    year: Mapped[int]
    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    key: Mapped[str]
    value: Mapped[str]
    note: Mapped[str] = mapped_column(Text)
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    by_name: Mapped[str]
    at: Mapped[datetime]
    file: Mapped["StoredFile | None"] = relationship()


class LockedEvaluation(WithId, Model):
    """The evaluation of a year as it stood: every subject with every figure, as texts. Never changed; a later one has a higher number."""

    __table_args__ = (UniqueConstraint("year", "subject_kind", "number"),)
    year: Mapped[int]
    subject_kind: Mapped[str]
    number: Mapped[int]
    set_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("indicator_set.id"))
    rows: Mapped[list[dict[str, Any]]]
    digest: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str]
    at: Mapped[datetime]
    indicators: Mapped["IndicatorSet"] = relationship()
