"""What was typed is not lost: neither when the sign-in is over, nor when the form is of an older session, nor at an error."""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select, update
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart
from wtforms import PasswordField

from competition.accounts import service as accounts
from competition.accounts import service_factor
from competition.accounts.hashing import hash_password
from competition.accounts.models import Account, SignIn
from competition.core import audit, intake, kept
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.clock import now
from competition.core.database import atomic, db
from competition.core.errors import Forbidden, NotFound, RuleBroken
from competition.core.forms import BaseForm
from competition.core.refusals import SecurityRow
from competition.notices.models import Notice
from tests.cast import AT, PASSWORD, Cast

NEW = "/manage/notices/new"
TYPED = {"title": "关于时间的公告<草稿>", "body": '第一段 “引号” & "双引号"\r\n第二段'}
SIGN_IN = {"login": "writer", "password": PASSWORD}


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application with its protection of forms, as people meet it."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def writer(guarded: Flask, cast: Cast) -> FlaskClient:
    """Somebody who writes announcements, signed in with a password."""
    with atomic():
        account = accounts.create_account(login="writer", display_name="测试组委会", password=hash_password(PASSWORD), actor=SYSTEM, at=AT)
        accounts.grant_role(account.id, "organizer", scope_kind="system", scope_id=None, actor=SYSTEM, at=AT)
    client = guarded.test_client()
    send(client, "/sign-in", client.get("/sign-in").text, SIGN_IN)
    return client


def token(page: str) -> str:
    """The token of the page's forms."""
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found is not None, page
    return found.group(1)


def send(client: FlaskClient, address: str, page: str, data: dict[str, Any], **more: Any) -> TestResponse:
    """Send a form of this page."""
    return client.post(address, data={**data, "csrf_token": token(page)}, **more)


def form_to(page: str, address: str = "") -> dict[str, str]:
    """The fields of the page's form to this address (that with a title when none is given), as a browser would send them."""
    form = next(each for each in html.fromstring(page).forms if (each.get("action") == address if address else "title" in each.fields))
    return {field.name: field.value or "" for field in form.inputs if field.name}


def end_sign_ins() -> None:
    """Every sign-in is over, wherever it was begun."""
    with atomic() as session:
        session.execute(update(SignIn).values(ended_at=now()))


def count(model: Any) -> int:
    db.session.rollback()
    return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def sign_in_again(client: FlaskClient, refused: TestResponse) -> TestResponse:
    """Fill in the page that says that the sign-in is over."""
    return client.post("/sign-in", data=form_to(refused.text, "/sign-in") | SIGN_IN)


def test_the_sign_in_is_over_and_nothing_is_lost(writer: FlaskClient) -> None:
    page = writer.get(NEW).text
    end_sign_ins()
    refused = send(writer, NEW, page, TYPED, headers={"Referer": f"http://localhost{NEW}"})
    assert refused.status_code == 401
    assert "登录已过期" in refused.text
    assert "关于时间的公告&lt;草稿&gt;" in refused.text
    wrong = writer.post("/sign-in", data=form_to(refused.text, "/sign-in") | SIGN_IN | {"password": "not-the-password"})
    assert wrong.status_code == 422
    back = sign_in_again(writer, wrong)
    assert back.status_code == 200
    assert "还没有提交" in back.text
    assert count(Notice) == 0
    shown = writer.post(NEW, data=form_to(back.text, NEW))
    assert "您刚才填写的内容都在" in shown.text
    fields = form_to(shown.text)
    assert {name: fields[name].lstrip("\n") for name in TYPED} == {"title": TYPED["title"], "body": TYPED["body"].replace("\r\n", "\n")}
    assert count(Notice) == 0
    assert send(writer, NEW, shown.text, TYPED).status_code == 303
    assert count(Notice) == 1


def test_the_second_factor_carries_it_too(writer: FlaskClient, guarded: Flask) -> None:
    page = writer.get(NEW).text
    account = db.session.scalars(select(SignIn)).one().account
    secret = service_factor.prepare(account.id, PASSWORD, actor=SYSTEM, at=AT)
    service_factor.confirm(account.id, pyotp.TOTP(secret).at(AT), keep=account.id, actor=SYSTEM, at=AT)
    asked = sign_in_again(writer, send(writer, NEW, page, TYPED))
    assert "输入验证码" in asked.text
    done = writer.post("/sign-in/code", data=form_to(asked.text, "/sign-in/code") | {"code": "000000"})
    assert "关于时间的公告" in done.text


