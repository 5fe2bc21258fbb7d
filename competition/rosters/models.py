"""What is remembered of the tables that a union sends."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from competition.core.database import Model, WithId


class RosterLayout(WithId, Model):
    """Which column says what in a union's tables with these titles (``fingerprint``), as a person chose it.

    ``columns``: field → column, from 0. The newest choice counts.
    """

    __unaudited__ = "How the columns of a table are called; it names nobody, and each import says which columns it read."
    __table_args__ = (UniqueConstraint("union_id", "fingerprint"),)
    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"))
    fingerprint: Mapped[str]
    columns: Mapped[dict[str, Any]]
    chosen_by: Mapped[uuid.UUID | None]
    chosen_at: Mapped[datetime]
