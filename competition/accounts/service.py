"""Accounts: made, signed in, signed out, given roles. Each verb is one transaction."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from competition.accounts.hashing import UNUSABLE, Hashed, matches
from competition.accounts.models import Account, Grant, OneTimeLink, Person, SignIn
from competition.accounts.rules import EXCLUSIVE
from competition.accounts.service_people import find_person as find_person
from competition.accounts.service_people import get_or_create_person as get_or_create_person
from competition.accounts.service_people import reveal_document as reveal_document
from competition.accounts.service_people import reveal_phone as reveal_phone
from competition.core import audit
from competition.core.actors import SYSTEM, Actor
from competition.core.crypto import new_token, token_hash
from competition.core.database import atomic, db, find, get
from competition.core.errors import Forbidden, RuleBroken
from competition.core.lockout import wait_after

SESSION_HOURS = 12
LOCK_STEPS = ((5, 1), (8, 5), (10, 15))


def create_account(
    *, login: str, display_name: str, password: Hashed | None, actor: Actor, at: datetime,
    person_id: uuid.UUID | None = None, must_change: bool = False,
) -> Account:
    """A new account; without a password nobody can sign in until one is set by a link."""
    with atomic() as session:
        if find(Account, login=login):
            raise RuleBroken(_("这个登录名已被使用，请换一个。"), code="login_taken", status=409)
        account = Account(
            login=login, display_name=display_name, person_id=person_id, created_at=at, must_change_password=must_change,
            password_hash=password or UNUSABLE,
        )
        session.add(account)
        session.flush()
        audit.record("account.create", actor=actor, subject=("account", account.id), at=at,
                     personal={"login": login, "name": display_name})
    return account


def sign_in(login: str, password: str, *, device: str, at: datetime) -> tuple[SignIn, str]:
    """Check the password; returns the session's row and the token for the cookie.

    The same sentence and the same work for an unknown login, a wrong password and a locked account: a hash, and a
    transaction with an audit row in it.
    """
    account = find(Account, login=login)
    fits = matches(account.password_hash if account else None, password)
    with atomic():
        if account is not None:
            account = get(Account, account.id, lock=True)
        opened, second = None, False
        if account is None or not fits or not may_sign_in(account, at):
            refuse_sign_in(account, at)
        elif account.totp_since is not None:
            # Nothing is forgiven before the second step: wrong codes go on counting where wrong passwords stopped.
            second = True
        else:
            account.failed_count, account.locked_until = 0, None
            opened = _open_session(account, device, at)
    if second and account is not None:
        raise SecondFactor(_("请输入验证码。"), account=account.id, password_version=account.password_version)
    if opened is None:
        raise RuleBroken(_("登录名或密码不正确，或账号已暂时锁定。请核对后稍候再试。"), code="sign_in_refused", status=422)
    return opened


class SecondFactor(Forbidden):
    """The password fits; the account wants its second factor too. ``details``: account, password_version."""

    code = "second_factor"
    status = 401


def verify_password(account_id: uuid.UUID, password: str, *, field: str, at: datetime) -> None:
    """Raise, at this field of a form, unless it is the account's password. Whoever sits down at somebody's open browser
    guesses no more often than at the sign-in: wrong ones count there."""
    fits = matches(get(Account, account_id).password_hash, password)
    with atomic():
        account = get(Account, account_id, lock=True)
        good = fits and may_sign_in(account, at)
        if not good:
            refuse_sign_in(account, at)
    if not good:
        raise RuleBroken(_("现在的密码不正确，或输错次数过多，账号已暂时锁定。请核对后稍候再试。"), code="password_wrong", status=422,
                         field=field)


def refuse_sign_in(account: Account | None, at: datetime) -> None:
    """Within the caller's act: put a failed try on record, and count it. While the account is locked nothing counts:
    whoever only knows a login cannot keep its owner out.

    What does not count has its row too, of no account: else the time that it takes would say whether there is one.
    """
    if account is not None and (account.locked_until is None or account.locked_until <= at):
        _count_failure(account, at)
    else:
        audit.record("account.sign_in_refused", actor=SYSTEM, subject=("sign_in", "uncounted"), at=at)


def may_sign_in(account: Account, at: datetime) -> bool:
    """Is the account open and not locked?"""
    return is_open(account, at) and (account.locked_until is None or account.locked_until <= at)


def is_open(account: Account, at: datetime) -> bool:
    """Neither closed nor past its last day."""
    return account.is_active and (account.expires_at is None or account.expires_at > at)


def _count_failure(account: Account, at: datetime) -> None:
    account.failed_count += 1
    wait = wait_after(LOCK_STEPS, account.failed_count)
    if wait:
        account.locked_until = at + timedelta(minutes=wait)
    audit.record("account.locked" if wait else "account.sign_in_refused", actor=SYSTEM, subject=("account", account.id), at=at,
                 details={"failed": account.failed_count} | ({"minutes": wait} if wait else {}))


def _open_session(account: Account, device: str, at: datetime) -> tuple[SignIn, str]:
    token = new_token()
    row = SignIn(
        token_hash=token_hash(token), account_id=account.id, password_version=account.password_version,
        device=device[:120], created_at=at, expires_at=at + timedelta(hours=SESSION_HOURS),
    )
    db.session.add(row)
    db.session.flush()
    audit.record("account.sign_in", actor=Actor("account", account.id), subject=("account", account.id), at=at)
    return row, token


def open_session(account_id: uuid.UUID, *, device: str, at: datetime) -> tuple[SignIn, str]:
    """Sign somebody in without a password: after a one-time link, or in the demonstration."""
    with atomic():
        return _open_session(get(Account, account_id, lock=True), device, at)


def sign_out(token: str, *, at: datetime) -> None:
    """End the session that this token opened; the cookie is dead wherever it was copied to."""
    with atomic():
        row = find(SignIn, token_hash=token_hash(token))
        if row is not None and row.ended_at is None:
            row.ended_at = at
            audit.record("account.sign_out", actor=Actor("account", row.account_id),
                         subject=("account", row.account_id), at=at)


def set_password(account_id: uuid.UUID, password: Hashed, *, actor: Actor, at: datetime) -> None:
    """A new password ends every session that was opened with the old one."""
    with atomic():
        account = get(Account, account_id, lock=True)
        account.password_hash = password
        account.password_version += 1
        account.must_change_password = False
        account.failed_count, account.locked_until = 0, None
        void_links(account_id, at)
        audit.record("account.set_password", actor=actor, subject=("account", account.id), at=at)


def end_sign_ins(account_id: uuid.UUID, at: datetime, keep: uuid.UUID | None = None) -> int:
    """Within the caller's act: every sign-in of an account ends, but one when it is named; returns how many ended."""
    live = select(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.expires_at > at)
    rows = [row for row in db.session.scalars(live) if row.id != keep]
    for row in rows:
        row.ended_at = at
    return len(rows)


