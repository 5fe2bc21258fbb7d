"""What may be written, seen where it cannot be walked around: at the statements that reach the database.

Three things hold for every connection of the application, whoever made the statement (the ORM, a bulk
update, a Core statement, plain SQL): a table of ours changes inside ``atomic()`` only, a commit that
changed an audited table has an audit row in it, and an audit row is never changed or removed.

A connection with the execution option ``unguarded`` is let through: for what empties a whole database.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

AUDIT_TABLE = "audit_row"
_STATE = "guard"
_TARGET = re.compile(
    r"\b(INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?|COPY)"
    r"\s+(?:ONLY\s+)?(?:[\"\w]+\.)?\"?(\w+)\"?", re.IGNORECASE,
)
_FIRST = re.compile(r"\s*(?:/\*.*?\*/\s*)*(\w+)", re.DOTALL)
_WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TRUNCATE", "COPY")


class WriteOutsideAtomic(RuntimeError):
    """A programming error: a table was changed outside of ``atomic()``."""


class UnauditedChange(RuntimeError):
    """A programming error: an audited table was changed without an audit row."""


class AuditRowChanged(RuntimeError):
    """A programming error: an audit row was changed or removed."""


@dataclass
class Written:
    """What one transaction has written so far. ``marks`` are the audit rows before each savepoint."""

    changed: str | None = None
    audit_rows: int = 0
    marks: dict[str, int] = field(default_factory=dict)


@lru_cache(maxsize=2048)
def targets(statement: str) -> tuple[tuple[str, str], ...]:
    """The tables that a statement writes, each with the verb: ``("UPDATE", "person")``; nothing for a read."""
    first = _FIRST.match(statement)
    verb = first.group(1).upper() if first else ""
    if verb in _WRITING:
        found = _TARGET.match(statement, first.start(1) if first else 0)
        return ((verb, found.group(2).lower()),) if found else ()
    if verb == "WITH":
        # A common table expression may end in a write, and on PostgreSQL hold one.
        return tuple((verb.split()[0].upper(), table.lower()) for verb, table in _TARGET.findall(statement))
    return ()


def written(connection: Connection) -> Written:
    """What the transaction of this connection has written."""
    found: Written = connection.info.setdefault(_STATE, Written())
    return found


def check(connection: Connection) -> None:
    """Raise :class:`UnauditedChange` when the transaction changed an audited table and holds no audit row."""
    state = written(connection)
    if state.changed and not state.audit_rows:
        raise UnauditedChange(state.changed)


def listen(engine: Engine, tables: Mapping[str, "Known"]) -> None:
    """Hang the guard on an engine; ``tables`` are ours, by name."""

    def before(connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        found = targets(statement)
        if found and not connection.get_execution_options().get("unguarded"):
            for verb, name in found:
                if name in tables:
                    _note(connection, verb, name, tables[name])

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "commit", check)
    event.listen(engine, "savepoint", _savepoint)
    event.listen(engine, "rollback_savepoint", _rolled_back)


@dataclass(frozen=True)
class Known:
    """A table of ours: the class that holds it, and whether a change of it needs an audit row."""

    title: str
    is_audited: bool


def _note(connection: Connection, verb: str, name: str, table: Known) -> None:
    if not connection.get_execution_options().get("immediate"):
        raise WriteOutsideAtomic(f"{table.title} changed outside of atomic()")
    state = written(connection)
    if name == AUDIT_TABLE:
        if verb != "INSERT":
            raise AuditRowChanged(f"{verb} of an audit row")
        state.audit_rows += 1
    elif table.is_audited:
        state.changed = table.title


def _begin(connection: Connection) -> None:
    connection.info[_STATE] = Written()


def _savepoint(connection: Connection, name: str) -> None:
    state = written(connection)
    state.marks[name] = state.audit_rows


def _rolled_back(connection: Connection, name: str, _context: object) -> None:
    # An audit row that was taken back covers nothing; a change that was taken back may still count.
    state = written(connection)
    state.audit_rows = min(state.audit_rows, state.marks.get(name, 0))
