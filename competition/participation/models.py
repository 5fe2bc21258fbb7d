"""Participation: one fact per person and contest, targets, and the cells rolled up from the facts."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.contests.models import Contest
from competition.core.database import Model, WithId

HOLDS = text("withdrawn_at IS NULL")


class Fact(WithId, Model):
    """That a person took part in a contest (人次); persons (人数) are distinct ``person_key``.

    The place is the person's own at that time, frozen at three levels; the contest's place is a
    dimension of its own. ``person_key`` is the blind index of the document. ``year`` and ``month``
    ('2026-05') follow from ``present_on``, the day of first presence in the contest's zone. A fact
    that no longer holds is withdrawn, never deleted.
    """

    __table_args__ = (
        UniqueConstraint("person_key", "contest_id"),
        # The roll-up reads nothing but these: they hold all it counts and only the facts that hold.
        Index("ix_fact_region", "year", "region_code", "month", "person_key", sqlite_where=HOLDS, postgresql_where=HOLDS),
        Index("ix_fact_prefecture", "year", "prefecture_code", "month", "person_key", sqlite_where=HOLDS, postgresql_where=HOLDS),
        Index("ix_fact_year", "year", "province_code", "month", "person_key", sqlite_where=HOLDS, postgresql_where=HOLDS),
        Index("ix_fact_contest", "contest_id", "present_on"),
    )
    person_key: Mapped[str]
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"))
    present_on: Mapped[date]
    year: Mapped[int]
    month: Mapped[str]
    region_code: Mapped[str]
    prefecture_code: Mapped[str]
    province_code: Mapped[str]
    union_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("union.id"))
    contest_region_code: Mapped[str | None]
    worker_group: Mapped[str] = mapped_column(default="none")
    ownership: Mapped[str] = mapped_column(default="unknown")
    industry: Mapped[str] = mapped_column(default="unknown")
    sex: Mapped[str | None]
    birth_year: Mapped[int | None]
    source: Mapped[str] = mapped_column(default="contest")
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    contest: Mapped["Contest"] = relationship()


class Target(WithId, Model):
    """How many persons a year should bring, for the whole (``all``) or a place of the tree."""

    __table_args__ = (UniqueConstraint("year", "scope_code"),)
    year: Mapped[int]
    scope_code: Mapped[str]
    persons: Mapped[int]
    previous_persons: Mapped[int | None]
    set_by: Mapped[uuid.UUID | None]
    set_at: Mapped[datetime]


class Cell(Model):
    """Rolled up figures of one place and one period ('2026' or '2026-05').

    ``scope_code``: ``all``, a province, a prefecture or a county. ``new_persons``: persons whose first
    presence of the year, in that place, falls into the period; their running sum is the persons so far.
    """

    __unaudited__ = "Derived figures, made anew from the facts every night."
    scope_code: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    persons: Mapped[int]
    person_times: Mapped[int]
    new_persons: Mapped[int]


class RollUpRun(WithId, Model):
    """One run of the roll-up: when, what it counted, or what went wrong."""

    __unaudited__ = "The book of the roll-up's own runs."
    slot: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="running")
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any] | None]
    error: Mapped[str | None]
