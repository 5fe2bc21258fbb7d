"""In a real browser: the sign-in ends while a clerk writes; what was written is there again afterwards."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from competition.accounts.models import Account, SignIn
from competition.accounts.service_own import end_sign_in
from competition.core.actors import Actor
from competition.core.database import db
from competition.registration import queries, service
from tests.builders import entry_data, make_contest
from tests.cast import Cast
from tests.live import Live

pytestmark = pytest.mark.browser
REASON = "单位名称请写营业执照上的全称，并补填工种。"


def cookies(app: Flask, cast: Cast, account: Account, address: str) -> list[dict[str, str]]:
    """What a browser holds after this account has signed in."""
    client = cast.sign_in(app.test_client(), account)
    return [{"name": cookie.key, "value": cookie.value, "url": address} for cookie in client._cookies.values()]


def end_sign_ins(account: Account, cast: Cast) -> None:
    for row in db.session.scalars(select(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))).all():
        end_sign_in(row.id, actor=Actor("account", account.id), at=cast.at)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_reason_survives_the_end_of_the_sign_in(app: Flask, live: Live, cast: Cast, browser: Browser, scripts: bool) -> None:
    contest = make_contest(cast)
    entry = service.submit_entry(contest.id, entry_data(contest), actor=cast.actor("contestant"), at=cast.at)
    clerk = cast.account("clerk", "union", cast.county.id)
    context = browser.new_context(java_script_enabled=scripts)
    try:
        context.add_cookies(cookies(app, cast, clerk, live.address))  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{live.address}/manage/contests/{contest.id}/registration/entries/{entry.id}")
        page.get_by_label("退回修改").check()
        page.get_by_label("理由", exact=True).fill(REASON)
        end_sign_ins(clerk, cast)
        page.get_by_role("button", name="提交审核意见").click()
        expect(page.get_by_text("登录已过期")).to_be_visible()
        context.clear_cookies()
        context.add_cookies(cookies(app, cast, clerk, live.address))  # type: ignore[arg-type]
        page.go_back()
        expect(page.get_by_label("理由", exact=True)).to_have_value(REASON)
        page.get_by_role("button", name="提交审核意见").click()
        expect(page.get_by_text("已办理")).to_be_visible()
    finally:
        context.close()
    db.session.rollback()
    db.session.expire_all()
    assert queries.get_entry(entry.id).return_reason == REASON
