"""Works: all that judges ever see of an entrant. No column here leads to a person."""

import uuid

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.contests.models import Round
from competition.core.database import Model, WithId


class Work(WithId, Model):
    """What is judged, known by its code. ``batch`` and ``station`` come from the draw.

    ``away``: nobody works at the station, so there is nothing to judge: ABSENT or WITHDRAWN, and no word more
    (``arena.rules.away``). Written by the arena alone, whenever what holds about the entrant changes.
    """

    __table_args__ = (UniqueConstraint("round_id", "code"), UniqueConstraint("round_id", "position"))
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event.id"), index=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    code: Mapped[str] = mapped_column(index=True)
    batch: Mapped[int]
    station: Mapped[int]
    position: Mapped[int]
    away: Mapped[str | None]
    round: Mapped["Round"] = relationship()
