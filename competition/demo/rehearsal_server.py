"""The servers of a rehearsal: as in use, on loopback, on a database that lives no longer than the rehearsal."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from competition.bootstrap.environment import Address
from competition.bootstrap.steps import ROOT
from competition.core.config import Settings, load_settings
from competition.serve import web_command

START_SECONDS = 180.0


def free_port() -> int:
    """A port of this machine that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Ground:
    """Where a rehearsal takes place: a folder of its own, with keys of its own."""

    folder: Path
    port: int = field(default_factory=free_port)
    keys: str = field(default_factory=lambda: b64encode(secrets.token_bytes(32)).decode())

    @property
    def environment(self) -> dict[str, str]:
        """What the servers and the application read: nothing of the instance's own database or keys."""
        return {
            "COMP_INSTANCE": str(self.folder), "COMP_DATABASE_URL": f"sqlite:///{self.folder / 'rehearsal.db'}",
            "COMP_HOST": "127.0.0.1", "COMP_PORT": str(self.port), "COMP_SECRET_KEY": self.keys, "COMP_FIELD_KEYS": f"r1:{self.keys}",
            "COMP_INDEX_KEY": self.keys,
        }

    def settings(self) -> Settings:
        """The same for an application in this process."""
        return load_settings(self.environment)


class Server:
    """The web server in processes of its own group: it can be killed like a machine that loses its current."""

    def __init__(self, port: int, folder: Path, environment: Mapping[str, str]) -> None:
        self.port, self.log = port, folder / "server.log"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("COMP_")} | dict(environment)
        self.command = web_command(Address("127.0.0.1", port), environment["COMP_DATABASE_URL"])
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers; raises RuntimeError with its last words."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, start_new_session=True)
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError(self.log.read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def answers(self) -> bool:
        """Does it take requests?"""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """SIGKILL to all of its processes, which are those that were started here and no others."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
