"""The night's backup, one every hour while a contest is under way, and one when somebody asks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app
from flask_babel import lazy_gettext as _

from competition.core import jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.operations import erasures, service
from competition.operations.queries import contest_runs

HOURLY = "operations.hourly"
STEP = 20.0
# Bytes would be too many numbers for a bar; a thousand parts are enough.
PARTS = 1000


class Watch:
    """What the page sees: a bar in parts of a thousand, renewed also while one long step runs."""

    def __init__(self, progress: jobs.Progress) -> None:
        self.progress = progress
        self.stopped = threading.Event()
        self.cancelled = False
        self._said: tuple[int, str] = (0, "")
        self._shown: tuple[int, str] | None = None

    def say(self, done: int, total: int, text: str) -> None:
        """Called by the work; raises when the job was stopped."""
        self._said = (min(done * PARTS // total, PARTS - 1) if total else 0, text)
        if self.cancelled:
            raise jobs.Cancelled
        if self._shown is None or text != self._shown[1] or self._said[0] - self._shown[0] >= PARTS // 10:
            self._tell()

    def _tell(self) -> None:
        self._shown = self._said
        self.progress.report(self._said[0], PARTS, self._said[1])

    def keep_alive(self, app: Flask) -> None:
        """In a thread of its own: a job without a sign of life would be started a second time."""
        while not self.stopped.wait(STEP):
            with app.app_context():
                try:
                    self._tell()
                except jobs.Cancelled:
                    self.cancelled = True
                finally:
                    db.session.remove()


@contextmanager
def watched(progress: jobs.Progress) -> Iterator[Watch]:
    """Signs of life until the work has ended."""
    watch = Watch(progress)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    thread = threading.Thread(target=watch.keep_alive, args=[app], daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.stopped.set()
        thread.join()


@jobs.handler(service.BACK_UP)
def back_up(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any] | None:
    """Make one and prove it; the administrators are told when that fails."""
    why = str(payload.get("why") or "nightly")
    if service.settings_here().demo and why != "manual":
        return {"made": False}  # it can be generated anew
    erasures.apply(service.settings_here(), at=now())
    try:
        with watched(progress) as watch:
            made = service.back_up(why=why, actor=SYSTEM, at=now(), say=watch.say)
    except RuleBroken as error:
        if error.code != "backup_busy":
            service.tell_administrators(error.message, at=now())
        raise
    return {"name": made.name, "sha256": made.sha256, "href": "/system/operations", "label": str(_("查看备份"))}


@jobs.handler(HOURLY)
def hourly(_payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any] | None:
    """Every hour the question; a backup only when a contest is under way."""
    return back_up({"why": "contest"}, progress) if contest_runs() else {"made": False}


jobs.SCHEDULE.append(jobs.Scheduled("operations.nightly", service.BACK_UP, _("每夜备份"), {"hour": 3, "minute": 30}))
jobs.SCHEDULE.append(jobs.Scheduled("operations.hourly", HOURLY, _("比赛期间每小时备份"), {"minute": 5}))
