"""Telling holders by text message: once each, by day, no faster than the gateway; what broke off waits for a person."""

import email
import email.policy
import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.accounts.models import Account
from competition.certificates import jobs as certificate_jobs
from competition.certificates import queries_telling, rules_telling
from competition.certificates import service_telling as telling
from competition.certificates.models import Batch, Certificate
from competition.certificates.models_telling import Telling, Told
from competition.core import audit, jobs
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.config import ConfigError, Settings, load_settings
from competition.core.crypto import seal
from competition.core.database import atomic, db, get
from competition.core.errors import NotFound, RuleBroken
from competition.core.files import store
from competition.core.masks import mask_phone
from competition.notices.channels import ChannelFailed, ChannelRefused, ChannelUnsure, Outbox
from competition.notices.mail import mail_gateway
from tests.cast import Cast, phone
from tests.certificates.given import certificates, issued, prepared, published
from tests.certificates.mail_server import Mailbox, mail_server

# Ten in the morning at home.
DAY = datetime(2026, 6, 2, 2, tzinfo=UTC)
NIGHT = datetime(2026, 6, 2, 14, tzinfo=UTC)
WORDS = "{姓名}，您的{证书}已签发，见 {网址}"


class Gateway:
    """A way to phones that does what a test says, and keeps what it was handed."""

    def __init__(self, *raised: BaseException | None) -> None:
        self.raised, self.taken = list(raised), list[tuple[str, str]]()

    def text(self, phone: str, words: str) -> None:
        self.taken.append((phone, words))
        if self.raised and (error := self.raised.pop(0)) is not None:
            raise error


class Killed(BaseException):
    """The process ends here: nothing behind it runs."""


def finished(cast: Cast, count: int = 3) -> Batch:
    """A batch whose certificates are made."""
    batch = issued(cast, published(cast, count))
    with atomic():
        paper = store(b"%PDF-test", name="x.pdf", media_type="application/pdf", sensitivity="personal", actor=SYSTEM, at=cast.at)
        for n, certificate in enumerate(certificates(batch)):
            certificate.file_id = paper.id
            if certificate.row is not None and certificate.row.entry is not None:
                certificate.row.entry.account_id = with_phone(cast, n)
        get(Batch, batch.id).merged_id = paper.id
        audit.record("test.printed", actor=SYSTEM, subject=("batch", batch.id), at=cast.at)
    return batch


def with_phone(cast: Cast, n: int) -> uuid.UUID:
    account = cast.account("contestant", name=f"获证{n}")
    account = get(Account, account.id)
    account.phone_sealed, account.phone_masked = seal(f"+86{phone(n)}", "account", "phone", account.id), mask_phone(phone(n))
    return account.id


def begin(cast: Cast, batch: Batch, at: datetime = DAY) -> Telling:
    return telling.start_telling(batch.id, WORDS, actor=cast.actor("organizer"), at=at)


def send(at: datetime) -> dict[str, int]:
    return telling.send_due(clock=lambda: at)


def states() -> list[str]:
    db.session.expire_all()
    return sorted(db.session.scalars(select(Told.state)))


@pytest.fixture
def gateway(app: Flask) -> Iterator[Gateway]:
    """What this installation's messages go to."""
    made = Gateway()
    app.extensions["phone_channel"] = made
    yield made
    app.extensions["phone_channel"] = None


# ---- rules ---------------------------------------------------------------------------------------


def test_a_text_has_known_placeholders_alone() -> None:
    usual = rules_telling.check_words(f" {rules_telling.USUAL} ")
    assert rules_telling.fill(usual, {"姓名": "试甲", "竞赛": "试赛"}).startswith("【试赛】试甲，")
    for wrong, words in (("", "请填写"), ("试" * 301, "最多 300"), ("{身份证号}", "大括号里"), ("{姓名", "大括号里"), ("}{", "大括号里")):
        with pytest.raises(ValueError, match=words):
            rules_telling.check_words(wrong)
    assert [rules_telling.parts("试" * n) for n in (70, 71, 134, 135)] == [1, 2, 2, 3]


def test_nobodys_phone_rings_at_night() -> None:
    assert [rules_telling.is_quiet(datetime(2026, 6, 1, hour, minute, tzinfo=UTC)) for hour, minute in
            ((7, 59), (8, 0), (20, 59), (21, 0), (0, 0))] == [True, False, False, True, True]


