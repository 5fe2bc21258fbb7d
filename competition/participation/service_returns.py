"""What unions do with returns, and what the unions above them do. Whoever calls asks who may."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.organisations.models import Union
from competition.organisations.queries import ancestors
from competition.participation import rules_returns as rules
from competition.participation.models import Fact
from competition.participation.models_returns import ClosedMonth, Return, ReturnStep
from competition.participation.service_facts import Standings, Told, activity_of, mark, slices
from competition.participation.service_staging import SLICE, new_origin, stage


def begin_return(union_id: uuid.UUID, contest_id: uuid.UUID, month: int, kind: str, *, actor: Actor, at: datetime) -> Return:
    """A draft about a contest of any kind. Where one counts already, it is corrected instead."""
    with atomic() as session:
        get(Union, union_id, lock=True)
        activity = activity_of(get(Contest, contest_id))
        same: dict[str, Any] = {"union_id": union_id, "activity_id": activity.id, "month": month}
        if kind not in (rules.ROSTER, rules.BULK):
            raise RuleBroken(_("请选择按名册还是按总数上报。"), code="kind", status=422)
        if find(Return, **same, state=rules.COUNTED):
            raise RuleBroken(_("这个月的这项活动已经上报并计入，请更正原来的上报。"), code="counted_already")
        made = _new(at, kind=kind, **same)
        session.flush()
        record_step("begin", made, actor, at, kind=kind)
    return made


def correct_return(return_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime) -> Return:
    """A new version of one that counts; until it counts itself, the old one does."""
    with atomic() as session:
        old = get(Return, return_id, lock=True)
        if old.state != rules.COUNTED:
            raise RuleBroken(_("只有已计入的上报才需要更正。"), code="not_counted")
        if session.scalar(select(Return.id).where(Return.supersedes_id == old.id, Return.state != rules.COUNTED)):
            raise RuleBroken(_("这份上报已有一份更正正在办理。"), code="correcting")
        made = _new(at, kind=old.kind, union_id=old.union_id, activity_id=old.activity_id, month=old.month, supersedes_id=old.id,
                    version=old.version + 1, heads=old.heads, overlap=old.overlap, evidence_id=old.evidence_id, measures=dict(old.measures))
        session.flush()
        record_step("correct", made, actor, at, reason=_needed(reason), version=made.version)
    return made


def _new(at: datetime, *, activity_id: int, **values: object) -> Return:
    made = Return(id=uuid.uuid4(), number=new_origin(activity_id, at), activity_id=activity_id, created_at=at, **values)
    db.session.add(made)
    return made


def _needed(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken(_("请写明理由。"), code="reason", status=422)
    return reason.strip()


def put_roster(return_id: uuid.UUID, told: Sequence[Told], *, actor: Actor, at: datetime) -> None:
    """The people of a roster, in place of those that it had. They count when the return does.

    However many there are, the lock is held for a slice of them at a time; until the last step the former roster stands.
    """
    with atomic():
        found = editable(return_id, rules.ROSTER)
        number = new_origin(found.activity_id, at)
    standings, people = Standings(), list({one.key: one for one in told}.values())
    for some in slices(people, SLICE):
        stage(found.activity_id, number, some, (), standings, actor=actor, at=at)
    take_roster(return_id, number, len(people), actor=actor, at=at)


def take_roster(return_id: uuid.UUID, number: int, people: int, *, actor: Actor, at: datetime) -> int:
    """What is staged under a number becomes the return's roster: one short step, whatever its size. Returns the number by which it
    went before, under which the former roster lies."""
    with atomic():
        found = editable(return_id, rules.ROSTER)
        former, found.number = found.number, number
        record_step("roster", found, actor, at, people=people)
    return former


def put_bulk(return_id: uuid.UUID, heads: int, overlap: int, evidence_id: uuid.UUID | None, *, actor: Actor, at: datetime) -> None:
    """A bulk figure with its evidence."""
    with atomic():
        found = editable(return_id, rules.BULK)
        figure = rules.check_bulk(heads, overlap, evidence_id is not None)
        found.heads, found.overlap, found.evidence_id = figure.heads, figure.overlap, evidence_id
        record_step("bulk", found, actor, at, heads=heads, overlap=overlap)


def put_measures(return_id: uuid.UUID, values: Mapping[str, int], *, actor: Actor, at: datetime) -> None:
    """What the activity brought besides people."""
    with atomic():
        found = get(Return, return_id, lock=True)
        rules.check_editable(found.state)
        rules.check_measures(dict(values))
        found.measures = dict(values)
        record_step("measures", found, actor, at, measures=dict(values))


def editable(return_id: uuid.UUID, kind: str) -> Return:
    """Within an act: the return, held, while it is the union's own; raises RuleBroken when it is not or is of another kind."""
    found = get(Return, return_id, lock=True)
    rules.check_editable(found.state)
    if found.kind != kind:
        raise RuleBroken(_("这份上报是另一种方式（名册或总数）。"), code="kind")
    return found


