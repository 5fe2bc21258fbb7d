"""Accounts that turn out to be of one human being: what they may hold together, and who looks at it."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, select

from competition.accounts.models import Account, Grant, HelpRequest
from competition.accounts.outgoing import tell
from competition.accounts.rules import EXCLUSIVE
from competition.core import audit
from competition.core.actors import Actor
from competition.core.audit import AuditRow
from competition.core.database import db

HELD = "help.held"
# The same dispute, pressed again and again, is one task.
TOLD_AGAIN = timedelta(days=1)


def _to_come(at: datetime) -> ColumnElement[bool]:
    """In force, or from a later day on."""
    return Grant.valid_to.is_(None) | (Grant.valid_to > at)


def roles_to_come(account_ids: Iterable[uuid.UUID], at: datetime) -> dict[uuid.UUID, set[str]]:
    """What each account holds now or from a later day on; accounts without a role are left out."""
    found: dict[uuid.UUID, set[str]] = {}
    query = select(Grant.account_id, Grant.role).where(Grant.account_id.in_(list(account_ids)), _to_come(at))
    for account_id, role in db.session.execute(query):
        found.setdefault(account_id, set()).add(role)
    return found


def is_held(claimant: Account, others: Sequence[Account], at: datetime) -> bool:
    """Must somebody else look before ``claimant`` takes the place of ``others``? A working account that is no longer known
    as the same person would count as a second one; roles that exclude each other would stay with one."""
    held = roles_to_come([claimant.id, *(other.id for other in others)], at)
    together = set().union(*held.values()) & EXCLUSIVE
    return any(other.id in held for other in others) or len(together) > 1


def hold(request: HelpRequest, claimant: Account, others: Sequence[Account], actor: Actor, at: datetime) -> None:
    """Within the caller's act: every account on record, and a task for every security officer, once a day."""
    told = select(AuditRow.at).where(AuditRow.act == HELD, AuditRow.subject_kind == "account", AuditRow.subject_id == str(claimant.id),
                                     AuditRow.at > at - TOLD_AGAIN)
    is_known = db.session.scalars(told.limit(1)).first() is not None
    keys = [claimant.id, *(other.id for other in others)]
    held = roles_to_come(keys, at)
    for key in keys:
        audit.record(HELD, actor=actor, subject=("account", key), at=at,
                     details={"request": request.code, "roles": sorted(held.get(key, ()))})
    if not is_known:
        tell(_officers(at, set(keys)), _("请核实：同一份证件涉及几个账号"),
             _("编号 %(code)s 的证件争议涉及担任工作角色的账号。请核实是不是同一个人：是的，收回其中互斥或多余的角色；然后请工会再办理。"
               "涉及的账号列在“安全记录”里。", code=request.code), at)


def _officers(at: datetime, without: set[uuid.UUID]) -> list[uuid.UUID]:
    query = select(Grant.account_id).where(Grant.role == "security_officer", Grant.in_force(at)).distinct()
    return [one for one in db.session.scalars(query) if one not in without]


def clashes(at: datetime) -> list[list[Account]]:
    """Accounts of one person that hold roles which exclude each other, person by person; there should be none."""
    query = select(Account, Grant.role).join(Grant, Grant.account_id == Account.id).where(
        Account.person_id.is_not(None), Grant.role.in_(EXCLUSIVE), _to_come(at)).order_by(Account.created_at)
    people: dict[uuid.UUID | None, list[tuple[Account, str]]] = {}
    for account, role in db.session.execute(query):
        people.setdefault(account.person_id, []).append((account, role))
    return [list(dict.fromkeys(account for account, _role in held)) for held in people.values()
            if len({role for _account, role in held}) > 1]