def void_links(account_id: uuid.UUID, at: datetime) -> None:
    """Within the caller's act: a link that somebody kept must not open the account later on."""
    open_links = select(OneTimeLink).where(OneTimeLink.account_id == account_id, OneTimeLink.used_at.is_(None))
    for link in db.session.scalars(open_links):
        link.used_at = at


def grant_role(
    account_id: uuid.UUID, role: str, *, scope_kind: str, scope_id: uuid.UUID | None, actor: Actor, at: datetime,
    second: uuid.UUID | None = None, valid_to: datetime | None = None,
) -> Grant:
    """Give a role in a scope, for ever or until ``valid_to``. Nobody grants himself, under no account of his."""
    with atomic() as session:
        account = get(Account, account_id, lock=True)
        if actor.id == account_id or (actor.person_id is not None and actor.person_id == account.person_id):
            raise RuleBroken(_("不能给自己授予角色，请由另一人办理。"), code="grant_self", status=403)
        if valid_to is not None and valid_to <= at:
            raise RuleBroken(_("到期时间已经过去，请重新申请。"), code="grant_over", status=422, field="until")
        check_exclusive(account_id, role, at)
        grant = Grant(
            account_id=account.id, role=role, scope_kind=scope_kind, scope_id=scope_id, valid_from=at, valid_to=valid_to,
            granted_by=actor.id, approved_by=second,
        )
        session.add(grant)
        session.flush()
        audit.record("account.grant", actor=actor, subject=("account", account.id), at=at,
                     details={"role": role, "scope": [scope_kind, str(scope_id) if scope_id else None],
                              "second": str(second) if second else None, "until": valid_to.isoformat() if valid_to else None})
    return grant


