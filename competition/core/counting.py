"""Counts of limits that all processes of one machine share: a small SQLite file of their own.

Not in the database: a flood of requests that is to be turned away must not queue for the lock under which marks are
written. Nothing in the file is worth keeping; one that a power cut left unreadable is begun anew.
"""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app
from limits.storage import MovingWindowSupport, Storage

from competition.core.database import SQLITE

SCHEME = "shared-file"
OWN = "of-the-application"
# The storage of an application, among its extensions.
STORE = "counts"
WAIT_SECONDS = 5.0
# A crash of a process leaves the file whole (the journal); a power cut may not, and then nothing is lost with it.
SCHEMA = """
PRAGMA journal_mode=TRUNCATE;
PRAGMA synchronous=OFF;
CREATE TABLE IF NOT EXISTS hit (key TEXT NOT NULL, at REAL NOT NULL, expires_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS hit_key ON hit (key, at);
CREATE INDEX IF NOT EXISTS hit_expires ON hit (expires_at);
CREATE TABLE IF NOT EXISTS tally (key TEXT PRIMARY KEY, count INTEGER NOT NULL, expires_at REAL NOT NULL);
"""
T = TypeVar("T")


class SharedFile(Storage, MovingWindowSupport):
    """A storage of the library ``limits``: ``shared-file:///path``. Instants are of the machine's clock, in seconds."""

    STORAGE_SCHEME = [SCHEME]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self.path = Path((uri or "").removeprefix(f"{SCHEME}://"))

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return (SQLITE.Error, OSError)

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return self._in_lock(work)
        except SQLITE.OperationalError:
            raise
        except SQLITE.DatabaseError:
            self.path.unlink(missing_ok=True)
            return self._in_lock(work)

    def _in_lock(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with closing(SQLITE.connect(str(self.path), timeout=WAIT_SECONDS, isolation_level=None)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'tally'").fetchone():
                connection.executescript(SCHEMA)
            connection.execute("PRAGMA journal_mode=TRUNCATE")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("BEGIN IMMEDIATE")
            found = work(connection)
            connection.execute("COMMIT")
            return found

    # ---- the moving window: what our limits use ----------------------------------------------------

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count ``amount`` more if the last ``expiry`` seconds then hold no more than ``limit``."""
        def work(connection: sqlite3.Connection) -> bool:
            now = time.time()
            connection.execute("DELETE FROM hit WHERE expires_at <= ?", (now,))
            held = connection.execute("SELECT count(*) FROM hit WHERE key = ? AND at > ?", (key, now - expiry)).fetchone()[0]
            if held + amount > limit:
                return False
            connection.executemany("INSERT INTO hit VALUES (?, ?, ?)", [(key, now, now + expiry)] * amount)
            return True

        return self._do(work)

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the window of this key began, and how many it holds."""
        now = time.time()
        first, count = self._do(lambda c: c.execute(
            "SELECT min(at), count(*) FROM hit WHERE key = ? AND at > ?", (key, now - expiry)).fetchone())
        return (now if first is None else first), count

    # ---- plain counters: what the library asks of every storage --------------------------------------

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` more; the first one says when all of it is forgotten."""
        def work(connection: sqlite3.Connection) -> int:
            now = time.time()
            connection.execute("DELETE FROM tally WHERE expires_at <= ?", (now,))
            found: int = connection.execute(
                "INSERT INTO tally VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET count = count + excluded.count RETURNING count",
                (key, amount, now + expiry)).fetchone()[0]
            return found

        return self._do(work)

    def get(self, key: str) -> int:
        """What was counted and is not forgotten."""
        row = self._do(lambda c: c.execute("SELECT count FROM tally WHERE key = ? AND expires_at > ?", (key, time.time())).fetchone())
        return row[0] if row else 0

    def get_expiry(self, key: str) -> float:
        """When a counter is forgotten."""
        row = self._do(lambda c: c.execute("SELECT expires_at FROM tally WHERE key = ?", (key,)).fetchone())
        return row[0] if row else time.time()

    def check(self) -> bool:
        """Can it be written?"""
        try:
            self._do(lambda c: None)
        except self.base_exceptions:
            return False
        return True

    def reset(self) -> int | None:
        """Forget everything; returns how many rows there were."""
        return self._do(lambda c: sum(c.execute(f"DELETE FROM {table}").rowcount for table in ("hit", "tally")))  # noqa: S608 - our own

    def clear(self, key: str) -> None:
        """Forget one key."""
        self._do(lambda c: [c.execute(f"DELETE FROM {table} WHERE key = ?", (key,)) for table in ("hit", "tally")])  # noqa: S608 - our own


class OwnStorage(Storage, MovingWindowSupport):
    """The storage of the application that asks: a process may hold several, and none counts in another's."""

    STORAGE_SCHEME = [OWN]

    @property
    def _own(self) -> Any:
        return current_app.extensions[STORE]

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        found: type[Exception] | tuple[type[Exception], ...] = self._own.base_exceptions
        return found

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        return bool(self._own.acquire_entry(key, limit, expiry, amount))

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        found: tuple[float, int] = self._own.get_moving_window(key, limit, expiry)
        return found

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return int(self._own.incr(key, expiry, amount))

    def get(self, key: str) -> int:
        return int(self._own.get(key))

    def get_expiry(self, key: str) -> float:
        return float(self._own.get_expiry(key))

    def check(self) -> bool:
        return bool(self._own.check())

    def reset(self) -> int | None:
        found: int | None = self._own.reset()
        return found

    def clear(self, key: str) -> None:
        self._own.clear(key)
