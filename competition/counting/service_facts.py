"""Facts are kept: people and what was true of them become small numbers, changes leave marks. All within the caller's act."""

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, Table, Text, bindparam, func, insert, select
from sqlalchemy import cast as as_type
from sqlalchemy.dialects import postgresql, sqlite

from competition.contests.models import Contest
from competition.core.database import Model, db, find
from competition.core.statements import Statement
from competition.counting import hooks
from competition.counting.models import Activity, Fact, Mark, Participant, Place, Standing
from competition.counting.queries import is_counted
from competition.counting.rules import FORMER, places
from competition.counting.rules_periods import UNKNOWN, age_band
from competition.organisations.queries import ancestor_ids

SLICE = 5_000
T = TypeVar("T")


def slices(values: Iterable[T], size: int = SLICE) -> Iterator[list[T]]:
    """The values in lists of at most ``size``: one statement names no more."""
    rest = iter(values)
    while found := list(islice(rest, size)):
        yield found


class Told(NamedTuple):
    """What somebody says of one person's presence."""

    key: str
    present_on: date
    union_id: uuid.UUID | None = None
    region_code: str | None = None
    industry: str = UNKNOWN
    ownership: str = UNKNOWN
    unit_kind: str = UNKNOWN
    worker_group: str = "none"
    sex: str | None = None
    birth_year: int | None = None


def _table(model: type[Model]) -> Table:
    return cast(Table, model.__table__)


def participants(keys: Collection[str]) -> dict[str, int]:
    """The numbers of people, made where they are new."""
    connection = db.session().connection()
    found = _numbers(connection, keys)
    if new := [key for key in dict.fromkeys(keys) if key not in found]:
        _ADD[connection.dialect.name].write_lists(connection, {}, {"key": new})
        found |= _numbers(connection, new)
    return found


# Rosters bring people by the ten thousand: statements that are made once for each database, in which a list of keys is one value.
_P, _KEYS = _table(Participant), bindparam("keys", type_=Text)
_LISTED: dict[str, ColumnElement[str]] = {
    "sqlite": func.json_each(_KEYS).table_valued("value").c.value,
    "postgresql": func.jsonb_array_elements_text(as_type(_KEYS, postgresql.JSONB)).column_valued()}
_FIND = {name: Statement(select(_P.c.key, _P.c.id).where(_P.c.key.in_(select(listed)))) for name, listed in _LISTED.items()}
_ADD = {"sqlite": Statement(sqlite.insert(_P).on_conflict_do_nothing()),
        "postgresql": Statement(postgresql.insert(_P).on_conflict_do_nothing())}
FACT = Statement(_table(Fact).insert())


