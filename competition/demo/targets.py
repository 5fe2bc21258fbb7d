"""Targets of the demonstration: last year's months, the year's target given out among the places, and returns that look doubtful."""

from sqlalchemy import select

from competition.core.database import db
from competition.counting.models import Activity
from competition.counting.rules_periods import month_number
from competition.counting.rules_scopes import WHOLE
from competition.counting.service_facts import Told
from competition.demo.setting import Setting
from competition.demo.year import counties
from competition.participation import queries_parts, service_doubts, service_targets
from competition.participation.queries_targets import persons_of
from competition.participation.rules_targets import by_shape
from competition.returns import service as service_returns

# Persons so far of the year before, busy in summer; what is given out of the target, in per cent.
LAST_YEAR = (6_000, 15_000, 42_000, 84_000, 146_000, 208_000, 256_000, 305_000, 343_000, 369_000, 388_000, 400_000)
GIVEN = 90
ALIKE, PEOPLE, COUNTIES = 12, 40, ("630224", "630225")


def add(setting: Setting) -> None:
    """Everything by the services, in the name of the province's office."""
    actor, at, year = setting.actor("organizer"), setting.at, setting.today.year
    service_targets.tell_months(WHOLE, year - 1, LAST_YEAR, is_so_far=True, actor=actor, at=at)
    whole = queries_parts.node(WHOLE)
    if whole is None:
        return
    parts = queries_parts.parts(whole, year)
    shares = by_shape(500_000 * GIVEN // 100, persons_of([part.scope for part in parts], year) or {part.scope: 1 for part in parts})
    for scope, share in shares.items():
        if share:
            figures = [so_far * share // (500_000 * GIVEN // 100) for so_far in LAST_YEAR]
            service_targets.tell_months(scope, year - 1, figures, is_so_far=True, actor=actor, at=at)
    wanted: dict[str, int | None] = {scope: share for scope, share in shares.items() if share}
    service_targets.split_target(WHOLE, year, parts, wanted, how="shape", reason="年初工作会议确定（演示）", actor=actor, at=at)
    _add_returns(setting)
    service_doubts.look(setting.today, actor=actor, at=at)


def _add_returns(setting: Setting) -> None:
    """Two counties name some of the same people in one month."""
    month = month_number(setting.today)
    contests = list(db.session.scalars(select(Activity.contest_id).where(Activity.kind == "skills").order_by(Activity.id).limit(2)))
    some = [one for one in counties() if one[0] in COUNTIES]
    for number, ((region, union_id), contest_id) in enumerate(zip(some, contests, strict=False)):
        first = number * (PEOPLE - ALIKE)
        told = [Told(f"demo-roster-{n}", setting.today, union_id, region) for n in range(first, first + PEOPLE)]
        made = service_returns.begin_return(union_id, contest_id, month, "roster", actor=setting.actor("county_clerk"), at=setting.at)
        service_returns.put_roster(made.id, told, actor=setting.actor("county_clerk"), at=setting.at)
        service_returns.submit_return(made.id, actor=setting.actor("county_clerk"), at=setting.at)
