"""The supervisor: nothing is left behind, whatever ends it, and what it cannot do it says."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from competition.bootstrap.environment import Address, check_free, read_address, use_demo
from competition.bootstrap.steps import ROOT, SetupFailed
from competition.serve import first_link, web_command
from tests.services import free_port

# A crew of three that write down who they are; each has a child of its own, as gunicorn has.
CREW = """
import signal, sys
from competition.serve import Child, Supervisor
# Tests that were started in the background inherit an ignored SIGINT, which a supervisor would respect.
signal.signal(signal.SIGINT, signal.default_int_handler)
folder = sys.argv[1]
member = (
    "import os, subprocess, sys, time\\n"
    "open(f'{folder}/{name}.pid', 'a').write(f'{os.getpid()}\\\\n')\\n"
    "print('hello from', '{name}', flush=True)\\n"
    "{rest}\\n"
)
def child(name, rest="time.sleep(120)", **options):
    text = member.replace("{folder}", folder).replace("{name}", name).replace("{rest}", rest)
    return Child(name, [sys.executable, "-c", text], **options)
crew = eval(sys.argv[2])
print("status", Supervisor(crew).run(), flush=True)
"""


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state not in ("Z", "X")


def pids(folder: Path, name: str) -> list[int]:
    path = folder / f"{name}.pid"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


@contextmanager
def hanging_up(handler: signal.Handlers) -> Iterator[None]:
    """Whatever starts in here hears SIGHUP or, as with nohup, does not; the tests themselves may have been started either way."""
    before = signal.signal(signal.SIGHUP, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(crew: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", CREW, str(tmp_path), crew], cwd=ROOT, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_every_child_stops_with_the_supervisor(
    tmp_path: Path, supervise: Callable[[str], subprocess.Popen[str]], number: signal.Signals
) -> None:
    with hanging_up(signal.SIG_DFL):
        process = supervise("[child('web'), child('clock'), child('work')]")
    until(lambda: all(pids(tmp_path, name) for name in ("web", "clock", "work")))
    children = [pids(tmp_path, name)[0] for name in ("web", "clock", "work")]
    assert all(alive(pid) for pid in children)
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    until(lambda: not any(alive(pid) for pid in children))
    if number is not signal.SIGKILL:
        assert process.returncode == 0
        assert output.splitlines()[-1] == "status 0"


def test_what_the_children_say_is_marked_with_their_names(
    tmp_path: Path, supervise: Callable[[str], subprocess.Popen[str]]
) -> None:
    process = supervise("[child('web'), child('work')]")
    assert process.stdout is not None
    # The first two lines; a supervisor that says nothing ends with its children.
    said = [process.stdout.readline().strip() for _child in ("web", "work")]
    process.terminate()
    process.communicate(timeout=60)
    assert sorted(said) == ["web   | hello from web", "work  | hello from work"]


def test_a_lost_web_server_stops_the_rest_and_is_told(
    tmp_path: Path, supervise: Callable[[str], subprocess.Popen[str]]
) -> None:
    process = supervise("[child('web', 'time.sleep(1); sys.exit(3)'), child('clock')]")
    output, _ = process.communicate(timeout=60)
    assert "web 意外结束（状态 3），系统停止" in output
    assert "处理办法" in output
    assert output.splitlines()[-1] == "status 1"
    assert not any(alive(pid) for pid in pids(tmp_path, "clock"))


def test_a_stumbling_worker_is_started_again_a_few_times(
    tmp_path: Path, supervise: Callable[[str], subprocess.Popen[str]]
) -> None:
    process = supervise("[child('web'), child('work', 'sys.exit(4)', restarts=2)]")
    output, _ = process.communicate(timeout=60)
    assert len(pids(tmp_path, "work")) == 3
    assert "1 秒后重新启动（第 1 次）" in output
    assert "2 秒后重新启动（第 2 次）" in output
    assert "work 意外结束（状态 4），系统停止" in output
    assert not any(alive(pid) for pid in pids(tmp_path, "web"))


def test_a_task_of_one_time_may_end(tmp_path: Path, supervise: Callable[[str], subprocess.Popen[str]]) -> None:
    process = supervise("[child('web'), child('first', 'pass', once=True)]")
    until(lambda: bool(pids(tmp_path, "first")) and not alive(pids(tmp_path, "first")[0]))
    time.sleep(0.8)
    assert process.poll() is None
    process.terminate()
    output, _ = process.communicate(timeout=60)
    assert output.splitlines()[-1] == "status 0"


def test_a_deaf_child_is_not_waited_for_after_the_second_signal(
    tmp_path: Path, supervise: Callable[[str], subprocess.Popen[str]]
) -> None:
    is_deaf = tmp_path / "deaf"
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); open({str(is_deaf)!r}, 'w').close(); time.sleep(120)"
    process = supervise(f"[child('web', {deaf!r})]")
    until(is_deaf.exists)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert not alive(pids(tmp_path, "web")[0])


def run_serve(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COMP_")}
    return subprocess.run(
        [sys.executable, "-m", "competition.serve", *arguments], cwd=ROOT, capture_output=True, text=True, check=False,
        timeout=60, env={**inherited, "PYTHONIOENCODING": "utf-8", **environment},
    )


def test_a_port_in_use_is_a_clear_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        done = run_serve(COMP_PORT=str(port), COMP_INSTANCE=str(tmp_path))
    assert done.returncode == 1
    assert f"地址 127.0.0.1:{port} 不能使用" in done.stderr
    assert f"COMP_PORT={port % 65535 + 1} python3 wsgi.py" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demonstration_is_refused_off_loopback(tmp_path: Path) -> None:
    done = run_serve("--demo", COMP_HOST="0.0.0.0", COMP_INSTANCE=str(tmp_path))
    assert done.returncode == 1
    assert "只能在本机地址上运行" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("port", ["", "0", "65536", "八千", "80a", "-1"])
def test_a_bad_port_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("COMP_PORT", port)
    with pytest.raises(SetupFailed, match="不是端口号"):
        read_address()


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(SetupFailed, match="不能使用"):
        check_free(Address("192.0.2.1", 8000))


def test_the_demonstration_has_a_database_and_a_queue_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("COMP_HOST", raising=False)
    monkeypatch.setenv("COMP_DEMO", "0")  # set here, so that it is taken back
    monkeypatch.setenv("COMP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("COMP_DATABASE_URL", "postgresql://real.example/competition")
    monkeypatch.setenv("COMP_REDIS_URL", "redis://real.example/0")
    use_demo()
    assert os.environ["COMP_DATABASE_URL"] == f"sqlite:///{tmp_path}/demo.db"
    assert os.environ["COMP_DEMO"] == "1"
    assert "COMP_REDIS_URL" not in os.environ


def test_sqlite_gets_no_threads_and_postgresql_does() -> None:
    def threads(url: str) -> str:
        command = web_command(Address("127.0.0.1", 8000), url)
        return command[command.index("--threads") + 1]

    assert threads("sqlite:///x.db") == "1"
    assert int(threads("postgresql://x")) > 1
    assert "--no-control-socket" in web_command(Address("127.0.0.1", 8000), "sqlite://")


@pytest.mark.parametrize(
    ("public", "expected"),
    [("", "http://127.0.0.1:8000/setup/abc"), ("https://jingsai.example/", "https://jingsai.example/setup/abc")],
)
def test_the_first_administrator_gets_a_whole_link(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], public: str, expected: str
) -> None:
    monkeypatch.setenv("COMP_PUBLIC_URL", public)
    tell = first_link(Address("0.0.0.0", 8000))
    tell("/setup/abc")
    assert expected in capsys.readouterr().out.split()


def test_settings_that_are_missing_are_told_once(tmp_path: Path) -> None:
    done = run_serve(COMP_HOST="0.0.0.0", COMP_PORT=str(free_port()), COMP_INSTANCE=str(tmp_path))
    assert done.returncode == 1
    assert "密钥必须由环境变量给出" in done.stderr
    assert "COMP_FIELD_KEYS" in done.stderr
    assert "Traceback" not in done.stderr


def test_keys_of_a_wrong_length_are_told(tmp_path: Path) -> None:
    done = run_serve(COMP_FIELD_KEYS="k1:YWJj", COMP_PORT=str(free_port()), COMP_INSTANCE=str(tmp_path))
    assert done.returncode == 1
    assert "应为 32 字节的 base64 文本" in done.stderr


def test_what_was_ignored_stays_ignored(tmp_path: Path, supervise: Callable[[str], subprocess.Popen[str]]) -> None:
    with hanging_up(signal.SIG_IGN):
        process = supervise("[child('web')]")
    until(lambda: bool(pids(tmp_path, "web")))
    process.send_signal(signal.SIGHUP)
    time.sleep(1)
    assert process.poll() is None
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 0
