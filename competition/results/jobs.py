"""The long work of this room."""

import uuid
from typing import Any

from flask_babel import gettext as _

from competition.core import jobs
from competition.core.clock import now
from competition.results import service_book, service_live


@jobs.handler(service_book.BOOK)
def print_book(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """成绩册, ranking by ranking; started again it begins anew and makes the same pages."""
    contest_id = uuid.UUID(payload["contest"])
    row = service_book.make_book(contest_id, taken=service_book.taken_of(contest_id, payload), report=progress.report, at=now())
    return {"file": str(row.id), "href": f"/manage/contests/{contest_id}/results/book/{progress.job_id}.pdf", "label": _("打开成绩册")}


@jobs.handler(service_live.WORKBOOK)
def make_workbook(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """复算表, page by page; started again it begins anew."""
    row = service_live.make_workbook(payload, report=progress.report, at=now())
    return {"file": str(row.id), "label": _("下载复算表"),
            "href": f"/manage/contests/{payload['contest']}/results/live/{progress.job_id}.xlsx"}
