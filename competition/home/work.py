"""What waits for one person, gathered from all rooms, by a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import current_app
from sqlalchemy import func

from competition.accounts.models import HelpRequest
from competition.accounts.queries import HELPERS, help_requests
from competition.accounts.service_merge import clashes
from competition.contests.models import Contest
from competition.core.access import Scope, may
from competition.core.actors import Actor
from competition.core.approvals import Approval
from competition.core.config import Settings
from competition.core.database import db
from competition.core.formats import in_zone
from competition.core.words import say as _
from competition.home import rules_course
from competition.home.decisions import waiting_for
from competition.home.queries import active_contests, scopes_of_contests
from competition.home.queries_course import course_facts
from competition.home.rules_building import to, waited
from competition.home.rules_dates import DAY, review_last
from competition.home.rules_facts import CourseFacts, Step, Todo
from competition.home.rules_work import HELP_DAYS, Task, ordered
from competition.home.work_activities import activity_tasks
from competition.home.work_returns import return_tasks
from competition.operations.checks import check_public_url
from competition.operations.checks_backup import check_backup
from competition.participation.queries_doubts import waiting as doubts_waiting
from competition.registration import queries_work as registration
from competition.registration.queries_work import DeskLine

ZONE = "Asia/Shanghai"
# More things than this in one step are one line.
TOGETHER = 2


@dataclass(frozen=True)
class OwnContest:
    """A contest on the desk with its steps, as far as the reader has a part in them; ``scope``: what it belongs to."""

    contest: Contest
    scope: Scope
    steps: Sequence[Step]

    @property
    def tally(self) -> rules_course.Tally:
        """Its figures."""
        return rules_course.tally(self.steps)

    @property
    def next_step(self) -> Step | None:
        """The first step that is not done."""
        return next((step for step in self.steps if step.state not in ("done", "closed")), None)


@dataclass(frozen=True)
class Desk:
    """The work list of one person, the own contests, and for clerks those that take entries."""

    tasks: Sequence[Task]
    contests: Sequence[OwnContest]
    lines: Sequence[DeskLine]


def desk_of(actor: Actor, at: datetime) -> Desk:
    """Everything on a desk."""
    lines = registration.desk(actor) if may_review(actor) else []
    contests = own_contests(actor, at)
    tasks = [
        *_entries(lines, at), *_course(contests, actor.id), *(_approval(one) for one in waiting_for(actor, at)), *_help(actor, at),
        *_house(actor, at), *_clashes(actor, at), *_rosters(actor), *_leaderless(actor, lines), *activity_tasks(actor, at, ZONE),
        *return_tasks(actor, at, ZONE), *_doubts(actor),
    ]
    return Desk(ordered(tasks, at, ZONE), contests, lines)


def may_review(actor: Actor) -> bool:
    """Has the actor a part in registration at all?"""
    return actor.holds("clerk", "organizer")


def own_contests(actor: Actor, at: datetime) -> list[OwnContest]:
    """The contests that the actor works on, each with its course; who has some events alone, with those."""
    found = active_contests(actor, in_zone(at, ZONE).date())
    scopes, facts = scopes_of_contests([contest.id for contest in found]), course_facts(found, at)
    return [OwnContest(contest, scopes[contest.id], _steps(actor, contest, scopes[contest.id], facts[contest.id])) for contest in found]


def _steps(actor: Actor, contest: Contest, scope: Scope, facts: CourseFacts) -> list[Step]:
    """What the actor may look at; clerks and judges have pages of their own."""
    whole = may(actor, "contests.look", scope)
    own = [event.id for event in contest.events if may(actor, "contests.look", frozenset({("event", event.id)}))]
    return rules_course.course(rules_course.part_of(facts, whole, own)) if whole or own else []


# ---- the tasks -----------------------------------------------------------------------------------


def _entries(lines: Sequence[DeskLine], at: datetime) -> list[Task]:
    """What waits in a contest that rests is not late; in one that is cancelled nothing waits."""
    found = []
    for line in (line for line in lines if line.turn and line.since and line.contest.condition != "cancelled"):
        contest = line.contest
        last = review_last(contest, line.since) if contest.condition == "normal" else None
        days = waited(in_zone(line.since or at, contest.zone).date(), in_zone(at, contest.zone).date())
        found.append(Task(_("%(n)s 份报名待审核，最早的%(waited)s", n=line.turn, waited=days),
                          to("registration.review_list", _("去审核"), contest_id=contest.id, turn=1), contest.name, line.since, last))
        if line.back:
            found.append(Task(_("其中 %(n)s 份是退回后重新提交的", n=line.back),
                              to("registration.review_list", _("看这几份"), contest_id=contest.id, turn=1, back=1), contest.name,
                              line.since, last))
    return found


def _course(contests: Sequence[OwnContest], account: UUID | None) -> list[Task]:
    """The steps in which something waits for this account. Entries are on the list already, by contest; so are requests."""
    found = []
    for own in contests:
        mine: dict[str, tuple[Step, list[Todo]]] = {}
        for step, todo in rules_course.todos_of(own.steps, account):
            if not todo.is_request and step.key != "review":
                mine.setdefault(step.key, (step, []))[1].append(todo)
        found += [task for step, todos in mine.values() for task in _step_tasks(own.contest, step, todos)]
    return found


def _step_tasks(contest: Contest, step: Step, todos: Sequence[Todo]) -> list[Task]:
    """One line for each thing to do; where they are many, one for all, which leads to the contest's home."""
    if len(todos) > TOGETHER:
        words = _("%(step)s：%(n)s 件要办，先是：%(words)s", step=step.label, n=len(todos), words=todos[0].words)
        home = to("home.contest", _("去办"), contest_id=contest.id, _anchor=f"step-{step.key}")
        return [Task(words, home, contest.name, last=_last(todos[0]))]
    return [Task(_("%(step)s：%(words)s", step=step.label, words=todo.words), todo.link, contest.name, last=_last(todo))
            for todo in todos if todo.link]


