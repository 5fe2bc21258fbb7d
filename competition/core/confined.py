"""A printing process locked up before it reads what others wrote: its limits, no network, no file but the program's own.

Three locks, so that nothing leaves even if a check of the renderer's fails: the kernel's limits; a network namespace
of its own, in which there is nothing to reach (``has_own_network`` says whether this machine allows it); and a hook
of Python's that refuses every socket, every program and every file outside the program, its libraries and the
process's own temporary folder. The hook cannot be taken off again.
"""

import ctypes
import json
import os
import resource
import runpy
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# As in core/config, without all that it reads: each table and each sheet of certificates starts this module in a process of its own.
ROOT = Path(__file__).resolve().parents[2]

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
LARGEST_FILE = 256 * 1024**2

FORBIDDEN = frozenset({
    "socket.__new__", "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "urllib.Request",
})
# Fonts and their settings are read by the libraries themselves, not by Python; these are for what Python reads of them.
READABLE = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/zoneinfo", "/etc/mime.types", "/dev/null", "/dev/urandom")


@dataclass(frozen=True)
class Limits:
    """What one printing process may take. ``cpu_s`` and ``wall_s`` are for one request, seconds; the rest bytes or numbers."""

    memory: int = 2 * 1024**3
    cpu_s: int = 110
    wall_s: float = 120
    html: int = 24 * 1024**2
    assets: int = 96 * 1024**2
    pages: int = 5000
    pixels: int = 40_000_000

    @property
    def request(self) -> int:
        """The largest request: a document and its assets in base64."""
        return self.html + self.assets * 4 // 3

    def as_argument(self) -> str:
        """For the command line of the process; ``Limits.given`` reads it."""
        return json.dumps(asdict(self))

    @staticmethod
    def given() -> "Limits":
        """What this process was started with."""
        return Limits(**json.loads(sys.argv[1])) if len(sys.argv) > 1 else Limits()


class Forbidden(Exception):
    """The process tried to read or to reach what it may not."""


def confine(limits: Limits) -> "Guard":
    """Lock this process up, for good, before it reads what others wrote; what the hook refused stands in the answer.

    The network it has left before, while it had nothing but this module in it (``command``).
    """
    for kind, most in ((resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_FSIZE, LARGEST_FILE), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(kind, (most, most))
    guard = Guard()
    sys.addaudithook(guard)
    return guard


def allow_cpu(seconds: int) -> None:
    """So much more processor time for what comes next; the kernel ends the process that takes longer."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def command(program: str, limits: Limits) -> list[str]:
    """How a printing process is started: it leaves the network, then becomes ``program``, a module."""
    return [sys.executable, "-m", __name__, limits.as_argument(), program]


def has_own_network() -> bool:
    """Does the kernel let printing processes have a network of their own? Asked in a process of its own."""
    answer = subprocess.run([sys.executable, "-m", __name__], cwd=ROOT, capture_output=True, check=False)
    return answer.stdout.strip() == b"yes"


def leave_network() -> bool:
    """Into a network namespace with nothing in it; False where the kernel does not let us, and once there are threads.

    The libraries that set texts begin threads when they like.
    """
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    return unshare is not None and unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0


class Guard:
    """Refuses what a printing process has no business with, and keeps what it ``refused``: a library may go on without it."""

    def __init__(self) -> None:
        own = (ROOT / "competition", ROOT / "static", sys.prefix, sys.base_prefix, tempfile.gettempdir())
        libraries = [path for path in sys.path if path and Path(path) != ROOT]
        places = {os.path.realpath(place) for place in (*map(str, own), *libraries, *READABLE)}
        self.refused: list[str] = []
        self.files, self.folders = places, tuple(f"{place}{os.sep}" for place in places)

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event in FORBIDDEN or (event == "open" and not self._may_open(args[0])):
            self.refused.append(event)
            raise Forbidden(event)

    def _may_open(self, name: Any) -> bool:
        if not isinstance(name, (str, bytes, os.PathLike)):
            return True  # a descriptor that is open already
        path = os.path.realpath(os.fsdecode(name))
        return path in self.files or path.startswith(self.folders)


if __name__ == "__main__":
    left = leave_network()
    if len(sys.argv) > 2:
        runpy.run_module(sys.argv[2], run_name="__main__", alter_sys=True)
    else:
        print("yes" if left else "no")
