"""A county clerk without a manual reports a bulk figure, from the desk to handing it up, by what the pages offer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, expect
from sqlalchemy import select

from competition.core.database import db
from competition.returns.models import Return
from tests.access_matrix.side import picture_bytes
from tests.cast import Cast
from tests.live import Live
from tests.registration.test_kept import cookies
from tests.returns.test_returns_pages import labour

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_bulk_figure_is_reported_in_under_ten_clicks(
    app: Flask, live: Live, cast: Cast, browser: Browser, tmp_path: Path, size: dict[str, int],
) -> None:
    name = labour(cast, "测试岗位练兵").name_zh
    sheet = tmp_path / "统计表.jpg"
    sheet.write_bytes(picture_bytes())
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]
    clicks: list[str] = []

    def press(thing: Locator, act: Callable[[Locator], object] = Locator.click) -> None:
        clicks.append(str(thing))
        act(thing)

    try:
        clerk = cast.account("clerk", "union", cast.county.id)
        context.add_cookies(cookies(app, cast, clerk, live.address))  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{live.address}/desk")
        if size is PHONE:
            press(page.get_by_text("菜单", exact=True).first)
        press(page.get_by_role("link", name="活动上报", exact=True).first)
        press(page.get_by_role("link", name="新建上报").first)
        press(page.locator("tr", has_text=name).get_by_role("link", name="上报这项"))
        expect(page.get_by_label("按总数")).to_be_checked()
        press(page.get_by_role("button", name="下一步：填数字"))
        page.get_by_label("参加人数").fill("37")
        press(page.get_by_label("依据材料"), lambda field: field.set_input_files(sheet))
        press(page.get_by_role("button", name="保存并预览"))
        expect(page.get_by_text("统计表.jpg")).to_be_visible()
        press(page.get_by_role("button", name="确认提交"))
        expect(page.get_by_text("已提交上报")).to_be_visible()
        expect(page.get_by_text("现在由海东市总工会审核")).to_be_visible()
    finally:
        context.close()
    assert len(clicks) < 10, clicks
    db.session.expire_all()
    found = db.session.scalars(select(Return)).one()
    assert (found.state, found.heads, found.overlap) == ("submitted", 37, 0)
