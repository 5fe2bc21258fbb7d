"""Series, contests, events, stages, rounds, and the versions of their rulebooks."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.contests.rules import PUBLIC_NOTICE_DAYS
from competition.core.database import Model, WithId
from competition.core.names import Named
from competition.organisations.models import Region, Union


class Series(WithId, Named, Model):
    """An umbrella (大赛) over contests of different trades, dates and places."""

    code: Mapped[str] = mapped_column(unique=True)
    host_union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), index=True)
    created_at: Mapped[datetime]
    host_union: Mapped["Union"] = relationship()
    contests: Mapped[list["Contest"]] = relationship(back_populates="series")


class Contest(WithId, Named, Model):
    """One contest. ``phase``: draft, announced, running, finished; ``condition``: normal, postponed,
    stopped, cancelled. Whether registration is open is derived (rules.registration_state).

    ``code`` is short and upper case: it stands in certificate numbers. ``kind``: skills, labour,
    drill, match, ankang, five_small, knowledge, speech. ``contest_class``: 1, 2 or none. ``public_notice_days``: working
    days for which results stand open to objections before certificates are issued; 0: none.
    """

    code: Mapped[str] = mapped_column(unique=True)
    series_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("series.id"), index=True)
    host_union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), index=True)
    kind: Mapped[str] = mapped_column(default="skills")
    level: Mapped[str] = mapped_column(default="province")
    contest_class: Mapped[int | None]
    is_flagship: Mapped[bool] = mapped_column(default=False)
    trade: Mapped[str] = mapped_column(default="")
    industry: Mapped[str] = mapped_column(default="unknown")
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    venue: Mapped[str] = mapped_column(default="")
    zone: Mapped[str] = mapped_column(default="Asia/Shanghai")
    summary: Mapped[str] = mapped_column(Text, default="")
    phase: Mapped[str] = mapped_column(default="draft", index=True)
    condition: Mapped[str] = mapped_column(default="normal")
    registration_opens_at: Mapped[datetime | None]
    registration_closes_at: Mapped[datetime | None]
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date]
    quota: Mapped[int | None]
    public_notice_days: Mapped[int] = mapped_column(default=PUBLIC_NOTICE_DAYS)
    review_levels: Mapped[list[str]] = mapped_column(default=list)
    is_demo: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    series: Mapped["Series | None"] = relationship(back_populates="contests")
    host_union: Mapped["Union"] = relationship()
    region: Mapped["Region | None"] = relationship()
    events: Mapped[list["Event"]] = relationship(back_populates="contest", order_by="Event.position")
    bodies: Mapped[list["OrgBody"]] = relationship(order_by="OrgBody.position")


class OrgBody(WithId, Model):
    """Who stands on the notice: organiser, host, co_host, guide."""

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    org_role: Mapped[str]
    name: Mapped[str]
    position: Mapped[int]


class ContestChange(WithId, Model):
    """Postponed, stopped, cancelled, resumed, announced …: what, why, by whom. Only added."""

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    change: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]


class Event(WithId, Named, Model):
    """A part of a contest that people enter (项目): ``kind`` theory or practical; ``entrant_kind``
    person or team. ``key`` is the event's key in the rulebook."""

    __table_args__ = (UniqueConstraint("contest_id", "key"),)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    key: Mapped[str]
    kind: Mapped[str]
    entrant_kind: Mapped[str] = mapped_column(default="person")
    is_compulsory: Mapped[bool] = mapped_column(default=False)
    quota: Mapped[int | None]
    quota_per_delegation: Mapped[int | None]
    time_limit_s: Mapped[int | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    position: Mapped[int]
    contest: Mapped["Contest"] = relationship(back_populates="events")
    stages: Mapped[list["Stage"]] = relationship(back_populates="event", order_by="Stage.position")


class Stage(WithId, Named, Model):
    """Preliminary, final: a contest with one stage has one row per event."""

    __table_args__ = (UniqueConstraint("event_id", "key"),)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event.id"), index=True)
    key: Mapped[str] = mapped_column(default="final")
    position: Mapped[int] = mapped_column(default=1)
    event: Mapped["Event"] = relationship(back_populates="stages")
    rounds: Mapped[list["Round"]] = relationship(back_populates="stage", order_by="Round.position")


class Round(WithId, Model):
    """One event × one stage × one panel: what is judged and locked together."""

    __table_args__ = (UniqueConstraint("stage_id", "position"),)
    stage_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stage.id"), index=True)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    batch_size: Mapped[int] = mapped_column(default=8)
    stations: Mapped[int] = mapped_column(default=8)
    starts_at: Mapped[datetime | None]
    stage: Mapped["Stage"] = relationship(back_populates="rounds")
    event: Mapped["Event"] = relationship()
    contest: Mapped["Contest"] = relationship()

    @property
    def title(self) -> str:
        """For whoever reads: the event's name in their language, unless the round was given another name."""
        return self.event.name if self.name == self.event.name_zh else self.name


class RulebookVersion(WithId, Model):
    """A rulebook as a document, known by number and hash. Frozen at the first mark."""

    __table_args__ = (UniqueConstraint("contest_id", "number"),)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    number: Mapped[int]
    document: Mapped[dict[str, Any]]
    digest: Mapped[str]
    reason: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]


