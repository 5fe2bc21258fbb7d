"""Targets: what a year should bring, how that changed, last year's months, which number is the one."""

import uuid
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from competition.core.database import Model, WithId
from competition.participation.rules_forecast import AMBER, GREEN


class TargetChange(WithId, Model):
    """One change of a target; ``before`` None: there was none, ``after`` None: taken away. ``how``: whole, hand, shape, file."""

    __table_args__ = (Index("ix_target_change_scope", "year", "scope_code"),)
    year: Mapped[int]
    scope_code: Mapped[str]
    before: Mapped[int | None]
    after: Mapped[int | None]
    how: Mapped[str]
    reason: Mapped[str]
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]


class PaceMonth(Model):
    """Persons of a place so far at the end of a month of a year that this system did not see: twelve rows or none."""

    year: Mapped[int] = mapped_column(primary_key=True)
    scope_code: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    persons: Mapped[int]
    set_by: Mapped[uuid.UUID | None]
    set_at: Mapped[datetime]


class YearChoice(Model):
    """Which number of a year is held against its targets: ``registered`` persons, or ``with_reported`` heads of bulk figures too."""

    year: Mapped[int] = mapped_column(primary_key=True)
    headline: Mapped[str]
    reason: Mapped[str]
    set_by: Mapped[uuid.UUID | None]
    set_at: Mapped[datetime]


class Target(WithId, Model):
    """How many persons a year should bring, for the whole (``all``) or a place of the tree.

    ``green_percent`` and ``amber_percent``: the light against what there should be by now (rules_forecast).
    """

    __table_args__ = (UniqueConstraint("year", "scope_code"),)
    year: Mapped[int]
    scope_code: Mapped[str]
    persons: Mapped[int]
    previous_persons: Mapped[int | None]
    green_percent: Mapped[int] = mapped_column(default=GREEN)
    amber_percent: Mapped[int] = mapped_column(default=AMBER)
    set_by: Mapped[uuid.UUID | None]
    set_at: Mapped[datetime]
