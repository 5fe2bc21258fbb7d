"""Unlocking a locked round takes two people; once codes are open or results published, the second is a supervisor."""

import uuid
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.contests.models import Round
from competition.core import approvals, audit
from competition.core.actors import Actor
from competition.core.approvals import Approval
from competition.core.database import atomic, get
from competition.core.errors import RuleBroken
from competition.core.languages import on_record
from competition.judging import hooks
from competition.judging.hooks import CODES_OPENED
from competition.judging.models import LockChange
from competition.judging.service_rounds import hold_round
from competition.judging.shown import round_behind

UNLOCK = "judging.unlock"
# The same when names are known behind codes, or results are: whoever corrects now can know for whom.
UNLOCK_OPENED = "judging.unlock_opened"


def ask_unlock(round_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """Ask a second person to unlock a round; the request says what already stands on its marks."""
    with atomic():
        state = hold_round(round_id)
        round_ = get(Round, round_id)
        if state.state != "locked":
            raise RuleBroken(_("本轮没有锁定，不需要解锁。"), code="round_not_locked")
        with on_record():
            standing = hooks.stands_on(round_id)
        payload = {"round": str(round_id), "name": round_.name, "version": state.version, "standing": standing}
        return approvals.ask(UNLOCK_OPENED if standing else UNLOCK, subject=("round", round_id), payload=payload, reason=reason,
                             actor=actor, at=at, chain=round_.contest_id)


def open_unlock(round_id: uuid.UUID, at: datetime) -> Approval | None:
    """The request to unlock that somebody can still decide."""
    return approvals.open_request(UNLOCK_OPENED, round_id, at=at) or approvals.open_request(UNLOCK, round_id, at=at)


def _unlock(approval: Approval, actor: Actor, at: datetime) -> None:
    round_id = uuid.UUID(approval.payload["round"])
    with atomic() as session:
        state = hold_round(round_id)
        if state.state != "locked" or state.version != approval.payload["version"]:
            raise RuleBroken(_("本轮在申请之后又有变化，请撤回后重新申请。"), code="round_moved")
        if hooks.stands_on(round_id).keys() != approval.payload["standing"].keys():
            raise RuleBroken(_("申请之后，本轮的解密或成绩发布情况有变化，请撤回后重新申请。"), code="round_moved")
        state.state, state.locked_at, state.locked_by = "open", None, None
        state.reshape()
        session.add(LockChange(round_id=round_id, change="unlock", reason=approval.reason, by_id=approval.asked_by,
                               second_id=actor.id, at=at))
        audit.record("judging.unlock_round", actor=actor, subject=("round", round_id), at=at, chain=approval.chain,
                     reason=approval.reason, details={"asked_by": str(approval.asked_by), "version": state.version,
                                                      "standing": sorted(approval.payload["standing"])})


def _describe(payload: dict[str, Any]) -> str:
    """In short; every single thing that stands on the round is in the lines."""
    standing = payload["standing"]
    facts = {"name": payload["name"], "n": sum(key != CODES_OPENED for key in standing)}
    if CODES_OPENED in standing and facts["n"]:
        said = _("解锁“%(name)s”的评分。注意：作品号已解密，已有 %(n)s 份成绩发布，须由监督仲裁批准", **facts)
    elif CODES_OPENED in standing:
        said = _("解锁“%(name)s”的评分。注意：作品号已解密，须由监督仲裁批准", **facts)
    elif standing:
        said = _("解锁“%(name)s”的评分。注意：已有 %(n)s 份成绩发布，须由监督仲裁批准", **facts)
    else:
        said = _("解锁“%(name)s”的评分", **facts)
    return str(said)


def _lines(payload: dict[str, Any]) -> list[str]:
    """What the second person must know, line by line: what stood when it was asked, in the reader's words where it still stands."""
    if not payload["standing"]:
        return []
    now = hooks.stands_on(uuid.UUID(payload["round"]))
    return [*(now.get(key, words) for key, words in payload["standing"].items()),
            str(_("更正的人这时可以知道作品是谁的；已发布的成绩不会自行改变，更正后须另行申请更正发布。"))]


approvals.register(approvals.Kind(
    UNLOCK, lazy_gettext("解锁已锁定的评分"), "judging.approve_unlock", _describe, _unlock, show=round_behind))
approvals.register(approvals.Kind(
    UNLOCK_OPENED, lazy_gettext("解锁已解密或已发布的评分"), "judging.approve_unlock_opened", _describe, _unlock, _lines,
    show=round_behind))