# ---- sending -------------------------------------------------------------------------------------


def test_everybody_with_a_phone_is_told_once(any_app: Flask, any_cast: Cast) -> None:
    made = Gateway()
    any_app.extensions["phone_channel"] = made
    batch = finished(any_cast)
    begin(any_cast, batch)
    assert queries_telling.has_work(DAY)
    assert send(DAY) == {"sent": 3}
    assert send(DAY + timedelta(hours=1)) == {}
    assert not queries_telling.has_work(DAY + timedelta(hours=1))
    assert len({phone for phone, _words in made.taken}) == len(made.taken) == 3
    assert {words.split("，")[0] for _phone, words in made.taken} == {one.name for one in certificates(batch)}
    assert all(words.endswith("/my/certificates") and "获奖证书" in words for _phone, words in made.taken)
    with pytest.raises(RuleBroken, match="不会重复发送"):
        begin(any_cast, batch)


def test_nothing_is_sent_at_night_or_while_it_is_stopped(cast: Cast, gateway: Gateway) -> None:
    batch = finished(cast)
    begin(cast, batch, NIGHT)
    assert (send(NIGHT), queries_telling.has_work(NIGHT)) == ({}, False)
    actor = cast.actor("organizer")
    telling.set_telling(batch.id, "stopped", actor=actor, at=DAY)
    with pytest.raises(RuleBroken, match="已经变了"):
        telling.set_telling(batch.id, "stopped", actor=actor, at=DAY)
    assert send(DAY + timedelta(days=1)) == {}
    telling.set_telling(batch.id, "running", actor=actor, at=DAY)
    assert send(DAY + timedelta(days=1)) == {"sent": 3}
    assert len(gateway.taken) == 3


def test_no_more_leave_in_a_minute_than_the_gateway_takes(app: Flask, cast: Cast, gateway: Gateway) -> None:
    settings: Settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, sms_per_minute=2)
    try:
        begin(cast, finished(cast))
        assert [send(DAY), send(DAY + timedelta(seconds=30)), send(DAY + timedelta(seconds=61))] == [{"sent": 2}, {}, {"sent": 1}]
    finally:
        app.extensions["settings"] = settings


def test_what_fails_is_tried_later_and_later_and_then_given_up(cast: Cast, gateway: Gateway) -> None:
    batch = finished(cast, 1)
    begin(cast, batch)
    gateway.raised = [ChannelFailed("smtp_connect")] * 5
    at = DAY
    for wait in rules_telling.WAITS:
        assert send(at) == {"failed": 1}
        assert send(at + wait - timedelta(seconds=1)) == {}
        at += wait
    at = DAY + timedelta(days=1)
    assert send(at) == {"given_up": 1}
    assert (states(), len(gateway.taken)) == (["given_up"], 5)
    told = db.session.scalars(select(Told)).one()
    telling.send_again(told.id, actor=cast.actor("organizer"), at=at)
    assert send(at + timedelta(minutes=2)) == {"sent": 1}
    with pytest.raises(RuleBroken, match="不需要重发"):
        telling.send_again(told.id, actor=cast.actor("organizer"), at=at)


def test_a_number_that_is_refused_is_not_tried_again(cast: Cast, gateway: Gateway) -> None:
    begin(cast, finished(cast, 1))
    gateway.raised = [ChannelRefused("smtp_recipient")]
    assert (send(DAY), send(DAY + timedelta(days=1)), len(gateway.taken)) == ({"given_up": 1}, {}, 1)


def test_who_is_killed_while_sending_sends_nothing_twice(cast: Cast, gateway: Gateway) -> None:
    begin(cast, finished(cast))
    gateway.raised = [None, Killed()]
    with pytest.raises(Killed):
        send(DAY)
    assert states() == ["queued", "sending", "sent"]
    assert send(DAY + timedelta(minutes=1)) == {"sent": 1}
    assert queries_telling.has_work(DAY + timedelta(minutes=12))
    assert send(DAY + timedelta(minutes=12)) == {}
    assert states() == ["sent", "sent", "unsure"]
    assert send(DAY + timedelta(days=1)) == {}
    phones = [phone for phone, _words in gateway.taken]
    assert len(phones) == len(set(phones)) == 3


