"""Reads for the pages of the day: each a fixed number of statements."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, Subquery, func, or_, select

from competition.arena import rules
from competition.arena.entrants import key_of
from competition.arena.models import Outcome
from competition.arena.queries import (
    Counts,
    Placed,
    count,
    facts_by_entrant,
    placed,
    whole_entrant,
)
from competition.arena.queries_draw import entered, has_players
from competition.contests.models import Contest, Event, Round
from competition.core.database import db
from competition.registration.models import Delegation, Entrant, Entry, Team
from competition.registration.queries import approved_entrants


@dataclass(frozen=True)
class DoorLine:
    """One entrant at the door: place (0 before the draw), what holds, and since when."""

    entrant: Entrant
    batch: int
    station: int
    state: str
    fact: Outcome | None


@dataclass(frozen=True)
class Door:
    """A round at the door: its lines, and the counts of each batch (0: all)."""

    lines: list[DoorLine]
    counts: dict[int, Counts] = field(default_factory=dict)


def door(round_: Round) -> Door:
    """Everybody of a round with what holds about them, in the order of batches and stations."""
    places = placed(round_.id) or [Placed(e, 0, 0, n) for n, e in enumerate(approved_entrants(round_.event_id), 1)]
    facts = facts_by_entrant(round_.contest_id, round_.event_id)
    held = [(place, rules.current_outcome(facts.get(place.entrant.id, []))) for place in places]
    lines = [DoorLine(p.entrant, p.batch, p.station, fact.kind if fact else rules.CLEARED, fact) for p, fact in held]
    counts = {batch: count([line.state for line in lines if line.batch == batch])
              for batch in sorted({line.batch for line in lines} - {0})}
    return Door(lines, {0: count([line.state for line in lines]), **counts})


def door_counts(contest_id: uuid.UUID) -> dict[uuid.UUID, Counts]:
    """How far the check-in of each event is."""
    kinds = kinds_held([contest_id])
    states = {event_id: [kind for kind, n in held.items() for _one in range(n)] for event_id, held in kinds.items()}
    return {event_id: count(states.get(event_id, []) + [rules.CLEARED] * (total - len(states.get(event_id, []))))
            for event_id, total in entered([contest_id]).items()}


def kinds_held(contest_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """What holds about the entrants of these contests, counted by event and kind; who is not checked in is missing."""
    latest = _latest(contest_ids)
    query = select(Outcome.event_id, Outcome.kind, func.count()).join(
        latest, (latest.c.entrant_id == Outcome.entrant_id) & (latest.c.at == Outcome.at))
    found: dict[uuid.UUID, dict[str, int]] = {}
    for event_id, kind, number in db.session.execute(query.group_by(Outcome.event_id, Outcome.kind)):
        if kind != rules.CLEARED:
            found.setdefault(event_id, {})[kind] = number
    return found


def _latest(contest_ids: Collection[uuid.UUID]) -> Subquery:
    """When the last was said of each entrant of these contests."""
    newest = select(Outcome.entrant_id, func.max(Outcome.at).label("at")).where(Outcome.contest_id.in_(contest_ids))
    return newest.group_by(Outcome.entrant_id).subquery()


def match(lines: Sequence[DoorLine], text: str) -> list[DoorLine]:
    """The lines that a typed or scanned text names: by number of the contestant or a team's member, else by name."""
    wanted = text.strip()
    if not wanted:
        return list(lines)
    exact = [line for line in lines if _numbered(line.entrant, wanted)]
    return exact or [line for line in lines if wanted.casefold() in _said(line.entrant)]


def _numbered(entrant: Entrant, wanted: str) -> bool:
    padded = wanted.zfill(4) if wanted.isdecimal() else wanted
    return key_of(entrant) in (wanted, padded)


def _said(entrant: Entrant) -> str:
    team = entrant.team or (entrant.entry.team if entrant.entry else None)
    return "\n".join(filter(None, (entrant.entry.name if entrant.entry else "", team.name if team else ""))).casefold()


def team_of_number(contest_id: uuid.UUID, number: str) -> uuid.UUID | None:
    """The team of the contestant with this number: a member's badge opens the door for the team."""
    padded = number.zfill(4) if number.isdecimal() else number
    query = select(Entry.team_id).where(Entry.contest_id == contest_id, Entry.number.in_({number, padded}))
    return db.session.scalars(query.where(Entry.state == "approved", Entry.team_role == "member")).first()


def outcome_list(contest: Contest, event_ids: Collection[uuid.UUID], *, state: str = "", text: str = "") -> Select[Entrant]:
    """Entrants of some events with filters by what holds and by number or name: a query for ``paginate``."""
    latest = _latest([contest.id])
    query = (
        select(Entrant).outerjoin(Entrant.entry).outerjoin(Team, Team.id == func.coalesce(Entrant.team_id, Entry.team_id))
        .outerjoin(Delegation, Delegation.id == func.coalesce(Entry.delegation_id, Team.delegation_id))
        .join(Entrant.event).outerjoin(latest, latest.c.entrant_id == Entrant.id)
        .outerjoin(Outcome, (Outcome.entrant_id == Entrant.id) & (Outcome.at == latest.c.at))
        .where(Entrant.event_id.in_(event_ids), or_(
            (Entry.state == "approved") & (Entry.team_role == "member"), has_players(), Outcome.id.is_not(None)))
        .order_by(Event.position, Entry.number, Team.name, Entrant.id).options(*whole_entrant())
    )
    if state == rules.CLEARED:
        query = query.where(or_(Outcome.id.is_(None), Outcome.kind == rules.CLEARED))
    elif state == "ruled":
        query = query.where(Outcome.kind.in_(rules.RULINGS))
    elif state:
        query = query.where(Outcome.kind == state)
    return _named(query, text.strip())


def _named(query: Select[Entrant], wanted: str) -> Select[Entrant]:
    if not wanted:
        return query
    if wanted.isdecimal():
        return query.where(Entry.number.in_({wanted, wanted.zfill(4)}))
    return query.where(or_(Entry.name.contains(wanted, autoescape=True), Team.name.contains(wanted, autoescape=True)))


def held_of(entrants: Collection[Entrant]) -> dict[uuid.UUID, Outcome]:
    """What holds for these entrants."""
    query = select(Outcome).where(Outcome.entrant_id.in_([e.id for e in entrants])).order_by(Outcome.at)
    facts: dict[uuid.UUID, list[Outcome]] = {}
    for outcome in db.session.scalars(query):
        facts.setdefault(outcome.entrant_id, []).append(outcome)
    held = ((entrant_id, rules.current_outcome(found)) for entrant_id, found in facts.items())
    return {entrant_id: fact for entrant_id, fact in held if fact}


def get_whole_entrant(entrant_id: uuid.UUID) -> Entrant:
    """An entrant with everything that names it, and a team's members."""
    query = select(Entrant).where(Entrant.id == entrant_id).options(*whole_entrant(members=True))
    return db.session.scalars(query).unique().one()