def _numbers(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in slices(keys):
        found.update((key, number) for key, number in _FIND[connection.dialect.name].rows(connection, {"keys": json.dumps(some)}))
    return found


def _insert_new(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Rows that another transaction may be adding too: whoever is first wins, both find it afterwards."""
    if rows:
        dialect: Any = sqlite if db.engine.dialect.name == "sqlite" else postgresql
        db.session.execute(dialect.insert(model).on_conflict_do_nothing(), rows)


class Standings:
    """Numbers of places and standings, each looked up once and made where it is new. ``places``: numbers by union and division that stay
    what they were, however the tree has changed."""

    def __init__(self, places: Mapping[tuple[uuid.UUID | None, str], int] | None = None) -> None:
        self._places: dict[tuple[uuid.UUID | None, str], int] = dict(places or {})
        self._standings: dict[tuple[Any, ...], int] = {}
        self._told: dict[tuple[Any, ...], int] = {}

    def of(self, told: Told) -> int:
        """The standing of a person at that presence."""
        said = told.present_on.year, *told[2:]
        known = self._told.get(said)
        if known is None:
            band = age_band(told.birth_year, told.present_on.year)
            known = self._told[said] = self.at(self.place(told.union_id, told.region_code), told, band, told.sex or UNKNOWN)
        return known

    def at(self, place: int, told: Told | Standing, band: str, sex: str) -> int:
        """The standing at a place with these values, and whatever else was told."""
        values = (place, told.industry, told.ownership, told.unit_kind, told.worker_group, sex, band)
        if values not in self._standings:
            names = ("place_id", "industry", "ownership", "unit_kind", "worker_group", "sex", "age_band")
            self._standings[values] = _number(Standing, dict(zip(names, values, strict=True)))
        return self._standings[values]

    def place(self, union_id: uuid.UUID | None, region_code: str | None) -> int:
        """The place of a union, as the tree is today, and a division."""
        where = places(region_code)
        if (union_id, where.region) not in self._places:
            this = {"region_code": where.region, "path": " ".join(union.hex for union in ancestor_ids(union_id))}
            self._places[union_id, where.region] = _number(
                Place, this, union_id=union_id, prefecture_code=where.prefecture, province_code=where.province)
        return self._places[union_id, where.region]


def _number(model: type[Place] | type[Standing], values: dict[str, Any], **more: Any) -> int:
    wanted = select(model.id).filter_by(**values)
    found = db.session.scalar(wanted)
    if found is None:
        _insert_new(model, [values | more])
        found = db.session.scalars(wanted).one()
    return found


def activity_of(contest: Contest) -> Activity:
    """The activity that a contest is, with its traits as they are now unless there is one already (``renew_traits``)."""
    found = find(Activity, contest_id=contest.id)
    if found is None:
        _insert_new(Activity, [{"contest_id": contest.id, **_traits(contest)}])
        found = db.session.scalars(select(Activity).where(Activity.contest_id == contest.id)).one()
    return found


def _traits(contest: Contest) -> dict[str, Any]:
    return {"kind": contest.kind, "level": contest.level, "is_flagship": contest.is_flagship, "industry": contest.industry,
            "region_code": contest.region_code, "union_id": contest.host_union_id}


def renew_traits(contest: Contest) -> None:
    """Before the first that is handed up or counted: an activity is what its contest is now, not what it was when a draft was begun."""
    if not is_counted(contest.id):
        activity = activity_of(contest)
        for name, value in _traits(contest).items():
            setattr(activity, name, value)


def add(activity_id: int, origin: int, told: Sequence[Told], at: datetime, standings: Standings | None = None) -> None:
    """Facts of people whom this origin has not named for this activity before, and the mark."""
    standings = standings or Standings()
    for some in slices(told):
        numbers = participants([one.key for one in some])
        FACT.write_lists(db.session().connection(), {"activity_id": activity_id, "origin": origin, "created_at": at}, {
            "participant_id": [numbers[one.key] for one in some], "standing_id": [standings.of(one) for one in some],
            "present_on": [one.present_on for one in some]})
    mark(activity_id, origin)


def mark(activity_id: int, origin: int) -> None:
    """The next roll-up looks at these facts."""
    db.session.execute(insert(Mark), [{"activity_id": activity_id, "origin": origin}])


def mark_of(facts: Iterable[Fact]) -> None:
    """The same for whatever these facts belong to."""
    for activity_id, origin in sorted({(fact.activity_id, fact.origin) for fact in facts}):
        mark(activity_id, origin)


def become(old_key: str, new_key: str, at: datetime) -> list[Fact]:
    """Whoever was told apart by one key is told apart by another from now on; the facts that say so, withdrawn ones too.

    Where somebody already counts under the new key, both are one person: the facts are said anew of that one, and what was
    said under the old key is withdrawn. Whoever else names people by their numbers follows (``hooks.joined``).
    """
    old = find(Participant, key=old_key) if old_key != new_key else None
    if old is None:
        return []
    facts = facts_of(old.id)
    into = find(Participant, key=new_key)
    if into is None:
        old.key = new_key
        return facts
    known = {(fact.activity_id, fact.origin): fact for fact in facts_of(into.id)}
    for fact in facts:
        if fact.withdrawn_at is None:
            fact.withdrawn_at = at
            same = known.get((fact.activity_id, fact.origin))
            if same is None:
                db.session.add(Fact(participant_id=into.id, activity_id=fact.activity_id, origin=fact.origin, standing_id=fact.standing_id,
                                    present_on=fact.present_on, created_at=at))
            elif same.withdrawn_at is not None:
                # What was said of one and no longer holds does not undo what holds of the other.
                same.standing_id, same.present_on, same.withdrawn_at = fact.standing_id, fact.present_on, None
    old.key = f"{FORMER}{old.id}"
    db.session.flush()
    for follow in hooks.joined:
        follow(old.id, into.id)
    mark_of(facts)
    return facts_of(into.id)


def facts_of(participant_id: int) -> list[Fact]:
    """All facts of somebody, held until the commit."""
    return list(db.session.scalars(select(Fact).where(Fact.participant_id == participant_id).order_by(Fact.id).with_for_update()))
