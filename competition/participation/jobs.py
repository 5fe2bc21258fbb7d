"""The night's work: collect what happened, then count."""

from typing import Any

from flask_babel import lazy_gettext as _

from competition.core import jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.participation import service


@jobs.handler(service.ROLL_UP)
def roll_up(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Facts of every contest under way or over, then the cells of every year."""
    contests = service.contests_to_collect()
    for done, contest_id in enumerate(contests):
        progress.report(done, len(contests) + 1, _("正在核对各项赛事的实际参赛人员"))
        service.collect_facts(contest_id, actor=SYSTEM, at=now())
    progress.report(len(contests), len(contests) + 1, _("正在汇总人数与人次"))
    run = service.roll_up(at=now(), slot=payload.get("slot"))
    return {"run": str(run.id), "counts": run.counts}


jobs.SCHEDULE.append(
    jobs.Scheduled("participation.nightly", service.ROLL_UP, _("每夜参赛人数汇总"), {"hour": 2, "minute": 0})
)
