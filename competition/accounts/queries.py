"""Reads of accounts, roles and sign-ins."""

import uuid
from datetime import datetime

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import selectinload

from competition.accounts.logins import login_of
from competition.accounts.models import Account, Grant, SignIn
from competition.core.database import db


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
