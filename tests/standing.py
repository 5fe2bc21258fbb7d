"""Where a database stands: what many tests begin with is built once in a process, and later put back from a copy.

A place is the way by which a database came to where it stands: emptied, then one thing built after the other. Any
write in between leads off the way, and whatever is asked for then is built anew.
"""

import itertools
import shutil
import uuid
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from flask import Flask, current_app
from sqlalchemy import Connection, Dialect, Engine, event, inspect

from competition.core.config import Settings
from competition.core.database import Base, db
from tests.writes import WRITES

Place = tuple[Hashable, ...]
T = TypeVar("T")
# So many copies of one database at most; the oldest go, all but those that every test begins with.
MOST = 40
# By dialect, which an engine shares with those that differ from it by options only.
_places: WeakKeyDictionary[Dialect, Place] = WeakKeyDictionary()
_numbers = itertools.count(1)


@event.listens_for(Engine, "before_cursor_execute")
def _leave(connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
    if connection.dialect in _places and WRITES.match(statement):
        del _places[connection.dialect]


@dataclass(frozen=True)
class Copy:
    """A database as it stood once, and what was built last. On SQLite a file, else the rows of each table that has any."""

    number: int
    made: Any
    held: Mapping[str, bytes] = field(default_factory=dict)


def keep_empty(app: Flask) -> None:
    """The schema was made and nothing else: this is where every place begins."""
    with app.app_context():
        _keep((), None)


def empty(app: Flask, *, is_patched: bool) -> None:
    """Back to the empty schema, and no limit reached. A test that patches the program builds for itself alone."""
    settings: Settings = app.extensions["settings"]
    (settings.instance / "limits.db").unlink(missing_ok=True)
    with app.app_context():
        _go_to(())
        if is_patched:
            del _places[db.engine.dialect]


def built_once(name: Hashable, build: Callable[[], T]) -> T:
    """What ``build`` returns, and the database as it leaves it; plain values, since objects belong to a session.

    ``name`` says what is built, with all that makes a difference.
    """
    before = _places.get(db.engine.dialect)
    if before is None:
        return build()
    place = (*before, name)
    if place not in _copies():
        _keep(place, build())
    else:
        _go_to(place)
    found: T = _copies()[place].made
    return found


def plain(value: Any) -> Hashable:
    """A value as a part of a name: equal for equal values. Raises TypeError for what has no such sign."""
    if isinstance(value, (list, tuple)):
        return tuple(plain(each) for each in value)
    if isinstance(value, Mapping):
        return tuple((key, plain(each)) for key, each in sorted(value.items()))
    if isinstance(value, Base):
        return inspect(value).identity
    if isinstance(value, FunctionType) and "<" not in value.__qualname__:
        return value
    if value is None or isinstance(value, (str, int, date, uuid.UUID)):
        return value
    raise TypeError(value)


def _drop_oldest() -> None:
    oldest = next(place for place in _copies() if len(place) > 1)
    gone = _copies().pop(oldest)
    _kept(gone.number).unlink(missing_ok=True)


def _copies() -> dict[Place, Copy]:
    found: dict[Place, Copy] = current_app.extensions.setdefault("copies", {})
    return found


def _let_go() -> None:
    # Objects of the session stay its own and are read anew.
    db.session.rollback()
    db.session.expire_all()


def _keep(place: Place, made: Any) -> None:
    _let_go()
    keep = _keep_file if db.engine.dialect.name == "sqlite" else _keep_rows
    _copies()[place] = keep(next(_numbers), made)
    if len(_copies()) > MOST:
        _drop_oldest()
    _places[db.engine.dialect] = place


def _go_to(place: Place) -> None:
    _let_go()
    back = _back_from_file if db.engine.dialect.name == "sqlite" else _back_from_rows
    copy = _copies().pop(place)
    _copies()[place] = copy  # the newest again
    back(copy)
    _places[db.engine.dialect] = place


def _keep_file(number: int, made: Any) -> Copy:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    # Reading the file ourselves would give up the locks of our connections to it.
    db.engine.dispose()
    _kept(number).parent.mkdir(exist_ok=True)
    shutil.copyfile(_file(), _kept(number))
    return Copy(number, made)


def _back_from_file(copy: Copy) -> None:
    db.engine.dispose()
    for left in _file().parent.glob("test.db-*"):
        left.unlink()
    shutil.copyfile(_kept(copy.number), _file())


def _file() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.instance / "test.db"


def _kept(number: int) -> Path:
    # Beside the installation: some tests look at every file in it.
    instance = _file().parent
    return instance.with_name(f"{instance.name}-copies") / f"{number}.db"


def _keep_rows(number: int, made: Any) -> Copy:
    held = {}
    any_rows = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in _tables())  # noqa: S608
    with db.engine.connect() as connection, _cursor(connection) as cursor:
        for (name,) in cursor.execute(any_rows.encode()).fetchall():
            with cursor.copy(f'COPY "{name}" TO STDOUT (FORMAT binary)'.encode()) as rows:
                held[name] = b"".join(bytes(part) for part in rows)
    return Copy(number, made, held)


def _back_from_rows(copy: Copy) -> None:
    # Deleting a few rows is far quicker than truncating many tables, and one statement quicker than one for each.
    emptying = " ".join(f'DELETE FROM "{name}";' for name in _tables())  # noqa: S608 - our own table names
    with db.engine.execution_options(unguarded=True).begin() as connection, _cursor(connection) as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = replica; DO $do$ BEGIN {emptying} END $do$".encode())
        for name, data in copy.held.items():
            with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT binary)'.encode()) as rows:
                rows.write(data)


@contextmanager
def _cursor(connection: Connection) -> Iterator[psycopg.Cursor[Any]]:
    """What the driver itself offers: COPY is no matter of SQLAlchemy's."""
    own = connection.connection.driver_connection
    assert isinstance(own, psycopg.Connection)
    with own.cursor() as cursor:
        yield cursor


def _tables() -> list[str]:
    return [table.name for table in db.metadata.sorted_tables]
