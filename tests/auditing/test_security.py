"""The page of security: what stands there, for whom, and what does not stand there."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from competition.accounts import service
from competition.accounts.logins import login_of
from competition.auditing.queries_security import Asked, page_of
from competition.core.actors import SYSTEM
from competition.core.audit import history
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.limits import limiter
from tests.accounts.test_guessing import one_person
from tests.accounts.test_service import sign_up
from tests.cast import Cast, phone
from tests.queries import statements_of

PAGE = "/system/audit/security"
ZONE = "Asia/Shanghai"


@pytest.fixture
def officer(client: FlaskClient, cast: Cast) -> FlaskClient:
    limiter.reset()
    return cast.sign_in(client, cast.account("security_officer"))


def refuse(app: Flask, cast: Cast, role: str = "judge", name: str = "裁判其人") -> None:
    """Somebody tries what he may not."""
    assert cast.sign_in(app.test_client(), cast.account(role, name=name)).post("/system/operations/backup").status_code == 403


def rows(page: str) -> list[list[str]]:
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in html.fromstring(page).xpath("//tbody/tr")]


@pytest.mark.parametrize("role", ["administrator", "organizer", "clerk", "judge", "contestant"])
def test_it_is_for_two_roles(client: FlaskClient, cast: Cast, role: str) -> None:
    cast.sign_in(client, cast.account(role))
    assert client.get(PAGE).status_code == 403
    cast.sign_in(client, cast.account("auditor"))
    assert client.get(PAGE).status_code == 200


def test_refusals_locks_and_roles_stand_there_with_masked_names(officer: FlaskClient, cast: Cast, app: Flask) -> None:
    refuse(app, cast)
    sign_up()
    for _time in range(5):
        with pytest.raises(RuleBroken):
            service.sign_in(login_of(phone(1)), "wrong-password", device="x", at=now())
    clerk = cast.account("clerk", "union", cast.county.id)
    service.grant_role(clerk.id, "leader", scope_kind="system", scope_id=None, actor=SYSTEM, at=now())
    page = officer.get(PAGE).text
    found = {(row[1], row[2], row[3], row[4]) for row in rows(page)}
    assert ("立即备份、登记备份密钥的保管", "被拒绝：没有这项权限", "裁**人 · 裁判员", "—") in found
    assert ("输错次数过多，暂时锁定", "已记录", "系统", "测*甲 · 选手") in found
    assert any(row[0] == "授予角色" and "工会审核员" in row[3] for row in found)
    for secret in ("裁判其人", "测试甲", phone(1), "127.0.0.1", "测试clerk"):
        assert secret not in page
    assert re.search(rf"/manage/accounts/{cast.account('judge', name='裁判其人').id}", page)


def test_filters_narrow_it(officer: FlaskClient, cast: Cast, app: Flask) -> None:
    refuse(app, cast)
    refuse(app, cast, "leader", "领导其人")
    app.test_client().post("/sign-in", data={"login": "nobody", "password": "wrong-password"})
    everything = rows(officer.get(PAGE).text)
    refused = rows(officer.get(f"{PAGE}?kind=refused").text)
    assert 2 == len(refused) < len(everything)
    source = refused[0][5]
    assert re.fullmatch(r"[\w+/-]{8}", source)
    assert rows(officer.get(f"{PAGE}?source={source}").text) == refused
    assert rows(officer.get(f"{PAGE}?source=zz").text) == rows(officer.get(f"{PAGE}?kind=sign_in&source={source}").text) == []
    assert [row[3][:2] for row in rows(officer.get(f"{PAGE}?who=领导").text) if "被拒绝" in row[2]] == ["领*"]
    assert [row[1] for row in rows(officer.get(f"{PAGE}?kind=sign_in").text)] == ["登录被拒绝"]
    assert rows(officer.get(f"{PAGE}?until=2001-01-01").text) == []
    assert rows(officer.get(f"{PAGE}?since=2001-01-01&until=x&kind=x").text) == everything
    assert "没有符合条件" in officer.get(f"{PAGE}?who=100%25").text


def test_it_costs_the_same_for_many_rows(officer: FlaskClient, cast: Cast, app: Flask) -> None:
    refuse(app, cast)
    few = len(statements_of(officer, PAGE))
    for number in range(30):
        refuse(app, cast, name=f"裁判{number}")
    assert len(statements_of(officer, PAGE)) == few


def test_roles_that_exclude_each_other_are_shown_first(officer: FlaskClient, cast: Cast) -> None:
    assert "互斥" not in officer.get(PAGE).text
    one_person(cast, "administrator", "auditor")
    page = officer.get(PAGE).text
    assert "同一个人的几个账号担任互斥的角色" in page
    assert "测试administrator其人" not in page


def test_both_databases_put_both_sources_in_one_order(any_cast: Cast, any_app: Flask) -> None:
    limiter.reset()
    before = now()
    refuse(any_app, any_cast)
    service.grant_role(any_cast.account("clerk", "union", any_cast.county.id).id, "leader", scope_kind="system", scope_id=None,
                       actor=SYSTEM, at=now() + timedelta(seconds=1))
    found = page_of(Asked(since=before.date() - timedelta(days=1)), ZONE, 1)
    assert [line.act for line in found][:2] == ["account.grant", "operations.back_up"]
    assert found.items[1].who.words == "裁**人 · 裁判员"


def test_two_accounts_of_one_person_are_put_right_by_the_officer_and_it_is_on_record(officer: FlaskClient, cast: Cast) -> None:
    kept, surplus = one_person(cast, "administrator", "auditor")
    assert "1 人的几个账号担任互斥的角色" in officer.get("/desk").text
    page = officer.get(PAGE).text
    assert "同一个人的几个账号担任互斥的角色" in page
    assert f"/manage/accounts/{surplus.id}" in page
    grant = service.active_grants(surplus.id, now())[0]
    reason = {"reason": "核实为同一个人，保留另一账号"}
    assert officer.post(f"/manage/grants/{grant.id}/end", data=reason).status_code == 303
    assert officer.post(f"/manage/accounts/{surplus.id}/state", data=reason).status_code == 303
    acts = {(row.act, row.reason) for row in history("account", surplus.id)}
    assert {("account.end_grant", reason["reason"]), ("account.close", reason["reason"])} <= acts
    assert "担任互斥的角色" not in officer.get(PAGE).text + officer.get("/desk").text
    # What the kept account holds stands; the closed one comes in no more, and is opened again by somebody else alone.
    assert [g.role for g in service.active_grants(kept.id, now())] == ["administrator"]
    assert cast.sign_in(officer.application.test_client(), surplus).get("/desk").status_code in (302, 303)
    cast.sign_in(officer, cast.account("clerk", "union", cast.county.id))
    assert officer.post(f"/manage/accounts/{surplus.id}/state", data=reason).status_code == 403