def check_exclusive(account_id: uuid.UUID, role: str, at: datetime, *, beside: Collection[str] = ()) -> None:
    """Raise when the account, or another one of the same person, has, now or from a later day on, a role that this one
    excludes, or would get one ``beside`` it."""
    account = get(Account, account_id)
    mine = Grant.account_id == account_id
    if account.person_id is not None:
        # Held: two accounts of one person are not given excluding roles at the same moment.
        get(Person, account.person_id, lock=True)
        mine = Grant.account_id.in_(select(Account.id).where(Account.person_id == account.person_id))
    coming = select(Grant.role).where(mine, (Grant.valid_to.is_(None)) | (Grant.valid_to > at))
    if role in EXCLUSIVE and {*db.session.scalars(coming), *beside} & (EXCLUSIVE - {role}):
        raise RuleBroken(_("系统管理员、安全管理员、审计员三种角色互斥，同一个人只能担任其中一种。"), code="roles_exclude")


def end_grant(grant_id: uuid.UUID, *, actor: Actor, at: datetime, reason: str = "") -> Grant:
    """Take a role back, from now on. When a role was over stays as it was."""
    with atomic():
        grant = get(Grant, grant_id, lock=True)
        if grant.valid_to is not None and grant.valid_to <= at:
            raise RuleBroken(_("这个角色已经到期或收回。"), code="grant_over")
        grant.valid_to = at
        audit.record("account.end_grant", actor=actor, subject=("account", grant.account_id), at=at, reason=reason,
                     details={"role": grant.role, "scope": [grant.scope_kind, str(grant.scope_id or "")]})
    return grant


def active_grants(account_id: uuid.UUID, at: datetime) -> list[Grant]:
    """What an account holds at an instant."""
    query = select(Grant).where(
        Grant.account_id == account_id, Grant.valid_from <= at, (Grant.valid_to.is_(None)) | (Grant.valid_to > at)
    )
    return list(db.session.scalars(query))


def make_link(purpose: str, *, account_id: uuid.UUID | None, at: datetime, hours: int, actor: Actor) -> str:
    """A one-time link's token."""
    token = new_token()
    with atomic() as session:
        link = OneTimeLink(token_hash=token_hash(token), purpose=purpose, account_id=account_id,
                           expires_at=at + timedelta(hours=hours))
        session.add(link)
        session.flush()
        audit.record("account.link", actor=actor, subject=("one_time_link", link.id), at=at, details={"purpose": purpose})
    return token


def find_link(token: str, purpose: str, at: datetime) -> OneTimeLink | None:
    """The link if it is still good."""
    link = find(OneTimeLink, token_hash=token_hash(token))
    good = link and link.purpose == purpose and link.used_at is None and link.expires_at > at
    return link if good else None


def use_link(token: str, purpose: str, at: datetime) -> OneTimeLink:
    """Take the link: it works once. For use inside the transaction of what it allows."""
    with atomic():
        # Held until the commit: two who follow the link at once do not both pass.
        db.session.scalars(
            select(OneTimeLink).where(OneTimeLink.token_hash == token_hash(token)).with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        link = find_link(token, purpose, at)
        if link is None:
            raise RuleBroken(_("这个链接已失效或已用过，请重新获取。"), code="link_dead", status=404)
        link.used_at = at
        audit.record("account.use_link", actor=SYSTEM, subject=("one_time_link", link.id), at=at)
    return link


def has_administrator() -> bool:
    """Has the installation been given its first administrator?"""
    return db.session.scalars(select(Grant.id).where(Grant.role == "administrator").limit(1)).first() is not None


def create_first_administrator(token: str, *, login: str, display_name: str, password: Hashed, at: datetime) -> Account:
    """The one grant without a second person: it needs the one-time link from the first start."""
    with atomic():
        use_link(token, "first_administrator", at)
        if has_administrator():
            raise RuleBroken(_("系统管理员已经存在。"), code="administrator_exists")
        account = create_account(login=login, display_name=display_name, password=password, actor=SYSTEM, at=at)
        grant_role(account.id, "administrator", scope_kind="system", scope_id=None, actor=SYSTEM, at=at)
    return account
