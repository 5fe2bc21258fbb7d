"""Who works on contests, and which requests for a second person are open in them: of many contests at once."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import or_, select

from competition.accounts.access import ROLES
from competition.accounts.models import Account, Grant
from competition.contests.models import Contest
from competition.core.access import table
from competition.core.approvals import KINDS, Approval
from competition.core.database import db
from competition.home.queries import events_of_approvals, scopes_of_contests
from competition.home.rules_facts import CONTEST, EVENT, SYSTEM, UNION, Holder, Request, Staff

RANKS = {"event": EVENT, "contest": CONTEST, "union": UNION, "system": SYSTEM}


def staff_of(contests: Sequence[Contest], at: datetime) -> dict[uuid.UUID, Staff]:
    """Everybody who holds a role for each of these contests, its events, the unions above it or the whole system."""
    scopes = scopes_of_contests([contest.id for contest in contests])
    inside = {contest.id: scopes[contest.id] | {("event", event.id) for event in contest.events} for contest in contests}
    keys = {key for scope in inside.values() for _kind, key in scope}
    query = select(Grant.role, Grant.scope_kind, Grant.scope_id, Account.id, Account.display_name).join(Grant.account).where(
        Grant.in_force(at), Account.is_active, or_(Account.expires_at.is_(None), Account.expires_at > at),
        or_(Grant.scope_kind == "system", Grant.scope_id.in_(keys)))
    rows = db.session.execute(query.order_by(Grant.valid_from, Grant.id)).all()
    return {contest: Staff(tuple(_holder(*row) for row in rows if row[1] == "system" or (row[1], row[2]) in scope), ROLES)
            for contest, scope in inside.items()}


def _holder(role: str, kind: str, scope: uuid.UUID | None, account: uuid.UUID, name: str) -> Holder:
    return Holder(account, name, role, RANKS[kind], scope if kind == "event" else None)


def requests_of(contest_ids: Collection[uuid.UUID], at: datetime) -> dict[uuid.UUID, list[Request]]:
    """The open requests of these contests, the oldest first."""
    query = select(Approval).where(Approval.state == "asked", Approval.expires_at > at, Approval.chain.in_(contest_ids))
    found = [a for a in db.session.scalars(query.order_by(Approval.asked_at)) if a.kind in KINDS]
    events, acts = events_of_approvals(found), table(current_app)
    by_contest: dict[uuid.UUID, list[Request]] = {}
    for a in found:
        kind = KINDS[a.kind]
        request = Request(a.id, a.kind, kind.title, acts[kind.act].roles, a.asked_by, a.asked_at, events.get(a.id))
        by_contest.setdefault(a.chain or uuid.UUID(int=0), []).append(request)
    return by_contest
