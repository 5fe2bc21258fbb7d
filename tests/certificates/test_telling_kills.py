"""The worker is killed (SIGKILL) while the gateway has a message and has not answered: a real process, a real line."""

import uuid
from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from competition.certificates import jobs as certificate_jobs
from competition.certificates import service_telling as telling
from competition.certificates.models_telling import Told
from competition.contests.models import Contest
from competition.core import audit, jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic, db, get
from tests.cast import Cast
from tests.certificates.mail_server import Mailbox, mail_server
from tests.certificates.test_telling import Gateway, begin, finished, states
from tests.workers import wait_until, worker


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A gateway that takes a message and never says so."""
    with mail_server() as box:
        box.data = None
        for name, value in (("URL", f"smtp://127.0.0.1:{box.port}"), ("FROM", "jingsai@union.example")):
            monkeypatch.setenv(f"COMP_SMTP_{name}", value)
        monkeypatch.setenv("COMP_SMS_BY_MAIL", "{phone}@sms.example")
        yield box


def at_noon(contest_id: uuid.UUID) -> None:
    """The contest lies where it is noon now: at night nothing is sent, and the worker's clock is the real one."""
    east = 12 - now().astimezone(UTC).hour
    with atomic():
        get(Contest, contest_id).zone = f"Etc/GMT{-east:+d}" if east else "UTC"
        audit.record("test.zone", actor=SYSTEM, subject=("contest", contest_id), at=now(), chain=contest_id)


@pytest.mark.slow
def test_who_is_killed_while_the_gateway_has_a_message_sends_it_to_nobody_twice(app: Flask, cast: Cast, box: Mailbox) -> None:
    batch = finished(cast, 3)
    at_noon(batch.contest_id)
    begin(cast, batch, now())
    assert jobs.fire(certificate_jobs.TELL, "now", now()) is not None
    db.session.remove()
    with worker(app, keep=("COMP_SMTP_URL", "COMP_SMTP_FROM", "COMP_SMS_BY_MAIL")) as kill:
        wait_until(lambda: len(box.taken) == 1)
        kill()
    assert states() == ["queued", "queued", "sending"]
    # Another process goes on, by a gateway that answers: the two that nobody has had, and only those.
    gateway = app.extensions["phone_channel"] = Gateway()
    try:
        later = now() + timedelta(minutes=12)
        assert telling.send_due(clock=lambda: later) == {"sent": 2}
        assert states() == ["sent", "sent", "unsure"]
        assert telling.send_due(clock=lambda: later + timedelta(minutes=30)) == {}
    finally:
        app.extensions["phone_channel"] = None
    assert len(box.taken) == 1
    unsure = db.session.scalars(select(Told).where(Told.state == "unsure")).one()
    assert len({phone for phone, _words in gateway.taken}) == 2
    assert unsure.certificate.name not in "".join(words for _phone, words in gateway.taken)
