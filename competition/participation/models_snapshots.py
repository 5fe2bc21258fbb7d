"""Snapshots: the figures of a period as they were counted when somebody froze them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from competition.core.database import Model, WithId


class FigureSnapshot(WithId, Model):
    """The figures of one period, never changed: to freeze a period again makes the next ``version``, with a reason.

    ``period``: as cells call it ('2026', 'S2026', '2026-05'). ``payload``: see queries_bulletin.payload; ``payload_digest``
    is its hash. ``counted_at``: the end of the roll-up whose figures these are.
    """

    __table_args__ = (UniqueConstraint("period", "version"),)
    period: Mapped[str]
    version: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    payload_digest: Mapped[str]
    counted_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID | None]
    made_name: Mapped[str]
