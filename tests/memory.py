"""Where the files of a run lie: in memory when there is room, so that no test waits for a disk.

Everything is written and synced as in use; only what it lies on is quick. With ``--basetemp=FOLDER`` it lies there and
stays, for whoever wants to look at what a test left.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")  # noqa: S108 - folders of our own are made in it
# A whole run takes about a fifth of it.
ENOUGH = 2 * 1024**3
PREFIX = "competition-tests-"


def new_folder(name: str) -> Path:
    """A folder in memory, or where temporary files lie on a machine that has no room there; the caller's to remove."""
    is_quick = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-{name}-", dir=MEMORY if is_quick else None))


def remove_left() -> None:
    """The folders of runs that were killed: memory is not emptied by anybody else."""
    for path in MEMORY.glob(f"{PREFIX}*"):
        number = path.name.removeprefix(PREFIX).partition("-")[0]
        if number.isdigit() and not Path("/proc", number).exists():
            shutil.rmtree(path, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """The folder of the run, before anybody asks for one; processes of the run have theirs in it."""
    if config.option.basetemp is None and not hasattr(config, "workerinput"):
        remove_left()
        made = config.option.basetemp = str(new_folder("run"))
        config.add_cleanup(lambda: shutil.rmtree(made, ignore_errors=True))
