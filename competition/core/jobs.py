"""Long work: a row that people can watch, a queue that carries its id, a clock that asks for it.

The row is made in the transaction of the act that needs the work (so it is the outbox too) and
enqueued after the commit; what was lost on the way is found by ``sweep``. A handler is idempotent:
it may be killed at any line and is started again from the top.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask, current_app
from flask_babel import lazy_gettext as _
from huey import Huey, RedisHuey, SqliteHuey
from sqlalchemy import Text, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from competition.core import audit
from competition.core.actors import Actor
from competition.core.clock import now
from competition.core.config import Settings
from competition.core.database import Model, WithId, after_commit, atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.languages import on_record
from competition.core.logs import frames

log = structlog.get_logger()
STALE_AFTER = timedelta(minutes=3)
MAX_ATTEMPTS = 5


class Job(WithId, Model):
    """One piece of long work. ``state``: queued, running, done, failed, cancelled."""

    __unaudited__ = "Progress of long work; who asked for it and what it changed is audited by the act."
    kind: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="queued", index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(default="")
    error: Mapped[str | None] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None]
    owner_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    chain: Mapped[uuid.UUID | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else (100 if self.state == "done" else 0)

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed", "cancelled")


class JobSlot(Model):
    """One firing of the clock: whoever inserts the row owns the firing."""

    __unaudited__ = "The clock's own book-keeping."
    name: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(primary_key=True)
    claimed_at: Mapped[datetime]


class Cancelled(Exception):
    """The person who watches the job stopped it."""


class Progress:
    """What a handler tells the page. Each report is a short transaction of its own."""

    def __init__(self, job_id: uuid.UUID) -> None:
        self.job_id = job_id

    def report(self, done: int, total: int, message: Any = "") -> None:
        """Say how far the work is; raises :class:`Cancelled` when it was stopped meanwhile."""
        with atomic():
            job = get(Job, self.job_id, lock=True)
            if job.state == "cancelled":
                raise Cancelled
            job.done, job.total, job.message, job.beat_at = done, total, str(message), now()


Handler = Callable[[dict[str, Any], Progress], dict[str, Any] | None]
HANDLERS: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does the work of a kind of job."""

    def register(function: Handler) -> Handler:
        if HANDLERS.setdefault(kind, function) is not function:
            raise ValueError(f"job kind {kind!r} registered twice")
        return function

    return register


@dataclass(frozen=True)
class Scheduled:
    """A job that the clock asks for. ``trigger``: APScheduler cron fields; the zone is the application's. ``wanted``: is there
    anything to do? Asked each time before a row is made."""

    name: str
    kind: str
    title: Any
    trigger: dict[str, Any]
    wanted: Callable[[datetime], bool] | None = None


SCHEDULE: list[Scheduled] = []


def init_jobs(app: Flask, settings: Settings) -> None:
    """Make the queue: a SQLite file on one machine, Redis when there are several."""
    huey: Huey = (
        RedisHuey("competition", url=settings.redis_url)
        if settings.redis_url
        else SqliteHuey("competition", filename=str(settings.instance / ("demo-queue.db" if settings.demo else "queue.db")), fsync=False)
    )

    def run(job_id: str) -> None:
        with app.app_context():
            run_job(uuid.UUID(job_id))

    app.extensions["huey"] = huey
    app.extensions["run_job"] = huey.task(name="run_job")(run)


def start(
    kind: str, *, title: Any, payload: dict[str, Any], actor: Actor, at: datetime, chain: uuid.UUID | None = None,
    total: int = 0, about: str = "",
) -> Job:
    """Ask for work in the surrounding transaction; it is enqueued when that commits.

    ``title``: lazy words, kept in Chinese with the name of what the work is ``about``; pages show it ``|translated``.
    """
    if kind not in HANDLERS:
        raise ValueError(f"no handler for job kind {kind!r}")
    with on_record():
        words = f"{title}：{about}" if about else str(title)
    job = Job(kind=kind, title=words, payload=payload, owner_id=actor.id, chain=chain, total=total, created_at=at)
    db.session.add(job)
    db.session.flush()
    after_commit(lambda: enqueue(job.id))
    return job


def enqueue(job_id: uuid.UUID) -> None:
    """Hand the id to the queue. A queue that is down costs time, not the job: ``sweep`` finds it."""
    try:
        current_app.extensions["run_job"](str(job_id))
    except Exception as error:
        log.warning("enqueue failed", job=str(job_id), error=type(error).__name__)


