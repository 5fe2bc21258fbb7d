"""复算表: asked for with a purpose, made by a job page by page, kept for a week."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from competition.contests.models import Contest
from competition.contests.queries import may_handle
from competition.core import audit, jobs
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, db, get
from competition.core.errors import NotFound
from competition.core.files import XLSX, StoredFile, store
from competition.core.jobs import Job
from competition.core.live_sheets import Page, write_pages
from competition.core.taken import Taken, declare, take
from competition.results import queries
from competition.results.drafting import draft
from competition.results.gathering import gather
from competition.results.live.book import count_pages, live_book, live_pages
from competition.results.standing import Computed

# Marks of every judge, and names as soon as the codes are opened.
LIVE = declare("results.live", lazy_gettext("复算表"), is_personal=True)
WORKBOOK = "results.live"
KEPT = timedelta(days=7)
Report = Callable[[int, int, str], None]


def ask_workbook(contest_id: uuid.UUID, *, purpose: str, rows: int, actor: Actor, at: datetime) -> Job:
    """Have the workbook made. Raises RuleBroken when no purpose is written."""
    with atomic():
        contest = get(Contest, contest_id)
        payload = {"contest": str(contest_id), "by": actor.name, "at": at.isoformat(), "purpose": " ".join(purpose.split())}
        job = jobs.start(WORKBOOK, title=lazy_gettext("复算表"), about=contest.name_zh, payload=payload, actor=actor, at=at,
                         chain=contest_id)
        take(LIVE, purpose=purpose, rows=rows, subject=("contest", contest_id), actor=actor, at=at, zone=contest.zone,
             chain=contest_id, details={"job": str(job.id)})
    return job


def make_workbook(payload: dict[str, str], *, report: Report, at: datetime) -> StoredFile:
    """Compute the contest as it now stands and write its formulas; by code as long as the codes are closed."""
    contest = get(Contest, uuid.UUID(payload["contest"]))
    published = queries.current_publications(contest.id)
    # Derivations are part of what was published, and are compared with it.
    computed, gathered = gather(contest.id, explained=bool(published))
    shown = [computed.scopes[scope].key for scope in computed.scopes if computed.is_shown(scope)]
    book = live_book(computed.rulebook, gathered.entries, gathered.told, gathered.decisions, computed.scores, label=computed.label)
    pages = live_pages(book, facts=list(_facts(computed)), only=shown)
    taken = Taken(LIVE, payload["by"], datetime.fromisoformat(payload["at"]), contest.zone, payload["purpose"])
    data = write_pages(_reported(pages, count_pages(computed.rulebook, shown), report), taken=taken)
    with atomic():
        row = store(data, name=f"{contest.code}-formulas.xlsx", media_type=XLSX, sensitivity="personal", actor=SYSTEM, at=at,
                    keep_until=at + KEPT)
        audit.record("results.live_made", actor=SYSTEM, subject=("contest", contest.id), at=at, chain=contest.id,
                     details={"sha256": row.sha256, "rulebook": computed.version.digest, "rankings": len(shown)})
    return row


def _reported(pages: Iterator[Page], count: int, report: Report) -> Iterator[Page]:
    for number, page in enumerate(pages):
        report(number, count, page.title)
        yield page


def get_workbook(contest: Contest, job_id: uuid.UUID, *, actor: Actor) -> StoredFile:
    """The file that a finished job made, for who asked for it and for the office; raises NotFound."""
    job = db.session.scalars(select(Job).where(Job.id == job_id, Job.kind == WORKBOOK, Job.state == "done")).one_or_none()
    found = None
    if job is not None and may_handle(job, contest, actor):
        found = db.session.get(StoredFile, uuid.UUID((job.result or {})["file"]))
    if found is None:
        raise NotFound(_("没有找到这份复算表（做好后只保留 %(n)s 天），请重新生成。", n=KEPT.days))
    return found


def _facts(computed: Computed) -> Iterator[str]:
    """Which rules were used, and how these figures stand to those published. Of the record: Chinese."""
    yield f"{computed.contest.name}；评分规则第 {computed.version.number} 版，校验值 {computed.version.digest[:16]}。"
    published = queries.current_publications(computed.contest.id)
    made = draft(computed, published) if published else {}
    for scope, publication in published.items():
        same = scope in made and made[scope].digest == publication.payload_digest
        yield (f"{publication.scope_name}：已发布第 {publication.version} 版，"
               + ("本表与其一致。" if same else "本表按现在的记录计算，与其不一致。"))
