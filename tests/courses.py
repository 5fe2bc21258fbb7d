"""A contest called off by two people, for tests of what comes of it."""

import uuid
from datetime import datetime

from competition.contests import service as contests
from competition.contests.queries import get_contest
from competition.core import approvals
from competition.core.actors import Actor


def called_off(contest_id: uuid.UUID, reason: str, *, by: Actor, second: Actor, at: datetime) -> None:
    """``by`` asks, ``second`` approves."""
    asked = contests.ask_cancel(contest_id, confirm_name=get_contest(contest_id).name_zh, reason=reason, actor=by, at=at)
    approvals.decide(asked.id, approve=True, actor=second, at=at)
