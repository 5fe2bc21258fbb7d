"""The lists behind figures: people (masked), returns, contests, units. Each page costs the same few statements."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, or_, select, tuple_
from sqlalchemy.orm import joinedload

from competition.accounts.models import Person
from competition.contests.models import Contest
from competition.core.database import db
from competition.core.paging import PER_PAGE, Page, paginate, paginate_rows
from competition.counting.models import Activity, Cell, Counted, Fact, Participant, Place, Standing
from competition.counting.rules import places
from competition.counting.rules_scopes import WHOLE
from competition.organisations.models import Region, Union
from competition.organisations.queries import below
from competition.organisations.rules import HOME_PROVINCE
from competition.participation.queries_asked import BY_CONTESTS, Figures, in_scope, rows_of
from competition.participation.rules_questions import Question
from competition.returns.models import Return
from competition.returns.models_import import RosterPerson
from competition.returns.models_sums import SummedAmount
from competition.returns.queries import amounts_in

EVERYBODY = Cell.dimension == ""
NUMBER = re.compile("-?[0-9]{1,14}")


@dataclass(frozen=True)
class Presence:
    """One line of the list: a person in a contest. ``person`` is None for whom only a roster knows, as ``listed`` there (masked)."""

    fact: Fact
    month: int
    region: str
    union: Union | None
    person: Person | None
    listed: RosterPerson | None


@dataclass(frozen=True)
class Stretch:
    """A part of a long list; ``after`` names where the next begins (None: this was the last)."""

    items: Sequence[Presence]
    after: str | None


def people(question: Question, now: Figures, after: str | None, limit: int = PER_PAGE) -> Stretch:
    """What a figure counts, from ``after`` on, in the order of an index, so that no page costs more than the first.

    ``now``: the figure itself, which knows by which way fewer rows are looked at.
    """
    if not now.person_times:
        return Stretch([], None)
    order = _order(now.side, question)
    query = rows_of(question, now.side, select(*order, Counted.fact_id, Counted.month).select_from(Counted))
    if seen := _place_of(after, len(order)):
        query = query.where(tuple_(*order) > seen)
    rows = db.session.execute(query.order_by(*order).limit(limit + 1)).all()
    next_from = ".".join(map(str, rows[limit - 1][:len(order)])) if len(rows) > limit else None
    return Stretch(_presences([(row[-2], row[-1]) for row in rows[:limit]]), next_from)


def _order(side: str, question: Question) -> tuple[Any, ...]:
    if side == BY_CONTESTS and (question.of_contests() or question.activity is not None):
        return Fact.activity_id, Fact.origin, Fact.participant_id
    return Counted.standing_id, Counted.month, Counted.participant_id, Counted.activity_id


def _place_of(text: str | None, length: int) -> tuple[int, ...] | None:
    """Where a stretch begins, as the address says it; what is no such place is the beginning."""
    parts = (text or "").split(".")
    return tuple(map(int, parts)) if len(parts) == length and all(map(NUMBER.fullmatch, parts)) else None


def _presences(rows: Sequence[tuple[int, int]]) -> list[Presence]:
    order = dict(rows)
    query: Any = select(Fact, Place.region_code, Union, Person, RosterPerson).join(Standing, Standing.id == Fact.standing_id).join(
        Place, Place.id == Standing.place_id).join(Participant, Participant.id == Fact.participant_id).outerjoin(
        Union, Union.id == Place.union_id).outerjoin(Person, Person.document_index == Participant.key).outerjoin(RosterPerson, and_(
        RosterPerson.origin == Fact.origin, RosterPerson.participant_id == Fact.participant_id)).where(Fact.id.in_(order))
    query = query.options(joinedload(Fact.participant), joinedload(Fact.activity).joinedload(Activity.contest))
    found = {fact.id: Presence(fact, order[fact.id], *rest) for fact, *rest in db.session.execute(query)}
    return [found[number] for number in order]


def returns(question: Question, measure: str | None, page: int) -> Page[Return]:
    """The returns behind a bulk figure (``measure`` None) or a measure: those in it, the largest first."""
    where = [] if question.scope == WHOLE else [SummedAmount.place_id.in_(select(Place.id).where(in_scope(question.scope)))]
    found = paginate(amounts_in(*question.span, measure).where(*where), page)
    query = select(Return).where(Return.id.in_(found.items))
    query = query.options(joinedload(Return.union), joinedload(Return.activity).joinedload(Activity.contest))
    returns = {one.id: one for one in db.session.scalars(query)}
    return Page([returns[number] for number in found], found.page, found.per_page, found.total)


@dataclass(frozen=True)
class Held:
    """A contest that was held, with everybody in it."""

    activity: Activity
    contest: Contest
    union: Union
    persons: int
    person_times: int


def _held(question: Question, *columns: Any) -> Any:
    """Contests that were held in the scope and had participants in the period, with their cells."""
    mine = literal("a:") + cast(Activity.id, String)
    query = select(*columns).select_from(Activity).join(
        Cell, (Cell.scope_code == mine) & (Cell.period == question.period) & EVERYBODY & (Cell.value == ""))
    return query.where(hosted_in(question.scope))


def hosted_in(scope: str) -> ColumnElement[bool]:
    """Contests whose own place lies in the scope: a dimension of its own, not the place of the people."""
    if scope == WHOLE:
        return literal(True)
    if scope.startswith("u:"):
        return Activity.union_id.in_(below([UUID(scope.removeprefix("u:"))]))
    where = places(scope)
    if scope == HOME_PROVINCE:
        return or_(Activity.region_code.is_(None), Activity.region_code.startswith(scope[:2]))
    digits = 2 if scope == where.province else 4 if scope == where.prefecture else 6
    return Activity.region_code.startswith(scope[:digits])


def held_counts(question: Question) -> tuple[int, int]:
    """How many contests were held, and by how many units."""
    found = db.session.execute(_held(question, func.count(), func.count(Activity.union_id.distinct()))).one()
    return found[0], found[1]


def contests(question: Question, page: int) -> Page[Held]:
    """The contests held, those with most person-times first."""
    query = _held(question, Activity, Contest, Union, Cell.persons, Cell.person_times)
    query = query.join(Contest, Contest.id == Activity.contest_id).join(Union, Union.id == Activity.union_id)
    found = paginate_rows(query.order_by(Cell.person_times.desc(), Activity.id), page)
    return Page([Held(*row) for row in found], found.page, found.per_page, found.total)


def every_contest(question: Question) -> list[tuple[Activity, str, str, int, int]]:
    """All of them, for a workbook: activity, names of contest and union, persons, person-times."""
    query = _held(question, Activity, Contest.name_zh, Union.name_zh, Cell.persons, Cell.person_times)
    query = query.join(Contest, Contest.id == Activity.contest_id).join(Union, Union.id == Activity.union_id)
    return [tuple(row) for row in db.session.execute(query.order_by(Cell.person_times.desc(), Activity.id))]


def hosts(question: Question, page: int) -> Page[Any]:
    """The units that held them: union, contests, person-times (these add up; persons would not)."""
    times = func.sum(Cell.person_times)
    query: Any = _held(question, Union, func.count(), times).join(Union, Union.id == Activity.union_id).group_by(Union.id)
    return paginate_rows(query.order_by(times.desc(), Union.id), page)


@dataclass(frozen=True)
class Unit:
    """A union directly under the one asked about, with its figures."""

    union: Union
    persons: int
    person_times: int

    @property
    def scope(self) -> str:
        return f"u:{self.union.id.hex}"


def units(parent: Any, question: Question, page: int) -> Page[Unit]:
    """The unions directly under one that have figures, the largest first; each leads to its own page."""
    dimension, value = (question.cell or ("", "", "", ""))[2:]
    hexadecimal = func.replace(cast(Union.id, String), "-", "")
    query: Any = select(Union, Cell.persons, Cell.person_times).join(
        Cell, (Cell.scope_code == literal("u:") + hexadecimal) & (Cell.period == question.period) & (Cell.dimension == dimension)
        & (Cell.value == value)).where(Union.parent_id == parent)
    found = paginate_rows(query.order_by(Cell.person_times.desc(), Union.id), page)
    return Page([Unit(*row) for row in found], found.page, found.per_page, found.total)


def activity(number: int) -> Contest | None:
    """The contest that an activity is, None when there is none of that number."""
    return db.session.scalars(select(Contest).join(Activity, Activity.contest_id == Contest.id).where(Activity.id == number)).one_or_none()


def places_to_choose() -> list[tuple[str, str, bool]]:
    """Divisions for a filter: prefectures with their counties (those are set in), then the other provinces."""
    away = case((Region.code.startswith(HOME_PROVINCE[:2]), 0), else_=1)
    inside = Region.code.startswith(HOME_PROVINCE[:2]) & (Region.level != "province")
    query = select(Region.code, Region.name, Region.level).where(inside | (Region.level == "province") & (Region.code != HOME_PROVINCE))
    return [(code, name, level == "county") for code, name, level in db.session.execute(query.order_by(away, Region.code))]
