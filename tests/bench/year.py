"""A year loaded as it comes: every return is a workbook that is sent, read, checked, hashed, staged, taken, submitted, approved by the
county, the prefecture and the province, and rolled up.

The year is made whole; as many of its returns are loaded, in the order in which they were drawn, as fit into ``--minutes``, and the rest
is told as arithmetic (``whole year``). At the end the cells are held against a full count of ours, a column store's, and what was
written into the workbooks. Times are by the clock and of the processor, the reading processes' included; making the workbooks is
not counted.
"""

import argparse
import random
import resource
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from competition.accounts.queries import actor_of
from competition.contests.models import Contest
from competition.core import jobs
from competition.core.actors import Actor
from competition.core.database import db, get
from competition.core.jobs import Job
from competition.counting import service as counting
from competition.counting import service_rollup as rollup
from competition.counting.queries_counting import Lookup
from competition.counting.rules_periods import month_number
from competition.organisations.models import Union
from competition.organisations.queries import ancestors
from competition.returns import queries_approvals, service
from competition.returns import service_import as imports
from competition.returns.models import Return
from competition.returns.models_import import ReturnImport
from tests.bench.imports import spent
from tests.bench.report import finish, table
from tests.bench.rollup import counted
from tests.bench.rollup_columns import Columns
from tests.bench.rollup_year import AT, found, units_of
from tests.bench.year_rosters import Roster, rosters, workbook
from tests.cast import Cast, make_cast
from tests.house import build
from tests.services import postgres

STEPS = ("send", "read", "confirm", "take", "submit", "approve", "roll up", "prove")
# Returns that the unions above find together, and after which the figures follow.
TOGETHER = 50


