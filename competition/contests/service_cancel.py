"""Calling a contest off for good: a draft by who works on it, a public one by two people (decision 0039)."""

import uuid
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.contests import rules, shown
from competition.contests.models import Contest
from competition.contests.service_course import check_move, take_step
from competition.core import approvals
from competition.core.actors import Actor
from competition.core.approvals import Approval
from competition.core.database import atomic, get
from competition.core.errors import RuleBroken

CANCEL = "contests.cancel"


def cancel(contest_id: uuid.UUID, *, confirm_name: str, reason: str, actor: Actor, at: datetime) -> Contest:
    """Call off a draft, which nobody has seen; who does it writes its name. Refused for a public contest."""
    with atomic():
        contest = _ready(contest_id, confirm_name)
        if rules.needs_second(contest, "cancel"):
            raise RuleBroken(_("赛事已经公布，取消要由第二人批准。"), code="second_person")
        return take_step(contest_id, "cancel", reason, actor, at)


def ask_cancel(contest_id: uuid.UUID, *, confirm_name: str, reason: str, actor: Actor, at: datetime) -> Approval:
    """Ask a second person to call off a public contest. Until then it goes on; who must halt it at once stops it."""
    with atomic():
        contest = _ready(contest_id, confirm_name)
        if not rules.needs_second(contest, "cancel"):
            raise RuleBroken(_("草稿可以直接取消，不需要申请。"), code="draft")
        return approvals.ask(CANCEL, subject=("contest", contest_id), payload={"contest": str(contest_id), "name": contest.name_zh},
                             reason=reason, actor=actor, at=at, chain=contest_id)


def _ready(contest_id: uuid.UUID, confirm_name: str) -> Contest:
    contest = get(Contest, contest_id, lock=True)
    check_move(contest, "cancel")
    if confirm_name.strip() != contest.name_zh:
        raise RuleBroken(_("输入的名称与赛事名称不一致，没有取消。"), code="name_differs", status=422, field="confirm_name")
    return contest


def _describe(payload: dict[str, Any]) -> str:
    return str(_("取消赛事“%(name)s”", name=payload["name"]))


def _carry_out(approval: Approval, actor: Actor, at: datetime) -> None:
    """The public reads the reason of who asked; the audit names both."""
    take_step(uuid.UUID(approval.payload["contest"]), "cancel", approval.reason, actor, at, by=approval.asked_by)


approvals.register(approvals.Kind(
    CANCEL, lazy_gettext("取消赛事"), "contests.approve_cancel", _describe, _carry_out, show=shown.cancelling))
