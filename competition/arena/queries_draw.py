"""Reads for the pages of the draw: each a fixed number of statements."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from competition.accounts.models import Account
from competition.arena import gates, rules_draw
from competition.arena.entrants import group_of, key_of
from competition.arena.models import Code, CodeOpening, Draw, Outcome
from competition.arena.queries import (
    draws_of,
    openings_of,
)
from competition.arena.rules_draw import Lot, Place
from competition.arena.works import Work
from competition.contests.models import Event, Round
from competition.contests.queries import rounds_of
from competition.core.database import db
from competition.registration.models import Entrant, Entry, Team
from competition.registration.queries import approved_entrants, plays


@dataclass(frozen=True)
class RoundLine:
    """One round in the list: how many are entered, its draw, whether it is locked and its codes open."""

    round: Round
    entered: int
    draw: Draw | None
    locked: bool
    opening: CodeOpening | None

    @property
    def is_public(self) -> bool:
        """May everybody see seed and lists?"""
        return rules_draw.is_public(self.round.event.kind, locked=self.locked)


def round_lines(contest_id: uuid.UUID) -> list[RoundLine]:
    """All rounds of a contest."""
    rounds = rounds_of(contest_id)
    draws = {draw.round_id: draw for draw in draws_of(contest_id) if draw.void_at is None}
    locked, openings, counts = gates.locked([r.id for r in rounds]), openings_of(contest_id), entered([contest_id])
    return [RoundLine(r, counts.get(r.event_id, 0), draws.get(r.id), r.id in locked, openings.get(r.event_id)) for r in rounds]


def entered(contest_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many take part in each event of these contests: the people of ``registration.queries.approved_entrants``."""
    query = (
        select(Entrant.event_id, func.count(Entrant.id)).outerjoin(Entrant.entry).outerjoin(Team, Team.id == Entrant.team_id)
        .where(Entrant.contest_id.in_(contest_ids),
               or_((Entry.state == "approved") & (Entry.team_role == "member"), has_players()))
        .group_by(Entrant.event_id)
    )
    return {event_id: number for event_id, number in db.session.execute(query).all()}  # noqa: C416 - rows are no tuples to mypy


def has_players() -> ColumnElement[bool]:
    """The entrant is a team that has not left and has somebody to go in."""
    return Entrant.team_id.is_not(None) & (Team.state == "active") & plays().exists()


@dataclass(frozen=True)
class Share:
    """How many a delegation has in the round, and how many of them in a batch at least and at most."""

    name: str
    entrants: int
    least: int
    most: int


