"""The long work of this room."""

import uuid
from typing import Any

from flask_babel import gettext as _

from competition.contests import hooks, service
from competition.core import jobs
from competition.core.clock import now


@jobs.handler(service.PREVIEW)
def preview_rulebook(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """What a change of a frozen rulebook would do; started again it finds what it has kept."""
    kept = service.make_preview(payload, report=progress.report, at=now())
    return {"href": hooks.page_of_preview(uuid.UUID(payload["contest"]), kept.id), "label": _("查看影响清单")}