def test_a_form_of_an_older_session_is_shown_again(writer: FlaskClient, guarded: Flask) -> None:
    for data in (TYPED, TYPED | {"csrf_token": "of-another-session"}):
        refused = writer.post(NEW, data=data)
        assert (refused.status_code, count(Notice)) == (400, 0)
        shown = writer.post(NEW, data=form_to(refused.text, NEW))
        assert form_to(shown.text)["title"] == TYPED["title"]
    assert count(Notice) == 0
    codes = set(db.session.scalars(select(SecurityRow.code)))
    assert "form_expired" in codes


def test_without_a_session_the_token_is_missing_and_the_sign_in_asked(writer: FlaskClient, guarded: Flask) -> None:
    refused = guarded.test_client().post(NEW, data=TYPED)
    assert refused.status_code == 401
    assert "登录后回到刚才的表单" in refused.text


def test_a_button_without_fields_leads_back_to_its_page(writer: FlaskClient) -> None:
    end_sign_ins()
    page = writer.get("/sign-in").text
    refused = send(writer, "/messages/read", page, {}, headers={"Referer": "http://localhost/messages"})
    assert (refused.status_code, "再办理一次" in refused.text) == (401, True)
    assert sign_in_again(writer, refused).location == "/messages"
    begun = writer.get("/messages").text
    shown = send(writer, "/messages/read", begun, {kept.SHOW: "1", kept.BACK: "/messages"})
    assert (shown.status_code, shown.location) == (303, "/messages")
    assert "刚才的操作没有办理" in writer.get("/messages").text


def test_what_only_shows_does_nothing(writer: FlaskClient) -> None:
    page = writer.get(NEW).text
    before = count(AuditRow)
    shown = send(writer, NEW, page, TYPED | {kept.SHOW: "1"})
    assert (count(Notice), count(AuditRow)) == (0, before)
    assert form_to(shown.text)["title"] == TYPED["title"]
    assert send(writer, NEW, page, TYPED).status_code == 303
    address = f"/manage/notices/{db.session.scalars(select(Notice)).one().id}"
    assert send(writer, f"{address}/discard", page, {kept.SHOW: "1", kept.BACK: address}).location == address
    assert "您刚才填写的内容都在" in send(writer, f"{address}/publish", page, TYPED | {kept.SHOW: "1"}).text
    db.session.rollback()
    assert db.session.scalars(select(Notice)).one().state == "draft"


def test_files_and_passwords_are_not_carried_and_it_is_said(writer: FlaskClient) -> None:
    page = writer.get(NEW).text
    end_sign_ins()
    data = TYPED | {"password": "secret-words-1", "file": (io.BytesIO(b"x"), "a.pdf")}
    refused = send(writer, NEW, page, data, content_type="multipart/form-data")
    assert "请重新选择" in refused.text
    assert "secret-words-1" not in refused.text
    shown = writer.post(NEW, data=form_to(sign_in_again(writer, refused).text, NEW))
    assert "刚才选择的文件没有保留" in shown.text


def test_every_password_field_is_among_the_names_that_are_never_sent_back(app: Flask) -> None:
    forms = list(BaseForm.__subclasses__())
    for form in forms:
        forms.extend(form.__subclasses__())
    names = {name for form in forms for name in dir(form)
             if getattr(getattr(form, name), "field_class", None) is PasswordField}
    assert {"password", "old", "again"} <= names <= kept.SECRET


@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}])
def test_nobody_finds_the_words_of_another_site_in_his_form(writer: FlaskClient, headers: dict[str, str]) -> None:
    answer = writer.post(NEW, data=TYPED, headers=headers)
    assert answer.status_code in (400, 403)
    assert "关于时间的公告" not in answer.text
    end_sign_ins()
    answer = writer.post(NEW, data=TYPED, headers=headers)
    assert answer.status_code in (401, 403)
    assert "关于时间的公告" not in answer.text