def shares(entrants: Sequence[Entrant], batches: int) -> list[Share]:
    """The delegations of a field, larger ones first; who belongs to none is left out (``alone``)."""
    held: dict[str, int] = {}
    for entrant in (entrant for entrant in entrants if not _is_alone(entrant)):
        held[group_of(entrant)] = held.get(group_of(entrant), 0) + 1
    made = [Share(name, n, n // max(1, batches), -(-n // max(1, batches))) for name, n in held.items()]
    return sorted(made, key=lambda share: (-share.entrants, share.name))


def alone(entrants: Sequence[Entrant]) -> int:
    """How many of a field are spread with nobody: people of one employer may meet in one batch."""
    return sum(_is_alone(entrant) for entrant in entrants)


def _is_alone(entrant: Entrant) -> bool:
    return group_of(entrant) == key_of(entrant)


def undecided(contest_id: uuid.UUID) -> int:
    """Entries that are still under review: approved after the draw, they would be left out of it."""
    under = Entry.state.in_(("submitted", "reviewing", "returned", "waiting"))
    return db.session.scalar(select(func.count(Entry.id)).where(Entry.contest_id == contest_id, under)) or 0


def left_out(round_: Round) -> list[Entrant]:
    """Who takes part by now but was not there when lots were drawn."""
    coded = set(db.session.scalars(select(Code.entrant_id).where(Code.event_id == round_.event_id, Code.layer == 1)))
    return [entrant for entrant in approved_entrants(round_.event_id) if entrant.id not in coded]


def history_of(round_id: uuid.UUID) -> list[tuple[Draw, str]]:
    """The draws of a round, newest first, each with the name of who pressed the button."""
    query = (
        select(Draw, Account.display_name).outerjoin(Account, Account.id == Draw.drawn_by)
        .where(Draw.round_id == round_id).order_by(Draw.drawn_at.desc(), Draw.id)
    )
    return [(draw, name or "") for draw, name in db.session.execute(query)]


def void_draws(contest_id: uuid.UUID) -> dict[uuid.UUID, list[Draw]]:
    """The draws that were made void, by round, newest first."""
    found: dict[uuid.UUID, list[Draw]] = {}
    for draw in draws_of(contest_id):
        if draw.void_at is not None:
            found.setdefault(draw.round_id, []).append(draw)
    return found


def is_drawn(contest_id: uuid.UUID) -> bool:
    """Have lots been drawn for any round?"""
    return db.session.scalars(select(Draw.id).where(Draw.contest_id == contest_id, Draw.void_at.is_(None)).limit(1)).first() is not None


def event_use(event_id: uuid.UUID) -> str | None:
    """Why an event cannot be removed: lots were drawn for it, be the draw void by now."""
    drawn = select(Draw.id).join(Draw.round).where(Round.event_id == event_id).limit(1)
    return str(_("这个项目已经抽签，不能移除。")) if db.session.scalars(drawn).first() else None


def is_entry_drawn(entry_id: uuid.UUID) -> bool:
    """Has an entry by itself (not with its team) a code or an outcome already?"""
    mine = select(Entrant.id).where(Entrant.entry_id == entry_id)
    coded = select(Code.id).where(Code.entrant_id.in_(mine)).exists()
    settled = select(Outcome.id).where(Outcome.entrant_id.in_(mine)).exists()
    return bool(db.session.scalar(select(or_(coded, settled))))


def lots_of(draw: Draw) -> list[Lot]:
    """Who took part in a draw, from its own record."""
    return [Lot(key, group) for key, group in draw.summary["lots"]]


def places_of(draw: Draw) -> list[Place]:
    """The result of a draw, worked out anew from its own record."""
    return rules_draw.draw(lots_of(draw), draw.seed, draw.summary["capacity"])


@dataclass(frozen=True)
class OwnPlace:
    """Where a contestant works; the station only once everybody may know it."""

    event: Event
    batch: int
    station: int | None


def places_of_entries(entries: Collection[Entry]) -> dict[uuid.UUID, list[OwnPlace]]:
    """The batches of entries, their own and their teams', by entry: for the contestants' own pages."""
    own = [entry.id for entry in entries]
    by_team: dict[uuid.UUID, list[uuid.UUID]] = {}
    for entry in entries:
        if entry.team_id and entry.team_role == "member":
            by_team.setdefault(entry.team_id, []).append(entry.id)
    query = (
        select(Entrant, Work).join(Code, Code.entrant_id == Entrant.id).join(Work, Work.id == Code.work_id)
        .join(Entrant.event).where(or_(Entrant.entry_id.in_(own), Entrant.team_id.in_(list(by_team))))
        .order_by(Event.position).options(joinedload(Entrant.event))
    )
    rows = [(entrant, work) for entrant, work in db.session.execute(query)]
    locked = gates.locked({work.round_id for _entrant, work in rows})
    found: dict[uuid.UUID, list[OwnPlace]] = {}
    for entrant, work in rows:
        shown = rules_draw.is_public(entrant.event.kind, locked=work.round_id in locked)
        place = OwnPlace(entrant.event, work.batch, work.station if shown else None)
        for entry_id in [entrant.entry_id] if entrant.entry_id else by_team.get(entrant.team_id or uuid.UUID(int=0), []):
            found.setdefault(entry_id, []).append(place)
    return found
