"""Publications: immutable snapshots of rankings, with the rows that certificates point to; and what comes
before them: recorded decisions about ties, and the check of sums."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.contests.models import Contest
from competition.core.database import Model, WithId
from competition.registration.models import Entry, Team


class Publication(WithId, Model):
    """What was published: never changed. A correction is the next ``version`` with a reason.

    ``scope`` is ``event:KEY``, ``total:KEY`` or ``team:KEY`` of the rulebook. ``inputs_digest`` is the head of
    the contest's audit chain when the figures were computed. ``payload`` holds the whole scored scope: every
    line with its figures and the hash of its derivation (which stands with the row), and what it stands on:
    ``parts`` maps the scopes below a total to the payload digests of their publications. ``payload_digest``
    covers all of it. ``position`` is the scope's place in the rulebook.
    """

    __table_args__ = (UniqueConstraint("contest_id", "scope", "version"),)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    scope: Mapped[str]
    scope_name: Mapped[str]
    version: Mapped[int]
    rulebook_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rulebook_version.id"))
    rulebook_digest: Mapped[str]
    inputs_digest: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    payload_digest: Mapped[str]
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[uuid.UUID | None]
    approved_by: Mapped[uuid.UUID | None]
    published_at: Mapped[datetime] = mapped_column(index=True)
    contest: Mapped["Contest"] = relationship()
    position: Mapped[int] = mapped_column(default=0)
    rows: Mapped[list["PublishedRow"]] = relationship(back_populates="publication", order_by="PublishedRow.position")

    @property
    def place(self) -> tuple[int, int]:
        """Where readers find it: the last and widest total first, then teams, then events in the rulebook's order."""
        kind = {"total": 0, "team": 1, "event": 2}[self.scope.partition(":")[0]]
        return kind, self.position if kind else -self.position


class PublishedRow(WithId, Model):
    """One line of a publication: what the public sees, and what a certificate is made from.

    ``value`` is exact decimal text; ``public_name`` … are frozen copies, ``members`` the names of a team's
    line-up. ``award`` is the tier's key in the rulebook, ``award_name`` the words of all awards of the line.
    ``figures`` are the named figures; ``derivation`` and ``standing`` explain value and rank, as
    ``scoring.derivation.Step`` writes them.
    """

    __table_args__ = (UniqueConstraint("publication_id", "position"),)
    publication_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("publication.id"), index=True)
    entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("entry.id"), index=True)
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"), index=True)
    position: Mapped[int]
    rank: Mapped[int | None]
    value: Mapped[str | None]
    status: Mapped[str]
    award: Mapped[str | None]
    award_name: Mapped[str | None]
    public_name: Mapped[str]
    team_name: Mapped[str]
    delegation_name: Mapped[str]
    region_name: Mapped[str]
    members: Mapped[list[str]] = mapped_column(default=list)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    derivation: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    standing: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    publication: Mapped["Publication"] = relationship(back_populates="rows")
    entry: Mapped["Entry | None"] = relationship()
    team: Mapped["Team | None"] = relationship()

    @property
    def who(self) -> str:
        """Whose line it is, as the payload names them."""
        return str(self.entry_id or self.team_id)


class TieDecision(WithId, Model):
    """What the chief judge decided where the rulebook cannot. Only added; the newest about the same people holds.
    ``how``: decision, or lot when a lot was drawn.

    ``scope`` as the scoring engine knows it: ``event:KEY``, ``total:KEY``, ``team:KEY`` (``order`` from the
    best on), ``award:SCOPE:TIER`` (who gets the tier), ``spread:EVENT`` (``order`` holds the one work whose
    wide spread is accepted). ``subject`` holds everybody concerned. Ids are those of works in events, of
    entries and teams elsewhere: a decision stays good when codes are opened.
    """

    __table_args__ = (Index("ix_tie_decision_contest_scope", "contest_id", "scope"),)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"))
    scope: Mapped[str]
    subject: Mapped[list[str]]
    order: Mapped[list[str]]
    reason: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(default="decision", server_default="decision")
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]


class SumSample(WithId, Model):
    """Which works of an event have their sums checked by hand: chosen once, by a recorded seed.

    ``works`` lists {work, code, why: top, drawn, all}; ``marks_digest`` says from which marks: with other marks
    the sample is worth nothing any more. ``is_full``: every work, after too many errors.
    """

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event.id"), index=True)
    seed: Mapped[str]
    marks_digest: Mapped[str]
    works: Mapped[list[dict[str, Any]]]
    is_full: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]


class SumCheck(WithId, Model):
    """A scorekeeper summed the sheets of one work by hand: right, or what was found. Only added."""

    sample_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sum_sample.id"), index=True)
    work_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("work.id"))
    is_right: Mapped[bool]
    found: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]


class SumSignature(WithId, Model):
    """The supervisor signed a finished sample, after the scorekeeper had asked for it."""

    sample_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sum_sample.id"), unique=True)
    checked: Mapped[int]
    errors: Mapped[int]
    asked_by: Mapped[uuid.UUID]
    signed_by: Mapped[uuid.UUID]
    signed_name: Mapped[str]
    at: Mapped[datetime]
