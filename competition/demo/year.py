"""A year of participation: contests all over the province and the persons who took part in them.

The facts come in bulk as reported by the unions (source ``return``): they show the dashboard at its
real size. Participation is skewed as real participation is: some counties are large, some months busy.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, db, get
from competition.counting.models import REPORTED
from competition.counting.rules import HOME_PROVINCE
from competition.counting.service_facts import Standings, Told, activity_of, add
from competition.demo.names import Invented, invent
from competition.demo.people import SLICE, add_people, key_of, new_id
from competition.organisations.models import Region, Union
from competition.organisations.queries import region_names, union_of_region

TRADES = (
    ("快递员", "express", "courier", "non_public"), ("网约配送员", "other", "food_delivery", "non_public"),
    ("货车司机", "transport", "truck_driver", "non_public"), ("拉面制作", "catering", "lamian", "non_public"),
    ("砌筑工", "construction", "none", "public"), ("电工", "energy", "none", "public"), ("焊工", "manufacturing", "none", "public"),
    ("护工护理员", "health", "care_worker", "public"), ("家政服务员", "other", "domestic", "non_public"),
)
MONTH_WEIGHT = (3, 2, 6, 9, 14, 13, 9, 8, 12, 11, 8, 5)


@dataclass(frozen=True)
class Held:
    """A contest that was held somewhere on a day."""

    id: uuid.UUID
    region: str
    union_id: uuid.UUID
    day: date
    group: str
    ownership: str
    industry: str


def counties() -> list[tuple[str, uuid.UUID]]:
    """Every county of the home province with its union."""
    query = select(Region.code, Union.id).join(Union, Union.region_code == Region.code)
    home = (Region.level == "county") & Region.parent_code.startswith(HOME_PROVINCE[:2])
    return [(code, union_id) for code, union_id in db.session.execute(query.where(home).order_by(Region.code))]


def days_of(random: Random, today: date, count: int) -> list[date]:
    """Days of this year up to today, more of them in the busy months."""
    first = date(today.year, 1, 1)
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    return sorted(random.choices(days, weights=[MONTH_WEIGHT[d.month - 1] for d in days], k=count))


def add_contests(random: Random, at: datetime, today: date, count: int) -> list[Held]:
    """Finished contests of counties, one day each."""
    home = union_of_region(HOME_PROVINCE)
    if home is None:
        raise LookupError(HOME_PROVINCE)
    places_ = counties()
    names = region_names()
    weights = [random.paretovariate(1.3) for _ in places_]
    held: list[Held] = []
    rows: list[dict[str, Any]] = []
    for number, day in enumerate(days_of(random, today, count)):
        region, union_id = random.choices(places_, weights=weights)[0]
        trade, industry, group, ownership = TRADES[number % len(TRADES)]
        contest = Held(new_id(random), region, union_id, day, group, ownership, industry)
        rows.append(_contest_row(contest, f"{names[region]}{day.year}年{trade}技能竞赛（演示）", number, trade, at))
        held.append(contest)
    with atomic() as session:
        session.execute(insert(Contest), rows)
        audit.record("demo.contests", actor=SYSTEM, subject=("contest", "many"), at=at, details={"count": len(rows)})
    return held


def _contest_row(contest: Held, name: str, number: int, trade: str, at: datetime) -> dict[str, Any]:
    return {
        "id": contest.id, "code": f"YS{contest.day:%y}{number:04d}", "name_zh": name, "host_union_id": contest.union_id,
        "kind": "skills", "level": "county", "trade": trade, "industry": contest.industry, "region_code": contest.region,
        "phase": "finished", "starts_on": contest.day, "ends_on": contest.day, "is_demo": True, "created_at": at,
        "review_levels": [], "summary": "演示数据：各县区上报的竞赛，用来显示全年参赛人数。",
    }


def add_year(random: Random, at: datetime, today: date, persons: int, *, start: int, contests: int = 60, actor: Actor = SYSTEM) -> int:
    """``persons`` distinct people who took part this year, some of them more than once; returns the facts made."""
    held = add_contests(random, at, today, contests)
    sizes = [random.paretovariate(1.6) for _ in held]
    activities, standings = _activities(held, at), Standings()
    made = 0
    people: list[Invented] = list(invent(random, persons, start))
    add_people(people, random, at, contactable=False)
    for first in range(0, len(people), SLICE):
        told: dict[uuid.UUID, list[Told]] = {}
        for person in people[first:first + SLICE]:
            times = 1 + (random.random() < 0.28) + (random.random() < 0.06)
            # Drawn with weights, so the same contest can come up twice: a set of ids makes it one fact.
            chosen = {c.id: c for c in random.choices(held, weights=sizes, k=times)}
            for contest in chosen.values():
                told.setdefault(contest.id, []).append(_told(person, contest))
        count = sum(map(len, told.values()))
        with atomic():
            for contest_id, rows in told.items():
                add(activities[contest_id], REPORTED, rows, at, standings)
            audit.record("demo.facts", actor=actor, subject=("fact", "many"), at=at, details={"count": count})
        made += count
    return made


def _activities(held: list[Held], at: datetime) -> dict[uuid.UUID, int]:
    """By contest the number of its activity."""
    with atomic():
        found = {contest.id: activity_of(get(Contest, contest.id)).id for contest in held}
        audit.record("demo.activities", actor=SYSTEM, subject=("activity", "many"), at=at, details={"count": len(found)})
    return found


def _told(person: Invented, contest: Held) -> Told:
    return Told(
        key_of(person), contest.day, contest.union_id, contest.region, industry=contest.industry, ownership=contest.ownership,
        worker_group=contest.group, sex=person.sex, birth_year=person.born.year)
