"""What the start page of the demonstration shows."""

import uuid

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from competition.contests.models import Contest, Round, Series
from competition.core.database import db
from competition.judging.models import Panel, RoundState, Seat, Sitter


def contests() -> list[Contest]:
    """The three contests, the open one first."""
    query = select(Contest).join(Series).where(Series.code == "YSLM").order_by(Contest.starts_on.desc())
    return list(db.session.scalars(query))


def seats() -> list[tuple[Panel, Seat, str]]:
    """The seats of rounds that are open for judging, with who sits there."""
    query = (
        select(Panel, Seat, Sitter.name).join(Seat, Seat.panel_id == Panel.id)
        .outerjoin(Sitter, (Sitter.seat_id == Seat.id) & Sitter.to_at.is_(None))
        .where(Panel.event_id.in_(_open_events())).order_by(Panel.name, Seat.number).options(joinedload(Panel.event))
    )
    return [(panel, seat, name or "") for panel, seat, name in db.session.execute(query)]


def _open_events() -> Select[uuid.UUID]:
    return (
        select(Round.event_id).join(RoundState, RoundState.round_id == Round.id).where(RoundState.state == "open")
    )
