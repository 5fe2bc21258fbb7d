"""The night clears what other systems ask for no more."""

from typing import Any

from flask_babel import lazy_gettext as _

from competition.core import jobs
from competition.core.clock import now
from competition.returns import service_api

FORGET = "participation.forget_receipts"


@jobs.handler(FORGET)
def forget_receipts(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Answers to other systems that nobody asks for again."""
    return {"removed": service_api.forget_receipts(now())}


jobs.SCHEDULE.append(jobs.Scheduled("participation.forget_receipts", FORGET, _("清理过期的接口回执"), {"hour": 4, "minute": 20}))
