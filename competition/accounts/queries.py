"""Reads of accounts, roles and sign-ins."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from competition.accounts.logins import login_of
from competition.accounts.models import Account, Consent, Grant, HelpRequest, SignIn
from competition.core.access import holds_everywhere, scopes_of
from competition.core.actors import Actor, Held
from competition.core.database import db
from competition.organisations.queries import below


def actor_of(account: Account, at: datetime) -> Actor:
    """The account with every role that holds at ``at``."""
    held = tuple(
        Held(g.role, g.scope_kind, g.scope_id)  # type: ignore[arg-type]
        for g in account.grants
        if g.valid_from <= at and (g.valid_to is None or g.valid_to > at)
    )
    return Actor("account", account.id, account.person_id, account.display_name, held)


def holders(roles: Collection[str], at: datetime) -> list[uuid.UUID]:
    """Active accounts that hold one of these roles at ``at``, wherever: who is told of what concerns the whole house."""
    holds = Grant.role.in_(roles) & (Grant.valid_from <= at) & (Grant.valid_to.is_(None) | (Grant.valid_to > at))
    return list(db.session.scalars(select(Account.id).join(Account.grants).where(holds, Account.is_active).distinct()))


def accounts_matching(q: str, kind: str) -> Select[Account]:
    """Accounts by name, login or whole phone; ``kind``: staff (with a role), contestant, or all."""
    query = select(Account).options(selectinload(Account.grants)).order_by(Account.display_name, Account.id)
    if q:
        query = query.where(or_(Account.display_name.contains(q, autoescape=True), Account.login == login_of(q),
                                and_(~Account.login.startswith("phone:"), Account.login.contains(q.lower(), autoescape=True))))
    has_role = exists().where(Grant.account_id == Account.id)
    if kind == "staff":
        query = query.where(or_(has_role, ~Account.login.startswith("phone:")))
    elif kind == "contestant":
        query = query.where(~has_role, Account.login.startswith("phone:"))
    return query


def live_sign_ins(account_id: uuid.UUID, at: datetime) -> list[SignIn]:
    """Where an account is signed in now, newest first."""
    query = select(SignIn).join(SignIn.account).where(
        SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.expires_at > at,
        SignIn.password_version == Account.password_version)
    return list(db.session.scalars(query.order_by(SignIn.created_at.desc())))


def given_consents(account_id: uuid.UUID) -> list[Consent]:
    """The consents of an account that hold, whatever version they are about."""
    query = select(Consent).where(Consent.account_id == account_id, Consent.withdrawn_at.is_(None))
    return list(db.session.scalars(query.order_by(Consent.given_at)))


HELPERS = ("clerk", "organizer")


def help_requests(actor: Actor, state: str = "") -> Select[HelpRequest]:
    """Requests to the unions that ``actor`` works for, open ones first, oldest first."""
    query = select(HelpRequest).options(joinedload(HelpRequest.union))
    if not holds_everywhere(actor, *HELPERS):
        query = query.where(HelpRequest.union_id.in_(below(scopes_of(actor, "union", *HELPERS))))
    if state:
        query = query.where(HelpRequest.state == state)
    return query.order_by((HelpRequest.state == "open").desc(), HelpRequest.created_at, HelpRequest.id)
