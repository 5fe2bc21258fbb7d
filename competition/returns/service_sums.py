"""Sums over returns follow with the roll-up: what has come or gone is added or taken away; every night all is added up anew."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, tuple_, update

from competition.core.database import Model, atomic, db
from competition.counting.models import Ledger, Place
from competition.counting.rules_scopes import place_scope, scopes_of
from competition.counting.service_facts import slices
from competition.returns.models import Return
from competition.returns.models_sums import HEADS, MORE, MeasureSum, SummedAmount, SummedReturn
from competition.returns.rules import BULK, COUNTED

Rows = Mapping[tuple[Any, ...], tuple[Any, ...]]
# Name, month and return → place and amount.
Amounts = dict[tuple[str, int, uuid.UUID], tuple[int, int]]
Sums = Mapping[tuple[str, int], Counter[str]]
NOTHING = Counter[str]()


def refresh_sums(*, whole: bool) -> None:
    """Take over what has changed of the returns that count. ``whole``: hold all against them, and mend what differs.

    Who changes sums holds the ledger. All is read before it is held: a return does not change while it counts, and sums change only
    with the returns that they hold.
    """
    made = _All() if whole else None
    with atomic() as session:
        session.scalar(select(Ledger.id).where(Ledger.id == 1).with_for_update())
        if made is None or made.held != _members():
            _take_over()
        else:
            made.replace()


def _members() -> set[uuid.UUID]:
    return set(db.session.scalars(select(SummedReturn.return_id)))


class _All:
    """Everything that counts, and everything as it stands."""

    def __init__(self) -> None:
        self.held, self.amounts, self.sums = _members(), _held(None), _standing_sums(None)
        self.members = set(db.session.scalars(select(Return.id).where(Return.state == COUNTED)))
        self.wanted = _brought(self.members)
        self.wanted_sums = _rows(_sums(self.wanted))

    def replace(self) -> None:
        """Write what differs."""
        _put(SummedReturn, {(number,): () for number in self.held}, {(number,): () for number in self.members})
        _put(SummedAmount, self.amounts, self.wanted)
        _put(MeasureSum, self.sums, self.wanted_sums)


def _take_over() -> None:
    """What has come is added, what has gone is taken away as it was added."""
    held = select(SummedReturn.return_id)
    new = db.session.scalars(select(Return.id).where(Return.state == COUNTED, Return.id.not_in(held))).all()
    gone = db.session.scalars(held.join(Return, Return.id == SummedReturn.return_id).where(Return.state != COUNTED)).all()
    plus, minus = _brought(new), _held(gone)
    _put(SummedReturn, {(number,): () for number in gone}, {(number,): () for number in new})
    _put(SummedAmount, minus, plus)
    added, taken = _sums(plus), _sums(minus)
    standing = _standing_sums(added.keys() | taken.keys())
    wanted = {}
    for key in added.keys() | taken.keys():
        heads, overlap, measures = standing.get(key, (0, 0, {}))
        sums = Counter({**measures, HEADS: heads, MORE: heads - overlap})
        sums.update(added.get(key, NOTHING))
        sums.subtract(taken.get(key, NOTHING))
        wanted[key] = sums
    _put(MeasureSum, standing, _rows(wanted))


def _brought(returns: Collection[uuid.UUID]) -> Amounts:
    """What these returns say."""
    found: Amounts = {}
    for number, place, month, kind, heads, overlap, measures in _read(returns):
        found.update({(name, month, number): (place, value) for name, value in measures.items() if value})
        if kind == BULK:
            found.update({(HEADS, month, number): (place, heads), (MORE, month, number): (place, heads - overlap)})
    return found


def _read(returns: Collection[uuid.UUID]) -> Iterator[Any]:
    query = select(Return.id, Return.place_id, Return.month, Return.kind, Return.heads, Return.overlap, Return.measures)
    for some in slices(returns):
        yield from db.session.execute(query.where(Return.id.in_(some), Return.place_id.is_not(None)))


def _held(returns: Collection[uuid.UUID] | None) -> Amounts:
    """What of these (None: of all) is in the sums."""
    query = select(SummedAmount.name, SummedAmount.month, SummedAmount.return_id, SummedAmount.place_id, SummedAmount.amount)
    queries = [query] if returns is None else [query.where(SummedAmount.return_id.in_(some)) for some in slices(returns)]
    return {(name, month, number): (place, amount) for each in queries for name, month, number, place, amount in db.session.execute(each)}


def _sums(amounts: Amounts) -> Sums:
    """Added up by scope and month, in every scope that counts the place."""
    reached = {place for place, _amount in amounts.values()}
    scopes = {place.id: [scope for scope in scopes_of(place.id, place.region_code, place.path) if scope != place_scope(place.id)]
              for some in slices(reached) for place in db.session.scalars(select(Place).where(Place.id.in_(some)))}
    found: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for (name, month, _number), (place, amount) in amounts.items():
        for scope in scopes[place]:
            found[scope, month][name] += amount
    return found


def _standing_sums(keys: Collection[tuple[str, int]] | None) -> Rows:
    query = select(MeasureSum.scope_code, MeasureSum.month, MeasureSum.heads, MeasureSum.overlap, MeasureSum.measures)
    these = tuple_(MeasureSum.scope_code, MeasureSum.month)
    queries = [query] if keys is None else [query.where(these.in_(some)) for some in slices(keys)]
    return {(scope, month): tuple(rest) for each in queries for scope, month, *rest in db.session.execute(each)}


def _rows(sums: Sums) -> Rows:
    """Rows of MeasureSum; where nothing is left there is none."""
    def measures(found: Counter[str]) -> dict[str, int]:
        return {name: value for name, value in sorted(found.items()) if value and name not in (HEADS, MORE)}

    return {key: (found[HEADS], found[HEADS] - found[MORE], measures(found)) for key, found in sums.items() if any(found.values())}


def _put(model: type[Model], standing: Rows, wanted: Rows) -> None:
    """Rows by their keys: those that are not wanted go, new ones come, others are changed."""
    table = cast(Table, model.__table__)
    names = [column.name for column in table.primary_key]
    rest = [column.name for column in table.columns if column.name not in names]
    connection = db.session().connection()
    this = [table.c[name] == bindparam(f"k_{name}") for name in names]

    def of(keys: Collection[tuple[Any, ...]]) -> list[dict[str, Any]]:
        return [{f"k_{name}": part for name, part in zip(names, key, strict=True)} for key in keys]

    if gone := of(standing.keys() - wanted.keys()):
        connection.execute(delete(table).where(*this), gone)
    if new := wanted.keys() - standing.keys():
        connection.execute(insert(table), [dict(zip((*names, *rest), (*key, *wanted[key]), strict=True)) for key in new])
    if changed := [key for key in wanted.keys() & standing.keys() if wanted[key] != standing[key]]:
        values = [dict(zip([f"v_{name}" for name in rest], wanted[key], strict=True)) for key in changed]
        statement = update(table).where(*this).values({name: bindparam(f"v_{name}", type_=table.c[name].type) for name in rest})
        connection.execute(statement, [where | row for where, row in zip(of(changed), values, strict=True)])
