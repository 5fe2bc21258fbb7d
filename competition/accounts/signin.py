"""The sign-in of a browser: the cookie holds a token, the database knows its hash.

Flask-Login keeps the token as the user's id, so a session ended on the server is over at once,
wherever its cookie was copied to. An idle limit lives in the signed cookie: no read writes.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask, g, session
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from competition.accounts.models import Account, SignIn
from competition.accounts.queries import actor_of
from competition.accounts.service import is_open
from competition.core.actors import Actor
from competition.core.clock import now
from competition.core.crypto import token_hash
from competition.core.database import db

IDLE = timedelta(hours=2)
manager = LoginManager()
manager.session_protection = None  # tablets and phones change their address


class SignedIn:
    """Who Flask-Login knows: an account through one of its sessions."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, row: SignIn, token: str, at: datetime) -> None:
        self.row, self.token, self.at = row, token, at
        self.account: Account = row.account

    @property
    def id(self) -> UUID:
        return self.account.id

    @property
    def name(self) -> str:
        return self.account.display_name

    def get_id(self) -> str:
        return self.token

    def to_actor(self) -> Actor:
        """The account with every role that holds now."""
        return actor_of(self.account, self.at)


def init_signin(app: Flask) -> None:
    """Let Flask-Login load accounts by session token."""
    manager.init_app(app)


@manager.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> SignedIn | None:
    """The live session of a token, or None: ended, expired, idle too long, account closed."""
    at = now()
    seen: Any = session.get("seen")
    if not isinstance(seen, int) or seen < (at - IDLE).timestamp():
        return None
    query = (
        select(SignIn).where(SignIn.token_hash == token_hash(token))
        .options(joinedload(SignIn.account).options(selectinload(Account.grants)))
    )
    row = db.session.scalars(query).one_or_none()
    if row is None or row.ended_at is not None or row.expires_at <= at:
        return None
    account = row.account
    if not is_open(account, at) or row.password_version != account.password_version:
        return None
    session["seen"] = int(at.timestamp())
    return SignedIn(row, token, at)


def begin(row: SignIn, token: str) -> None:
    """Give the browser its session; whatever an earlier visitor left in the cookie is gone."""
    session.clear()
    # A page that is answered now must not carry the token of the session that is gone.
    g.pop("csrf_token", None)
    at = now()
    session["seen"] = int(at.timestamp())
    login_user(SignedIn(row, token, at))


def end() -> None:
    """Take the session from the browser."""
    logout_user()
    session.clear()
