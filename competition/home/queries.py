"""Reads across features: what is mine, what waits for me."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from competition.accounts.models import Account, Grant
from competition.activities.queries import declared_contests
from competition.contests.models import Contest, Event, Round
from competition.core.access import Scope, holds_everywhere, scopes_of, table
from competition.core.actors import Actor
from competition.core.approvals import Approval, is_party
from competition.core.database import db
from competition.core.jobs import Job
from competition.home.access import STAFF
from competition.judging.models import Panel, Seat
from competition.judging.models_handover import Handover
from competition.organisations.models import UnionClosure
from competition.organisations.queries import below
from competition.registration.models import Entry, Team
from competition.registration.queries import own_entries, with_events
from competition.results.models import SumSample


def entries_of(actor: Actor) -> list[Entry]:
    """The reader's own entries, newest first, with contest and events."""
    query = select(Entry).where(own_entries(actor)).order_by(Entry.created_at.desc(), Entry.id).options(
        joinedload(Entry.contest), *with_events())
    return list(db.session.scalars(query))


def teams_led(actor: Actor) -> list[tuple[Team, Contest]]:
    """The teams that the reader leads, of contests that are not over, each with its contest and its entries."""
    query = select(Team, Contest).join(Contest, Contest.id == Team.contest_id).where(
        Team.leader_id == actor.id, Team.state != "withdrawn", Contest.phase.in_(("announced", "running")))
    rows = db.session.execute(query.order_by(Contest.starts_on, Team.name).options(selectinload(Team.entries)))
    return [(team, contest) for team, contest in rows]


def scopes_of_contests(contest_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Scope]:
    """What each of these contests belongs to, in two statements."""
    hosts = db.session.execute(select(Contest.id, Contest.host_union_id).where(Contest.id.in_(list(contest_ids)))).all()
    above: dict[uuid.UUID, set[uuid.UUID]] = {}
    closure = select(UnionClosure.descendant_id, UnionClosure.ancestor_id)
    for low, high in db.session.execute(closure.where(UnionClosure.descendant_id.in_({host for _, host in hosts}))):
        above.setdefault(low, set()).add(high)
    return {
        contest: frozenset({("contest", contest)}) | frozenset(("union", u) for u in above.get(host, ())) for contest, host in hosts
    }


def scopes_of_approvals(found: Sequence[Approval]) -> dict[uuid.UUID, Scope]:
    """What each request belongs to: its contest, and the event that it is about."""
    if not found:
        return {}  # as on most pages of most people: nothing to ask
    contests, events = scopes_of_contests({a.chain for a in found if a.chain}), events_of_approvals(found)
    return {a.id: contests.get(a.chain, frozenset()) | _own_scope(events.get(a.id)) if a.chain else frozenset() for a in found}


def _own_scope(event_id: uuid.UUID | None) -> Scope:
    return frozenset({("event", event_id)}) if event_id else frozenset()


def events_of_approvals(found: Sequence[Approval]) -> dict[uuid.UUID, uuid.UUID]:
    """The event that a request is about, by request: itself, that of its round, its sample of sums, its file from a tablet."""
    about = {a.id: uuid.UUID(a.subject_id) for a in found if a.subject_kind in ("event", "round", "sum_sample", "handover")}
    kinds = {a.id: a.subject_kind for a in found}
    rounds = select(Round.id, Round.event_id).where(Round.id.in_([key for a, key in about.items() if kinds[a] == "round"]))
    samples = select(SumSample.id, SumSample.event_id).where(SumSample.id.in_([k for a, k in about.items() if kinds[a] == "sum_sample"]))
    files = select(Handover.id, Panel.event_id).join(Handover.seat).join(Seat.panel).where(
        Handover.id.in_([key for a, key in about.items() if kinds[a] == "handover"]))
    events = dict(db.session.execute(rounds.union_all(samples, files)).all())
    return {a: key if kinds[a] == "event" else events[key] for a, key in about.items() if kinds[a] == "event" or key in events}


def deciders(approval: Approval, roles: Collection[str], at: datetime) -> list[uuid.UUID]:
    """The accounts that hold one of ``roles`` where the request belongs, without who asked and whom it is about."""
    scope = scopes_of_approvals([approval])[approval.id]
    there = [and_(Grant.scope_kind == kind, Grant.scope_id == key) for kind, key in scope]
    query = select(Grant.account_id).join(Grant.account).where(
        Grant.role.in_(roles), or_(Grant.scope_kind == "system", *there), Grant.valid_from <= at,
        or_(Grant.valid_to.is_(None), Grant.valid_to > at), Account.is_active,
        or_(Account.expires_at.is_(None), Account.expires_at > at))
    return [account_id for account_id in db.session.scalars(query.distinct()) if not is_party(approval, account_id)]


def open_approvals(at: datetime) -> list[Approval]:
    """Requests that somebody can still decide, oldest first."""
    query = select(Approval).where(Approval.state == "asked", Approval.expires_at > at).order_by(Approval.asked_at)
    return list(db.session.scalars(query))


def approvals_by(account_id: uuid.UUID) -> Select[Approval]:
    """What the account asked for or decided, newest first."""
    mine = or_(Approval.asked_by == account_id, Approval.decided_by == account_id)
    return select(Approval).where(mine).order_by(Approval.asked_at.desc(), Approval.id)


def contests_within(actor: Actor, roles: Collection[str] = STAFF) -> ColumnElement[bool]:
    """The condition that a contest lies where ``actor`` holds one of ``roles``."""
    if holds_everywhere(actor, *roles):
        return true()
    return or_(Contest.id.in_(scopes_of(actor, "contest", *roles)),
               Contest.host_union_id.in_(below(scopes_of(actor, "union", *roles))),
               Contest.events.any(Event.id.in_(scopes_of(actor, "event", *roles))))


# How long a contest that is over stays on the desk, and how many contests do.
KEPT, MOST_CONTESTS = timedelta(days=60), 40


def active_contests(actor: Actor, today: date) -> list[Contest]:
    """The contests that the reader works on and that are not long over, the next ones first, each with its events."""
    going_on = (Contest.phase != "finished") & (Contest.condition != "cancelled")
    # Activities of unions have pages of their own.
    lately = going_on | (Contest.ends_on >= today - KEPT)
    query = select(Contest).where(contests_within(actor), lately, Contest.id.not_in(declared_contests()))
    query = query.options(joinedload(Contest.region), selectinload(Contest.events)).limit(MOST_CONTESTS)
    found = list(db.session.scalars(query.order_by(going_on.desc(), Contest.starts_on.desc(), Contest.id)))
    ahead = [contest for contest in found if contest.phase != "finished" and contest.condition != "cancelled"]
    return sorted(ahead, key=lambda contest: contest.starts_on) + [contest for contest in found if contest not in ahead]


def jobs_visible(actor: Actor) -> Select[Job]:
    """Work that the reader asked for, or of a contest that the reader's office runs, newest first.

    The same question as ``may_handle`` of contests, for a list. Administrators see the system's own work too.
    """
    query = select(Job).order_by(Job.created_at.desc(), Job.id)
    if holds_everywhere(actor, "administrator"):
        return query
    office = select(Contest.id).where(contests_within(actor, table(current_app)["contests.work"].roles))
    return query.where(or_(Job.owner_id == actor.id, Job.chain.in_(office)))
