"""The printing of a batch as long work, and the text messages about it minute by minute."""

import uuid
from typing import Any

from flask_babel import lazy_gettext as _

from competition.certificates import queries_telling, service_print, service_telling
from competition.core import jobs
from competition.core.clock import now

TELL = "certificates.tell"


@jobs.handler(service_print.RENDER)
def render(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """What has no file yet, chunk by chunk; killed at any line, it goes on from the last kept chunk."""
    return service_print.print_batch(uuid.UUID(payload["batch"]), report=progress.report, clock=now)


@jobs.handler(TELL)
def tell(_payload: dict[str, Any], _progress: jobs.Progress) -> dict[str, Any]:
    """The text messages of a minute; killed at any line, none is sent a second time."""
    return service_telling.send_due(clock=now)


jobs.SCHEDULE.append(jobs.Scheduled(TELL, TELL, _("发送证书短信"), {"minute": "*"}, wanted=queries_telling.has_work))
