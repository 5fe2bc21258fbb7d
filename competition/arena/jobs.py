"""The long work of this room."""

import uuid
from typing import Any

from flask_babel import gettext as _

from competition.arena import service_badges
from competition.core import jobs
from competition.core.clock import now


@jobs.handler(service_badges.BADGES)
def badges(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Badges with photos, slice by slice; started again it begins anew and makes the same file."""
    contest_id = uuid.UUID(payload["contest"])
    delegation_id = uuid.UUID(payload["delegation"]) if payload["delegation"] else None
    row = service_badges.make_badges(contest_id, delegation_id, names=payload["names"], report=progress.report, at=now())
    return {"file": str(row.id), "href": f"/manage/contests/{contest_id}/arena/print/badges/{progress.job_id}.pdf",
            "label": _("打开参赛证")}
