"""Reads of the count: cells, runs, facts."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.jobs import Job, latest
from competition.counting import hooks
from competition.counting.models import OWN, Activity, Cell, Fact, Ledger, Participant, RollUpRun, Standing
from competition.counting.rules import months_of
from competition.counting.rules_scopes import WHOLE as WHOLE
from competition.organisations.models import Region

EVERYBODY = Cell.dimension == ""


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
    """Has anything of this contest been handed up or counted? Its traits are frozen since."""
    facts = select(Fact.id).join(Activity, Activity.id == Fact.activity_id).where(Activity.contest_id == contest_id, hooks.is_counting())
    return db.session.scalar(facts.limit(1)) is not None or any(ask(contest_id) for ask in hooks.reported)


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


def region(code: str) -> Region | None:
    """A division by its code."""
    return db.session.get(Region, code)


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
    """How many people took part in each of these contests, by whatever counts."""
    people = func.count(Fact.participant_id.distinct())
    query = select(Activity.contest_id, people).join(Fact, Fact.activity_id == Activity.id).where(
        Fact.withdrawn_at.is_(None), hooks.is_counting())
    return dict(db.session.execute(query.where(Activity.contest_id.in_(contests)).group_by(Activity.contest_id)).all())


def cells(scope: str, periods: Collection[str], dimension: str) -> list[Cell]:
    """Figures of a scope in these periods, by the values of a dimension (empty: of everybody)."""
    query = select(Cell).where(Cell.scope_code == scope, Cell.period.in_(periods), Cell.dimension == dimension)
    return list(db.session.scalars(query.order_by(Cell.period, Cell.value)))