def _last(todo: Todo) -> date | None:
    return todo.late_since - DAY if todo.late_since else None


def _approval(approval: Approval) -> Task:
    words = _("等您批准：%(summary)s（%(name)s 申请）", summary=approval.words, name=approval.asked_name)
    return Task(words, to("home.approval", _("看申请"), approval_id=approval.id), "", approval.asked_at, until=approval.expires_at)


def _help(actor: Actor, at: datetime) -> list[Task]:
    if not actor.holds(*HELPERS):
        return []
    open_ = help_requests(actor, "open").order_by(None).with_only_columns(func.count(), func.min(HelpRequest.created_at))
    count, first = db.session.execute(open_).one()
    if not count:
        return []
    since = in_zone(first, ZONE).date()
    words = _("%(n)s 份找回账号或证件异议的申请，最早的%(waited)s", n=count, waited=waited(since, in_zone(at, ZONE).date()))
    return [Task(words, to("accounts.help_list", _("去办理"), state="open"), "", first, since + HELP_DAYS * DAY)]


def _house(actor: Actor, at: datetime) -> list[Task]:
    """What the installation lacks and only its administrator can give: what is wrong is due today."""
    if not actor.holds("administrator"):
        return []
    settings: Settings = current_app.extensions["settings"]
    found = [one for one in (*check_backup(settings), *check_public_url(settings)) if one.level != "ok"]
    return [Task(_("系统运行：%(subject)s：%(said)s。%(todo)s", subject=one.subject, said=one.said, todo=one.todo),
                 to("operations.index", _("去查看")), last=in_zone(at, ZONE).date() if one.level == "wrong" else None) for one in found]


def _clashes(actor: Actor, at: datetime) -> list[Task]:
    """Accounts that turned out to be of one human being and hold what excludes each other: for who keeps the house safe."""
    found = clashes(at) if actor.holds("security_officer") else []
    return [Task(_("%(n)s 人的几个账号担任互斥的角色，请收回其中的角色，停用多余的账号", n=len(found)),
                 to("auditing.security", _("去查看")), last=in_zone(at, ZONE).date())] if found else []


def _rosters(actor: Actor) -> list[Task]:
    return [
        Task(_("名单“%(file)s”已读入 %(n)s 人，还没有导入", file=roster.file_name, n=roster.rows),
             to("registration.roster_preview", _("接着导入"), contest_id=contest.id, import_id=roster.id), contest.name,
             roster.created_at, _closes_on(contest))
        for roster, contest in (registration.unfinished_rosters(actor) if may_review(actor) else [])
    ]


def _leaderless(actor: Actor, lines: Sequence[DeskLine]) -> list[Task]:
    contests = {line.contest.id: line.contest for line in lines
                if line.contest.phase == "announced" and line.contest.condition == "normal"}
    counts = registration.leaderless_of_clerk(actor, contests) if actor.holds("clerk") else {}
    return [
        Task(_("%(n)s 支代表队还没有领队", n=count), to("registration.teams", _("去填写"), contest_id=contest_id, leader="none"),
             contests[contest_id].name, last=_closes_on(contests[contest_id]))
        for contest_id, count in counts.items()
    ]


def _doubts(actor: Actor) -> list[Task]:
    """What the province gave to the own unions to mend."""
    count = doubts_waiting(actor) if actor.holds("clerk") else 0
    words = _("核查清单：%(n)s 条上报数字交给您的工会改正", n=count)
    return [Task(words, to("participation.doubts", _("去查看"), state="given"))] if count else []


def _closes_on(contest: Contest) -> date | None:
    closes = contest.registration_closes_at
    return in_zone(closes, contest.zone).date() if closes else None
