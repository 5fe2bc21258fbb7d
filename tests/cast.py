"""A small cast of obviously invented people, used by all tests."""

import itertools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import sqlalchemy
from flask import Flask
from flask.testing import FlaskClient
from stdnum.cn import ric

from competition.accounts import service as accounts
from competition.accounts.models import Account
from competition.accounts.service_consent import agree
from competition.accounts.signin import SignedIn
from competition.accounts.terms import CURRENT
from competition.core.actors import SYSTEM, Actor
from competition.core.clock import now
from competition.core.database import atomic, db
from competition.organisations import service as organisations
from competition.organisations.models import Union
from competition.organisations.queries import union_of_region
from tests.standing import built_once

AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
PASSWORD = "test-only-password"
_numbers = itertools.count(1)


def id_card(serial: int | None = None, born: str = "19900101") -> str:
    """A number with a right check digit in a region that does not exist; numbers of a given serial have one of their own."""
    region = "990001"
    if serial is None:
        serial = next(_numbers)
        region = f"9901{serial // 1000 % 100:02d}"
    body = f"{region}{born}{serial % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def phone(serial: int | None = None) -> str:
    """A phone of an invented range."""
    return f"19910{next(_numbers) % 1000000:06d}" if serial is None else f"1990000{serial % 10000:04d}"


@dataclass
class Cast:
    """The unions, and accounts by role, made as they are asked for."""

    at: datetime
    province: Union
    prefecture: Union
    county: Union
    other_county: Union
    _accounts: dict[str, Account] = field(default_factory=dict)

    def account(self, role: str, scope_kind: str = "system", scope_id: uuid.UUID | None = None, name: str = "") -> Account:
        """An account with one role in one scope; the same for the same words."""
        key = f"{role}-{scope_kind}-{scope_id}-{name}"
        if key not in self._accounts:
            with atomic():
                account = accounts.create_account(
                    login=f"test-{role}-{len(self._accounts)}", display_name=name or f"测试{role}{len(self._accounts)}",
                    password=None, actor=SYSTEM, at=self.at,
                )
                if role != "contestant":
                    accounts.grant_role(account.id, role, scope_kind=scope_kind, scope_id=scope_id, actor=SYSTEM, at=self.at)
                else:
                    agree(account.id, tuple(CURRENT), actor=SYSTEM, at=self.at)
            self._accounts[key] = account
        return self._accounts[key]

    def known(self) -> dict[str, uuid.UUID]:
        """Whose accounts were made, to be told to ``know`` when the database stands there again."""
        return {key: sqlalchemy.inspect(account).identity[0] for key, account in self._accounts.items()}

    def know(self, ids: Mapping[str, uuid.UUID]) -> None:
        """The accounts that stand in the database."""
        for key in ids.keys() - self._accounts.keys():
            self._accounts[key] = db.session.get_one(Account, ids[key])

    def actor(self, role: str, scope_kind: str = "system", scope_id: uuid.UUID | None = None, name: str = "") -> Actor:
        """The same as who acts in a service."""
        known = self.account(role, scope_kind, scope_id, name)
        # A test may have let the session go, to count statements: the object is read anew.
        account = db.session.get_one(Account, sqlalchemy.inspect(known).identity)
        row, token = accounts.open_session(account.id, device="test", at=self.at)
        db.session.refresh(account, ["grants"])
        row.account = account
        return SignedIn(row, token, self.at).to_actor()

    def sign_in(self, client: FlaskClient, account: Account) -> FlaskClient:
        """Give the browser a session of this account."""
        return sign_in(client, account)


def sign_in(client: FlaskClient, account: Account) -> FlaskClient:
    """Give a browser a session of an account, without its password."""
    _row, token = accounts.open_session(account.id, device="test", at=now())
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"] = token
        session["_fresh"], session["seen"] = True, int(now().timestamp())
    return client


def make_cast() -> Cast:
    """The tree and nobody in it yet; needs an application context."""
    built_once("tree", lambda: organisations.found_tree(AT).id)
    home = organisations.found_tree(AT)

    def node(code: str) -> Union:
        found = union_of_region(code)
        if found is None:
            raise LookupError(code)
        return found

    return Cast(AT, home, node("630200"), node("630224"), node("630225"))


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The cast on the test's database."""
    return make_cast()


@pytest.fixture
def any_cast(any_app: Flask) -> Cast:
    """The cast on each database in turn."""
    return make_cast()
