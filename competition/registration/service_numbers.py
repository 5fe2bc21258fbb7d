"""Numbers of contestants (参赛编号): given once, in the order of delegations and teams, never taken back."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.registration.models import Delegation, Entry, Team


def number_entries(contest_id: uuid.UUID, *, actor: Actor, at: datetime) -> int:
    """Give every approved entry that has no number the next ones; returns how many were given."""
    with atomic() as session:
        get(Contest, contest_id, lock=True)
        bare = _without_number(contest_id)
        following = next_number(db.session.scalars(
            select(Entry.number).where(Entry.contest_id == contest_id, Entry.number.is_not(None))))
        for number, entry in enumerate(bare, start=following):
            entry.number = f"{number:04d}"
        session.flush()
        if bare:
            audit.record("registration.number_entries", actor=actor, subject=("contest", contest_id), at=at, chain=contest_id,
                         details={"from": following, "count": len(bare)})
    return len(bare)


def next_number(numbers: Iterable[str | None]) -> int:
    """The number after the highest one in use."""
    return max((int(n) for n in numbers if n and n.isdecimal()), default=0) + 1


def _without_number(contest_id: uuid.UUID) -> list[Entry]:
    query = (
        select(Entry).outerjoin(Entry.delegation).outerjoin(Entry.team)
        .where(Entry.contest_id == contest_id, Entry.state == "approved", Entry.number.is_(None))
        .order_by(Delegation.position, Delegation.name, Team.name, Entry.team_role, Entry.submitted_at, Entry.id)
    )
    return list(db.session.scalars(query))
