"""Who writes on SQLite queues first; what keeps writers apart still is the database's own lock."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from competition.core.database import SQLITE, atomic, db
from competition.core.jobs import JobSlot
from competition.core.turns import turn
from tests.cast import AT

SOON_S, LATE_S = 0.3, 30.0


def claim(app: Flask, name: str) -> None:
    """An act of its own thread."""
    with app.app_context(), atomic() as session:
        session.add(JobSlot(name=name, slot="x", claimed_at=AT))


def claimed() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(JobSlot)) or 0


@contextmanager
def the_turn(folder: Path) -> Iterator[None]:
    with turn(folder / "turns", "write", 1):
        yield


@contextmanager
def the_database(folder: Path) -> Iterator[None]:
    """A tool that knows of no queue."""
    with closing(SQLITE.connect(folder / "test.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")


@pytest.mark.parametrize("held", [the_turn, the_database])
def test_an_act_waits_for_who_is_before_it(app: Flask, held: Callable[[Path], AbstractContextManager[None]]) -> None:
    acting = threading.Thread(target=claim, args=(app, "other"))
    with held(Path(app.instance_path)):
        acting.start()
        acting.join(SOON_S)
        assert acting.is_alive()
        assert claimed() == 0
    acting.join(LATE_S)
    assert claimed() == 1
