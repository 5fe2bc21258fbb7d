"""Reads for staff: who sees whom, lists with filters, counts, teams, delegations."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from competition.contests.models import Contest
from competition.contests.queries import contest_scope
from competition.core.access import may, scopes_of, table
from competition.core.actors import Actor
from competition.core.database import db
from competition.core.paging import Page, paginate
from competition.organisations.models import Union
from competition.organisations.queries import below
from competition.registration import rules
from competition.registration.models import EligibilityReview, Entrant, Entry, Team
from competition.registration.queries import with_events

LEVEL_ORDER = ("grassroots", "county", "prefecture", "province", "national")


def is_office(contest: Contest, actor: Actor) -> bool:
    """Does the actor manage the registration of this contest?"""
    return may(actor, "registration.office", contest_scope(contest))


def sees_all(contest: Contest, actor: Actor) -> bool:
    """The office of the contest, and clerks of its host and above, see every entry."""
    scope = contest_scope(contest)
    return may(actor, "registration.office", scope) or may(actor, "registration.clerk", scope)


def works_on(contest: Contest, actor: Actor) -> bool:
    """Clerks enter their own people into any contest; a leader works on the contests of the own role or team."""
    if actor.holds(*table(current_app)["registration.clerk"].roles):
        return True
    leads = select(Team.id).where(Team.contest_id == contest.id, Team.leader_id == actor.id).limit(1)
    return contest.id in scopes_of(actor, "contest", "team_leader") or db.session.scalar(leads) is not None


def clerk_unions(actor: Actor) -> list[uuid.UUID]:
    """The unions for which the actor is a clerk."""
    return scopes_of(actor, "union", *table(current_app)["registration.clerk"].roles)


def visible(contest: Contest, actor: Actor) -> ColumnElement[bool]:
    """Which entries of a contest an actor sees, as a condition of a query. Drafts are nobody's but the owner's."""
    handed_in = (Entry.contest_id == contest.id) & (Entry.state != "draft")
    if sees_all(contest, actor):
        return handed_in
    mine = Entry.team_id.in_(select(Team.id).where(Team.leader_id == actor.id))
    return handed_in & (mine | Entry.union_id.in_(below(clerk_unions(actor))))


def whose_turn(contest: Contest, actor: Actor) -> ColumnElement[bool]:
    """Entries that wait for this actor's decision."""
    turns: list[ColumnElement[bool]] = [Entry.review_union_id.in_(clerk_unions(actor))]
    if may(actor, "registration.clerk"):
        turns.append(Entry.review_union_id.is_not(None))
    if is_office(contest, actor):
        turns.append(_last_step(contest))
    return (Entry.contest_id == contest.id) & Entry.state.in_(rules.UNDER_REVIEW) & or_(false(), *turns)


def _last_step(contest: Contest) -> ColumnElement[bool]:
    host = Entry.review_union_id == contest.host_union_id
    levels = [level for level in LEVEL_ORDER if level in contest.review_levels]
    if not levels or contest.host_union.level in levels:
        return host
    return host | Entry.review_union_id.in_(select(Union.id).where(Union.level == levels[-1]))


def list_entries(contest: Contest, entry_ids: Sequence[uuid.UUID], actor: Actor) -> list[Entry]:
    """These entries, as far as the actor may see them, in the order of the ids."""
    query = with_names(select(Entry).where(Entry.id.in_(entry_ids), visible(contest, actor)))
    found = {e.id: e for e in db.session.scalars(query)}
    return [found[i] for i in entry_ids if i in found]


