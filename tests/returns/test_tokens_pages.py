"""The page of tokens: who manages whose, shown once, revoked."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from competition.core import audit
from competition.core.database import db
from competition.returns.models_api import ApiToken
from competition.returns.rules_api import SHAPE
from tests.builders import make_contest
from tests.cast import Cast


def test_a_token_is_shown_once_and_revoked(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("organizer", "union", cast.prefecture.id))
    assert "还没有令牌" in client.get("/participation/tokens").text
    typed = {"title": "测试 人力系统", "union": str(cast.county.id), "right": "report", "days": "90"}
    made = client.post("/participation/tokens/new", data=typed)
    text = SHAPE.search(made.text)
    assert text is not None
    listed = client.get("/participation/tokens").text
    assert text[0] not in listed
    for said in ("测试 人力系统", f"…{text[0][-4:]}", "读取和上报", "还没有用过", "可以使用"):
        assert said in listed
    token = db.session.scalars(select(ApiToken)).one()
    assert text[0] not in str(vars(token))
    asked = {"Authorization": f"Bearer {text[0]}"}
    assert client.get("/api/participation/contests", headers=asked).status_code == 200
    assert client.post(f"/participation/tokens/{token.id}/revoke").status_code == 303
    assert client.get("/api/participation/contests", headers=asked).status_code == 401
    page = client.post(f"/participation/tokens/{token.id}/revoke", follow_redirects=True).text
    assert "这个令牌已经撤销" in page
    assert sorted(row.act for row in audit.history("api_token", token.id)) == ["participation.make_token", "participation.revoke_token"]


def test_bad_input_keeps_the_form_and_a_union_is_found_by_name(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("administrator"))
    typed = {"title": "测试系统", "union": str(cast.county.id), "right": "read", "days": "9999"}
    page = client.post("/participation/tokens/new", data=typed)
    assert (page.status_code, "测试系统" in page.text, "请填 1 至 730 天" in page.text) == (422, True, True)
    assert client.post("/participation/tokens/new", data={"title": " ", "union": str(cast.county.id), "days": "3"}).status_code == 422
    found = client.get(f"/participation/tokens/new?q={cast.county.name_zh[:2]}").text
    assert str(cast.county.id) in found
    assert str(cast.other_county.id) not in found
    assert "没有找到工会" in client.get("/participation/tokens/new?q=没有的").text


def test_whose_tokens_somebody_manages(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("administrator"))
    client.post("/participation/tokens/new", data={"title": "外县系统", "union": str(cast.other_county.id), "right": "read", "days": "9"})
    token = db.session.scalars(select(ApiToken)).one()
    cast.sign_in(client, cast.account("organizer", "union", cast.county.id))
    assert "外县系统" not in client.get("/participation/tokens").text
    assert client.post(f"/participation/tokens/{token.id}/revoke").status_code == 403
    choices = re.findall(r'<option value="([0-9a-f-]{36})"', client.get("/participation/tokens/new").text)
    assert choices == [str(cast.county.id)]
    foreign = {"title": "x", "union": str(cast.other_county.id), "right": "read", "days": "9"}
    assert client.post("/participation/tokens/new", data=foreign).status_code == 422
    contest = make_contest(cast)
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    assert client.get("/participation/tokens").status_code == client.get("/participation/tokens/new").status_code == 403
    cast.sign_in(client, cast.account("leader"))
    assert client.get("/participation/tokens").status_code == 403


def test_whoever_reports_learns_of_tokens_and_whoever_manages_them_finds_them(client: FlaskClient, cast: Cast) -> None:
    link, told = 'href="/participation/tokens"', "可以凭访问令牌直接上报"
    for account, has_link, is_told in ((cast.account("clerk", "union", cast.county.id), False, True),
                                       (cast.account("organizer", "union", cast.county.id), True, False),
                                       (cast.account("auditor"), False, False)):
        page = cast.sign_in(client, account).get("/participation/returns").text
        assert (link in page, told in page) == (has_link, is_told), account.login
