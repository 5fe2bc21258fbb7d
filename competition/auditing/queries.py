"""Reads of the audit trail: the list with its filters, one row, everything about one thing."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, or_, select

from competition.accounts.access import ROLES
from competition.accounts.models import Account
from competition.arena.works import Work
from competition.auditing import rules
from competition.auditing.rules_details import shown_details
from competition.certificates.models import Certificate
from competition.contests.changes import change_lines
from competition.contests.models import Contest
from competition.contests.queries import contest_scope
from competition.core import jobs
from competition.core.access import Scope
from competition.core.audit import SYSTEM_CHAIN, AuditRow
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.jobs import Job
from competition.core.paging import Page, paginate
from competition.judging.models import MarkEvent, Seat, Sheet
from competition.judging.queries_seats import sitters_now
from competition.registration.models import Entrant
from competition.registration.queries import entry_scope, get_entry
from competition.returns.models_api import ApiToken

PROVE = "auditing.prove"
NOBODY = {"device": _("评分平板"), "system": _("系统"), "anonymous": _("未登录的人")}
NOT_FOUND = _("没有找到这条记录，它可能不存在，或您无权查看。")
MOST_WHO = 50


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; days are of the application's zone, both included."""

    since: date | None = None
    until: date | None = None
    who: str = ""
    act: str = ""
    kind: str = ""
    contest: uuid.UUID | None = None
    chain: str = ""


@dataclass(frozen=True)
class Line:
    """A row with the names that its ids stand for."""

    row: AuditRow
    who: str
    contest: str


def rows_of(asked: Filters, zone: str) -> Select[AuditRow]:
    """The rows that are asked for, newest first."""
    query, tz = select(AuditRow), ZoneInfo(zone)
    if asked.since:
        query = query.where(AuditRow.at >= datetime.combine(asked.since, time(), tz))
    if asked.until:
        query = query.where(AuditRow.at < datetime.combine(asked.until + timedelta(days=1), time(), tz))
    if asked.act:
        query = query.where(or_(AuditRow.act == asked.act, AuditRow.act.startswith(f"{asked.act}.")))
    if asked.kind:
        query = query.where(AuditRow.subject_kind == asked.kind)
    if asked.contest:
        query = query.where(AuditRow.chain == str(asked.contest))
    if asked.chain == SYSTEM_CHAIN:
        query = query.where(AuditRow.chain == SYSTEM_CHAIN)
    if asked.who:
        query = query.where(AuditRow.actor_id.in_(accounts_named(asked.who)))
    return query.order_by(AuditRow.at.desc(), AuditRow.chain, AuditRow.seq.desc())


def accounts_named(words: str) -> Select[uuid.UUID]:
    """The accounts whose name or sign-in name holds these words, literally."""
    found = Account.display_name.contains(words, autoescape=True) | (Account.login == words)
    return select(Account.id).where(found).limit(MOST_WHO)


def page_of(asked: Filters, zone: str, page: int) -> Page[Line]:
    """One page of the list: the same number of statements whatever is on it."""
    rows = paginate(rows_of(asked, zone), page)
    return Page(lines_of(rows.items), rows.page, rows.per_page, rows.total)


def lines_of(rows: Sequence[AuditRow]) -> list[Line]:
    """Rows with the names of who acted and of the contest."""
    names = dict(db.session.execute(select(Account.id, Account.display_name).where(
        Account.id.in_({row.actor_id for row in rows if row.actor_kind == "account" and row.actor_id}))).all())
    names |= dict(db.session.execute(select(ApiToken.id, ApiToken.title).where(
        ApiToken.id.in_({row.actor_id for row in rows if row.actor_kind == "token" and row.actor_id}))).all())
    contests = dict(db.session.execute(select(Contest.id, Contest.name_zh).where(
        Contest.id.in_({uuid.UUID(row.chain) for row in rows if row.chain != SYSTEM_CHAIN}))).all())
    return [Line(row, _who(row, names), "" if row.chain == SYSTEM_CHAIN else contests.get(uuid.UUID(row.chain), "")) for row in rows]


def _who(row: AuditRow, names: dict[uuid.UUID, str]) -> str:
    if row.actor_kind == "account" and row.actor_id:
        return names.get(row.actor_id) or str(_("（账号已删除）"))
    if row.actor_kind == "token" and row.actor_id:
        return str(_("其他系统：%(title)s", title=names.get(row.actor_id, "")))
    return str(NOBODY.get(row.actor_kind, row.actor_kind))


def get_row(chain: str, seq: int) -> Line:
    """One row; raises NotFound."""
    found = db.session.get(AuditRow, (chain, seq)) if 0 < seq < 2**31 else None
    if found is None:
        raise NotFound(NOT_FOUND)
    return lines_of([found])[0]


def personal_of(row: AuditRow) -> dict[str, str]:
    """The commitments of personal values in a row: name of the field and keyed hash, never the value."""
    found: dict[str, str] = json.loads(row.line)["personal"]
    return found


def contest_choices() -> list[tuple[str, str]]:
    """Every contest, newest first."""
    return [(str(key), name) for key, name in db.session.execute(
        select(Contest.id, Contest.name_zh).order_by(Contest.starts_on.desc(), Contest.name_zh))]


