"""A year of participation counted whole, beside a column store on the same rows, and one return's change beside a bare insert.

Sides take turns in one run. The column store (DuckDB, all cores) keeps one wide table in memory and writes what it counts into
tables; ours reads its rows from SQLite or PostgreSQL and counts in one Python process. Both count the same cells, and the run
fails when they differ. ``one return`` is a roster of 500 people of one unit for one contest: facts, marks and roll-up, beside
the same 500 rows put into the table of facts by one statement; the rows are gone again after each turn.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import delete, func, insert, select

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db
from competition.counting import service_rollup as rollup
from competition.counting.models import OWN, Activity, Counted, Fact, Participant, Place, Standing
from competition.counting.queries_counting import Lookup
from competition.counting.rules_counting import CellKey, Figures
from competition.counting.service_facts import Told, add, mark
from competition.organisations.service import found_tree
from tests.bench.report import finish, table
from tests.bench.rollup_columns import Columns, named
from tests.bench.rollup_year import AT, fill, found, make
from tests.house import build
from tests.services import postgres

UNITS, CONTESTS, ONE_RETURN = 2_000, 3_000, 500


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _memory(name: str) -> int:
    """A line of what Linux says of this process, in MB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) // 1024


def growth_mb(work: Callable[[], object]) -> int:
    """By how much the memory of this process grows at most while it works."""
    Path("/proc/self/clear_refs").write_text("5")
    before = _memory("VmRSS")
    work()
    return _memory("VmHWM") - before


def filled(app: Flask, persons: int, participations: int) -> dict[str, int]:
    """The invented year in the application's tables, its cells counted and proved."""
    with app.app_context():
        found_tree(AT)
        chance = random.Random(7)
        places, days = found(chance, UNITS, CONTESTS)
        year = make(chance, places, days, persons, participations)
        fill(year)
        rollup.prove(AT)
        return {"facts": len(year.facts), "persons": len({row[0] for row in year.facts}), "returns": year.returns,
                "standings": len(year.standings)}


def counted() -> Iterator[tuple[int, int, int, int]]:
    """What counts, as the roll-up reads it."""
    query = select(Counted.participant_id, Counted.activity_id, Counted.standing_id, Counted.month)
    with db.session.connection().execution_options(yield_per=50_000).execute(query) as rows:
        for row in rows:
            yield row[0], row[1], row[2], row[3]


def whole(app: Flask, times: int) -> dict[str, float]:
    """Both sides in turns; raises when a cell differs."""
    with app.app_context():
        lookup = Lookup()
        lookup.read_all()
        columns = Columns(counted(), lookup.known, lookup.traits_of)
        taken: dict[str, list[float]] = {"ours": [], "columns": []}
        for _turn in range(times):
            db.session.rollback()
            taken["columns"].append(seconds(columns.count))
            taken["ours"].append(seconds(rollup.count_whole))
        theirs = columns.cells()
        ours: dict[CellKey, Figures] = {}
        grown = growth_mb(lambda: ours.update(rollup.count_whole()))
        if ours != theirs:
            wrong = [(key, ours.get(key), theirs.get(key)) for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)]
            raise SystemExit(f"{len(wrong)} cells differ, such as {sorted(wrong)[:3]}")
        print(f"{len(ours)} cells, the same on both sides; {named(columns.groupings())}; new persons; activities")
        return {side: statistics.median(each) for side, each in taken.items()} | {"ours_mb": grown}


