"""Reads for the page of security: who tried what he may not, who was locked out, whose roles and ways in changed.

Nobody's name stands there in full and no address of a network: the reader opens the account where the name is needed.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, String, cast, literal, null, or_, select, union_all

from competition.accounts.access import ROLES
from competition.accounts.models import Account, Grant
from competition.auditing.queries import NOBODY, accounts_named
from competition.core.audit import AuditRow
from competition.core.database import db
from competition.core.masks import mask_name
from competition.core.paging import Page, paginate_rows
from competition.core.refusals import SecurityRow

# Which acts on record belong to which kind.
KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "refused": (_("被拒绝的操作"), ()),
    "sign_in": (_("登录失败和锁定"), ("account.sign_in_refused", "account.locked", "account.code_refused", "account.sign_up_known")),
    "roles": (_("授予和收回角色"), ("account.grant", "account.end_grant", "account.close", "account.open", "help.held")),
    "ways": (_("密码、手机号和两步验证"), (
        "account.reset_password", "account.link", "account.change_phone", "account.factor_on", "account.factor_off",
        "account.recovery_codes", "account.recovery_code_used")),
    "handovers": (_("签名不符的交接文件"), ("judging.refuse_handover",)),
    "numbers": (_("查看完整号码"), ("person.reveal_document", "person.reveal_phone")),
}
SHORT = 8


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; days are of the application's zone, both included. ``source``: the beginning of the
    keyed hash of a network address."""

    kind: str = ""
    since: date | None = None
    until: date | None = None
    who: str = ""
    source: str = ""


@dataclass(frozen=True)
class Someone:
    """An account as it may be shown here; ``id`` leads to its page."""

    id: uuid.UUID | None
    words: str


@dataclass(frozen=True)
class SecurityLine:
    """One row: ``act`` of the audit trail, or of the access table when something was ``refused`` (the code says why)."""

    at: datetime
    act: str
    refused: str
    who: Someone
    about: Someone | None
    source: str
    request_id: str


_NAMES = ("at", "act", "code", "kind", "actor", "subject_kind", "subject", "source", "request", "key")


def _named(*columns: Any) -> Select[Any]:
    return select(*(column.label(name) for name, column in zip(_NAMES, columns, strict=True)))


def _refused() -> Select[Any]:
    nothing = cast(null(), String)
    return _named(SecurityRow.at, SecurityRow.act, SecurityRow.code, SecurityRow.actor_kind, SecurityRow.actor_id, nothing, nothing,
                  SecurityRow.source, SecurityRow.request_id, cast(SecurityRow.id, String))


def _recorded(acts: Sequence[str]) -> Select[Any]:
    nothing = cast(literal(""), String)
    return _named(AuditRow.at, AuditRow.act, nothing, AuditRow.actor_kind, AuditRow.actor_id, AuditRow.subject_kind, AuditRow.subject_id,
                  nothing, nothing, AuditRow.digest).where(AuditRow.act.in_(acts))


def rows_of(asked: Asked, zone: str) -> Select[Any]:
    """The rows that are asked for, newest first."""
    kinds = [asked.kind] if asked.kind in KINDS else list(KINDS)
    acts = [act for kind in kinds for act in KINDS[kind][1]]
    parts = [*([_refused()] if "refused" in kinds else []), *([_recorded(acts)] if acts and not asked.source else [])]
    if not parts:
        parts = [_refused().where(SecurityRow.act.is_(None))]
    rows, tz = union_all(*parts).subquery() if len(parts) > 1 else parts[0].subquery(), ZoneInfo(zone)
    query = select(rows)
    if asked.since:
        query = query.where(rows.c.at >= datetime.combine(asked.since, time(), tz))
    if asked.until:
        query = query.where(rows.c.at < datetime.combine(asked.until + timedelta(days=1), time(), tz))
    if asked.source:
        query = query.where(rows.c.source.startswith(asked.source, autoescape=True))
    if asked.who:
        named = list(db.session.scalars(accounts_named(asked.who)))
        query = query.where(or_(rows.c.actor.in_(named), (rows.c.subject_kind == "account") & rows.c.subject.in_(map(str, named))))
    return query.order_by(rows.c.at.desc(), rows.c.key)


def page_of(asked: Asked, zone: str, page: int) -> Page[SecurityLine]:
    """One page of the list: the same number of statements whatever is on it."""
    found = paginate_rows(rows_of(asked, zone), page)
    return Page(_lines(found.items), found.page, found.per_page, found.total)


def _lines(rows: Sequence[Any]) -> list[SecurityLine]:
    about = [_key(row.subject) if row.subject_kind == "account" else None for row in rows]
    known = someones({row.actor for row in rows if row.actor} | {key for key in about if key})
    return [
        SecurityLine(row.at, row.act, row.code, known.get(row.actor) or _nobody(row), known.get(key) if key else None,
                     row.source[:SHORT], row.request)
        for row, key in zip(rows, about, strict=True)
    ]


def _nobody(row: Any) -> Someone:
    words = NOBODY.get(row.kind) or (_("（账号已删除）") if row.actor else _("系统"))
    return Someone(None, str(words))


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def someones(keys: set[uuid.UUID]) -> dict[uuid.UUID, Someone]:
    """Accounts by their id: the name masked, and what they work as or worked as."""
    roles: dict[uuid.UUID, set[str]] = {}
    for account_id, role in db.session.execute(select(Grant.account_id, Grant.role).where(Grant.account_id.in_(keys))):
        roles.setdefault(account_id, set()).add(role)
    query = select(Account.id, Account.display_name).where(Account.id.in_(keys))
    return {key: Someone(key, f"{mask_name(name)} · {_office(roles.get(key))}") for key, name in db.session.execute(query)}


def _office(roles: set[str] | None) -> str:
    return " / ".join(str(ROLES.get(role, role)) for role in sorted(roles or {"contestant"}))
