"""What every step of a return leaves behind: a line of its history, an audit row, a message. All within the caller's act."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.core.formats import show_year_month
from competition.counting.service_facts import mark
from competition.notices import service as notices
from competition.organisations.queries import ancestors
from competition.returns import queries_approvals as reads
from competition.returns import rules
from competition.returns.models import Return, ReturnStep

LIST, WORK_LIST = "/participation/returns", "/participation/returns/waiting"
WAITING = "waiting"


def record_step(
    verdict: str, found: Return, actor: Actor, at: datetime, union_id: uuid.UUID | None = None, *, reason: str | None = None,
    **details: object,
) -> None:
    """A step in the return's history and its audit row."""
    db.session.add(ReturnStep(return_id=found.id, union_id=union_id or found.union_id, verdict=verdict, reason=reason, by_id=actor.id,
                              by_name=actor.name, at=at))
    audit.record(f"participation.return_{verdict}", actor=actor, subject=("return", found.id), at=at, reason=reason,
                 details={"number": found.number, "version": found.version, **details})


def needed(reason: str) -> str:
    """The reason as it stays on record; raises when there is none."""
    if not reason.strip():
        raise RuleBroken(_("请写明理由。"), code="reason", status=422, field="reason")
    return reason.strip()


def move_on(found: Return, node: uuid.UUID | None, actor: Actor, at: datetime) -> None:
    """To the next union, or into the figures."""
    chain = [union.id for union in ancestors(found.union_id)[1:] if union.level != "national"]
    found.waiting_at = rules.after(chain, node)
    if found.waiting_at is not None:
        return
    for old in db.session.scalars(select(Return).where(Return.id == found.supersedes_id, Return.state == rules.COUNTED).with_for_update()):
        old.state = rules.SUPERSEDED
        mark(old.activity_id, old.number)
    db.session.flush()
    found.state, found.counted_at = rules.COUNTED, at
    mark(found.activity_id, found.number)
    record_step("count", found, actor, at)


def tell_of(returns: Sequence[Return], at: datetime) -> None:
    """After a step: the union whose turn it now is, and whoever reported what is given back or counts. One message to each account,
    however many returns. No person is named, and no reason quoted: reasons may name somebody."""
    waiting = sorted((one for one in returns if one.waiting_at), key=lambda one: str(one.waiting_at))
    for union_id, of_union in groupby(waiting, lambda one: one.waiting_at):
        _tell(reads.deciders(union_id, at), WAITING, list(of_union), at)
    for state in (rules.RETURNED, rules.COUNTED):
        by_account: dict[uuid.UUID, list[Return]] = {}
        for one in (one for one in returns if one.state == state):
            for account in reads.reporters(one, at):
                by_account.setdefault(account, []).append(one)
        for account, own in by_account.items():
            _tell([account], state, own, at)


# What is said, by what happened: of one return, of several, and where the several are listed.
_ONE: dict[str, tuple[Any, Callable[[dict[str, Any]], Any]]] = {
    WAITING: (_("有一份活动上报等您审核"), lambda of: _("%(union)s上报了“%(contest)s”%(month)s 的参赛情况，轮到您所在的工会审核。", **of)),
    rules.RETURNED: (_("活动上报被退回修改"), lambda of: _(
        "%(union)s上报的“%(contest)s”%(month)s 的参赛情况被退回修改。请打开看理由，改好后再提交。", **of)),
    rules.COUNTED: (_("活动上报已计入参赛数字"), lambda of: _(
        "%(union)s上报的“%(contest)s”%(month)s 的参赛情况已由上级工会审核通过，计入参赛数字。", **of)),
}
_MANY: dict[str, tuple[Any, Callable[[int], Any], str]] = {
    WAITING: (_("有几份活动上报等您审核"), lambda n: _("%(n)s 份活动上报轮到您所在的工会审核。", n=n), WORK_LIST),
    rules.RETURNED: (_("几份活动上报被退回修改"), lambda n: _("%(n)s 份活动上报被退回修改。请打开看理由，改好后再提交。", n=n),
                     f"{LIST}?state=returned"),
    rules.COUNTED: (_("几份活动上报已计入参赛数字"), lambda n: _("%(n)s 份活动上报已由上级工会审核通过，计入参赛数字。", n=n),
                    f"{LIST}?state=counted"),
}


def _tell(accounts: Sequence[uuid.UUID], what: str, returns: Sequence[Return], at: datetime) -> None:
    first, kind = returns[0], f"participation.return_{what}"
    if len(returns) > 1:
        title, of_many, link = _MANY[what]
        notices.tell(accounts, kind=kind, title=title, body=of_many(len(returns)), link=link, at=at)
        return
    title, of_one = _ONE[what]
    # The month is written when its reader is known, as the sentence is.
    about = {"union": first.union.name_zh, "contest": first.activity.contest.name_zh, "month": LazyString(show_year_month, first.month)}
    notices.tell(accounts, kind=kind, title=title, body=of_one(about), link=f"{LIST}/{first.id}", at=at)
