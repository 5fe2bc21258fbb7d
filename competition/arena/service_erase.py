"""What the arena keeps of somebody who had the own data erased: what happened, without the words."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from competition.arena.models import Outcome
from competition.contests.models import Contest
from competition.core import files
from competition.core.database import db
from competition.core.files import StoredFile
from competition.registration.models import Entrant


def erase_reasons(entry_ids: Collection[UUID], contest_ids: Collection[UUID]) -> list[UUID]:
    """Within the caller's act: reasons of outcomes, and the sheets of badges with photos. Returns the entrants."""
    entrants = list(db.session.scalars(select(Entrant.id).where(Entrant.entry_id.in_(entry_ids))))
    for outcome in db.session.scalars(select(Outcome).where(Outcome.entrant_id.in_(entrants), Outcome.reason != "")):
        outcome.reason = ""
    names = [f"{code}-badges.pdf" for code in db.session.scalars(select(Contest.code).where(Contest.id.in_(contest_ids)))]
    files.drop(db.session.scalars(select(StoredFile).where(StoredFile.name.in_(names), StoredFile.keep_until.is_not(None))).all())
    return entrants
