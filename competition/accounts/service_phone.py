"""Figures sent to a phone: for a first account, a new password for who forgot it, a new phone for who changed it."""

import hmac
import secrets
import uuid
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from competition.accounts.hashing import hash_password
from competition.accounts.logins import phone_login
from competition.accounts.models import Account, Person, PhoneCode
from competition.accounts.outgoing import phone_channel, tell
from competition.accounts.rules_totp import plain_code
from competition.accounts.service import active_grants, is_open, set_password, verify_password
from competition.accounts.service_own import check_not_personal, check_password
from competition.accounts.service_people import keep_phone, seal_phone
from competition.core import audit, jobs
from competition.core.actors import SYSTEM, Actor
from competition.core.crypto import seal, unseal
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.core.languages import SOURCE, speaking
from competition.core.masks import mask_phone

SEND = "accounts.send_code"
LIFE, PAUSE = timedelta(minutes=10), timedelta(seconds=60)
PER_HOUR, TRIES = 5, 5
CODE_WORDS = _("您的验证码是 %(code)s，10 分钟内有效。不是您本人操作的，请不要告诉任何人。")
STAFF_WORDS = _("您的账号担任工作角色，不能用短信重设密码，请联系系统管理员办理。")
KNOWN_WORDS = _("这个手机号已经注册过账号，不需要再注册，请直接登录；忘记密码的，用“忘记密码”重设。不是您本人操作的，可以不理会。")
TAKEN_WORDS = _("这个手机号已用来登录另一个账号，不能再绑定。请用那个账号，或换一个手机号。不是您本人操作的，可以不理会。")


def check_channel() -> None:
    """Raise where no words can be sent to phones."""
    if phone_channel() is None:
        raise RuleBroken(_("本系统没有开通短信，请到工会办理。"), code="no_phone_channel")


def ask_code(phone: str, purpose: str, *, at: datetime, account_id: uuid.UUID | None = None) -> None:
    """Have figures sent to a phone (E.164). Known or not, the same is done here; who is told is decided by the job.

    Too many for one phone are not sent, and not said: a stranger learns nothing, and nobody's phone is flooded.
    """
    check_channel()
    login = phone_login(phone)
    with atomic() as session:
        recent = select(PhoneCode.created_at).where(PhoneCode.login == login, PhoneCode.created_at > at - timedelta(hours=1))
        sent = list(session.scalars(recent))
        if len(sent) >= PER_HOUR or any(one > at - PAUSE for one in sent):
            return
        row = PhoneCode(id=uuid.uuid4(), purpose=purpose, login=login, account_id=account_id, created_at=at, expires_at=at + LIFE)
        row.phone_sealed = seal(phone, "phone_code", "phone", row.id)
        row.code_sealed = seal(f"{secrets.randbelow(10**6):06d}", "phone_code", "code", row.id)
        session.add(row)
        session.flush()
        jobs.start(SEND, title=_("发送验证码"), payload={"code": str(row.id)}, actor=SYSTEM, at=at)
        audit.record("account.code_asked", actor=SYSTEM, subject=("phone_code", row.id), at=at, details={"purpose": purpose})


def send_code(code_id: uuid.UUID, at: datetime) -> bool:
    """The job: bring the figures to the phone, once, when there is somebody to bring them to."""
    row, channel = get(PhoneCode, code_id), phone_channel()
    if row.phone_sealed is None or row.code_sealed is None or row.expires_at <= at or channel is None:
        return False
    words = _words_for(row, at)
    if words:
        channel.text(unseal(row.phone_sealed, "phone_code", "phone", row.id), words)
    with atomic():
        row = get(PhoneCode, code_id, lock=True)
        if row.purpose == "password":
            row.phone_sealed = None
        audit.record("account.code_sent", actor=SYSTEM, subject=("phone_code", row.id), at=at, details={"sent": bool(words)})
    return bool(words)


def _words_for(row: PhoneCode, at: datetime) -> str | None:
    asking = find(Account, id=row.account_id) if row.purpose == "phone" else None
    owner = find(Account, login=row.login)
    said = _what_is_said(row.purpose, asking, owner, at)
    if said is None:
        return None
    speaker = owner or asking
    with speaking(speaker.locale if speaker else SOURCE):
        return str(said) % {"code": unseal(row.code_sealed or "", "phone_code", "code", row.id)}


def _what_is_said(purpose: str, asking: Account | None, owner: Account | None, at: datetime) -> LazyString | None:
    """``asking``: who wants this phone for the own account; ``owner``: who signs in by it."""
    if purpose == "sign_up":
        return KNOWN_WORDS if owner else CODE_WORDS
    if purpose == "phone":
        return None if asking is None or not is_open(asking, at) else TAKEN_WORDS if owner else CODE_WORDS
    if owner is None or not is_open(owner, at):
        return None
    return STAFF_WORDS if active_grants(owner.id, at) else CODE_WORDS


