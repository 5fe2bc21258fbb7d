"""Staff accounts and their roles: made by an administrator, given by two people."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from competition.accounts.access import ROLES
from competition.accounts.hashing import UNUSABLE, hash_password
from competition.accounts.models import Account
from competition.accounts.outgoing import tell
from competition.accounts.rules import last_day, scope_fault
from competition.accounts.scopes import scope_name
from competition.accounts.service import (
    active_grants,
    check_exclusive,
    create_account,
    create_first_administrator,
    end_sign_ins,
    find_link,
    grant_role,
    has_administrator,
    make_link,
    void_links,
)
from competition.accounts.shown import account
from competition.core import approvals, audit
from competition.core.actors import SYSTEM, Actor
from competition.core.approvals import Approval
from competition.core.database import atomic, get
from competition.core.errors import Forbidden, NotFound, RuleBroken
from competition.core.formats import joined, show_date
from competition.organisations.service import found_tree

LINK_HOURS = 72
# Who may ask for a role: an act's roles, asked again when the second person approves.
GRANTING = frozenset({"administrator", "security_officer"})


def first_link(at: datetime) -> str | None:
    """The token of a link for the first administrator, or None when there is one already."""
    if has_administrator():
        return None
    return make_link("first_administrator", account_id=None, at=at, hours=24, actor=SYSTEM)


def check_link(token: str, purpose: str, at: datetime) -> None:
    """Raise unless the link is still good."""
    if find_link(token, purpose, at) is None:
        raise NotFound(_("这个链接已失效或已用过，请重新获取。"), code="link_dead")


def found_office(
    token: str, *, login: str, display_name: str, password: str, second_login: str, second_name: str, at: datetime
) -> tuple[Account, str]:
    """The first administrator, and the security officer who has to approve what he asks for.

    The tree of unions is laid with them: without it no role could be given over a union, and no contest
    could have a host. Returns the administrator and the token of the officer's invitation.
    """
    if login == second_login:
        raise RuleBroken(_("两个人的登录名不能相同。"), code="same_person", status=422, field="second_login")
    hashed = hash_password(password)
    with atomic():
        found_tree(at)
        first = create_first_administrator(token, login=login, display_name=display_name, password=hashed, at=at)
        second = create_account(login=second_login, display_name=second_name, password=None, actor=SYSTEM, at=at)
        grant_role(second.id, "security_officer", scope_kind="system", scope_id=None, actor=SYSTEM, at=at)
        return first, make_link("password", account_id=second.id, at=at, hours=LINK_HOURS, actor=SYSTEM)


def invite(*, login: str, display_name: str, actor: Actor, at: datetime) -> tuple[Account, str]:
    """A staff account without a password, and the token of its one-time link."""
    with atomic():
        account = create_account(login=login, display_name=display_name, password=None, actor=actor, at=at)
        return account, make_link("password", account_id=account.id, at=at, hours=LINK_HOURS, actor=actor)


def renew_link(account_id: uuid.UUID, *, actor: Actor, at: datetime) -> str:
    """A new one-time link; every older one is dead. For an invitation that was lost, a contestant who forgot the
    password, or a working account whose reset two people have agreed on (``service_reset``).

    Whoever could set the password of a working account alone could act as two people.
    """
    if actor.id == account_id:
        raise Forbidden(_("不能给自己生成链接，请由另一人办理。"), code="own_account")
    with atomic():
        account = get(Account, account_id, lock=True)
        _check_not_erased(account)
        if account.password_hash != UNUSABLE and active_grants(account_id, at) and actor.kind != "system":
            raise RuleBroken(_("已启用的工作账号不能由一人重设密码，请用“申请重设密码”，由另一人批准。"), code="staff_link")
        if not account.is_active:
            raise RuleBroken(_("这个账号已停用，请先启用。"), code="account_closed")
        void_links(account_id, at)
        if account.password_hash != UNUSABLE:
            tell([account_id], _("管理员为您的账号生成了重设密码的链接"), _("不是您本人申请的，请立即联系工会。"), at)
        return make_link("password", account_id=account_id, at=at, hours=LINK_HOURS, actor=actor)


def set_active(account_id: uuid.UUID, active: bool, reason: str, *, actor: Actor, at: datetime) -> Account:
    """Close an account, or open it again; nobody closes the own one. What was open when it was closed (sign-ins, links)
    is over for good."""
    if actor.id == account_id:
        raise Forbidden(_("不能停用或启用自己的账号，请由另一人办理。"))
    with atomic():
        account = get(Account, account_id, lock=True)
        _check_not_erased(account)
        account.is_active = active
        if not active:
            end_sign_ins(account_id, at)
            void_links(account_id, at)
        audit.record("account.open" if active else "account.close", actor=actor, subject=("account", account_id), at=at,
                     reason=reason)
    return account


def _check_not_erased(account: Account) -> None:
    if account.erased_at is not None:
        raise RuleBroken(_("这个账号的个人信息已由本人申请删除，不能再使用。"), code="account_erased")


def ask_grant(
    account_id: uuid.UUID, role: str, *, scope_kind: str, scope_id: uuid.UUID | None, reason: str, actor: Actor, at: datetime,
    until: datetime | None = None, also: Sequence[str] = (),
) -> Approval:
    """Ask that an account gets a role, and ``also`` others in the same scope, for ever or ``until`` an instant; another person
    with the right decides about all of them together."""
    if actor.id == account_id:
        raise Forbidden(_("不能给自己申请角色，请由另一人办理。"), code="grant_self")
    roles = list(dict.fromkeys([role, *also]))
    fault = next((found for one in roles if (found := scope_fault(one, scope_kind))), None)
    if fault:
        raise RuleBroken(fault, code="scope_unfit", status=422, field="scope")
    if until is not None and until <= at:
        raise RuleBroken(_("到期日应在今天或以后。"), code="grant_over", status=422, field="until")
    with atomic():
        account = get(Account, account_id)
        _check_not_erased(account)
        for one in roles:
            check_exclusive(account_id, one, at, beside=roles)
        held = {g.role for g in active_grants(account_id, at) if (g.scope_kind, g.scope_id) == (scope_kind, scope_id)}
        if doubled := [str(ROLES[one]) for one in roles if one in held]:
            raise RuleBroken(_("这个账号在这个范围已有角色：%(roles)s。", roles=joined(doubled)), code="already_granted")
        payload = {"account": str(account.id), "name": account.display_name, "roles": roles, "scope_kind": scope_kind,
                   "scope_id": str(scope_id) if scope_id else None, "until": until.isoformat() if until else None}
        return approvals.ask("accounts.grant", subject=("account", account_id), payload=payload, reason=reason, actor=actor, at=at)


def _roles_of(payload: Mapping[str, Any]) -> list[str]:
    """The roles that are asked for; a request from before several could be has one."""
    return list(payload["roles"]) if "roles" in payload else [payload["role"]]


def describe_grant(payload: dict[str, Any]) -> Any:
    """授予角色 in words."""
    scope_id = payload["scope_id"]
    where = scope_name(str(payload["scope_kind"]), uuid.UUID(scope_id) if scope_id else None)
    role, until = joined(str(ROLES[one]) for one in _roles_of(payload)), payload.get("until")
    if until is None:
        return gettext("授予“%(name)s”角色：%(role)s（%(where)s）", name=payload["name"], role=role, where=where)
    day = show_date(last_day(datetime.fromisoformat(until)))
    return gettext("授予“%(name)s”角色：%(role)s（%(where)s，至 %(day)s）", name=payload["name"], role=role, where=where, day=day)


def carry_out_grant(approval: Approval, second: Actor, at: datetime) -> None:
    """The second person approved: give the role, in the name of who asked, if he still may ask."""
    payload = approval.payload
    asking = get(Account, approval.asked_by)
    if not asking.is_active or not {g.role for g in active_grants(asking.id, at)} & GRANTING:
        raise RuleBroken(_("申请人已不再担任系统管理员或安全管理员，这项申请不能批准，请退回。"), code="asker_lost_right")
    for role in _roles_of(payload):
        grant_role(
            uuid.UUID(payload["account"]), role, scope_kind=payload["scope_kind"],
            scope_id=uuid.UUID(payload["scope_id"]) if payload["scope_id"] else None,
            actor=Actor("account", approval.asked_by, asking.person_id, approval.asked_name), at=at, second=second.id,
            valid_to=datetime.fromisoformat(payload["until"]) if payload.get("until") else None,
        )


approvals.register(
    approvals.Kind("accounts.grant", _("授予角色"), "accounts.approve_grant", describe_grant, carry_out_grant, show=account)
)
