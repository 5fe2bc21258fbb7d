"""The clock writes reminders on Monday mornings and sends what has waited for the end of the quiet hours."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import lazy_gettext as _

from competition.core import jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.participation import queries_lagging as reads
from competition.participation import service_behind as service


def wanted(_at: datetime) -> bool:
    """Did somebody switch the clock's reminders off?"""
    rule = reads.rule()
    return rule is None or rule.is_on


def waits(at: datetime) -> bool:
    """Has the hour of a reminder come, and is it not quiet again?"""
    return service.may_send(at, _zone()) and bool(reads.due(at))


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.extensions["settings"].zone)


@jobs.handler(service.REMIND)
def remind(_payload: dict[str, Any], _progress: jobs.Progress) -> dict[str, Any]:
    """Write to those that are behind; whoever was written to this week is left out, so a second run writes nothing."""
    zone, at = _zone(), now()
    on = at.astimezone(zone).date()
    return {"written": service.remind(on.year, on, zone, actor=SYSTEM, at=at)}


@jobs.handler(service.SEND)
def send(_payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Send each one whose hour has come, once; one that waited while nothing ran, not at night."""
    told, waiting = 0, reads.due(now()) if service.may_send(now(), _zone()) else []
    for done, reminder_id in enumerate(waiting, 1):
        told += service.send(reminder_id, actor=SYSTEM, at=now())
        progress.report(done, len(waiting))
    return {"told": told}


jobs.SCHEDULE += (
    jobs.Scheduled("participation.remind", service.REMIND, _("提醒进度落后的单位"), {"day_of_week": "mon", "hour": 9, "minute": 0}, wanted),
    jobs.Scheduled("participation.send_reminders", service.SEND, _("发出到时的提醒"), {"minute": "5,20,35,50"}, waits),
)
