"""Reads of contests, their events and rulebooks."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from competition.accounts.models import Account, Grant
from competition.contests import hooks
from competition.contests.models import Contest, ContestChange, Event, Round, RulebookPreview, RulebookVersion, Series
from competition.contests.naming import READER, language, wording
from competition.core.access import Scope, holds_everywhere, may, scopes_of, table
from competition.core.actors import Actor
from competition.core.audit import AuditRow
from competition.core.clock import now
from competition.core.database import db, get
from competition.core.errors import NotFound, RuleBroken
from competition.core.jobs import Job
from competition.organisations.models import Union
from competition.organisations.queries import below, union_scope
from competition.organisations.rules import HOME_PROVINCE
from competition.scoring import rulebook as rulebooks
from competition.scoring.wording import Wording

_loaded: dict[str, rulebooks.Rulebook] = {}
_LOADED_MOST = 64


def get_contest(contest_id: uuid.UUID) -> Contest:
    """The contest with its events, bodies, host and region; raises NotFound."""
    query = select(Contest).where(Contest.id == contest_id).options(
        selectinload(Contest.events), selectinload(Contest.bodies), joinedload(Contest.host_union),
        joinedload(Contest.region), joinedload(Contest.series),
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这项赛事，它可能尚未公布，或网址有误。"))
    return found


def contest_scope(contest: Contest) -> Scope:
    """What belongs to a contest: itself, and the unions from its host upward."""
    return frozenset({("contest", contest.id)}) | union_scope(contest.host_union_id)


def may_handle(job: Job, contest: Contest, actor: Actor) -> bool:
    """May ``actor`` see this long work of a contest, stop it, and take what it made? Who asked may, and the office."""
    own = job.owner_id is not None and job.owner_id == actor.id
    return job.chain == contest.id and (own or may(actor, "contests.work", contest_scope(contest)))


def get_event(contest_id: uuid.UUID, event_id: uuid.UUID) -> Event:
    """An event of this contest; raises NotFound."""
    query = select(Event).where(Event.id == event_id, Event.contest_id == contest_id)
    found = db.session.scalars(query.options(joinedload(Event.contest))).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这个项目，它可能已被移走。"))
    return found


def event_names(contest_id: uuid.UUID) -> dict[str, str]:
    """The names of a contest's events by key, in their order."""
    query = select(Event).where(Event.contest_id == contest_id).order_by(Event.position)
    return {event.key: event.name for event in db.session.scalars(query)}


def rounds_of(contest_id: uuid.UUID) -> list[Round]:
    """The rounds of a contest in the order of its events, each with its event and stage."""
    query = (
        select(Round).join(Round.event).where(Round.contest_id == contest_id).order_by(Event.position, Round.position)
        .options(joinedload(Round.event), joinedload(Round.stage))
    )
    return list(db.session.scalars(query))


def find_rulebook(contest_id: uuid.UUID) -> RulebookVersion | None:
    """The rulebook in force, if there is one."""
    query = select(RulebookVersion).where(RulebookVersion.contest_id == contest_id)
    return db.session.scalars(query.order_by(RulebookVersion.number.desc()).limit(1)).one_or_none()


def current_rulebook(contest_id: uuid.UUID) -> RulebookVersion:
    """The rulebook in force; raises RuleBroken when none has been chosen yet."""
    found = find_rulebook(contest_id)
    if found is None:
        raise RuleBroken(_("这项赛事还没有设置评分规则，请先在“评分规则”中选择或填写。"), code="no_rulebook")
    return found


def rulebook_versions(contest_id: uuid.UUID) -> list[RulebookVersion]:
    """All versions, newest first."""
    query = select(RulebookVersion).where(RulebookVersion.contest_id == contest_id)
    return list(db.session.scalars(query.order_by(RulebookVersion.number.desc())))


def get_rulebook(contest_id: uuid.UUID, number: int) -> RulebookVersion:
    """One version of a contest's rulebook; raises NotFound."""
    query = select(RulebookVersion).where(RulebookVersion.contest_id == contest_id, RulebookVersion.number == number)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这一版评分规则。"))
    return found


def rules_of(contest_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, rulebooks.Rulebook]:
    """The rulebooks in force of several contests; contests without one are missing."""
    newest = (
        select(RulebookVersion.contest_id, func.max(RulebookVersion.number).label("number"))
        .where(RulebookVersion.contest_id.in_(contest_ids)).group_by(RulebookVersion.contest_id).subquery()
    )
    query = select(RulebookVersion).join(newest, (newest.c.contest_id == RulebookVersion.contest_id)
                                         & (newest.c.number == RulebookVersion.number))
    return {version.contest_id: load_rules(version) for version in db.session.scalars(query)}