def submit_return(return_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Hand it to the union above; that of the province itself counts at once."""
    with atomic() as session:
        found = get(Return, return_id, lock=True)
        rules.check_editable(found.state)
        if find(ClosedMonth, month=found.month) and found.supersedes_id is None:
            raise RuleBroken(_("这个月已经截止，不能再新报；已计入的可以更正。"), code="closed")
        if found.kind == rules.BULK:
            rules.check_bulk(found.heads, found.overlap, found.evidence_id is not None)
        elif not session.scalar(select(func.count()).where(Fact.activity_id == found.activity_id, Fact.origin == found.number)):
            raise RuleBroken(_("名册里还没有人。"), code="empty", status=422)
        found.place_id = Standings().place(found.union_id, found.union.region_code)
        found.state = rules.SUBMITTED
        record_step("submit", found, actor, at)
        _on(found, None, actor, at)


def take_back_return(return_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """The union that reported takes it back before it counts."""
    with atomic():
        found = get(Return, return_id, lock=True)
        if found.state != rules.SUBMITTED:
            raise RuleBroken(_("只有待审核的上报可以撤回。"), code="not_submitted")
        found.state, found.waiting_at = rules.DRAFT, None
        record_step("take_back", found, actor, at)


def approve_return(return_id: uuid.UUID, union_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """The union whose turn it is approves; after the last one it counts."""
    with atomic():
        found = get(Return, return_id, lock=True)
        rules.check_waiting(found.state, found.waiting_at, union_id)
        record_step("approve", found, actor, at, union_id)
        _on(found, union_id, actor, at)


def give_back_return(return_id: uuid.UUID, union_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """The union whose turn it is gives it back to be changed."""
    with atomic():
        found = get(Return, return_id, lock=True)
        rules.check_waiting(found.state, found.waiting_at, union_id)
        found.state, found.waiting_at = rules.RETURNED, None
        record_step("give_back", found, actor, at, union_id, reason=_needed(reason))


def _on(found: Return, node: uuid.UUID | None, actor: Actor, at: datetime) -> None:
    """To the next union, or into the figures."""
    chain = [union.id for union in ancestors(found.union_id)[1:] if union.level != "national"]
    found.waiting_at = rules.after(chain, node)
    if found.waiting_at is not None:
        return
    for old in db.session.scalars(select(Return).where(Return.id == found.supersedes_id, Return.state == rules.COUNTED).with_for_update()):
        old.state = rules.SUPERSEDED
        mark(old.activity_id, old.number)
    db.session.flush()
    found.state, found.counted_at = rules.COUNTED, at
    mark(found.activity_id, found.number)
    record_step("count", found, actor, at)


def close_month(month: int, *, actor: Actor, at: datetime) -> None:
    """Nothing new is submitted for it any more."""
    with atomic() as session:
        if find(ClosedMonth, month=month) is None:
            session.add(ClosedMonth(month=month, closed_at=at, closed_by=actor.id))
            audit.record("participation.close_month", actor=actor, subject=("month", month), at=at)


def record_step(
    verdict: str, found: Return, actor: Actor, at: datetime, union_id: uuid.UUID | None = None, *, reason: str | None = None,
    **details: object,
) -> None:
    """Within an act: what was done, for the return's own history and on record."""
    db.session.add(ReturnStep(return_id=found.id, union_id=union_id or found.union_id, verdict=verdict, reason=reason, by_id=actor.id,
                              by_name=actor.name, at=at))
    audit.record(f"participation.return_{verdict}", actor=actor, subject=("return", found.id), at=at, reason=reason,
                 details={"number": found.number, "version": found.version, **details})
