"""Reads of draws, codes and outcomes. These lead to people: judging may not import this module."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from competition.arena import rules
from competition.arena.entrants import members_of
from competition.arena.models import Code, CodeOpening, Draw, Outcome
from competition.arena.works import Work
from competition.contests.models import Round
from competition.core.database import db
from competition.core.errors import NotFound
from competition.registration.models import Entrant, Entry, Team


def whole_entrant(*, members: bool = False) -> list[ORMOption]:
    """Load an entrant with all that names it; with ``members`` also the entries of a team."""
    options: list[ORMOption] = [
        joinedload(Entrant.event),
        joinedload(Entrant.entry).options(
            joinedload(Entry.person), joinedload(Entry.team).joinedload(Team.delegation), joinedload(Entry.delegation),
            joinedload(Entry.region), joinedload(Entry.union)),
        joinedload(Entrant.team).joinedload(Team.delegation),
    ]
    if members:
        options.append(joinedload(Entrant.team).selectinload(Team.entries).options(
            joinedload(Entry.person), joinedload(Entry.delegation), joinedload(Entry.region)))
    return options


# ---- draws -----------------------------------------------------------------------------------


def live_draw(round_id: uuid.UUID) -> Draw | None:
    """The draw that holds for a round, if lots have been drawn."""
    return db.session.scalars(select(Draw).where(Draw.round_id == round_id, Draw.void_at.is_(None))).one_or_none()


def draws_of(contest_id: uuid.UUID) -> list[Draw]:
    """All draws of a contest, void ones too, newest first."""
    query = select(Draw).where(Draw.contest_id == contest_id).order_by(Draw.drawn_at.desc(), Draw.id)
    return list(db.session.scalars(query.options(joinedload(Draw.round).joinedload(Round.event))))


def get_draw(contest_id: uuid.UUID, round_id: uuid.UUID) -> Draw:
    """The live draw of a round of this contest; raises NotFound."""
    found = live_draw(round_id)
    if found is None or found.contest_id != contest_id:
        raise NotFound(_("这一轮还没有抽签，抽签以后才有结果和编码表。"))
    return found


# ---- who is behind a code ----------------------------------------------------------------------


def decoded(event_id: uuid.UUID, *, members: bool = False) -> dict[uuid.UUID, Entrant]:
    """The entrant of each work of an event; with ``members`` also the entries of teams are loaded."""
    query = (
        select(Code.work_id, Entrant).join(Code.entrant)
        .where(Code.event_id == event_id, Code.layer == 1, Code.work_id.is_not(None)).options(*whole_entrant(members=members))
    )
    return {work_id: entrant for work_id, entrant in db.session.execute(query).unique() if work_id}


def codes_opened(event_id: uuid.UUID) -> CodeOpening | None:
    """That the codes of an event were opened, if they were."""
    return db.session.scalars(select(CodeOpening).where(CodeOpening.event_id == event_id)).one_or_none()


def openings_of(contest_id: uuid.UUID) -> dict[uuid.UUID, CodeOpening]:
    """The openings of a contest, by event."""
    query = select(CodeOpening).where(CodeOpening.contest_id == contest_id)
    return {opening.event_id: opening for opening in db.session.scalars(query)}


@dataclass(frozen=True)
class Placed:
    """An entrant with the place that the draw gave; no code."""

    entrant: Entrant
    batch: int
    station: int
    position: int


def placed(round_id: uuid.UUID, *, batch: int | None = None, members: bool = False) -> list[Placed]:
    """Who works where in a round, in the order of batches and stations."""
    query = (
        select(Entrant, Work.batch, Work.station, Work.position).join(Code, Code.entrant_id == Entrant.id)
        .join(Work, Work.id == Code.work_id).where(Work.round_id == round_id, Code.layer == 1).order_by(Work.position)
        .options(*whole_entrant(members=members))
    )
    if batch is not None:
        query = query.where(Work.batch == batch)
    return [Placed(*row) for row in db.session.execute(query).unique()]


# ---- the day ---------------------------------------------------------------------------------


def facts_of(entrant_id: uuid.UUID) -> list[Outcome]:
    """Everything recorded about an entrant, oldest first."""
    return list(db.session.scalars(select(Outcome).where(Outcome.entrant_id == entrant_id).order_by(Outcome.at)))


def facts_by_entrant(contest_id: uuid.UUID, event_id: uuid.UUID | None = None) -> dict[uuid.UUID, list[Outcome]]:
    """Everything recorded in a contest (or one event), by entrant, oldest first."""
    query = select(Outcome).where(Outcome.contest_id == contest_id).order_by(Outcome.at)
    if event_id is not None:
        query = query.where(Outcome.event_id == event_id)
    found: dict[uuid.UUID, list[Outcome]] = {}
    for fact in db.session.scalars(query):
        found.setdefault(fact.entrant_id, []).append(fact)
    return found


def current_outcomes(contest_id: uuid.UUID, event_id: uuid.UUID | None = None) -> dict[uuid.UUID, Outcome]:
    """What holds for each entrant of a contest; entrants about whom nothing holds are missing."""
    held = ((entrant_id, rules.current_outcome(facts))
            for entrant_id, facts in facts_by_entrant(contest_id, event_id).items())
    return {entrant_id: fact for entrant_id, fact in held if fact}


@dataclass(frozen=True)
class Presence:
    """An entrant who took part, and the instant of the check-in that holds."""

    entrant: Entrant
    at: datetime


def present_entrants(contest_id: uuid.UUID) -> list[Presence]:
    """Who was checked in, event by event, whatever was ruled later; teams with their members' entries."""
    since = {entrant_id: door.at for entrant_id, facts in facts_by_entrant(contest_id).items()
             if (door := _checked_in(facts)) is not None}
    query = select(Entrant).where(Entrant.contest_id == contest_id, Entrant.id.in_(_with_facts(contest_id)))
    entrants = db.session.scalars(query.options(*whole_entrant(members=True))).unique()
    found = [Presence(entrant, since[entrant.id]) for entrant in entrants if entrant.id in since]
    return sorted(found, key=lambda p: (p.at, str(p.entrant.id)))


