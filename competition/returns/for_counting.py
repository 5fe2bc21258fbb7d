"""What the count asks of this room: whose word counts."""

from collections.abc import Collection

from sqlalchemy import Select, select

from competition.returns.models import Return
from competition.returns.rules import COUNTED


def origins_that_count(among: Collection[int] | None = None) -> Select[int]:
    """By what facts name the returns that count: of these, or of all."""
    query = select(Return.number).where(Return.state == COUNTED)
    return query if among is None else query.where(Return.number.in_(among))
