"""Reads of the dashboard: cells, targets, runs, and the facts behind a figure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql import ColumnElement

from competition.accounts.models import Person
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.jobs import Job, latest
from competition.core.paging import Page, paginate
from competition.organisations.models import Region
from competition.organisations.queries import region_names
from competition.participation.models import OWN, Activity, Cell, Counted, Fact, Ledger, Participant, Place, RollUpRun, Standing, Target
from competition.participation.rules import HOME_PROVINCE, months_of
from competition.participation.rules_scopes import WHOLE as WHOLE

EVERYBODY = Cell.dimension == ""


@dataclass(frozen=True)
class Line:
    """One place on the dashboard."""

    code: str
    name: str
    persons: int
    person_times: int
    has_parts: bool


def years_with_facts() -> list[int]:
    """The years that have figures, newest first."""
    years = select(Cell.period).where(Cell.scope_code == WHOLE, EVERYBODY, func.length(Cell.period) == 4)
    return sorted(map(int, db.session.scalars(years)), reverse=True)


def counts() -> dict[str, Any]:
    """What a roll-up says of the cells: the years, how many cells, person-times of all years."""
    years = years_with_facts()
    of_years = select(func.sum(Cell.person_times)).where(Cell.scope_code == WHOLE, EVERYBODY, Cell.period.in_(map(str, years)))
    return {"years": sorted(years), "cells": db.session.scalar(select(func.count()).select_from(Cell)) or 0,
            "person_times": db.session.scalar(of_years) or 0}


def was_counted_whole() -> bool:
    """Have the cells ever been counted from everything?"""
    return db.session.scalar(select(Ledger.whole_at)) is not None


def is_counted(contest_id: UUID) -> bool:
    """Has anything of this contest been reported or counted? Its traits are frozen since."""
    return db.session.scalar(select(Activity.id).where(Activity.contest_id == contest_id)) is not None


def own_facts(activity_id: int) -> list[Fact]:
    """What the door of a contest says of its activity, withdrawn facts too."""
    query = select(Fact).where(Fact.activity_id == activity_id, Fact.origin == OWN).options(joinedload(Fact.participant))
    return list(db.session.scalars(query))


def cell(scope: str, period: str) -> Cell | None:
    """One rolled up figure."""
    return db.session.get(Cell, (scope, period, "", ""))


def cells_of(scopes: Collection[str], period: str) -> dict[str, Cell]:
    """The figures of several scopes in one period."""
    query = select(Cell).where(Cell.scope_code.in_(scopes), Cell.period == period, EVERYBODY)
    return {found.scope_code: found for found in db.session.scalars(query)}


def months(scope: str, year: int) -> list[Cell | None]:
    """The twelve months of a place, None where nothing happened."""
    query = select(Cell).where(Cell.scope_code == scope, EVERYBODY, Cell.period.in_(months_of(year)))
    found = {c.period: c for c in db.session.scalars(query)}
    return [found.get(period) for period in months_of(year)]


def lines(year: int, parent: str) -> list[Line]:
    """The places directly under ``parent`` with their figures: prefectures and other provinces of the
    whole, counties of a prefecture. Places without participation are listed with 0."""
    wanted: ColumnElement[bool]
    if parent == WHOLE:
        wanted = (Region.parent_code == HOME_PROVINCE) | (Region.level == "province") & (Region.code != HOME_PROVINCE)
    else:
        wanted = Region.parent_code == parent
    query = (
        select(Region, Cell).outerjoin(Cell, (Cell.scope_code == Region.code) & (Cell.period == str(year)) & EVERYBODY)
        .where(wanted).order_by(Region.level.desc(), Region.code)
    )
    found = []
    for region, figures in db.session.execute(query):
        inside = region.code.startswith(HOME_PROVINCE[:2])
        if figures or inside:
            found.append(Line(region.code, region.name, figures.persons if figures else 0,
                              figures.person_times if figures else 0, region.level == "prefecture"))
    return sorted(found, key=lambda line: (not line.code.startswith(HOME_PROVINCE[:2]), line.code))


def target(year: int, scope: str = WHOLE) -> Target | None:
    """What the year should bring."""
    return db.session.scalars(select(Target).where(Target.year == year, Target.scope_code == scope)).one_or_none()


def runs(limit: int = 10) -> list[RollUpRun]:
    """The newest runs."""
    return list(db.session.scalars(select(RollUpRun).order_by(RollUpRun.started_at.desc()).limit(limit)))


def runs_since_before(at: datetime) -> list[RollUpRun]:
    """Runs that began before ``at`` and have not ended, held until the commit."""
    query = select(RollUpRun).where(RollUpRun.state == "running", RollUpRun.started_at < at)
    return list(db.session.scalars(query.with_for_update()))


def last_finished() -> RollUpRun | None:
    """The run that the cells come from."""
    query = select(RollUpRun).where(RollUpRun.state.in_(("done", "differs"))).order_by(RollUpRun.finished_at.desc()).limit(1)
    return db.session.scalars(query).first()


def facts(year: int, scope: str, page: int) -> tuple[Page[Fact], dict[str, Person]]:
    """The facts that a figure counts, and the persons by key (for masked names)."""
    query = select(Fact).join(Counted, Counted.fact_id == Fact.id).where(Counted.month.between(year * 12, year * 12 + 11))
    if scope != WHOLE:
        level = Place.province_code if scope.endswith("0000") else (
            Place.prefecture_code if scope.endswith("00") else Place.region_code)
        query = query.join(Standing, Standing.id == Counted.standing_id).join(Place, Place.id == Standing.place_id).where(level == scope)
    query = query.options(joinedload(Fact.participant), joinedload(Fact.activity).joinedload(Activity.contest))
    found = paginate(query.order_by(Fact.present_on.desc(), Fact.id), page)
    keys = [fact.participant.key for fact in found]
    people = db.session.scalars(select(Person).where(Person.document_index.in_(keys)))
    return found, {p.document_index: p for p in people if p.document_index}


def region(code: str) -> Region | None:
    """A division by its code."""
    return db.session.get(Region, code)


def table(year: int) -> list[tuple[str, str, list[int]]]:
    """Every place that has figures: code, name, persons and person-times of the year and its months."""
    names = region_names()
    wanted = [str(year), *months_of(year)]
    found: dict[str, dict[str, Cell]] = {}
    for each in db.session.scalars(select(Cell).where(Cell.period.in_(wanted), EVERYBODY, ~Cell.scope_code.contains(":"))):
        found.setdefault(each.scope_code, {})[each.period] = each
    order = sorted(found, key=lambda code: (code != WHOLE, not code.startswith(HOME_PROVINCE[:2]), code))
    return [
        (code, _("全部") if code == WHOLE else names.get(code, code),
         [figure for p in wanted for figure in _pair(found[code].get(p))])
        for code in order
    ]


def _pair(figures: Cell | None) -> tuple[int, int]:
    return (figures.persons, figures.person_times) if figures else (0, 0)


def latest_jobs(limit: int) -> list[Job]:
    """The newest roll-up jobs."""
    return latest("participation.roll_up", limit)


def get_roll_up(job_id: UUID) -> Job:
    """One roll-up job; raises NotFound."""
    job = db.session.get(Job, job_id)
    if job is None or job.kind != "participation.roll_up":
        raise NotFound(_("没有找到这次汇总。"))
    return job


def facts_about(keys: Collection[str]) -> list[Fact]:
    """Every fact about the people with these keys, oldest first, withdrawn ones too."""
    query = select(Fact).join(Fact.participant).where(Participant.key.in_(keys)).options(
        joinedload(Fact.activity).joinedload(Activity.contest), joinedload(Fact.standing).joinedload(Standing.place))
    return list(db.session.scalars(query.order_by(Fact.present_on, Fact.id)))


def facts_of_contests(contests: Collection[UUID]) -> dict[UUID, int]:
    """How many people are said to have taken part in each of these contests."""
    people = func.count(Fact.participant_id.distinct())
    query = select(Activity.contest_id, people).join(Fact, Fact.activity_id == Activity.id).where(Fact.withdrawn_at.is_(None))
    return dict(db.session.execute(query.where(Activity.contest_id.in_(contests)).group_by(Activity.contest_id)).all())
