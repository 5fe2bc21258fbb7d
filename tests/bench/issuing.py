"""Judges' marks while a large batch of certificates is approved: for how long the approval holds the database's one lock for writing.

For each size a ranking of so many is published and a batch of it prepared and asked for; then the second person approves in a process of
this bench, while tablets send marks to a real server on the same SQLite database, one after another each. Told are the whole
approval, its longest hold of the lock by the clock and of this process's own time (which other work on the machine does not
stretch), and of the marks meanwhile how many were taken and how long the slowest waited.
"""

import argparse
import multiprocessing
import tempfile
import time
import uuid
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flask import Flask

from competition.accounts.models import Person
from competition.contests.models import Contest
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db
from competition.organisations.queries import list_unions
from competition.registration.models import Delegation, Entry
from tests.bench.holds import Holds
from tests.bench.judging import ACCEPTED, marks
from tests.bench.load import run
from tests.bench.report import finish, table
from tests.bench.stage import Tablet, prepare, served
from tests.cast import Cast, make_cast
from tests.certificates.given import asked, demo_contest, prepared, publish

SEATS = 4


def send_marks(port: int, tablets: list[Tablet], ends: Connection) -> None:
    """In a process of its own: marks from every tablet until told to end; answers with how many were taken, refused, and the slowest."""
    taken, refused, slowest = 0, 0, 0.0
    run(port, [marks(tablet, "/api/judging/events") for tablet in tablets], ACCEPTED, 1)
    ends.send("ready")
    while not ends.poll():
        load = run(port, [marks(tablet, "/api/judging/events") for tablet in tablets], ACCEPTED, 0.2)
        taken, refused, slowest = taken + load.good, refused + load.bad, max([slowest, *load.taken_ms])
    ends.send((taken, refused, slowest))


def approve(app: Flask, count: int, port: int, tablets: list[Tablet]) -> dict[str, Any]:
    """One size: the batch, the approval, the marks meanwhile."""
    with app.app_context():
        cast = make_cast()
        request = ask(cast, count)
        second = cast.actor("supervisor")
        ours, theirs = multiprocessing.Pipe()
        tablets_ = multiprocessing.get_context("spawn").Process(target=send_marks, args=(port, tablets, theirs))
        tablets_.start()
        ours.recv()
        holds, begun = Holds(), time.perf_counter()
        with holds.watching(db.engine):
            approvals.decide(request, approve=True, actor=second, at=cast.at)
        taken = time.perf_counter() - begun
        ours.send("end")
        good, bad, slowest = ours.recv()
        tablets_.join()
        return {"seconds": taken, "longest_hold_ms": holds.longest * 1000, "longest_hold_own_ms": holds.longest_own * 1000,
                "marks": good, "marks_refused": bad, "slowest_mark_ms": slowest}


def ask(cast: Cast, count: int) -> uuid.UUID:
    """A batch of so many that waits for the second person."""
    contest = demo_contest(cast)
    publication = publish(cast, contest, field(cast, contest, count), awards={})
    return asked(cast, prepared(cast, publication)).id


def field(cast: Cast, contest: Contest, count: int) -> list[Entry]:
    """So many people and their entries as rows: to enter each of them would take minutes."""
    people = [Person(id=uuid.uuid4(), name=f"测试选手{n:05}", name_pinyin="Ceshi Xuanshou", created_at=cast.at) for n in range(count)]
    groups = [Delegation(id=uuid.uuid4(), contest_id=contest.id, union_id=union.id, name=f"第{n}代表团", position=n)
              for n, union in enumerate(list_unions())]
    entries = [Entry(id=uuid.uuid4(), contest_id=contest.id, person_id=person.id, delegation_id=groups[n % len(groups)].id,
                     state="approved", name=person.name, employer=f"测试面馆{n % 50}", union_id=contest.host_union_id, trade="拉面制作",
                     submitted_at=cast.at, decided_at=cast.at, created_at=cast.at) for n, person in enumerate(people)]
    with atomic() as session:
        for rows in (people, groups, entries):
            session.add_all(rows)
            session.flush()
        audit.record("test.field", actor=SYSTEM, subject=("contest", contest.id), at=cast.at, chain=contest.id)
    return entries


def main() -> None:
    """Every size on a database of its own."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--counts", default="300,3000,10000", help="how many certificates, several with commas")
    chosen, figures = options.parse_args(), dict[str, dict[str, Any]]()
    for count in map(int, chosen.counts.split(",")):
        with tempfile.TemporaryDirectory(prefix="competition-bench-") as name:
            folder = Path(name)
            stage = prepare(folder, f"sqlite:///{folder / 'bench.db'}", seats=SEATS, count=20)
            with served(stage) as port:
                figures[str(count)] = approve(stage.app, count, port, stage.tablets)
    table(["certificates", "approval s", "lock held ms", "of own time ms", "marks taken", "refused", "slowest mark ms"],
          [(count, *found.values()) for count, found in figures.items()])
    finish("issuing", figures, {})


if __name__ == "__main__":
    main()
