"""What an activity brought: the results of the 五小, and the evaluation of the units that took part."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from competition.activities import queries, rules, rules_sheets
from competition.activities.models import Achievement, Assessment, Declaration
from competition.activities.service_declare import held, link_of, note
from competition.core.actors import Actor
from competition.core.database import atomic, find
from competition.core.errors import RuleBroken
from competition.notices.service import tell


@dataclass(frozen=True)
class Result:
    """What is said of a result. ``benefit``: hundredths of 10,000 yuan; ``has_pledge``: the unit says that it is true."""

    title: str
    kind: str
    unit: str
    summary: str
    is_adopted: bool
    benefit: int
    has_pledge: bool


def put_achievement(
    declaration_id: uuid.UUID, what: Result, *, actor: Actor, at: datetime, achievement_id: uuid.UUID | None = None,
) -> Achievement:
    """A result of the 五小, or the same written otherwise."""
    with atomic() as session:
        found = _open(declaration_id)
        if not rules.KINDS[found.contest.kind].collects:
            raise RuleBroken(_("这一类活动不收集五小成果。"), code="collects")
        rules.check_achievement(what.kind, what.is_adopted, what.benefit, what.has_pledge)
        same = select(Achievement.id).where(
            Achievement.declaration_id == declaration_id, Achievement.title == what.title, Achievement.unit == what.unit,
            Achievement.removed_at.is_(None), Achievement.id != achievement_id)
        if session.scalar(same.limit(1)):
            raise RuleBroken(_("这个单位的同名成果已经登记过。"), code="same_achievement", field="title")
        made = queries.get_achievement(found, achievement_id) if achievement_id else Achievement(
            id=uuid.uuid4(), declaration_id=declaration_id, created_at=at)
        made.title, made.kind, made.unit, made.summary = what.title, what.kind, what.unit, what.summary
        made.is_adopted, made.benefit, made.pledged_by, made.pledged_at = what.is_adopted, what.benefit, actor.name, at
        session.add(made)
        session.flush()
        note(found, "achievement", actor, at, step=False, title=what.title, kind=what.kind, unit=what.unit)
    return made


def remove_achievement(declaration_id: uuid.UUID, achievement_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """It does not count any more; it stays on record."""
    with atomic():
        found = _open(declaration_id)
        gone = queries.get_achievement(found, achievement_id)
        gone.removed_at = at
        note(found, "remove_achievement", actor, at, step=False, title=gone.title)


def _open(declaration_id: uuid.UUID) -> Declaration:
    found = held(declaration_id)
    rules.check_going_on(found.state, found.contest.condition)
    if found.evaluated_at is not None:
        raise RuleBroken(_("活动的评价已经完成，不能再改。"), code="evaluated")
    return found


def set_sheet(declaration_id: uuid.UUID, items: str, *, actor: Actor, at: datetime) -> None:
    """The score sheet of this activity; fixed with the first unit that was evaluated by it."""
    with atomic() as session:
        found = _open(declaration_id)
        sheet = rules_sheets.read_sheet(items)
        if session.scalar(select(func.count()).select_from(Assessment).where(Assessment.declaration_id == declaration_id)):
            raise RuleBroken(_("已经有单位按这张表评过分，评价表不能再改。"), code="sheet_used")
        found.sheet = sheet
        note(found, "sheet", actor, at, count=len(sheet))


def put_assessment(
    declaration_id: uuid.UUID, unit: str, scores: Mapping[str, str], *, remark: str, honour: str, actor: Actor, at: datetime,
    assessment_id: uuid.UUID | None = None,
) -> Assessment:
    """Evaluate a unit, or evaluate it anew."""
    with atomic() as session:
        found = _open(declaration_id)
        if not found.sheet:
            raise RuleBroken(_("请先设定评价表。"), code="no_sheet")
        points = rules_sheets.read_scores(found.sheet, scores)
        other = find(Assessment, declaration_id=declaration_id, unit=unit)
        if other is not None and other.id != assessment_id:
            raise RuleBroken(_("这个单位已经评过分，请修改原来的评价。"), code="same_unit", field="unit")
        made = queries.get_assessment(found, assessment_id) if assessment_id else Assessment(id=uuid.uuid4(), declaration_id=declaration_id)
        made.unit, made.scores, made.remark, made.honour, made.by_name, made.at = unit, points, remark, honour, actor.name, at
        session.add(made)
        session.flush()
        note(found, "assess", actor, at, step=False, unit=unit, total=str(made.total))
    return made


def close_evaluation(declaration_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """The evaluation is done: nothing of it changes any more, and the union above hears of it."""
    with atomic():
        found = _open(declaration_id)
        count = len(queries.assessments_of(declaration_id))
        if found.contest.phase != "finished":
            raise RuleBroken(_("活动结束以后才能完成评价。"), code="not_finished")
        if not count:
            raise RuleBroken(_("还没有评价任何单位。"), code="nothing_assessed")
        found.evaluated_at = at
        note(found, "close", actor, at, count=count)
        tell(queries.people_of(queries.receiver(found), at), kind="activities.evaluated", link=f"{link_of(found)}/evaluation", at=at,
             title=_("已完成评价：%(name)s", name=found.contest.name_zh), body=_("共评价 %(n)s 个单位。", n=count))
