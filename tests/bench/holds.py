"""How long transactions hold the lock under which everybody else writes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


class Holds:
    """How long each writing transaction held the lock, in seconds: by the clock, and of this process's own time, which other work
    on the machine does not stretch."""

    def __init__(self) -> None:
        self.longest, self.longest_own, self.count = 0.0, 0.0, 0
        self._begun = (0.0, 0.0)

    @contextmanager
    def watching(self, engine: Engine) -> Iterator[None]:
        """Meanwhile every transaction is timed, from its BEGIN IMMEDIATE to the end of its COMMIT."""
        real = engine.dialect.do_commit
        event.listen(engine, "begin", self._on_begin)
        engine.dialect.do_commit = self._timed(real)  # type: ignore[method-assign]
        try:
            yield
        finally:
            engine.dialect.do_commit = real  # type: ignore[method-assign]
            event.remove(engine, "begin", self._on_begin)

    def _on_begin(self, connection: Any) -> None:
        is_writing = connection.get_execution_options().get("immediate")
        self._begun = (time.perf_counter(), time.process_time()) if is_writing else (0.0, 0.0)

    def _timed(self, commit: Any) -> Any:
        def timed(connection: Any) -> None:
            commit(connection)
            if self._begun[0]:
                self.count += 1
                self.longest = max(self.longest, time.perf_counter() - self._begun[0])
                self.longest_own = max(self.longest_own, time.process_time() - self._begun[1])
                self._begun = (0.0, 0.0)
        return timed
