"""The night: rosters that nobody took are forgotten."""

from typing import Any

from flask_babel import lazy_gettext as _

from competition.core.clock import now
from competition.core.jobs import SCHEDULE, Progress, Scheduled, handler
from competition.registration import service


@handler("registration.forget_imports")
def forget_imports(_payload: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    """Rosters read more than a week ago go, with the personal data in them."""
    return {"removed": service.forget_imports(now())}


SCHEDULE.append(Scheduled("forget_imports", "registration.forget_imports", _("清理过期的名单导入"), {"hour": 3, "minute": 20}))
