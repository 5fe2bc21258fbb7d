"""Targets are set and split, and their changes kept; last year's months are told; the one number is chosen. Whoever calls asks who may."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, insert, select

from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, find
from competition.core.errors import RuleBroken
from competition.participation import rules_targets as rules
from competition.participation.models_targets import PaceMonth, Target, TargetChange, YearChoice
from competition.participation.rules_forecast import AMBER, GREEN
from competition.participation.rules_targets import check_reason

YEARS = range(2000, 2101)


def note_change(
    year: int, scope: str, before: int | None, after: int | None, how: str, reason: str, actor: Actor, at: datetime,
) -> None:
    """Within the caller's act: one line of the history."""
    db.session.add(TargetChange(year=year, scope_code=scope, before=before, after=after, how=how, reason=reason, by_id=actor.id,
                                by_name=actor.name, at=at))


def split_target(
    parent: str, year: int, parts: Sequence[rules.Part], wanted: Mapping[str, int | None], *, how: str, reason: str, actor: Actor,
    at: datetime,
) -> int:
    """Give the ``parts`` of a place the targets that are ``wanted`` (None: none); returns how many changed.

    ``parts``: as the caller saw them. Raises RuleBroken when somebody changed one of them meanwhile.
    """
    rules.check_parts(parts, wanted)
    why = rules.check_reason(reason)
    with atomic() as session:
        query = select(Target).where(Target.year == year, Target.scope_code.in_(wanted)).with_for_update()
        known = {target.scope_code: target for target in session.scalars(query)}
        changed: dict[str, object] = {}
        for difference in rules.differences(parts, wanted):
            scope, before = difference.part.scope, difference.part.target
            if scope in wanted and (known[scope].persons if scope in known else None) != before:
                raise RuleBroken(_("有人刚刚改过这些目标，请重新打开本页再填。"), code="changed_meanwhile", status=409)
            if difference.after != before:
                _become(known.get(scope), scope, year, difference.after, actor, at)
                note_change(year, scope, before, difference.after, how, why, actor, at)
                changed[scope] = [before, difference.after]
        audit.record("participation.split_target", actor=actor, subject=("year", year), at=at, reason=why,
                     details={"scope": parent, "how": how, "changed": changed})
    return len(changed)


def _become(found: Target | None, scope: str, year: int, persons: int | None, actor: Actor, at: datetime) -> None:
    if persons is None:
        db.session.delete(found)
    elif found is None:
        db.session.add(Target(year=year, scope_code=scope, persons=persons, set_by=actor.id, set_at=at))
    else:
        found.persons, found.set_by, found.set_at = persons, actor.id, at


def tell_months(scope: str, year: int, figures: Sequence[int | None], *, is_so_far: bool, actor: Actor, at: datetime) -> None:
    """What a place had at the end of each month of a year, in place of what was told before."""
    if year not in YEARS:
        raise RuleBroken(_("年份应在 2000 至 2100 之间。"), code="year", status=422)
    known = rules.twelve(figures, is_so_far=is_so_far)
    with atomic() as session:
        _forget(scope, year)
        session.execute(insert(PaceMonth), [
            {"year": year, "scope_code": scope, "month": month, "persons": persons, "set_by": actor.id, "set_at": at}
            for month, persons in enumerate(known, 1)])
        audit.record("participation.tell_months", actor=actor, subject=("year", year), at=at, details={"scope": scope, "values": known})


def forget_months(scope: str, year: int, *, actor: Actor, at: datetime) -> None:
    """What was told is taken back; what the system saw counts again."""
    with atomic():
        _forget(scope, year)
        audit.record("participation.forget_months", actor=actor, subject=("year", year), at=at, details={"scope": scope})


def _forget(scope: str, year: int) -> None:
    db.session.execute(delete(PaceMonth).where(PaceMonth.scope_code == scope, PaceMonth.year == year))


def choose_headline(year: int, headline: str, reason: str, *, actor: Actor, at: datetime) -> None:
    """Which number a year's targets are held against. Both stay on the page; no figure changes."""
    if headline not in (rules.REGISTERED, rules.WITH_REPORTED):
        raise RuleBroken(_("请选择一项。"), code="headline", status=422, field="headline")
    why = rules.check_reason(reason)
    with atomic() as session:
        found = session.get(YearChoice, year, with_for_update=True)
        before = found.headline if found else rules.REGISTERED
        if found is None:
            found = YearChoice(year=year)
            session.add(found)
        found.headline, found.reason, found.set_by, found.set_at = headline, why, actor.id, at
        audit.record("participation.choose_headline", actor=actor, subject=("year", year), at=at, reason=why,
                     details={"before": before, "after": headline})


def set_target(
    year: int, persons: int, previous: int | None, *, actor: Actor, at: datetime, scope: str = "all",
    lights: tuple[int, int] = (GREEN, AMBER), reason: str = "",
) -> Target:
    """Set the year's target, or change it for a reason; ``lights``: green and amber, in per cent of what there should be by then."""
    if not 2000 <= year <= 2100 or not 0 < persons <= 10_000_000 or (previous is not None and previous < 0):
        raise RuleBroken(_("年份应在 2000 至 2100 之间，目标人数应在 1 至 10,000,000 之间。"), code="target_range", status=422)
    if not 0 < lights[1] < lights[0] <= 200:
        raise RuleBroken(_("绿灯的百分数要大于黄灯的，都在 1 至 200 之间。"), code="lights", status=422, field="green")
    with atomic() as session:
        found = find(Target, year=year, scope_code=scope)
        if found is None:
            found = Target(year=year, scope_code=scope, persons=persons, set_at=at)
            session.add(found)
            before = None
        else:
            before = found.persons
        if before is not None and before != persons:
            check_reason(reason)
        if before != persons:
            note_change(year, scope, before, persons, "whole", reason.strip(), actor, at)
        found.persons, found.previous_persons, found.set_by, found.set_at = persons, previous, actor.id, at
        found.green_percent, found.amber_percent = lights
        session.flush()
        audit.record("participation.set_target", actor=actor, subject=("target", found.id), at=at, reason=reason.strip() or None,
                     details={"year": year, "scope": scope, "before": before, "persons": persons, "previous": previous,
                              "green": lights[0], "amber": lights[1]})
    return found
