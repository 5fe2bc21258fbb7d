"""The way back in: figures on the phone, the clerk's work list, a disputed ID number; and every refusal."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.accounts import service, service_help, service_own, service_phone
from competition.accounts.identity import parse_document, parse_phone
from competition.accounts.logins import login_of
from competition.accounts.models import Account, HelpRequest, PhoneCode
from competition.core import audit, jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic, db, find, get
from competition.core.errors import Forbidden, NotFound, RuleBroken
from competition.notices.channels import Outbox
from competition.notices.models import Message
from tests.accounts.test_service import GOOD, make_person, sign_up
from tests.cast import AT, Cast, id_card, phone

NEW = "hetao-liuxing-41"


@pytest.fixture
def outbox(any_app: Flask, tmp_path: Path) -> Iterator[Path]:
    any_app.extensions["phone_channel"] = Outbox(tmp_path)
    yield tmp_path
    any_app.extensions["phone_channel"] = None


def sent(folder: Path) -> list[dict[str, str]]:
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


def ask(serial: int, folder: Path, minutes: int = 0) -> str:
    at = AT + timedelta(minutes=minutes)
    service_phone.ask_code(parse_phone(phone(serial)), "password", at=at)
    for row in db.session.scalars(select(PhoneCode).where(PhoneCode.created_at == at)).all():
        service_phone.send_code(row.id, at)
    found = sent(folder)
    return found[-1]["text"][7:13] if found else ""


def test_figures_on_the_phone_make_a_new_password_once(any_cast: Cast, outbox: Path) -> None:
    account = sign_up()
    service.open_session(account.id, device="x", at=AT)
    code = ask(1, outbox)
    assert sent(outbox)[0]["phone"] == parse_phone(phone(1))
    assert oct(next(outbox.glob("*.json")).stat().st_mode)[-3:] == "600"
    service_phone.reset_by_code(login_of(phone(1)), code, NEW, at=AT)
    assert service.sign_in(account.login, NEW, device="x", at=AT)
    with pytest.raises(RuleBroken, match="已用过"):
        service_phone.reset_by_code(login_of(phone(1)), code, GOOD, at=AT)
    row = db.session.scalars(select(PhoneCode)).one()
    assert (row.code_sealed, row.phone_sealed) == (None, None)


def test_an_unknown_phone_gets_nothing_and_the_same_answer(any_cast: Cast, outbox: Path) -> None:
    sign_up()
    assert ask(2, outbox) == ""
    sentences = set()
    for login in (login_of(phone(1)), login_of(phone(2))):
        with pytest.raises(RuleBroken) as refused:
            service_phone.reset_by_code(login, "000000", NEW, at=AT)
        sentences.add(refused.value.message)
    assert len(sentences) == 1
    assert db.session.scalars(select(PhoneCode.code_sealed)).one() is not None


def test_guessing_flooding_and_waiting_are_bounded(any_cast: Cast, outbox: Path) -> None:
    sign_up()
    code = ask(1, outbox)
    ask(1, outbox)
    assert len(sent(outbox)) == 1
    for _ in range(5):
        with pytest.raises(RuleBroken):
            service_phone.reset_by_code(login_of(phone(1)), "xxxxxx", NEW, at=AT)
    with pytest.raises(RuleBroken):
        service_phone.reset_by_code(login_of(phone(1)), code, NEW, at=AT)
    for minutes in range(2, 20, 2):
        ask(1, outbox, minutes)
    assert len(sent(outbox)) == 5
    with pytest.raises(RuleBroken, match="过期"):
        service_phone.reset_by_code(login_of(phone(1)), ask(1, outbox, 90), NEW, at=AT + timedelta(minutes=101))
    assert service_phone.forget_codes(AT + timedelta(hours=3)) == 6


def test_a_working_account_is_not_reset_by_phone(any_cast: Cast, outbox: Path) -> None:
    account = sign_up()
    service.grant_role(account.id, "leader", scope_kind="system", scope_id=None, actor=SYSTEM, at=AT)
    ask(1, outbox)
    assert "不能用短信" in sent(outbox)[0]["text"]


def test_another_phone_needs_the_password_and_figures_on_the_new_one(any_cast: Cast, outbox: Path) -> None:
    account, other = sign_up(), sign_up(2)
    new, actor = parse_phone(phone(3)), any_cast.actor("contestant")
    with pytest.raises(RuleBroken, match="密码不正确"):
        service_phone.ask_new_phone(account.id, "wrong-password", new, at=AT)
    with pytest.raises(RuleBroken, match="不用更换"):
        service_phone.ask_new_phone(account.id, GOOD, parse_phone(phone(1)), at=AT)
    service_phone.ask_new_phone(account.id, GOOD, new, at=AT)
    service_phone.send_code(db.session.scalars(select(PhoneCode.id)).one(), AT)
    code = sent(outbox)[0]["text"][7:13]
    with pytest.raises(RuleBroken):
        service_phone.confirm_new_phone(other.id, code, actor=actor, at=AT)
    service_phone.confirm_new_phone(account.id, code, actor=actor, at=AT)
    assert service.sign_in(login_of(phone(3)), GOOD, device="x", at=AT)
    assert find(Account, login=login_of(phone(1))) is None


def request(cast: Cast, kind: str = "password", *, name: str = "测试甲", serial: int = 1, tel: int = 1, **more: object) -> HelpRequest:
    return service_help.ask_help(
        kind, name=name, document=parse_document("id_card", id_card(serial)), phone=parse_phone(phone(tel)), union_id=cast.county.id,
        note="", at=AT, **more)  # type: ignore[arg-type]


def known(serial: int = 1) -> Account:
    account, person = sign_up(serial), make_person(SYSTEM, id_card(serial))
    with atomic():
        get(Account, account.id).person_id = person.id
        audit.record("test", actor=SYSTEM, subject=("account", account.id), at=AT)
    return account


def test_the_clerk_gives_a_link_and_moves_the_phone(any_cast: Cast) -> None:
    account, clerk = known(), any_cast.actor("clerk", "union", any_cast.county.id)
    asked = request(any_cast, "phone", tel=5)
    assert id_card(1) not in str(vars(asked))
    with pytest.raises(RuleBroken, match="核对了什么"):
        service_help.give_link(asked.id, account.id, " ", actor=clerk, at=AT)
    token = service_help.give_link(asked.id, account.id, "已核对身份证原件", actor=clerk, at=AT)
    service_own.set_password_by_link(token, NEW, device="x", at=AT)
    assert service.sign_in(login_of(phone(5)), NEW, device="x", at=AT)
    assert db.session.scalars(select(Message).where(Message.account_id == account.id)).all()
    with pytest.raises(RuleBroken, match="已经办理过"):
        service_help.refuse_help(asked.id, "x", actor=clerk, at=AT)


def test_what_the_clerk_may_not_do(any_cast: Cast) -> None:
    account, stranger = known(), sign_up(7)
    clerk = any_cast.actor("clerk", "union", any_cast.county.id)
    with pytest.raises(RuleBroken, match="不符"):
        service_help.give_link(request(any_cast).id, stranger.id, "x", actor=clerk, at=AT)
    with pytest.raises(RuleBroken, match="姓名"):
        service_help.give_link(request(any_cast, name="别人").id, account.id, "x", actor=clerk, at=AT)
    mine = request(any_cast)
    with pytest.raises(Forbidden, match="自己的"):
        service_help.give_link(mine.id, account.id, "x", actor=replace(clerk, person_id=get(Account, account.id).person_id), at=AT)
    service.grant_role(account.id, "leader", scope_kind="system", scope_id=None, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="工作账号"):
        service_help.give_link(mine.id, account.id, "x", actor=clerk, at=AT)
    with pytest.raises(RuleBroken, match="等待办理"):
        request(any_cast)


def test_a_disputed_number_goes_to_who_shows_the_document(any_cast: Cast) -> None:
    wrong, claimant = known(), sign_up(2)
    with pytest.raises(Forbidden, match="先登录"):
        request(any_cast, "document")
    asked = request(any_cast, "document", account_id=claimant.id)
    service_help.settle_document(asked.id, "已核对原件", actor=any_cast.actor("clerk", "union", any_cast.county.id), at=AT)
    assert get(Account, wrong.id).person_id is None
    assert get(Account, claimant.id).person_id is not None
    assert {m.account_id for m in db.session.scalars(select(Message))} == {wrong.id, claimant.id}


def test_unions_see_their_own_requests(client: FlaskClient, cast: Cast) -> None:
    known()
    asked = request(cast)
    page = f"/manage/help/{asked.id}"
    cast.sign_in(client, cast.account("clerk", "union", cast.other_county.id))
    assert [client.get(page).status_code, client.post(page + "/done").status_code, client.post(page + "/refuse").status_code] == [404] * 3
    assert asked.code not in client.get("/manage/help").text
    cast.sign_in(client, cast.account("judge"))
    assert client.get("/manage/help").status_code == 403
    cast.sign_in(client, cast.account("clerk", "union", cast.prefecture.id))
    assert asked.code in client.get("/manage/help").text
    shown = client.get(page).text
    assert "测试甲" in shown
    assert id_card(1) not in shown
    found = service_help.found_behind(asked).accounts[0].id
    assert client.post(page + "/done", data={"account": found, "reason": "已核对"}).status_code == 422
    assert "/invited/" in client.post(page + "/done", data={"account": found, "reason": "已核对", "checked": "y"}).text


def test_the_pages_of_who_is_locked_out(client: FlaskClient, cast: Cast, app: Flask, tmp_path: Path) -> None:
    app.extensions["phone_channel"] = None
    assert "忘记密码" in client.get("/sign-in").text
    assert "获取验证码" not in client.get("/forgot").text
    words = {"kind": "password", "name": "测试甲", "document_kind": "id_card", "document_number": id_card(1), "phone": phone(1),
             "union": str(cast.county.id)}
    assert client.post("/forgot/help", data=words | {"document_number": "123"}).status_code == 422
    answer = client.post("/forgot/help", data=words)
    asked = db.session.scalars(select(HelpRequest)).one()
    assert asked.code in answer.text
    app.extensions["phone_channel"] = Outbox(tmp_path)
    try:
        assert "获取验证码" in client.get("/forgot").text
        assert client.get("/forgot/code").location == "/forgot"
        assert client.post("/forgot", data={"phone": phone(8)}).location == "/forgot/code"
        assert client.post("/forgot/code", data={"code": "1", "password": NEW, "again": NEW}).status_code == 422
    finally:
        app.extensions["phone_channel"] = None
    assert client.get("/account/dispute").status_code == 303
    client.post("/sign-up", data={"name": "测试甲", "phone": phone(1), "password": GOOD, "privacy": "y", "sensitive": "y"})
    client.post("/sign-in", data={"login": phone(1), "password": GOOD})
    assert "到工会办理" in client.get("/account/phone").text
    assert client.post("/account/dispute", data=words | {"union": ""}).status_code == 422
    assert "您的编号" in client.post("/account/dispute", data=words).text
    with pytest.raises(NotFound):
        service_phone.send_code(cast.county.id, AT)
    assert jobs.latest(service_phone.SEND)


def test_a_forgotten_password_and_another_phone_in_a_browser(any_app: Flask, any_cast: Cast, outbox: Path) -> None:
    sign_up()
    client = any_app.test_client()
    client.post("/forgot", data={"phone": phone(1)})
    service_phone.send_code(db.session.scalars(select(PhoneCode.id)).one(), now())
    code = sent(outbox)[0]["text"][7:13]
    assert client.post("/forgot/code", data={"code": code, "password": NEW, "again": NEW}).location == "/sign-in"
    client.post("/sign-in", data={"login": phone(1), "password": NEW})
    assert client.post("/account/phone", data={"phone": phone(2), "password": "wrong-password"}).status_code == 422
    assert client.post("/account/phone", data={"phone": phone(2), "password": NEW}).location == "/account/phone/code"
    row = db.session.scalars(select(PhoneCode).where(PhoneCode.purpose == "phone")).one()
    service_phone.send_code(row.id, now())
    codes = {one["text"][7:13] for one in sent(outbox)} - {code}
    assert client.post("/account/phone/code", data={"code": "000000x"}).status_code == 422
    assert client.post("/account/phone/code", data={"code": codes.pop()}).location == "/account"
    assert find(Account, login=login_of(phone(2))) is not None


def test_a_clerk_turns_a_request_down(client: FlaskClient, cast: Cast) -> None:
    asked = request(cast)
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    here = f"/manage/help/{asked.id}/refuse"
    assert client.post(here, data={"refuse-reason": ""}).status_code == 422
    assert client.post(here, data={"refuse-reason": "没有带证件原件"}).location == "/manage/help"
    assert get(HelpRequest, asked.id).state == "refused"
    assert client.post(here, data={"refuse-reason": "再来一次"}).status_code == 409
