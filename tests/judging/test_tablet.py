"""The tablet's page in a real browser: what was tapped is what the server holds, whatever the network did."""

import re

import pytest
from playwright.sync_api import Browser, Route, expect

from competition.arena.work_queries import list_works
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic, db
from competition.judging import queries, queries_seats, service
from competition.judging.models import DeviceReport
from tests.judging.hall import Hall, look_again

pytestmark = pytest.mark.browser
SIZES = {"lying": (1180, 820), "standing": (820, 1180), "phone": (390, 844)}


def test_marks_made_without_network_arrive_once_and_in_order(hall: Hall) -> None:
    hall.open()
    hall.choose(0)
    hall.mark("20", "19.5")
    expect(hall.page.get_by_text("服务器已收到全部 5 次改动")).to_be_visible()
    hall.context.set_offline(True)
    hall.mark("30", "8")
    expect(hall.page.get_by_text("已保存到本机")).to_be_visible()
    expect(hall.page.get_by_text("离线")).to_be_visible()
    expect(hall.page.get_by_text("待上传 3 项")).to_be_visible()
    assert hall.held() == "aroma/1=19.5;clarity/1=20"
    hall.mark("5")
    hall.page.get_by_role("button", name="核对并提交").click()
    hall.page.get_by_role("button", name="提交本件评分").click()
    expect(hall.page.get_by_role("heading", name="已提交，等待上传")).to_be_visible()
    hall.context.set_offline(False)
    expect(hall.page.get_by_role("heading", name="已提交评分")).to_be_visible()
    expect(hall.page.get_by_text("核对码")).to_be_visible()
    assert hall.held() == "amount/1=8;aroma/1=19.5;clarity/1=20;hygiene/1=5;taste/1=30"
    assert hall.sent() == ["2", "20", "1", "19", "19.5", "3", "30", "8", "5", hall.held()]


def test_a_reload_while_the_server_is_away_loses_nothing(hall: Hall) -> None:
    hall.open()
    hall.choose(0)
    hall.mark("20")
    expect(hall.page.get_by_text("服务器已收到全部 2 次改动")).to_be_visible()
    hall.page.route("**/api/judging/*", lambda route: route.abort())
    hall.mark("20", "30")
    expect(hall.page.get_by_text("待上传 4 项")).to_be_visible()
    hall.page.reload()
    hall.choose(0)
    assert hall.page.locator(".jt-total b").inner_text() == "70"
    hall.page.unroute("**/api/judging/*")
    expect(hall.page.get_by_text("服务器已收到全部 6 次改动")).to_be_visible()
    assert hall.sent() == ["2", "20", "2", "20", "3", "30"]


