"""The night's roll-up is followed by a look through the returns."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import lazy_gettext as _

from competition.core import jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.participation import service_doubts as service


@jobs.handler(service.LOOK)
def look(_payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Everything anew each time: whoever kills it loses nothing."""
    progress.report(0, 1, _("正在核查各工会的上报"))
    at = now()
    on = at.astimezone(ZoneInfo(current_app.extensions["settings"].zone)).date()
    return dict(service.look(on, actor=SYSTEM, at=at))


jobs.SCHEDULE.append(jobs.Scheduled("participation.look", service.LOOK, _("每夜核查上报数字"), {"hour": 4, "minute": 10}))
