"""A screen as spectators see it: paired at the desk, switched, late when the server is gone."""

import pytest
from playwright.sync_api import Browser, expect

from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.displays import rules, service
from tests.builders import judged_contest
from tests.cast import Cast
from tests.judges import round_of
from tests.judging.hall import look_again
from tests.live import Live

pytestmark = pytest.mark.browser


def test_a_screen_shows_its_number_then_what_the_desk_gives_it(live: Live, cast: Cast, browser: Browser) -> None:
    contest = judged_contest(cast, 3, events=("basic",), seats=3)
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{live.address}/display/of-somebody#123456")
    expect(page.get_by_text("本屏还没有登记")).to_be_visible()
    expect(page.get_by_text("123 456")).to_have_count(0)
    page.goto(f"{live.address}/display/")
    code = page.locator(".screen-code")
    expect(code).to_be_visible()
    look_again()
    by = {"actor": SYSTEM, "at": now()}
    display = service.pair(contest.id, code=code.inner_text(), name="测试大屏", language="zh_Hans_CN", **by)
    service.call_batch(contest.id, round_id=round_of(contest, "basic").id, batch=1, with_numbers=False, **by)
    service.assign(display.id, page=rules.NOW, sentence="", **by)
    expect(page.locator(".screen-tiles li")).to_have_count(3)
    look_again()
    # A number is missing: the screen has missed something, and begins again from nothing.
    said = page.request.get(f"{page.url}/picture.json").json()
    with page.expect_event("load"):
        page.route("**/picture.json", lambda route: route.fulfill(json={**said, "seq": said["seq"] + 2}))
    page.unroute("**/picture.json")
    service.assign(display.id, page=rules.SENTENCE, sentence="请观众就座", **by)
    expect(page.locator(".screen-sentence")).to_have_text("请观众就座")
    assert page.evaluate("document.documentElement.scrollWidth <= 1920 && document.documentElement.scrollHeight <= 1080")
    context.close()
    assert not faults
