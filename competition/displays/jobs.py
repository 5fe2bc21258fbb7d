"""The night's work: what the screens still show of people whose data were erased, or after a lost file, is written anew."""

from typing import Any

from flask_babel import lazy_gettext as _

from competition.core import jobs
from competition.core.clock import now
from competition.displays import queries, service

REFRESH = "displays.refresh"


@jobs.handler(REFRESH)
def refresh(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """The files of every screen; run again it writes only what is another one now."""
    contests = queries.contests_with_displays()
    written = 0
    for done, contest_id in enumerate(contests):
        progress.report(done, len(contests), _("正在核对大屏"))
        written += service.write_screens(contest_id, at=now())
    return {"contests": len(contests), "written": written}


jobs.SCHEDULE.append(jobs.Scheduled("displays.nightly", REFRESH, _("每夜核对大屏"), {"hour": 3, "minute": 30}))
