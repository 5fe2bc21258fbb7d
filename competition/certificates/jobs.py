"""The printing of a batch as long work."""

import uuid
from typing import Any

from competition.certificates import service_print
from competition.core import jobs
from competition.core.clock import now


@jobs.handler(service_print.RENDER)
def render(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """What has no file yet, chunk by chunk; killed at any line, it goes on from the last kept chunk."""
    return service_print.print_batch(uuid.UUID(payload["batch"]), report=progress.report, clock=now)
