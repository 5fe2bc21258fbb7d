"""Accepted marks per second through the real API, beside an endpoint that only sends the same statements to the driver.

Two workers as ``competition.serve`` starts them, 60 clients, SQLite and PostgreSQL with full durability. The bare
endpoint is a Flask application under the same server; it reads the same bodies and sends the statements of one
accepted mark, captured from the application (token check and audit row included), straight to the driver. All
are measured in turns, several rounds; the ratios are medians of the rounds' own ratios.
"""

import argparse
import json
import pickle
import shutil
import statistics
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from competition.core.clock import now
from competition.core.database import db
from tests.bench import board
from tests.bench.captured import keep, recording
from tests.bench.load import Load, Maker, request, run
from tests.bench.report import finish, table
from tests.bench.stage import Stage, Tablet, prepare, served
from tests.services import PostgresServer, postgres

ACCEPTED = b'"result":"accepted"'


def body(tablet: Tablet) -> bytes:
    """The tablet's next mark, with its report, as the page sends them."""
    tablet.seq += 1
    work, criterion, value = tablet.slots[tablet.seq % len(tablet.slots)]
    at = now().isoformat()
    event = {"uuid": str(uuid.uuid4()), "device_seq": tablet.seq, "seat": tablet.seat, "work": work, "kind": "mark",
             "criterion": criterion, "attempt": 1, "value": value, "base_version": 0, "at": at}
    return json.dumps({"events": [event], "report": {"pending": 0, "last_made": tablet.seq, "stuck": {}, "client_at": at}}).encode()


def marks(tablet: Tablet, path: str) -> Maker:
    """What a client sends, one request after another."""
    return lambda: request("POST", path, tablet.token, body(tablet))


def capture(stage: Stage) -> Path:
    """The statements of one accepted mark of every tablet, on a sheet that exists."""
    client, captured = stage.app.test_client(), []
    for tablet in stage.tablets:
        headers = {"Authorization": f"Device {tablet.token}", "Content-Type": "application/json"}
        for _warm in range(2):
            client.post("/api/judging/events", data=body(tablet), headers=headers)
        with recording(stage.app) as recorder:
            answer = client.post("/api/judging/events", data=body(tablet), headers=headers)
        if ACCEPTED not in answer.data.replace(b" ", b""):
            raise SystemExit(answer.get_data(as_text=True))
        captured.append(recorder.steps)
    with stage.app.app_context():
        db.session.remove()
        db.engine.dispose()
    path = stage.instance / "captured"
    keep(path, captured)
    return path


@dataclass
class Side:
    """A database with both servers on it."""

    name: str
    stage: Stage
    ports: dict[str, int]

    def measure(self, which: str, seconds: float) -> Load:
        paths = {"api": "/api/judging/events", "raw": "/mark/{}"}
        makers = [marks(tablet, paths[which].format(n)) for n, tablet in enumerate(self.stage.tablets)]
        return run(self.ports[which], makers, ACCEPTED, seconds)


@contextmanager
def side(name: str, folder: Path, server: PostgresServer | None, clients: int) -> Iterator[Side]:
    """Prepared, captured, served. The bare endpoint gets a copy of the database: what it writes follows no rule."""
    url = server.new_database() if server else f"sqlite:///{folder / 'api' / 'bench.db'}"
    stage = prepare(folder / "api", url, seats=clients, count=40)
    captured = capture(stage)
    bare = replace(stage, instance=folder / "raw", url=copied(url, folder / "raw", server))
    with ExitStack() as stack:
        ports = {"api": stack.enter_context(served(stage)),
                 "raw": stack.enter_context(served(bare, "tests.bench.raw:app", BENCH_CAPTURED=str(captured)))}
        yield Side(name, stage, ports)


def copied(url: str, folder: Path, server: PostgresServer | None) -> str:
    """The same database once more."""
    folder.mkdir()
    if server is None:
        shutil.copy(url.removeprefix("sqlite:///"), folder / "bench.db")
        return f"sqlite:///{folder / 'bench.db'}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE raw TEMPLATE {url.rpartition('/')[2]}".encode())
    return server.url("raw")


def main() -> None:
    """Measure, report."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--clients", type=int, default=60)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=4)
    options.add_argument("--only", choices=("sqlite", "postgres"))
    options.add_argument("--statements", action="store_true", help="print the captured statements")
    chosen = options.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="competition-bench-")))
        sides = []
        if chosen.only != "postgres":
            sides.append(stack.enter_context(side("sqlite", folder / "sqlite", None, chosen.clients)))
        if chosen.only != "sqlite":
            sides.append(stack.enter_context(side("postgres", folder / "postgres", stack.enter_context(postgres()), chosen.clients)))
        found = {(each.name, which): list[Load]() for each in sides for which in ("api", "raw")}
        for number in range(chosen.rounds + 1):
            for each in sides:
                for which in ("api", "raw"):
                    load = each.measure(which, chosen.seconds if number else 1)
                    if number:  # the first turn warms up
                        found[each.name, which].append(load)
        if chosen.statements:
            for each in sides:
                print(each.name, *(step[0] for step in pickle.loads((each.stage.instance / "captured").read_bytes())[0]), sep="\n  ")  # noqa: S301
    report(found)


def report(found: dict[tuple[str, str], list[Load]]) -> None:
    """Medians, errors, ratios."""
    middle = {key: (statistics.median(load.per_second for load in loads), statistics.median(load.p95_ms for load in loads),
                    sum(load.good for load in loads), sum(load.bad for load in loads)) for key, loads in found.items()}
    for loads in found.values():
        for load in loads:
            for fault in load.faults[:2]:
                print(fault.decode(errors="replace"))
    table(["database", "side", "marks/s", "p95 ms", "taken", "errors"], [(*key, *row) for key, row in middle.items()])
    names = sorted({name for name, _which in found}, reverse=True)
    ratios = {f"{name}_vs_raw": statistics.median(a.per_second / b.per_second for a, b in
                                                  zip(found[name, "api"], found[name, "raw"], strict=True)) for name in names}
    ratios |= board.measure()
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.2f}")
    finish("judging", {f"{name}_{which}": {"marks_per_s": round(row[0], 1), "p95_ms": round(row[1], 1), "taken": row[2], "errors": row[3]}
                       for (name, which), row in middle.items()}, ratios)


if __name__ == "__main__":
    main()
