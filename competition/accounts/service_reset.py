"""A working account whose owner forgot the password: one asks, another agrees, then a link is handed over."""

import uuid
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from competition.accounts.hashing import UNUSABLE
from competition.accounts.models import Account
from competition.accounts.service import active_grants, void_links
from competition.accounts.service_factor import drop_factor
from competition.accounts.shown import account
from competition.core import approvals, audit
from competition.core.actors import Actor
from competition.core.approvals import Approval
from competition.core.database import atomic, get
from competition.core.errors import Forbidden, RuleBroken

RESET = "accounts.reset_password"


def ask_reset(account_id: uuid.UUID, reason: str, *, factor: bool = False, actor: Actor, at: datetime) -> Approval:
    """Ask that a working account gets a new password, and with ``factor`` loses its second factor; another person decides."""
    if actor.id == account_id:
        raise Forbidden(_("不能给自己申请重设密码，请由另一位管理员办理；记得密码的，请用“修改密码”。"), code="own_account")
    with atomic():
        account = get(Account, account_id, lock=True)
        if not account.is_active:
            raise RuleBroken(_("这个账号已停用，请先启用。"), code="account_closed")
        if account.password_hash == UNUSABLE or not active_grants(account_id, at):
            raise RuleBroken(_("这个账号不需要两人办理，直接生成一次性链接即可。"), code="one_person_enough")
        payload = {"account": str(account_id), "name": account.display_name, "password_version": account.password_version,
                   "factor": factor}
        return approvals.ask(RESET, subject=("account", account_id), payload=payload, reason=reason, actor=actor, at=at)


def describe_reset(payload: dict[str, Any]) -> Any:
    """重设密码 in words."""
    if payload["factor"]:
        return gettext("重设“%(name)s”的登录密码，并解除两步验证", name=payload["name"])
    return gettext("重设“%(name)s”的登录密码", name=payload["name"])


def carry_out_reset(approval: Approval, second: Actor, at: datetime) -> None:
    """The old password opens nothing any more, every sign-in is over; the link is made when it is handed over."""
    account_id = uuid.UUID(approval.payload["account"])
    account = get(Account, account_id, lock=True)
    if account.password_version != approval.payload["password_version"]:
        raise RuleBroken(_("申请提出后，本人已经改过密码，不需要再重设。请退回这项申请。"), code="password_changed")
    account.password_hash = UNUSABLE
    account.password_version += 1
    account.failed_count, account.locked_until = 0, None
    void_links(account_id, at)
    if approval.payload["factor"]:
        drop_factor(account)
    audit.record("account.reset_password", actor=second, subject=("account", account_id), at=at, reason=approval.reason,
                 details={"asked_by": str(approval.asked_by), "approval": str(approval.id), "factor": approval.payload["factor"]})


approvals.register(approvals.Kind(
    RESET, _("重设工作账号的密码"), "accounts.approve_reset", describe_reset, carry_out_reset, show=account,
    lines=lambda _payload: [_("批准后，原密码和本人的全部登录立即失效。"), _("由申请人领取一次性链接，当面交给本人设置新密码。")]))
