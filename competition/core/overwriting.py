"""What is removed for good leaves no trace in the file either, as far as a database can promise that."""

from collections.abc import Iterator
from contextlib import contextmanager

from competition.core.database import after_commit, db


@contextmanager
def overwriting() -> Iterator[None]:
    """Within an act: what is removed in here is overwritten in SQLite's file too, and after the commit its journal is emptied
    as far as readers allow. PostgreSQL keeps dead rows until its own vacuum."""
    session = db.session()
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    connection = session.connection()
    connection.exec_driver_sql("PRAGMA secure_delete=ON")
    try:
        yield
        session.flush()
    finally:
        connection.exec_driver_sql("PRAGMA secure_delete=OFF")
    after_commit(_empty_journal)


def _empty_journal() -> None:
    # Past the engine's own BEGIN: no checkpoint runs inside a transaction.
    connection = db.engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
