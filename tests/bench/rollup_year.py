"""An invented year of participation, skewed as real ones are, made return by return.

45 counties, unions of very different sizes, contests of every level spread over the busy months. A return is one unit's people
in one contest. Most people stay with their unit all year; some move to another, some are named by two. Plain numbers: the
tables they go to are filled by ``fill``.
"""

import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import accumulate, islice
from typing import Any

from sqlalchemy import Connection, func, insert, select

from competition.contests.models import Contest
from competition.core.database import db
from competition.counting.models import REPORTED, Activity, Fact, Participant, Place, Standing
from competition.counting.rules import places
from competition.counting.rules_periods import BANDS, month_number
from competition.demo.year import MONTH_WEIGHT
from competition.organisations.models import Region, Union, UnionClosure
from competition.organisations.queries import ancestor_ids, union_of_region
from competition.organisations.rules import INDUSTRIES, UNIT_KINDS, WORKER_GROUPS

AT = datetime(2026, 12, 31, 12, tzinfo=UTC)
LEVELS = (("enterprise", 50), ("county", 30), ("prefecture", 13), ("province", 6), ("national", 1))
KINDS = (("skills", 45), ("labour", 25), ("drill", 15), ("five_small", 8), ("ankang", 5), ("knowledge", 2))
MOVERS, TWICE = 0.05, 0.01


def weighted(chance: random.Random, pairs: tuple[tuple[str, int], ...]) -> str:
    """One of the names, by weight."""
    return chance.choices([name for name, _w in pairs], [w for _n, w in pairs])[0]


@dataclass
class Year:
    """What was made: rows of facts as (participant, activity, standing, day), and what the numbers stand for."""

    facts: list[tuple[int, int, int, date]] = field(default_factory=list)
    standings: dict[tuple[object, ...], int] = field(default_factory=dict)
    persons: int = 0
    returns: int = 0


@dataclass
class Unit:
    """A grass-roots union: its place, its people from ``first`` on, the contests that it takes part in."""

    place: int
    first: int
    size: int
    industry: str
    ownership: str
    kind: str
    groups: list[str]
    contests: list[int]


def found(chance: random.Random, units: int, contests: int, *, is_counted: bool = True) -> tuple[list[int], list[date]]:
    """Unions and contests in the database, with their places and activities if these are not left to the first return (``is_counted``);
    the places of units, the days of activities."""
    with db.engine.execution_options(immediate=True, unguarded=True).begin() as connection:
        query = select(Region.code).where(Region.level == "county", Region.code.startswith("63")).order_by(Region.code)
        counties = list(connection.scalars(query))
        weights = [chance.paretovariate(1.2) for _ in counties]
        above = {code: (county.id, ancestor_ids(county.id)) for code in counties if (county := union_of_region(code))}
        rows: dict[type, list[dict[str, object]]] = {model: [] for model in (Union, UnionClosure, Place, Contest, Activity)}
        for number, code in enumerate(chance.choices(counties, weights, k=units)):
            one, (parent, path) = uuid.UUID(int=chance.getrandbits(128)), above[code]
            where = places(code)
            rows[Union].append({"id": one, "parent_id": parent, "level": "grassroots", "branch": "region", "region_code": code,
                                "name_zh": f"单位{number}", "valid_from": date(2020, 1, 1)})
            rows[UnionClosure] += [{"ancestor_id": over, "descendant_id": one, "depth": depth} for depth, over in enumerate([one, *path])]
            rows[Place].append({"id": number + 1, "union_id": one, "region_code": code, "prefecture_code": where.prefecture,
                                "province_code": where.province, "path": " ".join(each.hex for each in [one, *path])})
        days = sorted(date(2026, chance.choices(range(1, 13), MONTH_WEIGHT)[0], chance.randint(1, 28)) for _ in range(contests))
        for number, day in enumerate(days):
            one, code = uuid.UUID(int=chance.getrandbits(128)), chance.choices(counties, weights)[0]
            same = {"kind": weighted(chance, KINDS), "level": weighted(chance, LEVELS), "is_flagship": chance.random() < 0.1,
                    "industry": chance.choice(list(INDUSTRIES)), "region_code": code}
            rows[Contest].append({"id": one, "code": f"B{number}", "name_zh": f"竞赛{number}", "host_union_id": above[code][0], **same,
                                  "phase": "finished", "starts_on": day, "ends_on": day, "review_levels": [], "created_at": AT})
            rows[Activity].append({"id": number + 1, "contest_id": one, "union_id": above[code][0], **same})
        for model, some in rows.items():
            if is_counted or model not in (Place, Activity):
                connection.execute(insert(model), some)
    return list(range(1, units + 1)), days


def units_of(chance: random.Random, where: list[int], contests: int, persons: int) -> list[Unit]:
    """Every unit with its people and the contests that it takes part in."""
    sizes = [min(chance.paretovariate(1.1), 60) for _ in where]
    whole, firsts = sum(sizes), [0, *accumulate(sizes)]
    units = [Unit(place, 1 + int(persons * first / whole), 0, chance.choice(list(INDUSTRIES)), chance.choice(("public", "non_public")),
                  chance.choice(list(UNIT_KINDS)), ["none", "none", chance.choice(list(WORKER_GROUPS))], [])
             for place, first in zip(where, firsts, strict=False)]
    for unit, after in zip(units, [*(each.first for each in units[1:]), persons + 1], strict=True):
        unit.size = after - unit.first
        unit.contests = sorted(chance.sample(range(1, contests + 1), min(contests, 3 + int(chance.paretovariate(1.1)))))
    return units


