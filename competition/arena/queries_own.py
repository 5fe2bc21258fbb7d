"""What the arena keeps about somebody's entrants, for the own eyes: what happened on the day, and codes once they are opened."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition.arena.models import Code, CodeOpening, Outcome
from competition.core.database import db
from competition.registration.models import Entrant


def outcomes_of(entrant_ids: Collection[UUID]) -> list[Outcome]:
    """Everything recorded about these entrants, oldest first, with their events."""
    query = select(Outcome).where(Outcome.entrant_id.in_(entrant_ids)).options(joinedload(Outcome.entrant).joinedload(Entrant.event))
    return list(db.session.scalars(query.order_by(Outcome.at, Outcome.id)))


def opened_codes(entrant_ids: Collection[UUID]) -> list[Code]:
    """The codes of these entrants in events whose codes were opened: before that nobody may know the own one."""
    query = (
        select(Code).join(CodeOpening, CodeOpening.event_id == Code.event_id).where(Code.entrant_id.in_(entrant_ids))
        .options(joinedload(Code.entrant).joinedload(Entrant.event)).order_by(Code.event_id, Code.layer)
    )
    return list(db.session.scalars(query))


def coded(entrant_ids: Collection[UUID]) -> set[UUID]:
    """Those of the entrants for whom lots were drawn."""
    return set(db.session.scalars(select(Code.entrant_id).where(Code.entrant_id.in_(entrant_ids), Code.layer == 1)))
