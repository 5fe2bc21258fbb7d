"""Who reads which language: pages by choice, messages by recipient, the record in Chinese."""

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from wtforms import IntegerField
from wtforms.validators import NumberRange

from competition.accounts.models import Account
from competition.core import audit, languages, sheets
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.database import atomic, db
from competition.core.errors import RuleBroken
from competition.core.forms import BaseForm
from competition.core.paper import paper_html
from competition.notices import service as notices
from tests.cast import AT, Cast

WORD, ENGLISH = "退出登录", "Sign out"


def switch(client: FlaskClient, locale: str, back: str = "/contests?page=1") -> str:
    answer = client.post("/language", data={"locale": locale, "next": back})
    assert answer.status_code == 303
    return str(answer.location)


def test_a_visitor_chooses_and_stays_on_the_page(client: FlaskClient) -> None:
    page = client.get("/contests?page=1").text
    assert '<html lang="zh-Hans-CN"' in page
    assert 'value="en" lang="en"' in page
    assert "csrf" not in page
    assert switch(client, "en") == "/contests?page=1"
    page = client.get("/contests").text
    assert '<html lang="en"' in page
    assert ">Sign in<" in page
    assert 'value="zh_Hans_CN" lang="zh-Hans-CN"' in page
    assert "session" not in "".join(cookie.key for cookie in client._cookies.values())


def test_the_choice_is_kept_with_the_account_and_is_on_record(client: FlaskClient, cast: Cast) -> None:
    person = cast.account("organizer", "union", cast.county.id)
    cast.sign_in(client, person)
    for _again in (1, 2):
        switch(client, "en")
    db.session.refresh(person)
    assert person.locale == "en"
    rows = db.session.scalars(select(AuditRow).where(AuditRow.act == "account.locale", AuditRow.subject_id == str(person.id))).all()
    assert [row.details for row in rows] == [{"locale": "en"}]
    client.delete_cookie(languages.COOKIE)
    assert ENGLISH in client.get("/desk").text


def test_the_account_goes_before_the_browser(client: FlaskClient, cast: Cast) -> None:
    switch(client, "en")
    cast.sign_in(client, cast.account("organizer", "union", cast.county.id))
    assert '<html lang="zh-Hans-CN"' in client.get("/desk").text


@pytest.mark.parametrize("locale", ["", "de", "../en", "en\x00", "EN"])
def test_no_other_language_is_taken(client: FlaskClient, locale: str) -> None:
    answer = client.post("/language", data={"locale": locale})
    assert answer.status_code == 422
    assert "没有这种语言" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_who_is_signed_in_needs_the_token_of_the_page(app: Flask, client: FlaskClient, cast: Cast) -> None:
    person = cast.account("organizer", "union", cast.county.id)
    cast.sign_in(client, person)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = client.post("/language", data={"locale": "en"})
        page = client.get("/desk").text
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert db.session.get_one(Account, person.id).locale == languages.SOURCE
    form = page[page.index('action="/language"'):]
    assert 'name="csrf_token"' in form[:form.index("</form>")]


def test_a_page_that_answers_a_form_offers_no_switch(client: FlaskClient) -> None:
    page = client.post("/sign-in", data={"login": "x"}).text
    assert 'action="/language"' not in page
    # That there is none, and what to do, stands under its name for whoever reads only the other language.
    assert '<details class="small language-paused" lang="en"><summary>English</summary>This page answers a form' in page
    switch(client, "en")
    assert "这一页是对表单的答复，不能换语言：请先提交或返回上一页。" in client.post("/sign-in", data={"login": "x"}).text


@pytest.mark.parametrize("path", ["/", "/contests", "/sign-in", "/judge/"])
def test_every_layout_has_the_switch(client: FlaskClient, path: str) -> None:
    assert 'action="/language"' in client.get(path).text


def test_a_tablet_says_its_language_without_a_cookie(client: FlaskClient) -> None:
    asked = {lang: client.get("/api/judging/pack", headers={"Accept-Language": lang}).json for lang in ("en", "zh-Hans-CN", "fr", "")}
    assert asked["zh-Hans-CN"] == asked["fr"] == asked[""]
    switch(client, "en")
    assert client.get("/api/judging/pack", headers={"Accept-Language": "zh-Hans-CN"}).json == asked["zh-Hans-CN"]


def test_messages_speak_the_language_of_who_reads_them(any_cast: Cast) -> None:
    chinese, english = any_cast.account("judge"), any_cast.account("judge", name="测试英")
    with atomic():
        english.locale = "en"
        told = notices.tell(
            [chinese.id, english.id], kind="test", title=lazy_gettext("退出登录"), link=None, at=AT,
            body=languages.lines(lazy_gettext("登录"), "", "原话"))
        audit.record("test.tell", actor=SYSTEM, subject=("test", "words"), at=AT)
        found = {m.account_id: (m.title, m.body) for m in told}
    assert found == {chinese.id: ("退出登录", "登录\n原话"), english.id: ("Sign out", "Sign in\n原话")}


def test_late_words_are_escaped_like_any_text(app: Flask) -> None:
    late = lazy_gettext("%(name)s：%(said)s", name="<b>甲</b>", said="A & B")
    with app.test_request_context("/"):
        page = render_template_string("{{ late }}|{{ late ~ '<i>' }}|{{ _('%(what)s。', what=late) }}|{{ [late]|joined }}", late=late)
        plain = app.json.loads(app.json.dumps([late]))
    assert "<b>" not in page
    assert "<i>" not in page
    assert page.count("&lt;b&gt;甲&lt;/b&gt;：A &amp; B") == 4
    assert plain == ["<b>甲</b>：A & B"]


def test_a_refusal_waits_for_its_reader(app: Flask) -> None:
    error = RuleBroken(lazy_gettext("没有找到这条消息。"))
    assert error.message == "没有找到这条消息。"
    with languages.speaking("en"):
        assert error.message == "There is no such message."


def test_the_record_is_chinese_whoever_reads(app: Flask) -> None:
    with app.test_request_context("/"), languages.speaking("en"):
        assert gettext(WORD) == ENGLISH
        paper = paper_html("layouts/paper.html")
        book = sheets.write_table(lazy_gettext(WORD), [lazy_gettext(WORD)], [[lazy_gettext(WORD)]], taken=None)
        assert gettext(WORD) == ENGLISH
    assert '<html lang="zh-Hans-CN"' in paper
    assert sheets.read_table(book) == [[WORD], [WORD]]


def test_the_forms_library_speaks_too(app: Flask) -> None:
    class Form(BaseForm):
        count = IntegerField(validators=[NumberRange(max=3)])

    said = {}
    for code in ("zh_Hans_CN", "en"):
        with app.test_request_context("/", method="POST", data={"count": "9"}), languages.speaking(code):
            form = Form()
            assert not form.validate()
            said[code] = form.count.errors[0]
    assert said["en"] == "Number must be at most 3."
    assert said["zh_Hans_CN"] != said["en"]


def test_without_a_catalogue_nothing_is_offered(app: Flask, tmp_path: object) -> None:
    assert [each.code for each in languages.offered()] == ["zh_Hans_CN", "en"]


def test_what_is_filled_into_lazy_words_is_no_markup(app: Flask) -> None:
    with app.test_request_context("/"):
        said = app.jinja_env.from_string("{{ words }}{{ together(words, other) }}").render(
            words=lazy_gettext("“%(name)s”", name="<b>&"), other="<i>")
    assert said == "“&lt;b&gt;&amp;”“&lt;b&gt;&amp;”&lt;i&gt;"
