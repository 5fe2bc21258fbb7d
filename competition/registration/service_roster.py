"""Rosters: read and shown first, then taken by a job, whole or only the good rows."""

import json
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import delete, select

from competition.accounts.models import Account, Person
from competition.contests.models import Contest
from competition.core import audit, jobs
from competition.core.actors import Actor
from competition.core.crypto import blind_index, seal, unseal
from competition.core.database import atomic, db, find, get
from competition.core.errors import NotFound, RuleBroken
from competition.core.jobs import Cancelled, Job
from competition.core.tables.reading import read_tables
from competition.core.taken import Taken
from competition.organisations.queries import list_regions, list_unions
from competition.organisations.rules import HOME_PROVINCE
from competition.registration import queries, queries_lists, roster, roster_sheet, rules
from competition.registration.models import Entry, RosterImport, Team
from competition.registration.service_entries import check_paper
from competition.registration.service_staged import forget_staged, left_staged, seat_staged, stage_entry, unstage

MOST_ROWS = 500
KEPT = timedelta(days=7)
TAKE, SLICE = "registration.take_roster", 10
Report = Callable[[int, int], None]


def book_of(contest: Contest, actor: Actor) -> roster_sheet.Book:
    """The names that a roster of this actor may use. A region stands with the one above it."""
    reach = queries_lists.reach(contest, actor)
    regions = {r.code: r for r in list_regions()}
    near = sorted(regions.values(), key=lambda r: not r.code.startswith(HOME_PROVINCE[:2]))
    teams = select(Team.name, Team.id).where(Team.contest_id == contest.id, Team.state != "withdrawn").order_by(Team.name)
    return roster_sheet.Book(
        regions={queries.region_words(r, regions): r.code for r in near if queries.is_place(r, regions)},
        unions={u.name_zh: u.id for u in list_unions() if u.level != "grassroots" and (reach.anyone or u.id in reach.unions)},
        teams={name: i for name, i in db.session.execute(teams) if reach.anyone or reach.unions or i in reach.teams},
        events={e.name_zh: e.id for e in queries.events_of(contest.id) if e.entrant_kind == "person" and not e.is_compulsory},
    )


def template(contest: Contest, actor: Actor) -> bytes:
    """The empty workbook."""
    return roster_sheet.write_template(book_of(contest, actor), contest.name_zh)


def read_roster(contest: Contest, data: bytes, file_name: str, paper: str, *, actor: Actor, at: datetime) -> RosterImport:
    """Read a table and keep what it says, sealed, until it is taken. Nobody is entered yet. ``paper``: on which paper
    everybody in it agreed."""
    check_paper(paper, actor)
    by_id = actor.own_id
    rows = roster.read_rows(read_tables(data).tables, book_of(contest, actor))
    if rows is None:
        raise RuleBroken(_("没有找到表头。请下载本页的模板填写，不要改动列名。"), code="no_head", status=422, field="file")
    if not rows:
        raise RuleBroken(_("表格里还没有名单，请从第 3 行起填写。"), code="no_rows", status=422, field="file")
    if len(rows) > MOST_ROWS:
        raise RuleBroken(_("一次最多导入 %(most)s 人，这份表格有 %(n)s 人，请拆成几份。", most=MOST_ROWS, n=len(rows)),
                         code="too_many", status=422, field="file")
    check_rows(contest, rows, actor)
    with atomic() as session:
        _check_none_is_taken(contest, actor)
        session.execute(delete(RosterImport).where(RosterImport.contest_id == contest.id, RosterImport.by_id == by_id))
        kept = RosterImport(id=uuid.uuid4(), contest_id=contest.id, by_id=by_id, file_name=file_name[:120], created_at=at,
                            rows=len(rows), bad=sum(1 for r in rows if r.errors), sealed="", paper=paper.strip())
        kept.sealed = _seal(kept.id, rows)
        session.add(kept)
    return kept


def _seal(import_id: uuid.UUID, rows: Sequence[roster_sheet.Row]) -> str:
    text = json.dumps([{k: v for k, v in asdict(r).items() if k != "data"} for r in rows], ensure_ascii=False)
    return seal(text, "roster_import", "sealed", import_id)


