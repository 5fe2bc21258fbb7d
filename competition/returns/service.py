"""What unions do with their returns; the unions above: service_approvals. Whoever calls asks who may."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select, update

from competition.activities.rules import as_told
from competition.contests.models import Contest
from competition.core.actors import Actor
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.core.files import StoredFile, Upload, drop, keep_upload
from competition.counting.rules_periods import month_number
from competition.counting.service_facts import Standings, Told, activity_of, renew_traits, slices
from competition.organisations.models import Union
from competition.returns import queries_approvals as reads
from competition.returns import rules
from competition.returns.models import ClosedMonth, Return
from competition.returns.models_import import ReturnImport
from competition.returns.service_approvals import approve_many as approve_many
from competition.returns.service_approvals import approve_return as approve_return
from competition.returns.service_approvals import close_month as close_month
from competition.returns.service_approvals import give_back_return as give_back_return
from competition.returns.service_course import move_on, needed, record_step, tell_of
from competition.returns.service_staging import SLICE, carry_over, new_origin, stage

EASTMOST = timedelta(hours=14)


def begin_return(union_id: uuid.UUID, contest_id: uuid.UUID, month: int, kind: str, *, actor: Actor, at: datetime) -> Return:
    """A draft about a contest of any kind. Where one is under way, that is continued; where one counts, it is corrected."""
    with atomic():
        get(Union, union_id, lock=True)
        activity = activity_of(get(Contest, contest_id))
        same: dict[str, Any] = {"union_id": union_id, "activity_id": activity.id, "month": month}
        if kind not in rules.WAYS:
            raise RuleBroken(_("请选择按名册还是按总数上报。"), code="kind", status=422, field="kind")
        # Of the day that it is anywhere on Earth.
        rules.check_begun(month, month_number((at + EASTMOST).date()))
        rules.check_open(find(ClosedMonth, month=month) is not None, False, False)
        rules.check_free(list(db.session.scalars(select(Return.state).filter_by(**same))))
        made = _new(at, number=new_origin(activity.id, at), kind=kind, **same)
        record_step("begin", made, actor, at, kind=kind)
    return made


def correct_return(return_id: uuid.UUID, reason: str, kind: str = "", *, actor: Actor, at: datetime) -> Return:
    """A new version of one that counts; until it counts itself, the old one does. It begins with everything of the old one: the people
    of its roster are taken along slice by slice before there is a version that names them. Of another ``kind`` it begins without
    people; one that is void says that nobody took part, and brought nothing."""
    with atomic():
        old = _correctable(return_id)
        kind = kind or old.kind
        if kind not in rules.CORRECTIONS or kind == old.kind == rules.VOID:
            raise RuleBroken(_("请选择怎样更正。"), code="kind", status=422, field="kind")
        needed(reason)
        number = new_origin(old.activity_id, at)
    while kind == old.kind and carry_over(old.activity_id, old.number, number, actor=actor, at=at):
        pass
    with atomic():
        old = _correctable(return_id)
        figures = {"heads": old.heads, "overlap": old.overlap, "evidence_id": old.evidence_id} if kind == old.kind else {}
        made = _new(at, number=number, kind=kind, union_id=old.union_id, activity_id=old.activity_id, month=old.month,
                    supersedes_id=old.id, version=old.version + 1, measures={} if kind == rules.VOID else dict(old.measures), **figures)
        record_step("correct", made, actor, at, reason=needed(reason), version=made.version, kind=kind)
    return made


def _correctable(return_id: uuid.UUID) -> Return:
    old = get(Return, return_id, lock=True)
    if old.state != rules.COUNTED:
        raise RuleBroken(_("只有已计入的上报才需要更正。"), code="not_counted")
    if db.session.scalar(select(Return.id).where(Return.supersedes_id == old.id, Return.state.in_(rules.UNDER_WAY))):
        raise RuleBroken(_("这份上报已有一份更正正在办理。"), code="correcting")
    return old


def _new(at: datetime, **values: object) -> Return:
    made = Return(id=uuid.uuid4(), created_at=at, **values)
    db.session.add(made)
    db.session.flush()
    return made


def put_roster(return_id: uuid.UUID, told: Sequence[Told], *, actor: Actor, at: datetime) -> None:
    """The people of a roster, in place of those that it had. They count when the return does.

    However many there are, the lock is held for a slice of them at a time; until the last step the former roster stands.
    """
    with atomic():
        found = editable(return_id, rules.ROSTER)
        number = new_origin(found.activity_id, at)
    standings, people = standings_of(found), list({one.key: one for one in told}.values())
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


def put_bulk(return_id: uuid.UUID, heads: int | None, overlap: int | None, evidence_id: uuid.UUID | None, *, actor: Actor,
             at: datetime, is_whole: bool = True) -> None:
    """A bulk figure with its evidence. Not ``is_whole``: what is there of it so far, to be completed before it is handed up."""
    with atomic():
        found = editable(return_id, rules.BULK)
        if is_whole:
            rules.check_bulk(heads, overlap, evidence_id is not None)
        else:
            rules.check_draft(heads, overlap)
        if (found.heads, found.overlap, found.evidence_id) != (heads, overlap, evidence_id):
            found.heads, found.overlap, found.evidence_id = heads, overlap, evidence_id
            record_step("bulk", found, actor, at, heads=heads, overlap=overlap)


def put_measures(return_id: uuid.UUID, values: Mapping[str, int], *, actor: Actor, at: datetime) -> None:
    """What the activity brought besides people. Those of 0 are left out; the benefit comes in hundredths of 10,000 yuan."""
    with atomic():
        found = get(Return, return_id, lock=True)
        rules.check_editable(found.state)
        rules.check_figures(found.kind)
        rules.check_measures(dict(values))
        measures = rules.given(values)
        if found.measures != measures:
            found.measures = measures
            record_step("measures", found, actor, at, measures=as_told(measures))


def put_figures(
    return_id: uuid.UUID, *, heads: int | None, overlap: int | None, upload: Upload | None, measures: Mapping[str, int], actor: Actor,
    at: datetime, is_whole: bool = True,
) -> None:
    """All that a page of figures says, at once. Without an ``upload`` the evidence stays what it is. Not ``is_whole``: a bulk figure
    that is kept unfinished."""
    with atomic():
        found = get(Return, return_id, lock=True)
        rules.check_editable(found.state)
        if found.kind == rules.BULK:
            kept = keep_upload(upload, sensitivity="internal", actor=actor, at=at).id if upload else found.evidence_id
            put_bulk(return_id, heads, overlap, kept, actor=actor, at=at, is_whole=is_whole)
        put_measures(return_id, measures, actor=actor, at=at)


def editable(return_id: uuid.UUID, kind: str) -> Return:
    """Within an act: the return, held, while it is the union's own; raises RuleBroken when it is not or is of another kind."""
    found = get(Return, return_id, lock=True)
    rules.check_editable(found.state)
    if found.kind != kind:
        raise RuleBroken(_("这份上报是另一种方式（名册或总数）。"), code="kind")
    return found


