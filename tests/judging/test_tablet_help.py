"""What the tablet's page tells a judge: slips, what is missing, where work is left, what the server holds."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.judging.hall import Hall

pytestmark = pytest.mark.browser


def test_a_slip_in_the_card_number_is_told_before_the_pin_and_stays(hall: Hall) -> None:
    page, number = hall.page, hall.card.typable.lower()
    assert len(hall.card.token) == 20
    page.goto(f"{hall.live.address}/judge/")
    field, go = page.get_by_label("卡号"), page.get_by_role("button", name="下一步：输入 PIN")
    slip = number[:-1] + ("a" if number[-1] != "a" else "c")
    for typed, said in ((number[:-1], "卡号还差 1 位"), (number + "a", "多了 1 位"), (slip, "有一位不对"), (number[:-1] + "9", "没有“9”")):
        field.fill(typed)
        go.click()
        expect(page.get_by_role("alert").get_by_text(said)).to_be_visible()
        expect(field).to_have_value(typed)
    field.fill(number.replace("o", "0").replace("i", "1").replace("b", "8"))
    go.click()
    expect(page.get_by_role("heading", name="请输入 PIN")).to_be_visible()
    page.get_by_role("button", name="换一张座位卡").click()
    expect(field).not_to_have_value("")
    go.click()
    hall.type(hall.card.pin)
    expect(page.get_by_text("已提交 0 件，共 2 件")).to_be_visible()


def test_a_refused_figure_is_not_left_behind_and_what_is_missing_leads_there(hall: Hall) -> None:
    hall.open()
    expect(hall.page.get_by_role("link", name="使用说明")).to_be_visible()
    hall.page.get_by_role("button", name=re.compile("接着评")).click()
    hall.type("26")
    hall.page.get_by_role("button", name="下一项").click()
    expect(hall.page.get_by_text("请改正或点“清空”，再往下评。")).to_be_visible()
    hall.page.get_by_role("button", name="作品列表").click()
    expect(hall.page.locator(".jt-value b")).to_have_text("26")
    hall.page.get_by_role("button", name="清空").click()
    for _criterion in range(4):
        hall.page.get_by_role("button", name="下一项").click()
    hall.page.get_by_role("button", name="核对（还缺 5 项）").click()
    hall.page.get_by_role("button", name="还没有，去评").nth(2).click()
    expect(hall.page.get_by_role("heading", name="滋味")).to_be_visible()


def test_a_second_tablet_says_that_the_marks_are_there(hall: Hall, browser: Browser) -> None:
    hall.open()
    expect(hall.page.get_by_text("还没有评分")).to_be_visible()
    hall.choose(0)
    hall.mark("20", "20", "30", "8", "4")
    hall.page.get_by_role("button", name="核对并提交").click()
    hall.page.get_by_role("button", name="提交本件评分").click()
    expect(hall.page.get_by_role("button", name=re.compile("接着评 "))).to_contain_text(hall.works[1].code)
    # The server has it: what is still on the way would be taken as from a tablet that was replaced.
    expect(hall.page.get_by_role("heading", name="已提交评分")).to_be_visible()
    other = browser.new_context().new_page()
    other.goto(f"{hall.live.address}/judge/open#{hall.card.token}")
    for sign in hall.card.pin:
        other.get_by_role("button", name=sign, exact=True).click()
    expect(other.get_by_text("以前的评分都在")).to_be_visible()
    expect(other.get_by_text("还没有评分")).to_have_count(0)
    assert other.locator(".jt-tile").first.inner_text().find(hall.works[1].code) >= 0, "what is left stands first"
    other.context.close()
