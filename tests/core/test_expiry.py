"""Files that were to be kept for a while only: gone with their bytes when the day has come, and not before."""

from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from competition.core import audit, expiry, jobs
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.clock import now
from competition.core.database import atomic, db
from competition.core.files import StoredFile, store

DAY = timedelta(days=1)


def keep(text: str, until: datetime | None) -> Path:
    at = now()
    with atomic():
        row = store(text.encode(), name="x.pdf", media_type="application/pdf", sensitivity="personal", actor=SYSTEM, at=at,
                    keep_until=until)
        audit.record("test.file", actor=SYSTEM, subject=("file", row.id), at=at)
    return row.path


def test_what_is_over_goes_with_its_bytes(any_app: Flask) -> None:
    at = now()
    over, coming, for_good, twice = keep("a", at - DAY), keep("b", at + DAY), keep("c", None), keep("d", at - DAY)
    assert keep("d", None) == twice
    assert expiry.forget_files(at) == 2
    assert [path.exists() for path in (over, coming, for_good, twice)] == [False, True, True, True]
    assert db.session.scalars(select(StoredFile.sha256).where(StoredFile.keep_until <= at)).all() == []
    row = db.session.scalars(select(AuditRow).where(AuditRow.act == "file.forget")).one()
    assert row.details == {"count": 2}
    assert expiry.forget_files(at) == 0
    assert expiry.forget_files(at + DAY) == 1


def test_the_night_takes_them_all(app: Flask) -> None:
    for number in range(5):
        keep(f"sheet {number}", now() - DAY)
    assert any(each.kind == expiry.FORGET for each in jobs.SCHEDULE)
    job = jobs.fire("forget_files", "2026-06-01", now())
    assert job is not None
    jobs.run_job(job.id)
    assert db.session.scalars(select(StoredFile)).all() == []
    done = db.session.get(jobs.Job, job.id)
    assert done is not None
    assert (done.state, done.result) == ("done", {"removed": 5})
