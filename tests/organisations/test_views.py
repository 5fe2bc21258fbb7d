"""The tree in a browser."""

from flask.testing import FlaskClient

from competition.core.actors import SYSTEM
from competition.organisations import queries, service
from competition.organisations.models import Union
from tests.cast import AT, Cast
from tests.queries import statements_of


def page_of(union: Union, more: str = "") -> str:
    return f"/manage/unions/{union.id}{more}"


def test_a_clerk_edits_below_the_own_node_only(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    assert client.get("/manage/unions").location == page_of(cast.province)
    new = {"name_zh": "测试拉面公司工会", "level": "grassroots", "branch": "region", "member_count": "12"}
    assert client.post(page_of(cast.other_county, "/new"), data=new).status_code == 403
    assert client.post(page_of(cast.province, "/edit"), data=new).status_code == 403
    answer = client.post(page_of(cast.county, "/new"), data=new)
    assert answer.status_code == 303
    made = queries.branches_under(cast.county.id)[0].union
    assert answer.location == page_of(made)
    assert client.post(page_of(cast.county, "/new"), data=new).status_code == 409
    refused = client.post(page_of(cast.county, "/new"), data=new | {"name_zh": "", "member_count": "-1"})
    assert refused.status_code == 422
    assert "请填写 0 或以上的整数" in refused.text
    assert client.post(page_of(made, "/edit"), data={"name_zh": "改名后的工会", "name_bo": "བཟོ་པའི་ཚོགས་པ།"}).status_code == 303
    assert "བཟོ་པའི་ཚོགས་པ།" in client.get(page_of(made)).text
    assert client.post(page_of(cast.county, "/end"), data={"reason": "x"}).status_code == 403
    assert client.post(page_of(made, "/end"), data={"reason": ""}).status_code == 422
    assert client.post(page_of(made, "/end"), data={"reason": "合并"}).location == page_of(cast.county)


def test_others_look_or_do_not(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("organizer"))
    assert "增加下级工会" not in client.get(page_of(cast.county)).text
    assert client.get(page_of(cast.county, "/edit")).status_code == 403
    assert client.get("/manage/unions/00000000-0000-4000-8000-000000000000").status_code == 404
    cast.sign_in(client, cast.account("judge"))
    assert client.get(page_of(cast.county)).status_code == 403


def test_searching_and_the_other_provinces(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("administrator"))
    found = client.get("/manage/unions?q=化隆").text
    assert cast.county.name_zh in found
    assert cast.prefecture.name_zh in found
    assert "没有找到" in client.get("/manage/unions?q=不存在的工会").text
    assert "甘肃省总工会" in client.get("/manage/unions?roots=1").text


def test_a_node_costs_the_same_whatever_stands_under_it(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("administrator"))

    def fill(first: int, last: int) -> None:
        for n in range(first, last):
            service.add_union(cast.county.id, name_zh=f"测试工会{n}", level="grassroots", actor=SYSTEM, at=AT, on=AT.date())

    fill(0, 3)
    few = len(statements_of(client, page_of(cast.county)))
    fill(3, 30)
    assert len(statements_of(client, page_of(cast.county))) == few


def test_names_of_employers_for_a_form(client: FlaskClient, cast: Cast) -> None:
    service.get_or_create_employer(name="测试拉面馆", region_code="630224", actor=SYSTEM, at=AT)
    assert client.get("/employers?q=测试").status_code == 303
    cast.sign_in(client, cast.account("contestant"))
    assert client.get("/employers?q=测试").json == [{"name": "测试拉面馆", "region": "630224"}]
    assert client.get("/employers?q=测").json == []
