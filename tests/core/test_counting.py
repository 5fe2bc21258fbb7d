"""Limits count once for all processes of a machine; so do the places at which heavy work is done."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse
from limits.strategies import MovingWindowRateLimiter

from competition.app import create_app
from competition.core.counting import SCHEME, STORE, SharedFile
from competition.core.database import SQLITE, db
from competition.core.limits import is_within, limiter
from competition.core.turns import turn
from tests.house import read_files, settings_for

MANY = parse("25 per minute")
COUNT = """
import sys
from limits import parse
from limits.strategies import MovingWindowRateLimiter
from competition.core.counting import SharedFile
gate = MovingWindowRateLimiter(SharedFile(sys.argv[1]))
print(sum(gate.hit(parse("25 per minute"), "somebody") for _time in range(20)))
"""
WORK = """
import pathlib, sys, time
from competition.core.turns import turn
folder = pathlib.Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for _time in range(5):
    with turn(folder, "work", 2):
        began = time.monotonic()
        time.sleep(0.05)
        print(began, time.monotonic())
"""


@pytest.fixture
def store(tmp_path: Path) -> SharedFile:
    """An empty file of counts."""
    return SharedFile(f"{SCHEME}://{tmp_path / 'limits.db'}")


def begun(code: str, argument: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, argument], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def side_by_side(code: str, argument: str, count: int) -> list[str]:
    """What each of several processes printed."""
    running = [begun(code, argument) for _each in range(count)]
    return [process.communicate(timeout=60)[0] for process in running]


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str]) -> None:
    """To begin."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def told_to_work(folder: Path, count: int) -> list[str]:
    """What several workers printed, none of which begins before all are there."""
    running = [begun(WORK, str(folder)) for _each in range(count)]
    for process in running:
        assert said(process) == "ready"
    for process in running:
        tell(process)
    return [process.communicate(timeout=60)[0] for process in running]


def test_three_processes_let_pass_as_many_as_one(tmp_path: Path) -> None:
    passed = side_by_side(COUNT, f"{SCHEME}://{tmp_path / 'limits.db'}", 3)
    assert sum(int(each) for each in passed) == MANY.amount


def test_never_more_than_two_processes_work_at_once(tmp_path: Path) -> None:
    times = [tuple(map(float, line.split())) for printed in told_to_work(tmp_path, 4) for line in printed.splitlines()]
    assert len(times) == 20
    assert max(sum(begin <= moment < end for begin, end in times) for moment, _end in times) == 2


def test_a_place_is_free_again_when_its_process_was_killed(tmp_path: Path) -> None:
    held = begun(WORK.replace("time.sleep(0.05)", "print('held', flush=True); time.sleep(60)"), str(tmp_path))
    assert said(held) == "ready"
    tell(held)
    assert said(held) == "held"
    held.kill()
    held.communicate()
    with turn(tmp_path, "work", 1):
        pass


def test_threads_of_one_process_wait_for_each_other(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with turn(tmp_path, "work", 1):
            order.append("second")

    with turn(tmp_path, "work", 1):
        other = threading.Thread(target=second)
        other.start()
        time.sleep(0.1)
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def let_pass(store: SharedFile, seconds: int) -> None:
    """The same as waiting: every hit is so much older."""
    with closing(SQLITE.connect(str(store.path))) as connection, connection:
        connection.execute("UPDATE hit SET at = at - ?, expires_at = expires_at - ?", (seconds, seconds))


def test_the_window_moves_and_says_what_is_left(store: SharedFile) -> None:
    assert [store.acquire_entry("a", 2, 60) for _time in range(3)] == [True, True, False]
    assert store.acquire_entry("b", 2, 60, amount=3) is False
    began, held = store.get_moving_window("a", 2, 60)
    assert (held, store.get_moving_window("b", 2, 60)[1]) == (2, 0)
    assert 0 <= time.time() - began < 60
    let_pass(store, 5)
    assert not store.acquire_entry("a", 2, 60)
    let_pass(store, 60)
    assert store.acquire_entry("a", 2, 60)
    store.clear("a")
    assert store.get_moving_window("a", 2, 60)[1] == 0


def test_counters_count_until_they_are_forgotten(store: SharedFile) -> None:
    assert [store.incr("a", 60), store.incr("a", 60, 4), store.get("a"), store.get("b")] == [1, 5, 5, 0]
    assert 30 < store.get_expiry("a") - time.time() <= 60
    assert store.incr("a", -1) == 6
    assert store.incr("c", -1) == 1
    assert (store.get("c"), store.check(), store.reset(), store.get("a")) == (0, True, 2, 0)


def test_an_unreadable_file_is_begun_anew(store: SharedFile) -> None:
    gate = MovingWindowRateLimiter(store)
    assert gate.hit(MANY, "x")
    store.path.write_bytes(b"no database" * 1000)
    assert gate.hit(MANY, "x")
    assert store.get_moving_window(MANY.key_for("x"), MANY.amount, 60)[1] == 1


@pytest.fixture
def two_processes(app: Flask) -> Iterator[list[FlaskClient]]:
    """Two applications of one installation, as two web processes are."""
    settings = settings_for(app.extensions["settings"].instance)
    second = create_app(settings)
    second.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield [app.test_client(), second.test_client()]
    with second.app_context():
        db.engine.dispose()
    limiter.reset()


def test_the_limit_of_an_address_holds_over_two_applications(two_processes: list[FlaskClient]) -> None:
    limiter.reset()
    answers = [two_processes[number % 2].post("/forgot/help", data={}).status_code for number in range(64)]
    assert (answers[:60], answers[60:]) == ([422] * 60, [429] * 4)


def test_an_application_made_later_counts_apart(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    other = create_app(settings_for(tmp_path))
    other.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    answers = [client.post("/forgot/help", data={}).status_code for _time in range(61)]
    assert answers == [422] * 60 + [429]
    assert app.extensions[STORE].path.exists()
    assert not other.extensions[STORE].path.exists()
    with other.app_context():
        db.create_all()
        assert is_within(parse("1 per hour"), "somebody")
        assert not is_within(parse("1 per hour"), "somebody")
        db.engine.dispose()
    assert is_within(parse("1 per hour"), "somebody")


def test_what_is_counted_names_no_address(app: Flask, client: FlaskClient) -> None:
    limiter.reset()
    client.post("/sign-in", data={"login": "x", "password": "y"})
    store = app.extensions[STORE]
    assert isinstance(store, SharedFile)
    assert store.path.parent == app.extensions["settings"].instance
    data = read_files(store.path.parent)[Path(store.path.name)]
    assert b"127.0.0.1" not in data
    assert b"LIMITER" in data


def test_where_nothing_can_be_counted_each_process_counts_for_itself(app: Flask, client: FlaskClient) -> None:
    store = app.extensions[STORE]
    assert isinstance(store, SharedFile)
    kept, store.path = store.path, store.path.parent / "no-such-folder" / "limits.db"
    try:
        answers = [client.post("/forgot/help", data={}).status_code for _time in range(62)]
        assert answers == [422] * 60 + [429] * 2
        assert client.post("/system/operations/backup").status_code == 401
    finally:
        store.path = kept
        limiter.init_app(app)
        limiter.reset()
