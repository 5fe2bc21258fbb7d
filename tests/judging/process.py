"""A tablet before a server that is a process of its own and can be killed like one."""

from collections.abc import Iterator

import pytest
from flask import Flask

from competition.core.config import Settings
from competition.demo.rehearsal_server import Server
from tests.live import Live
from tests.services import free_port


class ServerProcess(Live):
    """The application on its database, served as in use; ``stop`` is SIGKILL."""

    _process: Server | None = None

    def start(self) -> None:
        settings: Settings = self.app.extensions["settings"]
        self._process = Server(self.port, settings.instance, {
            "COMP_INSTANCE": str(settings.instance), "COMP_DATABASE_URL": settings.database_url, "COMP_SECRET_KEY": settings.secret_key,
            "COMP_FIELD_KEYS": settings.field_keys, "COMP_INDEX_KEY": settings.index_key})
        self._process.start()

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()


@pytest.fixture
def server_process(app: Flask) -> Iterator[ServerProcess]:
    """The test's application and database, served by a process of its own."""
    server = ServerProcess(app, free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()
