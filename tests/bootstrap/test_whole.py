"""The real crew on a fresh database: it answers, greets the first administrator, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from competition.bootstrap.steps import ROOT
from tests.services import free_port

SECONDS = 180.0


def crew_of(instance: Path) -> dict[int, str]:
    """Every living process of this installation, found by its environment."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"COMP_INSTANCE={instance}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def until_gone(instance: Path) -> dict[int, str]:
    deadline = time.monotonic() + SECONDS
    while (left := crew_of(instance)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


@contextmanager
def serving(instance: Path, output: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMP_")}
    port = free_port()
    environment |= {"COMP_INSTANCE": str(instance), "COMP_PORT": str(port), "PYTHONIOENCODING": "utf-8"}
    subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], cwd=ROOT, env=environment,
                   check=True, capture_output=True, umask=0o077)
    with output.open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "competition.serve"], cwd=ROOT, env=environment, stdout=log,
                                   stderr=log, start_new_session=True)
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pid in until_gone(instance):
            os.kill(pid, signal.SIGKILL)


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310  (our own server)
        return bytes(answer.read())


def wait_for(output: Path, pattern: str) -> str:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if found := re.search(pattern, output.read_text()):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"{pattern} not in: {output.read_text()}")


def wait_until_it_answers(url: str) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            assert fetch(f"{url}/healthz") == b"ok\n"
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_crew_serves_and_goes_together(tmp_path: Path, number: signal.Signals) -> None:
    instance, output = tmp_path / "instance", tmp_path / "output"
    instance.mkdir(mode=0o700)
    with serving(instance, output) as (process, url):
        wait_until_it_answers(url)
        assert b"ready" in fetch(f"{url}/readyz")
        link = wait_for(output, r"http://127\.0\.0\.1:\d+/setup/\S+")
        assert fetch(link)
        for word in ("定时器已启动", "任务处理进程已启动"):
            wait_for(output, word)
        running = " ".join(crew_of(instance).values())
        for part in ("gunicorn", "jobs clock", "jobs work"):
            assert part in running
        process.send_signal(number)
        process.wait(SECONDS)
        assert until_gone(instance) == {}
    if number is signal.SIGTERM:
        assert process.returncode == 0
        assert "Traceback" not in output.read_text()
        assert output.read_text().endswith("已停止。\n")
    assert [path.name for path in instance.iterdir() if path.stat().st_mode & 0o077 and path.suffix == ".db"] == []
