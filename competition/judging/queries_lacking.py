"""What open rounds lack, over many rounds at once: figures that nobody entered, marks kept aside. Counts only."""

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, func, or_, select

from competition.arena.works import Work
from competition.core.database import db
from competition.judging.models import Excusal, MarkEvent
from competition.judging.models_figures import Figure
from competition.scoring.paper import ANSWERS

Counts = dict[uuid.UUID, int]


def works_without(key: str, round_ids: Collection[uuid.UUID]) -> Counts:
    """At how many works that are to be judged a figure is missing, by round; one statement. Answers stand for a theory mark."""
    named = or_(Figure.key == key, Figure.key.startswith(ANSWERS)) if key == "theory" else Figure.key == key
    newest = (
        select(Figure.work_id, func.max(Figure.seq).label("seq")).where(Figure.round_id.in_(round_ids), named)
        .group_by(Figure.work_id, Figure.key).subquery()
    )
    # An emptied figure is missing again.
    held = select(Figure.work_id).join(newest, (newest.c.work_id == Figure.work_id) & (newest.c.seq == Figure.seq)).where(
        named, Figure.value != "")
    query = select(Work.round_id, func.count()).where(
        Work.round_id.in_(round_ids), Work.away.is_(None), Work.id.not_in(held), ~_is_excused())
    return dict(db.session.execute(query.group_by(Work.round_id)).all())


def _is_excused() -> ColumnElement[bool]:
    """Nobody marks the work."""
    return exists().where(Excusal.round_id == Work.round_id, Excusal.seat_id.is_(None), Excusal.ended_at.is_(None),
                          or_(Excusal.work_id.is_(None), Excusal.work_id == Work.id))


def set_aside(round_ids: Collection[uuid.UUID]) -> Counts:
    """How many events are kept aside, by round."""
    query = select(MarkEvent.round_id, func.count()).where(MarkEvent.round_id.in_(round_ids), MarkEvent.state == "quarantined")
    return dict(db.session.execute(query.group_by(MarkEvent.round_id)).all())