class OneReturn:
    """500 people of the largest unit named for a contest by one more origin, half of them never seen before."""

    def __init__(self) -> None:
        largest = select(Standing.place_id).join(Counted, Counted.standing_id == Standing.id)
        place = db.session.get_one(Place, db.session.scalar(largest.group_by(Standing.place_id).order_by(func.count().desc()).limit(1)))
        old = select(Participant.key).join(Counted, Counted.participant_id == Participant.id).join(
            Standing, Standing.id == Counted.standing_id).where(Standing.place_id == place.id).distinct().limit(ONE_RETURN // 2)
        keys = [*db.session.scalars(old.order_by(Participant.key)), *(f"new:{n}" for n in range(ONE_RETURN // 2))]
        self.activity = db.session.scalar(select(Activity.id).order_by(Activity.id).limit(1)) or 1
        day = db.session.scalar(select(Fact.present_on).where(Fact.activity_id == self.activity).limit(1)) or AT.date()
        self.told = [Told(key, day, place.union_id, place.region_code, industry="energy", sex="FM"[n % 2], birth_year=1970 + n % 30)
                     for n, key in enumerate(keys)]

    def ours(self) -> None:
        """The facts with their mark in one act, then the roll-up."""
        with atomic():
            add(self.activity, OWN, self.told, AT)
            audit.record("bench", actor=SYSTEM, subject=("fact", "many"), at=AT)
        rollup.settle()

    def bare(self) -> None:
        """The same rows and nothing else."""
        with db.engine.execution_options(immediate=True, unguarded=True).begin() as connection:
            connection.execute(insert(Fact), self.rows)

    def prepare(self) -> None:
        """The rows that the bare side puts in, as the other side made them."""
        query = select(Fact).where(Fact.activity_id == self.activity, Fact.origin == OWN)
        names = ("participant_id", "activity_id", "origin", "standing_id", "present_on", "created_at")
        self.rows: list[dict[str, Any]] = [{name: getattr(fact, name) for name in names} for fact in db.session.scalars(query)]

    def clear(self) -> None:
        """As if nothing had been."""
        with db.engine.execution_options(immediate=True, unguarded=True).begin() as connection:
            facts = select(Fact.id).where(Fact.activity_id == self.activity, Fact.origin == OWN)
            connection.execute(delete(Counted).where(Counted.fact_id.in_(facts)))
            connection.execute(delete(Fact).where(Fact.activity_id == self.activity, Fact.origin == OWN))

    def take_back(self) -> None:
        """The cells forget them too."""
        with atomic():
            db.session.execute(Fact.__table__.update().where(Fact.activity_id == self.activity, Fact.origin == OWN).values(withdrawn_at=AT))  # type: ignore[attr-defined]
            mark(self.activity, OWN)
            audit.record("bench", actor=SYSTEM, subject=("fact", "many"), at=AT)
        rollup.settle()
        self.clear()


def one_return(app: Flask, times: int) -> dict[str, float]:
    """Both sides in turns."""
    with app.app_context():
        one = OneReturn()
        one.ours()
        one.prepare()
        one.take_back()
        taken: dict[str, list[float]] = {"ours": [], "bare": []}
        for _turn in range(times):
            taken["ours"].append(seconds(one.ours))
            one.take_back()
            taken["bare"].append(seconds(one.bare))
            one.clear()
            db.session.rollback()
        if rollup.prove(AT):
            raise SystemExit("cells differ after the returns")
        return {side: statistics.median(each) for side, each in taken.items()}


def main() -> None:
    """Every database at one size."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--persons", type=int, default=500_000)
    options.add_argument("--participations", type=int, default=1_200_000, help="5000000 with --persons 2000000 is the large year")
    options.add_argument("--only", choices=("sqlite", "postgres"))
    options.add_argument("--times", type=int, default=3)
    chosen = options.parse_args()
    figures, ratios = {}, {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="competition-bench-")))
        for name in [chosen.only] if chosen.only else ["sqlite", "postgres"]:
            home = folder / name
            home.mkdir()
            app = build(home, stack.enter_context(postgres()).new_database() if name == "postgres" else None)
            made = filled(app, chosen.persons, chosen.participations)
            print(f"\n{name}: {made}")
            full, one = whole(app, chosen.times), one_return(app, chosen.times * 5)
            table([name, "s"], [("full count, DuckDB", full["columns"]), ("full count, ours", full["ours"])])
            print(f"memory that our count takes beyond what stood: {full['ours_mb']:.0f} MB")
            table([name, "ms"], [("500 rows, bare", one["bare"] * 1000), ("a return of 500, facts and roll-up", one["ours"] * 1000)])
            figures[name] = made | {"full_s": full, "one_return_s": one}
            ratios[f"full_{name}_vs_duckdb"] = full["ours"] / full["columns"]
            ratios["one_return_vs_bare_insert" if name == "sqlite" else "one_return_vs_bare_insert_postgres"] = one["ours"] / one["bare"]
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
    finish("rollup", figures, ratios)


if __name__ == "__main__":
    main()