def act_choices() -> list[tuple[str, str]]:
    """Every act that has a word: whole rooms first."""
    rooms = [(room, gettext("%(room)s（全部）", room=word))
             for room, word in rules.ROOMS.items() if any(a.startswith(f"{room}.") for a in rules.ACTS)]
    return rooms + [(act, f"{rules.ROOMS.get(act.partition('.')[0], '')} · {word}") for act, word in rules.ACTS.items()]


def last_proof() -> Job | None:
    """The newest finished walk over the chains."""
    return next((job for job in jobs.latest(PROVE, 5) if job.state == "done"), None)


def running_proof() -> Job | None:
    """The walk that is under way or waits."""
    newest = jobs.latest(PROVE, 1)
    return newest[0] if newest and not newest[0].is_over else None


# ---- everything about one thing --------------------------------------------------------------


@dataclass(frozen=True)
class Subject:
    """A thing, what is asked of the reader, and where its rows are."""

    kind: str
    title: str
    contest: Contest
    act: str
    scope: Scope
    things: tuple[tuple[str, str], ...]
    work_id: uuid.UUID | None = None


def subject_of(kind: str, key: uuid.UUID) -> Subject:
    """The thing of this kind; raises NotFound."""
    if kind not in _SUBJECTS:
        raise NotFound(NOT_FOUND)
    return _SUBJECTS[kind](key)


def _entry(key: uuid.UUID) -> Subject:
    entry = get_entry(key)
    entrants = db.session.scalars(select(Entrant.id).where(Entrant.entry_id == entry.id))
    things = (("entry", str(entry.id)), *(("entrant", str(one)) for one in entrants))
    return Subject("entry", entry.name, entry.contest, "auditing.entry", entry_scope(entry), things)


def _certificate(key: uuid.UUID) -> Subject:
    found = db.session.get(Certificate, key)
    if found is None:
        raise NotFound(NOT_FOUND)
    things = (("certificate", str(found.id)), ("batch", str(found.batch_id)))
    contest = db.session.get_one(Contest, found.contest_id)
    return Subject("certificate", found.number, contest, "auditing.certificate", contest_scope(contest), things)


def _work(key: uuid.UUID) -> Subject:
    work = db.session.get(Work, key)
    if work is None:
        raise NotFound(NOT_FOUND)
    contest = db.session.get_one(Contest, work.contest_id)
    sheets = db.session.scalars(select(Sheet.id).where(Sheet.work_id == work.id))
    things = (("work", str(work.id)), ("round", str(work.round_id)), *(("sheet", str(one)) for one in sheets))
    scope = contest_scope(contest) | {("event", work.event_id)}
    return Subject("work", work.code, contest, "auditing.work", scope, things, work.id)


_SUBJECTS = {"entry": _entry, "certificate": _certificate, "work": _work}


def trail(subject: Subject, page: int) -> Page[Line]:
    """What was done to a thing, newest first."""
    by_kind: dict[str, list[str]] = {}
    for kind, key in subject.things:
        by_kind.setdefault(kind, []).append(key)
    same = [(AuditRow.subject_kind == kind) & AuditRow.subject_id.in_(keys) for kind, keys in by_kind.items()]
    # Who met names together with codes is no business of those who mark: such rows stay with the auditor's list.
    query = select(AuditRow).where(or_(*same), AuditRow.act != "arena.read_codes")
    rows = paginate(query.order_by(AuditRow.at.desc(), AuditRow.seq.desc()), page)
    return Page(lines_of(rows.items), rows.page, rows.per_page, rows.total)


@dataclass(frozen=True)
class Mark:
    """One event of a tablet about a work: which seat said what, when it came."""

    at: datetime
    seat: int
    judge: str
    what: str
    criterion: str
    attempt: int
    value: str
    state: str


def marks_of(work_id: uuid.UUID, names: dict[str, str]) -> list[Mark]:
    """Every mark of a work as it came in, newest first; ``names`` of criteria."""
    query = select(MarkEvent, Seat.number).join(Seat, Seat.id == MarkEvent.seat_id).where(MarkEvent.work_id == work_id)
    found = db.session.execute(query.order_by(MarkEvent.received_at.desc(), MarkEvent.seq.desc())).all()
    sitters = sitters_now(_unique(event.seat_id for event, _number in found))
    return [
        Mark(event.received_at, number, sitters[event.seat_id].name if event.seat_id in sitters else "",
             rules.MARK_KINDS.get(event.kind, event.kind), names.get(event.criterion, event.criterion), event.attempt,
             event.value if event.kind == "mark" else "",
             rules.MARK_STATES.get(event.state, event.state))
        for event, number in found
    ]


def _unique(keys: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    return list(dict.fromkeys(keys))


def details_of(row: AuditRow, titles: Mapping[str, str], zone: str) -> list[tuple[str, str]]:
    """What a row says beside its columns, in words; the fields of a contest one by one."""
    shown = dict(row.details)
    changed = shown.pop("changed", None) if row.act.startswith("contests.") else None
    kinds = {code: rules.act_words(code, titles) for code in (shown.get("kind"),) if isinstance(code, str) and "." in code}
    lines = [(gettext("改动"), line) for line in change_lines(changed, zone)] if isinstance(changed, dict) else []
    return [*lines, *shown_details(shown, ROLES, kinds)]