def submit_return(return_id: uuid.UUID, *, actor: Actor, at: datetime, seen: int | None = None) -> None:
    """Hand it to the union above; that of the province itself counts at once. ``seen``: how many steps the preview showed."""
    with atomic():
        found = get(Return, return_id, lock=True)
        rules.check_editable(found.state)
        rules.check_seen(seen, reads.steps_of([found.id])[found.id])
        closed = find(ClosedMonth, month=found.month)
        in_time = closed is not None and reads.was_submitted_before(found.id, closed.closed_at)
        rules.check_open(closed is not None, in_time, found.supersedes_id is not None)
        if found.kind == rules.BULK:
            rules.check_bulk(found.heads, found.overlap, found.evidence_id is not None)
        elif found.kind == rules.ROSTER and not reads.people_of([found.id]):
            raise RuleBroken(_("名册里还没有人。"), code="empty", status=422)
        renew_traits(get(Contest, found.activity.contest_id, lock=True))
        found.place_id = standings_of(found).place(found.union_id, found.union.region_code)
        found.state = rules.SUBMITTED
        record_step("submit", found, actor, at)
        move_on(found, None, actor, at)
        tell_of([found], at)


def standings_of(found: Return) -> Standings:
    """Where the people of a return stand. Those of a correction stand where the version stood that it corrects: somebody was there then,
    wherever the union may belong by now."""
    return Standings(reads.places_of(found.supersedes_id) if found.supersedes_id else {})


def take_back_return(return_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """The union that reported takes it back before it counts."""
    with atomic():
        found = get(Return, return_id, lock=True)
        if found.state != rules.SUBMITTED:
            raise RuleBroken(_("只有待审核的上报可以撤回。"), code="not_submitted")
        found.state, found.waiting_at = rules.DRAFT, None
        record_step("take_back", found, actor, at)


def discard_return(return_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Give a draft up: nobody goes by its roster any more, which goes in the night; its evidence goes at once unless another version
    has it. The record stays."""
    with atomic() as session:
        found = get(Return, return_id, lock=True)
        rules.check_editable(found.state)
        found.number = new_origin(found.activity_id, at)
        session.execute(update(ReturnImport).where(ReturnImport.return_id == found.id).values(number=None, former=None))
        evidence, found.evidence_id = found.evidence_id, None
        found.state, found.heads, found.overlap, found.measures = rules.DISCARDED, None, None, {}
        record_step("discard", found, actor, at)
        session.flush()
        if evidence and not session.scalar(select(func.count()).select_from(Return).where(Return.evidence_id == evidence)):
            drop([get(StoredFile, evidence)])
