"""Long work with tables that unions send: reading, taking in, marking; the night clears what nobody goes by any more."""

from typing import Any

from flask_babel import lazy_gettext as _

from competition.core import jobs
from competition.core.clock import now
from competition.participation import service_staging as staging

CLEAR = "participation.clear_rosters"


@jobs.handler(CLEAR)
def clear_rosters(_payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """In slices: the lock is held for a moment each."""
    total = 0
    while count := staging.clear_left(now()):
        total += count
        progress.report(total, total)
    return {"removed": total}


jobs.SCHEDULE.append(jobs.Scheduled("participation.clear_rosters", CLEAR, _("清理不再使用的名册"), {"hour": 4, "minute": 10}))
