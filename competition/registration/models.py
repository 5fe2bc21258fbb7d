"""Delegations, teams, entries, who is entered for which event, and how eligibility was decided."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.accounts.models import Person
from competition.contests.models import Contest, Event
from competition.core.database import Model, WithId
from competition.core.files import StoredFile
from competition.organisations.models import Region, Union


class Delegation(WithId, Model):
    """A province, prefecture or industry union that sends people to a contest (代表团)."""

    __table_args__ = (UniqueConstraint("contest_id", "union_id"),)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"))
    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    union: Mapped["Union"] = relationship()


class Team(WithId, Model):
    """A team (代表队) of a delegation. ``leader_id`` is the account that may register its members.

    ``state``: active, withdrawn.
    """

    __table_args__ = (UniqueConstraint("contest_id", "name"),)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    delegation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("delegation.id"), index=True)
    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), index=True)
    name: Mapped[str]
    leader_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    leader_name: Mapped[str] = mapped_column(default="")
    coach_name: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]
    delegation: Mapped["Delegation | None"] = relationship()
    union: Mapped["Union"] = relationship()
    entries: Mapped[list["Entry"]] = relationship(back_populates="team")
    entrants: Mapped[list["Entrant"]] = relationship(back_populates="team")


class Entry(WithId, Model):
    """One person's entry to one contest.

    ``state``: draft, submitted (待审核), reviewing (审核中), returned, approved, rejected, waiting
    (候补), withdrawn. Employer, union, region, trade … are the entry's own copy: they say how it
    was when the person took part, whatever changes later. ``team_role``: member or reserve.
    ``review_union_id`` is the node of the tree whose clerk decides next. ``number`` is given when the
    entry is approved and never taken back. ``consent_id``: the consent under which it was handed in.
    ``erased_at``: the person had the own data erased; what is left says that somebody took part.
    """

    __table_args__ = (
        Index("uq_entry_person", "contest_id", "person_id", unique=True,
              sqlite_where=text("state NOT IN ('withdrawn', 'rejected')"),
              postgresql_where=text("state NOT IN ('withdrawn', 'rejected')")),
        UniqueConstraint("contest_id", "number"),
    )
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    registered_by: Mapped[uuid.UUID | None]
    delegation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("delegation.id"), index=True)
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"), index=True)
    team_role: Mapped[str] = mapped_column(default="member")
    state: Mapped[str] = mapped_column(default="draft", index=True)
    number: Mapped[str | None]
    name: Mapped[str] = mapped_column(default="", index=True)
    employer: Mapped[str] = mapped_column(default="")
    employer_ownership: Mapped[str] = mapped_column(default="unknown")
    union_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("union.id"), index=True)
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    trade: Mapped[str] = mapped_column(default="")
    skill_level: Mapped[int | None]
    worker_group: Mapped[str] = mapped_column(default="none")
    photo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    form_scan_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    consent_id: Mapped[uuid.UUID | None]
    review_union_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("union.id"), index=True)
    waiting_since: Mapped[datetime | None]
    return_reason: Mapped[str | None] = mapped_column(Text)
    withdraw_reason: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None] = mapped_column(index=True)
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    erased_at: Mapped[datetime | None]
    contest: Mapped["Contest"] = relationship()
    person: Mapped["Person | None"] = relationship()
    team: Mapped["Team | None"] = relationship(back_populates="entries")
    delegation: Mapped["Delegation | None"] = relationship()
    union: Mapped["Union | None"] = relationship(foreign_keys=[union_id])
    region: Mapped["Region | None"] = relationship()
    photo: Mapped["StoredFile | None"] = relationship(foreign_keys=[photo_id])
    form_scan: Mapped["StoredFile | None"] = relationship(foreign_keys=[form_scan_id])
    entrants: Mapped[list["Entrant"]] = relationship(back_populates="entry", cascade="all, delete-orphan")
    reviews: Mapped[list["EligibilityReview"]] = relationship(order_by="EligibilityReview.at")

    @property
    def events(self) -> list[Event]:
        """What the person competes in, in order: the own events, and for a member those of the team."""
        with_team = self.team.entrants if self.team is not None and self.team_role == "member" else []
        return sorted((entrant.event for entrant in [*self.entrants, *with_team]), key=lambda event: event.position)


class EntryDraft(Model):
    """What was typed and not yet handed in: form fields as one sealed JSON text, gone after submission.

    Written every few seconds while somebody types, so it is no act of its own for the audit.
    """

    __unaudited__ = "Unfinished typing of the person; handing it in is the act and is audited."
    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]


class EntryCondition(WithId, Model):
    """Who may enter a contest, where the organizer has set a limit; what is empty is not asked.

    Ages are whole years on ``age_on`` (empty: the contest's first day). ``skill_at_least`` is a level
    5 (lowest) to 1, 0 above all. ``team_least``, ``team_most`` and ``reserve_most`` count members of one
    team: the most when somebody joins, the least when lots are drawn.
    """

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), unique=True)
    age_least: Mapped[int | None]
    age_most: Mapped[int | None]
    age_on: Mapped[date | None]
    skill_at_least: Mapped[int | None]
    worker_groups: Mapped[list[str]] = mapped_column(default=list)
    events_most: Mapped[int | None]
    team_least: Mapped[int | None]
    team_most: Mapped[int | None]
    reserve_most: Mapped[int | None]
    needs_photo: Mapped[bool] = mapped_column(default=False)
    needs_team: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")


class RosterImport(WithId, Model):
    """A roster read from a workbook, waiting to be taken: its rows as one sealed JSON text.

    After it was taken only the rows that were refused remain, until they are fetched or forgotten. ``paper``: on which
    paper everybody in it agreed; ``job_id``: the newest work that takes it.
    """

    __unaudited__ = "A workbook read and not yet taken; taking it is the act and is audited."
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    by_id: Mapped[uuid.UUID]
    file_name: Mapped[str]
    paper: Mapped[str] = mapped_column(default="")
    sealed: Mapped[str] = mapped_column(Text)
    rows: Mapped[int]
    bad: Mapped[int]
    taken: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    taken_at: Mapped[datetime | None]
    job_id: Mapped[uuid.UUID | None]


class Entrant(WithId, Model):
    """Who is entered for one event: a person (by the entry) or a team."""

    __table_args__ = (
        UniqueConstraint("event_id", "entry_id"),
        UniqueConstraint("event_id", "team_id"),
        CheckConstraint("(entry_id IS NULL) <> (team_id IS NULL)", name="person_or_team"),
    )
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event.id"), index=True)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("entry.id"), index=True)
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"), index=True)
    event: Mapped["Event"] = relationship()
    entry: Mapped["Entry | None"] = relationship(back_populates="entrants")
    team: Mapped["Team | None"] = relationship(back_populates="entrants")


class EligibilityReview(WithId, Model):
    """One decision of one union about one entry: approve, return, reject. Only added."""

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("entry.id"), index=True)
    union_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("union.id"))
    decision: Mapped[str]
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    union: Mapped["Union | None"] = relationship()
