"""Reads of works alone: what judging may see of the arena."""

import uuid

from sqlalchemy import select

from competition.arena.works import Work
from competition.core.database import db, get


def list_works(round_id: uuid.UUID) -> list[Work]:
    """The works of a round in the order in which they are shown."""
    return list(db.session.scalars(select(Work).where(Work.round_id == round_id).order_by(Work.position)))


def get_work(work_id: uuid.UUID) -> Work:
    """One work; raises NotFound."""
    return get(Work, work_id)
