"""What the count asks of this room: whose word counts, and whether there is one."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, select

from competition.core.database import db
from competition.counting.models import Activity
from competition.returns.models import Return
from competition.returns.rules import COUNTED, DISCARDED, DRAFT


def origins_that_count(among: Collection[int] | None = None) -> Select[int]:
    """By what facts name the returns that count: of these, or of all."""
    query = select(Return.number).where(Return.state == COUNTED)
    return query if among is None else query.where(Return.number.in_(among))


def is_reported(contest_id: UUID) -> bool:
    """Was a return about a contest ever handed up, and not taken back?"""
    query = select(Return.id).join(Return.activity).where(Activity.contest_id == contest_id, Return.state.not_in((DRAFT, DISCARDED)))
    return db.session.scalar(query.limit(1)) is not None
