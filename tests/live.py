"""The application behind a real address, for tests with a browser."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from tests.services import free_port

# No request takes longer; one that does may as well go on.
LONGEST_S = 60.0


@dataclass
class Busy:
    """How many requests are being answered."""

    count: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self, number: int) -> None:
        with self.changed:
            self.count += number
            self.changed.notify_all()

    def wait(self) -> None:
        """Until there are none."""
        with self.changed:
            self.changed.wait_for(lambda: self.count == 0, LONGEST_S)


def answered(app: Flask, busy: Busy, environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    """What the application answers, closed however the reader left: the server of werkzeug forgets to when the connection is reset."""
    busy.add(1)
    try:
        answer = app(environ, start_response)
        try:
            yield from answer
        finally:
            if hasattr(answer, "close"):
                answer.close()
    finally:
        busy.add(-1)


@dataclass
class Live:
    """A server that can be stopped and started again at the same address."""

    app: Flask
    port: int
    busy: Busy = field(default_factory=Busy)
    _server: BaseWSGIServer | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Answer requests, each in a thread of its own."""
        self._server = make_server("127.0.0.1", self.port, partial(answered, self.app, self.busy), threaded=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Answer nothing any more; what was asked before has its answer, so that nothing goes on in a database that is put away."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
            self.busy.wait()


@pytest.fixture
def live(app: Flask) -> Iterator[Live]:
    """The test's application and database, served."""
    server = Live(app, free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()
