"""The whole system as its own command starts it: web server, clock and worker on an empty database."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from competition.bootstrap.steps import ROOT
from tests.services import free_port

SECONDS = 120.0


@dataclass
class Site:
    """A running installation with what it printed."""

    instance: Path
    output: Path
    port: int

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def printed(self, pattern: str) -> str:
        """Wait until the command has printed this; the found text."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.output.read_text()):
                return found[0]
            time.sleep(0.1)
        raise AssertionError(f"{pattern} not in: {self.output.read_text()}")

    def wait_until_it_answers(self) -> None:
        """The first page takes a moment."""
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=20) as answer:  # noqa: S310  (our own server)
                    assert answer.read() == b"ok\n"
            except OSError:
                assert time.monotonic() < deadline, self.output.read_text()
                time.sleep(0.1)
            else:
                return


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """Make the database as the set-up does, start the crew, and stop all of it at the end."""
    site = Site(folder / "instance", folder / "output", free_port())
    site.instance.mkdir(mode=0o700, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMP_")}
    environment |= {"COMP_INSTANCE": str(site.instance), "COMP_PORT": str(site.port), "PYTHONIOENCODING": "utf-8",
                    "COMP_PUBLIC_URL": site.address}
    subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], cwd=ROOT, env=environment,
                   check=True, capture_output=True, umask=0o077)
    with site.output.open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "competition.serve"], cwd=ROOT, env=environment, stdout=log, stderr=log,
                                   start_new_session=True)
    try:
        site.wait_until_it_answers()
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
