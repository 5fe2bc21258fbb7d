"""A real PostgreSQL and a real Redis for the tests: in temporary folders, on loopback, gone afterwards."""

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
import pytest
import redis

from competition.demo.rehearsal_server import free_port as free_port
from tests.memory import new_folder
from tests.setup import postgres_program

START_SECONDS = 120.0


def _end_with_tests(number: int) -> None:
    """In the child: the kernel ends it when the test process is gone, whatever happened to that."""
    ctypes.CDLL(None).prctl(1, number)


def _spawn(command: Sequence[str], folder: Path, *, user: str | None, end: signal.Signals) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=partial(_end_with_tests, end),  # noqa: PLW1509  (no other thread forks here)
        )


def _stop(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    process.send_signal(number)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def service_user() -> str | None:
    """Root may not run PostgreSQL: then the package's own user does."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def _folder(name: str, user: str | None) -> Iterator[Path]:
    path = new_folder(name)
    if user:
        shutil.chown(path, user)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@dataclass(frozen=True)
class PostgresServer:
    """A running server and how to get databases of one's own on it."""

    port: int
    password: str

    def url(self, database: str) -> str:
        """As ``COMP_DATABASE_URL`` takes it."""
        return f"postgresql://competition:{self.password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The address of a new, empty database."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)


def _initialise(folder: Path, password: str, user: str | None) -> None:
    secret = folder / "password"
    secret.write_text(password)
    if user:
        shutil.chown(secret, user)
    command = [
        postgres_program("initdb") or "initdb",
        *("-D", "data", "-U", "competition", "--auth=scram-sha-256", "--pwfile=password"),
        *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
    ]
    _finish(_spawn(command, folder, user=user, end=signal.SIGKILL), folder)


def _finish(process: subprocess.Popen[bytes], folder: Path) -> None:
    if process.wait(120):
        raise RuntimeError((folder / "log").read_text(errors="replace"))


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """A small server of the newest installed version, durable as in use (fsync stays on)."""
    user = service_user()
    with _folder("postgres", user) as folder:
        password = secrets.token_hex(12)
        _initialise(folder, password, user)
        server = PostgresServer(free_port(), password)
        options = {
            "listen_addresses": "127.0.0.1",
            "port": server.port,
            "unix_socket_directories": folder,
            "shared_buffers": "32MB",
            "max_connections": 60,
            "jit": "off",
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [postgres_program("postgres") or "postgres", "-D", "data", *flags]
        # SIGQUIT also ends the sessions that a failed test may have left open.
        process = _spawn(command, folder, user=user, end=signal.SIGQUIT)
        try:
            _wait(process, folder, lambda: psycopg.connect(server.url("postgres"), connect_timeout=2).close())
            yield server
        finally:
            # At once: nobody will start on its files again.
            _stop(process, signal.SIGQUIT)


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis without persistence; yields its address."""
    with _folder("redis", None) as folder:
        port = free_port()
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        process = _spawn([*command, "--dir", str(folder)], folder, user=None, end=signal.SIGTERM)
        url = f"redis://127.0.0.1:{port}/0"
        try:
            _wait(process, folder, lambda: _ping(url))
            yield url
        finally:
            _stop(process, signal.SIGTERM)


def _ping(url: str) -> None:
    client = redis.Redis.from_url(url)
    try:
        client.ping()
    finally:
        client.close()


def _wait(process: subprocess.Popen[bytes], folder: Path, ready: Callable[[], None]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            ready()
        except (psycopg.OperationalError, redis.ConnectionError):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "log").read_text(errors="replace")) from None
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for each test process that asks for it."""
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """The address of an empty database for this test process; others: ``postgres_server.new_database()``."""
    return postgres_server.new_database()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a Redis for this test process."""
    with redis_server() as url:
        yield url
