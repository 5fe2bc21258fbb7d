"""Sending messages on, after the act that caused them."""

from typing import Any

from flask_babel import lazy_gettext as _

from competition.core.clock import now
from competition.core.jobs import SCHEDULE, Progress, Scheduled, handler
from competition.notices.service_messages import deliver, list_undelivered


@handler("notices.deliver")
def send_waiting(_payload: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Try everything that waits once; what fails is tried by the next run."""
    waiting = list_undelivered()
    counts: dict[str, int] = {}
    for done, delivery_id in enumerate(waiting, 1):
        state = deliver(delivery_id, at=now())
        counts[state] = counts.get(state, 0) + 1
        if done % 50 == 0:
            progress.report(done, len(waiting))
    return counts


SCHEDULE.append(Scheduled("notices.deliver", "notices.deliver", _("发送消息"), {"minute": "*/15"}))