def kept_rows(kept: RosterImport, contest: Contest, actor: Actor) -> list[roster_sheet.Row]:
    """The rows as they read now: what changed since the preview counts, and faults are said in the reader's language.

    What only the taking found (a condition that is not met, a team that is full) stays as it was said then.
    """
    said = json.loads(unseal(kept.sealed, "roster_import", "sealed", kept.id))
    book, rows = book_of(contest, actor), [roster_sheet.Row(r["line"], r["cells"]) for r in said]
    for row in rows:
        roster.read_row(row, book)
    check_rows(contest, rows, actor)
    if kept.taken is not None:
        for row, then in zip(rows, said, strict=True):
            row.errors = row.errors or then["errors"]
    return rows


def check_rows(contest: Contest, rows: Sequence[roster_sheet.Row], actor: Actor) -> None:
    """What only shows beside others: the same number twice, entered already, not the actor's people."""
    good = [r for r in rows if r.data is not None]
    keys = {id(r): blind_index("document", r.data.document.index_text) for r in good if r.data and r.data.document}
    often = Counter(keys.values())
    living = set(db.session.scalars(
        select(Person.document_index).join(Entry, Entry.person_id == Person.id)
        .where(Entry.contest_id == contest.id, Entry.state.in_(rules.ALIVE), Person.document_index.in_(often),
               ~left_staged(contest.id, actor))))
    reach = queries_lists.reach(contest, actor)
    for row in good:
        key = keys.get(id(row))
        if key is not None and often[key] > 1:
            row.errors.append(_("这个证件号码在表格中出现了不止一次。"))
        if key in living:
            row.errors.append(_("这个证件号码在本赛事中已有报名。"))
        if row.data and not reach.covers(_union_of(row), row.data.team_id):
            row.errors.append(_("不属于您的工会或代表队，不能由您代为报名。请核对所属工会、工作地区和代表队。"))


def _union_of(row: roster_sheet.Row) -> uuid.UUID | None:
    return queries.union_for(row.data.union_id, row.data.region_code) if row.data else None


def get_import(contest_id: uuid.UUID, import_id: uuid.UUID, actor: Actor) -> RosterImport:
    """The actor's own import; somebody else's does not exist."""
    kept = get(RosterImport, import_id)
    if kept.contest_id != contest_id or kept.by_id != actor.id:
        raise NotFound(_("没有找到这次导入，它可能已过期，请重新上传名单。"))
    return kept


def find_work(kept: RosterImport) -> Job | None:
    """The newest work that takes a roster, whether it has ended or not."""
    return find(Job, id=kept.job_id) if kept.job_id else None


def _check_none_is_taken(contest: Contest, actor: Actor) -> None:
    """Inside atomic(): one roster of a person at a time. Its account guards the rule: their imports are rows of their own each."""
    get(Account, actor.id, lock=True)
    query = select(Job.id).join(RosterImport, RosterImport.job_id == Job.id).where(
        RosterImport.contest_id == contest.id, RosterImport.by_id == actor.id, Job.state.in_(("queued", "running")))
    if db.session.scalar(query) is not None:
        raise RuleBroken(_("上一份名单正在导入，请等它完成。"), code="being_taken")


def ask_roster(import_id: uuid.UUID, contest: Contest, *, only_good: bool, actor: Actor, at: datetime) -> Job:
    """Have a roster taken by a job: see ``take_roster``. What shows already is refused at once."""
    kept = get_import(contest.id, import_id, actor)
    _choose(kept, kept_rows(kept, contest, actor), only_good)
    with atomic():
        _check_none_is_taken(contest, actor)
        kept = get(RosterImport, import_id, lock=True)
        job = jobs.start(TAKE, title=lazy_gettext("导入名单"), about=kept.file_name, chain=contest.id, total=kept.rows, actor=actor, at=at,
                         payload={"contest": str(contest.id), "import": str(kept.id), "only_good": only_good, "by": str(actor.id)})
        kept.job_id = job.id
    return job


