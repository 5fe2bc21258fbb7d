"""Statements of the busiest paths: compiled once for each database, then handed to its driver as they are.

SQLAlchemy's own way costs several times what the database takes for a statement that finds or changes one row; marks come
by the thousand, and each waits for the one lock under which all others are written. These are made from the same tables,
their values are converted by the same types, they run in the session's transaction, and whoever listens to statements
(``core/guard.py``) hears of them as of all others.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import repeat
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, Any]
Lists = Mapping[str, Collection[Any]]
Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Compiled:
    """What one driver is given. ``given``: the values by name, in their order when they go ``by_place``, and how they are converted, as
    columns of a row (``found``) are; ``fixed``: values that belong to the statement; ``has_lists``: its text depends on the values."""

    text: str
    by_place: bool
    fixed: Values
    given: Sequence[tuple[str, Change | None]]
    found: Sequence[tuple[int, Change]]
    has_lists: bool

    def bound(self, values: Values) -> Any:
        """As the driver wants them; raises KeyError for one that is missing."""
        ours = {**self.fixed, **values} if self.fixed else values
        if self.by_place:
            return [change(ours[name]) if change else ours[name] for name, change in self.given]
        return {name: change(ours[name]) if change else ours[name] for name, change in self.given}

    def listed(self, same: Values, each: Lists) -> list[Any]:
        """Rows as the driver wants them, from whole columns: what all rows share is converted once."""
        shared, count = {**self.fixed, **same}, len(next(iter(each.values())))
        columns = [(map(change, each[name]) if change else each[name]) if name in each
                   else repeat(change(shared[name]) if change else shared[name], count) for name, change in self.given]
        rows = zip(*columns, strict=True)
        return list(rows) if self.by_place else [dict(zip((name for name, _change in self.given), row, strict=True)) for row in rows]

    def row(self, raw: Sequence[Any]) -> list[Any]:
        """A row in our types."""
        row = list(raw)
        for place, change in self.found:
            row[place] = change(row[place])
        return row


class Statement:
    """A statement with named values. A change sets the columns that are given, and needs all that have a default in Python."""

    def __init__(self, made: Select[Any] | Insert | Update) -> None:
        self.made = made
        self._known: WeakKeyDictionary[Dialect, dict[tuple[str, ...], Compiled]] = WeakKeyDictionary()

    def rows(self, connection: Connection, values: Values) -> list[list[Any]]:
        """All rows that it finds."""
        compiled = self._compiled(connection.dialect, ())
        if compiled.has_lists:
            return [list(row) for row in connection.execute(self.made, values)]
        with closing(connection.connection.cursor()) as cursor:
            _send(connection, cursor, compiled.text, compiled.bound(values), many=False)
            return [compiled.row(raw) for raw in cursor.fetchall()]

    def row(self, connection: Connection, values: Values) -> list[Any] | None:
        """The row that it finds by a key, or None."""
        found = self.rows(connection, values)
        return found[0] if found else None

    def write(self, connection: Connection, *several: Values) -> None:
        """Add or change one row for each of these, which name the same columns."""
        compiled = self._compiled(connection.dialect, tuple(several[0]))
        bound = [compiled.bound(values) for values in several]
        with closing(connection.connection.cursor()) as cursor:
            _send(connection, cursor, compiled.text, bound if len(bound) > 1 else bound[0], many=len(bound) > 1)

    def write_lists(self, connection: Connection, same: Values, each: Lists) -> None:
        """The same from whole columns, which are equally long: a row for each place of the lists, and in each what is the ``same``."""
        compiled = self._compiled(connection.dialect, (*same, *each))
        rows = compiled.listed(same, each)
        with closing(connection.connection.cursor()) as cursor:
            _send(connection, cursor, compiled.text, rows, many=True)

    def _compiled(self, dialect: Dialect, names: tuple[str, ...]) -> Compiled:
        known = self._known.setdefault(dialect, {})
        if names not in known:
            known[names] = _compile(self.made, dialect, names)
        return known[names]


def _compile(made: Select[Any] | Insert | Update, dialect: Dialect, names: tuple[str, ...]) -> Compiled:
    done = made.compile(dialect=dialect, column_keys=list(names) or None)
    if not isinstance(done, SQLCompiler) or done.insert_prefetch or done.update_prefetch:
        raise ValueError(f"not all columns have a value: {done}")
    binds = {name: bind for bind, name in done.bind_names.items()}
    given = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds.items()}
    columns = made.selected_columns if isinstance(made, Select) else ()
    found = enumerate(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
    return Compiled(
        str(done), bool(done.positional),
        fixed={name: bind.value for name, bind in binds.items() if bind.value is not None},
        given=[(name, given[name]) for name in done.positiontup or binds],
        found=[(place, change) for place, change in found if change is not None],
        has_lists=any(bind.expanding for bind in binds.values()))


def _send(connection: Connection, cursor: Any, text: str, values: Any, *, many: bool) -> None:
    for hear in connection.dispatch.before_cursor_execute:
        hear(connection, cursor, text, values, None, many)
    faults = connection.dialect.loaded_dbapi.Error
    try:
        (cursor.executemany if many else cursor.execute)(text, values)
    except faults as fault:
        # By the name that everybody catches, and without the values: they can be personal.
        raise DBAPIError.instance(text, None, fault, faults, hide_parameters=True, dialect=connection.dialect) from fault
