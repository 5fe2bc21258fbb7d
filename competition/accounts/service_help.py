"""A union's clerk helps: forgotten password, changed phone, an ID number that somebody else used, something to be corrected.

The person asks on a page and comes to the office with the document; the clerk compares, and acts. What is found
behind a request is shown to the clerk alone: whoever asks gets the same answer for known and unknown people.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, false, func, or_, select

from competition.accounts.identity import Document, clean_name
from competition.accounts.logins import phone_login
from competition.accounts.models import Account, HelpRequest, Person
from competition.accounts.outgoing import hand_over, holders, tell
from competition.accounts.rules_totp import RECOVERY_ALPHABET
from competition.accounts.service import active_grants, make_link, void_links
from competition.accounts.service_merge import hold, is_held
from competition.accounts.service_phone import move_phone
from competition.core import audit
from competition.core.actors import SYSTEM, Actor
from competition.core.crypto import blind_index, seal, unseal
from competition.core.database import atomic, db, find, get
from competition.core.errors import Forbidden, RuleBroken
from competition.core.masks import mask_phone
from competition.organisations.models import Union

KINDS = {"password": _("忘记密码"), "phone": _("手机号已更换"), "document": _("证件号码被他人占用"),
         "correction": _("更正登记信息"), "claim": _("单位或工会已为我报名")}
STATES = {"open": _("待办理"), "done": _("已办理"), "refused": _("未办理")}
# About who asks: only with a sign-in.
OWN = frozenset({"document", "correction", "claim"})
# Settled by linking the account with the person of the document.
LINKING = frozenset({"document", "claim"})
LINK_HOURS = 24
OPEN_MOST = 3


def ask_help(
    kind: str, *, name: str, document: Document, phone: str, union_id: uuid.UUID, note: str, at: datetime,
    account_id: uuid.UUID | None = None, wanted: str | None = None,
) -> HelpRequest:
    """Keep a request for the clerk of a union; ``phone`` (E.164) is where the person can be reached, or the new one.

    ``wanted``: what a correction should say, as ``service_correct`` writes it.
    """
    if kind in OWN and account_id is None:
        raise Forbidden(_("请先登录自己的账号，再提出申请。"))
    with atomic() as session:
        get(Union, union_id)
        index = blind_index("document", document.index_text)
        waiting = select(func.count()).select_from(HelpRequest).where(HelpRequest.document_index == index, HelpRequest.state == "open")
        if (session.scalar(waiting) or 0) >= OPEN_MOST:
            raise RuleBroken(_("已有多份协助申请在等待办理，请凭编号到工会询问。"), code="too_many_requests")
        row = HelpRequest(
            id=uuid.uuid4(), code="".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(8)), kind=kind, union_id=union_id,
            name=clean_name(name), document_index=index, document_masked=document.masked, phone_masked=mask_phone(phone),
            account_id=account_id, note=note.strip(), created_at=at)
        row.document_sealed = seal(document.index_text, "help_request", "document", row.id)
        row.phone_sealed = seal(phone, "help_request", "phone", row.id)
        row.wanted_sealed = seal(wanted, "help_request", "wanted", row.id) if wanted else None
        session.add(row)
        session.flush()
        actor = Actor("account", account_id) if account_id else SYSTEM
        audit.record("help.ask", actor=actor, subject=("help_request", row.id), at=at, details={"kind": kind, "union": str(union_id)})
    return row


@dataclass(frozen=True)
class Found:
    """What the system knows behind a request: the person with this document, the accounts it could be about."""

    person: Person | None
    accounts: list[Account]
    name_fits: bool


def found_behind(request: HelpRequest) -> Found:
    """The person with the document; accounts of that person, else the account with the phone, for a changed phone
    the one of the same name under which the person is entered. For the clerk alone."""
    person = find(Person, document_index=request.document_index)
    # A changed phone says nothing about the account: only the document does.
    phone = unseal(request.phone_sealed, "help_request", "phone", request.id) if request.kind == "password" else None
    by_phone = Account.person_id.is_(None) & (Account.login == phone_login(phone)) if phone else false()
    wanted = by_phone if person is None else or_(Account.person_id == person.id, by_phone, _entered_by_himself(request, person))
    accounts = list(db.session.scalars(select(Account).where(wanted).order_by(Account.created_at)))
    names = [person.name] if person else [account.display_name for account in accounts]
    return Found(person, accounts, request.name in names)


def _entered_by_himself(request: HelpRequest, person: Person) -> ColumnElement[bool]:
    """Accounts of the asked name under which the person of the document is entered: who used another's number has another name."""
    if request.kind != "phone":
        return false()
    return Account.person_id.is_(None) & Account.id.in_(holders(person.id)) & (Account.display_name == request.name)


def check_settleable(request: HelpRequest) -> None:
    """Raise when nothing was found that a clerk could settle: there is no form for it on the page either."""
    if request.kind == "correction":
        return
    found = found_behind(request)
    if request.kind in LINKING and found.person is None:
        raise _nothing_disputed()
    if request.kind == "claim" and not found.name_fits:
        raise _name_unfit()
    if request.kind not in LINKING and not found.accounts:
        raise RuleBroken(_("没有找到对应的账号。请本人重新注册，或核对后退回。"), code="account_unfit")
    if request.kind not in LINKING and not found.name_fits:
        raise _name_unfit()


def _nothing_disputed() -> RuleBroken:
    return RuleBroken(_("系统里没有这个证件号码的记录，可以直接报名，不需要处理。"), code="nothing_disputed")


