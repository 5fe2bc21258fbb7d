"""Reads of activities: the list, one with its history, what waits for whom."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from competition.accounts.models import Account, Grant
from competition.activities import rules, rules_stages
from competition.activities.models import Achievement, ActivityFile, Assessment, Declaration, DeclarationStep, StageReport
from competition.contests.models import Contest
from competition.core.access import Scope, holds_everywhere, scopes_of, table
from competition.core.actors import Actor
from competition.core.database import db
from competition.core.errors import NotFound
from competition.organisations.models import Union
from competition.organisations.queries import below, home_union, union_scope

DECIDERS = ("clerk", "organizer")


def get_declaration(declaration_id: uuid.UUID) -> Declaration:
    """An activity with its contest, bodies and stages; raises NotFound."""
    query = select(Declaration).where(Declaration.id == declaration_id).options(
        joinedload(Declaration.contest).options(joinedload(Contest.host_union), joinedload(Contest.region), selectinload(Contest.bodies)),
        joinedload(Declaration.waits_for), selectinload(Declaration.stages))
    found = db.session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound(_("没有找到这项竞赛活动，它可能已被移走，或您无权查看。"))
    return found


def unions_for(actor: Actor, act: str) -> Select[uuid.UUID] | None:
    """The unions for which ``actor`` may do ``act``: a subquery of their keys, or None for all."""
    roles = table(current_app)[act].roles
    return None if holds_everywhere(actor, *roles) else below(scopes_of(actor, "union", *roles))


def _of(keys: Select[uuid.UUID] | None, column: Any) -> ColumnElement[bool]:
    return true() if keys is None else column.in_(keys)


def is_below(actor: Actor, union_id: uuid.UUID) -> bool:
    """Does ``actor`` look after a union below this one?"""
    mine = scopes_of(actor, "union", *table(current_app)["activities.look"].roles)
    return bool(mine) and bool(db.session.scalar(select(exists().where(Union.id.in_(mine), Union.id.in_(below([union_id]))))))


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """What ``actor`` may look at: everything approved, and all of the own unions and those below."""
    own = _of(unions_for(actor, "activities.look"), Contest.host_union_id)
    return or_(Declaration.state == rules.APPROVED, own, Contest.id.in_(scopes_of(actor, "contest", *DECIDERS)))


def list_activities(
    actor: Actor, *, text: str = "", kind: str = "", level: str = "", state: str = "", year: int | None = None, region: str = "",
    flagship: bool = False, overdue_on: date | None = None,
) -> Select[Declaration]:
    """Activities that ``actor`` may see, the newest first: a query for ``paginate``. ``overdue_on``: with a report late on that day."""
    query = select(Declaration).join(Declaration.contest).join(Contest.host_union).where(seen_by(actor))
    if text.strip():
        query = query.where(or_(*(column.contains(text.strip(), autoescape=True) for column in (Contest.name_zh, Union.name_zh))))
    for column, value in ((Contest.kind, kind), (Contest.level, level)):
        query = query.where(column == value) if value else query
    if state in rules.STATES:
        query = query.where(_in_state(state))
    if year:
        query = query.where(Contest.starts_on <= date(year, 12, 31), Contest.ends_on >= date(year, 1, 1))
    if region:
        query = query.where(Contest.region_code.startswith(region[:4].removesuffix("00"), autoescape=True))
    if flagship:
        query = query.where(Contest.is_flagship)
    if overdue_on:
        query = query.where(Declaration.id.in_(select(StageReport.declaration_id).where(late_on(overdue_on))))
    contest = joinedload(Declaration.contest).options(joinedload(Contest.host_union), joinedload(Contest.region))
    return query.options(contest, joinedload(Declaration.waits_for), selectinload(Declaration.stages)).order_by(
        Contest.starts_on.desc(), Contest.code.desc())


def _in_state(state: str) -> ColumnElement[bool]:
    if state in (rules.DRAFT, rules.SUBMITTED, rules.RETURNED, rules.WITHDRAWN):
        return Declaration.state == state
    if state in ("postponed", "stopped", "cancelled"):
        return (Declaration.state == rules.APPROVED) & (Contest.condition == state)
    phases = (state,) if state in ("running", "finished") else ("draft", "announced")
    return (Declaration.state == rules.APPROVED) & (Contest.condition == "normal") & Contest.phase.in_(phases)


def late_on(day: date) -> ColumnElement[bool]:
    """Reports that are missing after their last day."""
    return StageReport.state.in_((rules_stages.OPEN, rules_stages.RETURNED)) & (StageReport.due_on < day)


def declared_contests() -> Select[uuid.UUID]:
    """The keys of contests that are activities of this room."""
    return select(Declaration.contest_id)


def steps_of(declaration_id: uuid.UUID) -> list[DeclarationStep]:
    """What happened, newest first; what happened in one act, in the order of its steps."""
    query = select(DeclarationStep).where(DeclarationStep.declaration_id == declaration_id).options(joinedload(DeclarationStep.union))
    places = list(rules.STEPS)
    return sorted(db.session.scalars(query), key=lambda step: (step.at, places.index(step.verdict)), reverse=True)


def submitter(declaration_id: uuid.UUID) -> uuid.UUID | None:
    """Who handed it in last."""
    query = select(DeclarationStep.by_id).where(DeclarationStep.declaration_id == declaration_id, DeclarationStep.verdict == "submit")
    return db.session.scalars(query.order_by(DeclarationStep.at.desc()).limit(1)).first()


def is_submitter(declaration_id: uuid.UUID, actor: Actor) -> bool:
    """Did the actor hand it in last, with this account or another of the same person?"""
    found = submitter(declaration_id)
    account = db.session.get(Account, found) if found else None
    return found is not None and (found == actor.id or bool(account and account.person_id and account.person_id == actor.person_id))


def count_steps(declaration_id: uuid.UUID) -> int:
    """How much has been done with it: what a page shows of this is told back with the decision."""
    return db.session.scalar(select(func.count()).where(DeclarationStep.declaration_id == declaration_id)) or 0


def get_stage(declaration: Declaration, stage_id: uuid.UUID) -> StageReport:
    """A stage of this activity; raises NotFound."""
    for stage in declaration.stages:
        if stage.id == stage_id:
            return stage
    raise NotFound(_("没有找到这个阶段。"))


def achievements_of(declaration_id: uuid.UUID) -> list[Achievement]:
    """The results of an activity, in the order they came; not those that were taken out."""
    query = select(Achievement).where(Achievement.declaration_id == declaration_id, Achievement.removed_at.is_(None))
    return list(db.session.scalars(query.order_by(Achievement.created_at, Achievement.id)))


def get_achievement(declaration: Declaration, achievement_id: uuid.UUID) -> Achievement:
    """A result of this activity; raises NotFound."""
    found = db.session.get(Achievement, achievement_id)
    if found is None or found.declaration_id != declaration.id or found.removed_at:
        raise NotFound(_("没有找到这项成果。"))
    return found


def assessments_of(declaration_id: uuid.UUID) -> list[Assessment]:
    """The evaluated units, the best first."""
    query = select(Assessment).where(Assessment.declaration_id == declaration_id)
    return sorted(db.session.scalars(query.order_by(Assessment.unit)), key=lambda one: -one.total)


def get_assessment(declaration: Declaration, assessment_id: uuid.UUID) -> Assessment:
    """The evaluation of one unit; raises NotFound."""
    found = db.session.get(Assessment, assessment_id)
    if found is None or found.declaration_id != declaration.id:
        raise NotFound(_("没有找到这份评价。"))
    return found


def files_of(declaration_id: uuid.UUID) -> dict[uuid.UUID, list[ActivityFile]]:
    """The evidence of an activity, by what it is evidence of."""
    query = select(ActivityFile).where(ActivityFile.declaration_id == declaration_id).options(joinedload(ActivityFile.file))
    found: dict[uuid.UUID, list[ActivityFile]] = {}
    for one in db.session.scalars(query.order_by(ActivityFile.added_at, ActivityFile.id)):
        found.setdefault(one.owner_id, []).append(one)
    return found


def get_file(declaration_id: uuid.UUID, file_id: uuid.UUID) -> ActivityFile:
    """A piece of evidence of this activity; raises NotFound."""
    found = db.session.get(ActivityFile, file_id)
    if found is None or found.declaration_id != declaration_id:
        raise NotFound(_("没有找到这个文件。"))
    return found


def receiver(declaration: Declaration) -> uuid.UUID | None:
    """The union that receives the reports of stages: the nearest that decided; None when the declarer decided by itself."""
    return uuid.UUID(declaration.route[0]) if declaration.route else None


def decides_in(declaration: Declaration) -> Scope:
    """To whom it belongs whose turn it is; empty when it waits for nobody."""
    return union_scope(declaration.waiting_at)


def receives_in(declaration: Declaration) -> Scope:
    """To whom its reports go."""
    return union_scope(receiver(declaration))


# ---- what waits for whom: for the very unions that somebody works for, not for all below them ---------


def own_unions(actor: Actor) -> list[uuid.UUID]:
    """The unions that ``actor`` works for; who works for the whole house, for the home province's."""
    home = home_union() if holds_everywhere(actor, *DECIDERS) else None
    return [*scopes_of(actor, "union", *DECIDERS), *([home.id] if home else [])]


