"""The long work of this room."""

from typing import Any

from flask_babel import lazy_gettext as _

from competition.core.approvals import expire_stale
from competition.core.clock import now
from competition.core.jobs import SCHEDULE, Progress, Scheduled, handler

EXPIRE = "home.expire_approvals"
# Small work that comes round by itself: shown only when something went wrong with it.
ROUTINE = (EXPIRE, "notices.deliver")


@handler(EXPIRE)
def expire_approvals(_payload: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    """Close requests that nobody decided in time, and tell who asked."""
    return {"expired": expire_stale(now())}


SCHEDULE.append(Scheduled(EXPIRE, EXPIRE, _("关闭过期的申请"), {"minute": "7"}))
