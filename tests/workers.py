"""The process that does long work, as in use, to be killed; and what waiting would do, done to the clock of the job."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from competition.core.config import ROOT, Settings
from competition.core.database import db
from competition.core.jobs import Job

PATIENCE_S = 240


def environment_of(app: Flask, keep: Sequence[str] = ()) -> dict[str, str]:
    """The environment of another process on the installation of a test. ``keep``: what of our own settings it has too."""
    settings: Settings = app.extensions["settings"]
    return {name: value for name, value in os.environ.items() if not name.startswith("COMP_") or name in keep} | {
        "COMP_INSTANCE": str(settings.instance), "COMP_DATABASE_URL": settings.database_url, "COMP_SECRET_KEY": settings.secret_key,
        "COMP_FIELD_KEYS": settings.field_keys, "COMP_INDEX_KEY": settings.index_key}


@contextlib.contextmanager
def process(app: Flask, *command: str, keep: Sequence[str] = ()) -> Iterator[Callable[[], None]]:
    """A Python process on the test's installation; what is yielded kills it (SIGKILL) with all of its children."""
    running = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment_of(app, keep), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)

    def kill() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()

    try:
        yield kill
    finally:
        kill()


def worker(app: Flask, keep: Sequence[str] = ()) -> contextlib.AbstractContextManager[Callable[[], None]]:
    """The worker."""
    return process(app, "-m", "flask", "--app", "wsgi", "jobs", "work", keep=keep)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Look at the database again and again."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        db.session.remove()
        time.sleep(0.02)


def let_minutes_pass(job_id: uuid.UUID) -> None:
    """The same as waiting until the job counts as lost."""
    db.session.remove()
    with db.engine.execution_options(unguarded=True).begin() as connection:
        job = connection.execute(select(Job.beat_at, Job.created_at).where(Job.id == job_id)).one()
        earlier = {"created_at": job.created_at - timedelta(minutes=5), "beat_at": job.beat_at and job.beat_at - timedelta(minutes=5)}
        connection.execute(update(Job).where(Job.id == job_id).values(earlier))