def to_decide(actor: Actor) -> list[Declaration]:
    """Declarations whose turn it is at unions of ``actor``, those that waited longest first."""
    query = select(Declaration).where(Declaration.state == rules.SUBMITTED, Declaration.waiting_at.in_(own_unions(actor)))
    return _with_contest(query.order_by(Declaration.created_at))


def _with_contest(query: Select[Declaration]) -> list[Declaration]:
    contest = joinedload(Declaration.contest).options(joinedload(Contest.host_union), joinedload(Contest.region))
    return list(db.session.scalars(query.options(contest, joinedload(Declaration.waits_for), selectinload(Declaration.stages))))


def to_mend(actor: Actor) -> list[Declaration]:
    """Declarations of the actor's unions that were given back."""
    mine = Contest.host_union_id.in_(own_unions(actor))
    query = select(Declaration).join(Declaration.contest).where(Declaration.state == rules.RETURNED, mine)
    return _with_contest(query.order_by(Declaration.created_at))


def _reports(states: Collection[str]) -> Select[StageReport]:
    going_on = (Declaration.state == rules.APPROVED) & Contest.condition.in_(("normal", "postponed"))
    query = select(StageReport).join(StageReport.declaration).join(Declaration.contest).where(StageReport.state.in_(states), going_on)
    contest = joinedload(StageReport.declaration).joinedload(Declaration.contest).joinedload(Contest.host_union)
    return query.options(contest).order_by(StageReport.due_on, StageReport.id)


