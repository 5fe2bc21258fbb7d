"""One command that runs the whole system: web server, clock and job worker, together or not at all.

The supervisor is one thread and one loop. It owns its children: they stop when it stops, and on
Linux the kernel stops them should it be killed outright.
"""

import ctypes
import io
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import IO

from gunicorn.config import KNOWN_SETTINGS

from competition.bootstrap.command import tell
from competition.bootstrap.environment import Address, check_free, database_url, read_address, use_demo
from competition.bootstrap.steps import ROOT, SetupFailed, keep_bytecode, say, use_utf8
from competition.core.config import ConfigError, load_settings
from competition.core.crypto import parse_keyring

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 20.0
RESTARTS = 5
STEADY_SECONDS = 60.0
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")


def die_with(parent: int) -> None:
    """In a child, before it becomes its program: end when ``parent`` ends, however it ends."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)  # it was gone before the kernel knew of our wish


@dataclass
class Child:
    """One process under supervision.

    ``restarts``: how often in a row it may be started again; ``delay``: seconds after the first.
    """

    name: str
    command: Sequence[str]
    restarts: int = 0
    delay: float = 0.0
    once: bool = False
    on_line: Callable[[str], None] | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    due_at: float | None = None
    partial: bytes = field(default=b"")

    def start(self) -> IO[bytes]:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.process = subprocess.Popen(  # the children outlive this call
            self.command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509  (one thread only)
        )
        self.started_at, self.due_at = time.monotonic(), None
        if self.process.stdout is None:
            raise RuntimeError("a child without its pipe")
        os.set_blocking(self.process.stdout.fileno(), False)
        return self.process.stdout

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """To the process; SIGKILL to everything it has started as well."""
        if self.process is None:
            return
        if number is signal.SIGKILL:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return
        elif self.process.poll() is None:
            self.process.send_signal(number)

    def take(self, data: bytes) -> None:
        """Hand on complete lines, marked with the name."""
        *lines, self.partial = (self.partial + data).split(b"\n")
        for line in lines:
            text = line.decode("utf-8", "replace").rstrip("\r")
            if self.on_line:
                self.on_line(text)
            else:
                say(f"{self.name:<5} | {text}")


class Supervisor:
    """Starts the children, passes on what they print, and stops them all when one is lost."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = list(children)
        self.selector = selectors.DefaultSelector()
        self.stop_requests = 0
        self.status = 0

    def run(self) -> int:
        """Until a signal or a lost child; the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # What was ignored when we were started (nohup, a job in the background) stays ignored.
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._note_signal)
        try:
            begun = time.monotonic()
            for child in self.children:
                child.due_at = begun + child.delay
            while not self.stop_requests:
                self._look_after()
                self._pump(0.3)
        finally:
            self._stop()
        return self.status

    def _note_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_requests += 1

    def _start(self, child: Child) -> None:
        self.selector.register(child.start(), selectors.EVENT_READ, child)

    def _pump(self, seconds: float) -> None:
        for key, _ in self.selector.select(seconds):
            child: Child = key.data
            pipe = key.fileobj
            if not isinstance(pipe, io.IOBase):
                continue
            data = os.read(pipe.fileno(), 65536)
            if data:
                child.take(data)
                continue
            child.take(b"\n" if child.partial else b"")
            self.selector.unregister(pipe)
            pipe.close()

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in list(self.children):
            if child.due_at is not None and now >= child.due_at:
                self._start(child)
            elif child.due_at is None and not child.running:
                self._lost(child, now)

    def _lost(self, child: Child, now: float) -> None:
        code = child.process.returncode if child.process else 0
        if child.once:
            self.children.remove(child)
            return
        child.failures = 1 if now - child.started_at > STEADY_SECONDS else child.failures + 1
        if child.failures <= child.restarts:
            wait = min(2.0 ** (child.failures - 1), 30.0)
            child.due_at = now + wait
            say(f"{child.name:<5} | 意外结束（状态 {code}），{wait:.0f} 秒后重新启动（第 {child.failures} 次）")
            return
        say(f"\n{child.name} 意外结束（状态 {code}），系统停止。原因见上面以“{child.name}”开头的最后几行。")
        say("处理办法：运行 .venv/bin/flask --app wsgi doctor 查看问题，解决后重新启动。")
        self.status, self.stop_requests = 1, 1

    def _stop(self) -> None:
        asked = self.stop_requests
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.running for child in self.children):
            self._pump(0.1)
            # Asked a second time, or too late: no more waiting.
            if time.monotonic() > deadline or self.stop_requests > asked:
                break
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process:
                child.process.wait()
        self._pump(0)


def web_command(address: Address, database: str) -> list[str]:
    """gunicorn: threads halve SQLite's writes, so there they stay at one; PostgreSQL likes them."""
    threads = 1 if database.startswith("sqlite") else 8
    options = ["--bind", address.bind, "--workers", "2", "--threads", str(threads)]
    options += ["--timeout", "120", "--graceful-timeout", "15", "--log-level", "warning"]
    if any("--no-control-socket" in (setting.cli or ()) for setting in KNOWN_SETTINGS):
        options.append("--no-control-socket")
    if os.path.isdir("/dev/shm"):  # noqa: S108  (the heartbeat file must not wait for a disk)
        options += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    return [sys.executable, "-m", "gunicorn", "wsgi:app", *options]


