"""Rounds that are judged on a machine of their own in an arena, and come back (decision 0035)."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from competition.core.database import Model, WithId

_AWAY = "ended_at IS NULL AND side = 'home'"


class ArenaTrip(WithId, Model):
    """Rounds of a contest on an arena machine. ``side``: home (it lent them) or arena (it judges them).

    ``base``: hashes of what must stay as it was handed over. ``sums``: rows and hash of each table, as they were last compared.
    ``end_code``: returned, or taken_back by two people without a file. ``file_digest``: the packing that came back. ``home``, on the
    arena machine: the sign of the office that lent them.
    """

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    side: Mapped[str]
    machine: Mapped[str]
    base: Mapped[dict[str, Any]]
    sums: Mapped[dict[str, Any]]
    file_digest: Mapped[str | None]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_code: Mapped[str | None]
    home: Mapped[str | None]


class ArenaTripRound(WithId, Model):
    """One round of a trip; a round is away once at a time."""

    __table_args__ = (
        Index("uq_arena_trip_round_away", "round_id", unique=True, sqlite_where=text(_AWAY), postgresql_where=text(_AWAY)),
    )
    trip_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("arena_trip.id"), index=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    side: Mapped[str]
    ended_at: Mapped[datetime | None]
