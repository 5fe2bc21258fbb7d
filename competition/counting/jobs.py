"""The night's work: collect what happened, then count."""

from typing import Any

from flask_babel import lazy_gettext as _

from competition.core import jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.counting import service


@jobs.handler(service.ROLL_UP)
def roll_up(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Facts of every contest under way or over, then whatever has changed; then everything is counted anew."""
    contests = service.contests_to_collect()
    for done, contest_id in enumerate(contests):
        progress.report(done, len(contests) + 1, _("正在核对各项赛事的实际参赛人员"))
        service.collect_facts(contest_id, actor=SYSTEM, at=now())

    def counting(done: int, total: int) -> None:
        progress.report(len(contests) + done, len(contests) + total + 1, _("正在汇总人数与人次"))

    counting(0, 0)
    run = service.roll_up(at=now(), slot=payload.get("slot"), anew=payload.get("anew", False), job_id=progress.job_id, how=counting,
                          clock=now)
    return {"run": str(run.id), "counts": run.counts}


@jobs.handler(service.WATCH)
def watch(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Did the night's roll-up end, and was it in time?"""
    return {"late": service.watch(at=now())}


jobs.SCHEDULE += (
    jobs.Scheduled("participation.nightly", service.ROLL_UP, _("每夜参赛人数汇总"), {"hour": 2, "minute": 0}),
    jobs.Scheduled("participation.watch", service.WATCH, _("检查参赛人数汇总是否按时完成"), {"minute": 30}),
)
