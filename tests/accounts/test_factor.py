"""The second factor: set up by its owner, asked for at every way in, replaced by a recovery code once."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.accounts import service, service_factor, service_own, service_reset, service_staff
from competition.accounts.hashing import hash_password
from competition.accounts.models import Account, RecoveryCode
from competition.accounts.queries import live_sign_ins
from competition.accounts.rules_totp import plain_code, step_of
from competition.accounts.service import SecondFactor
from competition.core import approvals, audit
from competition.core.actors import SYSTEM, Actor
from competition.core.clock import now
from competition.core.database import db, find, get
from competition.core.errors import RuleBroken
from competition.notices.models import Message
from tests.cast import AT, Cast

GOOD = "gaoshan-maitian-23"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def figures(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


@pytest.mark.parametrize(("shift", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_of_the_neighbouring_step_is_tolerated(shift: int, fits: bool) -> None:
    code = figures(SECRET, AT + timedelta(seconds=30 * shift))
    assert (step_of(SECRET, code, AT, 0) is not None) is fits


def test_a_used_step_is_dead() -> None:
    step = step_of(SECRET, figures(SECRET, AT), AT, 0)
    assert step is not None
    assert step_of(SECRET, figures(SECRET, AT), AT, step) is None


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "１２３４５６", "123-456"])
def test_what_is_typed_is_made_plain_once(typed: str) -> None:
    assert plain_code(typed) == "123456"


def worker(cast: Cast) -> tuple[Account, Actor]:
    account = cast.account("clerk", "union", cast.county.id)
    service.set_password(account.id, hash_password(GOOD), actor=SYSTEM, at=AT)
    return account, Actor("account", account.id, name=account.display_name)


def switch_on(account: Account, actor: Actor, at: datetime = AT) -> tuple[str, list[str]]:
    secret = service_factor.prepare(account.id, GOOD, actor=actor, at=at)
    row, _token = service.open_session(account.id, device="x", at=at)
    return secret, service_factor.confirm(account.id, figures(secret, at), keep=row.id, actor=actor, at=at)


def second(account: Account, code: str, at: datetime) -> object:
    version = get(Account, account.id).password_version
    return service_factor.finish_sign_in(account.id, version, code, device="x", at=at)


def test_setting_it_up_needs_the_right_figures_and_ends_other_sign_ins(any_cast: Cast) -> None:
    account, actor = worker(any_cast)
    service.open_session(account.id, device="别处", at=AT)
    with pytest.raises(RuleBroken, match="密码不正确"):
        service_factor.prepare(account.id, "wrong-password", actor=actor, at=AT)
    assert get(Account, account.id).totp_sealed is None
    waited = service_factor.prepare(account.id, GOOD, actor=actor, at=AT)
    secret = service_factor.prepare(account.id, GOOD, actor=actor, at=AT)
    assert secret != waited
    assert secret not in str(vars(get(Account, account.id)))
    row, _token = service.open_session(account.id, device="x", at=AT)
    with pytest.raises(RuleBroken, match="验证码不对"):
        service_factor.confirm(account.id, "000000", keep=row.id, actor=actor, at=AT)
    assert service.sign_in(account.login, GOOD, device="x", at=AT)
    codes = service_factor.confirm(account.id, figures(secret, AT), keep=row.id, actor=actor, at=AT)
    assert len(set(codes)) == 10
    assert [r.id for r in live_sign_ins(account.id, AT)] == [row.id]
    with pytest.raises(RuleBroken, match="已经启用"):
        service_factor.prepare(account.id, GOOD, actor=actor, at=AT)
    kept = db.session.scalars(select(RecoveryCode.code_hash)).all()
    assert not {code.replace("-", "") for code in codes} & set(kept)
    assert audit.history("account", account.id)[0].act == "account.factor_on"


def test_the_password_alone_opens_nothing_and_a_code_works_once(any_cast: Cast) -> None:
    account, actor = worker(any_cast)
    secret, _codes = switch_on(account, actor)
    later = AT + timedelta(minutes=2)
    with pytest.raises(SecondFactor):
        service.sign_in(account.login, GOOD, device="x", at=later)
    assert second(account, figures(secret, later), later)
    with pytest.raises(RuleBroken, match="已用过"):
        second(account, figures(secret, later), later)


def test_a_recovery_code_works_once_and_in_any_writing(any_cast: Cast) -> None:
    account, actor = worker(any_cast)
    _secret, codes = switch_on(account, actor)
    assert second(account, f" {codes[0].upper()} ", AT)
    with pytest.raises(RuleBroken, match="已用过"):
        second(account, codes[0], AT)
    assert service_factor.count_recovery_codes(account.id) == 9
    assert "account.recovery_code_used" in [r.act for r in audit.history("account", account.id)]


def test_wrong_codes_lock_like_wrong_passwords_and_the_password_forgives_nothing(any_cast: Cast) -> None:
    account, actor = worker(any_cast)
    secret, _codes = switch_on(account, actor)
    later = AT + timedelta(minutes=2)
    for _ in range(5):
        with pytest.raises(SecondFactor):
            service.sign_in(account.login, GOOD, device="x", at=later)
        with pytest.raises(RuleBroken):
            second(account, "000000", later)
    assert get(Account, account.id).locked_until == later + timedelta(minutes=1)
    with pytest.raises(RuleBroken):
        second(account, figures(secret, later), later)
    with pytest.raises(RuleBroken, match="不正确"):
        service.sign_in(account.login, GOOD, device="x", at=later)


def test_a_second_step_of_an_older_password_is_dead(any_cast: Cast) -> None:
    account, actor = worker(any_cast)
    secret, _codes = switch_on(account, actor)
    old, later = get(Account, account.id).password_version, AT + timedelta(minutes=2)
    service.set_password(account.id, hash_password(GOOD), actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="不对"):
        service_factor.finish_sign_in(account.id, old, figures(secret, later), device="x", at=later)


def test_switching_it_off_needs_password_and_code(any_cast: Cast) -> None:
    account, actor = worker(any_cast)
    secret, _codes = switch_on(account, actor)
    later = AT + timedelta(minutes=2)
    with pytest.raises(RuleBroken, match="密码不正确"):
        service_factor.take_away(account.id, "wrong-password", figures(secret, later), actor=actor, at=later)
    with pytest.raises(RuleBroken, match="验证码不对"):
        service_factor.take_away(account.id, GOOD, "000000", actor=actor, at=later)
    service_factor.take_away(account.id, GOOD, figures(secret, later), actor=actor, at=later)
    assert service.sign_in(account.login, GOOD, device="x", at=later)
    assert service_factor.count_recovery_codes(account.id) == 0


def test_a_link_alone_does_not_pass_the_second_factor(any_cast: Cast) -> None:
    account, actor = worker(any_cast)
    switch_on(account, actor)
    token = service_staff.renew_link(account.id, actor=SYSTEM, at=AT)
    with pytest.raises(SecondFactor):
        service_own.set_password_by_link(token, "hetao-liuxing-41", device="x", at=AT)


@pytest.mark.parametrize("factor", [True, False])
def test_two_people_take_it_away_only_when_they_say_so(any_cast: Cast, factor: bool) -> None:
    account, actor = worker(any_cast)
    switch_on(account, actor)
    request = service_reset.ask_reset(account.id, "手机丢失", factor=factor, actor=any_cast.actor("administrator"), at=AT)
    assert ("两步验证" in request.summary) is factor
    approvals.decide(request.id, approve=True, actor=any_cast.actor("security_officer"), at=AT)
    assert (get(Account, account.id).totp_since is None) is factor


def test_the_whole_way_in_a_browser(client: FlaskClient, cast: Cast, app: Flask) -> None:
    account, _actor = worker(cast)
    login, page = account.login, "/account/second-factor"
    client.post("/sign-in", data={"login": login, "password": GOOD})
    assert "开始设置" in client.get(page).text
    assert client.post(page, data={"code": "000000"}).status_code == 409
    assert client.post(page + "/begin", data={"password": "wrong-password"}).status_code == 422
    assert client.post(page + "/begin", data={"password": GOOD}).location == page
    shown = client.get(page).text
    found = re.search(r'data-copy="([A-Z2-7]{32})"', shown)
    assert found is not None
    assert "<svg" in shown
    assert client.post(page, data={"code": "000000"}).status_code == 422
    with client.session_transaction() as session:
        session["factor"] = int(now().timestamp()) - 1
    assert found.group(1) not in client.get(page).text, "whoever comes later to an open browser"
    client.post(page + "/begin", data={"password": GOOD})
    found = re.search(r'data-copy="([A-Z2-7]{32})"', client.get(page).text)
    assert found is not None
    codes = re.findall(r'<li class="code">(\S+)</li>', client.post(page, data={"code": figures(found.group(1), now())}).text)
    assert len(codes) == 10
    assert codes[0] not in client.get(page).text
    assert found.group(1) not in client.get(page).text
    other = app.test_client()
    assert other.get("/sign-in/code").location == "/sign-in"
    answer = other.post("/sign-in", data={"login": login, "password": GOOD, "next": "/account"})
    assert answer.location == "/sign-in/code?next=/account"
    assert other.get("/account").status_code == 303
    assert "恢复码" in other.get(answer.location).text
    assert other.post("/sign-in/code", data={"code": "000000"}).status_code == 422
    assert other.post("/sign-in/code", data={"code": codes[0], "next": "/account"}).location == "/account"
    assert other.get("/account").status_code == 200
    assert client.post(page + "/off", data={"password": GOOD, "code": "000000"}).status_code == 422
    assert client.post(page + "/recovery", data={"password": "wrong-password", "code": codes[1]}).status_code == 422
    fresh = re.findall(r'<li class="code">(\S+)</li>', client.post(page + "/recovery", data={"password": GOOD, "code": codes[1]}).text)
    assert client.post(page + "/off", data={"password": GOOD, "code": codes[2]}).status_code == 422
    assert client.post(page + "/off", data={"password": GOOD, "code": fresh[0]}).location == page
    assert "开始设置" in client.get(page).text
    client.post(page + "/begin", data={"password": GOOD})
    assert client.post("/account/sign-ins/end-others").status_code == 303
    assert other.get("/account").status_code == 303


def test_its_owner_is_told_whenever_it_changes(any_cast: Cast) -> None:
    account, actor = worker(any_cast)
    secret, codes = switch_on(account, actor)
    later = AT + timedelta(minutes=2)
    fresh = service_factor.renew_recovery_codes(account.id, GOOD, figures(secret, later), actor=actor, at=later)
    assert set(fresh).isdisjoint(codes)
    with pytest.raises(RuleBroken, match="密码不正确"):
        service_factor.renew_recovery_codes(account.id, "wrong-password", fresh[0], actor=actor, at=later)
    second(account, fresh[0], later)
    service_factor.take_away(account.id, GOOD, fresh[1], actor=actor, at=later)
    assert get(Account, account.id).totp_since is None
    titles = db.session.scalars(select(Message.title).where(Message.account_id == account.id)).all()
    assert sorted(titles) == sorted(["两步验证已启用", "恢复码已重新生成", *["您的一个恢复码已使用"] * 2, "两步验证已停用"])


def test_where_it_is_required_working_accounts_set_it_up_first(client: FlaskClient, cast: Cast, app: Flask) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, second_factor="required")
    try:
        cast.sign_in(client, cast.account("organizer"))
        assert client.get("/desk").location == "/account/second-factor"
        assert "必须启用" in client.get("/account/second-factor").text
        cast.sign_in(client, cast.account("contestant"))
        assert client.get("/my/entries").status_code == 200
    finally:
        app.extensions["settings"] = settings
    assert find(RecoveryCode) is None
