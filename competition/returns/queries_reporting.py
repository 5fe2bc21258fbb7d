"""Reads of returns for those who report and for those who look: lists, the work list, activities to report about."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from competition.contests.models import Contest
from competition.core.access import holds_everywhere, scopes_of
from competition.core.actors import Actor
from competition.core.database import db
from competition.core.paging import Page, paginate, paginate_rows
from competition.counting.models import Activity
from competition.counting.rules_periods import month_code, month_days, month_number
from competition.counting.rules_scopes import WHOLE, scope_of_union
from competition.organisations.models import Union
from competition.organisations.queries import above, below, home_union
from competition.registration.models import Delegation
from competition.returns import rules
from competition.returns.access import DECIDERS, REPORTERS
from competition.returns.models import ClosedMonth, Return, ReturnStep

LOOKERS = (*DECIDERS, "auditor")


@dataclass(frozen=True)
class Filters:
    """What a list of returns is narrowed to. ``whose``: own, below, or empty for both."""

    whose: str = ""
    month: int | None = None
    state: str = ""
    kind: str = ""
    q: str = ""

    @property
    def is_empty(self) -> bool:
        """Would the list show everything?"""
        return not (self.month or self.state or self.kind or self.q)

    @property
    def period(self) -> str:
        """The month as addresses say it, empty for all."""
        return "" if self.month is None else month_code(self.month)


def own_unions(actor: Actor) -> list[Union]:
    """The unions for which the actor reports; whoever may everywhere reports for the home province's."""
    query = select(Union).where(Union.id.in_(scopes_of(actor, "union", *REPORTERS)), Union.valid_to.is_(None))
    found = list(db.session.scalars(query.order_by(Union.region_code, Union.name_zh)))
    home = home_union() if holds_everywhere(actor, *REPORTERS) else None
    return [*found, home] if home and home not in found else found


def own_scopes(actor: Actor) -> list[tuple[str, str]]:
    """Where the actor's unions find their own figures, with their names; those of the whole province are left out."""
    found = [(scope_of_union(one.id.hex, one.branch, one.level, one.region_code), one.name) for one in own_unions(actor)]
    return [(scope, name) for scope, name in found if scope != WHOLE]


def _own_ids(actor: Actor) -> list[uuid.UUID]:
    return [union.id for union in own_unions(actor)]


def visible(actor: Actor, own: Collection[uuid.UUID] | None = None) -> ColumnElement[bool]:
    """The own returns whatever their state; those of unions below from when they were handed up. ``own``: the own unions, where the
    caller has asked for them already."""
    own = _own_ids(actor) if own is None else own
    handed_up = Return.state.not_in((rules.DRAFT, rules.DISCARDED))
    if holds_everywhere(actor, *LOOKERS):
        return or_(handed_up, and_(Return.state == rules.DRAFT, Return.union_id.in_(own)))
    unions = scopes_of(actor, "union", *LOOKERS)
    if not unions:
        return false()
    return or_(and_(Return.union_id.in_(own), Return.state != rules.DISCARDED),
               and_(Return.union_id.in_(below(unions)), handed_up))


def is_visible(actor: Actor, return_id: uuid.UUID) -> bool:
    """May the actor see this one?"""
    return db.session.scalar(select(Return.id).where(Return.id == return_id, visible(actor))) is not None


def visible_among(actor: Actor, returns: Collection[Return]) -> set[uuid.UUID]:
    """Those of them that the actor may see."""
    return set(db.session.scalars(select(Return.id).where(Return.id.in_([one.id for one in returns]), visible(actor))))


def shown(query: Select[Return]) -> Select[Return]:
    """The same with what every list shows of a return."""
    return query.join(Return.activity).join(Activity.contest).join(Union, Union.id == Return.union_id).options(
        contains_eager(Return.activity).contains_eager(Activity.contest), contains_eager(Return.union), joinedload(Return.waiting_union))


