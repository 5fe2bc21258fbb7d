"""The drill: judges send marks to the real server while a backup is made; it is restored elsewhere; nothing acknowledged is missing.

Everything runs as in use: gunicorn with two processes, the API with device tokens, ``flask backup`` and
``flask restore`` as commands of their own.
"""

import json
import os
import secrets
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from competition.app import create_app
from competition.bootstrap.environment import Address
from competition.bootstrap.steps import ROOT
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.config import Settings, load_settings
from competition.core.database import db
from competition.core.files import StoredFile
from competition.judging import queries, service
from competition.judging.models import MarkEvent
from competition.operations import catalogue
from competition.serve import web_command
from tests.builders import make_contest
from tests.cast import AT, make_cast
from tests.judges import criteria_of, make_panel, round_of, works
from tests.operations.conftest import store_paper
from tests.services import PostgresServer, free_port

KEYS = {"COMP_SECRET_KEY": "s" * 40, "COMP_FIELD_KEYS": "t1:" + "A" * 43 + "=", "COMP_INDEX_KEY": "B" * 43 + "="}
SEATS, WORKS, FILES, BATCH = 4, 8, 60, 5
BEFORE, AFTER = 1.5, 1.0
LONGEST = 180.0


@dataclass
class Tablet:
    """One seat's tablet: sends marks one request after the other and writes down what was confirmed, and when."""

    address: str
    token: str
    seat: str
    works: list[str]
    slots: list[tuple[str, int, int]]
    stop: threading.Event
    seq: int = 0
    confirmed: dict[str, tuple[datetime, str, str, str]] = field(default_factory=dict)
    asked: list[tuple[float, float]] = field(default_factory=list)
    wrong: list[Any] = field(default_factory=list)

    def work(self) -> None:
        """Until it is told to stop."""
        while not self.stop.is_set():
            events = [self._event() for _ in range(BATCH)]
            begun = time.monotonic()
            answers = self.send(events)
            ended = now()
            self.asked.append((begun, time.monotonic()))
            for event, answer in zip(events, answers, strict=True):
                if answer["result"] == "accepted":
                    self.confirmed[event["uuid"]] = (ended, event["work"], event["criterion"], event["value"])
                else:
                    self.wrong.append(answer)

    def _event(self) -> dict[str, Any]:
        self.seq += 1
        criterion, most, _step = self.slots[self.seq % len(self.slots)]
        value = str(self.seq % (most + 1))
        return {"uuid": str(uuid.uuid4()), "device_seq": self.seq, "seat": self.seat, "value": value,
                "work": self.works[self.seq // len(self.slots) % len(self.works)], "criterion": criterion}

    def send(self, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One request; every answer comes back."""
        request = urllib.request.Request(  # noqa: S310 - our own server on loopback
            f"{self.address}/api/judging/events", data=json.dumps({"events": events}).encode(),
            headers={"Authorization": f"Device {self.token}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            found: list[dict[str, Any]] = json.load(answer)["answers"]
        return found


def environment(folder: Path, url: str | None) -> dict[str, str]:
    """What every process of one installation is told."""
    own = {"COMP_INSTANCE": str(folder), **({"COMP_DATABASE_URL": url} if url else {}), **KEYS}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMP_")}
    return {**kept, **own, "NO_PROXY": "127.0.0.1", "PYTHONWARNINGS": "default"}


def flask(env: dict[str, str], *arguments: str) -> tuple[str, float]:
    """A command as the person on the server gives it: its words and its seconds."""
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", *arguments], cwd=ROOT, env=env,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, time.monotonic() - begun


@contextmanager
def serving(env: dict[str, str], url: str | None, log: Path) -> Iterator[str]:
    """The real server; yields its address."""
    address = Address("127.0.0.1", free_port())
    command = web_command(address, url or "sqlite://")
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out)
        try:
            deadline = time.monotonic() + LONGEST
            while not _answers(address.url):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
            yield address.url
        finally:
            process.terminate()
            process.wait(30)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def inside(env: dict[str, str]) -> Iterator[Flask]:
    """The same installation in this process."""
    app = create_app(load_settings(env))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def prepare(env: dict[str, str], address: str, stop: threading.Event) -> list[Tablet]:
    """A running contest with an open round, seats with tablets, and some uploaded files."""
    with inside(env):
        cast = make_cast()
        round_ = round_of(make_contest(cast, phase="running", events=("broth",)), "broth")
        drawn = [str(work.id) for work in works(round_, WORKS, at=AT)]
        make_panel(round_, SEATS, at=AT)
        service.open_round(round_.id, actor=SYSTEM, at=AT)
        for _ in range(FILES):
            store_paper(cast, secrets.token_bytes(100_000))
        slots = [(c.key, int(c.max), 1) for c in criteria_of(round_)]
        tablets = []
        for seat in queries.seats_of_round(round_.id):
            card = service.make_cards([seat.id], actor=SYSTEM, at=now())[0]
            _device, token = service.open_seat(card.token, card.pin, label="演练平板", at=now())
            tablets.append(Tablet(address, token, str(seat.id), drawn, slots, stop))
    return tablets


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest) -> list[str | None]:
    """The databases of two installations."""
    if request.param == "sqlite":
        return [None, None]
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return [server.new_database(), server.new_database()]


@pytest.mark.slow
def test_a_backup_made_under_load_brings_back_every_acknowledged_mark(
    urls: list[str | None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = (environment(tmp_path / name, url) for name, url in zip(("old", "new"), urls, strict=True))
    flask(old, "db", "upgrade")
    stop = threading.Event()
    with serving(old, urls[0], tmp_path / "old.log") as address, ExitStack() as after:
        tablets = prepare(old, address, stop)
        threads = [threading.Thread(target=tablet.work) for tablet in tablets]
        after.callback(lambda: [thread.join() for thread in threads])
        after.callback(stop.set)
        for thread in threads:
            thread.start()
        time.sleep(BEFORE)
        begun = time.monotonic()
        flask(old, "backup")
        ended = time.monotonic()
        time.sleep(AFTER)
    settings: Settings = load_settings(old)
    (receipt,) = catalogue.receipts(settings)
    assert [tablet.wrong for tablet in tablets] == [[]] * SEATS
    confirmed = {key: value for tablet in tablets for key, value in tablet.confirmed.items()}
    promised = {key for key, value in confirmed.items() if value[0] < receipt.moment}
    during = [b - a for tablet in tablets for a, b in tablet.asked if begun <= a <= ended]
    assert promised
    assert during, "nobody sent anything while the backup was made"
    assert len(confirmed) > len(promised), "the load ended before the backup"

    (tmp_path / "new").mkdir(mode=0o700)
    (tmp_path / "new" / "backup.key").write_bytes((tmp_path / "old" / "backup.key").read_bytes())
    _said, seconds = flask(new, "restore", str(settings.backup_folder / receipt.name))
    with inside(new):
        rows = {str(row.id): row for row in db.session.scalars(select(MarkEvent))}
        missing = promised - rows.keys()
        changed = [key for key in rows.keys() & confirmed.keys()
                   if (str(rows[key].work_id), rows[key].criterion, rows[key].value) != confirmed[key][1:]]
        broken = list(audit.verify())
        files = [len(row.read()) for row in db.session.scalars(select(StoredFile))]
    assert missing == set()
    assert changed == []
    assert broken == []
    assert files == [100_000] * FILES
    repeated = deliver_again(new, urls[1], tablets[0], promised, tmp_path / "new.log")
    with capsys.disabled():
        print("\n" + "；".join((
            f"演练（{receipt.database}）：前后确认 {len(confirmed)} 次打分，其中备份时刻之前 {len(promised)} 次",
            f"恢复后缺 {len(missing)}、变 {len(changed)}，共 {len(rows)} 次",
            f"备份制作 {receipt.seconds:.2f} 秒（连同启动和检验 {ended - begun:.1f} 秒）",
            f"{receipt.size / 1024:.0f} KB，{receipt.rows} 行，{receipt.files} 个文件",
            f"其间 {len(during)} 次请求，中位 {median(during) * 1000:.0f} 毫秒，最长 {max(during) * 1000:.0f} 毫秒",
            f"恢复 {seconds:.1f} 秒，审计链 {receipt.chains} 条完整，重发 {repeated} 次都认得。",
        )))


def deliver_again(env: dict[str, str], url: str | None, tablet: Tablet, promised: set[str], log: Path) -> int:
    """The restored server knows the tablets and what they have sent: the same event again gets the same receipt."""
    own = [key for key in tablet.confirmed if key in promised][:20]
    with inside(env):
        rows = {str(row.id): row for row in db.session.scalars(select(MarkEvent).where(MarkEvent.id.in_([uuid.UUID(k) for k in own])))}
        events = [{"uuid": key, "device_seq": rows[key].device_seq, "seat": tablet.seat, "work": str(rows[key].work_id),
                   "criterion": rows[key].criterion, "value": rows[key].value} for key in own]
    with serving(env, url, log) as address:
        tablet.address = address
        answers = tablet.send(events)
    assert [answer["result"] for answer in answers] == ["repeated"] * len(events)
    return len(events)