class Clock:
    """Seconds by the clock and of the processor, by step."""

    def __init__(self) -> None:
        self.wall: defaultdict[str, float] = defaultdict(float)
        self.own: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Whatever happens meanwhile belongs to this step."""
        wall, own = time.perf_counter(), spent()
        yield
        self.wall[name] += time.perf_counter() - wall
        self.own[name] += spent() - own


class Course:
    """The real path of returns, from the workbook to the figures."""

    def __init__(self, cast: Cast, unions: Sequence[uuid.UUID], contests: Sequence[uuid.UUID], days: Sequence[date], clock: Clock) -> None:
        self.cast, self.unions, self.contests, self.days, self.clock = cast, unions, contests, days, clock
        self._actors: dict[tuple[str, uuid.UUID], Actor] = {}
        self.waiting: list[uuid.UUID] = []

    def actor(self, role: str, union_id: uuid.UUID) -> Actor:
        """Somebody of a union, made once."""
        if (role, union_id) not in self._actors:
            self._actors[role, union_id] = actor_of(self.cast.account(role, "union", union_id), AT)
        return self._actors[role, union_id]

    def load(self, roster: Roster) -> None:
        """One return until it waits for the county."""
        union_id, day = self.unions[roster.unit], self.days[roster.contest - 1]
        clerk, data = self.actor("clerk", union_id), workbook(roster.people)
        with self.clock.step("send"):
            contest_id, month = self.contests[roster.contest - 1], month_number(day)
            return_id = service.begin_return(union_id, contest_id, month, "roster", actor=clerk, at=AT).id
            import_id = imports.send_table(return_id, data, "名册.xlsx", actor=clerk, at=AT).id
        with self.clock.step("read"):
            _run(import_id)
        with self.clock.step("confirm"):
            imports.ask_take(import_id, only_good=False, keeps_others=False, actor=clerk, at=AT)
        with self.clock.step("take"):
            _run(import_id)
        with self.clock.step("submit"):
            service.submit_return(return_id, actor=clerk, at=AT)
        self.waiting.append(return_id)
        db.session.remove()

    def approve(self) -> None:
        """The unions above, one after the other, each all that waits for it at once."""
        with self.clock.step("approve"):
            while self.waiting:
                by_union: defaultdict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
                query = select(Return.waiting_at, Return.id).where(Return.id.in_(self.waiting), Return.waiting_at.is_not(None))
                for union_id, return_id in db.session.execute(query):
                    by_union[union_id].append(return_id)
                for union_id, some in by_union.items():
                    steps = queries_approvals.steps_of(some)
                    service.approve_many({one: (union_id, steps[one]) for one in some}, actor=self.actor("clerk", union_id), at=AT)
                    db.session.remove()
                if not by_union:
                    self.waiting.clear()

    def roll_up(self) -> None:
        """The figures follow."""
        with self.clock.step("roll up"):
            counting.roll_up(at=AT, whole=False)
        db.session.remove()


def _run(import_id: uuid.UUID) -> None:
    job_id = get(ReturnImport, import_id).job_id
    assert job_id is not None
    jobs.run_job(job_id)
    if (job := get(Job, job_id)).state != "done":
        raise SystemExit(f"{job.kind}: {job.state} {job.error}")


def numbered(model: type[Union] | type[Contest], column: Any, letter: str) -> list[uuid.UUID]:
    """The ids of what was founded, in the order of the numbers in their names."""
    rows = db.session.execute(select(column, model.id).where(column.startswith(letter))).all()
    return [one for _number, one in sorted((int(name.removeprefix(letter)), one) for name, one in rows)]


def prove(loaded: Sequence[Roster]) -> int:
    """Raises unless the cells are what a full count, a column store and the workbooks say; how many cells."""
    if wrong := rollup.prove(AT):
        raise SystemExit(f"{len(wrong)} cells differ from our full count")
    cells, lookup = rollup.reads.all_cells(), Lookup()
    lookup.read_all()
    if cells != Columns(counted(), lookup.known, lookup.traits_of).counted():
        raise SystemExit("cells differ from the column store")
    pairs = {(person, roster.contest) for roster in loaded for person in roster.people}
    whole = cells["all", "2026", "", ""]
    if whole[:2] != (len({person for person, _contest in pairs}), len(pairs)):
        raise SystemExit(f"{whole} are not the {len(pairs)} of the workbooks")
    return len(cells)


def load(app: Flask, persons: int, participations: int, units: int, contests: int, minutes: float) -> dict[str, Any]:
    """The year, or as much as fits; what it cost."""
    chance, clock, loaded = random.Random(7), Clock(), list[Roster]()
    with app.app_context():
        cast = make_cast()
        where, days = found(chance, units, contests, is_counted=False)
        db.session.remove()
        year = rosters(chance, units_of(chance, where, contests, persons), days, participations)
        path = Course(cast, numbered(Union, Union.name_zh, "单位"), numbered(Contest, Contest.code, "B"), days, clock)
        for above in {over.id for union in path.unions for over in ancestors(union)[1:] if over.level != "national"}:
            path.actor("clerk", above)
        begun, paces = time.perf_counter(), list[float]()
        for roster in year:
            path.load(roster)
            loaded.append(roster)
            if len(loaded) % TOGETHER == 0:
                path.approve()
                path.roll_up()
                paces.append(sum(clock.own.values()) - sum(paces))
                if time.perf_counter() > begun + minutes * 60:
                    break
        path.approve()
        path.roll_up()
        with clock.step("prove"):
            cells = prove(loaded)
    return {"returns": len(loaded), "rows": sum(len(roster.people) for roster in loaded), "cells": cells,
            "pace": [paces[0], paces[-1]] if paces else [], "of_returns": len(year),
            "of_rows": sum(len(roster.people) for roster in year), "wall_s": dict(clock.wall), "processor_s": dict(clock.own),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "reader_peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024}


def tell(name: str, made: Mapping[str, Any]) -> None:
    """The table."""
    wall, own = ({step: made[kind].get(step, 0.0) for step in STEPS} for kind in ("wall_s", "processor_s"))
    spent_s, own_s = (sum(each.values()) - each["prove"] for each in (wall, own))
    print(f"\n{name}: {made['returns']} of {made['of_returns']} returns, {made['rows']} of {made['of_rows']} rows, {made['cells']} cells, "
          "the same as a full count, as the column store says and as the workbooks hold")
    table([name, "s", "s of the processor", "ms of it for a return"],
          [(step, wall[step], own[step], own[step] / made["returns"] * 1000) for step in STEPS])
    print(f"{made['returns'] / spent_s * 60:.0f} returns a minute, {made['rows'] / spent_s:.0f} rows a second by the clock; "
          f"{made['returns'] / own_s * 60:.0f} and {made['rows'] / own_s:.0f} of the processor; peak memory {made['peak_mb']} MB, "
          f"a reading process {made['reader_peak_mb']} MB")
    if made["pace"]:
        print(f"the first {TOGETHER} returns took {made['pace'][0]:.1f} s of the processor, the last {made['pace'][1]:.1f} s")
    if made["returns"] < made["of_returns"]:
        more = made["of_returns"] / made["returns"]
        print(f"whole year, by the same pace: {spent_s * more / 60:.0f} minutes by the clock, {own_s * more / 60:.0f} of the processor")


def main() -> None:
    """One database."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, size in (("persons", 500_000), ("participations", 1_200_000), ("units", 2_000), ("contests", 3_000)):
        options.add_argument(f"--{name}", type=int, default=size)
    options.add_argument("--minutes", type=float, default=60, help="no new return is loaded after so many")
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = options.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="competition-bench-")))
        app = build(folder, stack.enter_context(postgres()).new_database() if chosen.database == "postgres" else None)
        made = load(app, chosen.persons, chosen.participations, chosen.units, chosen.contests, chosen.minutes)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    tell(chosen.database, made)
    finish("year", {chosen.database: made}, {})


if __name__ == "__main__":
    main()
