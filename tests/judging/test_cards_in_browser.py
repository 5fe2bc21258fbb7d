"""Seat cards are saved, and the page shows at once that they were made."""

import pytest
from playwright.sync_api import Browser, expect

from competition.accounts import service as accounts
from competition.accounts.hashing import hash_password
from competition.core.actors import SYSTEM
from competition.core.clock import now
from tests.builders import make_contest
from tests.cast import PASSWORD, Cast
from tests.judges import make_panel, round_of, works
from tests.live import Live

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_the_page_knows_the_cards_that_were_just_made(browser: Browser, live: Live, cast: Cast, scripts: bool) -> None:
    contest = make_contest(cast)
    round_ = round_of(contest, "broth")
    works(round_, 2, at=cast.at)
    make_panel(round_, 3, at=cast.at)
    chief = cast.account("chief_judge", "contest", contest.id)
    accounts.set_password(chief.id, hash_password(PASSWORD), actor=SYSTEM, at=now())
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{live.address}/sign-in?next=/manage/contests/{contest.id}/judging/panels")
    page.get_by_label("手机号或登录名").fill(chief.login.removeprefix("phone:"))
    page.get_by_label("密码", exact=False).first.fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="登录").click()
    page.goto(f"{live.address}/manage/contests/{contest.id}/judging/panels")
    button = page.get_by_role("button", name="制作全部座位卡（PDF）")
    with page.expect_download() as waiting:
        button.click()
    assert waiting.value.suggested_filename == "seat-cards.pdf"
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    if scripts:
        expect(page.get_by_text("已制作 3 张座位卡")).to_be_visible()
    else:
        button.click()
        expect(page.get_by_text("没有再次制作")).to_be_visible()
    expect(page.get_by_text("未制作")).to_have_count(0)
    expect(page.locator("summary").filter(has_text="重新制作全部座位卡")).to_be_visible()
    context.close()
