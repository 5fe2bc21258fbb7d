"""An entry says how it was when somebody took part; what was wrong in it is corrected, by a clerk, with a reason."""

import uuid
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from competition.accounts.outgoing import Corrected
from competition.accounts.service_correct import Line
from competition.core.actors import Actor
from competition.core.database import db, get
from competition.core.errors import NotFound, RuleBroken
from competition.organisations.models import Union
from competition.registration import queries
from competition.registration.models import Entry
from competition.registration.service_entries import check_delegation
from competition.registration.service_line import lock_entry, record


def entry_lines(entry: Entry, *, employer: str, union_id: uuid.UUID | None) -> list[Line]:
    """What differs from an entry; what is left empty is right as it is. Raises while the entry can still be changed otherwise."""
    lines = []
    if employer and employer != entry.employer:
        lines.append(Line("employer", entry.employer, employer, employer))
    if union_id is not None and union_id != entry.union_id:
        lines.append(Line("union", entry.union.name if entry.union else "", get(Union, union_id).name, str(union_id)))
    if lines:
        _check_settled(entry)
    return lines


def _check_settled(entry: Entry) -> None:
    if entry.state != "approved":
        raise RuleBroken(_("这份报名还没有通过审核，不用申请更正：请在“我的报名”中修改，或联系审核的工会退回后修改。"),
                         code="not_settled", status=422, field="entry")


def follow_correction(done: Corrected, reason: str, actor: Actor, at: datetime) -> None:
    """Within the clerk's act: the corrected name stands in the person's entries, work and union in the one entry."""
    if done.name and done.person_id:
        mine = select(Entry).where(Entry.person_id == done.person_id, Entry.name != done.name).order_by(Entry.contest_id)
        for entry in db.session.scalars(mine.with_for_update()):
            entry.name = done.name
            record("entry.correct", entry, actor, at, reason)
    if done.entry_id and (done.employer or done.union_id):
        _correct_work(done, done.entry_id, reason, actor, at)


def _correct_work(done: Corrected, entry_id: uuid.UUID, reason: str, actor: Actor, at: datetime) -> None:
    entry, contest = lock_entry(entry_id)
    if entry.account_id != done.account_id and (done.person_id is None or entry.person_id != done.person_id):
        raise NotFound(queries.NOT_FOUND)
    _check_settled(entry)
    entry.employer = done.employer or entry.employer
    if done.union_id:
        if entry.team is not None:
            check_delegation(entry.team, done.union_id, field="reason")
        elif contest.phase not in ("running", "finished"):
            # Lots are drawn by delegations: later on they stay as they were.
            found = queries.delegation_for(contest.id, done.union_id)
            entry.delegation_id = found.id if found else None
        entry.union_id = done.union_id
    record("entry.correct", entry, actor, at, reason)
