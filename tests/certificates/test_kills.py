"""A batch of 300 whose web server and worker are killed (SIGKILL) again and again: real processes on a real queue.

What waiting would do is done to the clock of the job: a job whose worker fell silent is begun again after three minutes.
"""

import contextlib
import io
import re
import time
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import func, select

from competition.certificates import service
from competition.certificates.models import Batch, Certificate, NumberSeries
from competition.core import audit
from competition.core.clock import now
from competition.core.database import db, get
from competition.core.jobs import Job
from tests.cast import Cast
from tests.certificates.given import certificates, prepared, published
from tests.judging.process import ServerProcess
from tests.services import free_port
from tests.workers import let_minutes_pass, wait_until, worker

COUNT = 300
# Seconds after which the server dies that is writing the register; shares of the paper at which the worker dies.
WHILE_WRITING, WHILE_PRINTING = (0.02, 0.3), (0.1, 0.5)


@dataclass
class Browser:
    """A signed-in person before a server that may be gone."""

    port: int
    cookie: str

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        """Status and text; 0 when the server died over it."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, urlencode(fields), headers)
            answer = connection.getresponse()
            # The session keeps what forms are checked by.
            self.cookie = (answer.getheader("Set-Cookie") or self.cookie).partition(";")[0]
            return answer.status, answer.read().decode()
        except (OSError, HTTPException):
            return 0, ""
        finally:
            connection.close()

    def send(self, page: str, path: str, **fields: str) -> int:
        """Send the form of a page; the status of the answer."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask("GET", page)[1])
        assert found is not None
        return self.ask("POST", path, csrf_token=found[1], **fields)[0]


def printed_count(batch_id: uuid.UUID) -> int:
    return db.session.scalar(select(func.count(Certificate.file_id)).where(Certificate.batch_id == batch_id)) or 0


def approve(web: ServerProcess, browser: Browser, approval: uuid.UUID, batch_id: uuid.UUID) -> None:
    """The second person approves; the server dies over it until it does not."""
    page = f"/approvals/{approval}"

    def send() -> int:
        return browser.send(page, f"{page}/decide", decision="approve", note="")

    with ThreadPoolExecutor(1) as person:
        for delay in WHILE_WRITING:
            answer = person.submit(send)
            time.sleep(delay)
            web.stop()
            with contextlib.suppress(AssertionError):
                answer.result()
            web.start()
            db.session.remove()
            # All of the register or nothing of it.
            assert len(certificates(get(Batch, batch_id))) in (0, COUNT)
    if not certificates(get(Batch, batch_id)):
        assert send() == 303
    db.session.remove()


@pytest.mark.slow
def test_a_batch_of_300_ends_whole_however_often_worker_and_server_are_killed(app: Flask, cast: Cast) -> None:
    batch = prepared(cast, published(cast, COUNT))
    batch_id, contest_id = batch.id, batch.contest_id
    approval = service.ask_issue(batch_id, "名单已核对。", cast.actor("organizer"), now()).id
    client = cast.sign_in(app.test_client(), cast.account("supervisor"))
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    db.session.remove()
    web = ServerProcess(app, free_port())
    web.start()
    try:
        browser = Browser(web.port, f"{cookie.key}={cookie.value}")
        approve(web, browser, approval, batch_id)
        job_id = get(Batch, batch_id).job_id
        assert job_id is not None
        register = [(c.id, c.number, c.data_digest) for c in certificates(get(Batch, batch_id))]
        kept: dict[uuid.UUID, str] = {}
        left: list[int] = []
        for share in WHILE_PRINTING:
            let_minutes_pass(job_id)
            with worker(app) as kill:
                wait_until(lambda share=share: printed_count(batch_id) >= share * COUNT)  # type: ignore[misc]
                kill()
            web.stop()
            web.start()
            assert browser.ask("GET", f"/manage/contests/{contest_id}/certificates/{batch_id}")[0] == 200
            found = certificates(get(Batch, batch_id))
            assert kept.items() <= {c.id: c.file.sha256 for c in found if c.file}.items()
            kept = {c.id: c.file.sha256 for c in found if c.file}
            left.append(len(kept))
            db.session.remove()
        assert 0 < min(left) < COUNT
        let_minutes_pass(job_id)
        with worker(app):
            wait_until(lambda: get(Job, job_id).is_over)
    finally:
        web.stop()
    check(batch_id, register, kept)


def check(batch_id: uuid.UUID, register: list[tuple[uuid.UUID, str, str]], kept: dict[uuid.UUID, str]) -> None:
    """The batch is whole: every number once, every file as it was first made, one book and one archive of all."""
    batch = get(Batch, batch_id)
    found = certificates(batch)
    assert batch.state == "issued"
    assert [(c.id, c.number, c.data_digest) for c in found] == register
    assert [c.serial for c in found] == list(range(1, COUNT + 1))
    assert db.session.scalars(select(NumberSeries.next_serial)).all() == [COUNT + 1]
    assert {c.id: c.file.sha256 for c in found if c.file and c.id in kept} == kept
    assert all(c.file and c.file.read()[:5] == b"%PDF-" for c in found)
    assert batch.merged is not None
    assert batch.zip is not None
    with pikepdf.open(io.BytesIO(batch.merged.read())) as book:
        assert len(book.pages) == COUNT
    with zipfile.ZipFile(io.BytesIO(batch.zip.read())) as archive:
        assert len(set(archive.namelist())) == COUNT
    assert [proof.broken for proof in audit.prove() if proof.broken] == []