def first_link(address: Address) -> Callable[[str], None]:
    """Tells the one-time link for the first administrator when the command prints its path."""
    base = (os.environ.get("COMP_PUBLIC_URL") or address.url).rstrip("/")

    def on_line(line: str) -> None:
        path = line.strip()
        if path.startswith("/"):
            say(f"\n第一次使用：请打开下面的链接建立管理员（只能使用一次）\n    {base}{path}\n")
        elif path:
            say(f"first | {path}")

    return on_line


NO_PUBLIC_URL = (
    "提醒：还没有设置公开网址，证书上的二维码没有地址可印，正式签发证书以前必须设置：\n"
    "    COMP_PUBLIC_URL=https://竞赛系统的域名 python3 wsgi.py\n"
)


def check_settings() -> None:
    """Settings that contradict each other are told once, not by every process in its own way."""
    try:
        parse_keyring(load_settings())
    except (ConfigError, ValueError) as error:
        raise SetupFailed("设置有误，不能启动。", str(error)) from error


def load_demo() -> None:
    """Fill the demonstration's database, unless it has been."""
    say("[演示数据] 首次使用时生成，请稍候 …")
    started = time.monotonic()
    done = subprocess.run([*FLASK, "demo", "load"], cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise SetupFailed(
            f"演示数据没有载入（状态 {done.returncode}，原因见上）。",
            "请删除 instance/demo.db 后重新运行 python3 wsgi.py --demo。",
        )
    say(f"[演示数据] 就绪（{time.monotonic() - started:.1f} 秒）")


def crew(address: Address, *, demo: bool) -> list[Child]:
    """Who runs: the web server must live; the clock and the worker may stumble a few times.

    They start one after the other, so that the first page does not wait for all of them.
    """
    children = [
        Child("web", web_command(address, database_url())),
        Child("clock", [*FLASK, "jobs", "clock"], restarts=RESTARTS, delay=6.0),
        Child("work", [*FLASK, "jobs", "work"], restarts=RESTARTS, delay=4.0),
    ]
    if not demo:
        command = [*FLASK, "user", "first-admin-link"]
        children.append(Child("first", command, once=True, on_line=first_link(address), delay=1.0))
    return children


def main(argv: Sequence[str]) -> int:
    """``python -m competition.serve [--demo]``."""
    use_utf8()
    keep_bytecode()
    demo = "--demo" in argv
    # What the children write (database, uploads, keys) is for this user alone.
    os.umask(0o077)
    os.environ["PYTHONUNBUFFERED"] = "1"
    try:
        if demo:
            use_demo()
        address = read_address()
        check_free(address)
        check_settings()
        if demo:
            load_demo()
    except SetupFailed as failure:
        return tell(failure)
    say(f"\n竞赛管理系统{'（演示）' if demo else ''}：{address.url}    按 Ctrl-C 停止\n")
    if not demo and not os.environ.get("COMP_PUBLIC_URL"):
        say(NO_PUBLIC_URL)
    status = Supervisor(crew(address, demo=demo)).run()
    say("已停止。")
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
