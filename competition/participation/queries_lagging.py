"""Unions behind their targets: which, what they have registered and not begun, who of them has not reported, whom to remind."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

from competition.accounts.models import Account, Grant
from competition.contests.models import Contest
from competition.core.database import db
from competition.counting.rules_periods import month_number
from competition.organisations.models import Union, UnionClosure
from competition.participation.models_behind import Reminder, ReminderRule
from competition.participation.models_targets import Target
from competition.participation.queries_targets import Outlook, outlooks
from competition.participation.rules_behind import missing
from competition.returns.models import Return
from competition.returns.rules import COUNTED, SUBMITTED

Ids = Collection[uuid.UUID]


@dataclass(frozen=True)
class Behind:
    """A union behind its target. ``contests``: registered and not begun, of it and those below; ``silent``: who by habit should have
    reported about the last month and has not."""

    union: Union
    outlook: Outlook
    contests: Sequence[Contest]
    silent: Sequence[Union]


def behind(year: int, on: date, only: Ids | None = None) -> list[Behind]:
    """All unions with a target whose light is not green (of ``only`` these), by attainment, the lowest first."""
    codes = [code for code in db.session.scalars(select(Target.scope_code).where(Target.year == year)) if code != "all"]
    unions = _unions_of(codes, only)
    stands = {scope: stand for scope, stand in outlooks(list(unions), year, on).items() if stand.light != "green" and not stand.is_over}
    ids = {unions[scope].id for scope in stands}
    contests, silent = _unstarted(ids, year), _silent(ids, month_number(on) - 1)
    rows = [Behind(unions[scope], stand, contests.get(unions[scope].id, []), silent.get(unions[scope].id, []))
            for scope, stand in stands.items()]
    return sorted(rows, key=lambda row: (row.outlook.progress.attainment, row.union.name_zh))


def _unions_of(codes: Sequence[str], only: Ids | None) -> dict[str, Union]:
    ids = [uuid.UUID(hex=code[2:]) for code in codes if code.startswith("u:")]
    regional = Union.region_code.in_(codes) & (Union.branch == "region") & Union.level.in_(("prefecture", "county"))
    query = select(Union).where(Union.valid_to.is_(None), or_(Union.id.in_(ids), regional))
    if only is not None:
        query = query.where(Union.id.in_(only))
    found: dict[str, Union] = {}
    for union in db.session.scalars(query):
        scope = f"u:{union.id.hex}"
        found[scope if scope in codes else union.region_code or ""] = union
    return found


def _unstarted(ids: Ids, year: int) -> dict[uuid.UUID, list[Contest]]:
    query = select(UnionClosure.ancestor_id, Contest).join(Contest, Contest.host_union_id == UnionClosure.descendant_id).where(
        UnionClosure.ancestor_id.in_(ids), Contest.phase == "announced", Contest.condition == "normal",
        Contest.starts_on.between(date(year, 1, 1), date(year, 12, 31)))
    found: dict[uuid.UUID, list[Contest]] = {}
    for union_id, contest in db.session.execute(query.order_by(Contest.starts_on, Contest.name_zh)):
        found.setdefault(union_id, []).append(contest)
    return found


def _silent(ids: Ids, month: int) -> dict[uuid.UUID, list[Union]]:
    query = select(UnionClosure.ancestor_id, Return.month, Return.union_id).join(Return, Return.union_id == UnionClosure.descendant_id)
    query = query.where(UnionClosure.ancestor_id.in_(ids), Return.month.in_((month, month - 1, month - 12)),
                        Return.state.in_((SUBMITTED, COUNTED)))
    reported: dict[uuid.UUID, dict[int, set[object]]] = {}
    for union_id, about, who in db.session.execute(query.distinct()):
        reported.setdefault(union_id, {}).setdefault(about, set()).add(who)
    lacking = {union_id: missing(months, month) for union_id, months in reported.items()}
    query_names = select(Union).where(Union.id.in_({one for some in lacking.values() for one in some})).order_by(Union.name_zh)
    names = list(db.session.scalars(query_names))
    return {union_id: [union for union in names if union.id in some] for union_id, some in lacking.items()}


def rule() -> ReminderRule | None:
    """The quiet hours, as somebody set them."""
    return db.session.get(ReminderRule, 1)


def last_reminded() -> dict[uuid.UUID, datetime]:
    """When each union's newest reminder was made."""
    return dict(db.session.execute(select(Reminder.union_id, func.max(Reminder.made_at)).group_by(Reminder.union_id)).all())


def reminders(limit: int = 50) -> list[Reminder]:
    """The newest reminders."""
    return list(db.session.scalars(select(Reminder).order_by(Reminder.made_at.desc(), Reminder.id).limit(limit)))


def due(at: datetime) -> list[uuid.UUID]:
    """Reminders whose hour has come."""
    return list(db.session.scalars(select(Reminder.id).where(Reminder.sent_at.is_(None), Reminder.due_at <= at).order_by(Reminder.due_at)))


def clerks_of(union_id: uuid.UUID, at: datetime) -> list[uuid.UUID]:
    """The active accounts that are clerks of exactly this union."""
    query = select(Grant.account_id).join(Grant.account).where(
        Grant.role == "clerk", Grant.scope_kind == "union", Grant.scope_id == union_id, Grant.valid_from <= at,
        or_(Grant.valid_to.is_(None), Grant.valid_to > at), Account.is_active)
    return list(db.session.scalars(query.distinct()))