def test_an_answer_that_is_lost_does_not_double_the_mark(hall: Hall) -> None:
    hall.open()
    hall.choose(0)
    lost = iter([True, True])

    def swallow(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort() if next(lost, False) else route.continue_()  # type: ignore[attr-defined]

    hall.page.route("**/api/judging/events", swallow)
    hall.mark("20", "20")
    expect(hall.page.get_by_text("服务器已收到全部 4 次改动")).to_be_visible()
    assert hall.sent() == ["2", "20", "2", "20"]


def test_what_is_no_mark_does_not_count_and_can_be_undone(hall: Hall) -> None:
    hall.open()
    hall.choose(0)
    hall.type("26")
    expect(hall.page.get_by_text("超过最高分 25，没有记录。")).to_be_visible()
    expect(hall.page.get_by_text("服务器已收到全部 2 次改动")).to_be_visible()
    assert hall.held() == ""
    hall.page.get_by_role("button", name="清空").click()
    hall.type("12.5")
    hall.page.get_by_role("button", name="下一项").click()
    hall.page.get_by_role("button", name="清澈").click()
    hall.type("9")
    hall.page.get_by_role("button", name="撤销，恢复为 12.5").click()
    expect(hall.page.locator(".jt-value b")).to_have_text("12.5")
    hall.page.get_by_role("button", name="加 0.5 分").click()
    expect(hall.page.locator(".jt-value b")).to_have_text("13")
    expect(hall.page.get_by_text("服务器已收到全部 8 次改动")).to_be_visible()
    assert hall.held() == "clarity/1=13"


def test_a_sheet_sent_back_comes_to_the_tablet_with_the_reason(hall: Hall) -> None:
    hall.open()
    hall.choose(0)
    hall.mark("20", "20", "30", "8", "4")
    hall.page.get_by_role("button", name="核对并提交").click()
    hall.page.get_by_role("button", name="提交本件评分").click()
    expect(hall.page.get_by_role("heading", name="已提交评分")).to_be_visible()
    look_again()
    sheet = queries.find_sheet(hall.card.seat.id, hall.works[0].id)
    assert sheet is not None
    service.send_back(sheet.id, reason="测试：请核对滋味", actor=SYSTEM, at=now())
    expect(hall.page.get_by_text("裁判长退回：测试：请核对滋味")).to_be_visible()
    hall.page.get_by_role("button", name="滋味").click()
    hall.type("31")
    hall.page.get_by_role("button", name="核对并提交").click()
    hall.page.get_by_role("button", name="提交本件评分").click()
    expect(hall.page.get_by_role("heading", name="已提交评分")).to_be_visible()
    assert "taste/1=31" in hall.held()


def test_an_answer_that_comes_late_does_not_hide_that_the_sheet_was_sent_back(hall: Hall) -> None:
    hall.open()
    hall.choose(0)
    hall.mark("20", "20", "30", "8", "4")
    expect(hall.page.get_by_text("服务器已收到全部 8 次改动")).to_be_visible()
    hall.page.route("**/api/judging/events", lambda route: (route.fetch(), route.abort()))
    hall.page.get_by_role("button", name="核对并提交").click()
    with hall.page.expect_event("requestfailed"):
        hall.page.get_by_role("button", name="提交本件评分").click()
    look_again()
    sheet = queries.find_sheet(hall.card.seat.id, hall.works[0].id)
    assert sheet is not None
    assert sheet.state == "handed_in"
    with hall.page.expect_response(lambda answer: answer.url.endswith("/state")):
        service.send_back(sheet.id, reason="测试：请核对滋味", actor=SYSTEM, at=now())
    hall.page.unroute("**/api/judging/events")
    expect(hall.page.get_by_text("裁判长退回：测试：请核对滋味")).to_be_visible()
    expect(hall.page.get_by_text("服务器已收到全部 9 次改动")).to_be_visible()


def test_what_the_server_fails_over_holds_back_its_own_sheet_alone(hall: Hall) -> None:
    page, first = hall.page, hall.works[0]
    hall.open()

    def fail(route: Route) -> None:
        sent = route.request.post_data_json["events"]
        if any((one["work"], one["value"]) == (str(first.id), "20") for one in sent):
            route.fulfill(status=500, content_type="application/json", body="{}")
        else:
            route.continue_()

    page.route("**/api/judging/events", fail)
    hall.choose(0)
    hall.mark("20", "19")
    page.get_by_role("button", name="作品列表").click()
    hall.choose(1)
    hall.mark("7", "8")
    told = f"作品 {first.code} 有内容服务器处理不了：3 项先留在本机"
    expect(page.get_by_role("alert")).to_contain_text(told)
    expect(page.get_by_text("正在上传 3 项")).to_be_visible()
    assert hall.sent() == ["2", "7", "8"]
    page.unroute("**/api/judging/events")
    expect(page.get_by_text("服务器已收到全部 6 次改动")).to_be_visible()
    expect(page.get_by_text("有内容服务器处理不了")).to_have_count(0)
    assert hall.sent() == ["2", "7", "8", "20", "1", "19"]


def test_a_second_tap_on_handing_in_is_no_fault(hall: Hall) -> None:
    hall.open()
    hall.choose(0)
    hall.mark("20", "20", "30", "8", "4")
    hall.page.get_by_role("button", name="核对并提交").click()
    hall.page.get_by_role("button", name="提交本件评分").dblclick()
    expect(hall.page.get_by_role("heading", name="已提交评分")).to_be_visible()
    expect(hall.page.get_by_text(re.compile("服务器已收到全部"))).to_be_visible()
    expect(hall.page.get_by_text(re.compile("服务器没有接受"))).to_have_count(0)
    assert sum("=" in value for value in hall.sent()) == 1


def test_a_tablet_that_was_taken_over_is_read_only(hall: Hall, browser: Browser) -> None:
    hall.open()
    hall.choose(0)
    hall.mark("20")
    expect(hall.page.get_by_text("服务器已收到全部 2 次改动")).to_be_visible()
    service.open_seat(hall.card.token, hall.card.pin, label="另一台", at=now())
    expect(hall.page.get_by_role("alert").get_by_text("本座位已由另一台平板接管")).to_be_visible()
    expect(hall.page.get_by_role("button", name="7", exact=True)).to_have_count(0)


def test_a_tablet_that_was_locked_out_says_why_and_loses_nothing(hall: Hall) -> None:
    hall.open()
    hall.choose(0)
    hall.mark("20")
    expect(hall.page.get_by_text("服务器已收到全部 2 次改动")).to_be_visible()
    hall.page.route("**/api/judging/*", lambda route: route.abort())
    hall.mark("19")
    expect(hall.page.get_by_text("待上传 2 项")).to_be_visible()
    look_again()
    device = queries_seats.live_devices([hall.card.seat.id])[hall.card.seat.id][0]
    service.stop_device(device.id, reason="测试：平板遗失", actor=SYSTEM, at=now())
    hall.page.unroute("**/api/judging/*")
    expect(hall.page.get_by_role("alert").get_by_text("裁判长已停用这台平板（理由：测试：平板遗失）")).to_be_visible()
    expect(hall.page.get_by_role("button", name="7", exact=True)).to_have_count(0)
    expect(hall.page.get_by_text("有 2 项服务器没有接受")).to_be_visible()
    look_again()
    assert [(e.value, e.quarantine_code) for e in queries.quarantined(hall.round.id)] == [
        ("1", "device.stopped"), ("19", "device.stopped")]
    assert hall.held() == "clarity/1=20"
    hall.page.reload()
    expect(hall.page.get_by_role("alert").get_by_text("裁判长已停用这台平板")).to_be_visible()


def send_away(hall: Hall, away: str | None) -> None:
    """What the door says of the second work, as the arena would write it."""
    look_again()
    with atomic():
        list_works(hall.round.id)[1].away = away
        service.touch_rounds([hall.round.id])
        audit.record("test.away", actor=SYSTEM, subject=("round", hall.round.id), at=now(), chain=hall.round.contest_id)


def test_an_absent_contestant_is_shown_and_comes_back(hall: Hall) -> None:
    hall.open()
    send_away(hall, "ABSENT")
    expect(hall.page.get_by_text("已提交 0 件，共 1 件")).to_be_visible()
    expect(hall.page.locator(".jt-tile").filter(has_text=hall.works[1].code)).to_contain_text("缺考")
    hall.choose(1)
    expect(hall.page.get_by_role("heading", name="缺考")).to_be_visible()
    expect(hall.page.get_by_text("检录登记为缺考，免评")).to_be_visible()
    expect(hall.page.get_by_role("button", name="7", exact=True)).to_have_count(0)
    send_away(hall, None)
    expect(hall.page.get_by_role("button", name="7", exact=True)).to_be_visible()
    hall.type("20")
    expect(hall.page.get_by_text("服务器已收到全部 2 次改动")).to_be_visible()


def stuck_of(hall: Hall) -> object:
    """What the tablet says of events that were refused, once it has said so now."""
    with hall.page.expect_request("**/api/judging/state") as asked:
        hall.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    # Of this request, begun just now: another one may be on its way since before.
    assert asked.value.response() is not None
    look_again()
    return db.session.query(DeviceReport).one().stuck


def test_what_was_refused_is_told_until_the_judge_has_said_it_anew(hall: Hall) -> None:
    hall.open()
    hall.choose(1)
    hall.page.route("**/api/judging/*", lambda route: route.abort())
    hall.type("20")
    expect(hall.page.get_by_text("待上传 2 项")).to_be_visible()
    send_away(hall, "ABSENT")
    hall.page.unroute("**/api/judging/*")
    expect(hall.page.get_by_text("有 2 项服务器没有接受")).to_be_visible()
    assert stuck_of(hall) == {str(hall.works[1].id): 2}
    hall.page.get_by_role("button", name="作品列表").click()
    send_away(hall, None)
    expect(hall.page.locator(".jt-tile").filter(has_text=hall.works[1].code)).not_to_contain_text("缺考")
    hall.choose(1)
    expect(hall.page.get_by_role("button", name="7", exact=True)).to_be_visible()
    hall.type("20")
    expect(hall.page.get_by_text("项服务器没有接受")).to_have_count(0)
    assert stuck_of(hall) == {}
    hall.page.get_by_role("button", name="作品列表").click()
    hall.page.get_by_role("button", name="交出评分（没有网络时）").click()
    expect(hall.page.get_by_text("没有待上传的评分。")).to_be_visible()
    expect(hall.page.get_by_text("项服务器没有接受")).to_have_count(0)


@pytest.mark.parametrize("size", SIZES)
def test_every_key_is_large_enough_and_nothing_is_wider_than_the_screen(hall: Hall, size: str) -> None:
    width, height = SIZES[size]
    hall.page.set_viewport_size({"width": width, "height": height})
    hall.open()
    hall.choose(0)
    hall.type("20")
    boxes = [one.bounding_box() for one in hall.page.locator(".jt-key, .jt-bottom button, .jt-strip button").all()]
    assert all(box is not None and box["height"] >= 63.5 for box in boxes)
    keys = [one.bounding_box() for one in hall.page.locator(".jt-key").all()]
    assert all(box is not None and box["width"] >= 64 and box["y"] + box["height"] <= height for box in keys)
    assert hall.page.evaluate("document.documentElement.scrollWidth") <= width
    assert hall.page.evaluate("document.documentElement.scrollHeight") <= height
