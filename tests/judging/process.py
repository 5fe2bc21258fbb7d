"""A tablet before a server that is a process of its own and can be killed like one."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from flask import Flask

from competition.bootstrap.environment import Address
from competition.bootstrap.steps import ROOT
from competition.core.config import Settings
from competition.serve import web_command
from tests.live import Live
from tests.services import free_port

START_SECONDS = 30.0


class ServerProcess(Live):
    """The application on its database, served as in use; ``stop`` is SIGKILL."""

    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        settings: Settings = self.app.extensions["settings"]
        env = os.environ | {
            "COMP_INSTANCE": str(settings.instance), "COMP_DATABASE_URL": settings.database_url, "COMP_SECRET_KEY": settings.secret_key,
            "COMP_FIELD_KEYS": settings.field_keys, "COMP_INDEX_KEY": settings.index_key}
        command = web_command(Address("127.0.0.1", self.port), settings.database_url)
        with (settings.instance / "server.log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             start_new_session=True)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, "the server did not start"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.address}/healthz", timeout=5):  # noqa: S310 - of this test
                return True
        except (URLError, OSError):
            return False

    def stop(self) -> None:
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, 9)
        self._process.wait(20)
        self._process = None


@pytest.fixture
def server_process(app: Flask) -> Iterator[ServerProcess]:
    """The test's application and database, served by a process of its own."""
    server = ServerProcess(app, free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()
