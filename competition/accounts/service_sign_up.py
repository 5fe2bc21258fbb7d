"""A contestant's own account. Nobody who types a phone learns whether somebody signs in by it: known or not, the same is
done and answered, and the owner of a known phone is told."""

import uuid
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from competition.accounts.hashing import Hashed, hash_password
from competition.accounts.logins import phone_login
from competition.accounts.models import Account
from competition.accounts.outgoing import tell
from competition.accounts.service import create_account
from competition.accounts.service_consent import give_consent
from competition.accounts.service_own import check_not_personal, check_password
from competition.accounts.service_people import keep_phone
from competition.accounts.service_phone import code_refused, take_code, use_code
from competition.core import audit, jobs
from competition.core.actors import SYSTEM, Actor
from competition.core.audit import AuditRow
from competition.core.crypto import unseal
from competition.core.database import atomic, db, find
from competition.core.languages import SOURCE

TELL = "accounts.tell_owner"
KNOWN = "account.sign_up_known"
# Somebody who types a stranger's phone again and again does not fill his messages.
TOLD_AGAIN = timedelta(days=1)


def sign_up(*, name: str, phone: str, password: str, purposes: tuple[str, ...], at: datetime, locale: str = SOURCE) -> Account | None:
    """An account for a phone (E.164) that nothing proves, with what was agreed to, in the language of the page.

    None when somebody signs in by it already: the page says the same, and the sign-in shows who knows the password.
    """
    check_password(password, name, phone.removeprefix("+86"))
    login, hashed = phone_login(phone), hash_password(password)
    with atomic():
        known = find(Account, login=login)
        made = _make(phone, name, hashed, purposes, locale, at, for_real=known is None)
        account = made or known or find(Account, login=login)
        if account is not None and made is None:
            audit.record(KNOWN, actor=SYSTEM, subject=("account", account.id), at=at)
        # Who is told, if anybody, is decided by the job.
        about = str(account.id) if account else None
        jobs.start(TELL, title=_("处理注册"), payload={"account": about, "before": at.isoformat()}, actor=SYSTEM, at=at)
    return made


def sign_up_by_code(
    login: str, code: str, *, name: str, password: str, purposes: tuple[str, ...], at: datetime, locale: str = SOURCE
) -> Account:
    """The same for who has got the figures that were sent to the phone. A known phone is sent none: there is no right code."""
    check_password(password, name)
    hashed, made = hash_password(password), None
    with atomic():
        row = take_code(login, None, "sign_up", code, at)
        if row is not None and row.phone_sealed is not None and find(Account, login=login) is None:
            phone = unseal(row.phone_sealed, "phone_code", "phone", row.id)
            check_not_personal(password, phone.removeprefix("+86"))
            use_code(row, at)
            made = _make(phone, name, hashed, purposes, locale, at)
    if made is None:
        raise code_refused()
    return made


def _make(
    phone: str, name: str, password: Hashed, purposes: tuple[str, ...], locale: str, at: datetime, *, for_real: bool = True
) -> Account | None:
    """Within the caller's act: the account and its consents; when it is not ``for_real``, written and taken back, because the
    time that it takes would tell. None too when another request was first."""
    try:
        with db.session.begin_nested() as point:
            account = create_account(login=phone_login(phone) if for_real else f"known:{uuid.uuid4()}", display_name=name,
                                     password=password, actor=SYSTEM, at=at)
            keep_phone(account, phone)
            account.locale = locale
            for purpose in purposes:
                give_consent(purpose, account_id=account.id, actor=Actor("account", account.id, name=name), at=at)
            db.session.flush()
            if not for_real:
                point.rollback()
    except IntegrityError:
        return None
    return account if for_real else None


def tell_owner(account_id: uuid.UUID | None, before: datetime, at: datetime) -> None:
    """The job: the account is told, if it was there before that moment, that its phone was typed at the sign-up."""
    account = find(Account, id=account_id)
    if account is None or account.created_at >= before:
        return
    tries = select(AuditRow.at).where(AuditRow.act == KNOWN, AuditRow.subject_kind == "account", AuditRow.subject_id == str(account.id),
                                      AuditRow.at > before - TOLD_AGAIN, AuditRow.at < before)
    if db.session.scalars(tries.limit(1)).first() is not None:
        return
    with atomic():
        tell([account.id], _("有人用您的手机号注册"),
             _("您的账号没有变化。是您本人的，不需要再注册，直接登录即可；忘记密码的，用“忘记密码”重设。不是您本人的，可以不理会。"), at)
