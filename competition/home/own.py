"""Where the reader's own entries stand: the facts of many entries at once, by a constant number of statements."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select

from competition.arena.queries_day import held_of
from competition.arena.queries_draw import OwnPlace, places_of_entries
from competition.certificates.models import Certificate
from competition.core.database import db
from competition.core.formats import in_zone
from competition.home import rules
from competition.home.rules_dates import add_working_days
from competition.organisations.models import Union
from competition.registration.models import Entrant, Entry
from competition.registration.rules import ALIVE
from competition.results.models import PublishedRow
from competition.results.queries_course import first_published

Ids = Collection[uuid.UUID]


def standings(entries: Sequence[Entry], at: datetime) -> dict[uuid.UUID, rules.Standing]:
    """Where each of these entries stands; their contests, events and teams are loaded."""
    known = _Known(entries)
    return {entry.id: rules.standing(known.facts(entry, at)) for entry in entries}


def standing_of(entry: Entry, at: datetime) -> rules.Standing:
    """Where one entry stands."""
    return standings([entry], at)[entry.id]


class _Known:
    """What one reading of the database gave about all these entries."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        ids, contests = [entry.id for entry in entries], {entry.contest_id for entry in entries}
        teams = {entry.team_id for entry in entries if entry.team_id}
        self.going_on = _going_on(entries)
        self.places = places_of_entries(entries)
        self.outcomes = _outcomes(ids, teams)
        self.lines = _lines(contests)
        self.reviewers = _reviewers({entry.review_union_id for entry in entries if entry.review_union_id})
        self.rows = _rows(ids, teams)
        self.certified = _certified(self.rows)
        self.published: dict[uuid.UUID, datetime] = {}
        for (contest_id, _scope), at in first_published(contests).items():
            self.published[contest_id] = max(at, self.published.get(contest_id, at))

    def facts(self, entry: Entry, at: datetime) -> rules.EntryFacts:
        """One entry."""
        contest = entry.contest
        mine = [row for row, owner in self.rows.items() if owner in (entry.id, entry.team_id)]
        held = [certificate for certificate, row in self.certified.items() if row in mine]
        return rules.EntryFacts(
            id=entry.id, contest_id=contest.id, state=entry.state, at=at, phase=contest.phase, condition=contest.condition,
            zone=contest.zone, starts_on=contest.starts_on, ends_on=contest.ends_on, registration_opens_at=contest.registration_opens_at,
            registration_closes_at=contest.registration_closes_at, place=self.lines.get(entry.id, 1), submitted_at=entry.submitted_at,
            reviewer=self.reviewers.get(entry.review_union_id or uuid.UUID(int=0), ""), is_reserve=entry.team_role == "reserve",
            events=self._events(entry), is_replaced=bool(self.going_on.get((entry.contest_id, entry.account_id), set()) - {entry.id}),
            is_published=bool(mine), notice_ends=self._notice_ends(entry),
            is_certified=bool(held), certificate_id=held[0] if len(held) == 1 else None)

    def _events(self, entry: Entry) -> tuple[rules.OwnEvent, ...]:
        places: dict[uuid.UUID, OwnPlace] = {place.event.id: place for place in self.places.get(entry.id, [])}
        found = []
        for event in entry.events:
            place = places.get(event.id)
            batch, station = (place.batch, place.station) if place else (0, None)
            outcome = self.outcomes.get((entry.id, event.id)) or self.outcomes.get((entry.team_id, event.id)) or ""
            found.append(rules.OwnEvent(event.name, event.starts_at, batch, station, outcome))
        return tuple(found)

    def _notice_ends(self, entry: Entry) -> date | None:
        at = self.published.get(entry.contest_id)
        return add_working_days(in_zone(at, entry.contest.zone).date(), entry.contest.public_notice_days) if at else None


def _outcomes(entry_ids: Ids, team_ids: Ids) -> dict[tuple[uuid.UUID | None, uuid.UUID], str]:
    """What holds, by entry or team and event."""
    query = select(Entrant).where(or_(Entrant.entry_id.in_(entry_ids), Entrant.team_id.in_(team_ids)))
    entrants = list(db.session.scalars(query))
    held = held_of(entrants)
    return {(e.entry_id or e.team_id, e.event_id): held[e.id].kind for e in entrants if e.id in held}


def _going_on(entries: Sequence[Entry]) -> dict[tuple[uuid.UUID, uuid.UUID | None], set[uuid.UUID]]:
    """The living entries of the same accounts to the same contests: an ended one may have a successor."""
    ended = [entry for entry in entries if entry.state in ("withdrawn", "rejected") and entry.account_id is not None]
    found: dict[tuple[uuid.UUID, uuid.UUID | None], set[uuid.UUID]] = {}
    if not ended:
        return found
    query = select(Entry.contest_id, Entry.account_id, Entry.id).where(
        Entry.contest_id.in_({e.contest_id for e in ended}), Entry.account_id.in_({e.account_id for e in ended}), Entry.state.in_(ALIVE))
    for contest_id, account_id, entry_id in db.session.execute(query):
        found.setdefault((contest_id, account_id), set()).add(entry_id)
    return found


def _lines(contest_ids: Ids) -> dict[uuid.UUID, int]:
    """The places on the waiting lists of these contests."""
    place = func.row_number().over(partition_by=Entry.contest_id, order_by=(Entry.waiting_since, Entry.id))
    query = select(Entry.id, place).where(Entry.contest_id.in_(contest_ids), Entry.state == "waiting")
    return dict(db.session.execute(query).all())


def _reviewers(union_ids: Ids) -> dict[uuid.UUID, str]:
    return {union.id: union.name for union in db.session.scalars(select(Union).where(Union.id.in_(union_ids)))}


def _rows(entry_ids: Ids, team_ids: Ids) -> dict[uuid.UUID, uuid.UUID | None]:
    """The published lines about these entries and teams: whose each is."""
    query = select(PublishedRow.id, PublishedRow.entry_id, PublishedRow.team_id).where(
        or_(PublishedRow.entry_id.in_(entry_ids), PublishedRow.team_id.in_(team_ids)))
    return {row: entry or team for row, entry, team in db.session.execute(query)}


def _certified(row_ids: Ids) -> dict[uuid.UUID, uuid.UUID | None]:
    """The valid certificates that were issued from these lines: from which line each."""
    query = select(Certificate.id, Certificate.row_id).where(Certificate.row_id.in_(row_ids), Certificate.state == "issued")
    return dict(db.session.execute(query).all())
