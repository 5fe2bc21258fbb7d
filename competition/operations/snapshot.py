"""The database at one moment: copied while it is in use, without holding up anybody.

SQLite's online backup and PostgreSQL's pg_dump both read one consistent state. Rows and chain heads are
counted in that same state, so that the copy can be compared with them afterwards.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from flask_babel import gettext as _
from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from competition.core.clock import now
from competition.core.config import Settings
from competition.core.database import SQLITE, engine_options, listen_sqlite
from competition.operations import postgres
from competition.operations.archive import DUMPS, file_of
from competition.operations.sealing import BackupBroken

BUSY = (SQLITE.OperationalError, sqlite3.OperationalError)


@dataclass(frozen=True)
class Facts:
    """What of a database can be compared: its form, rows by table, heads of the audit chains, the files it names."""

    heads: list[str]
    tables: dict[str, int]
    chains: dict[str, list[Any]]
    files: dict[str, int]
    server: str


@dataclass(frozen=True)
class Snapshot:
    """A copy in a file. ``moment``: what was committed before it is inside."""

    moment: datetime
    path: Path
    sha256: str
    facts: Facts

    @property
    def size(self) -> int:
        return self.path.stat().st_size


def take(settings: Settings, folder: Path) -> Snapshot:
    """Copy the database in use into ``folder``."""
    path = folder / DUMPS["sqlite" if settings.is_sqlite else "postgresql"]
    try:
        with engine_for(settings, settings.database_url) as engine:
            moment, facts = (_copy_sqlite if settings.is_sqlite else _dump_postgres)(settings, engine, path)
    except (OSError, DatabaseError, *BUSY) as error:
        raise BackupBroken(_("数据库复制不出来（%(why)s）。请检查磁盘空间和数据库。", why=str(error).splitlines()[0][:200]),
                           code="backup_copy", status=500) from error
    return Snapshot(moment, path, sum_of(path), facts)


@contextmanager
def engine_for(settings: Settings, url: str) -> Iterator[Engine]:
    """Connections of our own, closed at the end."""
    engine = create_engine(url, **(engine_options(settings) | {"poolclass": NullPool}))
    if settings.is_sqlite:
        listen_sqlite(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def _copy_sqlite(_settings: Settings, engine: Engine, path: Path) -> tuple[datetime, Facts]:
    with engine.connect() as connection:
        moment = now()
        # The first read fixes the state that this connection sees until it ends; the copy sees the same.
        facts = read_facts(connection)
        copy = SQLITE.connect(str(path))
        try:
            connection.connection.driver_connection.backup(copy, pages=8192, sleep=0)  # type: ignore[union-attr]
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()
    return moment, facts


def _dump_postgres(settings: Settings, engine: Engine, path: Path) -> tuple[datetime, Facts]:
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        moment = now()
        snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
        facts = read_facts(connection)
        postgres.dump(settings.database_url, path, snapshot)
    return moment, facts


def read_facts(connection: Connection) -> Facts:
    """Count everything, in the transaction of ``connection``."""
    names = sorted(inspect(connection).get_table_names())
    sqlite = connection.dialect.name == "sqlite"
    return Facts(
        heads=sorted(MigrationContext.configure(connection).get_current_heads()),
        tables={name: int(connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0) for name in names},  # noqa: S608
        chains={row.chain: [row.seq, row.digest] for row in _rows(connection, names, "audit_chain", "chain, seq, digest")},
        files={row.sha256: row.size for row in _rows(connection, names, "stored_file", "DISTINCT sha256, size")},
        server=str(connection.scalar(text("SELECT sqlite_version()" if sqlite else "SHOW server_version"))),
    )


def _rows(connection: Connection, names: list[str], table: str, columns: str) -> list[Any]:
    return list(connection.execute(text(f"SELECT {columns} FROM {table}"))) if table in names else []  # noqa: S608


def sum_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def split_files(root: Path, named: dict[str, int]) -> tuple[dict[str, int], list[str]]:
    """The files that are there and good, and the hashes of those that are lost or rotten."""
    good, lost = {}, []
    for digest, size in named.items():
        path = file_of(root, digest)
        if path.is_file() and path.stat().st_size == size and sum_of(path) == digest:
            good[digest] = size
        else:
            lost.append(digest)
    return good, sorted(lost)


def database_bytes(settings: Settings) -> int:
    """How large the database is on disk."""
    if settings.is_sqlite:
        path = sqlite_path(settings)
        return sum(p.stat().st_size for p in (path, path.with_name(path.name + "-wal")) if p.exists())
    with engine_for(settings, settings.database_url) as engine, engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def sqlite_path(settings: Settings) -> Path:
    """The file of the database in use."""
    name = make_url(settings.database_url).database
    if not name or name == ":memory:":
        raise BackupBroken(_("内存中的数据库不能备份。"), status=422)
    return Path(name)


def is_in_use(settings: Settings) -> bool:
    """Is somebody else connected to the database? A running system always is, soon after its start."""
    if not settings.is_sqlite:
        return postgres.others(settings.database_url) > 0
    path = sqlite_path(settings)
    if not path.exists():
        return False
    connection = SQLITE.connect(str(path), timeout=0, isolation_level=None)
    try:
        # Leaving WAL needs the file alone: any other connection, idle or not, refuses it.
        return bool(connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete")
    except BUSY:
        return True
    except (SQLITE.DatabaseError, sqlite3.DatabaseError):
        return False  # no database any more: nobody works with it
    finally:
        connection.close()


def sync_folder(path: Path) -> None:
    """Make renames in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
