"""Many entries at once: written as drafts in short transactions, then seated together in one.

Whoever judges at this moment never waits long for a roster, and still all rows enter or none.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, db, get
from competition.registration import queries, queries_places
from competition.registration.models import Entry
from competition.registration.rules_data import EntryData
from competition.registration.service_entries import check_open, prepare
from competition.registration.service_line import end_of_line, move_up, said

FORGOTTEN = timedelta(days=1)


def stage_entry(contest_id: uuid.UUID, data: EntryData, paper: str, *, actor: Actor, at: datetime) -> Entry:
    """Write one row of a roster as a draft that nobody sees; everything but the places is checked."""
    with atomic():
        contest = get(Contest, contest_id, lock=True)
        check_open(contest, None, at)
        events = queries.events_of(contest_id)
        entry = prepare(contest, events, None, data, actor=actor, at=at, account_id=None, consent="paper",
                        paper=paper)
        audit.record_many([said("registration.stage", entry, actor, at)], chain=contest_id)
    return entry


def seat_staged(contest_id: uuid.UUID, entry_ids: Sequence[uuid.UUID], *, actor: Actor, at: datetime) -> list[Entry]:
    """Hand all of them in at once, in this order: a place, or the waiting list when a quota is full."""
    with atomic() as session:
        contest = get(Contest, contest_id, lock=True)
        check_open(contest, None, at)
        move_up(contest, actor, at)
        entries = _staged(contest_id, entry_ids)
        book = queries_places.ledger(contest, queries.events_of(contest_id))
        routes = queries.routes(contest, [e.union_id for e in entries])
        last = end_of_line(contest, at)
        for number, entry in enumerate(entries):
            # Each a moment after the one before: lists and numbers follow the order of the roster.
            entry.submitted_at = at + timedelta(microseconds=number)
            need = queries_places.need_of(entry)
            if book.full(need):
                entry.state, entry.waiting_since = "waiting", last + timedelta(microseconds=number)
            else:
                book.take(need)
                entry.state, entry.review_union_id = "submitted", routes[entry.union_id][0]
        session.flush()
        acts = {"waiting": "registration.wait", "submitted": "registration.submit"}
        audit.record_many([said(acts[e.state], e, actor, at) for e in entries], chain=contest_id)
    return entries


def _staged(contest_id: uuid.UUID, entry_ids: Sequence[uuid.UUID]) -> list[Entry]:
    query = select(Entry).where(Entry.contest_id == contest_id, Entry.id.in_(entry_ids), Entry.state == "draft").options(
        selectinload(Entry.entrants))
    found = {e.id: e for e in db.session.scalars(query)}
    return [found[i] for i in entry_ids if i in found]


def unstage(contest_id: uuid.UUID, entry_ids: Sequence[uuid.UUID], *, actor: Actor, at: datetime) -> int:
    """Take the drafts of a roster away again; returns how many."""
    with atomic() as session:
        entries = _staged(contest_id, entry_ids)
        for entry in entries:
            session.delete(entry)
        session.flush()
        if entries:
            audit.record("registration.unstage", actor=actor, subject=("contest", contest_id), at=at, chain=contest_id,
                         details={"entries": [str(e.id) for e in entries]})
    return len(entries)


def left_staged(contest_id: uuid.UUID, actor: Actor) -> ColumnElement[bool]:
    """Drafts of this actor's rosters, as a condition: while none is being taken, what one that broke off has left."""
    return ((Entry.contest_id == contest_id) & (Entry.state == "draft") & Entry.account_id.is_(None)
            & (Entry.registered_by == actor.id))


def forget_staged(at: datetime) -> int:
    """Drafts of rosters that broke off: they would keep their people from entering. Returns how many."""
    query = select(Entry).where(Entry.state == "draft", Entry.account_id.is_(None), Entry.registered_by.is_not(None),
                               Entry.created_at < at - FORGOTTEN)
    by_contest: dict[uuid.UUID, list[uuid.UUID]] = {}
    for entry in db.session.scalars(query).all():
        by_contest.setdefault(entry.contest_id, []).append(entry.id)
    return sum(unstage(contest_id, ids, actor=SYSTEM, at=at) for contest_id, ids in by_contest.items())
