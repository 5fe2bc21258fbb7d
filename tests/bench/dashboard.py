"""The dashboard at 500,000 and at 5,000,000 participations: its first page and a list behind a figure, each beside its own template.

The year is made as ``rollup_year`` makes it, with bulk returns too, once small and once large, each in a database of its own; the cells
come from the application's own count of everything. Requests of both are interleaved, so that a machine that drifts slows both.
"""

import argparse
import random
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from competition.accounts.models import Account
from competition.core.database import db
from competition.counting import service, service_rollup
from competition.organisations.service import found_tree
from competition.participation.models_targets import Target
from competition.returns.models import Return
from tests.bench import rollup_year
from tests.bench.pages import Statements, captured
from tests.bench.report import finish, table
from tests.cast import make_cast, sign_in
from tests.house import build

PAGES = {
    "首页": "/participation/?year=2026", "名单（全部）": "/participation/places/all/people?year=2026",
    "名单（市州）": "/participation/places/630200/people?year=2026",
    "名单（县区、行业）": "/participation/places/630224/people?year=2026&industry=energy",
    "名单（竞赛类型）": "/participation/places/all/people?year=2026&kind=labour",
    "上报（按总数）": "/participation/places/all/reported?year=2026",
    "上报（成效）": "/participation/places/all/reported?year=2026&measure=patents",
    "县区页": "/participation/places/630224?year=2026",
}


@dataclass
class Size:
    """One installation with its year."""

    participations: int
    app: Flask
    client: FlaskClient
    counter: Statements


def fill_returns(chance: random.Random, units: int, contests: int, count: int) -> None:
    """Counted returns, in bulk and with measures: their number grows with the year."""
    rows, seen = [], set()
    while len(rows) < count:
        place, activity, month = chance.randint(1, units), chance.randint(1, contests), 2026 * 12 + chance.randint(0, 11)
        if (place, activity, month) in seen:
            continue
        seen.add((place, activity, month))
        is_bulk = chance.random() < 0.2
        heads = chance.randint(10, 300)
        bulk = {"kind": "bulk", "heads": heads, "overlap": heads // 3} if is_bulk else {"kind": "roster", "heads": None, "overlap": None}
        rows.append({"id": uuid.UUID(int=chance.getrandbits(128)), "number": len(rows) + 1, "activity_id": activity, "month": month,
                     "place_id": place, "state": "counted", "version": 1, "created_at": rollup_year.AT, **bulk,
                     "measures": {"suggestions": chance.randint(0, 40), "patents": chance.randint(0, 2)}})
    with db.engine.execution_options(immediate=True, unguarded=True).begin() as connection:
        places = dict(connection.exec_driver_sql("SELECT id, union_id FROM place").all())
        for row in rows:
            row["union_id"] = uuid.UUID(str(places[row["place_id"]]))
        for first in range(0, len(rows), 5000):
            connection.execute(insert(Return), rows[first:first + 5000])


def make(folder: Path, participations: int, options: argparse.Namespace) -> Size:
    """A year of that size, counted whole; one that was kept is only opened."""
    folder.mkdir(parents=True, exist_ok=True)
    app, begun = build(folder), perf_counter()
    if folder.joinpath("made").exists():
        return opened(app, participations)
    with app.app_context():
        found_tree(rollup_year.AT)
        chance = random.Random(2026)
        where, days = rollup_year.found(chance, options.units, options.contests)
        rollup_year.fill(rollup_year.make(chance, where, days, participations * 5 // 12, participations))
        fill_returns(chance, options.units, options.contests, participations // 100)
        with db.engine.execution_options(immediate=True, unguarded=True).begin() as connection:
            connection.execute(insert(Target), [{"id": uuid.uuid4(), "year": 2026, "scope_code": code, "persons": participations // 3,
                                                 "set_at": rollup_year.AT} for code in ("all", "630100", "630200", "632800")])
        service_rollup.prove(rollup_year.AT)
        service.roll_up(at=rollup_year.AT, whole=False)
        make_cast().account("organizer")
        with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("ANALYZE")
        db.session.remove()
    folder.joinpath("made").touch()
    print(f"{participations:,} participations ready after {perf_counter() - begun:.0f} s", flush=True)
    return opened(app, participations)


def opened(app: Flask, participations: int) -> Size:
    """The installation with somebody signed in."""
    with app.app_context():
        client = sign_in(app.test_client(), db.session.scalars(select(Account)).one())
        counter = Statements(db.engine)
        db.session.remove()
    return Size(participations, app, client, counter)


def once(size: Size, address: str) -> tuple[float, float, int]:
    """Milliseconds of the page and of its template with the same values, and the statements."""
    with size.app.app_context(), captured(size.app) as rendered:
        before, begun = size.counter.count, perf_counter()
        answer = size.client.get(address)
        page, statements = perf_counter() - begun, size.counter.count - before
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        template, values = rendered[-1]
        with size.client:
            size.client.get(address)
            begun = perf_counter()
            template.render(values)
            return page * 1000, (perf_counter() - begun) * 1000, statements


def median(values: list[float]) -> float:
    """The one in the middle."""
    return sorted(values)[len(values) // 2]


def main() -> None:
    """Make both, ask in turns, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=500_000)
    parser.add_argument("--large", type=int, default=5_000_000)
    parser.add_argument("--units", type=int, default=2_000)
    parser.add_argument("--contests", type=int, default=3_000)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--keep", type=Path, help="a folder in which both installations stay and are found again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = options.keep or Path(folder)
        sizes = [make(where / name, count, options) for name, count in (("small", options.small), ("large", options.large))]
        rows: list[tuple[Any, ...]] = []
        for name, address in PAGES.items():
            found: list[list[tuple[float, float, int]]] = [[], []]
            for turn in range(options.times + 1):
                for which, size in enumerate(sizes):
                    measured = once(size, address)
                    if turn:
                        found[which].append(measured)
            small, large = ([median([m[column] for m in each]) for column in (0, 1)] for each in found)
            rows.append((name, small[0], large[0], large[0] / small[0], small[0] / small[1], large[0] / large[1], found[1][0][2]))
    table(["page", "small ms", "large ms", "large/small", "small/template", "large/template", "statements"], rows)
    finish("dashboard", {row[0]: dict(zip(("small_ms", "large_ms", "statements"), (row[1], row[2], row[6]), strict=True)) for row in rows},
           {"dashboard_5m_vs_500k": rows[0][3], "drill_down_5m_vs_500k": max(row[3] for row in rows[1:]),
            "page_vs_template": rows[0][5], "drill_down_vs_template": max(row[5] for row in rows[1:])})


if __name__ == "__main__":
    main()