@pytest.mark.parametrize("text", [
    None, "", "[]", "{}", "1", "{", '{"to": "//elsewhere.example/x", "back": "/", "fields": [], "files": 0}',
    '{"to": "https://elsewhere.example", "back": "/", "fields": [], "files": 0}', '{"to": 1, "back": "/", "fields": [], "files": 0}',
    '{"to": "/x", "back": "/", "fields": [["a"]], "files": 0}', '{"to": "/x", "back": "/", "fields": [], "files": "many"}', "[" * 100_000,
])
def test_what_is_carried_is_checked_when_it_comes_back(text: str | None) -> None:
    assert kept.read_typed(text) is None


def test_what_is_carried_comes_back_whole() -> None:
    typed = kept.Typed("/a?b=1", "/a", (("x", "\r\n<>\"'&\u2028"), ("x", "2")), 1)
    assert kept.read_typed(typed.text) == typed
    foreign = json.loads(typed.text) | {"back": "//elsewhere.example"}
    assert kept.read_typed(json.dumps(foreign)) == kept.Typed(typed.to, "/", typed.fields, 1)


def test_an_error_page_leads_back_to_the_form(writer: FlaskClient) -> None:
    page = writer.get(NEW).text
    address = send(writer, NEW, page, TYPED).location
    assert send(writer, f"{address}/publish", page, TYPED).status_code == 303
    refused = send(writer, f"{address}/publish", page, {"remark": "写了很久的话"})
    assert refused.status_code == 409
    assert form_to(refused.text, f"{address}/publish")["remark"] == "写了很久的话"
    gone = send(writer, f"{NEW}?contest=00000000-0000-4000-8000-000000000000", page, TYPED)
    assert (gone.status_code, "回到刚才的表单" in gone.text) == (404, False)


def test_a_refusal_behind_the_form_leads_back_to_it(writer: FlaskClient, guarded: Flask) -> None:
    """Whoever came as far as the form, and may not do just this, finds what was typed in it again."""
    page, view = writer.get(NEW).text, guarded.view_functions["notices.create"]

    def refusing(error: RuleBroken) -> Callable[[], str]:
        def create() -> str:
            BaseForm().validate_on_submit()
            raise error
        create.__act__ = "notices.edit"  # type: ignore[attr-defined]
        return create

    try:
        for error in (Forbidden("由另一人办理。"), NotFound("没有找到这个项目。")):
            guarded.view_functions["notices.create"] = refusing(error)
            refused = send(writer, NEW, page, TYPED)
            assert refused.status_code == error.status
            assert form_to(refused.text, NEW)["title"] == TYPED["title"]
    finally:
        guarded.view_functions["notices.create"] = view


def send_large(client: FlaskClient, page: str, data: dict[str, Any]) -> TestResponse:
    """A form with much in it, put together in memory."""
    body, _length, boundary = stream_encode_multipart({**data, "csrf_token": token(page)}, use_tempfile=False)
    return client.post(NEW, data=body.read(), content_type=f'multipart/form-data; boundary="{boundary}"')


def test_files_too_large_lose_no_words(writer: FlaskClient) -> None:
    page = writer.get(NEW).text
    refused = send_large(writer, page, TYPED | {"file": FileStorage(io.BytesIO(b"x" * (intake.MOST_BYTES + 1)), "a.pdf")})
    assert refused.status_code == 413
    shown = writer.post(NEW, data=form_to(refused.text, NEW))
    assert form_to(shown.text)["title"] == TYPED["title"]
    assert "刚才选择的文件没有保留" in shown.text


@pytest.mark.parametrize("words", [{"x": "y" * (2 * 1024 * 1024 + 1)}, {f"x{n}": "" for n in range(2100)}])
def test_words_too_many_are_refused_with_a_sentence(writer: FlaskClient, words: dict[str, str]) -> None:
    page = writer.get(NEW).text
    refused = send_large(writer, page, TYPED | words)
    assert (refused.status_code, "全部文字不超过 2 MB" in refused.text) == (413, True)