def _checked_in(facts: Sequence[Outcome]) -> Outcome | None:
    """The first of the check-ins that hold: lifting a ruling does not move the day on which somebody came."""
    if not rules.was_present(facts):
        return None
    taken_back = max((f.at for f in facts if f.kind in (rules.CLEARED, rules.ABSENT)), default=None)
    return next(f for f in facts if f.kind == rules.CHECKED_IN and (taken_back is None or f.at > taken_back))


def _with_facts(contest_id: uuid.UUID) -> Select[uuid.UUID]:
    return select(Outcome.entrant_id).where(Outcome.contest_id == contest_id)


def present_entries(contest_id: uuid.UUID) -> list[tuple[Entry, datetime]]:
    """Each person's entry who was present in at least one event, with the first check-in; members of a team with it."""
    first: dict[uuid.UUID, tuple[Entry, datetime]] = {}
    for presence in present_entrants(contest_id):
        for entry in members_of(presence.entrant):
            first.setdefault(entry.id, (entry, presence.at))
    return list(first.values())


@dataclass(frozen=True)
class Counts:
    """How far the check-in of some entrants is."""

    total: int
    checked_in: int
    absent: int
    ruled: int

    @property
    def open(self) -> int:
        """Those about whom nothing holds yet."""
        return self.total - self.checked_in - self.absent - self.ruled


def count(states: Collection[str]) -> Counts:
    """Counts of the states that hold, one for each entrant."""
    kinds = list(states)
    return Counts(len(kinds), kinds.count(rules.CHECKED_IN), kinds.count(rules.ABSENT),
                  sum(kind in rules.RULINGS for kind in kinds))
