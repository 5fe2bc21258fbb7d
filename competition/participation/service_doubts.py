"""Returns are looked through for doubts; doubts are accepted as exceptions or given to the union to mend. Whoever calls asks who may."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _

from competition.core import audit, jobs
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.counting.rules_periods import month_number
from competition.participation import queries_doubts as reads
from competition.participation import rules_doubts as rules
from competition.participation.models_doubts import Doubt, DoubtLimits, DoubtStep

LOOK = "participation.look"
MONTHS_BACK = 24


def look(on: date, *, actor: Actor, at: datetime) -> dict[str, int]:
    """Look through the returns of the last two years; returns how many doubts are new, open again, gone, with other figures or
    of another version than before, and found in all.

    The looking itself only reads. Done twice it changes nothing.
    """
    found = _found(on)
    counts = {"new": 0, "again": 0, "gone": 0, "changed": 0, "found": len(found)}
    with atomic():
        known = reads.all_doubts()
        for key in known.keys() | found.keys():
            word = _settle(known.get(key), found.get(key), actor, at)
            if word:
                counts[word] += 1
        if counts["new"] or counts["again"] or counts["gone"] or counts["changed"]:
            audit.record("participation.look", actor=actor, subject=("doubts", "all"), at=at, details={
                "added": counts["new"], "restored": counts["again"], "withdrawn": counts["gone"], "changed": counts["changed"],
                "count": counts["found"]})
    return counts


def _found(on: date) -> dict[tuple[str, str], rules.Found]:
    limits, sides = reads.limits(), reads.sides(month_number(on) - MONTHS_BACK)
    pairs = reads.pairs(min(limits["shared_least"], limits["copied_least"]))
    every = [*rules.of_pairs(pairs, sides, limits), *rules.of_one(sides.values(), limits), *rules.of_history(list(sides.values()), limits)]
    return {(one.kind, one.key): one for one in every}


def _settle(doubt: Doubt | None, found: rules.Found | None, actor: Actor, at: datetime) -> str | None:
    """One doubt after the look: what became of it, None when nothing did."""
    before = doubt.state if doubt else None
    rested_on = _rests_on(doubt) if doubt else None
    state = rules.after_look(before, doubt.inputs if doubt else None, found)
    if doubt is None and found is not None:
        doubt = Doubt(id=uuid.uuid4(), kind=found.kind, key=found.key, union_id=found.side.union, found_at=at)
        db.session.add(doubt)
    if doubt is not None and found is not None:
        doubt.inputs, doubt.figures, doubt.return_id = found.inputs, dict(found.figures), found.side.id
        doubt.other_union_id, doubt.other_return_id = (found.other.union, found.other.id) if found.other else (None, None)
    if doubt is None or state == before:
        return "changed" if doubt is not None and _rests_on(doubt) != rested_on else None
    _step(doubt, state, None, actor, at)
    return "new" if before is None else "gone" if state == rules.GONE else "again"


def _rests_on(doubt: Doubt) -> tuple[object, ...]:
    """Its figures and the versions of returns that they are of."""
    return doubt.inputs, doubt.return_id, doubt.other_return_id


def _step(doubt: Doubt, state: str, reason: str | None, actor: Actor, at: datetime) -> None:
    doubt.state, doubt.changed_at = state, at
    db.session.flush()
    db.session.add(DoubtStep(doubt_id=doubt.id, state=state, reason=reason, by_id=actor.id, by_name=actor.name, at=at))


def accept_doubt(doubt_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime, seen: str | None = None) -> None:
    """It is right as it stands, for a reason; until its figures change. ``seen``: what the page showed (rules.mark_of)."""
    if not reason.strip():
        raise RuleBroken(_("请写明理由。"), code="reason", status=422, field="reason")
    _decide(doubt_id, rules.ACCEPTED, reason.strip(), actor, at, seen)


def give_doubt(doubt_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime, seen: str | None = None) -> None:
    """The union is to mend its return; it stands on the desk of the union's clerks until it is gone. ``seen``: as above."""
    _decide(doubt_id, rules.GIVEN, reason.strip() or None, actor, at, seen)


def _decide(doubt_id: uuid.UUID, state: str, reason: str | None, actor: Actor, at: datetime, seen: str | None) -> None:
    with atomic():
        doubt = get(Doubt, doubt_id, lock=True)
        rules.check_open(doubt.state)
        if doubt.state == state:
            raise RuleBroken(_("这一条已经交给工会改正。"), code="given_already")
        rules.check_seen(seen, doubt.state, doubt.inputs)
        _step(doubt, state, reason, actor, at)
        audit.record(f"participation.doubt_{state}", actor=actor, subject=("doubt", doubt.id), at=at, reason=reason,
                     details={"kind": doubt.kind, "data": doubt.inputs})


def set_limits(values: Mapping[str, Any], *, actor: Actor, at: datetime) -> None:
    """From when on something is doubted; the next look goes by it."""
    limits = rules.check_limits(values)
    with atomic() as session:
        found = session.get(DoubtLimits, 1, with_for_update=True)
        if found is None:
            found = DoubtLimits(id=1)
            session.add(found)
        before = found.limits or {}
        found.limits, found.set_by, found.set_at = limits, actor.id, at
        audit.record("participation.set_doubt_limits", actor=actor, subject=("doubts", "limits"), at=at,
                     details={"before": str(before), "after": str(limits)})


def ask_look(*, actor: Actor, at: datetime) -> jobs.Job:
    """Look now; one at a time."""
    with atomic():
        for job in jobs.latest(LOOK, 1):
            if not job.is_over:
                raise RuleBroken(_("核查正在进行，请稍候。"), code="look_running")
        job = jobs.start(LOOK, title=_("核查上报数字"), payload={}, actor=actor, at=at)
        audit.record("participation.ask_look", actor=actor, subject=("job", job.id), at=at)
    return job