def load_rules(version: RulebookVersion) -> rulebooks.Rulebook:
    """The checked rulebook of a version; read once per content."""
    found = _loaded.get(version.digest)
    if found is None:
        found = rulebooks.load(version.document)
        if len(_loaded) >= _LOADED_MOST:
            _loaded.clear()
        _loaded[version.digest] = found
    return found


def wording_of(version_id: uuid.UUID) -> Wording:
    """How the reader is told about what was computed by a version, which is read only where its names are needed."""
    return READER if language() == "zh" else wording(load_rules(get(RulebookVersion, version_id)))


def changes_of(contest_id: uuid.UUID) -> list[ContestChange]:
    """What happened to the contest, newest first."""
    query = select(ContestChange).where(ContestChange.contest_id == contest_id).order_by(ContestChange.at.desc())
    return list(db.session.scalars(query))


def list_public(
    at: datetime, *, region: str | None = None, kind: str | None = None, state: str | None = None, text: str | None = None,
) -> Select[tuple[Contest]]:
    """Announced contests, those that take registrations first, then by their days: a query for ``paginate``.

    ``state``: open (registration), upcoming, running, finished, halted.
    """
    query = _filtered(select(Contest), kind, text).where(Contest.phase != "draft")
    if region:
        query = query.where(Contest.region_code.startswith(_stem(region)))
    if state in PUBLIC_STATES:
        query = query.where(_in_state(state, at))
    order = case((_in_state("open", at), 0), (_in_state("upcoming", at), 1), (_in_state("running", at), 2), else_=3)
    return query.options(joinedload(Contest.region), joinedload(Contest.host_union)).order_by(
        order, Contest.starts_on.desc(), Contest.id)


PUBLIC_STATES = ("open", "upcoming", "running", "finished", "halted")


def _in_state(state: str, at: datetime) -> ColumnElement[bool]:
    """The same division as ``rules.registration_state``, as far as a list can be filtered by it."""
    coming = and_(Contest.phase == "announced", Contest.condition == "normal")
    if state == "open":
        return and_(coming, Contest.registration_opens_at <= at,
                    or_(Contest.registration_closes_at.is_(None), Contest.registration_closes_at > at))
    if state == "upcoming":
        return and_(coming, or_(Contest.registration_opens_at.is_(None), Contest.registration_opens_at > at))
    if state == "halted":
        return Contest.condition != "normal"
    return and_(Contest.phase == state, Contest.condition == "normal")


def _stem(region: str) -> str:
    """A prefecture's code covers its counties (630200 finds 630224), a province's its prefectures."""
    if region.endswith("0000"):
        return region[:2]
    return region[:4] if region.endswith("00") else region


def list_manageable(
    actor: Actor, act: str, *, kind: str | None = None, state: str | None = None, text: str | None = None,
    union_id: uuid.UUID | None = None,
) -> Select[tuple[Contest]]:
    """Contests on which ``actor`` may do ``act``, newest first: a query for ``paginate``."""
    query = _filtered(select(Contest), kind, text).where(_within(actor, act))
    if state in ("postponed", "stopped", "cancelled"):
        query = query.where(Contest.condition == state)
    elif state:
        query = query.where(Contest.phase == state, Contest.condition == "normal")
    if union_id:
        query = query.where(Contest.host_union_id == union_id)
    return query.options(joinedload(Contest.region), joinedload(Contest.host_union), joinedload(Contest.series)).order_by(
        Contest.starts_on.desc(), Contest.id)


def _filtered(query: Select[tuple[Contest]], kind: str | None, text: str | None) -> Select[tuple[Contest]]:
    for keys in hooks.kept_elsewhere:
        query = query.where(Contest.id.not_in(keys()))
    if kind:
        query = query.where(Contest.kind == kind)
    if text and text.strip():
        word = text.strip()
        query = query.where(or_(Contest.name_zh.contains(word, autoescape=True), Contest.trade.contains(word, autoescape=True),
                                Contest.code == word.upper()))
    return query


def _within(actor: Actor, act: str) -> ColumnElement[bool]:
    roles = table(current_app)[act].roles
    if holds_everywhere(actor, *roles):
        return true()
    unions, contests = scopes_of(actor, "union", *roles), scopes_of(actor, "contest", *roles)
    of_events = select(Event.contest_id).where(Event.id.in_(scopes_of(actor, "event", *roles)))
    return or_(Contest.host_union_id.in_(below(unions)), Contest.id.in_(contests), Contest.id.in_(of_events))


