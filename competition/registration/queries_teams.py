"""Reads for staff: delegations, teams and who is in them."""

import uuid

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from competition.contests.models import Contest, Event
from competition.core.actors import Actor
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.paging import Page, paginate
from competition.organisations.queries import below
from competition.registration import rules
from competition.registration.models import Delegation, Entrant, Entry, Team
from competition.registration.queries_lists import clerk_unions, sees_all, visible


def delegations(contest_id: uuid.UUID) -> list[Delegation]:
    """The delegations in their order."""
    query = select(Delegation).where(Delegation.contest_id == contest_id).options(joinedload(Delegation.union))
    return list(db.session.scalars(query.order_by(Delegation.position, Delegation.name)))


def delegation_counts(contest_id: uuid.UUID) -> dict[uuid.UUID | None, tuple[int, int, int]]:
    """By delegation: teams, entries that hold a place, approved entries."""
    teams = dict(db.session.execute(
        select(Team.delegation_id, func.count()).where(Team.contest_id == contest_id, Team.state != "withdrawn")
        .group_by(Team.delegation_id)).all())
    rows = db.session.execute(
        select(Entry.delegation_id, Entry.state, func.count())
        .where(Entry.contest_id == contest_id, Entry.state.in_(rules.HOLDING)).group_by(Entry.delegation_id, Entry.state))
    held: dict[uuid.UUID | None, int] = {}
    approved: dict[uuid.UUID | None, int] = {}
    for delegation_id, state, count in rows:
        held[delegation_id] = held.get(delegation_id, 0) + count
        if state == "approved":
            approved[delegation_id] = count
    return {d: (teams.get(d, 0), held.get(d, 0), approved.get(d, 0)) for d in teams.keys() | held.keys()}


def get_delegation(contest_id: uuid.UUID, delegation_id: uuid.UUID) -> Delegation:
    """A delegation of this contest; raises NotFound."""
    found = db.session.get(Delegation, delegation_id, options=[joinedload(Delegation.union)])
    if found is None or found.contest_id != contest_id:
        raise NotFound(_("没有找到这个代表团，它可能已被移走。"))
    return found


def without_leader() -> ColumnElement[bool]:
    """Teams that take part and have nobody who leads them, by account or by name."""
    return (Team.state != "withdrawn") & Team.leader_id.is_(None) & (Team.leader_name == "")


def team_page(
    contest: Contest, actor: Actor, text: str, delegation: uuid.UUID | None, page: int, *, leaderless: bool = False
) -> Page[Team]:
    """Teams with their delegation and members: the leader's own, the clerk's unions', the office's all."""
    query = select(Team).where(visible_teams(contest, actor)).outerjoin(Team.delegation)
    if leaderless:
        query = query.where(without_leader())
    if text:
        query = query.where(Team.name.contains(text, autoescape=True) | Team.leader_name.contains(text, autoescape=True))
    if delegation:
        query = query.where(Team.delegation_id == delegation)
    query = query.order_by(Delegation.position, Delegation.name, Team.name)
    return paginate(query.options(joinedload(Team.delegation), selectinload(Team.entries),
                                  selectinload(Team.entrants).joinedload(Entrant.event)), page)


def visible_teams(contest: Contest, actor: Actor) -> ColumnElement[bool]:
    """Which teams of a contest an actor sees."""
    here = Team.contest_id == contest.id
    if sees_all(contest, actor):
        return here
    return here & ((Team.leader_id == actor.id) | Team.union_id.in_(below(clerk_unions(actor))))


def get_team(contest: Contest, team_id: uuid.UUID, actor: Actor) -> Team:
    """A team that the actor may see, with delegation and members; raises NotFound."""
    query = select(Team).where(Team.id == team_id, visible_teams(contest, actor)).options(
        joinedload(Team.delegation), joinedload(Team.union), selectinload(Team.entrants).joinedload(Entrant.event),
        selectinload(Team.entries).options(joinedload(Entry.person), selectinload(Entry.entrants).joinedload(Entrant.event)))
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这支代表队，它可能已被移走，或您无权查看。"))
    return found


def team_events(team_id: uuid.UUID) -> list[Event]:
    """The team events a team is entered for."""
    query = select(Event).join(Entrant, Entrant.event_id == Event.id).where(Entrant.team_id == team_id)
    return list(db.session.scalars(query.order_by(Event.position)))


def open_teams(contest_id: uuid.UUID) -> list[Team]:
    """Teams that take members, for a choice, by delegation."""
    query = select(Team).where(Team.contest_id == contest_id, Team.state != "withdrawn").outerjoin(Team.delegation)
    return list(db.session.scalars(query.order_by(Delegation.position, Team.name).options(joinedload(Team.delegation))))


def without_team(contest: Contest, actor: Actor, limit: int = 300) -> list[Entry]:
    """Entries in sight that belong to no team yet."""
    query = select(Entry).where(visible(contest, actor), Entry.team_id.is_(None), Entry.state.in_(rules.ALIVE))
    return list(db.session.scalars(query.order_by(Entry.name, Entry.id).limit(limit)))


def members(team: Team) -> list[Entry]:
    """The living entries of a loaded team, members before reserves."""
    return sorted((e for e in team.entries if e.state in rules.ALIVE), key=lambda e: (e.team_role != "member", e.number or "~", e.name))
