"""What doubts are looked for in, and the list of them."""

import uuid
from collections.abc import Collection

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.sql.base import ExecutableOption

from competition.core.access import holds_everywhere, scopes_of
from competition.core.actors import Actor
from competition.core.database import db
from competition.counting.models import Activity, Fact, Participant
from competition.counting.rules import FORMER
from competition.organisations.models import Union
from competition.organisations.queries import below, home_scope, members_of
from competition.participation.models_doubts import Doubt, DoubtLimits, DoubtStep
from competition.participation.rules_doubts import DEFAULTS, GIVEN, OPEN, Side
from competition.returns.models import Return
from competition.returns.models_import import ReturnImport
from competition.returns.rules import BULK, COUNTED, SUBMITTED
from competition.returns.rules_import import TAKEN

WHOLE_ROLES, OWN_ROLES = ("organizer", "auditor"), ("organizer", "clerk", "auditor")


def limits() -> dict[str, int]:
    """The thresholds, as somebody set them or by default."""
    found = db.session.get(DoubtLimits, 1)
    return DEFAULTS | (found.limits if found else {})


def sides(first: int) -> dict[int, Side]:
    """Every submitted or counted return from a month on, by its number; where both a version and its correction are, the counted one."""
    people = select(Fact.origin, func.count().label("people")).where(
        Fact.origin > 0, Fact.participant_id.not_in(_former())).group_by(Fact.origin).subquery()
    query = select(Return, people.c.people).outerjoin(people, people.c.origin == Return.number).where(
        Return.state.in_((SUBMITTED, COUNTED)), Return.month >= first)
    rows = db.session.execute(query.order_by(Return.state.desc(), Return.version)).all()
    members, unread = members_of({found.union_id for found, _count in rows}), _unread()
    chosen: dict[tuple[uuid.UUID, int, int], Side] = {}
    for found, count in rows:
        side = Side(found.id, found.number, found.union_id, found.activity_id, found.month, found.kind,
                    (found.heads or 0) if found.kind == BULK else (count or 0), members[found.union_id], unread.get(found.number, 0))
        before = chosen.get((side.union, side.activity, side.month))
        if before is None or found.state == COUNTED:
            chosen[side.union, side.activity, side.month] = side
    return {side.number: side for side in chosen.values()}


def _unread() -> dict[int, int]:
    """How many rows of its table a roster left out for their ID numbers, by the roster's number."""
    query = select(ReturnImport.number, ReturnImport.summary).where(ReturnImport.state == TAKEN, ReturnImport.only_good)
    return {number: sum(kind["count"] for kind in summary["kinds"] if kind["field"] == "number")
            for number, summary in db.session.execute(query)}


def _former() -> Select[int]:
    """Those few who turned out to be others: what was said of them is said of the others."""
    return select(Participant.id).where(Participant.key.startswith(FORMER, autoescape=True))


def pairs(least: int) -> list[tuple[int, int, int]]:
    """Two origins and how many people both name, where these are ``least`` at least; from one index alone."""
    one, two = aliased(Fact), aliased(Fact)
    query = select(one.origin, two.origin, func.count()).join(
        two, (two.participant_id == one.participant_id) & (two.origin > one.origin)).where(
        one.origin > 0, one.participant_id.not_in(_former()))
    query = query.group_by(one.origin, two.origin).having(func.count() >= least)
    return [(first, second, both) for first, second, both in db.session.execute(query)]


def all_doubts() -> dict[tuple[str, str], Doubt]:
    """Every doubt by kind and key, held until the commit."""
    return {(one.kind, one.key): one for one in db.session.scalars(select(Doubt).with_for_update())}


def sees_all(actor: Actor) -> bool:
    """The province (and its auditor) sees both sides of everything."""
    return holds_everywhere(actor, *WHOLE_ROLES) or any(("union", one) in home_scope() for one in scopes_of(actor, "union", *WHOLE_ROLES))


def own_unions(actor: Actor) -> Select[uuid.UUID]:
    """The unions at and below those whose office the reader holds."""
    return below(scopes_of(actor, "union", *OWN_ROLES))


def doubts(actor: Actor, state: str = "", kind: str = "") -> Select[Doubt]:
    """What the reader may see, what waits first, the newest first."""
    query = select(Doubt).options(joinedload(Doubt.union), joinedload(Doubt.other_union), *_returns())
    if not sees_all(actor):
        own = own_unions(actor)
        query = query.where(or_(Doubt.union_id.in_(own), Doubt.other_union_id.in_(own)))
    if state:
        query = query.where(Doubt.state == state)
    if kind:
        query = query.where(Doubt.kind == kind)
    return query.order_by(Doubt.state != OPEN, Doubt.state != GIVEN, Doubt.changed_at.desc(), Doubt.id)


def _returns() -> list[ExecutableOption]:
    return [joinedload(side).joinedload(Return.activity).joinedload(Activity.contest) for side in (Doubt.of, Doubt.other)]


def seen_unions(actor: Actor, found: Collection[Doubt]) -> set[uuid.UUID]:
    """Of the unions in these doubts those whose name and returns the reader may see; the others stay a count."""
    ids = {one for doubt in found for one in (doubt.union_id, doubt.other_union_id) if one}
    if sees_all(actor):
        return ids
    return set(db.session.scalars(select(Union.id).where(Union.id.in_(ids), Union.id.in_(own_unions(actor)))))


def steps(doubt_id: uuid.UUID) -> list[DoubtStep]:
    """What became of a doubt, newest first."""
    return list(db.session.scalars(select(DoubtStep).where(DoubtStep.doubt_id == doubt_id).order_by(DoubtStep.at.desc(), DoubtStep.id)))


def waiting(actor: Actor) -> int:
    """How many doubts are given to the reader's own unions to mend."""
    own = scopes_of(actor, "union", "clerk")
    condition = or_(Doubt.union_id.in_(own), Doubt.other_union_id.in_(own)) if own else false()
    return db.session.scalar(select(func.count()).select_from(Doubt).where(Doubt.state == GIVEN, condition)) or 0
