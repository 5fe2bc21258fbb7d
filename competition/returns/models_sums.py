"""What returns brought besides people, added up by place and month so that a page reads the same few rows whatever the year's size."""

import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from competition.core.database import Model

# Amounts of bulk figures, beside those of measures (rules): the heads, and what they add (less the overlap).
HEADS, MORE = "heads", "more"


class MeasureSum(Model):
    """Of one scope (rules_scopes) and month: ``heads`` and ``overlap`` of bulk figures, and measures; of the returns in SummedReturn."""

    __unaudited__ = "Derived: sums over returns, made anew with each roll-up."
    scope_code: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    heads: Mapped[int] = mapped_column(default=0)
    overlap: Mapped[int] = mapped_column(default=0)
    measures: Mapped[dict[str, Any]]


class SummedReturn(Model):
    """A return that the sums hold: one that counted when they were made. What counts does not change while it counts."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    __unaudited__ = "Derived: which returns the last roll-up added up."
    return_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("return.id"), primary_key=True)


class SummedAmount(Model):
    """What one return adds to the sums: ``name`` is HEADS, MORE or a measure (none that is 0)."""

    # In the order of lists, so that the largest are read and no more.
    __table_args__ = (Index("ix_summed_amount_largest", "name", "amount", "month", "return_id", "place_id"),
                      {"sqlite_with_rowid": False})
    __unaudited__ = "Derived: what the last roll-up added up of each return."
    name: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("return.id"), primary_key=True, index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    amount: Mapped[int]
