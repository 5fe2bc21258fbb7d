"""Who is said to have been where (facts), what of it counts, the cells rolled up from that.

Facts name people by a small number (``Participant``) and all that was true of them at that time by another (``Standing``), so
that millions of them stay small and people with the same history are counted together (rules_counting).
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.contests.models import Contest
from competition.core.database import Model, WithId

# Where a fact comes from: the door of the contest itself, a roster from before returns were kept, else the number of a return.
OWN, REPORTED = 0, -1


class Participant(Model):
    """Somebody by whom facts are told apart. ``key``: the blind index of the document, else ``person:`` and the person's id."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)


class Activity(Model):
    """What somebody takes part in. Its traits are frozen when the first fact names it: figures stand on them."""

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), unique=True)
    kind: Mapped[str]
    level: Mapped[str]
    is_flagship: Mapped[bool]
    industry: Mapped[str]
    region_code: Mapped[str | None]
    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), index=True)
    contest: Mapped["Contest"] = relationship()


class Place(Model):
    """A union and a division as they were at some time. ``path``: the union and all above it then, nearest first."""

    __table_args__ = (UniqueConstraint("region_code", "path"),)
    __unaudited__ = "Numbers for combinations of values that facts share; never changed."
    id: Mapped[int] = mapped_column(primary_key=True)
    union_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("union.id"), index=True)
    region_code: Mapped[str]
    prefecture_code: Mapped[str] = mapped_column(index=True)
    province_code: Mapped[str] = mapped_column(index=True)
    path: Mapped[str]


class Standing(Model):
    """What was true of somebody when taking part: the place, and the values that figures are broken down by."""

    __table_args__ = (
        UniqueConstraint("place_id", "industry", "ownership", "unit_kind", "worker_group", "sex", "age_band", name="uq_standing"),
    )
    __unaudited__ = "Numbers for combinations of values that facts share; never changed."
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    industry: Mapped[str]
    ownership: Mapped[str]
    unit_kind: Mapped[str]
    worker_group: Mapped[str]
    sex: Mapped[str]
    age_band: Mapped[str]
    place: Mapped["Place"] = relationship()


class Fact(Model):
    """That somebody is said to have taken part in an activity, and by whom (``origin``). Withdrawn, never deleted.

    ``present_on``: the day of first presence in the contest's zone. Several may say the same: what counts of them is
    chosen by the roll-up (rules_claims) and stands in ``Counted``.
    """

    __table_args__ = (
        UniqueConstraint("participant_id", "activity_id", "origin"),
        Index("ix_fact_origin", "activity_id", "origin", "participant_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    origin: Mapped[int] = mapped_column(default=OWN)
    standing_id: Mapped[int] = mapped_column(ForeignKey("standing.id"))
    present_on: Mapped[date]
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    participant: Mapped["Participant"] = relationship()
    activity: Mapped["Activity"] = relationship()
    standing: Mapped["Standing"] = relationship()


class Counted(Model):
    """One person-time that the cells hold: the membership behind every figure, in the order of people.

    Found by its fact, too: a fact that goes is asked for here by the database.
    """

    __table_args__ = (Index("ix_counted_standing", "standing_id", "month"), Index("ix_counted_fact_id", "fact_id"),
                      {"sqlite_with_rowid": False})
    __unaudited__ = "Derived: what the roll-up has taken over from the facts."
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id"))
    standing_id: Mapped[int] = mapped_column(ForeignKey("standing.id"))
    month: Mapped[int]


class Mark(Model):
    """That facts of an activity from one origin have changed and the cells do not know yet. Added with each change."""

    __unaudited__ = "What the next roll-up has to look at; the change itself is audited."
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    origin: Mapped[int]


class Cell(Model):
    """Rolled up figures of one scope, period and value of one dimension (both empty: everybody).

    ``scope_code`` and ``period``: see rules_scopes and rules_periods. ``new_persons``: persons whose first presence of the
    calendar year, in that scope, falls into the period; their running sum is the persons so far. ``new_in_stat_year``: the
    same of the statistical year.
    """

    __unaudited__ = "Derived figures, held against a count of everything every night."
    scope_code: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(primary_key=True, default="")
    value: Mapped[str] = mapped_column(primary_key=True, default="")
    persons: Mapped[int]
    person_times: Mapped[int]
    new_persons: Mapped[int] = mapped_column(default=0)
    new_in_stat_year: Mapped[int] = mapped_column(default=0)


class Ledger(Model):
    """One row: how often the cells have changed, and when they last were counted whole. Who changes cells holds it."""

    __unaudited__ = "Book-keeping of the roll-up."
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    whole_at: Mapped[datetime | None]


class RollUpRun(WithId, Model):
    """One run of the roll-up: when, what it counted, or what went wrong.

    ``state``: running, done, differs (cells were not what a count of everything says; they have been mended), failed,
    late (did not end in time), broken (its process was ended; the same job began another run). ``kind``: nightly, asked,
    anew (what counts of everybody is chosen anew, too). ``job_id``: the work that made it.
    """

    __unaudited__ = "The book of the roll-up's own runs."
    slot: Mapped[str | None]
    kind: Mapped[str] = mapped_column(default="asked")
    job_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="running")
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any] | None]
    error: Mapped[str | None]
