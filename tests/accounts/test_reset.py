"""A new password for a working account: two people, a link handed over, never for oneself."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition.accounts import service, service_own, service_reset, service_staff
from competition.accounts.hashing import hash_password
from competition.accounts.models import Account
from competition.accounts.queries import live_sign_ins
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.approvals import Approval
from competition.core.clock import now
from competition.core.database import find, get
from competition.core.errors import Forbidden, RuleBroken
from tests.cast import AT, Cast

GOOD, NEW = "gaoshan-maitian-23", "hetao-liuxing-41"


def worker(cast: Cast) -> Account:
    account = cast.account("clerk", "union", cast.county.id)
    service.set_password(account.id, hash_password(GOOD), actor=SYSTEM, at=AT)
    return account


def ask(cast: Cast, account: Account) -> Approval:
    return service_reset.ask_reset(account.id, "本人说明忘记密码", actor=cast.actor("administrator"), at=AT)


def test_two_people_reset_and_the_link_works_once(any_cast: Cast) -> None:
    account, admin = worker(any_cast), any_cast.actor("administrator")
    service.open_session(account.id, device="旧手机", at=AT)
    old = service.make_link("password", account_id=account.id, at=AT, hours=72, actor=SYSTEM)
    request = ask(any_cast, account)
    assert service.sign_in(account.login, GOOD, device="x", at=AT)
    approvals.decide(request.id, approve=True, actor=any_cast.actor("security_officer"), at=AT)
    assert live_sign_ins(account.id, AT) == []
    with pytest.raises(RuleBroken, match="不正确"):
        service.sign_in(account.login, GOOD, device="x", at=AT)
    first, second = (service_staff.renew_link(account.id, actor=admin, at=AT) for _ in range(2))
    for dead in (old, first):
        with pytest.raises(RuleBroken, match="失效"):
            service_own.set_password_by_link(dead, NEW, device="x", at=AT)
    service_own.set_password_by_link(second, NEW, device="x", at=AT)
    assert service.sign_in(account.login, NEW, device="x", at=AT)
    with pytest.raises(RuleBroken, match="不能由一人重设"):
        service_staff.renew_link(account.id, actor=admin, at=AT)
    acts = [row.act for row in audit.history("account", account.id)]
    assert {"approval.ask", "approval.approve", "account.reset_password", "account.set_password"} <= set(acts)


def test_nobody_resets_himself_nor_decides_about_himself(any_cast: Cast) -> None:
    officer, admin = any_cast.account("security_officer"), any_cast.account("administrator")
    for account in (officer, admin):
        service.set_password(account.id, hash_password(GOOD), actor=SYSTEM, at=AT)
    with pytest.raises(Forbidden, match="不能给自己申请"):
        ask(any_cast, admin)
    request = ask(any_cast, officer)
    for actor, words in ((any_cast.actor("administrator"), "申请人不能"), (any_cast.actor("security_officer"), "本人账号")):
        with pytest.raises(Forbidden, match=words):
            approvals.decide(request.id, approve=True, actor=actor, at=AT)
    with pytest.raises(Forbidden, match="不能给自己生成"):
        service_staff.renew_link(admin.id, actor=any_cast.actor("administrator"), at=AT)
    assert service.sign_in(officer.login, GOOD, device="x", at=AT)


def test_what_needs_no_second_person_is_said_so(any_cast: Cast) -> None:
    member = any_cast.account("contestant", name="选手")
    with pytest.raises(RuleBroken, match="直接生成"):
        ask(any_cast, member)
    closed = worker(any_cast)
    service_staff.set_active(closed.id, False, "离岗", actor=any_cast.actor("administrator"), at=AT)
    with pytest.raises(RuleBroken, match="已停用"):
        ask(any_cast, closed)


def test_a_password_changed_meanwhile_stays(any_cast: Cast) -> None:
    account = worker(any_cast)
    request = ask(any_cast, account)
    service.set_password(account.id, hash_password(NEW), actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="已经改过密码"):
        approvals.decide(request.id, approve=True, actor=any_cast.actor("security_officer"), at=AT)
    assert service.sign_in(account.login, NEW, device="x", at=AT)
    assert get(Approval, request.id).state == "asked"


def test_an_expired_request_resets_nothing(any_cast: Cast) -> None:
    account = worker(any_cast)
    request = ask(any_cast, account)
    with pytest.raises(RuleBroken, match="过期"):
        approvals.decide(request.id, approve=True, actor=any_cast.actor("security_officer"), at=AT + timedelta(days=3))
    assert service.sign_in(account.login, GOOD, device="x", at=AT)


def test_the_whole_way_in_a_browser(client: FlaskClient, cast: Cast, app: Flask) -> None:
    account = worker(cast)
    page = f"/manage/accounts/{account.id}"
    cast.sign_in(client, cast.account("administrator"))
    assert "申请重设密码" in client.get(page).text
    assert client.post(page + "/reset", data={"reason": " "}).status_code == 422
    assert client.post(page + "/reset", data={"reason": "忘记密码"}).location == page
    assert client.post(page + "/reset", data={"reason": "忘记密码"}).status_code == 409
    assert "等待第二人批准" in client.get(page).text
    assert client.post(page + "/link").status_code == 409
    request = approvals.open_request(service_reset.RESET, account.id)
    assert request is not None
    officer = cast.sign_in(app.test_client(), cast.account("security_officer"))
    assert "全部登录立即失效" in officer.get(f"/approvals/{request.id}").text
    assert officer.post(f"/approvals/{request.id}/decide", data={"decision": "approve"}).status_code == 303
    assert officer.post(page + "/link").status_code == 403
    shown = client.post(page + "/link")
    assert "/invited/" in shown.text
    assert "<svg" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", ["security_officer", "auditor", "organizer", "clerk"])
def test_only_administrators_ask(client: FlaskClient, cast: Cast, role: str) -> None:
    target = cast.account("judge")
    cast.sign_in(client, cast.account(role))
    assert client.get(f"/manage/accounts/{target.id}/reset").status_code == 403
    assert client.post(f"/manage/accounts/{target.id}/reset", data={"reason": "x"}).status_code == 403
    assert find(Approval, kind=service_reset.RESET) is None
    assert now() > AT
