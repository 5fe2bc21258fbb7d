"""What returns brought besides registered people: one answer for pages, papers, tables and other systems, as of the last roll-up.

Sums are kept by scope and month (models_sums). Whoever shows single returns, or adds them up in another way, asks ``is_summed``: a
return that was counted since the last roll-up is in no figure yet, and one that was corrected since still is.
"""

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, select

from competition.core.database import db
from competition.returns.models import Return
from competition.returns.models_sums import MORE, MeasureSum, SummedAmount, SummedReturn


@dataclass(frozen=True)
class Reported:
    """Heads without names, how many of them are registered by name too, and the sums of measures."""

    heads: int
    overlap: int
    measures: dict[str, int]

    @property
    def more(self) -> int:
        """What bulk figures add to the registered persons (含上报). These are not told apart: they add up."""
        return self.heads - self.overlap


def reported(scope: str, first: int, last: int) -> Reported:
    """What counts of a place (``all``, a division, a union ``u:``) in these months."""
    heads, overlap, measures = 0, 0, Counter[str]()
    query = select(MeasureSum.heads, MeasureSum.overlap, MeasureSum.measures)
    for some, known, values in db.session.execute(query.where(*_in([scope], first, last))):
        heads, overlap = heads + some, overlap + known
        measures.update(values)
    return Reported(heads, overlap, dict(measures))


def more_of(scopes: Collection[str], first: int, last: int) -> dict[str, int]:
    """What bulk figures add in these months, by scope; those without are not in it."""
    query = select(MeasureSum.scope_code, func.sum(MeasureSum.heads - MeasureSum.overlap)).where(*_in(scopes, first, last))
    return dict(db.session.execute(query.group_by(MeasureSum.scope_code)).all())


def more_by_month(scopes: Collection[str], first: int, last: int) -> Counter[tuple[str, int]]:
    """The same by scope and month."""
    query = select(MeasureSum.scope_code, MeasureSum.month, MeasureSum.heads - MeasureSum.overlap).where(*_in(scopes, first, last))
    return Counter({(scope, month): more for scope, month, more in db.session.execute(query)})


def _in(scopes: Collection[str], first: int, last: int) -> tuple[ColumnElement[bool], ...]:
    return MeasureSum.scope_code.in_(scopes), MeasureSum.month.between(first, last)


def amounts_in(first: int, last: int, measure: str | None) -> Select[uuid.UUID]:
    """The returns in the figures of these months that say something of a measure (None: in bulk), those that add the most first."""
    # As a sum, so that rows are read in the order of lists and most are not; by their months all would be read and put in order.
    month = SummedAmount.month + 0
    query = select(SummedAmount.return_id).where(SummedAmount.name == (measure or MORE), month.between(first, last))
    return query.order_by(SummedAmount.amount.desc(), SummedAmount.month.desc(), SummedAmount.return_id.desc())


def is_summed(first: int, last: int) -> ColumnElement[bool]:
    """The returns of these months that are in the figures."""
    return and_(Return.id.in_(select(SummedReturn.return_id)), Return.month.between(first, last))
