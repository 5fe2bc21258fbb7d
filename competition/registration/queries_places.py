"""Reads of places: who holds one, who waits in line, what is full."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from competition.contests.models import Contest, Event
from competition.core.database import db
from competition.registration import rules, rules_places
from competition.registration.models import Entrant, Entry, Team
from competition.registration.queries import events_of


def need_of(entry: Entry) -> rules_places.Need:
    """The places an entry holds or wants."""
    events = frozenset(e.event_id for e in entry.entrants) if entry.team_role == "member" else frozenset()
    return rules_places.Need(events, entry.delegation_id)


def ledger(contest: Contest, events: Sequence[Event], *, without: uuid.UUID | None = None) -> rules_places.Ledger:
    """The places of a contest and who holds them; ``without`` leaves one entry out of the count."""
    book = rules_places.Ledger(
        contest=contest.quota,
        events={e.id: e.quota for e in events if e.quota is not None},
        per_delegation={e.id: e.quota_per_delegation for e in events if e.quota_per_delegation is not None},
    )
    holding = (Entry.contest_id == contest.id) & Entry.state.in_(rules.HOLDING)
    if without is not None:
        holding = holding & (Entry.id != without)
    book.held[rules_places.CONTEST] = db.session.scalar(select(func.count()).select_from(Entry).where(holding)) or 0
    persons = (
        select(Entrant.event_id, Entry.delegation_id, func.count()).join(Entrant.entry)
        .where(holding, Entry.team_role == "member").group_by(Entrant.event_id, Entry.delegation_id)
    )
    teams = (
        select(Entrant.event_id, Team.delegation_id, func.count()).join(Entrant.team)
        .where(Team.contest_id == contest.id, Team.state != "withdrawn").group_by(Entrant.event_id, Team.delegation_id)
    )
    for query in (persons, teams):
        for event_id, delegation_id, count in db.session.execute(query):
            book.held[event_id, None] += count
            if delegation_id is not None:
                book.held[event_id, delegation_id] += count
    return book


def waiting_line(contest_id: uuid.UUID) -> list[Entry]:
    """The waiting list in its order."""
    query = select(Entry).where(Entry.contest_id == contest_id, Entry.state == "waiting")
    return list(db.session.scalars(query.order_by(Entry.waiting_since, Entry.id).options(
        selectinload(Entry.entrants), joinedload(Entry.person))))


def place_in_line(entry: Entry) -> int | None:
    """The place on the waiting list, counted from 1; None when the entry does not wait."""
    if entry.state != "waiting" or entry.waiting_since is None:
        return None
    before = (Entry.waiting_since < entry.waiting_since) | (
        (Entry.waiting_since == entry.waiting_since) & (Entry.id < entry.id))
    query = select(func.count()).select_from(Entry).where(Entry.contest_id == entry.contest_id, Entry.state == "waiting", before)
    return (db.session.scalar(query) or 0) + 1


def full_words(entry: Entry) -> str:
    """What an entry waits for; empty when it does not wait."""
    if entry.state != "waiting":
        return ""
    events = events_of(entry.contest_id)
    full = ledger(entry.contest, events).full(need_of(entry))
    return rules_places.full_words(full, events)
