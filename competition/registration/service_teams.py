"""Delegations and teams: who sends whom, who leads, who plays and who stands by."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, find, get
from competition.core.errors import NotFound, RuleBroken
from competition.organisations.models import Union
from competition.registration import queries, queries_places, rules, rules_places
from competition.registration.models import Delegation, Entrant, Entry, EntryCondition, Team
from competition.registration.rules_data import TeamData
from competition.registration.service_entries import check_delegation, check_team_room
from competition.registration.service_line import move_up

# ---- delegations -----------------------------------------------------------------------------


def add_delegation(contest_id: uuid.UUID, union_id: uuid.UUID, name: str, *, actor: Actor, at: datetime) -> Delegation:
    """A union sends people: entries and teams of the unions below it belong to this delegation from now on."""
    with atomic() as session:
        contest = get(Contest, contest_id, lock=True)
        if find(Delegation, contest_id=contest_id, union_id=union_id):
            raise RuleBroken(_("这个工会已经设了代表团，请选择其他工会。"), code="delegation_exists", field="union_id")
        last = session.scalar(select(func.max(Delegation.position)).where(Delegation.contest_id == contest_id))
        delegation = Delegation(contest_id=contest_id, union_id=get(Union, union_id).id, position=(last or 0) + 1,
                                name=_named(name, _("请填写代表团名称。")))
        session.add(delegation)
        session.flush()
        audit.record("registration.add_delegation", actor=actor, subject=("delegation", delegation.id), at=at, chain=contest.id,
                     details={"union": str(union_id), "name": delegation.name, "joined": _join(delegation)})
    return delegation


def add_delegations(contest_id: uuid.UUID, level: str, *, actor: Actor, at: datetime) -> list[Delegation]:
    """One delegation for every regional union of a level that has none yet, named after its region."""
    with atomic() as session:
        have = set(session.scalars(select(Delegation.union_id).where(Delegation.contest_id == contest_id)))
        query = select(Union).where(Union.level == level, Union.branch == "region", Union.valid_to.is_(None))
        unions = [u for u in session.scalars(query.order_by(Union.region_code)) if u.id not in have]
        return [
            add_delegation(contest_id, u.id, f"{u.name_zh.removesuffix('总工会')}代表团", actor=actor, at=at) for u in unions
        ]


def _named(text: str, lacking: str) -> str:
    name = text.strip()
    if not name:
        raise RuleBroken(lacking, code="name_required", status=422, field="name")
    return name


def _join(delegation: Delegation) -> int:
    """Entries and teams whose nearest delegation this now is; returns how many entries."""
    session, joined = db.session(), 0
    for model in (Team, Entry):
        query = select(model.union_id).where(model.contest_id == delegation.contest_id, model.union_id.is_not(None)).distinct()
        for union_id in session.scalars(query).all():
            nearest = queries.delegation_for(delegation.contest_id, union_id)
            if nearest is not None and nearest.id == delegation.id:
                done = session.execute(update(model).where(
                    model.contest_id == delegation.contest_id, model.union_id == union_id).values(delegation_id=delegation.id))
                joined += int(getattr(done, "rowcount", 0)) if model is Entry else 0
    return joined


def change_delegation(
    delegation_id: uuid.UUID, *, name: str, position: int, contest_id: uuid.UUID, actor: Actor, at: datetime
) -> Delegation:
    """Another name or place in the order."""
    with atomic():
        delegation = _delegation(contest_id, delegation_id)
        delegation.name, delegation.position = _named(name, _("请填写代表团名称。")), position
        audit.record("registration.change_delegation", actor=actor, subject=("delegation", delegation.id), at=at,
                     chain=contest_id, details={"name": delegation.name, "position": position})
    return delegation


def remove_delegation(delegation_id: uuid.UUID, *, contest_id: uuid.UUID, actor: Actor, at: datetime) -> None:
    """Take away a delegation to which nobody belongs."""
    with atomic() as session:
        delegation = _delegation(contest_id, delegation_id)
        used = [session.scalar(select(func.count()).select_from(m).where(m.delegation_id == delegation.id)) for m in (Team, Entry)]
        if any(used):
            raise RuleBroken(_("这个代表团已有 %(teams)s 支代表队、%(entries)s 份报名，不能移除。", teams=used[0], entries=used[1]),
                             code="delegation_used")
        session.delete(delegation)
        audit.record("registration.remove_delegation", actor=actor, subject=("delegation", delegation.id), at=at, chain=contest_id)


def _delegation(contest_id: uuid.UUID, delegation_id: uuid.UUID) -> Delegation:
    delegation = get(Delegation, delegation_id, lock=True)
    if delegation.contest_id != contest_id:
        raise NotFound(_("没有找到这个代表团，它可能已被移走。"))
    return delegation


# ---- teams -----------------------------------------------------------------------------------


def create_team(contest_id: uuid.UUID, data: TeamData, *, actor: Actor, at: datetime) -> Team:
    """A new team; it belongs to the delegation of its union."""
    with atomic() as session:
        contest = get(Contest, contest_id, lock=True)
        _check_planning(contest)
        team = Team(id=uuid.uuid4(), contest_id=contest_id, created_at=at, name="", union_id=data.union_id)
        _fill(team, data)
        session.add(team)
        session.flush()
        _set_events(contest, team, data.events)
        _record_team("registration.create_team", team, data, actor, at)
    return team


def change_team(team_id: uuid.UUID, data: TeamData, *, actor: Actor, at: datetime) -> Team:
    """Other names, leader, coach, union or team events."""
    with atomic() as session:
        team, contest = lock_team(team_id)
        _check_planning(contest)
        _fill(team, data)
        _check_members(team)
        session.flush()
        session.execute(update(Entry).where(Entry.team_id == team.id).values(delegation_id=team.delegation_id))
        _set_events(contest, team, data.events)
        _record_team("registration.change_team", team, data, actor, at)
    return team


def _check_planning(contest: Contest) -> None:
    if not rules.is_planning(contest.phase, contest.condition):
        raise RuleBroken(_("比赛已经开始或已结束（或已中止、取消），代表队和队员不能再改。替补上场由组委会办公室在检录前办理。"),
                         code="contest_runs")


def _check_members(team: Team) -> None:
    """A team that goes over to another delegation cannot take people of the old one along."""
    with db.session.no_autoflush:
        unions = db.session.scalars(
            select(Entry.union_id).where(Entry.team_id == team.id, Entry.state.in_(rules.ALIVE)).distinct())
        for union_id in unions:
            check_delegation(team, union_id, field="union_id")


def lock_team(team_id: uuid.UUID) -> tuple[Team, Contest]:
    """A team that has not left, and its contest, both held; the contest first."""
    contest = get(Contest, get(Team, team_id).contest_id, lock=True)
    team = get(Team, team_id, lock=True)
    if team.state == "withdrawn":
        raise RuleBroken(_("这支代表队已经退出，不能再改。"), code="team_withdrawn")
    return team, contest


def _fill(team: Team, data: TeamData) -> None:
    name = _named(data.name, _("请填写代表队名称。"))
    with db.session.no_autoflush:
        other = find(Team, contest_id=team.contest_id, name=name)
        if other is not None and other.id != team.id:
            raise RuleBroken(_("本赛事已有同名代表队，请换一个名称。"), code="team_name", status=409, field="name")
        delegation = queries.delegation_for(team.contest_id, data.union_id)
    team.name, team.union_id, team.delegation_id = name, data.union_id, delegation.id if delegation else None
    team.leader_id, team.leader_name, team.coach_name = data.leader_id, data.leader_name.strip(), data.coach_name.strip()


def _set_events(contest: Contest, team: Team, wanted: frozenset[uuid.UUID]) -> None:
    session = db.session()
    events = {e.id: e for e in queries.events_of(contest.id)}
    if any(e not in events or events[e].entrant_kind != "team" for e in wanted):
        raise RuleBroken(_("所选项目不存在或不是团体项目，请重新选择。"), code="event_unknown", status=422, field="events")
    have = {e.event_id: e for e in session.scalars(select(Entrant).where(Entrant.team_id == team.id))}
    book = queries_places.ledger(contest, list(events.values()))
    full = [b for event in wanted - have.keys() for b in book.full(rules_places.Need(frozenset({event}), team.delegation_id))
            if b != rules_places.CONTEST]
    if full:
        raise RuleBroken(_("%(full)s，不能报这个项目。", full=rules_places.full_words(full, events.values())),
                         code="event_full", field="events")
    _leave(have[event_id] for event_id in have.keys() - wanted)
    session.add_all(Entrant(event_id=e, contest_id=contest.id, team_id=team.id) for e in sorted(wanted - have.keys()))
    session.flush()


def _leave(entrants: Iterable[Entrant]) -> None:
    try:
        for entrant in entrants:
            db.session.delete(entrant)
        db.session.flush()
    except IntegrityError as error:
        # Lots are drawn in a room above; the database itself keeps what they point to.
        raise RuleBroken(_("这支代表队在要取消的项目中已经抽签，不能取消。不能参赛的，由组委会办公室登记弃权。"),
                         code="drawn", field="events") from error


def _record_team(act: str, team: Team, data: TeamData, actor: Actor, at: datetime) -> None:
    audit.record(act, actor=actor, subject=("team", team.id), at=at, chain=team.contest_id,
                 details={"name": team.name, "union": str(team.union_id), "events": sorted(str(e) for e in data.events),
                          "leader": str(data.leader_id) if data.leader_id else None},
                 personal={"leader": team.leader_name, "coach": team.coach_name})


def withdraw_team(team_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime) -> Team:
    """A team leaves the contest; its members must have left it before."""
    with atomic() as session:
        team, contest = lock_team(team_id)
        _check_planning(contest)
        if not reason.strip():
            raise RuleBroken(_("请写明退出的原因。"), code="reason_required", status=422, field="reason")
        if session.scalar(select(func.count()).select_from(Entry).where(Entry.team_id == team.id, Entry.state.in_(rules.ALIVE))):
            raise RuleBroken(_("代表队里还有队员，没有退出。请先把队员移出代表队，或撤回他们的报名。"), code="team_not_empty")
        team.state = "withdrawn"
        audit.record("registration.withdraw_team", actor=actor, subject=("team", team.id), at=at, chain=contest.id,
                     reason=reason.strip())
    return team


def put_in_team(entry_id: uuid.UUID, team_id: uuid.UUID | None, role: str = "member", *, actor: Actor, at: datetime) -> Entry:
    """Make somebody who is entered a member or reserve of a team, or (None) take them out of it.

    A reserve holds no place in an event: what becomes free goes to the waiting list.
    """
    with atomic() as session:
        contest = get(Contest, get(Entry, entry_id).contest_id, lock=True)
        entry = get(Entry, entry_id, lock=True)
        _check_planning(contest)
        if entry.state not in rules.ALIVE:
            raise RuleBroken(_("这份报名现在是“%(state)s”，不能调整代表队。", state=rules.STATES[entry.state]), code="not_alive")
        before = queries_places.need_of(entry)
        if team_id is None:
            entry.team_id, entry.team_role = None, "member"
        else:
            _put(entry, contest, team_id, role)
        session.flush()
        _check_places(entry, contest, before)
        entry.version += 1
        audit.record("registration.put_in_team", actor=actor, subject=("entry", entry.id), at=at, chain=contest.id,
                     details={"team": str(team_id) if team_id else None, "role": entry.team_role})
        if before.events - queries_places.need_of(entry).events:
            move_up(contest, actor, at)
    return entry


def _put(entry: Entry, contest: Contest, team_id: uuid.UUID, role: str) -> None:
    team = get(Team, team_id, lock=True)
    if team.contest_id != contest.id or team.state == "withdrawn":
        raise NotFound(_("没有找到这支代表队，它可能已经退出。"))
    if role not in rules.TEAM_ROLES:
        raise RuleBroken(_("请选择正式队员或替补队员。"), code="team_role", status=422, field="role")
    check_team_room(team, role, entry.id)
    check_delegation(team, entry.union_id, field="entry_id")
    entry.team_id, entry.team_role = team.id, role
    if team.delegation_id is not None:
        entry.delegation_id = team.delegation_id


def _check_places(entry: Entry, contest: Contest, before: rules_places.Need) -> None:
    after = queries_places.need_of(entry)
    if entry.state not in rules.HOLDING or after == before:
        return
    events = queries.events_of(contest.id)
    book = queries_places.ledger(contest, events, without=entry.id)
    full = set(book.full(after)) - set(book.books(before))
    if full:
        raise RuleBroken(_("%(full)s，不能这样编队。", full=rules_places.full_words(sorted(full, key=str), events)),
                         code="event_full")


# ---- conditions ------------------------------------------------------------------------------


def set_conditions(contest_id: uuid.UUID, values: dict[str, Any], *, actor: Actor, at: datetime) -> EntryCondition:
    """What is asked of those who enter from now on; who has handed in already is not judged anew."""
    with atomic() as session:
        get(Contest, contest_id, lock=True)
        least, most = values.get("age_least"), values.get("age_most")
        if least is not None and most is not None and least > most:
            raise RuleBroken(_("最小年龄大于最大年龄，请核对。"), code="ages", status=422, field="age_most")
        least, most = values.get("team_least"), values.get("team_most")
        if least is not None and most is not None and least > most:
            raise RuleBroken(_("每队正式队员的下限大于上限，请核对。"), code="team_sizes", status=422, field="team_most")
        condition = find(EntryCondition, contest_id=contest_id)
        if condition is None:
            condition = EntryCondition(contest_id=contest_id)
            session.add(condition)
        for name, value in values.items():
            setattr(condition, name, value)
        session.flush()
        audit.record("registration.set_conditions", actor=actor, subject=("contest", contest_id), at=at, chain=contest_id,
                     details={n: (v if isinstance(v, bool | int | list) or v is None else str(v)) for n, v in values.items()})
    return condition
