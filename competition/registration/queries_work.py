"""What waits for whom, over many contests at once: reads for the desks and the contests' homes."""

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, case, func, or_, select, true
from sqlalchemy.orm import joinedload

from competition.contests.models import Contest
from competition.core.access import may, scopes_of, table
from competition.core.actors import Actor
from competition.core.database import db
from competition.organisations.models import Union
from competition.organisations.queries import above, below
from competition.registration import rules
from competition.registration.models import Delegation, EligibilityReview, Entry, RosterImport, Team
from competition.registration.queries_lists import LEVEL_ORDER, came_back, clerk_unions
from competition.registration.queries_teams import without_leader

MOST = 200


@dataclass(frozen=True)
class Waiting:
    """Entries of a contest that wait for one union's decision; ``since``: for how long the first of them has waited for it,
    ``back``: how many were handed in again after they had been sent back."""

    contest_id: uuid.UUID
    union_id: uuid.UUID | None
    union: str
    level: str
    count: int
    since: datetime
    back: int


def waiting_in(condition: ColumnElement[bool]) -> list[Waiting]:
    """What waits, by contest and union, the longest waiting first; one statement."""
    last = select(func.max(EligibilityReview.at)).where(EligibilityReview.entry_id == Entry.id).scalar_subquery()
    since: Any = func.min(case((last > Entry.submitted_at, last), else_=Entry.submitted_at))
    query = (
        select(Entry.contest_id, Entry.review_union_id, Union.name_zh, Union.level, func.count(), since,
               func.sum(case((came_back(), 1), else_=0)))
        .outerjoin(Union, Union.id == Entry.review_union_id).where(Entry.state.in_(rules.UNDER_REVIEW), condition)
        .group_by(Entry.contest_id, Entry.review_union_id, Union.name_zh, Union.level).order_by(since)
    )
    return [Waiting(contest, union, name or "", level or "", count, first, back or 0)
            for contest, union, name, level, count, first, back in db.session.execute(query)]


def state_counts_of(contest_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Counter[str]]:
    """How many entries are in which state, by contest."""
    query = select(Entry.contest_id, Entry.state, func.count()).where(Entry.contest_id.in_(contest_ids))
    found: dict[uuid.UUID, Counter[str]] = {contest: Counter() for contest in contest_ids}
    for contest, state, count in db.session.execute(query.group_by(Entry.contest_id, Entry.state)):
        found[contest][state] = count
    return found


def leaderless_of(contest_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many teams have no leader, by contest."""
    return _teams(Team.contest_id.in_(contest_ids))


def _teams(condition: ColumnElement[bool]) -> dict[uuid.UUID, int]:
    query = select(Team.contest_id, func.count()).where(without_leader(), condition).group_by(Team.contest_id)
    return dict(db.session.execute(query).all())


# ---- one clerk, one office -----------------------------------------------------------------------


@dataclass(frozen=True)
class DeskLine:
    """A contest on the desk of a clerk or an office: how many wait for the actor (``turn``), since when the first of them,
    how many of them came back, and how many are in sight at all."""

    contest: Contest
    turn: int
    seen: int
    since: datetime | None = None
    back: int = 0


def desk(actor: Actor) -> list[DeskLine]:
    """Contests with something for a clerk or an office, by their days.

    A clerk also finds those that nobody has entered yet, to register people: contests of the unions above,
    and those to which a union above sends a delegation.
    """
    office = _office_contests(actor)
    mine = or_(Entry.union_id.in_(below(clerk_unions(actor))), Entry.review_union_id.in_(clerk_unions(actor)),
               true() if may(actor, "registration.clerk") else Entry.id.is_(None))
    contests = _desk_contests(actor, office, mine)
    offices = set(db.session.scalars(select(Contest.id).where(office)))
    in_sight = Entry.contest_id.in_(contests) & (mine | Entry.contest_id.in_(offices))
    query = select(Entry.contest_id, func.count()).where(Entry.state != "draft", in_sight).group_by(Entry.contest_id)
    seen: dict[uuid.UUID, int] = dict(db.session.execute(query).all())
    turns: dict[uuid.UUID, list[Waiting]] = {}
    for one in waiting_in(in_sight):
        if _is_turn(contests[one.contest_id], one, actor, one.contest_id in offices):
            turns.setdefault(one.contest_id, []).append(one)
    return [_line(contest, turns.get(i, []), seen.get(i, 0)) for i, contest in contests.items()]


def _line(contest: Contest, waiting: list[Waiting], seen: int) -> DeskLine:
    since = min((one.since for one in waiting), default=None)
    return DeskLine(contest, sum(one.count for one in waiting), seen, since, sum(one.back for one in waiting))


def _desk_contests(actor: Actor, office: ColumnElement[bool], mine: ColumnElement[bool]) -> dict[uuid.UUID, Contest]:
    over = above(clerk_unions(actor))
    sent = select(Delegation.contest_id).where(Delegation.union_id.in_(over))
    entered = select(Entry.contest_id).where(Entry.state != "draft", mine)
    query = select(Contest).where(
        Contest.phase.in_(("announced", "running")),
        office | Contest.id.in_(entered) | ((Contest.phase == "announced") & (Contest.host_union_id.in_(over) | Contest.id.in_(sent))))
    query = query.order_by(Contest.starts_on, Contest.id).limit(MOST).options(joinedload(Contest.host_union))
    return {contest.id: contest for contest in db.session.scalars(query)}


def _office_contests(actor: Actor) -> ColumnElement[bool]:
    if may(actor, "registration.office"):
        return Contest.id.is_not(None)
    roles = table(current_app)["registration.office"].roles
    return Contest.id.in_(scopes_of(actor, "contest", *roles)) | Contest.host_union_id.in_(
        below(scopes_of(actor, "union", *roles)))


def _is_turn(contest: Contest, waiting: Waiting, actor: Actor, office: bool) -> bool:
    mine = waiting.union_id in clerk_unions(actor) or may(actor, "registration.clerk")
    return mine or (office and is_last_step(contest, waiting))


def is_last_step(contest: Contest, waiting: Waiting) -> bool:
    """The deciding step, which the contest's office may take as well as the union's clerk."""
    levels = [known for known in LEVEL_ORDER if known in contest.review_levels]
    return waiting.union_id == contest.host_union_id or (bool(levels) and waiting.level == levels[-1])


def unfinished_rosters(actor: Actor) -> list[tuple[RosterImport, Contest]]:
    """Rosters that the actor uploaded and did not take, each with its contest, the oldest first."""
    query = select(RosterImport, Contest).join(Contest, Contest.id == RosterImport.contest_id).where(
        RosterImport.by_id == actor.id, RosterImport.taken.is_(None)).order_by(RosterImport.created_at)
    return [(roster, contest) for roster, contest in db.session.execute(query)]


def leaderless_of_clerk(actor: Actor, contest_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many teams of the clerk's unions have no leader, by contest."""
    return _teams(Team.contest_id.in_(contest_ids) & Team.union_id.in_(below(clerk_unions(actor))))
