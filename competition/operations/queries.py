"""Reads for the page and for the checks."""

import uuid
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from competition.accounts.models import Account
from competition.contests.models import Contest
from competition.core.database import db
from competition.core.jobs import SCHEDULE, Job, Scheduled


@dataclass(frozen=True)
class Routine:
    """A scheduled job and the last time that it was asked for."""

    planned: Scheduled
    last: Job | None


def routines() -> list[Routine]:
    """What the clock asks for, each with its newest job, in one statement."""
    kinds = {planned.kind for planned in SCHEDULE}
    newest = select(Job.kind, func.max(Job.created_at).label("at")).where(Job.kind.in_(kinds)).group_by(Job.kind).subquery()
    query = select(Job).join(newest, (Job.kind == newest.c.kind) & (Job.created_at == newest.c.at)).order_by(Job.id)
    last = {job.kind: job for job in db.session.scalars(query)}
    return [Routine(planned, last.get(planned.kind)) for planned in SCHEDULE]


def contest_runs() -> bool:
    """Is a contest under way? False before the tables have been made."""
    return _any(select(Contest.id).where(Contest.phase == "running"))


def has_data() -> bool:
    """Is there anything that somebody would miss? False before the tables have been made."""
    return _any(select(Account.id)) or _any(select(Contest.id))


def _any(query: Select[uuid.UUID]) -> bool:
    try:
        return db.session.scalar(query.limit(1)) is not None
    except SQLAlchemyError:
        db.session.rollback()
        return False
