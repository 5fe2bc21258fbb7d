"""Facts are collected from check-ins, cells are rolled up from facts, runs are watched."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from sqlalchemy import select, update

from competition.accounts.models import Person
from competition.accounts.queries import holders
from competition.arena.models import Outcome
from competition.arena.queries import present_entries
from competition.contests.models import Contest
from competition.core import audit, jobs
from competition.core.actors import Actor
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.counting import hooks, queries
from competition.counting import service_rollup as rollup
from competition.counting.models import OWN, Activity, Fact, RollUpRun
from competition.counting.rules_periods import age_band
from competition.counting.service_facts import Standings, Told, activity_of, add, renew_traits
from competition.notices import service as notices
from competition.registration.models import Entry

ROLL_UP = "participation.roll_up"
SHOWN = 20
How = Callable[[int, int], object]
Clock = Callable[[], datetime]
WATCH = "participation.watch"
# A run takes minutes. One is asked for every night.
LONGEST, AT_THE_LATEST, WATCHED = timedelta(hours=2), timedelta(hours=26), timedelta(hours=1)


def collect_facts(contest_id: uuid.UUID, *, actor: Actor, at: datetime) -> dict[str, int]:
    """Make the contest's own facts equal to who was actually present and since when; returns added, withdrawn, restored, corrected.

    Present is who was checked in for at least one event; the day is that of the first check-in in the
    contest's zone. Place, union and group are the entry's own copy, frozen when the person entered.
    """
    with atomic():
        contest = get(Contest, contest_id, lock=True)
        present = {person_key(entry): (entry, first) for entry, first in present_entries(contest_id)}
        if present:
            renew_traits(contest)
        activity = activity_of(contest) if present else find(Activity, contest_id=contest_id)
        if activity is None:
            return {"added": 0, "withdrawn": 0, "restored": 0, "corrected": 0}
        known = {fact.participant.key: fact for fact in queries.own_facts(activity.id)}
        new = [_told(contest, *present[key], key) for key in present if key not in known]
        back = [fact for key, fact in known.items() if key in present and fact.withdrawn_at is not None]
        gone = [fact for key, fact in known.items() if key not in present and fact.withdrawn_at is None]
        for facts, withdrawn_at in ((back, None), (gone, at)):
            for fact in facts:
                fact.withdrawn_at = withdrawn_at
        moved = _move([(fact, _told(contest, *present[key], key)) for key, fact in known.items() if key in present])
        counts = {"added": len(new), "withdrawn": len(gone), "restored": len(back), "corrected": moved}
        if any(counts.values()):
            add(activity.id, OWN, new, at)
            audit.record("participation.collect", actor=actor, subject=("contest", contest_id), at=at,
                         chain=contest_id, details=counts)
    return counts


def _move(facts: Iterable[tuple[Fact, Told]]) -> int:
    """A first check-in that was taken back gives way to the next. The place stays as it was frozen; the band of age follows the year."""
    standings, moved = Standings(), 0
    for fact, told in facts:
        if fact.present_on != told.present_on:
            old, moved = fact.standing, moved + 1
            fact.present_on = told.present_on
            fact.standing_id = standings.at(old.place_id, old, age_band(told.birth_year, told.present_on.year), old.sex)
    return moved


def person_key(entry: Entry) -> str:
    """By what a person is told apart: the blind index of the document, else the person's own id."""
    if entry.person is None:
        raise ValueError("an entry without a person was present")
    return person_key_of(entry.person)


def person_key_of(person: Person) -> str:
    """The same of the person."""
    return person.document_index or f"person:{person.id}"


def _told(contest: Contest, entry: Entry, first: datetime, key: str) -> Told:
    person = entry.person
    return Told(
        key, first.astimezone(ZoneInfo(contest.zone)).date(), entry.union_id, entry.region_code, industry=contest.industry,
        ownership=entry.employer_ownership, worker_group=entry.worker_group, sex=person.sex if person else None,
        birth_year=person.birth_on.year if person and person.birth_on else None,
    )


