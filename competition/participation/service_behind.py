"""Unions behind are reminded: written at once, sent when the quiet hours are over, once a week at most."""

import uuid
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, get
from competition.core.errors import RuleBroken
from competition.notices import service as notices
from competition.participation import queries_lagging as reads
from competition.participation import rules_behind as rules
from competition.participation.models_behind import Reminder, ReminderRule

REMIND, SEND = "participation.remind", "participation.send_reminders"


def remind(year: int, on: date, zone: ZoneInfo, *, actor: Actor, at: datetime) -> int:
    """Write to every union that is behind and was not written to this week; returns to how many."""
    with atomic() as session:
        hours = _hours()
        # Whoever writes at the same time waits here, and then finds what was written.
        session.get(ReminderRule, 1, with_for_update=True, populate_existing=True)
        due_at = rules.next_allowed(at.astimezone(zone), *hours[0], weekends=hours[1]).astimezone(UTC)
        last = reads.last_reminded()
        found = [one for one in reads.behind(year, on) if rules.is_due(last.get(one.union.id), at)]
        for one in found:
            said = {"light": one.outlook.light, "persons": one.outlook.progress.persons, "target": one.outlook.target,
                    "expected": one.outlook.expected, "contests": len(one.contests), "silent": len(one.silent)}
            session.add(Reminder(union_id=one.union.id, year=year, scope_code=one.outlook.scope, said=said, made_at=at, due_at=due_at))
        if found:
            audit.record("participation.remind", actor=actor, subject=("year", year), at=at, details={"count": len(found)})
    return len(found)


def _hours() -> tuple[tuple[time, time], bool]:
    found = reads.rule()
    if found is None:
        return (rules.QUIET_FROM, rules.QUIET_TO), True
    return (rules.clock_of(found.quiet_from), rules.clock_of(found.quiet_to)), found.weekends


def may_send(at: datetime, zone: ZoneInfo) -> bool:
    """Is it no quiet hour?"""
    (quiet_from, quiet_to), weekends = _hours()
    return rules.next_allowed(at.astimezone(zone), quiet_from, quiet_to, weekends=weekends) == at


def send(reminder_id: uuid.UUID, *, actor: Actor, at: datetime) -> int:
    """Tell the clerks of its union; returns how many. One that was sent is not sent again."""
    with atomic():
        found = get(Reminder, reminder_id, lock=True)
        if found.sent_at is not None:
            return 0
        said, readers = found.said, reads.clerks_of(found.union_id, at)
        notices.tell(
            readers, kind="participation.remind", at=at, link=f"/participation/targets/{found.scope_code}/behind?year={found.year}",
            title=_("%(year)s年参赛目标进度落后", year=found.year),
            body=_("应完成 %(expected)s 人，已完成 %(persons)s 人；已登记未开始的赛事 %(contests)s 项，上月未上报的工会 %(silent)s 个。",
                   expected=said["expected"], persons=said["persons"], contests=said["contests"], silent=said["silent"]))
        found.sent_at, found.readers = at, len(readers)
        audit.record("participation.send_reminder", actor=actor, subject=("union", found.union_id), at=at,
                     details={"year": found.year, "readers": len(readers)})
    return len(readers)


def set_rule(is_on: bool, quiet_from: str, quiet_to: str, *, weekends: bool, actor: Actor, at: datetime) -> None:
    """When the clock reminds, and when it does not send."""
    if rules.clock_of(quiet_from, "quiet_from") == rules.clock_of(quiet_to, "quiet_to"):
        raise RuleBroken(_("开始和结束不能是同一时刻。"), code="quiet", status=422, field="quiet_to")
    with atomic() as session:
        found = session.get(ReminderRule, 1, with_for_update=True)
        if found is None:
            found = ReminderRule(id=1)
            session.add(found)
        found.is_on, found.weekends, found.set_by, found.set_at = is_on, weekends, actor.id, at
        found.quiet_from, found.quiet_to = (str(rules.clock_of(text))[:5] for text in (quiet_from, quiet_to))
        audit.record("participation.set_reminders", actor=actor, subject=("reminders", "rule"), at=at, details={
            "on": is_on, "first": found.quiet_from, "until": found.quiet_to, "full": weekends})