def changes_since(contest_id: uuid.UUID, version: int) -> list[dict[str, Any]]:
    """What was changed after ``version``, oldest first: ``by`` (a name), ``at``, and ``changed``: per
    field the old and the new value."""
    query = (
        select(AuditRow, Account.display_name).outerjoin(Account, Account.id == AuditRow.actor_id)
        .where(AuditRow.subject_kind == "contest", AuditRow.subject_id == str(contest_id), AuditRow.chain == str(contest_id))
        .order_by(AuditRow.seq)
    )
    rows = [(row, row.details, name) for row, name in db.session.execute(query)]
    return [
        {"by": name or "", "at": row.at, "changed": details["changed"]}
        for row, details, name in rows if "changed" in details and int(details.get("version", 0)) > version
    ]


def names_of(account_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    """The display names of accounts."""
    wanted = {account for account in account_ids if account is not None}
    if not wanted:
        return {}
    rows = db.session.execute(select(Account.id, Account.display_name).where(Account.id.in_(wanted)))
    return {row.id: row.display_name for row in rows}


def list_series(actor: Actor, act: str) -> list[Series]:
    """Series of the unions for which ``actor`` may do ``act``, newest first, with host and contests."""
    query = select(Series).where(Series.host_union_id.in_(_unions_of(actor, act))).order_by(Series.created_at.desc())
    return list(db.session.scalars(query.options(joinedload(Series.host_union), selectinload(Series.contests))))


def list_hosts(actor: Actor, act: str) -> list[Union]:
    """Unions for which ``actor`` may do ``act``: the home province's first, the wider before the narrower."""
    query = select(Union).where(Union.id.in_(_unions_of(actor, act)), Union.level != "grassroots", Union.valid_to.is_(None))
    elsewhere = case((Union.region_code.startswith(HOME_PROVINCE[:2]), 0), else_=1)
    return list(db.session.scalars(query.order_by(elsewhere, Union.region_code, Union.name_zh)))


def _unions_of(actor: Actor, act: str) -> Select[uuid.UUID]:
    roles = table(current_app)[act].roles
    return select(Union.id) if holds_everywhere(actor, *roles) else below(scopes_of(actor, "union", *roles))


def workers_of(contest_id: uuid.UUID) -> list[uuid.UUID]:
    """The accounts that hold a role for this contest or one of its events: judges, their chiefs, the office."""
    events = select(Event.id).where(Event.contest_id == contest_id)
    query = select(Grant.account_id).where(
        Grant.in_force(now()), or_(and_(Grant.scope_kind == "contest", Grant.scope_id == contest_id),
                                      and_(Grant.scope_kind == "event", Grant.scope_id.in_(events))))
    return list(db.session.scalars(query.order_by(Grant.valid_from, Grant.id)))


def applied_preview(contest_id: uuid.UUID, number: int) -> uuid.UUID | None:
    """What both people saw before this version came into force."""
    query = select(RulebookPreview.id).where(
        RulebookPreview.contest_id == contest_id, RulebookPreview.number == number, RulebookPreview.stage == "applied")
    return db.session.scalars(query.limit(1)).first()


def newest_preview(approval_id: uuid.UUID) -> RulebookPreview | None:
    """The newest list of a request: as it was asked, or computed again since."""
    query = select(RulebookPreview).where(RulebookPreview.approval_id == approval_id, RulebookPreview.stage.in_(("asked", "renewed")))
    return db.session.scalars(query.order_by(RulebookPreview.at.desc(), RulebookPreview.stage.desc()).limit(1)).first()


def waiting_preview(contest_id: uuid.UUID, asked: Mapping[str, Any]) -> Job | None:
    """Work on just this list that has not ended."""
    query = select(Job).where(Job.chain == contest_id, Job.kind == "contests.preview_rulebook", Job.state.in_(("queued", "running")))
    return next((job for job in db.session.scalars(query) if asked.items() <= job.payload.items()), None)


def newest_draft(contest_id: uuid.UUID, number: int, account_id: uuid.UUID | None) -> uuid.UUID | None:
    """The account's own newest change of version ``number`` for which nobody has been asked yet."""
    query = select(RulebookPreview.id, RulebookPreview.stage).where(
        RulebookPreview.contest_id == contest_id, RulebookPreview.from_number == number, RulebookPreview.by_id == account_id)
    newest = db.session.execute(query.order_by(RulebookPreview.at.desc()).limit(1)).first()
    return newest.id if newest is not None and newest.stage == "draft" else None
