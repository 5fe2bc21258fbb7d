"""A judge who lies apart hears of it on the own tablet alone, and answers there; without a network too."""

import pytest
from playwright.sync_api import expect

from competition.core.clock import now
from competition.core.database import db
from competition.judging import queries
from competition.judging.models import MarkEvent
from tests.judges import sit_down
from tests.judging.hall import Hall, look_again
from tests.judging.spreads import marks

pytestmark = pytest.mark.browser
KEEPS_TWO = """async () => {
  const { desk } = document.querySelector("judge-app");
  return (await desk.store.setting(desk.prompts.setting))?.length === 2;
}"""


def see_every_key(hall: Hall) -> None:
    """A lying tablet with a word above the sheet: no key is under the buttons at the bottom. And a comment outlives any way out."""
    hall.page.set_viewport_size({"width": 1180, "height": 820})
    expect(hall.page.locator(".jt-banner")).to_be_visible()
    keys, below = hall.page.locator(".jt-pad .jt-key").last.bounding_box(), hall.page.locator(".jt-bottom").bounding_box()
    assert keys is not None
    assert below is not None
    assert keys["y"] + keys["height"] <= below["y"]
    hall.page.locator(".jt-evidence-open").click()
    hall.page.get_by_label("备注（最多 500 字）").fill("汤面有浮油")
    hall.page.get_by_role("button", name="作品列表").click()
    hall.choose(1)
    expect(hall.page.locator(".jt-evidence-open")).to_contain_text("1")


def test_a_judge_is_asked_keeps_with_a_reason_and_marks_again(hall: Hall) -> None:
    others = [sit_down(seat, at=now()) for seat in queries.seats_of_round(hall.round.id)[1:]]
    for work in hall.works:
        for other in others:
            other.mark(work, marks("30"))
    hall.open()
    for number in (0, 1):
        hall.choose(number)
        hall.mark("20", "20", "10", "8", "4")
        hall.page.get_by_role("button", name="核对并提交").click()
        hall.page.get_by_role("button", name="提交本件评分").click()
        expect(hall.page.get_by_role("heading", name="已提交评分")).to_be_visible()
        hall.page.get_by_role("button", name="作品列表").click()
    expect(hall.page.get_by_text("有 2 处评分请您复核")).to_be_visible()
    hall.page.wait_for_function(KEEPS_TWO)
    hall.page.route("**/api/judging/*", lambda route: route.abort())
    hall.page.reload()
    hall.page.get_by_role("button", name="查看").click()
    cards = hall.page.locator(".jt-prompts > li")
    expect(cards.first).to_contain_text("滋味 10")
    cards.first.get_by_role("button", name="维持原分").click()
    hall.page.get_by_role("button", name="提交理由，维持原分").click()
    expect(hall.page.get_by_text("请写明理由。")).to_be_visible()
    hall.page.get_by_label("维持原分的理由").fill("测试：有异味")
    hall.page.get_by_role("button", name="作品列表").click()
    hall.page.get_by_role("button", name="查看").click()
    expect(hall.page.get_by_label("维持原分的理由")).to_have_value("测试：有异味")
    hall.page.get_by_role("button", name="提交理由，维持原分").click()
    expect(cards).to_have_count(1)
    cards.first.get_by_role("button", name="重新评分").click()
    see_every_key(hall)
    hall.page.locator(".jt-strip button", has_text="滋味").click()
    hall.type("29")
    hall.page.get_by_role("button", name="核对并提交").click()
    hall.page.get_by_role("button", name="提交本件评分").click()
    expect(hall.page.get_by_text("复核")).to_have_count(0)
    hall.page.unroute("**/api/judging/*")
    expect(hall.page.get_by_text("服务器已收到全部")).to_be_visible()
    look_again()
    kept = db.session.query(MarkEvent).filter_by(kind="keep").one()
    assert (kept.value, kept.work_id, kept.criterion) == ("测试：有异味", hall.works[0].id, "")
    sheet = queries.find_sheet(hall.card.seat.id, hall.works[1].id)
    assert sheet is not None
    assert (sheet.state, sheet.marks["taste/1"]["value"]) == ("handed_in", "29")
    tastes = db.session.query(MarkEvent.value).filter_by(work_id=hall.works[1].id, seat_id=hall.card.seat.id, criterion="taste")
    assert [row.value for row in tastes.order_by(MarkEvent.seq)][-2:] == ["2", "29"]
