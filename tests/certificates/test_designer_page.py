"""The designer in a real browser: dragging and arrow keys fill the form that saves; it fits every screen."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from competition.certificates import queries_templates as queries
from competition.certificates import service_templates as service
from competition.certificates.models_templates import TemplateDraft
from competition.certificates.ready import designed
from competition.contests.models import Contest
from competition.core.database import db, get
from tests.cast import Cast
from tests.certificates.given import published
from tests.live import Live
from tests.registration.test_kept import cookies
from tests.screens.look import SIZES, WIDER, axe

pytestmark = pytest.mark.browser


def test_a_block_is_dragged_nudged_and_saved(app: Flask, live: Live, cast: Cast, browser: Browser) -> None:
    contest = get(Contest, published(cast, 2).contest_id)
    draft = service.begin_template(contest.host_union_id, "本会证书", "award", designed("award"), actor=cast.actor("organizer"), at=cast.at)
    before = queries.layout_of(draft)["blocks"][5]
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        context.add_cookies(cookies(app, cast, cast.account("organizer"), live.address))  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{live.address}/manage/contests/{contest.id}/certificates/templates/{draft.id}?block=5")
        faults = []
        for name, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            faults += [f"{name}: {one}" for one in [page.evaluate(WIDER), *axe(page)] if one]
        assert faults == []
        page.set_viewport_size({"width": 1440, "height": 900})
        own = page.locator(".designer-block[aria-current]")
        box = own.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + 40, box["y"] + box["height"] / 2 + 10, steps=4)
        page.mouse.up()
        x = float(page.locator("#x").input_value())
        assert x > before["x"]
        own.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.press("Alt+ArrowDown")
        assert float(page.locator("#x").input_value()) == pytest.approx(x + 0.9)
        assert float(page.locator("#h").input_value()) == pytest.approx(before["h"] + 1)
        expect(page.locator("#designer-told")).to_have_text("有改动还没有保存，点“保存这一块”。")
        page.get_by_text("可以插入的占位符").click()
        page.locator("#text1").focus()
        page.get_by_role("button", name="{名次}").click()
        page.get_by_role("button", name="保存这一块").click()
        expect(page.get_by_text("已保存这一块")).to_be_visible()
        # The server prints for the last picture: it must not go on when its database is put away.
        page.wait_for_load_state("networkidle")
    finally:
        context.close()
    db.session.rollback()
    db.session.expire_all()
    saved = queries.layout_of(db.session.scalars(select(TemplateDraft)).one())["blocks"][5]
    assert saved["x"] == pytest.approx(x + 0.9)
    assert "{名次}" in saved["texts"][0]