def roll_up(
    *, at: datetime, slot: str | None = None, whole: bool = True, anew: bool = False, job_id: uuid.UUID | None = None,
    how: How = lambda done, total: None, clock: Clock | None = None,
) -> RollUpRun:
    """Take over what has changed; with ``whole`` everything is counted anew and held against the cells.

    The first count of everything makes the cells. Every later one proves them: where it differs the cells are mended and the
    run says so. ``anew``: what counts of everybody is chosen anew first. Running it twice gives the same rows. ``clock`` tells
    when it ended.
    """
    run_id = _begin(at, slot, "anew" if anew else "nightly" if slot else "asked", job_id)
    try:
        state, counts = _count(at, whole, anew, how)
    except Exception as error:
        _end(run_id, clock() if clock else at, "failed", error=type(error).__name__)
        raise
    return _end(run_id, clock() if clock else at, state, counts=counts)


def _count(at: datetime, whole: bool, anew: bool, how: How) -> tuple[str, dict[str, object]]:
    is_first = not queries.was_counted_whole()
    changed = (rollup.settle_everybody(how) if anew else 0) + rollup.settle(how)
    for follow in hooks.followers:
        follow(whole=whole or is_first)
    strays, wrong = 0, rollup.Wrong()
    if whole or is_first:
        strays = rollup.mark_strays()
        changed += rollup.settle(how) if strays else 0
        wrong = rollup.prove(at)
    differs = bool(strays or wrong) and not is_first
    counts = queries.counts() | {"people": changed, "strays": strays, "differences": len(wrong), "whole": whole or is_first}
    if differs:
        counts["differing"] = [[*key, list(was), list(now)] for key, (was, now) in sorted(wrong.items())[:SHOWN]]
    return "differs" if differs else "done", counts


def _begin(at: datetime, slot: str | None, kind: str, job_id: uuid.UUID | None) -> uuid.UUID:
    with atomic() as session:
        if job_id:
            # Its process was ended: the same job has begun again.
            broken = update(RollUpRun).where(RollUpRun.job_id == job_id, RollUpRun.state == "running")
            session.execute(broken.values(state="broken", finished_at=at))
        run = RollUpRun(slot=slot, kind=kind, job_id=job_id, started_at=at)
        session.add(run)
        session.flush()
        return run.id


def _end(run_id: uuid.UUID, at: datetime, state: str, **more: Any) -> RollUpRun:
    with atomic():
        run = get(RollUpRun, run_id, lock=True)
        run.state, run.finished_at = state, at
        for name, value in more.items():
            setattr(run, name, value)
    return run


def watch(*, at: datetime) -> int:
    """Notice a run that did not end in time, or a night without one: the run says so and those in charge are told, once."""
    with atomic():
        late = queries.runs_since_before(at - LONGEST)
        for run in late:
            run.state, run.error = "late", None
        last = queries.last_finished()
        due = last.finished_at + AT_THE_LATEST if last and last.finished_at else None
        is_missing = due is not None and due <= at < due + WATCHED
        if late or is_missing:
            notices.tell(holders(("organizer", "administrator"), at), kind="participation.late", title=_("参赛人数没有按时汇总"),
                         link="/participation/runs", at=at,
                         body=_("页面上的数字停在上一次完成的汇总。请打开“汇总记录”查看，并立即汇总一次。"))
    return len(late) + is_missing


def ask_roll_up(*, actor: Actor, at: datetime) -> jobs.Job:
    """Ask for a roll-up now; one at a time."""
    with atomic():
        _check_none_runs()
        job = jobs.start(ROLL_UP, title=_("参赛人数汇总"), payload={}, actor=actor, at=at)
        audit.record("participation.ask_roll_up", actor=actor, subject=("job", job.id), at=at)
    return job


def ask_anew(*, actor: Actor, at: datetime) -> jobs.Job:
    """Ask for everything to be chosen and counted anew from the facts. The figures stay readable meanwhile."""
    with atomic():
        _check_none_runs()
        job = jobs.start(ROLL_UP, title=_("参赛人数全部重算"), payload={"anew": True}, actor=actor, at=at)
        audit.record("participation.count_anew", actor=actor, subject=("job", job.id), at=at)
    return job


def retry_roll_up(job_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Begin a roll-up again that failed; one at a time."""
    with atomic():
        _check_none_runs()
        jobs.retry(job_id, actor=actor, at=at)


def _check_none_runs() -> None:
    if any(not job.is_over for job in jobs.latest(ROLL_UP, 3)):
        raise RuleBroken(_("汇总正在进行，请稍候。"), code="roll_up_running")


def contests_to_collect() -> list[uuid.UUID]:
    """Contests in which somebody was ever recorded at the door."""
    return list(db.session.scalars(select(Outcome.contest_id).distinct()))
