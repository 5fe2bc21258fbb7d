"""Doubts about returns, what was decided about each, and from when on something is doubted."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.core.database import Model, WithId
from competition.organisations.models import Union
from competition.returns.models import Return


class Doubt(WithId, Model):
    """One finding (rules_doubts): about a union's return, and another's where two are alike. ``figures``: counts, of no person."""

    __table_args__ = (UniqueConstraint("kind", "key"),)
    kind: Mapped[str]
    key: Mapped[str]
    inputs: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), index=True)
    return_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("return.id"))
    other_union_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("union.id"), index=True)
    other_return_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("return.id"))
    figures: Mapped[dict[str, Any]]
    found_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    union: Mapped["Union"] = relationship(foreign_keys=[union_id])
    other_union: Mapped["Union | None"] = relationship(foreign_keys=[other_union_id])
    of: Mapped["Return"] = relationship(foreign_keys=[return_id])
    other: Mapped["Return | None"] = relationship(foreign_keys=[other_return_id])


class DoubtStep(WithId, Model):
    """What became of a doubt, step by step: the state that it took, why, by whom (nobody: the look itself)."""

    doubt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doubt.id"), index=True)
    state: Mapped[str]
    reason: Mapped[str | None]
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]


class DoubtLimits(Model):
    """One row: the thresholds of rules_doubts by name."""

    id: Mapped[int] = mapped_column(primary_key=True)
    limits: Mapped[dict[str, Any]]
    set_by: Mapped[uuid.UUID | None]
    set_at: Mapped[datetime]