@pytest.mark.parametrize("alone", [True, False])
def test_of_words_too_many_those_that_fit_are_kept_and_the_rest_is_said(writer: FlaskClient, alone: bool) -> None:
    """One text of more than 2 MB, in a plain form and in one with room for files: the other fields come back whole."""
    page = writer.get(NEW).text
    words = TYPED | {"body": "长" * 1_000_000}
    refused = send(writer, NEW, page, words) if alone else send_large(writer, page, words)
    assert (refused.status_code, "全部文字不超过 2 MB" in refused.text, count(Notice)) == (413, True, 0)
    back = form_to(refused.text, NEW)
    assert (back["title"], back["_cut"], "body" in back) == (TYPED["title"], "1", False)
    shown = writer.post(NEW, data=back)
    assert form_to(shown.text)["title"] == TYPED["title"]
    assert "太长的内容没有保留，请缩短后重新填写那一项" in shown.text
    assert count(Notice) == 0


def test_a_field_says_how_long_it_may_be_before_anything_is_typed(writer: FlaskClient) -> None:
    areas = html.fromstring(writer.get(NEW).text).xpath("//form//textarea")
    assert areas
    assert all(area.get("maxlength") for area in areas)


def forced(writer: FlaskClient, page: str, address: str) -> str:
    """What is typed while something else has to be done first, and the page that says so."""
    refused = send(writer, NEW, page, TYPED, headers={"Referer": f"http://localhost{NEW}"})
    assert (refused.status_code, count(Notice)) == (409, 0)
    assert "都在本页里" in refused.text
    assert address in refused.text
    return refused.text


def finish(writer: FlaskClient, last: str) -> None:
    """The last page leads back to the form, and nothing was sent meanwhile."""
    shown = writer.post(NEW, data=form_to(last, NEW))
    assert form_to(shown.text)["title"] == TYPED["title"]
    assert count(Notice) == 0
    assert send(writer, NEW, shown.text, TYPED).status_code == 303


def test_a_new_password_that_is_forced_loses_nothing(writer: FlaskClient) -> None:
    page = writer.get(NEW).text
    with atomic() as session:
        session.execute(update(Account).where(Account.login == "writer").values(must_change_password=True))
        audit.record("test.account", actor=SYSTEM, subject=("account", "writer"), at=AT)
    asked = forced(writer, page, "/account/password")
    new = {"old": PASSWORD, "password": "hetao-liuxing-41", "again": "hetao-liuxing-41"}
    wrong = writer.post("/account/password", data=form_to(asked, "/account/password") | new | {"again": "x"})
    assert wrong.status_code == 422
    finish(writer, writer.post("/account/password", data=form_to(wrong.text, "/account/password") | new).text)


def test_a_second_factor_that_is_forced_loses_nothing(writer: FlaskClient, guarded: Flask) -> None:
    page, settings = writer.get(NEW).text, guarded.extensions["settings"]
    guarded.extensions["settings"] = replace(settings, second_factor="required")
    try:
        base = "/account/second-factor"
        asked = forced(writer, page, f"{base}/begin")
        begun = writer.post(f"{base}/begin", data=form_to(asked, f"{base}/begin") | {"password": PASSWORD})
        secret = re.search(r'data-copy="([A-Z2-7]{32})"', begun.text)
        assert secret is not None
        wrong = writer.post(base, data=form_to(begun.text, base) | {"code": "000000"})
        assert wrong.status_code == 422
        finish(writer, writer.post(base, data=form_to(wrong.text, base) | {"code": pyotp.TOTP(secret[1]).now()}).text)
    finally:
        guarded.extensions["settings"] = settings


def test_a_fault_of_ours_leads_back_to_the_form(writer: FlaskClient, guarded: Flask) -> None:
    page = writer.get(NEW).text
    guarded.testing = False
    view = guarded.view_functions["notices.create"]
    try:
        guarded.view_functions["notices.create"] = lambda: 1 // 0
        guarded.view_functions["notices.create"].__act__ = "notices.edit"  # type: ignore[attr-defined]
        refused = send(writer, NEW, page, TYPED)
    finally:
        guarded.view_functions["notices.create"] = view
        guarded.testing = True
    assert refused.status_code == 500
    fresh = writer.post(NEW, data=form_to(refused.text, NEW))
    shown = writer.post(NEW, data=form_to(fresh.text, NEW))
    assert form_to(shown.text)["title"] == TYPED["title"]
