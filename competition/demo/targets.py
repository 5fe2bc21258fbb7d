"""Targets of the demonstration: last year's months, the year's target given out among the places, and returns that look doubtful."""

from sqlalchemy import select

from competition.contests.models import Contest
from competition.core.actors import Actor
from competition.core.database import db
from competition.counting.rules_periods import month_number
from competition.counting.rules_scopes import WHOLE
from competition.counting.service_facts import Told
from competition.demo.setting import Setting
from competition.demo.year import counties
from competition.participation import queries_parts, service_doubts, service_targets
from competition.participation.queries_targets import persons_of
from competition.returns import service as service_returns

# Persons so far of the year before, as a shape of a year that is busy in summer.
SHAPE = (6_000, 15_000, 42_000, 84_000, 146_000, 208_000, 256_000, 305_000, 343_000, 369_000, 388_000, 400_000)
# How far the year has come beside where it should be, in per cent: of the whole, and of the prefectures one after another, so that all
# three lights are to be seen.
DONE, DONE_OF_PARTS = 85, (97, 84, 102, 91, 76, 99, 88, 94)
ALIKE, PEOPLE, COUNTIES = 12, 40, ("630224", "630225")


def add(setting: Setting) -> None:
    """Everything by the services, in the name of the province's office."""
    actor, at, year = setting.actor("organizer"), setting.at, setting.today.year
    whole = queries_parts.node(WHOLE)
    if whole is None:
        return
    parts = queries_parts.parts(whole, year)
    persons = persons_of([WHOLE, *(part.scope for part in parts)], year)
    wanted: dict[str, int | None] = {part.scope: goal(persons[part.scope], setting.today.month, DONE_OF_PARTS[number % len(DONE_OF_PARTS)])
                                     for number, part in enumerate(parts) if persons.get(part.scope)}
    total = goal(persons.get(WHOLE, 0), setting.today.month, DONE)
    service_targets.set_target(year, total, total * 9 // 10, actor=actor, at=at)
    for scope, share in {WHOLE: total, **wanted}.items():
        figures = [so_far * (share or 0) * 9 // 10 // SHAPE[-1] for so_far in SHAPE]
        service_targets.tell_months(scope, year - 1, figures, is_so_far=True, actor=actor, at=at)
    service_targets.split_target(WHOLE, year, parts, wanted, how="shape", reason="年初工作会议确定（演示）", actor=actor, at=at)
    _add_returns(setting)
    service_doubts.look(setting.today, actor=actor, at=at)


def goal(persons: int, month: int, done: int) -> int:
    """The target of a year in whose ``month`` ``persons`` are ``done`` per cent of what they should be, rounded to tens."""
    return max(persons * SHAPE[-1] * 100 // (SHAPE[month - 1] * done) // 10 * 10, 10)


def _add_returns(setting: Setting) -> None:
    """Two counties name some of the same people in one month."""
    month = month_number(setting.today)
    contests = list(db.session.scalars(select(Contest.id).where(Contest.code.in_(("YSAK", "YSLD"))).order_by(Contest.code)))
    some = [one for one in counties() if one[0] in COUNTIES]
    for number, ((region, union_id), contest_id) in enumerate(zip(some, contests, strict=False)):
        first = number * (PEOPLE - ALIKE)
        told = [Told(f"demo-roster-{n}", setting.today, union_id, region) for n in range(first, first + PEOPLE)]
        clerk = setting.actor("county_clerk") if region == COUNTIES[0] else Actor("system", name="演示·邻县审核员")
        made = service_returns.begin_return(union_id, contest_id, month, "roster", actor=clerk, at=setting.at)
        service_returns.put_roster(made.id, told, actor=clerk, at=setting.at)
        service_returns.submit_return(made.id, actor=clerk, at=setting.at)
