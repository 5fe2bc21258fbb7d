"""Reads of returns: what is reported in bulk beside the registered persons, and what else was reported."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select

from competition.core.database import db
from competition.participation.models import Place
from competition.participation.models_returns import Return
from competition.participation.rules_returns import BULK, COUNTED
from competition.participation.rules_scopes import WHOLE


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
    query = select(Return.kind, Return.heads, Return.overlap, Return.measures).join(Place, Place.id == Return.place_id)
    query = query.where(Return.state == COUNTED, Return.month.between(first, last))
    if scope.startswith("u:"):
        query = query.where(Place.path.contains(scope[2:]))
    elif scope != WHOLE:
        query = query.where((Place.region_code == scope) | (Place.prefecture_code == scope) | (Place.province_code == scope))
    heads, overlap, measures = 0, 0, Counter[str]()
    for kind, some, known, values in db.session.execute(query):
        if kind == BULK:
            heads, overlap = heads + some, overlap + known
        measures.update(values)
    return Reported(heads, overlap, dict(measures))
