"""Reads of months: what was reported for each, what is still on its way, who has reported nothing yet."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select

from competition.core.database import db
from competition.counting.rules import places
from competition.counting.rules_periods import month_code, month_number
from competition.organisations.models import Union
from competition.organisations.queries import region_names
from competition.returns import rules
from competition.returns.models import ClosedMonth, Return
from competition.returns.queries_reporting import shown

SAID = (rules.SUBMITTED, rules.RETURNED, rules.COUNTED, rules.SUPERSEDED)


@dataclass(frozen=True)
class Month:
    """A month: its returns by state, how many unions are missing that reported for the month before, when it was closed."""

    month: int
    states: Counter[str]
    missing: int
    closed_at: datetime | None

    @property
    def under_way(self) -> int:
        """Handed up and not counted yet."""
        return self.states[rules.SUBMITTED] + self.states[rules.RETURNED]

    @property
    def period(self) -> str:
        """The month as it is written: 2026-05."""
        return month_code(self.month)


def months_of(today: date, count: int = 13) -> list[Month]:
    """This month and those before it, newest first; three statements."""
    this = month_number(today)
    first = this - count
    states: dict[int, Counter[str]] = defaultdict(Counter)
    query = select(Return.month, Return.state, func.count()).where(Return.month >= first).group_by(Return.month, Return.state)
    for month, state, many in db.session.execute(query):
        states[month][state] = many
    said: dict[int, set[uuid.UUID]] = defaultdict(set)
    told = select(Return.month, Return.union_id).where(Return.month >= first, Return.state.in_(SAID)).distinct()
    for month, union in db.session.execute(told):
        said[month].add(union)
    closed = dict(db.session.execute(select(ClosedMonth.month, ClosedMonth.closed_at)).all())
    return [Month(month, states[month], len(said[month - 1] - said[month]), closed.get(month)) for month in range(this, first, -1)]


@dataclass
class Part:
    """A prefecture: the unions that reported for the month before and not for this one, and those whose returns are on their way."""

    name: str
    missing: list[tuple[Union, bool]] = field(default_factory=list)
    under_way: list[Return] = field(default_factory=list)


def parts_of(month: int) -> Sequence[Part]:
    """By prefecture what stands out for a month; each missing union with whether it has a draft. Four statements."""
    names = region_names()
    parts: dict[str, Part] = {}

    def part(union: Union) -> Part:
        code = places(union.region_code).prefecture
        return parts.setdefault(code, Part(names.get(code, code)))

    def unions(*states: str, of: int) -> set[uuid.UUID]:
        return set(db.session.scalars(select(Return.union_id).where(Return.month == of, Return.state.in_(states)).distinct()))

    drafts, missing = unions(rules.DRAFT, of=month), unions(*SAID, of=month - 1) - unions(*SAID, of=month)
    query = select(Union).where(Union.id.in_(missing), Union.valid_to.is_(None)).order_by(Union.region_code, Union.name_zh)
    for union in db.session.scalars(query):
        part(union).missing.append((union, union.id in drafts))
    for one in under_way(month):
        part(one.union).under_way.append(one)
    return [parts[code] for code in sorted(parts)]


def under_way(month: int) -> list[Return]:
    """What was handed up for a month and does not count yet."""
    query = shown(select(Return)).where(Return.month == month, Return.state.in_((rules.SUBMITTED, rules.RETURNED)))
    return list(db.session.scalars(query.order_by(Union.region_code, Return.created_at)))
