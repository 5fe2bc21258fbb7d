"""Publications: immutable snapshots of rankings, with the rows that certificates point to."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.contests.models import Contest
from competition.core.database import Model, WithId
from competition.registration.models import Entry, Team


class Publication(WithId, Model):
    """What was published: never changed. A correction is the next ``version`` with a reason.

    ``scope`` is ``event:KEY`` or ``total:KEY`` of the rulebook. ``inputs_digest`` is the head of the
    contest's audit chain when the figures were computed; ``payload`` holds the whole scored scope
    with its derivations.
    """

    __table_args__ = (UniqueConstraint("contest_id", "scope", "version"),)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    scope: Mapped[str]
    scope_name: Mapped[str]
    version: Mapped[int]
    rulebook_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rulebook_version.id"))
    rulebook_digest: Mapped[str]
    inputs_digest: Mapped[str]
    payload: Mapped[dict[str, Any]]
    payload_digest: Mapped[str]
    reason: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[uuid.UUID | None]
    approved_by: Mapped[uuid.UUID | None]
    published_at: Mapped[datetime] = mapped_column(index=True)
    contest: Mapped["Contest"] = relationship()
    rows: Mapped[list["PublishedRow"]] = relationship(back_populates="publication", order_by="PublishedRow.position")


class PublishedRow(WithId, Model):
    """One line of a publication: what the public sees, and what a certificate is made from.

    ``value`` is exact decimal text; ``public_name`` … are frozen copies. ``award`` is the tier's key
    in the rulebook, ``award_name`` its words.
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
    publication: Mapped["Publication"] = relationship(back_populates="rows")
    entry: Mapped["Entry | None"] = relationship()
    team: Mapped["Team | None"] = relationship()
