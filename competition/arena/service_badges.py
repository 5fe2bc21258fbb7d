"""Badges as PDF: asked for on a page, made by a job, kept for a week."""

import io
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pikepdf
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.arena import prints
from competition.contests.models import Contest
from competition.contests.queries import may_handle
from competition.core import audit, jobs
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, db, get
from competition.core.errors import NotFound
from competition.core.files import StoredFile, store
from competition.core.jobs import Job
from competition.core.paper import Press, paper_html
from competition.registration.models import Entry

BADGES = "arena.badges"
CHUNK = 64
KEPT = timedelta(days=7)


def print_badges(contest_id: uuid.UUID, delegation_id: uuid.UUID | None, *, names: bool, actor: Actor, at: datetime) -> Job:
    """Ask for the badges of a contest or of one delegation."""
    with atomic():
        contest = get(Contest, contest_id)
        payload = {"contest": str(contest_id), "delegation": str(delegation_id) if delegation_id else None, "names": names}
        job = jobs.start(BADGES, title=lazy_gettext("参赛证"), about=contest.name_zh, payload=payload, actor=actor, at=at,
                         chain=contest_id)
        audit.record("arena.print_badges", actor=actor, subject=("contest", contest_id), at=at, chain=contest_id,
                     details={"job": str(job.id), "delegation": payload["delegation"], "names": names})
    return job


def make_badges(
    contest_id: uuid.UUID, delegation_id: uuid.UUID | None, *, names: bool, report: Callable[[int, int], None], at: datetime,
) -> StoredFile:
    """Print the badges in slices, one file in the order of the order book. Raises PaperError with the character no font has."""
    contest, entries = get(Contest, contest_id), prints.contestants(contest_id, delegation_id)
    if not entries:
        raise NotFound(_("没有已通过审核的选手。"))
    with Press() as press, pikepdf.new() as whole:
        for start in range(0, len(entries), CHUNK):
            report(start, len(entries))
            part = _slice(press, contest, entries[start:start + CHUNK], names)
            with pikepdf.open(io.BytesIO(part)) as pdf:
                whole.pages.extend(pdf.pages)
        out = io.BytesIO()
        whole.save(out)
    with atomic():
        row = store(out.getvalue(), name=f"{contest.code}-badges.pdf", media_type="application/pdf", sensitivity="personal",
                    actor=SYSTEM, at=at, keep_until=at + KEPT)
        audit.record("arena.badges_made", actor=SYSTEM, subject=("contest", contest_id), at=at, chain=contest_id,
                     details={"badges": len(entries), "sha256": row.sha256})
    return row


def _slice(press: Press, contest: Contest, entries: list[Entry], names: bool) -> bytes:
    pictures = prints.photos(entries)
    html = paper_html(
        "arena/print/badges.html", contest=contest, photos={name: f"asset:{name}" for name in pictures}, paper_css="asset:paper.css",
        more_css="asset:arena-paper.css", **prints.badge_values(entries, names=names),
    )
    return press.print(html, assets={**prints.assets(), **pictures}, title="参赛证")


def get_badges(contest: Contest, job_id: uuid.UUID, *, actor: Actor) -> StoredFile:
    """The file a finished job made, for who asked for it and for the office; raises NotFound."""
    job = db.session.get(Job, job_id)
    if job is None or job.kind != BADGES or job.state != "done" or not may_handle(job, contest, actor):
        raise _not_found()
    found = db.session.get(StoredFile, uuid.UUID((job.result or {})["file"]))
    if found is None:
        raise _not_found()
    return found


def _not_found() -> NotFound:
    return NotFound(_("没有找到这份参赛证（做好后只保留 %(n)s 天），请重新打印。", n=KEPT.days))