def with_names(query: Select[Entry]) -> Select[Entry]:
    """What a line of the list shows, in a fixed number of statements."""
    return query.options(
        joinedload(Entry.person), joinedload(Entry.union), joinedload(Entry.delegation), joinedload(Entry.region),
        *with_events())


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty fields narrow nothing. ``turn``: only what waits for the reader, ``reviewer``: only
    what waits for that union, ``back``: only what was handed in again after it had been sent back."""

    q: str = ""
    state: str = ""
    union: uuid.UUID | None = None
    event: uuid.UUID | None = None
    delegation: uuid.UUID | None = None
    team: uuid.UUID | None = None
    reviewer: uuid.UUID | None = None
    turn: bool = False
    back: bool = False
    sort: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Filters(sort=self.sort)


SORTS = {
    "name": (Entry.name, Entry.id), "-name": (Entry.name.desc(), Entry.id),
    "number": (Entry.number, Entry.id), "-number": (Entry.number.desc(), Entry.id),
    "at": (Entry.submitted_at, Entry.id), "-at": (Entry.submitted_at.desc(), Entry.id),
}


def entry_query(contest: Contest, filters: Filters, actor: Actor) -> Select[Entry]:
    """The entries of a contest that the actor sees and that fit; the waiting list stands in its own order."""
    query = select(Entry).where(visible(contest, actor))
    if filters.turn:
        query = query.where(whose_turn(contest, actor))
    if filters.reviewer:
        query = query.where(Entry.review_union_id == filters.reviewer, Entry.state.in_(rules.UNDER_REVIEW))
    if filters.back:
        query = query.where(came_back(), Entry.state.in_(rules.UNDER_REVIEW))
    if filters.state in rules.STATES:
        query = query.where(Entry.state == filters.state)
    if filters.union:
        query = query.where(Entry.union_id.in_(below([filters.union])))
    if filters.event:
        entered = select(Entrant.entry_id).where(Entrant.event_id == filters.event, Entrant.entry_id.is_not(None))
        teams = select(Entrant.team_id).where(Entrant.event_id == filters.event, Entrant.team_id.is_not(None))
        query = query.where(Entry.id.in_(entered) | Entry.team_id.in_(teams))
    if filters.delegation:
        query = query.where(Entry.delegation_id == filters.delegation)
    if filters.team:
        query = query.where(Entry.team_id == filters.team)
    if filters.q:
        query = query.where(_matches(filters.q))
    usual = (Entry.waiting_since, Entry.id) if filters.state == "waiting" else SORTS["-at"]
    return with_names(query.order_by(*SORTS.get(filters.sort, usual)))


def came_back() -> ColumnElement[bool]:
    """The entry was sent back before: what waits for a decision now was handed in again."""
    return exists().where(EligibilityReview.entry_id == Entry.id, EligibilityReview.decision == "return")


def _matches(text: str) -> ColumnElement[bool]:
    team = select(Team.id).where(Team.name.contains(text, autoescape=True))
    return or_(Entry.name.contains(text, autoescape=True), Entry.employer.contains(text, autoescape=True),
               Entry.number == text, Entry.team_id.in_(team))


def entry_page(contest: Contest, filters: Filters, actor: Actor, page: int) -> Page[Entry]:
    """One page of the list."""
    return paginate(entry_query(contest, filters, actor), page)


def state_counts(contest: Contest, actor: Actor) -> dict[str, int]:
    """How many entries the actor sees, by state; ``turn``: how many wait for the actor's decision."""
    query = select(Entry.state, func.count()).where(visible(contest, actor)).group_by(Entry.state)
    counts: dict[str, int] = dict(db.session.execute(query).all())
    counts["turn"] = db.session.scalar(select(func.count()).select_from(Entry).where(whose_turn(contest, actor))) or 0
    return counts


def unions_in(contest: Contest, actor: Actor) -> list[Union]:
    """The unions of the entries that the actor sees, for the filter."""
    used = select(Entry.union_id).where(visible(contest, actor)).distinct()
    return list(db.session.scalars(select(Union).where(Union.id.in_(used)).order_by(Union.region_code, Union.name_zh)))


def reviewers_in(contest: Contest, actor: Actor) -> list[Union]:
    """The unions whose decision entries in sight wait for, for the filter."""
    waiting = select(Entry.review_union_id).where(visible(contest, actor), Entry.state.in_(rules.UNDER_REVIEW)).distinct()
    return list(db.session.scalars(select(Union).where(Union.id.in_(waiting)).order_by(Union.region_code, Union.name_zh)))


# ---- who may enter whom ------------------------------------------------------------------------


@dataclass(frozen=True)
class Reach:
    """Whom an actor may enter for a contest: anyone (the office), people of these unions, members of these teams."""

    anyone: bool
    unions: frozenset[uuid.UUID]
    teams: frozenset[uuid.UUID]

    def covers(self, union_id: uuid.UUID | None, team_id: uuid.UUID | None) -> bool:
        """May somebody of this union be entered, into this team (if any)?"""
        return self.anyone or team_id in self.teams or union_id in self.unions

    @property
    def is_empty(self) -> bool:
        return not (self.anyone or self.unions or self.teams)


def reach(contest: Contest, actor: Actor) -> Reach:
    """Office of the contest: anyone. Clerk: the own union and those below. Leader: the own teams."""
    if sees_all(contest, actor):
        return Reach(True, frozenset(), frozenset())
    unions = scopes_of(actor, "union", *table(current_app)["registration.clerk"].roles)
    led = select(Team.id).where(Team.contest_id == contest.id, Team.leader_id == actor.id, Team.state != "withdrawn")
    return Reach(False, frozenset(db.session.scalars(below(unions))) if unions else frozenset(), frozenset(db.session.scalars(led)))


def all_entries(contest: Contest, filters: Filters, actor: Actor) -> list[Entry]:
    """The whole list, for a workbook."""
    return list(db.session.scalars(entry_query(contest, filters, actor)))


def next_turn(contest: Contest, actor: Actor) -> uuid.UUID | None:
    """The entry that has waited longest for this actor."""
    query = select(Entry.id).where(whose_turn(contest, actor)).order_by(Entry.submitted_at, Entry.id).limit(1)
    return db.session.scalars(query).first()