def take_roster(import_id: uuid.UUID, contest: Contest, *, only_good: bool, actor: Actor, at: datetime,
                report: Report = lambda _done, _total: None) -> RosterImport:
    """Enter the rows: all or none, or (``only_good``) those that can be entered; the others are kept to be fetched.

    It may be broken off at any line and begun again: what was staged before goes first. ``report`` hears how many rows are done.
    """
    kept = get_import(contest.id, import_id, actor)
    unstage(contest.id, db.session.scalars(select(Entry.id).where(left_staged(contest.id, actor))).all(), actor=actor, at=at)
    rows = kept_rows(kept, contest, actor)
    good = _choose(kept, rows, only_good)
    staged: list[uuid.UUID] = []
    try:
        late = _stage(contest, good, kept.paper, staged, report, actor, at)
        if late and not only_good:
            raise RuleBroken(_("第 %(line)s 行（%(name)s）：%(why)s没有导入任何一行。", line=late[0].line, name=late[0].name,
                               why=late[0].errors[0]), code="late_row")
        with atomic():
            seat_staged(contest.id, staged, actor=actor, at=at)
            return _finish(kept.id, contest, rows, actor, at)
    except (RuleBroken, Cancelled):
        unstage(contest.id, staged, actor=actor, at=at)
        raise


def _choose(kept: RosterImport, rows: Sequence[roster_sheet.Row], only_good: bool) -> list[roster_sheet.Row]:
    """The rows to enter."""
    if kept.taken is not None:
        raise RuleBroken(_("这份名单已经导入过了，没有重复导入。"), code="taken")
    good = [r for r in rows if not r.errors]
    if len(good) < len(rows) and not only_good:
        raise RuleBroken(_("有 %(n)s 行需要修改，没有导入任何一行。请改好后重新上传，或选择只导入没有问题的行。", n=len(rows) - len(good)),
                         code="bad_rows")
    if not good:
        raise RuleBroken(_("没有可以导入的行，请改好后重新上传。"), code="no_good_rows")
    return good


def _stage(contest: Contest, rows: Sequence[roster_sheet.Row], paper: str, staged: list[uuid.UUID], report: Report, actor: Actor,
           at: datetime) -> list[roster_sheet.Row]:
    """Write each row as a draft, in short transactions: who judges at this moment must not wait for a roster. Returns those
    that cannot be entered."""
    for number, row in enumerate(rows):
        if number % SLICE == 0:
            report(number, len(rows))
        try:
            staged.append(_stage_row(contest, row, paper, actor, at).id)
        except RuleBroken as error:
            row.errors.append(error.message)
    return [row for row in rows if row.errors]


def _stage_row(contest: Contest, row: roster_sheet.Row, paper: str, actor: Actor, at: datetime) -> Entry:
    if row.data is None:
        raise RuleBroken(_("这一行还不完整。"), code="incomplete")
    return stage_entry(contest.id, row.data, paper, actor=actor, at=at)


def _finish(import_id: uuid.UUID, contest: Contest, rows: Sequence[roster_sheet.Row], actor: Actor, at: datetime) -> RosterImport:
    bad = [r for r in rows if r.errors]
    with atomic():
        kept = get(RosterImport, import_id, lock=True)
        kept.taken, kept.taken_at, kept.bad, kept.sealed = len(rows) - len(bad), at, len(bad), _seal(import_id, bad)
        audit.record("registration.take_roster", actor=actor, subject=("roster_import", import_id), at=at, chain=contest.id,
                     details={"rows": kept.rows, "taken": kept.taken, "bad": kept.bad})
    return kept


def refused_rows(kept: RosterImport, contest: Contest, actor: Actor, taken: Taken) -> bytes:
    """The rows that were not entered, as a workbook to correct and upload again; it holds whole numbers as they were typed."""
    rows = [r for r in kept_rows(kept, contest, actor) if r.errors]
    return roster_sheet.write_template(book_of(contest, actor), contest.name_zh, rows, taken)


def forget_imports(at: datetime) -> int:
    """Remove what was read and is older than a week, and what a broken import left; returns how many rosters."""
    with atomic() as session:
        done = session.execute(delete(RosterImport).where(RosterImport.created_at < at - KEPT))
    forget_staged(at)
    return int(getattr(done, "rowcount", 0))
