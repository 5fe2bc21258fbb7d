"""In a real browser, with scripts and without: the sign-in ends while somebody types; he signs in again and finds his words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from competition.accounts import service as accounts
from competition.accounts.hashing import hash_password
from competition.accounts.models import Account, SignIn
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic, db
from competition.notices.models import Notice
from competition.registration import service
from tests.builders import entry_data, make_contest
from tests.cast import PASSWORD, Cast
from tests.live import Live

pytestmark = pytest.mark.browser
LONG = "第一段：写了很久。\n第二段 <带符号> & “引号”。"


@dataclass
class Case:
    """Who fills in which form, how, and what must be there afterwards."""

    login: str
    path: str
    button: str
    fill: Callable[[Page], None]
    check: Callable[[Page], None]


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Does the browser run scripts?"""
    return bool(request.param)


@pytest.fixture
def page(scripts: bool, app: Flask, browser: Browser) -> Iterator[Page]:
    """A tab in front of an application that protects its forms."""
    app.config["WTF_CSRF_ENABLED"] = True
    context = browser.new_context(java_script_enabled=scripts)
    yield context.new_page()
    context.close()
    app.config["WTF_CSRF_ENABLED"] = False


def with_password(account: Account) -> str:
    """The login of an account that can sign in by its password."""
    accounts.set_password(account.id, hash_password(PASSWORD), actor=SYSTEM, at=now())
    return account.login


def sign_in(page: Page, login: str) -> None:
    page.get_by_label("手机号或登录名").fill(login)
    page.get_by_label("密码", exact=False).first.fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="登录").click()


def end_sign_ins() -> None:
    with atomic() as session:
        session.execute(update(SignIn).values(ended_at=now()))


def notice(cast: Cast) -> Case:
    def fill(page: Page) -> None:
        page.get_by_label("标题").fill("关于时间的公告")
        page.get_by_label("正文").fill(LONG)

    def check(page: Page) -> None:
        expect(page.get_by_label("标题")).to_have_value("关于时间的公告")
        expect(page.get_by_label("正文")).to_have_value(LONG)

    return Case(with_password(cast.account("organizer")), "/manage/notices/new", "保存草稿", fill, check)


def review(cast: Cast) -> Case:
    contest = make_contest(cast)
    entry = service.submit_entry(contest.id, entry_data(contest), actor=cast.actor("contestant"), at=cast.at)

    def fill(page: Page) -> None:
        page.get_by_label("退回修改").check()
        page.get_by_label("理由", exact=True).fill(LONG)

    def check(page: Page) -> None:
        expect(page.get_by_label("退回修改")).to_be_checked()
        expect(page.get_by_label("理由", exact=True)).to_have_value(LONG)

    return Case(with_password(cast.account("clerk", "union", cast.county.id)),
                f"/manage/contests/{contest.id}/registration/entries/{entry.id}", "提交审核意见", fill, check)


def entry(cast: Cast) -> Case:
    contest = make_contest(cast)

    def fill(page: Page) -> None:
        page.get_by_label("姓名", exact=False).first.fill("测试·阿依")
        page.get_by_label("证件号码").fill("990000199001010018")

    def check(page: Page) -> None:
        expect(page.get_by_label("姓名", exact=False).first).to_have_value("测试·阿依")
        expect(page.get_by_label("证件号码")).to_have_value("990000199001010018")

    return Case(with_password(cast.account("contestant")), f"/contests/{contest.id}/entry/person", "下一步：工作信息", fill, check)


@pytest.mark.parametrize("make", [notice, review, entry])
def test_what_was_typed_is_there_after_signing_in_again(
    app: Flask, live: Live, cast: Cast, page: Page, scripts: bool, make: Callable[[Cast], Case],
) -> None:
    case = make(cast)
    page.goto(f"{live.address}/sign-in")
    sign_in(page, case.login)
    page.goto(live.address + case.path)
    case.fill(page)
    end_sign_ins()
    page.get_by_role("button", name=case.button).click()
    expect(page.get_by_text("登录已过期，刚才的内容还没有提交")).to_be_visible()
    assert "测试" not in page.url
    assert "关于" not in page.url
    sign_in(page, case.login)
    if not scripts:  # with scripts the page goes on by itself
        page.get_by_role("button", name="回到刚才的表单").click()
    expect(page.get_by_text("您刚才填写的内容都在，还没有提交")).to_be_visible()
    case.check(page)
    db.session.rollback()
    assert db.session.query(Notice).count() == 0
    page.get_by_role("button", name=case.button).click()
    expect(page.get_by_text("您刚才填写的内容都在")).not_to_be_visible()
    expect(page.get_by_text("登录已过期")).not_to_be_visible()


def test_a_form_of_an_older_session_comes_back_filled_in(app: Flask, live: Live, cast: Cast, page: Page, scripts: bool) -> None:
    case = notice(cast)
    page.goto(f"{live.address}/sign-in")
    sign_in(page, case.login)
    page.goto(live.address + case.path)
    case.fill(page)
    other = page.context.new_page()
    other.goto(f"{live.address}/account")
    other.context.request.get(f"{live.address}/account")
    other.locator("summary").filter(has=other.locator(".menu-name")).click()
    other.get_by_role("button", name="退出登录").click()
    sign_in(other, case.login)
    page.get_by_role("button", name=case.button).click()
    if not scripts:  # with scripts the page goes on by itself
        page.get_by_role("button", name="回到刚才的表单").click()
    case.check(page)
    page.get_by_role("button", name=case.button).click()
    expect(page.get_by_text("草稿已保存")).to_be_visible()
