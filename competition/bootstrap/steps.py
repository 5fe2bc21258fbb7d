"""How a step of the set-up is told, timed, skipped and reported when it fails."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parents[2]
TAIL = 15


class SetupFailed(Exception):
    """The set-up cannot go on. ``what`` happened and what ``todo``, both for a person."""

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo


@dataclass(frozen=True)
class Step:
    """One line of the set-up: ``pending()`` says why it is due, or None when nothing has changed."""

    title: str
    pending: Callable[[], str | None]
    act: Callable[[], None]


def say(text: str, *, end: str = "\n") -> None:
    """Print for the person at the terminal, at once."""
    print(text, end=end, flush=True)


def use_utf8() -> None:
    """A terminal without a Chinese locale gets question marks at worst, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def keep_bytecode() -> None:
    """Several processes import the same packages: compiled once, each starts in half the time."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def carry_out(steps: Iterable[Step]) -> None:
    """Do what is due, one line each."""
    for step in steps:
        why = step.pending()
        if why is None:
            say(f"[{step.title}] 没有变化，跳过")
            continue
        say(f"[{step.title}] {why} …", end=" ")
        started = time.monotonic()
        step.act()
        say(f"完成（{time.monotonic() - started:.1f} 秒）")


def look(steps: Iterable[Step]) -> int:
    """Say what would be done, change nothing. The number of steps that are due."""
    due = 0
    for step in steps:
        why = step.pending()
        due += why is not None
        say(f"[{step.title}] {'齐备' if why is None else f'待办：{why}'}")
    return due


def instance_folder() -> Path:
    """Where this installation keeps what it writes (``COMP_INSTANCE``, else ``instance/``)."""
    return Path(os.environ.get("COMP_INSTANCE", ROOT / "instance")).resolve()


def log_path() -> Path:
    """The full output of every command that the set-up ran."""
    return instance_folder() / "setup.log"


def _open_log() -> TextIO:
    path = log_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")


def run_quietly(
    command: Sequence[str | os.PathLike[str]], todo: str, *, env: Mapping[str, str] | None = None
) -> None:
    """Run a command with its output in the log; a failure shows the last lines and ``todo``."""
    name = Path(command[0]).name
    try:
        with _open_log() as log:
            log.write(f"\n$ {' '.join(map(str, command))}\n")
            log.flush()
            start = log.tell()
            result = subprocess.run(
                command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
            )
    except OSError as error:
        raise SetupFailed(f"无法运行 {name}：{error}", todo) from error
    if result.returncode:
        said = log_path().read_bytes()[start:].decode("utf-8", "replace").splitlines()
        raise SetupFailed("\n".join([f"{name} 以状态 {result.returncode} 结束：", *said[-TAIL:]]), todo)


def files_under(*places: Path) -> list[Path]:
    """Every file at or below the places that exist, in a stable order."""
    found: set[Path] = set()
    for place in places:
        found.update([place] if place.is_file() else (p for p in place.rglob("*") if p.is_file()))
    return sorted(found)


def digest(*places: Path, words: Sequence[str] = ()) -> str:
    """A fingerprint of the inputs of a step: file names, contents and some words."""
    total = hashlib.sha256()
    for word in words:
        total.update(word.encode() + b"\0")
    for path in files_under(*places):
        name = os.path.relpath(path, ROOT)
        total.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_current(stamp: Path, fingerprint: str, *products: Path) -> bool:
    """True when the step was done with these inputs and its products are still there."""
    return stamp.is_file() and stamp.read_text().strip() == fingerprint and all(p.exists() for p in products)


def leave_stamp(stamp: Path, fingerprint: str) -> None:
    """Remember the inputs; only after the step has succeeded."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(fingerprint + "\n")
