"""Requests for a second person: who sees them, who may decide, what they say."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from competition.contests.models import Contest
from competition.core.access import Scope, check, may, may_open
from competition.core.actors import Actor
from competition.core.approvals import KINDS, Approval, is_party
from competition.core.database import db, get
from competition.core.errors import NotFound
from competition.core.shown import Shown
from competition.home.queries import open_approvals, scopes_of_approvals

SHOWN = 160


def waiting_for(actor: Actor, at: datetime) -> list[Approval]:
    """Open requests that ``actor`` has the right to decide, oldest first; none of the own ones, none about the own account."""
    found = [a for a in open_approvals(at) if a.kind in KINDS and not is_party(a, actor.id)]
    scopes = scopes_of_approvals(found)
    return [a for a in found if may(actor, KINDS[a.kind].act, scopes[a.id])]


def load_approval(approval_id: UUID, actor: Actor) -> tuple[Approval, bool]:
    """The request, and whether ``actor`` has the right to decide it; NotFound for all others."""
    approval = get(Approval, approval_id)
    kind = KINDS.get(approval.kind)
    scope = scopes_of_approvals([approval])[approval.id]
    right = kind is not None and may(actor, kind.act, scope)
    if not right and actor.id not in (approval.asked_by, approval.decided_by):
        raise NotFound(_("没有找到这项申请。"))
    return approval, right


def load_decidable(approval_id: UUID, actor: Actor) -> Approval:
    """The request, for who has the right to decide it."""
    approval, _right = load_approval(approval_id, actor)
    check(actor, KINDS[approval.kind].act, scopes_of_approvals([approval])[approval.id])
    return approval


def contests_of(found: Iterable[Approval]) -> dict[UUID | None, Contest]:
    """The contests that requests belong to, by the request's chain."""
    wanted = {approval.chain for approval in found if approval.chain}
    return {contest.id: contest for contest in db.session.scalars(select(Contest).where(Contest.id.in_(wanted)))} if wanted else {}


def shown_of(approval: Approval) -> Shown:
    """What the request's room shows of it. A request that names what is not there (any more) is shown with that warning:
    it can still be refused or taken back."""
    kind = KINDS.get(approval.kind)
    try:
        return kind.show(approval) if kind else Shown()
    except (LookupError, ValueError, NotFound):
        return Shown(warnings=[_("申请内容与提出时不一致，不能审批。")])


def links_of(shown: Shown, scope: Scope) -> list[tuple[str, str]]:
    """(words, address) of the pages behind a request that the reader may open."""
    return [(one.label, url_for(one.endpoint, **one.values)) for one in shown.links if may_open(one.endpoint, scope)]


def plain_payload(payload: dict[str, Any]) -> list[tuple[str, str]]:
    """What exactly is approved, key by key; long parts shortened, with their length."""
    return [(key, _shown(value)) for key, value in payload.items()]


def _shown(value: Any) -> str:
    if value is None or isinstance(value, str | int):
        text = "—" if value is None else str(value)
    else:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= SHOWN else _("%(text)s…（共 %(n)s 个字符）", text=text[:SHOWN], n=len(text))
