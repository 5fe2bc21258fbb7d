"""The second factor: set up, confirmed, asked for at the sign-in, replaced by a recovery code, taken away."""

import secrets
import uuid
from datetime import datetime
from typing import Any

import pyotp
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select

from competition.accounts.models import Account, RecoveryCode, SignIn
from competition.accounts.outgoing import tell
from competition.accounts.rules_totp import RECOVERY_ALPHABET, plain_code, step_of
from competition.accounts.service import end_sign_ins, may_sign_in, open_session, refuse_sign_in, verify_password
from competition.core import audit
from competition.core.actors import Actor
from competition.core.crypto import blind_index, seal, unseal
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken

RECOVERY_CODES = 10


def prepare(account_id: uuid.UUID, password: str, *, actor: Actor, at: datetime) -> str:
    """A new secret for who knows the password, not in force until it is confirmed; one that waited is dead.

    Without the password whoever sits down at somebody's open browser could lock its owner out.
    """
    check_off(get(Account, account_id))
    verify_password(account_id, password, field="password", at=at)
    with atomic():
        account = get(Account, account_id, lock=True)
        check_off(account)
        account.totp_sealed = seal(pyotp.random_base32(), "account", "totp", account_id)
        audit.record("account.factor_prepare", actor=actor, subject=("account", account_id), at=at)
        return waiting_secret(account)


def check_off(account: Account) -> None:
    """Raise when the second factor is in force."""
    if account.totp_since is not None:
        raise RuleBroken(_("两步验证已经启用。换手机的，请先停用再重新设置。"), code="factor_in_force")


def waiting_secret(account: Account) -> str:
    """The secret that waits for its first figures: shown to its owner only."""
    if account.totp_sealed is None or account.totp_since is not None:
        raise RuleBroken(_("请先开始设置两步验证。"), code="factor_not_prepared")
    return unseal(account.totp_sealed, "account", "totp", account.id)


def confirm(account_id: uuid.UUID, code: str, *, keep: uuid.UUID, actor: Actor, at: datetime) -> list[str]:
    """The authenticator shows the right figures: in force from now on, other sign-ins end. Returns the recovery codes, once."""
    with atomic():
        account = get(Account, account_id, lock=True)
        if account.totp_sealed is None or account.totp_since is not None:
            raise RuleBroken(_("请先开始设置两步验证。"), code="factor_not_prepared")
        if not _fits(account, code, at):
            raise _wrong()
        account.totp_since = at
        end_sign_ins(account_id, at, keep)
        audit.record("account.factor_on", actor=actor, subject=("account", account_id), at=at)
        _tell_owner(account, _("两步验证已启用"), at)
        return _new_recovery_codes(account_id)


def renew_recovery_codes(account_id: uuid.UUID, password: str, code: str, *, actor: Actor, at: datetime) -> list[str]:
    """Ten new ones, for password and code; the old ones are dead."""
    verify_password(account_id, password, field="password", at=at)
    made = None
    with atomic():
        account = get(Account, account_id, lock=True)
        if _passes(account, code, at):
            audit.record("account.recovery_codes", actor=actor, subject=("account", account_id), at=at)
            made = _new_recovery_codes(account_id)
            _tell_owner(account, _("恢复码已重新生成"), at)
    if made is None:
        raise _wrong()
    return made


def take_away(account_id: uuid.UUID, password: str, code: str, *, actor: Actor, at: datetime) -> Account:
    """The owner switches the second factor off, with password and code."""
    verify_password(account_id, password, field="password", at=at)
    with atomic():
        account = get(Account, account_id, lock=True)
        passed = _passes(account, code, at)
        if passed:
            drop_factor(account)
            audit.record("account.factor_off", actor=actor, subject=("account", account_id), at=at)
            _tell_owner(account, _("两步验证已停用"), at)
    if not passed:
        raise _wrong()
    return account


def _tell_owner(account: Account, title: Any, at: datetime) -> None:
    tell([account.id], title, _("不是您本人操作的，请立即修改密码，并联系系统管理员。"), at)


def drop_factor(account: Account) -> None:
    """Within the caller's act: no second factor, no recovery codes."""
    account.totp_sealed, account.totp_since = None, None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def check_in_force(account: Account) -> None:
    """Raise unless the second factor is in force."""
    if account.totp_since is None:
        raise RuleBroken(_("还没有启用两步验证。"), code="factor_off")


def _passes(account: Account, code: str, at: datetime) -> bool:
    """Within the caller's act: is it the right code now, or a recovery code? It works once. Wrong ones count like wrong
    passwords: six figures are soon guessed by who may try for ever."""
    check_in_force(account)
    if may_sign_in(account, at) and (_fits(account, code, at) or _use_recovery_code(account, plain_code(code), at)):
        return True
    refuse_sign_in(account, at)
    return False


def _wrong() -> RuleBroken:
    return RuleBroken(_("验证码不对。请核对手机时间是否准确，再输入当前显示的 6 位数字，或一个没有用过的恢复码；多次输错会暂时锁定账号。"),
                      code="factor_wrong", status=422, field="code")


def finish_sign_in(account_id: uuid.UUID, password_version: int, code: str, *, device: str, at: datetime) -> tuple[SignIn, str]:
    """The second step: figures of the authenticator, or a recovery code. Wrong ones count like wrong passwords."""
    plain, opened = plain_code(code), None
    with atomic():
        account = get(Account, account_id, lock=True)
        fresh = account.totp_since is not None and account.password_version == password_version and may_sign_in(account, at)
        if fresh and (_fits(account, plain, at) or _use_recovery_code(account, plain, at)):
            account.failed_count, account.locked_until = 0, None
            opened = open_session(account_id, device=device, at=at)
        else:
            refuse_sign_in(account, at)
    if opened is None:
        raise RuleBroken(_("验证码不对或已用过，或账号已暂时锁定。请等手机显示新的数字后再试。"), code="factor_refused", status=422,
                         field="code")
    return opened


def _fits(account: Account, code: str, at: datetime) -> bool:
    plain = plain_code(code)
    if account.totp_sealed is None or len(plain) != 6 or not plain.isascii():
        return False
    step = step_of(unseal(account.totp_sealed, "account", "totp", account.id), plain, at, account.totp_step)
    if step is None:
        return False
    account.totp_step = step
    return True


def _use_recovery_code(account: Account, plain: str, at: datetime) -> bool:
    query = select(RecoveryCode).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None),
                                       RecoveryCode.code_hash == blind_index("recovery", f"{account.id}|{plain}"))
    found = db.session.scalars(query).first()
    if found is None:
        return False
    found.used_at = at
    audit.record("account.recovery_code_used", actor=Actor("account", account.id), subject=("account", account.id), at=at)
    _tell_owner(account, _("您的一个恢复码已使用"), at)
    return True


def _new_recovery_codes(account_id: uuid.UUID) -> list[str]:
    codes = ["".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    session = db.session()
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all(RecoveryCode(account_id=account_id, code_hash=blind_index("recovery", f"{account_id}|{code}")) for code in codes)
    session.flush()
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def count_recovery_codes(account_id: uuid.UUID) -> int:
    """How many are left."""
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(query) or 0