def reports_to_read(actor: Actor) -> list[StageReport]:
    """Reports that wait to be acknowledged by unions of ``actor``."""
    own = set(own_unions(actor))
    return [one for one in db.session.scalars(_reports((rules_stages.SUBMITTED,))) if receiver(one.declaration) in own]


def reports_to_write(actor: Actor, until: date) -> list[StageReport]:
    """Reports of the actor's unions that are due up to a day, or were given back."""
    query = _reports((rules_stages.OPEN, rules_stages.RETURNED)).where(Contest.host_union_id.in_(own_unions(actor)))
    return list(db.session.scalars(query.where(or_(StageReport.due_on <= until, StageReport.state == rules_stages.RETURNED))))


def people_of(union_id: uuid.UUID | None, at: datetime) -> list[uuid.UUID]:
    """The accounts that work for this very union: who is told."""
    query = select(Grant.account_id).join(Grant.account).where(
        Grant.in_force(at), Account.is_active, Grant.role.in_(DECIDERS), Grant.scope_kind == "union", Grant.scope_id == union_id)
    return list(db.session.scalars(query.distinct()))


def next_code(year: int) -> str:
    """A code for an activity of a year that nobody has."""
    count = db.session.scalar(select(func.count()).select_from(Contest).where(Contest.code.startswith(f"HD{year % 100:02d}"))) or 0
    while db.session.scalar(select(Contest.id).where(Contest.code == f"HD{year % 100:02d}{count + 1:05d}")):
        count += 1
    return f"HD{year % 100:02d}{count + 1:05d}"


def unions_of(route: Collection[str]) -> list[Union]:
    """The unions of a route, in its order."""
    found = {str(union.id): union for union in db.session.scalars(select(Union).where(Union.id.in_([uuid.UUID(key) for key in route])))}
    return [found[key] for key in route if key in found]