class RulebookDraft(WithId, Model):
    """What is being written, sound or not; one for a contest. ``based_on``: number of the version that it began from, 0 for none.
    ``edits`` counts the changes and never goes back."""

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), unique=True)
    document: Mapped[dict[str, Any]]
    based_on: Mapped[int]
    edits: Mapped[int]
    changed_by: Mapped[uuid.UUID | None]
    changed_at: Mapped[datetime]


class RulebookEdit(WithId, Model):
    """One of the last changes of a draft, with the document before it: to take it back, and to see what others changed."""

    __table_args__ = (UniqueConstraint("draft_id", "number"),)
    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rulebook_draft.id"), index=True)
    number: Mapped[int]
    act: Mapped[str]
    about: Mapped[str]
    before: Mapped[dict[str, Any]]
    by_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]


class RulebookTrial(WithId, Model):
    """Invented numbers that one person tries a contest's rulebook with: event → field → text."""

    __table_args__ = (UniqueConstraint("contest_id", "account_id"),)
    __unaudited__ = "Invented numbers: nothing is made of them, and nobody else sees them."
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    account_id: Mapped[uuid.UUID]
    typed: Mapped[dict[str, Any]]


class RulebookPreview(WithId, Model):
    """What a change of a frozen rulebook would do to the figures, as somebody saw it. Only added.

    ``stage``: draft (computed before anybody was asked), asked, renewed (computed again since), confirmed (seen anew by the second
    person, because marks had come), applied (``number`` is the version that it became). ``content`` is made by results and names
    nobody: people are ids of the engine. ``digest`` covers it, ``marks`` the marks that it was computed from; ``basis`` tells
    results whether anything has happened since.
    """

    __unaudited__ = "A computation that was looked at; asking and approving are the acts, audited with its hash."
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    approval_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    stage: Mapped[str]
    from_number: Mapped[int]
    number: Mapped[int | None]
    document: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    reason: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    digest: Mapped[str]
    marks: Mapped[str]
    basis: Mapped[dict[str, Any]]
    by_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]


class RulebookImport(WithId, Model):
    """A workbook that one person uploaded for a contest's draft, as it was read: its sheets, until it is taken over or another comes.

    ``sheets``: title, rows of texts, and the cells that hold no plain text or number as (row, column, why).
    """

    __table_args__ = (UniqueConstraint("contest_id", "account_id"),)
    __unaudited__ = "A workbook read and not taken over; taking it over changes the draft, and that is audited."
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    account_id: Mapped[uuid.UUID]
    file_name: Mapped[str]
    sheets: Mapped[list[dict[str, Any]]]
    read_at: Mapped[datetime]
