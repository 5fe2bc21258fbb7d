"""Facts are collected from check-ins, cells are rolled up from facts, targets are set."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, insert, select

from competition.accounts.models import Person
from competition.arena.models import Outcome
from competition.arena.queries import present_entries
from competition.contests.models import Contest
from competition.core import audit, jobs
from competition.core.actors import Actor
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.participation import queries
from competition.participation.models import Cell, Fact, RollUpRun, Target
from competition.participation.rules import places
from competition.registration.models import Entry

ROLL_UP = "participation.roll_up"


def collect_facts(contest_id: uuid.UUID, *, actor: Actor, at: datetime) -> dict[str, int]:
    """Make the contest's facts equal to who was actually present; returns added, withdrawn, restored.

    Present is who was checked in for at least one event; the day is that of the first check-in in the
    contest's zone. Place, union and group are the entry's own copy, frozen when the person entered.
    """
    with atomic():
        contest = get(Contest, contest_id, lock=True)
        present = {person_key(entry): (entry, first) for entry, first in present_entries(contest_id)}
        mine = (Fact.source == "contest") | Fact.person_key.in_(present)
        known = {f.person_key: f for f in db.session.scalars(select(Fact).where(Fact.contest_id == contest_id, mine))}
        counts = {"added": 0, "withdrawn": 0, "restored": 0}
        for key, (entry, first) in present.items():
            if key not in known:
                db.session.add(_fact(contest, entry, key, first, at))
                counts["added"] += 1
            elif known[key].withdrawn_at is not None:
                known[key].withdrawn_at = None
                counts["restored"] += 1
        for key in known.keys() - present.keys():
            if known[key].withdrawn_at is None and known[key].source == "contest":
                known[key].withdrawn_at = at
                counts["withdrawn"] += 1
        if any(counts.values()):
            audit.record("participation.collect", actor=actor, subject=("contest", contest_id), at=at,
                         chain=contest_id, details=counts)
    return counts


def person_key(entry: Entry) -> str:
    """By what a person is told apart: the blind index of the document, else the person's own id."""
    if entry.person is None:
        raise ValueError("an entry without a person was present")
    return person_key_of(entry.person)


def person_key_of(person: Person) -> str:
    """The same of the person."""
    return person.document_index or f"person:{person.id}"


def _fact(contest: Contest, entry: Entry, key: str, first: datetime, at: datetime) -> Fact:
    day = first.astimezone(ZoneInfo(contest.zone)).date()
    where = places(entry.region_code)
    person = entry.person
    return Fact(
        person_key=key, contest_id=contest.id, present_on=day, year=day.year, month=f"{day:%Y-%m}",
        region_code=where.region, prefecture_code=where.prefecture, province_code=where.province,
        union_id=entry.union_id, contest_region_code=contest.region_code, worker_group=entry.worker_group,
        ownership=entry.employer_ownership, industry=contest.industry, sex=person.sex if person else None,
        birth_year=person.birth_on.year if person and person.birth_on else None, created_at=at,
    )


def roll_up(*, at: datetime, slot: str | None = None, years: Iterable[int] | None = None) -> RollUpRun:
    """Count the years anew and put the new cells in place of the old ones.

    The counting only reads; the lock is held for the exchange alone. Running it twice gives the same rows.
    """
    wanted = sorted(set(years if years is not None else queries.years_with_facts()))
    run_id = _begin(at, slot)
    try:
        counted = {year: queries.count_year(year) for year in wanted}
        for year, cells in counted.items():
            _exchange(year, cells)
        return _end(run_id, at, {"years": wanted, "cells": sum(len(c) for c in counted.values()),
                                 "person_times": sum(c.get(("all", str(y)), (0, 0, 0))[1] for y, c in counted.items())})
    except Exception as error:
        _fail(run_id, at, type(error).__name__)
        raise


def _begin(at: datetime, slot: str | None) -> uuid.UUID:
    with atomic() as session:
        run = RollUpRun(slot=slot, started_at=at)
        session.add(run)
        session.flush()
        return run.id


def _exchange(year: int, cells: dict[tuple[str, str], tuple[int, int, int]]) -> None:
    with atomic() as session:
        session.execute(delete(Cell).where((Cell.period == str(year)) | Cell.period.startswith(f"{year}-")))
        if cells:
            session.execute(insert(Cell), [
                {"scope_code": scope, "period": period, "persons": p, "person_times": t, "new_persons": n}
                for (scope, period), (p, t, n) in cells.items()
            ])


def _end(run_id: uuid.UUID, at: datetime, counts: dict[str, object]) -> RollUpRun:
    with atomic():
        run = get(RollUpRun, run_id, lock=True)
        run.state, run.finished_at, run.counts = "done", at, counts
    return run


def _fail(run_id: uuid.UUID, at: datetime, error: str) -> None:
    with atomic():
        run = get(RollUpRun, run_id, lock=True)
        run.state, run.finished_at, run.error = "failed", at, error


def ask_roll_up(*, actor: Actor, at: datetime) -> jobs.Job:
    """Ask for a roll-up now; one at a time."""
    with atomic():
        for job in jobs.latest(ROLL_UP, 1):
            if not job.is_over:
                raise RuleBroken(_("汇总正在进行，请稍候。"), code="roll_up_running")
        return jobs.start(ROLL_UP, title=_("参赛人数汇总"), payload={}, actor=actor, at=at)


def contests_to_collect() -> list[uuid.UUID]:
    """Contests in which somebody was ever recorded at the door."""
    return list(db.session.scalars(select(Outcome.contest_id).distinct()))


def set_target(year: int, persons: int, previous: int | None, *, actor: Actor, at: datetime, scope: str = "all") -> Target:
    """Set or change the year's target."""
    if not 2000 <= year <= 2100 or not 0 < persons <= 10_000_000 or (previous is not None and previous < 0):
        raise RuleBroken(_("年份应在 2000 至 2100 之间，目标人数应在 1 至 10,000,000 之间。"), code="target_range", status=422)
    with atomic() as session:
        found = find(Target, year=year, scope_code=scope)
        if found is None:
            found = Target(year=year, scope_code=scope, persons=persons, set_at=at)
            session.add(found)
        before = found.persons
        found.persons, found.previous_persons, found.set_by, found.set_at = persons, previous, actor.id, at
        session.flush()
        audit.record("participation.set_target", actor=actor, subject=("target", found.id), at=at,
                     details={"year": year, "scope": scope, "before": before, "persons": persons, "previous": previous})
    return found


def as_of(on: date, year: int) -> date:
    """The day that progress is measured on: today in the running year, the last day of a past one."""
    return on if on.year == year else date(year, 12, 31)
