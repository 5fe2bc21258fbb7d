"""Accounts in a browser: the way in, and every way that is closed."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from competition.accounts import service, service_staff
from competition.accounts.hashing import hash_password
from competition.accounts.logins import login_of
from competition.accounts.models import Account, SignIn
from competition.core import approvals
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic, db, find
from tests.cast import Cast, phone
from tests.queries import statements_of

GOOD = "gaoshan-maitian-23"
SIGN_UP = {"name": "测试甲", "phone": phone(1), "password": GOOD, "privacy": "y", "sensitive": "y"}


def staff(name: str = "worker") -> Account:
    account, _token = service_staff.invite(login=name, display_name="测试职员", actor=SYSTEM, at=now())
    service.set_password(account.id, hash_password(GOOD), actor=SYSTEM, at=now())
    return account


def sign_up_and_in(client: FlaskClient) -> None:
    client.post("/sign-up", data=SIGN_UP)
    client.post("/sign-in", data={"login": phone(1), "password": GOOD})


def test_signing_up_leads_back_to_where_one_came_from(client: FlaskClient, cast: Cast) -> None:
    page = client.post("/sign-up", data=SIGN_UP | {"next": "/my/certificates"})
    assert "请输入刚才设置的密码" in page.text
    fields = {field.name: field.value for field in html.fromstring(page.text).forms[-1].inputs if field.name}
    assert (fields["login"], fields["next"]) == (phone(1), "/my/certificates")
    answer = client.post("/sign-in", data=fields | {"password": GOOD})
    assert (answer.status_code, answer.location) == (303, "/my/certificates")
    assert "还没有证书" in client.get("/my/certificates").text
    assert find(Account, login=login_of(phone(1))) is not None


@pytest.mark.parametrize(("field", "value", "sentence"), [
    ("name", "", "请填写姓名"), ("name", "<b>", "不能使用的字符"), ("phone", "123", "手机号应为 11 位数字，现在是 3 位"),
    ("phone", "1391234567", "现在是 10 位"), ("phone", "12000000001", "13 至 19"), ("phone", "+97714123456", "请不要填写别的字符"),
    ("password", "short", "至少 10 个字符"), ("password", "12345678901", "不能全是数字"), ("privacy", "", "不同意处理规则就无法报名"),
    ("sensitive", "", "单独同意"),
])
def test_signing_up_is_refused_and_nothing_typed_is_lost(
    client: FlaskClient, cast: Cast, field: str, value: str, sentence: str
) -> None:
    answer = client.post("/sign-up", data={k: v for k, v in (SIGN_UP | {field: value}).items() if v})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert GOOD not in answer.text
    if field != "name":
        assert 'value="测试甲"' in answer.text
    assert find(Account, login=login_of(phone(1))) is None


def test_signing_in_and_out(client: FlaskClient, cast: Cast) -> None:
    staff()
    answer = client.get("/account")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account")
    answer = client.post("/sign-in", data={"login": " WORKER ", "password": GOOD, "next": "/account"})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "测试职员" in client.get("/account").text
    assert client.post("/sign-out").status_code == 303
    assert client.get("/account").status_code == 303
    assert db.session.scalars(select(SignIn)).one().ended_at is not None


@pytest.mark.parametrize(("login", "password"), [("worker", "not-the-password"), ("nobody", GOOD), (phone(9), GOOD)])
def test_the_answer_is_the_same_for_unknown_and_wrong(client: FlaskClient, cast: Cast, login: str, password: str) -> None:
    staff()
    answer = client.post("/sign-in", data={"login": login, "password": password})
    assert answer.status_code == 422
    assert "登录名或密码不正确，或账号已暂时锁定" in answer.text
    assert password not in answer.text


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/%09/evil.example", "/\\evil.example"])
def test_signing_in_never_leads_away(client: FlaskClient, cast: Cast, target: str) -> None:
    staff()
    answer = client.post("/sign-in", data={"login": "worker", "password": GOOD, "next": target})
    assert (answer.status_code, answer.location) == (303, "/begin")


def test_a_copied_cookie_is_dead_after_signing_out(client: FlaskClient, cast: Cast, app: Flask) -> None:
    sign_up_and_in(client)
    cookie = client.get_cookie("comp")
    assert cookie is not None
    client.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("comp", cookie.value)
    assert thief.get("/account").status_code == 303


def test_signing_out_needs_a_post(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/sign-out").status_code == 405


def test_a_form_without_its_token_is_refused(client: FlaskClient, cast: Cast, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = client.post("/sign-up", data=SIGN_UP)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert find(Account, login=login_of(phone(1))) is None


def test_changing_the_password_keeps_this_browser_and_ends_the_other(client: FlaskClient, cast: Cast, app: Flask) -> None:
    sign_up_and_in(client)
    other = app.test_client()
    other.post("/sign-in", data={"login": phone(1), "password": GOOD})
    new = {"old": GOOD, "password": "hetao-liuxing-41", "again": "hetao-liuxing-41"}
    assert client.post("/account/password", data=new | {"again": "other-words-41"}).status_code == 422
    assert "现在的密码不正确" in client.post("/account/password", data=new | {"old": "wrong-password"}).text
    assert client.post("/account/password", data=new).status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


def test_ending_a_sign_in_on_another_device(client: FlaskClient, cast: Cast, app: Flask) -> None:
    sign_up_and_in(client)
    other = app.test_client()
    other.post("/sign-in", data={"login": phone(1), "password": GOOD}, headers={"User-Agent": "Other-Phone"})
    page = client.get("/account").text
    assert "Other-Phone" in page
    address = re.search(r"/account/sign-ins/[0-9a-f-]+/end", page)
    assert address is not None
    stranger = cast.sign_in(app.test_client(), cast.account("judge"))
    assert stranger.post(address.group()).status_code == 404
    assert client.post(address.group()).status_code == 303
    assert other.get("/account").status_code == 303


def test_whoever_got_a_password_from_others_chooses_a_new_one_first(client: FlaskClient, cast: Cast) -> None:
    account = staff()
    with atomic():
        service.set_password(account.id, hash_password(GOOD), actor=SYSTEM, at=now())
        account.must_change_password = True
    client.post("/sign-in", data={"login": "worker", "password": GOOD})
    assert client.get("/my/entries").location == "/account/password"
    client.post("/account/password", data={"old": GOOD, "password": "hetao-liuxing-41", "again": "hetao-liuxing-41"})
    assert client.get("/my/entries").status_code == 200


def test_the_terms_can_be_read_and_guessing_finds_nothing(client: FlaskClient, cast: Cast) -> None:
    assert "单独同意" in client.get("/terms/sensitive").text
    assert client.get("/terms/privacy/1").status_code == 200
    assert client.get("/terms/privacy/3").status_code == 404
    for guess in ("passwords", "A" * 2000, "privacy/²", "privacy/" + "9" * 2000, ".."):
        assert client.get(f"/terms/{guess}").status_code == 404


def test_the_first_administrator_and_the_officer(client: FlaskClient, cast: Cast, app: Flask) -> None:
    printed = app.test_cli_runner().invoke(args=["user", "first-admin-link"]).output.strip()
    assert printed.startswith("/setup/")
    form = {"display_name": "管理员甲", "login": "first", "password": GOOD, "again": GOOD, "second_name": "管理员乙",
            "second_login": "second"}
    assert client.post(printed, data=form | {"login": "X"}).status_code == 422
    page = client.post(printed, data=form).text
    invitation = re.search(r"/invited/[\w-]+", page)
    assert invitation is not None
    assert client.get("/manage/accounts").status_code == 200
    assert client.get(printed).status_code == 404
    assert app.test_cli_runner().invoke(args=["user", "first-admin-link"]).output == ""
    officer = app.test_client()
    assert officer.post(invitation.group(), data={"password": GOOD, "again": "other-words-4"}).status_code == 422
    assert officer.post(invitation.group(), data={"password": GOOD, "again": GOOD}).location == "/begin"
    assert officer.get(invitation.group()).status_code == 404


def test_inviting_asking_approving_and_taking_back(client: FlaskClient, cast: Cast, app: Flask) -> None:
    cast.sign_in(client, cast.account("administrator"))
    assert client.post("/manage/accounts/new", data={"login": "1bad", "display_name": "测试职员"}).status_code == 422
    assert "/invited/" in client.post("/manage/accounts/new", data={"login": "newone", "display_name": "测试职员"}).text
    assert client.post("/manage/accounts/new", data={"login": "newone", "display_name": "测试职员"}).status_code == 409
    account = find(Account, login="newone")
    assert account is not None
    page = f"/manage/accounts/{account.id}"
    wanted = {"role": "clerk", "scope": f"union:{cast.county.id}", "reason": "负责审核"}
    assert client.post(page + "/grants", data=wanted | {"scope": "system:"}).status_code == 422
    assert client.post(page + "/grants", data=wanted | {"scope": "union:x"}).status_code == 422
    assert client.post(page + "/grants", data=wanted).status_code == 303
    assert "等待第二人批准" in client.get(page).text
    request = approvals.open_request("accounts.grant", account.id)
    assert request is not None
    assert client.post(f"/approvals/{request.id}/decide", data={"decision": "approve"}).status_code == 403
    officer = cast.sign_in(app.test_client(), cast.account("security_officer"))
    assert "负责审核" in officer.get(f"/approvals/{request.id}").text
    assert officer.post(f"/approvals/{request.id}/decide", data={"decision": "approve"}).status_code == 303
    grant = service.active_grants(account.id, now())[0]
    assert client.post(f"/manage/grants/{grant.id}/end", data={"reason": ""}).status_code == 422
    assert client.post(f"/manage/grants/{grant.id}/end", data={"reason": "换岗"}).status_code == 303
    assert service.active_grants(account.id, now()) == []


def test_an_account_is_closed_and_opened_again(client: FlaskClient, cast: Cast, app: Flask) -> None:
    account = staff()
    worker = app.test_client()
    worker.post("/sign-in", data={"login": "worker", "password": GOOD})
    cast.sign_in(client, cast.account("administrator"))
    here = f"/manage/accounts/{account.id}/state"
    assert client.post(here, data={"reason": ""}).status_code == 422
    assert client.post(here, data={"reason": "离职"}).status_code == 303
    assert worker.get("/account").status_code == 303
    assert worker.post("/sign-in", data={"login": "worker", "password": GOOD}).status_code == 422
    assert client.post(here, data={"reason": "返聘"}).status_code == 303
    assert worker.post("/sign-in", data={"login": "worker", "password": GOOD}).status_code == 303


def test_the_list_finds_people_and_costs_the_same_for_many(client: FlaskClient, cast: Cast, app: Flask) -> None:
    cast.sign_in(client, cast.account("administrator"))
    for n in range(3):
        cast.account("judge", name=f"裁判{n}")
    few = len(statements_of(client, "/manage/accounts"))
    for n in range(3, 28):
        cast.account("judge", name=f"裁判{n}")
    assert len(statements_of(client, "/manage/accounts")) == few
    assert "裁判7" in client.get("/manage/accounts?q=裁判7").text
    app.test_client().post("/sign-up", data=SIGN_UP)
    assert "测试甲" in client.get(f"/manage/accounts?kind=contestant&q={phone(1)}").text
    assert "没有符合条件" in client.get("/manage/accounts?q=裁判%25").text


@pytest.mark.parametrize("role", ["organizer", "clerk", "judge"])
def test_accounts_are_closed_to_other_roles(client: FlaskClient, cast: Cast, role: str) -> None:
    cast.sign_in(client, cast.account(role))
    target = cast.account("leader")
    assert client.get("/manage/accounts").status_code == 403
    assert client.post("/manage/accounts/new", data={"login": "newone", "display_name": "测试职员"}).status_code == 403
    assert client.post(f"/manage/accounts/{target.id}/grants", data={}).status_code == 403
    assert client.post(f"/manage/accounts/{target.id}/link").status_code == 403


def test_commands_on_the_server(cast: Cast, app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["user", "create", "worker", "测试职员"]).output.startswith("/invited/")
    assert runner.invoke(args=["user", "create", "worker", "测试职员"]).exit_code == 1
    assert runner.invoke(args=["user", "grant", "worker", "clerk", "--scope", f"union:{cast.county.id}"]).output == "已授予：工会审核员。\n"
    assert runner.invoke(args=["user", "grant", "worker", "clerk"]).exit_code == 1
    assert runner.invoke(args=["user", "grant", "nobody", "organizer"]).exit_code == 1
    assert runner.invoke(args=["user", "link", "worker"]).output.startswith("/invited/")
    assert runner.invoke(args=["org", "found"]).output == "青海省总工会\n"
    table = runner.invoke(args=["access", "table"]).output
    assert re.search(r"accounts\.create\s+建立工作账号\s+系统管理员\n", table)
