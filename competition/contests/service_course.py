"""A contest's course: announced, started, finished; postponed, stopped, cancelled, resumed.

Every step leaves a row that the public page shows with its reason, and is told to whom it concerns.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from competition.contests import hooks, rules
from competition.contests.models import Contest, ContestChange
from competition.contests.queries import event_names, find_rulebook, load_rules
from competition.contests.service_contests import bodies_of, check_dates
from competition.contests.service_fit import check_fit, fit_of
from competition.contests.service_rulebooks import check_one_kind
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, get
from competition.core.errors import RuleBroken
from competition.core.formats import joined, show_date, together
from competition.core.languages import lines
from competition.notices.queries import public_notices
from competition.notices.service import tell

REASON_NEEDED = frozenset({"postpone", "stop", "cancel", "resume"})


@dataclass(frozen=True)
class Days:
    """New days of a contest; what is None stays, and the length of the contest stays with a new start."""

    starts_on: date | None = None
    ends_on: date | None = None
    registration_closes_at: datetime | None = None


def announce(
    contest_id: uuid.UUID, *, reason: str = "", despite: Collection[str] = (), actor: Actor, at: datetime,
) -> Contest:
    """The contest becomes public. Refused while it lacks what it must have, and while it lacks anything else that the person
    has not been shown: ``despite`` holds the endpoints (``rules.Lack``) of what was."""
    with atomic():
        contest = get(Contest, contest_id, lock=True)
        check_move(contest, "announce")
        if hooks.is_kept_elsewhere(contest_id):
            raise RuleBroken(_("这是申报的竞赛活动，逐级核准后自动公布。"), code="kept_elsewhere")
        lacks = missing_of(contest)
        _refuse(_("还不能公布。"), [lack.sentence for lack in lacks if lack.forbids], "must_have")
        unseen = [lack.sentence for lack in lacks if lack.endpoint not in despite]
        _refuse(_("还没有公布：有的内容尚未填写，请核对。"), unseen, "still_lacking")
        return take_step(contest_id, "announce", reason, actor, at)


def _refuse(words: str, why: list[str], code: str) -> None:
    if why:
        raise RuleBroken(together(words, *why), code=code)


def missing_of(contest: Contest) -> list[rules.Lack]:
    """What the contest lacks before it is announced."""
    return rules.lacking(
        contest, kind=contest.kind, has_organiser=any(body.org_role == "organiser" for body in bodies_of(contest.id)),
        has_events=bool(event_names(contest.id)), has_rulebook=find_rulebook(contest.id) is not None,
        has_notice=bool(public_notices("contest", contest.id, limit=1)), unfit=fit_of(contest.id).sentences)


def start(contest_id: uuid.UUID, *, reason: str = "", actor: Actor, at: datetime) -> Contest:
    """The contest begins; every event needs its part in the rulebook."""
    with atomic():
        get(Contest, contest_id, lock=True)
        missing = events_without_rules(contest_id)
        if missing:
            raise RuleBroken(_("还不能开始：评分规则中没有这些项目：%(names)s。", names=joined(missing)), code="rules_missing")
        version = find_rulebook(contest_id)
        if version is not None:
            check_fit(contest_id)
            check_one_kind(contest_id, load_rules(version))
        return take_step(contest_id, "start", reason, actor, at)


def finish(contest_id: uuid.UUID, *, reason: str = "", actor: Actor, at: datetime) -> Contest:
    """The contest is over."""
    return take_step(contest_id, "finish", reason, actor, at)


def postpone(
    contest_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime, starts_on: date | None = None,
    ends_on: date | None = None, registration_closes_at: datetime | None = None,
) -> Contest:
    """Put off, with new days if they are known already; registration rests until ``resume``."""
    return take_step(contest_id, "postpone", reason, actor, at, Days(starts_on, ends_on, registration_closes_at))


def stop(contest_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime) -> Contest:
    """Halted on the way; may be resumed or cancelled."""
    return take_step(contest_id, "stop", reason, actor, at)


def resume(
    contest_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime, starts_on: date | None = None,
    ends_on: date | None = None, registration_closes_at: datetime | None = None,
) -> Contest:
    """Goes on after a postponement or a stop, on new days if they are given."""
    return take_step(contest_id, "resume", reason, actor, at, Days(starts_on, ends_on, registration_closes_at))


def take_step(contest_id: uuid.UUID, change: str, reason: str, actor: Actor, at: datetime, days: Days | None = None,
              by: uuid.UUID | None = None) -> Contest:
    """One step of the course, with its row, its audit row and its messages; for the verbs of this room and of
    rooms that conduct contests of their own. ``by``: who asked for it,
    where ``actor`` approved it."""
    reason = reason.strip()
    if not reason and change in REASON_NEEDED:
        raise RuleBroken(_("请写明理由，它会公布在赛事页面上。"), code="reason_required", status=422, field="reason")
    with atomic() as session:
        contest = get(Contest, contest_id, lock=True)
        check_move(contest, change)
        before = [contest.phase, contest.condition]
        move = rules.MOVES[change]
        contest.phase, contest.condition = move.phase or contest.phase, move.condition or contest.condition
        contest.version += 1
        changed = {"state": [before, [contest.phase, contest.condition]], **_take_days(contest, days or Days())}
        session.add(ContestChange(contest_id=contest_id, change=change, reason=reason, by_id=by or actor.id, at=at))
        session.flush()
        audit.record(f"contests.{change}", actor=actor, subject=("contest", contest_id), at=at, chain=contest_id,
                     reason=reason or None, details={"version": contest.version, "changed": changed})
        _tell(contest, change, reason, at)
    return contest


def check_move(contest: Contest, change: str) -> None:
    """Raise unless the step is allowed from where the contest stands."""
    if not rules.can_move(contest, change):
        words = {"state": rules.state_words(contest), "change": str(rules.CHANGES[change])}
        raise RuleBroken(_("赛事现在的状态是“%(state)s”，不能办理“%(change)s”。", **words), code="bad_move")


def _take_days(contest: Contest, days: Days) -> dict[str, list[object]]:
    wanted: dict[str, object] = {}
    if days.starts_on:
        wanted["starts_on"] = days.starts_on
        wanted["ends_on"] = days.ends_on or days.starts_on + (contest.ends_on - contest.starts_on)
    elif days.ends_on:
        wanted["ends_on"] = days.ends_on
    if days.registration_closes_at:
        wanted["registration_closes_at"] = days.registration_closes_at
    changed = {name: [getattr(contest, name), new] for name, new in wanted.items() if getattr(contest, name) != new}
    for name, (_old, new) in changed.items():
        setattr(contest, name, new)
    check_dates(contest)
    return changed


def _tell(contest: Contest, change: str, reason: str, at: datetime) -> None:
    """A message to everybody whom the rooms above name, with the days as they are now; each in the own language."""
    first, last = (LazyString(show_date, day) for day in (contest.starts_on, contest.ends_on))
    days = lazy_gettext("比赛日期：%(first)s 至 %(last)s。", first=first, last=last) if change != "cancel" else ""
    why = lazy_gettext("理由：%(reason)s", reason=reason) if reason else ""
    tell(hooks.accounts_concerned(contest.id), kind=f"contests.{change}", body=lines(why, days), link=f"/contests/{contest.id}", at=at,
         title=lazy_gettext("%(name)s：%(change)s", name=contest.name_zh, change=rules.CHANGES[change]))


def events_without_rules(contest_id: uuid.UUID) -> list[str]:
    """The names of events that the rulebook in force does not know."""
    version = find_rulebook(contest_id)
    known = {event.key for event in load_rules(version).events} if version else set()
    return [name for key, name in event_names(contest_id).items() if key not in known]
