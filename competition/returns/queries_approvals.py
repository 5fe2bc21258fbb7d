"""Reads of returns on their way up: who decides, who is told, what a decision needs to know."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from competition.accounts.models import Account, Grant
from competition.core.actors import Actor
from competition.core.database import db
from competition.counting.models import Counted, Fact, Place, Standing
from competition.counting.rules_periods import month_code
from competition.organisations.models import Union, UnionClosure
from competition.organisations.queries import ancestors, members_of
from competition.returns import rules
from competition.returns.access import DECIDERS, REPORTERS
from competition.returns.models import Return, ReturnStep
from competition.returns.rules_warnings import Seen, warnings


def _holders(union_id: uuid.UUID | None, roles: Collection[str], at: datetime) -> list[uuid.UUID]:
    scope = Grant.scope_id == union_id if union_id else Grant.scope_kind == "system"
    query = select(Account.id).join(Grant, Grant.account_id == Account.id).where(
        Grant.in_force(at), Grant.role.in_(roles), scope, Account.is_active, Account.expires_at.is_(None) | (Account.expires_at > at))
    return list(db.session.scalars(query.order_by(Account.id).distinct()))


def deciders(union_id: uuid.UUID | None, at: datetime) -> list[uuid.UUID]:
    """The accounts that decide for a union: those of its office; where it has none, those who may do so everywhere."""
    return _holders(union_id, DECIDERS, at) or _holders(None, DECIDERS, at)


def reporters(found: Return, at: datetime) -> list[uuid.UUID]:
    """Whom a return's fate concerns: who handed it up, as long as he reports for that union; else all who do."""
    own = _holders(found.union_id, REPORTERS, at)
    last = _last_submission(found.id)
    return [last] if last in own else own


def _last_submission(return_id: uuid.UUID) -> uuid.UUID | None:
    query = select(ReturnStep.by_id).where(ReturnStep.return_id == return_id, ReturnStep.verdict == "submit")
    return db.session.scalar(query.order_by(ReturnStep.at.desc()).limit(1))


def handed_up_by(return_ids: Collection[uuid.UUID], actor: Actor) -> set[uuid.UUID]:
    """Those of these returns that the actor handed up last, with this account or another of the same person."""
    query = select(ReturnStep.return_id, ReturnStep.by_id, Account.person_id).outerjoin(Account, Account.id == ReturnStep.by_id).where(
        ReturnStep.return_id.in_(return_ids), ReturnStep.verdict == "submit").order_by(ReturnStep.at)
    last = {key: (by_id, person) for key, by_id, person in db.session.execute(query)}
    return {key for key, (by_id, person) in last.items() if by_id is not None
            and (by_id == actor.id or (person is not None and person == actor.person_id))}


