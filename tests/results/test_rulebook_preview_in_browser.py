"""In a real browser: one person edits, sees what it does and asks; another account sees the same list and approves; figures change."""

import uuid

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from competition.contests.queries import current_rulebook
from competition.core.database import db
from competition.results.gathering import compute
from tests.builders import judged_contest, run_apart
from tests.cast import Cast
from tests.core.test_kept_in_browser import sign_in, with_password
from tests.live import Live

pytestmark = pytest.mark.browser


def figures(contest_id: uuid.UUID) -> dict[str, str]:
    """As they are now: what the server did is not in what the test has read."""
    db.session.rollback()
    db.session.expire_all()
    return {row.entry: str(row.value) for row in compute(contest_id).rows("event:basic")}


def signed_in(browser: Browser, live: Live, login: str) -> Page:
    page = browser.new_context().new_page()
    page.goto(f"{live.address}/sign-in")
    sign_in(page, login)
    return page


def listed(page: Page) -> list[list[str]]:
    """The lines of the list: who, in which ranking, what of it."""
    table = page.locator("main table").nth(1)
    table.wait_for()
    page.wait_for_load_state()
    return [row.locator("th, td:nth-child(2), td:nth-child(3)").all_inner_texts() for row in table.locator("tbody tr").all()]


def test_two_people_see_the_same_list_and_then_figures_change(app: Flask, cast: Cast, live: Live, browser: Browser) -> None:
    contest_id = judged_contest(cast, 4, events=("theory", "basic")).id
    first = with_password(cast.account("organizer", "contest", contest_id, "测试组委会甲"))
    second = with_password(cast.account("supervisor", "contest", contest_id, "测试监督乙"))
    before, number = figures(contest_id), current_rulebook(contest_id).number
    base = f"{live.address}/manage/contests/{contest_id}/rulebook"

    page = signed_in(browser, live, first)
    page.goto(f"{base}/edit?at=events/basic/@judging")
    page.get_by_label("几位裁判的分怎样合成").first.select_option("median")
    page.get_by_role("button", name="存入草稿").click()
    page.get_by_role("link", name="查看改动的影响").click()
    page.get_by_label("理由").fill("公布的合成方法有误")
    page.get_by_role("main").get_by_role("button", name="查看改动的影响").click()
    expect(page.get_by_text("还没有提出申请")).to_be_visible()
    run_apart(uuid.UUID(page.url.rpartition("/")[2]))
    page.get_by_role("link", name="查看影响清单").click()
    seen = listed(page)
    assert len(seen) == 4
    assert all("成绩" in line[2] for line in seen)
    page.get_by_role("button", name="申请修改，由另一人批准").click()
    expect(page.get_by_text("已提出修改申请")).to_be_visible()
    request = page.url
    expect(page.get_by_role("button", name="批准并办理")).to_have_count(0)
    assert figures(contest_id) == before

    page = signed_in(browser, live, second)
    page.goto(request)
    page.get_by_role("link", name="这项改动的影响").click()
    assert listed(page) == seen
    page.get_by_role("link", name="去审批").click()
    page.get_by_role("button", name="批准并办理").click()
    expect(page.get_by_text("已批准").first).to_be_visible()
    after = figures(contest_id)
    assert current_rulebook(contest_id).number == number + 1
    assert after.keys() == before.keys()
    assert all(after[who] != before[who] for who in before)
    page.goto(f"{base}/versions/{number + 1}")
    page.get_by_role("link", name="查看当时两人看过的影响清单").click()
    assert listed(page) == seen
