"""The clock's process: APScheduler with one zone on every trigger, nothing heavier than a row per firing."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from competition.core import jobs
from competition.core.clock import now
from competition.core.database import db

log = structlog.get_logger()


def slot_of(at: datetime, zone: ZoneInfo) -> str:
    """Two clocks that strike in the same minute name the same slot."""
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def build_scheduler(app: Flask) -> BlockingScheduler:
    """A scheduler with every declared job, ready to start."""
    zone = ZoneInfo(app.extensions["settings"].zone)
    scheduler = BlockingScheduler(timezone=zone, executors={"default": ThreadPoolExecutor(1)})

    def strike(name: str) -> None:
        with app.app_context():
            job = jobs.fire(name, slot_of(now(), zone), now())
            log.info("clock", job=name, claimed=job is not None)
            db.session.remove()

    def sweep() -> None:
        with app.app_context():
            jobs.beat(now())
            jobs.sweep(now())
            db.session.remove()

    for planned in jobs.SCHEDULE:
        _add(scheduler, strike, planned, zone)
    scheduler.add_job(sweep, IntervalTrigger(seconds=30, timezone=zone), id="sweep", coalesce=True)
    return scheduler


def _add(scheduler: BlockingScheduler, strike: Any, planned: jobs.Scheduled, zone: ZoneInfo) -> None:
    trigger = CronTrigger(timezone=zone, **planned.trigger)
    scheduler.add_job(strike, trigger, args=[planned.name], id=planned.name, coalesce=True, misfire_grace_time=3600)
