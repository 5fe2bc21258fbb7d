"""The answer to a question: from cells, or where cells do not hold it counted from ``Counted``, within a limit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.sql import ColumnElement

from competition.core.database import db
from competition.counting.models import Activity, Cell, Counted, Fact, Place, Standing
from competition.counting.rules import HOME_PROVINCE, places
from competition.counting.rules_scopes import WHOLE, activity_scope
from competition.participation.rules_questions import Key, Question

# How many person-times are looked at, at most, for one page: well below a second on both databases.
LIMIT = 300_000
# Whether a question is counted by way of the people (place, industry …) or of the contests.
BY_PEOPLE, BY_CONTESTS = "people", "contests"
CELLS, COUNTED, TOO_MANY = "cells", "counted", "too many"


@dataclass(frozen=True)
class Figures:
    """Persons and person-times; ``source``: where they come from; ``reach``: person-times that counting has to look at; ``side``."""

    persons: int
    person_times: int
    source: str
    reach: int = 0
    side: str = BY_PEOPLE

    @property
    def is_known(self) -> bool:
        return self.source != TOO_MANY


def figures(question: Question) -> Figures:
    """The answer. One or two statements when a cell holds it, two or three when it is counted."""
    reach, side = _reach(question)
    if question.cell is not None:
        held = _cells([question.cell]).get(question.cell)
        return Figures(held.persons if held else 0, held.person_times if held else 0, CELLS, reach, side)
    if reach > LIMIT:
        return Figures(0, 0, TOO_MANY, reach, side)
    if not reach:
        return Figures(0, 0, COUNTED, reach, side)
    rows = rows_of(question, side, select(Counted.participant_id)).subquery()
    persons, times = db.session.execute(select(func.count(rows.c.participant_id.distinct()), func.count())).one()
    return Figures(persons, times, COUNTED, reach, side)


def _cells(keys: list[Key]) -> Mapping[Key, Cell]:
    this = or_(*(and_(Cell.scope_code == scope, Cell.period == period, Cell.dimension == dimension, Cell.value == value)
                 for scope, period, dimension, value in keys))
    return {(c.scope_code, c.period, c.dimension, c.value): c for c in db.session.scalars(select(Cell).where(this))}


def _reach(question: Question) -> tuple[int, str]:
    """How many person-times have to be looked at, and by which way that is fewer: what cells hold says so."""
    people: list[Key] = [(question.scope, question.period, "", "")]
    people += [(question.scope, question.year, *pair) for pair in question.of_people()]
    contests: list[Key] = [(WHOLE, question.year, *pair) for pair in question.of_contests()]
    if question.activity is not None:
        contests.append((activity_scope(question.activity), question.period, "", ""))
    found = _cells(people + contests)
    times = {key: found[key].person_times if key in found else 0 for key in people + contests}
    by_people, by_contests = min(times[key] for key in people), min((times[key] for key in contests), default=None)
    if by_contests is None or by_people <= by_contests:
        return by_people, BY_PEOPLE
    return by_contests, BY_CONTESTS


def in_scope(scope: str) -> ColumnElement[bool]:
    """Places that a scope counts."""
    if scope.startswith("u:"):
        union = scope.removeprefix("u:")
        return or_(Place.union_id == UUID(union), Place.path.contains(f" {union}"))
    where = places(scope)
    if scope == where.province:
        return Place.province_code == scope
    return Place.prefecture_code == scope if scope == where.prefecture else Place.region_code == scope


def standings_of(question: Question) -> Select[int] | None:
    """The standings that a question is about; None: all of them."""
    query, wanted = select(Standing.id), [getattr(Standing, name) == value for name, value in question.of_people()]
    if question.scope != WHOLE:
        query = query.join(Place, Place.id == Standing.place_id).where(in_scope(question.scope))
    elif not wanted:
        return None
    return query.where(*wanted)


def activities_of(question: Question) -> Select[int] | None:
    """The contests that a question is about; None: all of them."""
    wanted: list[ColumnElement[bool]] = []
    for name, value in question.of_contests():
        if name == "held_in":
            wanted.append(held_in(value))
        elif name == "flagship":
            wanted.append(Activity.is_flagship.is_(value == "yes"))
        else:
            wanted.append(getattr(Activity, name) == value)
    if question.activity is not None:
        wanted.append(Activity.id == question.activity)
    return select(Activity.id).where(*wanted) if wanted else None


def held_in(code: str) -> ColumnElement[bool]:
    """Contests that were held in a prefecture, another province, or the province itself (as ``rules.places`` says of their division)."""
    if code == HOME_PROVINCE:
        return Activity.region_code.is_(None) | (Activity.region_code == code)
    return Activity.region_code.startswith(code[:4] if code.startswith(HOME_PROVINCE[:2]) else code[:2])


def rows_of(question: Question, side: str, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Narrow a query on ``Counted`` to a question: by the index of standings, else by that of facts of contests."""
    standings, activities = standings_of(question), activities_of(question)
    if activities is not None and side == BY_CONTESTS:
        query = query.where(Fact.activity_id.in_(activities), Counted.participant_id == Fact.participant_id,
                            Counted.activity_id == Fact.activity_id, Counted.fact_id == Fact.id)
    elif activities is not None:
        query = query.where(Counted.activity_id.in_(activities))
        # Named one by one, so that each is looked up with its months.
        standings = select(Standing.id) if standings is None else standings
    if standings is not None:
        query = query.where(Counted.standing_id.in_(standings))
    return query.where(Counted.month.between(*question.span))