def run_job(job_id: uuid.UUID) -> None:
    """Do one job now, in this process."""
    job = _claim(job_id)
    if job is None:
        return
    progress = Progress(job_id)
    try:
        result = HANDLERS[job.kind](job.payload, progress)
    except Cancelled:
        _finish(job_id, "cancelled", None, None)
    except RuleBroken as error:
        _finish(job_id, "failed", error.message, None)
    except Exception as error:
        log.error("job failed", job=str(job_id), kind=job.kind, error=type(error).__name__,
                  trace=frames(error))
        _finish(job_id, "failed", str(_("程序出错，已记录。可以重试；仍失败请联系管理员。")), None)
    else:
        _finish(job_id, "done", None, result)
    finally:
        db.session.remove()


def _claim(job_id: uuid.UUID) -> Job | None:
    at = now()
    with atomic() as session:
        job = session.get(Job, job_id, with_for_update=True, populate_existing=True)
        if job is None:
            # The queue outlived the database that asked.
            return None
        fresh = job.state == "running" and job.beat_at is not None and job.beat_at > at - STALE_AFTER
        if job.is_over or fresh:
            return None
        job.state, job.started_at, job.beat_at, job.error = "running", at, at, None
        job.attempts += 1
    return job


def _finish(job_id: uuid.UUID, state: str, error: str | None, result: dict[str, Any] | None) -> None:
    with atomic():
        job = get(Job, job_id, lock=True)
        job.state, job.error, job.result, job.finished_at = state, error, result, now()
        if state == "done" and job.total:
            job.done = job.total


def cancel(job_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Stop a job that has not ended; a running handler notices at its next report."""
    with atomic():
        job = get(Job, job_id, lock=True)
        if not job.is_over:
            job.state, job.finished_at = "cancelled", at
            audit.record("job.cancel", actor=actor, subject=("job", job_id), at=at, chain=job.chain, details={"kind": job.kind})


def retry(job_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Ask again for a job that failed or was stopped."""
    with atomic():
        job = get(Job, job_id, lock=True)
        if job.state not in ("failed", "cancelled"):
            raise RuleBroken(_("只有失败或已停止的任务可以重试。"), code="not_failed")
        job.state, job.error, job.finished_at, job.attempts = "queued", None, None, 0
        audit.record("job.retry", actor=actor, subject=("job", job_id), at=at, chain=job.chain, details={"kind": job.kind})
        after_commit(lambda: enqueue(job_id))


def sweep(at: datetime) -> int:
    """Enqueue again what was lost: never started, or started by a worker that died. Returns how many."""
    lost = (Job.state == "queued") & (Job.created_at < at - timedelta(seconds=20))
    dead = (Job.state == "running") & (Job.beat_at < at - STALE_AFTER)
    with atomic() as session:
        session.execute(
            update(Job).where(dead, Job.attempts >= MAX_ATTEMPTS).values(
                state="failed", finished_at=at, error=str(_("任务多次中断，已停止重试。请联系管理员查看原因后重试。")))
        )
        found = list(session.scalars(select(Job.id).where(lost | dead).limit(100)))
    for job_id in found:
        enqueue(job_id)
    return len(found)


def fire(name: str, slot: str, at: datetime) -> Job | None:
    """The clock struck: make the job of this slot, unless another clock already did or there is nothing to do."""
    planned = next(s for s in SCHEDULE if s.name == name)
    if planned.wanted is not None and not planned.wanted(at):
        return None
    try:
        with atomic() as session:
            session.add(JobSlot(name=name, slot=slot, claimed_at=at))
            session.flush()
            return start(planned.kind, title=planned.title, payload={"slot": slot}, actor=_CLOCK, at=at)
    except IntegrityError:
        return None


def beat(at: datetime) -> None:
    """The clock's sign of life: one row, written again and again."""
    try:
        with atomic() as session:
            row = session.get(JobSlot, _BEAT, with_for_update=True)
            if row is None:
                session.add(JobSlot(name=_BEAT[0], slot=_BEAT[1], claimed_at=at))
            else:
                row.claimed_at = at
    except IntegrityError:
        return  # another clock was first, at this very moment


def last_beat() -> datetime | None:
    """When the clock last gave a sign of life."""
    return db.session.scalar(select(JobSlot.claimed_at).where(JobSlot.name == _BEAT[0], JobSlot.slot == _BEAT[1]))


_BEAT = ("clock", "beat")
_CLOCK = Actor(kind="system", name="clock")


def latest(kind: str, limit: int = 10, chain: uuid.UUID | None = None) -> list[Job]:
    """The newest jobs of a kind."""
    query = select(Job).where(Job.kind == kind).order_by(Job.created_at.desc()).limit(limit)
    if chain is not None:
        query = query.where(Job.chain == chain)
    return list(db.session.scalars(query))
