"""Signing up: nobody learns whether a phone is known, its owner is told, and who means well gets on."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from competition.accounts import service, service_phone, service_sign_up
from competition.accounts.identity import parse_phone
from competition.accounts.logins import login_of, phone_login
from competition.accounts.models import Account, PhoneCode
from competition.accounts.service_consent import missing_consents
from competition.accounts.terms import CURRENT
from competition.core import jobs
from competition.core.audit import AuditRow
from competition.core.clock import now
from competition.core.database import db, find, get
from competition.core.errors import RuleBroken
from competition.core.jobs import Job
from competition.notices.channels import Outbox
from competition.notices.models import Message
from tests.accounts.test_guessing import writes
from tests.accounts.test_service import GOOD, sign_up
from tests.cast import AT, Cast, phone
from tests.queries import count_statements

NEW = "hetao-liuxing-41"
TYPED = {"name": "测试乙", "phone": phone(1), "password": NEW, "privacy": "y", "sensitive": "y"}
REST = {name: value for name, value in TYPED.items() if name != "phone"}


@pytest.fixture
def outbox(any_app: Flask, tmp_path: Path) -> Iterator[Path]:
    any_app.extensions["phone_channel"] = Outbox(tmp_path)
    yield tmp_path
    any_app.extensions["phone_channel"] = None


def send_all(folder: Path) -> list[str]:
    """The jobs run; what came to phones so far, oldest first."""
    for row in db.session.scalars(select(PhoneCode.id).where(PhoneCode.code_sealed.is_not(None)).order_by(PhoneCode.created_at)).all():
        service_phone.send_code(row, now())
    paths = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    return [json.loads(path.read_text())["text"] for path in paths]


def told() -> list[str]:
    return list(db.session.scalars(select(Message.title).order_by(Message.created_at)))


def run_jobs(kind: str) -> None:
    for job in db.session.scalars(select(Job.id).where(Job.kind == kind, Job.state == "queued")).all():
        jobs.run_job(job)


# ---- without words to phones ---------------------------------------------------------------------


def again(serial: int, hours: int = 0, password: str = NEW) -> Account | None:
    return service_sign_up.sign_up(name="测试乙", phone=parse_phone(phone(serial)), password=password, purposes=tuple(CURRENT),
                                   at=AT + timedelta(hours=hours))


def test_a_known_phone_costs_what_a_free_one_costs_and_nothing_changes(any_cast: Cast) -> None:
    owner, before = sign_up(), db.session.scalar(select(func.count()).select_from(Account))
    with count_statements() as free:
        assert again(2) is not None
    with count_statements() as known:
        assert again(1, 1) is None
    kept = [one for one in writes(known) if "audit" not in one]
    assert kept == [one for one in writes(free) if "audit" not in one]
    assert abs(len(known) - len(free)) <= 8
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Account)) == (before or 0) + 1
    assert service.sign_in(login_of(phone(1)), GOOD, device="x", at=AT)[0].account_id == owner.id
    assert get(Account, owner.id).display_name == "测试甲"


def test_the_owner_is_told_once_a_day_and_a_new_one_is_not(any_cast: Cast) -> None:
    sign_up()
    run_jobs(service_sign_up.TELL)
    assert told() == []
    for hours in (1, 2, 30):
        again(1, hours)
        run_jobs(service_sign_up.TELL)
    assert told() == ["有人用您的手机号注册"] * 2
    assert db.session.scalars(select(AuditRow.act).where(AuditRow.act == service_sign_up.KNOWN)).all() == [service_sign_up.KNOWN] * 3


def test_the_pages_are_the_same_and_the_sign_in_decides(client: FlaskClient, cast: Cast) -> None:
    sign_up(1)
    known = client.post("/sign-up", data=TYPED)
    free = client.post("/sign-up", data=TYPED | {"phone": phone(2)})
    assert (known.status_code, free.status_code) == (200, 200)
    assert known.text.replace(phone(1), "") == free.text.replace(phone(2), "")
    assert client.post("/sign-in", data={"login": phone(1), "password": NEW}).status_code == 422
    assert client.post("/sign-in", data={"login": phone(1), "password": GOOD}).status_code == 303
    client.post("/sign-out")
    assert client.post("/sign-in", data={"login": phone(2), "password": NEW}).status_code == 303
    account = find(Account, login=login_of(phone(2)))
    assert account is not None
    assert missing_consents(account.id) == []


# ---- the phone is proved first -------------------------------------------------------------------


def test_figures_come_first_and_then_the_account(any_app: Flask, any_cast: Cast, outbox: Path) -> None:
    client = any_app.test_client()
    page = client.get("/sign-up?next=/my/certificates").text
    assert "获取验证码" in page
    assert "设置密码" not in page
    assert client.get("/sign-up/code").location == "/sign-up"
    assert client.post("/sign-up/code", data=REST | {"code": "1"}).location == "/sign-up"
    assert client.post("/sign-up", data={"phone": "12"}).status_code == 422
    answer = client.post("/sign-up", data={"phone": phone(1), "next": "/my/certificates"})
    assert answer.location == "/sign-up/code?next=/my/certificates"
    (text,) = send_all(outbox)
    assert find(Account, login=login_of(phone(1))) is None
    wrong = client.post("/sign-up/code", data=REST | {"code": "000000x"})
    assert (wrong.status_code, "测试乙" in wrong.text, "验证码不对" in wrong.text) == (422, True, True)
    assert "手机号" in client.post("/sign-up/code", data=REST | {"code": text[7:13], "password": f"maitian-{phone(1)}"}).text
    done = client.post("/sign-up/code", data=REST | {"code": text[7:13], "next": "/my/certificates"})
    assert (done.status_code, done.location) == (303, "/my/certificates")
    account = find(Account, login=phone_login(parse_phone(phone(1))))
    assert account is not None
    assert missing_consents(account.id) == []
    assert db.session.scalars(select(PhoneCode.phone_sealed)).all() == [None]


def test_a_known_phone_gets_words_and_no_figures_and_the_pages_are_the_same(any_app: Flask, any_cast: Cast, outbox: Path) -> None:
    sign_up(1)
    pages, refusals = [], []
    for serial in (1, 2):
        client = any_app.test_client()
        with count_statements() as sent:
            answer = client.post("/sign-up", data={"phone": phone(serial)})
        pages.append((answer.status_code, answer.location, writes(sent), client.get("/sign-up/code").text.count("<")))
        refusals.append(client.post("/sign-up/code", data=REST | {"code": "000000x"}).status_code)
    assert pages[0] == pages[1]
    assert refusals == [422, 422]
    known, free = send_all(outbox)
    assert ("不需要再注册" in known, "验证码是" in known, "验证码是" in free) == (True, False, True)


def test_even_the_right_figures_open_no_known_phone(any_cast: Cast, outbox: Path) -> None:
    service_phone.ask_code(parse_phone(phone(1)), "sign_up", at=now())
    (text,) = send_all(outbox)
    sign_up(1)
    with pytest.raises(RuleBroken, match="验证码不对"):
        service_sign_up.sign_up_by_code(login_of(phone(1)), text[7:13], name="测试乙", password=NEW, purposes=(), at=now())


# ---- another phone -------------------------------------------------------------------------------


def test_a_phone_of_somebody_else_is_answered_like_a_free_one(any_cast: Cast, outbox: Path) -> None:
    account, _other = sign_up(1), sign_up(2)
    for serial in (2, 3):
        service_phone.ask_new_phone(account.id, GOOD, parse_phone(phone(serial)), at=now())
    theirs, free = send_all(outbox)
    assert ("不能再绑定" in theirs, "验证码是" in theirs, "验证码是" in free) == (True, False, True)
    actor = any_cast.actor("contestant")
    with pytest.raises(RuleBroken, match="验证码不对"):
        service_phone.confirm_new_phone(account.id, "000000", actor=actor, at=now())
    service_phone.confirm_new_phone(account.id, free[7:13], actor=actor, at=now())
    assert get(Account, account.id).login == login_of(phone(3))