def list_returns(actor: Actor, asked: Filters, page: int) -> Page[Return]:
    """The returns in sight: what waits for the actor first, then the newest month first; two statements whatever their number."""
    own = _own_ids(actor)
    query = shown(select(Return)).where(visible(actor, own))
    if asked.whose:
        query = query.where(Return.union_id.in_(own) if asked.whose == "own" else Return.union_id.not_in(own))
    if asked.month is not None:
        query = query.where(Return.month == asked.month)
    if asked.state:
        query = query.where(Return.state == asked.state)
    if asked.kind:
        query = query.where(Activity.kind == asked.kind)
    if asked.q:
        query = query.where(or_(Contest.name_zh.contains(asked.q, autoescape=True), Union.name_zh.contains(asked.q, autoescape=True)))
    mine = or_(turn(actor), and_(Return.state.in_(rules.EDITABLE), Return.union_id.in_(own)))
    return paginate(query.order_by(case((mine, 0), else_=1), Return.month.desc(), Return.created_at.desc(), Return.id), page)


def bulk_before(found: Return) -> Return | None:
    """What the same union handed up as a bulk figure about the same activity for the newest month before."""
    query = select(Return).where(Return.union_id == found.union_id, Return.activity_id == found.activity_id, Return.month < found.month,
                                 Return.kind == rules.BULK, Return.state.in_((rules.SUBMITTED, rules.COUNTED)))
    return db.session.scalars(query.order_by(Return.month.desc(), Return.version.desc()).limit(1)).first()


def months_in_sight(actor: Actor) -> list[int]:
    """The months that returns in sight are about, newest first."""
    return list(db.session.scalars(select(Return.month).where(visible(actor)).distinct().order_by(Return.month.desc())))


def turn(actor: Actor) -> ColumnElement[bool]:
    """Returns that wait for a decision of the actor's unions."""
    mine = true() if holds_everywhere(actor, *DECIDERS) else Return.waiting_at.in_(scopes_of(actor, "union", *DECIDERS))
    return (Return.state == rules.SUBMITTED) & mine


def since() -> ColumnElement[datetime]:
    """Since when a return has waited for the union whose turn it is."""
    query = select(func.max(ReturnStep.at)).where(ReturnStep.return_id == Return.id, ReturnStep.verdict.in_(("submit", "approve")))
    return query.correlate(Return).scalar_subquery()


def waiting_for(actor: Actor, page: int) -> Page[tuple[Return, datetime]]:
    """Returns that wait for the actor, the longest waiting first, each with since when; two statements."""
    waited = since().label("waited")
    return paginate_rows(shown(select(Return)).add_columns(waited).where(turn(actor)).order_by(waited, Return.id), page)


def next_turn(actor: Actor) -> uuid.UUID | None:
    """The return that waits longest for the actor."""
    return db.session.scalar(select(Return.id).where(turn(actor)).order_by(since(), Return.id).limit(1))


def of_turn(actor: Actor, return_ids: Collection[uuid.UUID]) -> list[Return]:
    """Those of these that wait for the actor, the longest waiting first."""
    query = shown(select(Return)).where(Return.id.in_(return_ids), turn(actor))
    return list(db.session.scalars(query.order_by(since(), Return.id)))


def count_turn(actor: Actor) -> tuple[int, datetime | None]:
    """How many wait for the actor, and since when the first of them; one statement."""
    part = select(since().label("at")).where(turn(actor)).subquery()
    count, first = db.session.execute(select(func.count(), func.min(part.c.at)).select_from(part)).one()
    return count, first


def unfinished(actor: Actor, before: int) -> dict[str, tuple[int, datetime, uuid.UUID | None]]:
    """Of the own unions: how many were given back, and how many drafts of open months before this one there are, each with since when
    the first of them, and which it is where it is the only one; one statement."""
    late = (Return.state == rules.DRAFT) & (Return.month < before) & Return.month.not_in(select(ClosedMonth.month))
    last = select(func.max(ReturnStep.at)).where(ReturnStep.return_id == Return.id).correlate(Return).scalar_subquery()
    query = select(Return.state, last.label("at"), Return.id).where(
        Return.union_id.in_(_own_ids(actor)), or_(Return.state == rules.RETURNED, late)).order_by("at")
    found: dict[str, list[tuple[datetime, uuid.UUID]]] = {}
    for state, at, key in db.session.execute(query):
        found.setdefault(state, []).append((at, key))
    return {state: (len(rows), rows[0][0], rows[0][1] if len(rows) == 1 else None) for state, rows in found.items()}


