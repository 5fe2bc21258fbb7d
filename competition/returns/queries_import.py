"""Reads of rosters: who is in one, tables on their way into one, what names a table may use."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.jobs import Job
from competition.core.paging import PER_PAGE, Page
from competition.counting.models import Activity, Fact, Participant, Place, Standing
from competition.counting.rules_periods import month_days
from competition.organisations.models import Employer, Region, Union
from competition.organisations.queries import below
from competition.returns.models import Return
from competition.returns.models_import import ReturnImport, RosterPerson
from competition.returns.rules_import import OPEN, spelled
from competition.rosters.rules_rows import Names

AT_ONCE = 500


@dataclass(frozen=True)
class Listed:
    """Somebody of a roster as the list shows it; name, number and unit are empty where only the key was given."""

    name: str
    number: str
    unit: str
    group: str
    union: str
    day: Any


def get_return(return_id: uuid.UUID) -> Return:
    """A return with its union and its contest; raises NotFound."""
    found = db.session.scalars(select(Return).where(Return.id == return_id).options(
        joinedload(Return.union), joinedload(Return.activity).joinedload(Activity.contest))).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这份上报。"))
    return found


def people_in(found: Return) -> int:
    """How many people the return's roster has."""
    this = Fact.activity_id == found.activity_id, Fact.origin == found.number, Fact.withdrawn_at.is_(None)
    return db.session.scalar(select(func.count()).select_from(Fact).where(*this)) or 0


def roster(found: Return, page: int) -> Page[Listed]:
    """One page of the return's roster, in the order in which people became known; two statements however many they are."""
    total = people_in(found)
    number = min(max(1, page), max(1, -(-total // PER_PAGE)))
    query = select(
        RosterPerson.name, RosterPerson.number, RosterPerson.unit, Standing.worker_group, Union.name_zh, Fact.present_on,
    ).select_from(Fact).join(Standing, Standing.id == Fact.standing_id).join(Place, Place.id == Standing.place_id).outerjoin(
        Union, Union.id == Place.union_id).outerjoin(
        RosterPerson, (RosterPerson.origin == Fact.origin) & (RosterPerson.participant_id == Fact.participant_id)).where(
        Fact.activity_id == found.activity_id, Fact.origin == found.number, Fact.withdrawn_at.is_(None)).order_by(Fact.participant_id)
    rows = db.session.execute(query.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return Page([Listed(row[0] or "", row[1] or "", row[2] or "", row[3], row[4] or "", row[5]) for row in rows], number, PER_PAGE, total)


def said_of(activity_id: int, number: int) -> dict[str, tuple[Any, ...]]:
    """What a roster says of its people, by key: union, division, the frozen values, the day."""
    columns = (Place.union_id, Place.region_code, Standing.industry, Standing.ownership, Standing.unit_kind, Standing.worker_group,
               Standing.sex, Standing.age_band)
    query = select(Participant.key, Fact.standing_id, Fact.present_on).join(Participant, Participant.id == Fact.participant_id)
    rows = db.session.execute(query.where(Fact.activity_id == activity_id, Fact.origin == number, Fact.withdrawn_at.is_(None))).all()
    numbers, values = {row[1] for row in rows}, dict[int, tuple[Any, ...]]()
    standings = select(Standing.id, *columns).join(Place, Place.id == Standing.place_id)
    for row in db.session.execute(standings.where(Standing.id.in_(numbers))):
        values[row[0]] = tuple(row[1:])
    return {key: (*values[standing], day) for key, standing, day in rows}


def imports_of(return_id: uuid.UUID, limit: int = 10) -> list[ReturnImport]:
    """The newest tables sent for a return."""
    query = select(ReturnImport).where(ReturnImport.return_id == return_id).order_by(ReturnImport.created_at.desc()).limit(limit)
    return list(db.session.scalars(query))


def open_imports(return_id: uuid.UUID) -> list[tuple[ReturnImport, str | None]]:
    """Those that are neither taken nor given up, each with the state of its work."""
    query = select(ReturnImport, Job.state).outerjoin(Job, Job.id == ReturnImport.job_id)
    rows = db.session.execute(query.where(ReturnImport.return_id == return_id, ReturnImport.state.in_(OPEN)))
    return [(row[0], row[1]) for row in rows]


def work_of(job_id: uuid.UUID | None) -> Job | None:
    """A piece of work, if there is one."""
    return db.session.get(Job, job_id, populate_existing=True) if job_id else None


def names_for(found: Return) -> Names:
    """What a row of the return's roster may name: its union and those below, divisions, days of its month."""
    own, elsewhere = list[tuple[str, str, Any]](), set[str]()
    inside = set(db.session.scalars(below([found.union_id])))
    for union_id, name in db.session.execute(select(Union.id, Union.name_zh).where(Union.valid_to.is_(None))):
        if union_id in inside:
            own.append((name, "", union_id))
        else:
            elsewhere.add(name)
    regions = {code: (name, parent) for code, name, parent in db.session.execute(select(Region.code, Region.name, Region.parent_code))}
    places = ((name, regions[parent][0] if parent in regions else "", code) for code, (name, parent) in regions.items())
    return Names(dict(spelled(own)), dict(spelled(places)), month_days(found.month), frozenset(elsewhere))


def union_facts(union_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[str | None, str | None]]:
    """The division and the industry of unions."""
    query = select(Union.id, Union.region_code, Union.industry).where(Union.id.in_(list(union_ids)))
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def employers_named(names: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    """Ownership, kind and industry of the employers with these names; of several with one name, the one that says most."""
    found: dict[str, tuple[str, str, str]] = {}
    wanted = sorted(set(names))
    for start in range(0, len(wanted), AT_ONCE):
        query = select(Employer.name, Employer.ownership, Employer.unit_kind, Employer.industry).order_by(Employer.ownership == "unknown")
        for name, *values in db.session.execute(query.where(Employer.name.in_(wanted[start:start + AT_ONCE]))):
            found.setdefault(name, (values[0], values[1], values[2]))
    return found
