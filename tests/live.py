"""The application behind a real address, for tests with a browser."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from tests.services import free_port


def answered(app: Flask, environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    """What the application answers, closed however the reader left: the server of werkzeug forgets to when the connection is reset."""
    answer = app(environ, start_response)
    try:
        yield from answer
    finally:
        if hasattr(answer, "close"):
            answer.close()


@dataclass
class Live:
    """A server that can be stopped and started again at the same address."""

    app: Flask
    port: int
    _server: BaseWSGIServer | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Answer requests, each in a thread of its own."""
        self._server = make_server("127.0.0.1", self.port, partial(answered, self.app), threaded=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Answer nothing any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@pytest.fixture
def live(app: Flask) -> Iterator[Live]:
    """The test's application and database, served."""
    server = Live(app, free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()
