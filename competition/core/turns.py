"""Some work is done by so many at once and no more, over all processes of one machine.

Each place is a file that whoever works holds locked. The kernel gives the place back when the process is gone, however
it ended; nothing has to be counted or repaired.
"""

import fcntl
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(folder: Path, name: str, places: int) -> Iterator[None]:
    """Hold one of the ``places`` called ``name``; waits for one when all are taken."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}-{number}.lock" for number in range(places)]
    # Opened anew each time: a lock belongs to what was opened, so that threads of one process wait for each other too.
    taken = next((found for found in map(_at_once, files) if found is not None), None)
    descriptor = taken if taken is not None else _when_free(random.choice(files))  # noqa: S311 - which queue, no secret
    try:
        yield
    finally:
        os.close(descriptor)


def _at_once(path: Path) -> int | None:
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _when_free(path: Path) -> int:
    descriptor = _open(path)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
