"""How many SQL statements something costs: list pages cost the same with 3 and with 30 rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from competition.core.database import db

_OUTSIDE = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")


@contextmanager
def count_statements() -> Iterator[list[str]]:
    """The statements that the block sends to the database, without BEGIN and pragmas; in order::

        with count_statements() as sent:
            client.get("/contests")
        assert len(sent) == 5, sent
    """
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(_OUTSIDE):
            sent.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def statements_of(client: FlaskClient, address: str) -> list[str]:
    """The statements of one page, asked for with nothing left over from an earlier one."""
    client.get(address)  # what is read once per process is no matter of the page
    db.session.expire_all()
    with count_statements() as sent:
        answer = client.get(address)
    assert answer.status_code == 200, answer.status
    return sent
