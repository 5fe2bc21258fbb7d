"""The walk over the chains as long work, every night."""

from typing import Any

from flask_babel import lazy_gettext as _

from competition.auditing import service
from competition.auditing.queries import PROVE
from competition.core import jobs
from competition.core.clock import now


@jobs.handler(PROVE)
def prove(_payload: dict[str, Any], _progress: jobs.Progress) -> dict[str, Any]:
    """Prove that every chain is whole, or name the first broken row."""
    return service.prove(now())


jobs.SCHEDULE.append(jobs.Scheduled("auditing.nightly", PROVE, _("验证审计链"), {"hour": 4, "minute": 10}))
