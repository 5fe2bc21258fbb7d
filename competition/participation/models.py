"""Participation: one fact per person and contest, targets, and the cells rolled up from the facts."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from competition.core.database import Model, WithId


class Fact(WithId, Model):
    """That a person took part in a contest (人次); persons (人数) are distinct ``person_key``.

    Unit, region and the other dimensions are the person's at that time, frozen. ``person_key`` is
    the blind index of the document. ``source``: contest or return; a fact is withdrawn, not deleted.
    """

    __table_args__ = (
        UniqueConstraint("person_key", "contest_id"),
        Index("ix_fact_cell", "region_code", "present_on"),
        Index("ix_fact_contest", "contest_id"),
        Index("ix_fact_present", "present_on", "person_key"),
    )
    person_key: Mapped[str]
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"))
    present_on: Mapped[date]
    region_code: Mapped[str]
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


class Target(WithId, Model):
    """How many persons a year should bring, for the whole province or a node of the tree."""

    __table_args__ = (UniqueConstraint("year", "scope_code"),)
    year: Mapped[int]
    scope_code: Mapped[str]
    persons: Mapped[int]
    previous_persons: Mapped[int | None]
    set_by: Mapped[uuid.UUID | None]
    set_at: Mapped[datetime]


class Cell(Model):
    """Rolled up figures of one scope and period. ``scope_code``: a region code (63 for the province,
    four digits and 00 for a prefecture, six for a county); ``period``: 2021, 2021-07 …"""

    __audited__ = False
    scope_code: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    persons: Mapped[int]
    person_times: Mapped[int]
    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roll_up_run.id"))


class RollUpRun(WithId, Model):
    """One run of the roll-up: when, what it counted, whether it proved itself."""

    __audited__ = False
    slot: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="running")
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any] | None]
    error: Mapped[str | None]
