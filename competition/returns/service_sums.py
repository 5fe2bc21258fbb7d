"""Sums over returns follow with the roll-up."""

import uuid
from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from competition.core.database import atomic, db
from competition.counting.models import Place
from competition.counting.rules_scopes import place_scope, scopes_of
from competition.returns.models import Return
from competition.returns.models_sums import MeasureSum, SummedReturn
from competition.returns.rules import BULK, COUNTED

Key = tuple[str, int]
HEADS, OVERLAP = "heads", "overlap"


def refresh_sums() -> None:
    """Add everything up anew and write what differs: some 50,000 returns take well below a second.

    What counts is never changed, so the sums are right for the returns that were read, whoever counts another meanwhile.
    """
    members, sums = _added_up()
    wanted = {key: row for key, found in sums.items() if any((row := _row(found)).values())}
    with atomic():
        _keep_members(members)
        _keep_sums(wanted)


def _added_up() -> tuple[set[uuid.UUID], dict[Key, Counter[str]]]:
    """The returns that count, and what they brought, by scope and month."""
    places = {place.id: [scope for scope in scopes_of(place.id, place.region_code, place.path) if scope != place_scope(place.id)]
              for place in db.session.scalars(select(Place))}
    members: set[uuid.UUID] = set()
    found: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    query = select(Return.id, Return.place_id, Return.month, Return.kind, Return.heads, Return.overlap, Return.measures)
    for number, place, month, kind, heads, overlap, measures in db.session.execute(query.where(Return.state == COUNTED)):
        members.add(number)
        brought = {**measures, HEADS: heads or 0, OVERLAP: overlap or 0} if kind == BULK else measures
        for scope in places.get(place or 0, ()) if brought else ():
            found[scope, month].update(brought)
    return members, found


def _row(found: Counter[str]) -> dict[str, Any]:
    measures = {name: value for name, value in sorted(found.items()) if value and name not in (HEADS, OVERLAP)}
    return {HEADS: found[HEADS], OVERLAP: found[OVERLAP], "measures": measures}


def _keep_members(wanted: set[uuid.UUID]) -> None:
    table, connection = db.metadata.tables["summed_return"], db.session().connection()
    standing = set(connection.execute(select(table.c.return_id)).scalars())
    if gone := [{"gone": number} for number in standing - wanted]:
        connection.execute(delete(table).where(table.c.return_id == bindparam("gone")), gone)
    if new := [{"return_id": number} for number in wanted - standing]:
        connection.execute(insert(SummedReturn), new)


def _keep_sums(wanted: dict[Key, dict[str, Any]]) -> None:
    table, connection = db.metadata.tables["measure_sum"], db.session().connection()
    standing = {(row.scope_code, row.month): {HEADS: row.heads, OVERLAP: row.overlap, "measures": row.measures}
                for row in connection.execute(select(table))}
    changed = [key for key in standing.keys() | wanted.keys() if standing.get(key) != wanted.get(key)]
    if gone := [{"s": scope, "m": month} for scope, month in changed]:
        connection.execute(delete(table).where(table.c.scope_code == bindparam("s"), table.c.month == bindparam("m")), gone)
    if new := [{"scope_code": key[0], "month": key[1], **wanted[key]} for key in changed if key in wanted]:
        connection.execute(insert(MeasureSum), new)
