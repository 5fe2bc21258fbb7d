"""What the unions above do with returns, and the closing of months. Whoever calls asks who may."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _

from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, find, get
from competition.core.errors import RuleBroken
from competition.core.formats import in_zone
from competition.counting.rules_periods import month_number
from competition.returns import queries_approvals as reads
from competition.returns import rules
from competition.returns.models import ClosedMonth, Return
from competition.returns.service_course import move_on, needed, record_step, tell_of


@dataclass(frozen=True)
class Line:
    """A return of a batch: ``refusal`` says why it cannot be approved, ``seen``: how many steps it had when it was shown."""

    found: Return
    seen: int
    refusal: str = ""


def approve_return(return_id: uuid.UUID, union_id: uuid.UUID | None, *, actor: Actor, at: datetime, seen: int | None = None) -> None:
    """The union whose turn it is approves; after the last one it counts. ``seen``: how many steps the page showed."""
    with atomic():
        found = _approve(return_id, union_id, actor, at, seen)
        tell_of([found], at)


def _approve(return_id: uuid.UUID, union_id: uuid.UUID | None, actor: Actor, at: datetime, seen: int | None) -> Return:
    found = get(Return, return_id, lock=True)
    rules.check_waiting(found.state, found.waiting_at, union_id)
    rules.check_seen(seen, reads.steps_of([found.id])[found.id])
    rules.check_other_person(bool(reads.handed_up_by([found.id], actor)))
    record_step("approve", found, actor, at, union_id)
    move_on(found, union_id, actor, at)
    return found


def give_back_return(
    return_id: uuid.UUID, union_id: uuid.UUID | None, reason: str, *, actor: Actor, at: datetime, seen: int | None = None,
) -> None:
    """The union whose turn it is gives it back to be changed; whoever reported it is told."""
    with atomic():
        found = get(Return, return_id, lock=True)
        rules.check_waiting(found.state, found.waiting_at, union_id)
        rules.check_seen(seen, reads.steps_of([found.id])[found.id])
        found.state, found.waiting_at = rules.RETURNED, None
        record_step("give_back", found, actor, at, union_id, reason=needed(reason))
        tell_of([found], at)


def preview_many(returns: list[Return], *, actor: Actor) -> list[Line]:
    """Which of these would be approved, and why the others not. Writes nothing; whether it is the actor's union asks the caller."""
    ids = [one.id for one in returns]
    steps, own = reads.steps_of(ids), reads.handed_up_by(ids, actor)
    return [Line(one, steps[one.id], _refusal(one, one.id in own)) for one in returns]


def _refusal(found: Return, is_own: bool) -> str:
    try:
        rules.check_waiting(found.state, found.waiting_at, found.waiting_at)
        rules.check_other_person(is_own)
    except RuleBroken as error:
        return error.message
    return ""


def approve_many(chosen: Mapping[uuid.UUID, tuple[uuid.UUID, int]], *, actor: Actor, at: datetime) -> int:
    """All or nothing: by return the union whose turn it was and the steps it had when they were shown. How many it were."""
    if not chosen:
        raise RuleBroken(_("请先勾选要通过的上报。"), code="nothing_chosen", status=422)
    with atomic():
        # In one order, so that two people with the same list do not wait for each other.
        done = [_approve(key, union_id, actor, at, seen) for key, (union_id, seen) in sorted(chosen.items())]
        tell_of(done, at)
    return len(done)


def close_month(month: int, *, actor: Actor, at: datetime) -> None:
    """Nothing new is submitted for it any more. Raises RuleBroken for a month that has not come."""
    rules.check_closable(month, month_number(in_zone(at).date()))
    with atomic() as session:
        if find(ClosedMonth, month=month) is None:
            session.add(ClosedMonth(month=month, closed_at=at, closed_by=actor.id))
            audit.record("participation.close_month", actor=actor, subject=("month", month), at=at)
