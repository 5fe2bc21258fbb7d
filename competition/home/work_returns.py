"""What waits on a desk about participation: returns to decide, to mend, to hand up, to begin; targets that the unit is behind."""

from datetime import datetime
from typing import Any
from uuid import UUID

from competition.core.access import scopes_of
from competition.core.actors import Actor
from competition.core.formats import in_zone, show_year_month
from competition.core.words import say as _
from competition.counting.rules_periods import month_code
from competition.home.rules_building import to, waited
from competition.home.rules_facts import Link
from competition.home.rules_work import Task
from competition.participation.queries_lagging import behind
from competition.returns import queries_reporting as reporting
from competition.returns.rules import DRAFT, RETURNED

# More missing returns than this are one line.
TOGETHER = 2


def return_tasks(actor: Actor, at: datetime, zone: str) -> list[Task]:
    """All of them; ``zone``: in which days are counted."""
    mine = _returns(actor, at, zone) if actor.holds("clerk", "organizer") else []
    return [*mine, *_behind(actor, at, zone)]


def _returns(actor: Actor, at: datetime, zone: str) -> list[Task]:
    """Returns that wait for the actor's union, that came back to it, and drafts of months that are over and not closed yet."""
    today, found = in_zone(at, zone).date(), list[Task]()
    count, since = reporting.count_turn(actor)
    if count and since:
        words = _("%(n)s 份活动上报待审核，最早的%(waited)s", n=count, waited=waited(in_zone(since, zone).date(), today))
        found.append(Task(words, to("returns.waiting_returns", _("去审核")), since=since))
    own = reporting.unfinished(actor, today.year * 12 + today.month - 1)
    if RETURNED in own:
        count, since, only = own[RETURNED]
        found.append(Task(_("%(n)s 份活动上报被退回修改", n=count), _to_own(RETURNED, _("去修改"), only), since=since))
    if DRAFT in own:
        count, since, only = own[DRAFT]
        words = _("%(n)s 份以前月份的活动上报还是草稿，截止以后不能再提交", n=count)
        found.append(Task(words, _to_own(DRAFT, _("去提交"), only), since=since))
    return found + (_unreported(actor, today.year * 12 + today.month - 2) if actor.holds("clerk") else [])


def _to_own(state: str, words: Any, only: UUID | None) -> Link:
    """Where there is one, its page; where there are several, the list of them."""
    if only is not None:
        return to("returns.one_return", words, return_id=only)
    return to("returns.returns", words, state=state, whose="own")


def _unreported(actor: Actor, month: int) -> list[Task]:
    """What the own unions by habit report and have not begun to for the last month: straight to beginning it."""
    due, words = reporting.unreported(actor, month), show_year_month(month)
    if len(due) > TOGETHER:
        return [Task(_("%(month)s还有 %(n)s 项活动没有上报，先是“%(name)s”", month=words, n=len(due), name=due[0][1].name),
                     to("returns.choose_activity", _("去上报"), month=month_code(month), union=due[0][0].id), due[0][0].name)]
    return [Task(_("“%(name)s”%(month)s的参加情况还没有上报", name=contest.name, month=words), to(
        "returns.begin_return", _("去上报"), contest_id=contest.id, union=union.id, month=month_code(month)), union.name)
        for union, contest in due]


def _behind(actor: Actor, at: datetime, zone: str) -> list[Task]:
    """What a clerk's own union has registered and not begun, and who of it has not reported, while it is behind its target."""
    today, own = in_zone(at, zone).date(), scopes_of(actor, "union", "clerk")
    found = []
    for one in behind(today.year, today, own) if own else []:
        link = to("participation.behind", _("看名单"), scope=one.outlook.scope)
        if one.contests:
            words = _("参赛目标进度落后：%(n)s 项赛事已登记还没有开始，先是“%(name)s”", n=len(one.contests), name=one.contests[0].name)
            found.append(Task(words, link, one.union.name))
        # What the own union has not reported stands on the desk by itself, with the way to it.
        if silent := [union for union in one.silent if union.id not in own]:
            words = _("参赛目标进度落后：%(n)s 个工会上月没有上报，先是“%(name)s”", n=len(silent), name=silent[0].name)
            found.append(Task(words, link, one.union.name))
    return found
