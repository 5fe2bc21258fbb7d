"""Reads for other systems, and of their tokens."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from competition.contests.models import Contest
from competition.core.access import holds_everywhere, scopes_of
from competition.core.actors import Actor
from competition.core.crypto import token_hash
from competition.core.database import db
from competition.core.paging import Page, paginate
from competition.counting.models import Activity
from competition.counting.rules_scopes import WHOLE, union_scope
from competition.organisations.models import Region, Union
from competition.organisations.queries import below, home_union, regions_below
from competition.returns.models import Return, ReturnStep
from competition.returns.models_api import ApiReceipt, ApiToken, ApiTokenUse
from competition.returns.queries_reporting import is_reportable
from competition.returns.rules_api import is_token


def token_of(text: str, at: datetime) -> ApiToken | None:
    """The token that holds now."""
    if not is_token(text):
        return None
    query = select(ApiToken).where(ApiToken.token_hash == token_hash(text), ApiToken.revoked_at.is_(None), ApiToken.expires_at > at)
    return db.session.scalars(query.options(joinedload(ApiToken.union))).one_or_none()


def last_use(token_id: uuid.UUID) -> datetime | None:
    """When a token was last used, to the hour."""
    return db.session.scalar(select(ApiTokenUse.at).where(ApiTokenUse.token_id == token_id))


def receipt(token_id: uuid.UUID, key: str) -> ApiReceipt | None:
    """What was answered under this key."""
    return db.session.get(ApiReceipt, (token_id, key))


@dataclass(frozen=True)
class Line:
    """A token of a list. ``state``: see rules_api."""

    token: ApiToken
    used_at: datetime | None
    state: str


def list_tokens(actor: Actor, roles: Collection[str], at: datetime) -> list[Line]:
    """Tokens that the actor may manage, those that hold first, the newest first; one statement."""
    query = select(ApiToken, ApiTokenUse.at).outerjoin(ApiTokenUse, ApiTokenUse.token_id == ApiToken.id).options(joinedload(ApiToken.union))
    if not holds_everywhere(actor, *roles):
        query = query.where(ApiToken.union_id.in_(below(scopes_of(actor, "union", *roles))))
    lines = [Line(token, used, state_of(token, at)) for token, used in db.session.execute(query.order_by(ApiToken.created_at.desc()))]
    return sorted(lines, key=lambda line: line.state != "active")


def state_of(token: ApiToken, at: datetime) -> str:
    """active, expired, revoked."""
    return "revoked" if token.revoked_at else "expired" if token.expires_at <= at else "active"


def choosable_unions(actor: Actor, roles: Collection[str], text: str) -> list[Union]:
    """Unions for which the actor may make a token, by a part of the name; without one the highest of them."""
    query = select(Union).where(Union.valid_to.is_(None), Union.level != "national").options(joinedload(Union.parent))
    if not holds_everywhere(actor, *roles):
        query = query.where(Union.id.in_(below(scopes_of(actor, "union", *roles))))
    elif (home := home_union()) is not None:
        query = query.where(Union.id.in_(below([home.id])))
    query = query.where(Union.name_zh.contains(text, autoescape=True) if text else Union.level != "grassroots")
    return list(db.session.scalars(query.order_by(Union.region_code, Union.name_zh).limit(200)))


# ---- what a token reaches --------------------------------------------------------------------------------


def reaches(token: ApiToken, union_id: uuid.UUID) -> bool:
    """Is it the token's union or below?"""
    return db.session.scalar(select(Union.id).where(Union.id == union_id, Union.id.in_(below([token.union_id])))) is not None


def scope_of(token: ApiToken, asked: str) -> str | None:
    """The scope of cells that was asked for, if the token may read it: its union and those below (``u:`` and the id), their divisions
    (a code); the whole (``all``) the home province's alone. Empty: the token's union."""
    if not asked:
        return union_scope(token.union_id.hex)
    if asked.startswith("u:"):
        try:
            union_id = uuid.UUID(asked[2:])
        except ValueError:
            return None
        return union_scope(union_id.hex) if reaches(token, union_id) else None
    reached = divisions_of(token)
    known = asked == WHOLE or db.session.get(Region, asked) is not None if reached is None else asked in reached
    return asked if known else None


def divisions_of(token: ApiToken) -> set[str] | None:
    """The divisions that a token reaches; None: everything, the whole too (the home province's)."""
    home = home_union()
    return None if home is not None and home.id == token.union_id else regions_below([token.union_id])


def contest_by_code(union_id: uuid.UUID, code: str) -> Contest | None:
    """The activity with this code, if the union can report about it."""
    contest, union = db.session.scalars(select(Contest).where(Contest.code == code)).one_or_none(), db.session.get(Union, union_id)
    return is_reportable(union, contest.id) if contest and union else None


def return_of(token: ApiToken, return_id: uuid.UUID) -> Return | None:
    """A return of the token's union or below."""
    query = _named(select(Return).where(Return.id == return_id, Return.union_id.in_(below([token.union_id]))))
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def returns(token: ApiToken, month: int | None, page: int) -> Page[Return]:
    """Returns of the token's union and those below, the newest first."""
    query = select(Return).where(Return.union_id.in_(below([token.union_id])))
    query = query if month is None else query.where(Return.month == month)
    return paginate(_named(query).order_by(Return.created_at.desc(), Return.id), page)


def _named(query: Select[Return]) -> Select[Return]:
    """The same with union and contest."""
    return query.options(joinedload(Return.union), joinedload(Return.activity).joinedload(Activity.contest))


def steps(return_id: uuid.UUID) -> Sequence[tuple[ReturnStep, str | None]]:
    """What was done with a return, in its order, each with the name of the union that did it."""
    query = select(ReturnStep, Union.name_zh).outerjoin(Union, Union.id == ReturnStep.union_id).where(ReturnStep.return_id == return_id)
    return [(step, name) for step, name in db.session.execute(query.order_by(ReturnStep.at, ReturnStep.id))]


def union_name(union_id: uuid.UUID | None) -> str | None:
    """The name of a union."""
    return db.session.scalar(select(Union.name_zh).where(Union.id == union_id)) if union_id else None