def test_a_revoked_certificate_is_not_told_about(cast: Cast, gateway: Gateway) -> None:
    batch = finished(cast, 1)
    begin(cast, batch)
    with atomic():
        certificate = get(Certificate, certificates(batch)[0].id)
        certificate.state, certificate.ended_at, certificate.end_reason = "revoked", DAY, "试"
        audit.record("test.revoke", actor=SYSTEM, subject=("certificate", certificate.id), at=DAY)
    assert (send(DAY), gateway.taken, states()) == ({"left": 1}, [], ["given_up"])


def test_who_has_no_phone_is_listed_and_nobody_at_all_is_refused(cast: Cast, gateway: Gateway) -> None:
    waiting = prepared(cast, published(cast, 1))
    with pytest.raises(RuleBroken, match="没有可以发短信的人"):
        begin(cast, waiting)
    batch = finished(cast)
    with atomic():
        queries_telling.phones_of([certificates(batch)[0].id]).popitem()[1].owner.phone_sealed = None
        audit.record("test.phone", actor=SYSTEM, subject=("batch", batch.id), at=DAY)
    begin(cast, batch)
    assert states() == ["no_phone", "queued", "queued"]


def test_no_log_and_no_record_names_a_phone_or_a_person(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    batch = finished(cast, 1)
    number, name = queries_telling.phones_of([certificates(batch)[0].id]).popitem()[1].number(), certificates(batch)[0].name
    begin(cast, batch)
    assert send(DAY) == {"sent": 1}, "by the console"
    said = "".join(capsys.readouterr())
    assert "text message" in said
    lines = [said, *db.session.scalars(select(AuditRow.line))]
    assert not any(number in line or number.removeprefix("+86") in line for line in lines)
    assert not any(name in line for line in lines if "certificates.tell" in line or line is said)


def test_the_clock_asks_for_the_job_when_there_is_something_to_send(app: Flask, cast: Cast, tmp_path: Path) -> None:
    assert jobs.fire(certificate_jobs.TELL, "slot-1", DAY) is None
    app.extensions["phone_channel"] = Outbox(tmp_path / "out")
    begin(cast, finished(cast, 1))
    job = jobs.fire(certificate_jobs.TELL, "slot-2", DAY)
    assert job is not None
    app.extensions["phone_channel"] = None


def test_the_outbox_holds_each_message_once(app: Flask, cast: Cast, tmp_path: Path) -> None:
    app.extensions["phone_channel"] = Outbox(tmp_path / "out")
    begin(cast, finished(cast, 2))
    assert send(DAY) == {"sent": 2}
    taken = [json.loads(path.read_text()) for path in (tmp_path / "out").iterdir()]
    assert len({one["phone"] for one in taken}) == 2
    app.extensions["phone_channel"] = None


# ---- mail ----------------------------------------------------------------------------------------


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


def hand_over(app: Flask, box: Mailbox, port: int | None = None) -> None:
    settings = replace(app.extensions["settings"], smtp_url=f"smtp://127.0.0.1:{port or box.port}", smtp_from="jingsai@union.example",
                       sms_by_mail="{phone}@sms.example")
    gateway = mail_gateway(settings)
    assert gateway is not None
    gateway.text("+8619900000001", "试甲，您的证书已签发")


def test_words_go_by_mail_to_the_gateway(app: Flask, box: Mailbox) -> None:
    hand_over(app, box)
    mail = email.message_from_string(box.taken[0], policy=email.policy.default)
    assert (mail["To"], mail["From"], mail.get_content().strip()) == (
        "8619900000001@sms.example", "jingsai@union.example", "试甲，您的证书已签发")


@pytest.mark.parametrize(("rcpt", "data", "error", "code"), [
    ("550 no such user 8619900000001", "250 ok", ChannelRefused, "smtp_recipient"),
    ("450 come back", "250 ok", ChannelFailed, "smtp_recipient"), ("250 ok", "451 busy", ChannelFailed, "smtp_refused"),
    ("250 ok", "", ChannelUnsure, "smtp_broke_off")])
def test_what_the_mail_server_says_decides_what_becomes_of_it(
    app: Flask, box: Mailbox, rcpt: str, data: str, error: type[ChannelFailed], code: str,
) -> None:
    box.rcpt, box.data = rcpt, data
    with pytest.raises(ChannelFailed) as caught:
        hand_over(app, box)
    assert (type(caught.value), str(caught.value)) == (error, code)


def test_a_mail_server_that_is_not_there_is_tried_again(app: Flask, box: Mailbox) -> None:
    with pytest.raises(ChannelFailed, match="smtp_connect"):
        hand_over(app, box, port=1)


@pytest.mark.parametrize("wrong", [
    {"COMP_SMTP_URL": "http://x"}, {"COMP_SMTP_URL": "smtp://user:geheim@host"},
    {"COMP_SMTP_URL": "smtp://host", "COMP_SMTP_FROM": "a@b", "COMP_SMS_BY_MAIL": "all@sms.example"}, {"COMP_SMS_PER_MINUTE": "0"}])
def test_settings_of_mail_that_cannot_work_are_refused(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings({"COMP_INSTANCE": str(tmp_path), **wrong})
    assert "geheim" not in str(caught.value)


# ---- pages ---------------------------------------------------------------------------------------


def here(batch: Batch) -> str:
    return f"/manage/contests/{batch.contest_id}/certificates/{batch.id}/telling"


def test_the_page_shows_the_text_before_it_is_sent_and_what_became_of_it(client: FlaskClient, cast: Cast, gateway: Gateway) -> None:
    batch = finished(cast)
    cast.sign_in(client, cast.account("organizer"))
    page = client.get(here(batch)).text
    number = queries_telling.phones_of([certificates(batch)[0].id]).popitem()[1].number()
    assert ("给 3 人发短信" in page, number.removeprefix("+86") in page) == (True, False)
    wrong = client.post(here(batch), data={"sms": "{电话}", "go": "yes"})
    assert (wrong.status_code, "大括号里只能写" in wrong.text) == (422, True)
    seen = client.post(here(batch), data={"sms": "试发：{姓名}"})
    assert (seen.status_code, f"试发：{certificates(batch)[0].name}" in seen.text) == (200, True)
    assert db.session.scalars(select(Told)).all() == [], "looking sends nothing"
    assert client.post(here(batch), data={"sms": WORDS, "go": "yes"}).status_code == 303
    assert client.post(here(batch), data={"sms": WORDS, "go": "yes"}).status_code == 409
    gateway.raised = [ChannelRefused("smtp_recipient")]
    send(DAY + timedelta(days=365))
    assert "网关不接受这个号码" in client.get(here(batch)).text
    told = db.session.scalars(select(Told).where(Told.state == "given_up")).one()
    assert client.post(f"{here(batch)}/{told.id}/again").status_code == 303
    assert [client.post(f"{here(batch)}/{verb}").status_code for verb in ("stop", "go-on")] == [303, 303]
    assert "继续发送" in client.post(f"{here(batch)}/stop", follow_redirects=True).text


@pytest.mark.parametrize("role", ["judge", "contestant", "supervisor", "leader"])
def test_others_tell_nobody(client: FlaskClient, cast: Cast, gateway: Gateway, role: str) -> None:
    batch = finished(cast, 1)
    cast.sign_in(client, cast.account(role))
    assert client.get(here(batch)).status_code in (403, 404)
    assert client.post(here(batch), data={"sms": WORDS, "go": "yes"}).status_code in (403, 404)
    assert gateway.taken == []


def test_an_office_of_another_contest_tells_nobody(client: FlaskClient, cast: Cast) -> None:
    batch, other = finished(cast, 1), published(cast, 1)
    begin(cast, batch)
    told = db.session.scalars(select(Told)).one()
    cast.sign_in(client, cast.account("organizer", "contest", other.contest_id))
    assert client.get(here(batch)).status_code == 404
    through = f"/manage/contests/{other.contest_id}/certificates/{batch.id}/telling"
    assert [client.post(f"{through}{verb}").status_code for verb in ("", "/stop", f"/{told.id}/again")] == [404, 404, 404]
    with pytest.raises(NotFound):
        queries_telling.get_told(uuid.uuid4(), told.id)
