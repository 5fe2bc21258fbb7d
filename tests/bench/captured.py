"""The statements of one accepted mark as the driver gets them, to be sent again by an endpoint that does nothing else."""

import pickle
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from competition.core.database import db

INSERT = re.compile(r"INSERT INTO \"?\w+\"? \(([^)]*)\)")
Step = tuple[str, Any, tuple[int | str, ...], tuple[int | str, ...]]


class Recorder:
    """Statements, commits and rollbacks in their order."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.steps = engine, list[Step]()
        self.hooks = (("before_cursor_execute", self._note), ("commit", self._commit), ("rollback", self._rollback))

    def _note(self, _connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if many:
            raise SystemExit(f"several rows at once: {statement}")
        self.steps.append((statement, values, *_changing(statement, values)))

    def _commit(self, _connection: Any) -> None:
        self.steps.append(("COMMIT", (), (), ()))

    def _rollback(self, _connection: Any) -> None:
        self.steps.append(("ROLLBACK", (), (), ()))


def _changing(statement: str, values: Any) -> tuple[tuple[int | str, ...], tuple[int | str, ...]]:
    """Where a new row needs values of its own: fresh keys, fresh numbers (by place, or by name)."""
    found = INSERT.match(statement)
    if found is None:
        return (), ()
    columns = [column.strip(' "') for column in found[1].split(",")]
    place = dict(zip(columns, columns, strict=True)) if isinstance(values, dict) else {c: n for n, c in enumerate(columns)}
    return (tuple(place[c] for c in ("id",) if c in place), tuple(place[c] for c in ("seq", "device_seq") if c in place))


@contextmanager
def recording(app: Flask) -> Iterator[Recorder]:
    """What the application sends to its database meanwhile."""
    with app.app_context():
        recorder = Recorder(db.engine)
        for name, hook in recorder.hooks:
            event.listen(db.engine, name, hook)
        try:
            yield recorder
        finally:
            for name, hook in recorder.hooks:
                event.remove(db.engine, name, hook)


def keep(path: Path, captured: list[list[Step]]) -> None:
    path.write_bytes(pickle.dumps(captured))