def _name_unfit() -> RuleBroken:
    return RuleBroken(_("申请人的姓名与系统中的不一致，请核对后退回。"), code="name_unfit")


def give_link(request_id: uuid.UUID, account_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime) -> str:
    """The clerk has compared the document: a one-time link for a new password; with the new phone when it was changed."""
    with atomic():
        request = lock_open(request_id, reason, actor)
        account = _check_target(request, account_id, actor, at)
        if request.kind == "phone":
            move_phone(account.id, unseal(request.phone_sealed, "help_request", "phone", request.id), actor=actor, at=at)
        void_links(account.id, at)
        token = make_link("password", account_id=account.id, at=at, hours=LINK_HOURS, actor=actor)
        words = _("理由：%(reason)s。不是您本人申请的，请立即联系工会。", reason=reason.strip())
        tell([account.id], _("工会工作人员为您办理了密码重设"), words, at)
        close(request, "done", reason, actor, at, account.id)
    return token


def settle_document(request_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime) -> HelpRequest:
    """The claimant of a disputed number, or of an entry that others made, is the person of the document: the account is
    linked to the person, others lose that link, entries made for the person become the claimant's own.

    Where the others, or two of them together, hold roles, this would change who counts as two people: it is refused, and
    the security officers are told what to look at.
    """
    with atomic():
        request = lock_open(request_id, reason, actor)
        person = find(Person, document_index=request.document_index)
        if request.kind not in LINKING or request.account_id is None or person is None:
            raise _nothing_disputed()
        claimant = get(Account, request.account_id, lock=True)
        check_not_self(claimant, person, actor)
        if claimant.person_id not in (None, person.id):
            raise RuleBroken(_("申请人的账号已关联另一份证件，请核对后退回。"), code="other_person")
        others = list(db.session.scalars(select(Account).where(Account.person_id == person.id, Account.id != claimant.id)))
        held = is_held(claimant, others, at)
        if held:
            hold(request, claimant, others, actor, at)
        else:
            _link(request, claimant, person, others, reason, actor, at)
    if held:
        raise RuleBroken(_("这份争议涉及担任工作角色的账号，不能由工会办理。已通知安全管理员核实，核实后再办理。"), code="staff_concerned")
    return request


def _link(
    request: HelpRequest, claimant: Account, person: Person, others: list[Account], reason: str, actor: Actor, at: datetime
) -> None:
    for other in others:
        other.person_id = None
    claimant.person_id = person.id
    hand_over(person.id, claimant.id, actor, at)
    title = _("报名已归到您的账号") if request.kind == "claim" else _("证件号码的异议已处理")
    tell([claimant.id], title, _("工会已核对您的证件，以您的证件所报的名现在归您本人，可在“我的报名”中查看。"), at)
    tell([o.id for o in others], _("您账号里的一份报名已更正"), _("经工会核对证件，这份报名属于另一人。有疑问请联系工会。"), at)
    close(request, "done", reason, actor, at, claimant.id)


def refuse_help(request_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime) -> HelpRequest:
    """Not done, and why."""
    with atomic():
        request = lock_open(request_id, reason, actor)
        if request.account_id:
            title = _("您的申请没有办理：%(kind)s", kind=KINDS[request.kind])
            tell([request.account_id], title, _("原因：%(reason)s", reason=reason.strip()), at)
        close(request, "refused", reason, actor, at, None)
    return request


def lock_open(request_id: uuid.UUID, reason: str, actor: Actor) -> HelpRequest:
    """Within the caller's act: a request that still waits, not the actor's own, held."""
    if not reason.strip():
        raise RuleBroken(_("请写明核对了什么、为什么这样办理。"), code="reason_required", status=422, field="reason")
    request = get(HelpRequest, request_id, lock=True)
    if request.state != "open":
        raise RuleBroken(_("这份申请已经办理过了。"), code="already_decided")
    if request.account_id is not None and request.account_id == actor.id:
        raise Forbidden(_("不能办理自己的申请，请由另一人办理。"), code="own_account")
    return request


def _check_target(request: HelpRequest, account_id: uuid.UUID, actor: Actor, at: datetime) -> Account:
    found = found_behind(request)
    account = next((one for one in found.accounts if one.id == account_id), None)
    if account is None or request.kind in OWN:
        raise RuleBroken(_("这个账号与申请不符，不能办理。"), code="account_unfit")
    if not found.name_fits:
        raise _name_unfit()
    if active_grants(account.id, at):
        raise RuleBroken(_("这是工作账号，要由系统管理员申请、另一人批准后重设。"), code="staff_account")
    if not account.is_active:
        raise RuleBroken(_("这个账号已停用，请联系系统管理员。"), code="account_closed")
    check_not_self(account, found.person, actor)
    return account


def check_not_self(account: Account, person: Person | None, actor: Actor) -> None:
    """Raise when the clerk would handle the own account or person."""
    if actor.id == account.id or (person is not None and actor.person_id == person.id):
        raise Forbidden(_("不能办理自己的申请，请由另一人办理。"), code="own_account")


def close(request: HelpRequest, state: str, reason: str, actor: Actor, at: datetime, account_id: uuid.UUID | None) -> None:
    """Within the caller's act: done or refused, by whom and why."""
    request.state, request.reason, request.decided_at = state, reason.strip(), at
    request.decided_by, request.decided_name = actor.id, actor.name
    audit.record(f"help.{state}", actor=actor, subject=("help_request", request.id), at=at, reason=reason.strip(),
                 details={"kind": request.kind, "account": str(account_id) if account_id else None})