def make(chance: random.Random, where: list[int], days: list[date], persons: int, participations: int) -> Year:
    """The year: every unit's returns, one after another, until there are enough participations."""
    year, units = Year(persons=persons), units_of(chance, where, len(days), persons)
    turn = returns(chance, units)
    while len(year.facts) < participations:
        unit, contest, people = next(turn)
        year.returns += 1
        for number in people:
            year.facts.append((number, contest, _standing(year, unit, units, number, days[contest - 1]), days[contest - 1]))
    _every_person(chance, year, units, days, participations)
    return year


def returns(chance: random.Random, units: list[Unit]) -> Iterator[tuple[Unit, int, list[int]]]:
    """One unit's people in one contest, each pair once; when all are used up, units take part in more contests."""
    while True:
        pairs = [(unit, contest) for unit in units if unit.size for contest in unit.contests]
        chance.shuffle(pairs)
        for unit, contest in pairs:
            share = min(1.0, chance.betavariate(1.2, 2.5))
            count = max(1, int(unit.size * share))
            # The same keen ones come again and again: the front of the unit's list.
            reach = min(unit.size, int(count * 1.6) + 1)
            yield unit, contest, chance.sample(range(unit.first, unit.first + reach), min(count, reach))
        highest = max(contest for unit in units for contest in unit.contests)
        for unit in units:
            fresh = chance.sample(range(1, highest + 1), 4)
            unit.contests = [contest for contest in fresh if contest not in unit.contests]


def _standing(year: Year, unit: Unit, units: list[Unit], number: int, day: date) -> int:
    """What is true of this person on that day: who moved stands elsewhere from summer on."""
    mixed = number * 2654435761 % 2**32
    is_moved, is_twice = mixed % 10_000 < MOVERS * 10_000, mixed % 10_000 >= (1 - TWICE) * 10_000
    if (is_moved and day.month > 6) or (is_twice and day.day % 2):
        unit = units[mixed // 10_000 % len(units)]
    values = (unit.place, unit.industry, unit.ownership, unit.kind,
              unit.groups[mixed // 7 % 3], "FM"[mixed // 11 % 2], BANDS[mixed // 13 % 5][1])
    return year.standings.setdefault(values, len(year.standings) + 1)


def _every_person(chance: random.Random, year: Year, units: list[Unit], days: list[date], participations: int) -> None:
    """Nobody is left out: who was in no return takes part once, in place of as many of the last ones; nobody twice in a contest."""
    seen = {number for number, *_rest in year.facts}
    alone = [(number, unit) for unit in units for number in range(unit.first, unit.first + unit.size) if number not in seen]
    rows = {(row[0], row[1]): row for row in islice(year.facts, max(0, participations - len(alone)))}
    for number, unit in alone:
        contest = chance.choice(unit.contests or [1])
        rows[number, contest] = (number, contest, _standing(year, unit, units, number, days[contest - 1]), days[contest - 1])
    year.facts = sorted(rows.values(), key=lambda row: (row[3], row[1]))


def fill(year: Year) -> None:
    """The rows into the tables of the application, as if all had been taken over; the cells are left for a count."""
    people = ((number, f"bench:{number}") for number in range(1, year.persons + 1))
    standings = ((number, *values) for values, number in year.standings.items())
    facts = ((number, who, what, REPORTED, how, day, AT) for number, (who, what, how, day) in enumerate(year.facts, 1))
    counted = ((who, what, number, how, month_number(day))
               for who, what, how, day, number in sorted((*row, number) for number, row in enumerate(year.facts, 1)))
    personal = ("industry", "ownership", "unit_kind", "worker_group", "sex", "age_band")
    with db.engine.execution_options(immediate=True, unguarded=True).begin() as connection:
        _copy(connection, "participant", ("id", "key"), people)
        _copy(connection, "standing", ("id", "place_id", *personal), standings)
        _copy(connection, "fact", ("id", "participant_id", "activity_id", "origin", "standing_id", "present_on", "created_at"), facts)
        _copy(connection, "counted", ("participant_id", "activity_id", "fact_id", "standing_id", "month"), counted)
        if connection.dialect.name == "postgresql":
            for model in (Participant, Standing, Fact, Place, Activity):
                highest = select(func.max(model.id)).scalar_subquery()
                connection.execute(select(func.setval(func.pg_get_serial_sequence(model.__tablename__, "id"), highest)))
    with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if connection.dialect.name == "postgresql" else "ANALYZE")
    db.session.rollback()


def _copy(connection: Connection, table: str, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """As quickly as the driver can."""
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(names))
        plain = (tuple(map(_plain, row)) for row in rows)
        cursor.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", plain)  # noqa: S608 - names of ours
    cursor.close()


def _plain(value: Any) -> Any:
    """As SQLite's columns hold it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value
