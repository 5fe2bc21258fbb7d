"""Who asks: the account of each column, its sign-in, its tablet."""

import uuid
from datetime import timedelta

from competition.accounts import service as accounts
from competition.accounts.models import Account, Grant, SignIn
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.crypto import new_token, token_hash
from competition.core.database import atomic
from competition.judging.models import Device
from competition.returns import service_api
from competition.returns.models_api import ApiToken
from tests.access_matrix.people import COLUMNS, Column
from tests.access_matrix.side import EVENT, Side, record
from tests.cast import Cast


def account_of(column: Column, cast: Cast, own: Side) -> Account:
    """The account of a column, with its role in every place of its scope."""
    if column.key == "contestant":
        return own.contestant
    if column.key == "clerk":
        return cast.account("clerk", "union", own.county.id)
    account = own.leader if column.key == "team_leader" else cast.account("contestant", name=f"试{column.key}")
    places: list[tuple[str, uuid.UUID | None]] = {
        "system": [("system", None)], "union": [("union", own.county.id)], "own": [("contest", c.id) for c in own.mine],
        "event": [("event", e.id) for c in own.mine for e in c.events if e.key == EVENT],
    }[column.scope]
    for kind, scope_id in places:
        accounts.grant_role(account.id, column.role, scope_kind=kind, scope_id=scope_id, actor=SYSTEM, at=cast.at)
    return account


def barred_account(key: str, cast: Cast) -> Account:
    """Every role for the whole system, and what ends them all, if anything does. Exclusive roles come as rows: no verb gives
    them to one."""
    account, at = cast.account("contestant", name=f"试{key}"), now()
    begins = at + timedelta(days=1) if key == "early" else at - timedelta(days=2)
    ends = at - timedelta(seconds=1) if key == "lapsed" else None
    with atomic() as session:
        session.add_all(
            Grant(account_id=account.id, role=role, scope_kind="system", scope_id=None, valid_from=begins, valid_to=ends)
            for role in sorted({c.role for c in COLUMNS if c.role}))
        row = session.get_one(Account, account.id)
        row.is_active = key != "disabled"
        row.expires_at = at - timedelta(seconds=1) if key == "expired" else None
        audit.record("test.grants", actor=SYSTEM, subject=("account", account.id), at=at)
    return account


def session_of(key: str, account: Account) -> str:
    """The token of a sign-in of this account, with what has become of it."""
    at, token = now(), new_token()
    row = SignIn(token_hash=token_hash(token), account_id=account.id, password_version=account.password_version, device="test",
                 created_at=at, expires_at=at + timedelta(hours=12))
    row.ended_at = at if key == "signed_out" else None
    row.expires_at = at - timedelta(seconds=1) if key == "timed_out" else row.expires_at
    row.password_version -= int(key == "new_password")
    with atomic() as session:
        session.add(row)
        audit.record("test.sign_in", actor=SYSTEM, subject=("account", account.id), at=at)
    return token


def tablets(own: Side, cast: Cast) -> dict[str, str]:
    """Device tokens: a live one, one past its hour, one that nobody gave out."""
    live, dead = own.judges[0], own.judges[1]
    with atomic() as session:
        session.get_one(Device, dead.device.id).expires_at = now() - timedelta(seconds=1)
        record("tablet", own.contests["running"], cast)
    found = {"tablet": live.token, "dead_tablet": dead.token, "no_tablet": new_token()}
    return {key: f"Device {token}" for key, token in found.items()}


def systems(own: Side) -> dict[str, str]:
    """Tokens of other systems for the own county: two that hold and were used just now, one past its last day, one revoked."""
    found, at = {}, now()
    for key in ("token", "read_token", "dead_token", "revoked_token"):
        token, found[key] = service_api.make_token(key, own.county.id, can_report=key != "read_token", days=1, actor=SYSTEM, at=at)
        service_api.note_use(token.id, at)
        with atomic() as session:
            row = session.get_one(ApiToken, token.id)
            row.expires_at = at - timedelta(seconds=1) if key == "dead_token" else row.expires_at
            row.revoked_at = at if key == "revoked_token" else None
            audit.record("test.token", actor=SYSTEM, subject=("api_token", token.id), at=at)
    return {key: f"Bearer {text}" for key, text in found.items()}
