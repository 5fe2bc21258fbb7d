"""A contest's course: announced, started, finished; postponed, stopped, cancelled, resumed.

Every step has a reason, leaves a row that the public page shows, and is told to whom it concerns.
"""

import uuid
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from competition.contests import hooks, rules
from competition.contests.models import Contest, ContestChange, Event
from competition.contests.queries import find_rulebook, load_rules
from competition.contests.service_contests import check_dates
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken


def announce(contest_id: uuid.UUID, *, reason: str = "", actor: Actor, at: datetime) -> Contest:
    """The contest becomes public."""
    return _move(contest_id, "announce", reason, actor, at)


def start(contest_id: uuid.UUID, *, reason: str = "", actor: Actor, at: datetime) -> Contest:
    """The contest begins; every event needs its part in the rulebook."""
    with atomic():
        if get(Contest, contest_id, lock=True).phase == "announced":
            missing = events_without_rules(contest_id)
            if missing:
                raise RuleBroken(_("还不能开始：评分规则中没有这些项目：%(names)s。", names="、".join(missing)), code="rules_missing")
        return _move(contest_id, "start", reason, actor, at)


def finish(contest_id: uuid.UUID, *, reason: str = "", actor: Actor, at: datetime) -> Contest:
    """The contest is over."""
    return _move(contest_id, "finish", reason, actor, at)


def postpone(
    contest_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime, starts_on: date | None = None, ends_on: date | None = None,
) -> Contest:
    """Put off, with new days if they are known already; registration rests until ``resume``."""
    with atomic():
        contest = _move(contest_id, "postpone", reason, actor, at)
        _new_days(contest, starts_on, ends_on, actor, at)
        return contest


def stop(contest_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime) -> Contest:
    """Halted on the way; may be resumed or cancelled."""
    return _move(contest_id, "stop", reason, actor, at)


def cancel(contest_id: uuid.UUID, *, confirm_name: str, reason: str, actor: Actor, at: datetime) -> Contest:
    """Called off for good; who does it writes the contest's name."""
    with atomic():
        contest = get(Contest, contest_id, lock=True)
        if confirm_name.strip() != contest.name_zh:
            raise RuleBroken(_("输入的名称与赛事名称不一致，没有取消。"), code="name_differs", status=422, field="confirm_name")
        return _move(contest_id, "cancel", reason, actor, at)


def resume(
    contest_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime, starts_on: date | None = None, ends_on: date | None = None,
) -> Contest:
    """Goes on after a postponement or a stop, on new days if they are given."""
    with atomic():
        contest = _move(contest_id, "resume", reason, actor, at)
        _new_days(contest, starts_on, ends_on, actor, at)
        return contest


def _move(contest_id: uuid.UUID, change: str, reason: str, actor: Actor, at: datetime) -> Contest:
    word = str(rules.CHANGES[change])
    if not reason.strip() and change in ("postpone", "stop", "cancel", "resume"):
        raise RuleBroken(_("请写明理由，它会公布在赛事页面上。"), code="reason_required", status=422, field="reason")
    with atomic() as session:
        contest = get(Contest, contest_id, lock=True)
        if not rules.can_move(contest, change):
            raise RuleBroken(_("赛事现在的状态（%(state)s）不能办理“%(act)s”。", state=state_words(contest), act=word), code="bad_move")
        move, before = rules.MOVES[change], [contest.phase, contest.condition]
        contest.phase = move.phase or contest.phase
        contest.condition = move.condition or contest.condition
        contest.version += 1
        session.add(ContestChange(contest_id=contest_id, change=change, reason=reason.strip(), by_id=actor.id, at=at))
        session.flush()
        audit.record(f"contests.{change}", actor=actor, subject=("contest", contest_id), at=at, chain=contest_id,
                     reason=reason.strip() or None,
                     details={"version": contest.version, "by": actor.name,
                              "changed": {"state": [before, [contest.phase, contest.condition]]}})
    return contest


def _new_days(contest: Contest, starts_on: date | None, ends_on: date | None, actor: Actor, at: datetime) -> None:
    if starts_on is None and ends_on is None:
        return
    first = starts_on or contest.starts_on
    last = ends_on or first + (contest.ends_on - contest.starts_on)
    changed = {"starts_on": [contest.starts_on, first], "ends_on": [contest.ends_on, last]}
    contest.starts_on, contest.ends_on = first, last
    check_dates(contest)
    audit.record("contests.change", actor=actor, subject=("contest", contest.id), at=at, chain=contest.id,
                 details={"version": contest.version, "by": actor.name, "changed": changed})


def state_words(contest: Contest) -> str:
    """Phase and, when it is not the normal one, condition."""
    words = str(rules.PHASES[contest.phase])
    return words if contest.condition == "normal" else f"{words}、{rules.CONDITIONS[contest.condition]}"


def events_without_rules(contest_id: uuid.UUID) -> list[str]:
    """The names of events that the rulebook in force does not know."""
    version = find_rulebook(contest_id)
    known = {event.key for event in load_rules(version).events} if version else set()
    events = db.session.scalars(select(Event).where(Event.contest_id == contest_id).order_by(Event.position))
    return [event.name_zh for event in events if event.key not in known]


def accounts_to_tell(contest_id: uuid.UUID) -> list[uuid.UUID]:
    """Whom a change concerns, as the rooms above say."""
    return hooks.accounts_concerned(contest_id)
