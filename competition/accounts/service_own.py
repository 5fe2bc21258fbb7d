"""What people do with their own account: change the password, end sign-ins, agree to texts."""

import uuid
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from competition.accounts.hashing import hash_password
from competition.accounts.models import Account, SignIn
from competition.accounts.rules_password import password_fault, personal_fault
from competition.accounts.service import (
    SecondFactor,
    end_sign_ins,
    find_link,
    is_open,
    open_session,
    set_password,
    use_link,
    verify_password,
)
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, find, get
from competition.core.errors import NotFound, RuleBroken


def check_password(password: str, *personal: str) -> None:
    """Raise unless the password is hard enough to guess. It takes some hundredths of a second: never under a lock."""
    _refuse_weak(password_fault(password, personal))


def check_not_personal(password: str, *personal: str) -> None:
    """Raise when the password holds what everybody knows of its owner; for where that is known only within an act."""
    _refuse_weak(personal_fault(password, personal))


def _refuse_weak(fault: Any) -> None:
    if fault:
        raise RuleBroken(fault, code="password_weak", status=422, field="password")


def change_password(account_id: uuid.UUID, old: str, new: str, *, device: str, actor: Actor, at: datetime) -> tuple[SignIn, str]:
    """A new password; every sign-in ends, and this browser gets a new one."""
    verify_password(account_id, old, field="old", at=at)
    account = get(Account, account_id)
    check_password(new, account.login, account.display_name)
    hashed = hash_password(new)
    with atomic():
        set_password(account_id, hashed, actor=actor, at=at)
        return open_session(account_id, device=device, at=at)


def set_password_by_link(token: str, password: str, *, device: str, at: datetime) -> tuple[SignIn, str]:
    """The first or a new password, by a one-time link; signs in. Raises RuleBroken for a link or an account that is over."""
    known = find_link(token, "password", at)
    owner = find(Account, id=known.account_id) if known else None
    check_password(password, *((owner.login, owner.display_name) if owner else ()))
    hashed = hash_password(password)
    with atomic():
        link = use_link(token, "password", at)
        if link.account_id is None:
            raise NotFound(_("这个链接已失效。"))
        account = get(Account, link.account_id, lock=True)
        if not is_open(account, at):
            raise RuleBroken(_("这个账号已停用或已到期，不能设置密码。请联系系统管理员。"), code="account_closed", status=403)
        set_password(account.id, hashed, actor=Actor("account", account.id, name=account.display_name), at=at)
        opened = None if account.totp_since is not None else open_session(account.id, device=device, at=at)
    if opened is None:
        # The link proves who was given it; the second factor is still asked for.
        raise SecondFactor(_("请输入验证码。"), account=account.id, password_version=account.password_version)
    return opened


def end_sign_in(sign_in_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """End one of the own sign-ins; somebody else's does not exist."""
    with atomic():
        row = get(SignIn, sign_in_id, lock=True)
        if row.account_id != actor.id:
            raise NotFound(_("没有找到这次登录。"))
        if row.ended_at is None:
            row.ended_at = at
            audit.record("account.end_sign_in", actor=actor, subject=("account", row.account_id), at=at)


def end_other_sign_ins(keep: uuid.UUID, *, actor: Actor, at: datetime) -> int:
    """End every own sign-in but one; returns how many."""
    if actor.id is None:
        return 0
    with atomic():
        count = end_sign_ins(actor.id, at, keep)
        if count:
            audit.record("account.end_sign_in", actor=actor, subject=("account", actor.id), at=at, details={"count": count})
    return count


def choose_locale(account_id: uuid.UUID, locale: str, *, actor: Actor, at: datetime) -> None:
    """The language of the pages and messages of this account, wherever it signs in; nothing to do when it is that one already."""
    with atomic():
        account = get(Account, account_id, lock=True)
        if account.locale == locale:
            return
        account.locale = locale
        audit.record("account.locale", actor=actor, subject=("account", account_id), at=at, details={"locale": locale})
