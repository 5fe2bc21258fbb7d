"""Two tablets and the chief judge's board in real browsers: what tablets hold and send shows without a reload."""

import pytest
from playwright.sync_api import Browser, Page, expect

from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.judging import queries, service
from tests.cast import Cast
from tests.core.test_kept_in_browser import sign_in, with_password
from tests.judging.hall import Hall

pytestmark = pytest.mark.browser


@pytest.fixture
def chief(hall: Hall, cast: Cast, browser: Browser) -> Page:
    """The chief judge, looking at the board."""
    login = with_password(cast.account("chief_judge", "contest", hall.round.contest_id, "测试裁判长"))
    page = browser.new_context().new_page()
    page.goto(f"{hall.live.address}/sign-in")
    sign_in(page, login)
    page.goto(address(hall))
    return page


def address(hall: Hall) -> str:
    return f"{hall.live.address}/manage/contests/{hall.round.contest_id}/judging/rounds/{hall.round.id}"


def other(hall: Hall, browser: Browser) -> Hall:
    """The tablet of the second seat."""
    card = service.make_cards([queries.seats_of_round(hall.round.id)[1].id], actor=SYSTEM, at=now())[0]
    context = browser.new_context(viewport={"width": 1180, "height": 820}, has_touch=True)
    return Hall(hall.live, hall.round, hall.works, card, context.new_page(), context)


def test_the_board_follows_two_tablets(hall: Hall, chief: Page, browser: Browser) -> None:
    first, second = (chief.locator(f"[data-work='{hall.works[0].id}'] .board-cell").nth(n) for n in (0, 1))
    expect(first).to_have_text("○ 未评分")
    hall.open()
    hall.choose(0)
    hall.mark("20", "19.5")
    expect(first).to_have_text("◐ 2/5")
    # The other one gets nothing through; it says so, and the board knows what is only there.
    tablet = other(hall, browser)
    tablet.open()
    tablet.page.route("**/api/judging/events", lambda route: route.abort())
    tablet.choose(0)
    tablet.mark("20")
    expect(second).to_have_text("◌ 平板上 2 项")
    expect(chief.locator("[data-seat='2']")).to_contain_text("待上传 2")
    expect(chief.locator("[data-missing]")).to_contain_text("2 号裁判的平板：还有 2 项未上传")
    tablet.page.unroute("**/api/judging/events")
    expect(second).to_have_text("◐ 1/5")
    tablet.context.close()


def test_a_tablet_speaks_for_the_seat_that_it_had_before(hall: Hall, chief: Page) -> None:
    """Another judge takes the seat on the same tablet: the close of the round need not wait for the one before."""
    hall.open()
    hall.choose(0)
    hall.mark("20")
    expect(hall.page.get_by_text("服务器已收到")).to_be_visible()
    seat = hall.card.seat.id
    service.seat_judge(seat, name="测试替补", employer="测试单位", actor=SYSTEM, at=now())
    card = service.make_cards([seat], actor=SYSTEM, at=now())[0]
    hall.page.goto("about:blank")
    hall.page.goto(f"{hall.live.address}/judge/open#{card.token}")
    expect(hall.page.get_by_role("heading", name="请输入 PIN")).to_be_visible()
    hall.type(card.pin)
    expect(hall.page.get_by_text("已提交 0 件，共 2 件")).to_be_visible()
    chief.goto(f"{address(hall)}/closing")
    for _try in range(40):
        if "已全部上传" in chief.locator("main").inner_text():
            break
        chief.wait_for_timeout(1000)
        chief.reload()
    assert chief.locator(".closing-seat").first.inner_text().count("全部收到") == 2