def unreported(actor: Actor, month: int) -> list[tuple[Union, Contest]]:
    """Of the own unions, the activities about which each should have reported for a month and has not begun to: by habit those of a
    month or a year before, as long as they go on and the month is open; two statements."""
    if month in closed_months():
        return []
    first, last = month_days(month)
    query = select(Union, Contest, Return.month).join(Return, Return.union_id == Union.id).join(Return.activity).join(Activity.contest)
    rows = db.session.execute(query.where(
        Return.union_id.in_(_own_ids(actor)), Return.month.in_((month, month - 1, month - 12)),
        Return.state.in_((*rules.UNDER_WAY, rules.COUNTED)),
        Contest.starts_on <= last, Contest.ends_on >= first, Contest.condition != "cancelled").order_by(Contest.name_zh, Union.name_zh))
    found: dict[tuple[Union, Contest], set[int]] = {}
    for union, contest, about in rows:
        found.setdefault((union, contest), set()).add(about)
    return [pair for pair, months in found.items() if month not in months]


# ---- activities --------------------------------------------------------------------------------------


def activities(union: Union, *, q: str = "", kind: str = "", page: int = 1) -> Page[Contest]:
    """What a union can report about: contests that it or a union above it holds, or to which one of them sends a delegation. Those
    of other kinds than skills first: whoever was present at a skills contest of this system is counted already."""
    query = _reportable(union)
    if q:
        query = query.where(or_(Contest.name_zh.contains(q, autoescape=True), Contest.trade.contains(q, autoescape=True),
                                Contest.code == q.upper()))
    if kind:
        query = query.where(Contest.kind == kind)
    others_first, over_last = case((Contest.kind == "skills", 1), else_=0), case((Contest.phase == "finished", 1), else_=0)
    return paginate(query.options(joinedload(Contest.host_union)).order_by(others_first, over_last, Contest.starts_on.desc(), Contest.id),
                    page)


def is_reportable(union: Union, contest_id: uuid.UUID) -> Contest | None:
    """The activity, if this union can report about it."""
    query = _reportable(union).where(Contest.id == contest_id)
    return db.session.scalars(query.options(joinedload(Contest.host_union))).one_or_none()


def _reportable(union: Union) -> Select[Contest]:
    over = above([union.id])
    sent = select(Delegation.contest_id).where(Delegation.union_id.in_(over))
    return select(Contest).where(Contest.phase != "draft", Contest.condition != "cancelled",
                                 Contest.host_union_id.in_(over) | Contest.id.in_(sent))


def reported_months(union: Union, contest_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Return]]:
    """The union's returns about these activities, the newest month first: what is under way and what counts."""
    query = select(Return).join(Return.activity).where(
        Return.union_id == union.id, Activity.contest_id.in_(contest_ids), Return.state.in_((*rules.UNDER_WAY, rules.COUNTED)))
    found: dict[uuid.UUID, list[Return]] = {}
    for one in db.session.scalars(query.options(contains_eager(Return.activity)).order_by(Return.month.desc(), Return.version.desc())):
        found.setdefault(one.activity.contest_id, []).append(one)
    return found


def closed_months() -> dict[int, datetime]:
    """The closed months, each with when it was closed."""
    return dict(db.session.execute(select(ClosedMonth.month, ClosedMonth.closed_at)).all())


# ---- one return --------------------------------------------------------------------------------------


def find_return(return_id: uuid.UUID) -> Return | None:
    """A return with what is shown of it."""
    return db.session.scalars(shown(select(Return)).options(joinedload(Return.evidence)).where(Return.id == return_id)).one_or_none()


def history_of(return_id: uuid.UUID) -> Sequence[tuple[ReturnStep, str]]:
    """What was done with a return, newest first, each with the name of the union that did it."""
    query = select(ReturnStep, Union).outerjoin(Union, Union.id == ReturnStep.union_id).where(ReturnStep.return_id == return_id)
    # Several steps may be of one instant: approved and counted, say.
    order = list(rules.VERDICTS)
    found = sorted(db.session.execute(query), key=lambda row: (row[0].at, order.index(row[0].verdict)), reverse=True)
    return [(step, union.name if union else "") for step, union in found]


def versions_of(found: Return) -> list[Return]:
    """All versions of the same word, the newest first."""
    query = select(Return).where(Return.union_id == found.union_id, Return.activity_id == found.activity_id, Return.month == found.month,
                                 Return.state != rules.DISCARDED)
    return list(db.session.scalars(query.order_by(Return.version.desc(), Return.created_at.desc())))


def month_choices(today: date) -> list[int]:
    """This month and the eleven before it, newest first, without those that are closed."""
    this, closed = month_number(today), closed_months()
    return [month for month in range(this, this - 12, -1) if month not in closed]
