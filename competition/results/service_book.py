"""成绩册 as PDF: asked for on a page, made by a job, the same file again while nothing new is published."""

import io
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pikepdf
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from competition.contests.models import Contest
from competition.contests.queries import get_contest, may_handle
from competition.contests.rules import BODY_ROLES
from competition.core import audit, jobs
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, db, get
from competition.core.errors import NotFound
from competition.core.files import StoredFile, store
from competition.core.jobs import Job
from competition.core.languages import on_record
from competition.core.paper import Press, paper_html
from competition.core.taken import Taken, take
from competition.results import book, queries, rules_figures
from competition.results.drafting import digest
from competition.results.explaining import Explained
from competition.results.models import Publication
from competition.results.rules_public import objection
from competition.scoring.wording import CHINESE

BOOK = "results.book"


def state_of(contest_id: uuid.UUID) -> str:
    """What the book would say, as one hash: the versions that hold. Raises NotFound when nothing is published."""
    current = queries.current_publications(contest_id)
    if not current:
        raise NotFound(_("还没有发布成绩，发布后才有成绩册。"))
    return digest({scope: [p.version, p.payload_digest] for scope, p in current.items()})


def print_book(contest_id: uuid.UUID, *, actor: Actor, at: datetime) -> Job:
    """Ask for the book; work on the same book that ``actor`` may see is not started twice."""
    with atomic():
        contest, state = get(Contest, contest_id, lock=True), state_of(contest_id)
        job = latest_book(contest, state, actor)
        if job is not None and job.state in ("queued", "running", "done"):
            return job
        payload = {"contest": str(contest_id), "state": state, "by": actor.name, "at": at.isoformat()}
        title = lazy_gettext("成绩册")
        job = jobs.start(BOOK, title=title, about=contest.name_zh, payload=payload, actor=actor, at=at, chain=contest_id)
        take(book.BOOK, purpose="", rows=len(queries.current_publications(contest_id)), subject=("contest", contest_id), actor=actor,
             at=at, zone=contest.zone, chain=contest_id, details={"job": str(job.id)})
        audit.record("results.print_book", actor=actor, subject=("contest", contest_id), at=at, chain=contest_id,
                     details={"job": str(job.id), "state": state})
    return job


def latest_book(contest: Contest, state: str, actor: Actor) -> Job | None:
    """The newest work on the book as it now is, among what ``actor`` asked for or whose contest he runs."""
    found = jobs.latest(BOOK, limit=20, chain=contest.id)
    return next((job for job in found if job.payload["state"] == state and may_handle(job, contest, actor)), None)


def taken_of(contest_id: uuid.UUID, payload: dict[str, Any]) -> Taken:
    """Who asked for the book and when, as it is printed at the foot of its pages."""
    at, zone = datetime.fromisoformat(payload["at"]), get_contest(contest_id).zone
    return Taken(book.BOOK, payload["by"], at, zone, str(book.BOOK.purpose))


def make_book(
    contest_id: uuid.UUID, *, taken: Taken, report: Callable[[int, int, str], None], at: datetime,
) -> StoredFile:
    """Print ranking after ranking, each with its own page numbers and signatures, into one file."""
    contest, chapters = get_contest(contest_id), book.whole_book(contest_id)
    with Press() as press, pikepdf.new() as whole:
        for number, chapter in enumerate(chapters):
            report(number, len(chapters), chapter.publication.scope_name)
            part = press.print(chapter_html(contest, chapter), title=f"{contest.name_zh}成绩册",
                               taken=taken)
            with pikepdf.open(io.BytesIO(part)) as pdf:
                whole.pages.extend(pdf.pages)
        out = io.BytesIO()
        whole.save(out)
    with atomic():
        row = store(out.getvalue(), name=f"{contest.code}-results.pdf", media_type="application/pdf", sensitivity="internal",
                    actor=SYSTEM, at=at)
        audit.record("results.book_made", actor=SYSTEM, subject=("contest", contest_id), at=at, chain=contest_id,
                     details={"sha256": row.sha256, "chapters": len(chapters)})
    return row


def chapter_html(contest: Contest, chapter: book.Chapter) -> str:
    """One ranking as a paper."""
    return paper_html("results/book_chapter.html", **chapter_values(contest, chapter), paper_css="asset:paper.css")


def chapter_values(contest: Contest, chapter: book.Chapter) -> dict[str, Any]:
    """What the template of a ranking is given."""
    return {"contest": contest, "chapter": chapter, "roles": BODY_ROLES, "figure": rules_figures.figure,
            "to": CHINESE}


def sheet_values(publication: Publication, lines: Sequence[Explained]) -> dict[str, Any]:
    """What the template of result sheets is given: one sheet for each line."""
    with on_record():
        how = objection(publication.contest.public_notice_days, publication.contest.host_union.name_zh)
    return {"contest": publication.contest, "publication": publication, "lines": lines, "to": CHINESE, "objection": how}


def get_book(contest: Contest, job_id: uuid.UUID, *, actor: Actor) -> StoredFile:
    """The file that a finished job made, for who asked for it and for the office; raises NotFound."""
    job = db.session.scalars(select(Job).where(Job.id == job_id, Job.kind == BOOK, Job.state == "done")).one_or_none()
    if job is None or not may_handle(job, contest, actor):
        raise NotFound(_("没有找到这份成绩册，请重新生成。"))
    return get(StoredFile, uuid.UUID((job.result or {})["file"]))