def take_code(login: str | None, account_id: uuid.UUID | None, purpose: str, code: str, at: datetime) -> PhoneCode | None:
    """Within the caller's act: the newest living row if the figures fit; else the try is counted."""
    query = select(PhoneCode).where(PhoneCode.purpose == purpose, PhoneCode.used_at.is_(None), PhoneCode.expires_at > at)
    query = query.where(PhoneCode.login == login) if account_id is None else query.where(PhoneCode.account_id == account_id)
    row = db.session.scalars(query.order_by(PhoneCode.created_at.desc()).limit(1).with_for_update()).one_or_none()
    if row is None or row.code_sealed is None or row.tries >= TRIES:
        return None
    if not hmac.compare_digest(plain_code(code).encode(), unseal(row.code_sealed, "phone_code", "code", row.id).encode()):
        row.tries += 1
        audit.record("account.code_refused", actor=SYSTEM, subject=("phone_code", row.id), at=at, details={"tries": row.tries})
        return None
    return row


def code_refused() -> RuleBroken:
    """The one sentence for figures that open nothing, whatever the reason."""
    return RuleBroken(_("验证码不对、已用过或已过期。请核对，或过一分钟重新获取。"), code="code_refused", status=422, field="code")


def use_code(row: PhoneCode, at: datetime) -> None:
    """Within the caller's act: the figures are dead."""
    row.used_at, row.code_sealed, row.phone_sealed = at, None, None


def reset_by_code(login: str, code: str, password: str, *, at: datetime) -> None:
    """A new password for who holds the phone. Never for working accounts; the second factor stays as it is."""
    check_password(password)
    account, hashed, done = find(Account, login=login), hash_password(password), False
    with atomic():
        row = take_code(login, None, "password", code, at)
        if row is not None and account is not None and is_open(get(Account, account.id), at) and not active_grants(account.id, at):
            # Only who holds the phone learns what the name is not.
            check_not_personal(password, account.display_name)
            use_code(row, at)
            set_password(account.id, hashed, actor=Actor("account", account.id, name=account.display_name), at=at)
            tell([account.id], _("您的密码已用短信验证码重设"), _("不是您本人操作的，请立即联系工会。"), at)
            done = True
    if not done:
        raise code_refused()


def ask_new_phone(account_id: uuid.UUID, password: str, phone: str, *, at: datetime) -> None:
    """Who is signed in wants another phone: figures go to the new one. One by which somebody else signs in is sent words
    in their place, and the page says the same."""
    verify_password(account_id, password, field="password", at=at)
    account = get(Account, account_id)
    _check_signs_in_by_phone(account)
    if account.login == phone_login(phone):
        raise RuleBroken(_("这就是您现在的登录手机号，不用更换。"), code="same_phone", status=422, field="phone")
    ask_code(phone, "phone", at=at, account_id=account_id)


def _check_signs_in_by_phone(account: Account) -> None:
    if not account.login.startswith("phone:"):
        raise RuleBroken(_("工作账号用登录名登录，没有绑定手机号。"), code="no_phone_login")


def check_phone_free(account: Account, phone: str) -> None:
    """Raise unless the account signs in by phone and nobody else signs in by this one: for who has proved the phone, or the
    document."""
    _check_signs_in_by_phone(account)
    if find(Account, login=phone_login(phone)):
        raise RuleBroken(_("这个手机号不能使用，可能已注册过账号。"), code="login_taken", field="phone")


def confirm_new_phone(account_id: uuid.UUID, code: str, *, actor: Actor, at: datetime) -> None:
    """The figures came: sign in by the new phone from now on."""
    phone = None
    with atomic():
        row = take_code(None, account_id, "phone", code, at)
        if row is not None and row.phone_sealed is not None:
            phone = unseal(row.phone_sealed, "phone_code", "phone", row.id)
            use_code(row, at)
            move_phone(account_id, phone, actor=actor, at=at)
    if phone is None:
        raise code_refused()


def move_phone(account_id: uuid.UUID, phone: str, *, actor: Actor, at: datetime) -> None:
    """Within the caller's act: the account's login and the person's phone are this one now."""
    account = get(Account, account_id, lock=True)
    check_phone_free(account, phone)
    account.login = phone_login(phone)
    keep_phone(account, phone)
    if account.person_id is not None:
        seal_phone(get(Person, account.person_id, lock=True), phone)
    audit.record("account.change_phone", actor=actor, subject=("account", account_id), at=at, personal={"phone": phone})
    tell([account_id], _("登录手机号已更换"), _("以后用 %(phone)s 登录。不是您本人办理的，请立即联系工会。", phone=mask_phone(phone)), at)


def forget_codes(at: datetime) -> int:
    """Sealed phones and figures of codes that are over are wiped; returns how many."""
    with atomic() as session:
        query = select(PhoneCode).where(PhoneCode.expires_at <= at, PhoneCode.code_sealed.is_not(None)).limit(500)
        rows = list(session.scalars(query))
        for row in rows:
            row.code_sealed, row.phone_sealed = None, None
        if rows:
            audit.record("account.codes_forgotten", actor=SYSTEM, subject=("phone_code", "expired"), at=at, details={"count": len(rows)})
    return len(rows)