def steps_of(return_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How much has been done with each: what a page shows of this is told back with the decision."""
    query = select(ReturnStep.return_id, func.count()).where(ReturnStep.return_id.in_(return_ids)).group_by(ReturnStep.return_id)
    return dict.fromkeys(return_ids, 0) | dict(db.session.execute(query).all())


def was_submitted_before(return_id: uuid.UUID, instant: datetime) -> bool:
    """Was it ever handed up by then?"""
    query = select(ReturnStep.id).where(ReturnStep.return_id == return_id, ReturnStep.verdict == "submit", ReturnStep.at <= instant)
    return db.session.scalar(query.limit(1)) is not None


def people_of(return_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many people the rosters of these returns name; returns without a roster are missing."""
    query = select(Return.id, func.count(Fact.id)).join(
        Fact, (Fact.activity_id == Return.activity_id) & (Fact.origin == Return.number)).where(
        Return.id.in_(return_ids), Fact.withdrawn_at.is_(None))
    return dict(db.session.execute(query.group_by(Return.id)).all())


def places_of(return_id: uuid.UUID) -> dict[tuple[uuid.UUID | None, str], int]:
    """The numbers of the places that a version stands on, its people's and its own, by union and division."""
    people = select(Standing.place_id).join(Fact, Fact.standing_id == Standing.id).join(
        Return, (Fact.activity_id == Return.activity_id) & (Fact.origin == Return.number)).where(Return.id == return_id)
    own = select(Return.place_id).where(Return.id == return_id)
    query = select(Place.union_id, Place.region_code, Place.id).where(Place.id.in_(people.union(own))).order_by(Place.id)
    return {(union, region): number for union, region, number in db.session.execute(query)}


@dataclass(frozen=True)
class Compared:
    """What a union's returns of one month say: how many count, the people named in rosters, heads of bulk figures."""

    month: int
    returns: int
    named: int
    heads: int

    @property
    def people(self) -> int:
        """Both together: rosters name people, bulk figures do not, so a person may be in both."""
        return self.named + self.heads

    @property
    def period(self) -> str:
        """The month as it is written: 2026-05."""
        return month_code(self.month)


def compared(union_ids: Collection[uuid.UUID], months: Collection[int]) -> dict[tuple[uuid.UUID, int], Compared]:
    """What of these unions counts in these months; two statements."""
    query = select(Return).where(Return.union_id.in_(union_ids), Return.month.in_(months), Return.state == rules.COUNTED)
    by_key: dict[tuple[uuid.UUID, int], list[Return]] = {(union, month): [] for union in union_ids for month in months}
    for one in db.session.scalars(query):
        by_key[one.union_id, one.month].append(one)
    named = people_of([one.id for found in by_key.values() for one in found])
    return {key: Compared(key[1], len(found), sum(named.get(one.id, 0) for one in found), sum(one.heads or 0 for one in found))
            for key, found in by_key.items()}


@dataclass(frozen=True)
class Judged:
    """What a decision needs: figures beside the return, and what should be looked at twice."""

    people: int
    members: int | None
    before: Compared
    year_ago: Compared
    warnings: list[str]


def judged(found: Return) -> Judged:
    """Everything that is held against a return."""
    return judged_many([found])[found.id]


def judged_many(returns: Collection[Return]) -> dict[uuid.UUID, Judged]:
    """The same of many; five statements whatever their number."""
    people = people_of([one.id for one in returns if one.kind == rules.ROSTER])
    members = members_of({one.union_id for one in returns})
    months = compared({one.union_id for one in returns}, {month for one in returns for month in (one.month - 1, one.month - 12)})
    named = _named_below([one for one in returns if one.kind == rules.BULK])
    return {one.id: _judged(one, (one.heads or 0) if one.kind == rules.BULK else people.get(one.id, 0), members[one.union_id] or None,
                            months[one.union_id, one.month - 1], months[one.union_id, one.month - 12], named.get(one.id, 0))
            for one in returns}


def _judged(found: Return, people: int, members: int | None, before: Compared, year_ago: Compared, named: int) -> Judged:
    contest = found.activity.contest
    seen = Seen(people=people, is_bulk=found.kind == rules.BULK, overlap=found.overlap or 0, members=members,
                before=before.people if before.returns else None, year_ago=year_ago.people if year_ago.returns else None,
                month=found.month, starts_on=contest.starts_on, ends_on=contest.ends_on, named=named)
    return Judged(people, members, before, year_ago, warnings(seen) if people else [])


def _named_below(returns: Collection[Return]) -> dict[uuid.UUID, int]:
    """By return the persons of its activity who count by name for its union and all below it."""
    query = select(Return.id, func.count()).join(Counted, Counted.activity_id == Return.activity_id).join(
        Standing, Standing.id == Counted.standing_id).join(Place, Place.id == Standing.place_id).join(
        UnionClosure, (UnionClosure.ancestor_id == Return.union_id) & (UnionClosure.descendant_id == Place.union_id))
    return dict(db.session.execute(query.where(Return.id.in_([one.id for one in returns])).group_by(Return.id)).all())


@dataclass(frozen=True)
class Stop:
    """A union on the way up. ``state``: done, now, ahead; ``since``: when it got its turn, or when it decided."""

    union: Union
    state: str
    since: datetime | None = None
    by: str = ""
    is_staffed: bool = True


def way_up(found: Return, steps: Iterable[ReturnStep], at: datetime) -> list[Stop]:
    """The unions above, each with what it did since the return was handed up last; two statements."""
    last: dict[uuid.UUID | None, ReturnStep] = {}
    moved = None
    for step in sorted(steps, key=lambda one: one.at):
        last = {} if step.verdict == "submit" else last
        if step.verdict in ("submit", "approve"):
            moved, last[step.union_id] = step.at, step
    unions = [union for union in ancestors(found.union_id)[1:] if union.level != "national"]
    staffed = _staffed([union.id for union in unions], at)
    return [_stop(found, union, last.get(union.id), moved, union.id in staffed) for union in unions]


def _stop(found: Return, union: Union, step: ReturnStep | None, moved: datetime | None, is_staffed: bool) -> Stop:
    if found.state in (rules.SUBMITTED, rules.COUNTED, rules.SUPERSEDED) and step is not None:
        return Stop(union, "done", step.at, step.by_name)
    if found.state == rules.SUBMITTED and found.waiting_at == union.id:
        return Stop(union, "now", moved, is_staffed=is_staffed)
    return Stop(union, "ahead", is_staffed=is_staffed)


def _staffed(union_ids: Collection[uuid.UUID], at: datetime) -> set[uuid.UUID | None]:
    """Those of these unions for which somebody may decide."""
    query = select(Grant.scope_id).join(Account, Account.id == Grant.account_id).where(
        Grant.in_force(at), Grant.role.in_(DECIDERS), Grant.scope_id.in_(union_ids), Account.is_active)
    return set(db.session.scalars(query.distinct()))


@dataclass(frozen=True)
class Changes:
    """How a version differs from the one before: people who came and went."""

    old: Return
    old_people: int
    came: int
    gone: int


def changes_of(found: Return) -> Changes | None:
    """Against the version that it corrects; None for a first version."""
    if found.supersedes_id is None:
        return None
    old = db.session.get_one(Return, found.supersedes_id)
    before = (old.heads or 0) if old.kind == rules.BULK else people_of([old.id]).get(old.id, 0)
    return Changes(old, before, _only_in(found, old), _only_in(old, found))


def _only_in(one: Return, other: Return) -> int:
    """People whom one version names and the other does not."""
    there = aliased(Fact)
    also = select(there.id).where(there.activity_id == other.activity_id, there.origin == other.number,
                                  there.participant_id == Fact.participant_id, there.withdrawn_at.is_(None))
    query = select(func.count()).select_from(Fact).where(
        Fact.activity_id == one.activity_id, Fact.origin == one.number, Fact.withdrawn_at.is_(None), ~also.exists())
    return db.session.scalar(query) or 0
