"""What happens to certificates outside: who fetched one, and how a name is called on the stage."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.certificates.models import Certificate
from competition.core.database import Model, WithId

_HOLDS = "undone_at IS NULL"


class HandOut(WithId, Model):
    """A certificate was fetched: by whom, on which day. What was noted wrongly is taken back with a reason and stays readable."""

    __table_args__ = (
        Index("uq_hand_out_holds", "certificate_id", unique=True, sqlite_where=text(_HOLDS), postgresql_where=text(_HOLDS)),
    )
    certificate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate.id"), index=True)
    fetched_by: Mapped[str]
    fetched_on: Mapped[date]
    note: Mapped[str]
    noted_by: Mapped[uuid.UUID | None]
    noted_at: Mapped[datetime]
    undone_by: Mapped[uuid.UUID | None]
    undone_at: Mapped[datetime | None]
    undone_reason: Mapped[str | None]
    certificate: Mapped["Certificate"] = relationship()


class SpokenName(WithId, Model):
    """How a name is read out, as somebody checked it: kept for all contests of a union, as long as the name is the same."""

    __table_args__ = (UniqueConstraint("union_id", "subject_id", "name"),)
    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"))
    subject_id: Mapped[uuid.UUID] = mapped_column(index=True)
    name: Mapped[str]
    pinyin: Mapped[str]
    changed_by: Mapped[uuid.UUID | None]
    changed_at: Mapped[datetime]


class OwnSheet(Model):
    """The sheet of labels that a union measured last, in millimetres (``rules_labels.LabelSheet``): typed once, offered ever after."""

    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), primary_key=True)
    columns: Mapped[int]
    rows: Mapped[int]
    width: Mapped[float] = mapped_column(Numeric(6, 2, asdecimal=False))
    height: Mapped[float] = mapped_column(Numeric(6, 2, asdecimal=False))
    left: Mapped[float] = mapped_column(Numeric(6, 2, asdecimal=False))
    top: Mapped[float] = mapped_column(Numeric(6, 2, asdecimal=False))
    gap_x: Mapped[float] = mapped_column(Numeric(6, 2, asdecimal=False))
    gap_y: Mapped[float] = mapped_column(Numeric(6, 2, asdecimal=False))
    changed_by: Mapped[uuid.UUID | None]
    changed_at: Mapped[datetime]
