"""The night: files that were to be kept for a while only go when their day has come."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic
from competition.core.files import StoredFile, drop
from competition.core.jobs import SCHEDULE, Progress, Scheduled, handler
from competition.core.overwriting import overwriting

FORGET = "core.forget_files"
SLICE = 200


def forget_files(at: datetime, limit: int = SLICE) -> int:
    """Some of the files whose ``keep_until`` is over go, row and bytes; returns how many."""
    with atomic() as session, overwriting():
        over = select(StoredFile).where(StoredFile.keep_until <= at).order_by(StoredFile.keep_until).limit(limit)
        found = list(session.scalars(over.with_for_update(skip_locked=True)))
        if found:
            drop(found)
            audit.record("file.forget", actor=SYSTEM, subject=("file", "expired"), at=at, details={"count": len(found)})
    return len(found)


@handler(FORGET)
def forget_old_files(_payload: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """In slices: the lock is held for a moment each."""
    total = 0
    while count := forget_files(now()):
        total += count
        progress.report(total, total)
    return {"removed": total}


SCHEDULE.append(Scheduled("forget_files", FORGET, _("清理到期的文件"), {"hour": 3, "minute": 25}))
