"""The long work of this room."""

import uuid
from typing import Any

from flask_babel import gettext as _

from competition.core import jobs
from competition.core.clock import now
from competition.results import service_book


@jobs.handler(service_book.BOOK)
def print_book(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """成绩册, ranking by ranking; started again it begins anew and makes the same pages."""
    contest_id = uuid.UUID(payload["contest"])
    row = service_book.make_book(contest_id, taken=service_book.taken_of(contest_id, payload), report=progress.report, at=now())
    return {"file": str(row.id), "href": f"/manage/contests/{contest_id}/results/book/{progress.job_id}.pdf", "label": _("打开成绩册")}
