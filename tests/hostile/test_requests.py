"""Hosts, cookies, redirects, methods, bodies: each answered with a sentence, each answer with its headers."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.core.config import ConfigError
from competition.core.database import db
from competition.core.paths import local_path
from competition.core.refusals import SecurityRow
from competition.core.web import HEADERS
from tests.cast import PASSWORD, Cast
from tests.hostile.nasties import BODIES, Body
from tests.house import build, settings_for

PUBLIC = {"COMP_PUBLIC_URL": "https://jingsai.example"}


def build_static(folder: Path) -> Flask:
    return build(folder, **PUBLIC)


def test_every_kind_of_answer_has_the_headers(app: Flask, client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("administrator"))
    asked = [
        client.get("/"), client.get("/sign-in"), client.get("/no-such-page"), client.post("/contests"), client.get("/api/judging/pack"),
        client.get("/healthz"), client.get("/manage/accounts"), client.get("/api/openapi.json"), client.get("/terms/privacy"),
        client.post("/manage/accounts/new", data=b"{", content_type="application/json"),
    ]
    assert [a.status_code for a in asked] == [200, 303, 404, 405, 401, 200, 200, 200, 200, 415]
    for answer in asked:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (answer.request.path, name)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "Server" not in answer.headers
    assert "GET" in asked[3].headers["Allow"]


def test_over_https_the_cookie_belongs_to_this_host_alone(tmp_path: Path) -> None:
    app = build_static(tmp_path)
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().get("/sign-in", base_url="https://jingsai.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-comp=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(("host", "status"), [
    ("jingsai.example", 200), ("localhost:8000", 200), ("127.0.0.1", 200), ("evil.test", 400), ("jingsai.example.evil.test", 400),
    ("jingsai.example@evil.test", 400), ("evil.test:443", 400), ("", 400),
])
def test_only_own_hosts_are_answered(tmp_path: Path, host: str, status: int) -> None:
    answer = build_static(tmp_path).test_client().get("/healthz", headers={"Host": host})
    assert answer.status_code == status
    assert "evil" not in answer.get_data(as_text=True)


def test_what_a_stranger_says_of_the_host_is_not_believed(client: FlaskClient) -> None:
    said = {"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4", "Forwarded": "host=evil.test"}
    answer = client.get("/messages", headers=said)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")
    assert "evil" not in str(answer.headers)


def test_beyond_this_machine_the_address_must_be_known(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="COMP_PUBLIC_URL"):
        settings_for(tmp_path, COMP_HOST="0.0.0.0")
    assert settings_for(tmp_path, COMP_HOST="0.0.0.0", **PUBLIC).own_hosts[0] == "jingsai.example"


@pytest.mark.parametrize("cookie", [
    "comp=garbage", "comp=", "comp=eyJhIjoxfQ.abc.def", "comp=" + "A" * 60_000, "comp=a; comp=b; comp=c", "comp=\u00ff\u00fe", "=x; ;;;",
    "comp=.eJwljktqBDEMBe", "comp=eyJfdXNlcl9pZCI6WzFdfQ.aSIAAA.zzzzzzzzzzzzzzzzzzzzzzzzzzz",
])
def test_a_strange_cookie_is_no_sign_in(client: FlaskClient, cookie: str) -> None:
    assert client.get("/", headers={"Cookie": cookie}).status_code == 200
    assert client.get("/desk", headers={"Cookie": cookie}).status_code == 303


def test_a_cookie_of_another_installation_is_no_sign_in(client: FlaskClient, tmp_path: Path) -> None:
    other = build(tmp_path, COMP_SECRET_KEY="another")
    signer = other.session_interface.get_signing_serializer(other)  # type: ignore[attr-defined]
    cookie = f"comp={signer.dumps({'_user_id': 'a' * 40, '_fresh': True})}"
    assert client.get("/desk", headers={"Cookie": cookie}).status_code == 303


@pytest.mark.parametrize("target", [
    "//evil.test", "/\\evil.test",
    "\\\\evil.test", "http:evil.test", "https://evil.test", "/\t/evil.test", "/\n/evil.test", "/%09/evil.test",
    "/%5cevil.test", "/%2f/evil.test", "javascript:alert(1)", "data:text/html,x", " //evil.test", "evil.test", "///evil.test", "/a\x00b",
])
def test_nobody_is_sent_elsewhere(client: FlaskClient, target: str) -> None:
    assert local_path(target, "/") == "/" or local_path(target, "/").startswith("/%2f/")
    answer = client.post("/language", data={"locale": "zh_Hans_CN", "next": target})
    assert answer.status_code in (303, 400)
    if answer.status_code == 303:
        there = answer.headers["Location"]
        assert there.startswith("/")
        assert not there.startswith(("//", "/\\"))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "FOO"])
def test_a_wrong_method_is_told(client: FlaskClient, method: str) -> None:
    answer = client.open("/contests", method=method)
    assert answer.status_code == 405
    assert "这个地址不支持这种操作" in answer.get_data(as_text=True)


@pytest.mark.parametrize("body", BODIES, ids=[body.what for body in BODIES])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/api/judging/events", "/api/judging/seat"])
def test_a_strange_body_is_answered(client: FlaskClient, path: str, body: Body) -> None:
    answer = client.post(path, data=body.data, content_type=body.kind)
    assert answer.status_code in body.answers
    assert answer.status_code >= 400
    text = answer.get_data(as_text=True)
    assert any("\u4e00" <= c <= "\u9fff" for c in (answer.get_json()["message"] if path.startswith("/api/") else text))


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303)])
def test_what_another_site_sends_is_not_taken(client: FlaskClient, cast: Cast, site: str, status: int) -> None:
    """Whatever token comes with it; and somebody tried."""
    cast.sign_in(client, cast.account("administrator"))
    answer = client.post("/messages/read", headers={"Sec-Fetch-Site": site})
    assert answer.status_code == status
    rows = db.session.scalars(select(SecurityRow.code)).all()
    assert list(rows) == (["other_site"] if status == 403 else [])
    assert client.get("/messages", headers={"Sec-Fetch-Site": site}).status_code == 200, "a link from elsewhere leads here"


@pytest.mark.parametrize(("field", "text", "sentence"), [
    ("name", "试\u202e选手", "改变文字方向的隐藏字符"), ("name", "试\x00选手", "看不见的控制字符"), ("name", "试" * 5000, "太长了"),
    ("phone", "1" * 5000, "太长了"), ("phone", "\x07", "看不见的控制字符"),
])
def test_the_rest_of_what_was_typed_stays(client: FlaskClient, field: str, text: str, sentence: str) -> None:
    typed = {"name": "试某某", "phone": "19900000001", "password": PASSWORD, "privacy": "y", "sensitive": "y"}
    answer = client.post("/sign-up", data=typed | {field: text})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    other = "phone" if field == "name" else "name"
    assert typed[other] in page


def test_digits_of_a_chinese_keyboard_are_digits(client: FlaskClient) -> None:
    typed = {"name": "试某某", "phone": "１９９００００００５５", "password": PASSWORD, "privacy": "y", "sensitive": "y"}
    assert client.post("/sign-up", data=typed).status_code == 200
    assert client.post("/sign-in", data={"login": "19900000055", "password": PASSWORD}).status_code == 303