@dataclass(frozen=True)
class Month:
    """One month: persons and person-times in it, and the persons so far in the year (None: counted nowhere)."""

    month: int
    persons: int
    person_times: int
    so_far: int


def months(question: Question) -> list[Month] | None:
    """The twelve months of the year of a question; None where cells do not hold them and counting looks at too many."""
    whole = replace(question, month=None)
    if whole.cell is not None and not whole.values:
        return _run_up(whole, _held_months(whole))
    reach, side = _reach(whole)
    return _run_up(whole, _counted_months(whole, side)) if reach <= LIMIT else None


def _held_months(question: Question) -> dict[int, tuple[int, int, int]]:
    scope = question.cell[0] if question.cell else question.scope
    codes = {Question(scope, question.year, month).period: month for month in question.months}
    query = select(Cell).where(Cell.scope_code == scope, Cell.period.in_(codes), Cell.dimension == "")
    return {codes[c.period]: (c.persons, c.person_times, c.new_in_stat_year if question.is_statistical else c.new_persons)
            for c in db.session.scalars(query)}


def _counted_months(question: Question, side: str) -> dict[int, tuple[int, int, int]]:
    rows = rows_of(question, side, select(Counted.participant_id, Counted.month)).subquery()
    each = select(rows.c.month, func.count(rows.c.participant_id.distinct()), func.count()).group_by(rows.c.month)
    first = select(func.min(rows.c.month).label("month")).group_by(rows.c.participant_id).subquery()
    new: dict[int, int] = dict(db.session.execute(select(first.c.month, func.count()).group_by(first.c.month)).all())
    return {month: (persons, times, new.get(month, 0)) for month, persons, times in db.session.execute(each)}


def _run_up(question: Question, found: Mapping[int, tuple[int, int, int]]) -> list[Month]:
    made, so_far = [], 0
    for month in question.months:
        persons, times, new = found.get(month, (0, 0, 0))
        so_far += new
        made.append(Month(month, persons, times, so_far))
    return made


def parts(question: Question, codes: Collection[str], now: Figures) -> dict[str, tuple[int, int]] | None:
    """Persons and person-times of the divisions under the scope, by code; None where that would be more than is counted for a page."""
    if question.activity is None and question.cell is not None:
        return _held_parts(question, codes)
    if not now.is_known or now.reach > LIMIT:
        return None
    level = Place.prefecture_code if question.scope in (WHOLE, HOME_PROVINCE) else Place.region_code
    query = select(level, func.count(Counted.participant_id.distinct()), func.count()).join(
        Standing, Standing.id == Counted.standing_id).join(Place, Place.id == Standing.place_id)
    rows = db.session.execute(rows_of(question, now.side, query).group_by(level))
    return {code: (persons, times) for code, persons, times in rows}


def _held_parts(question: Question, codes: Collection[str]) -> dict[str, tuple[int, int]]:
    _scope, period, dimension, value = question.cell or ("", "", "", "")
    query = select(Cell.scope_code, Cell.persons, Cell.person_times).where(
        Cell.scope_code.in_(codes), Cell.period == period, Cell.dimension == dimension, Cell.value == value)
    return {code: (persons, times) for code, persons, times in db.session.execute(query)}
