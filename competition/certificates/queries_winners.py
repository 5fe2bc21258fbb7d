"""Reads: how many winners of each published ranking have their certificate."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from competition.certificates import rules
from competition.certificates.models import Certificate
from competition.core.database import db
from competition.registration.models import Entry
from competition.results.models import Publication, PublishedRow


@dataclass(frozen=True)
class Winners:
    """One ranking in force with awards: ``due`` lines have one, ``issued`` of them hold a valid certificate of award,
    ``revoked`` had theirs taken back."""

    scope: str
    name: str
    due: int
    issued: int
    revoked: int

    @property
    def left(self) -> int:
        """Winners who never had one."""
        return self.due - self.issued - self.revoked


def winners_of(contest_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Winners]]:
    """The rankings with awards of each contest, in their rulebook's order. One statement for all contests."""
    later = aliased(Publication)
    newest = ~select(later.id).where(
        later.contest_id == Publication.contest_id, later.scope == Publication.scope, later.version > Publication.version).exists()
    # Whose certificate it is, as ``plan.subject_of`` decides.
    subject = func.coalesce(PublishedRow.team_id, Entry.person_id, Entry.id)
    mine = and_(Certificate.contest_id == Publication.contest_id, Certificate.scope == Publication.scope, Certificate.kind == "award",
                Certificate.subject_id == subject)
    held = select(Certificate.id).where(mine, Certificate.state == "issued").exists()
    lost = select(Certificate.id).where(mine, Certificate.state == "revoked").exists()
    query = (
        select(Publication.contest_id, Publication.scope, Publication.scope_name, func.count(), func.sum(case((held, 1), else_=0)),
               func.sum(case((and_(~held, lost), 1), else_=0)))
        .select_from(PublishedRow).join(PublishedRow.publication).outerjoin(PublishedRow.entry)
        .where(Publication.contest_id.in_(contest_ids), newest, PublishedRow.award_name != "",
               PublishedRow.status.not_in(rules.NOT_TAKEN_PART),
               or_(PublishedRow.entry_id.is_not(None), PublishedRow.team_id.is_not(None)))
        .group_by(Publication.contest_id, Publication.scope, Publication.scope_name, Publication.position)
        .order_by(Publication.position, Publication.scope)
    )
    found: dict[uuid.UUID, list[Winners]] = {}
    for contest_id, scope, name, due, issued, revoked in db.session.execute(query):
        found.setdefault(contest_id, []).append(Winners(scope, name, due, int(issued), int(revoked)))
    return found
