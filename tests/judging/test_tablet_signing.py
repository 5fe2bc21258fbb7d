"""Signing on the tablet in a real browser, comments and photos, and what a judge sees of the own handed-in sheet."""

import io
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db
from competition.judging import queries, queries_evidence, service
from competition.judging.models import MarkEvent, Photo
from tests.judging.hall import Hall, look_again
from tests.judging.test_shell import wait_until_kept

pytestmark = pytest.mark.browser
INK = """() => {
  const canvas = document.querySelector(".jt-sign canvas");
  if (!canvas) return { dark: 0 };
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let [left, right, dark] = [1, 0, 0];
  for (let at = 3; at < data.length; at += 4) {
    if (!data[at]) continue;
    const x = ((at - 3) / 4 % canvas.width) / canvas.width;
    [left, right, dark] = [Math.min(left, x), Math.max(right, x), dark + 1];
  }
  return { dark, left, right };
}"""
# The pen is loaded, and the field as large as its place.
IS_FITTED = """() => {
  const canvas = document.querySelector(".jt-sign canvas"), signing = document.querySelector("judge-app")?.signing;
  return Boolean(canvas && signing?.pad) && signing.size === `${canvas.clientWidth}×${canvas.clientHeight}`;
}"""
KEEPS_TWO = """async () => {
  const { desk, signing } = document.querySelector("judge-app");
  return (await desk.store.evidence(signing.key))?.value.strokes.length === 2;
}"""


def write(page: Page, *line: tuple[float, float]) -> None:
    """One stroke, in shares of the field."""
    page.wait_for_function(IS_FITTED)
    box = page.locator(".jt-sign canvas").bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in line]
    page.mouse.move(*points[0])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(x, y, steps=8)
    page.mouse.up()


def to_review(hall: Hall) -> None:
    hall.choose(0)
    hall.mark("20", "20", "30", "8", "4")
    hall.page.get_by_role("button", name="核对并提交").click()


def ink(page: Page) -> dict[str, float]:
    found: dict[str, float] = page.evaluate(INK)
    return found


def settled(page: Page) -> dict[str, float]:
    """The drawn ink, once the canvas has its size and its strokes."""
    page.wait_for_function(IS_FITTED)
    page.wait_for_function(f"({INK})().dark > 0")
    return ink(page)


def strokes_of(hall: Hall) -> list[list[list[int]]]:
    look_again()
    signed = queries_evidence.signatures_of([hall.works[0].id], [hall.card.seat.id])
    return [one.strokes for one in signed.get((hall.card.seat.id, hall.works[0].id), [])]


def test_a_signature_survives_turning_and_reloading_and_stays_when_the_sheet_comes_back(hall: Hall) -> None:
    page = hall.page
    look_again()
    service.need_signature(hall.card.seat.panel_id, True, actor=SYSTEM, at=now())
    hall.open()
    to_review(hall)
    expect(page.get_by_role("button", name="提交本件评分")).to_have_count(0)
    page.get_by_role("button", name="签名并提交").click()
    page.get_by_role("button", name="提交本件评分").click()
    expect(page.get_by_text("还没有签名。请在方框内写下姓名，再提交。")).to_be_visible()
    write(page, (0.2, 0.3), (0.5, 0.7), (0.8, 0.3))
    lying = settled(page)
    page.set_viewport_size({"width": 820, "height": 1180})
    page.wait_for_function("document.querySelector('.jt-sign canvas')?.clientWidth < 820")
    standing = settled(page)
    assert abs(standing["left"] - lying["left"]) < 0.1, "redrawn from the strokes, in the same place"
    write(page, (0.3, 0.9), (0.6, 0.9))
    page.wait_for_function(KEEPS_TWO)
    page.reload()
    page.locator(".jt-tile").filter(has_text=hall.works[0].code).click()
    page.get_by_role("button", name="核对并提交").click()
    page.get_by_role("button", name="签名并提交").click()
    assert settled(page)["dark"] > standing["dark"], "the second stroke too"
    page.get_by_role("button", name="提交本件评分").click()
    expect(page.get_by_role("heading", name="已提交评分")).to_be_visible()
    expect(page.get_by_role("img", name="我的签名")).to_be_visible()
    assert [len(one) for one in strokes_of(hall)] == [2]
    sheet = queries.find_sheet(hall.card.seat.id, hall.works[0].id)
    assert sheet is not None
    assert sheet.check_code in page.locator(".jt-check").inner_text()
    service.send_back(sheet.id, reason="测试：请核对", actor=SYSTEM, at=now())
    expect(page.get_by_text("裁判长退回：测试：请核对")).to_be_visible()
    page.get_by_role("button", name="核对并提交").click()
    page.get_by_role("button", name="签名并提交").click()
    expect(page.get_by_role("button", name="重写")).to_be_disabled()
    write(page, (0.1, 0.5), (0.9, 0.5))
    page.get_by_role("button", name="提交本件评分").click()
    expect(page.get_by_role("heading", name="已提交评分")).to_be_visible()
    assert [len(one) for one in strokes_of(hall)] == [2, 1]


def photo(colour: str = "green") -> dict[str, Any]:
    """As a camera would give it: too large, lying on its side, and saying where it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "CANARY-CAMERA"
    Image.new("RGB", (2400, 1200), colour).save(out, "JPEG", exif=exif)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def photos() -> list[Photo]:
    look_again()
    return list(db.session.scalars(select(Photo)))


def test_a_photo_whose_answer_is_lost_arrives_once_and_a_refused_one_stays(hall: Hall) -> None:
    page = hall.page
    hall.open()
    hall.choose(0)
    lost = iter([True, True])

    def swallow(route: Any) -> None:
        route.fetch()
        route.abort() if next(lost, False) else route.continue_()

    page.route("**/api/judging/photos/*", swallow)
    page.get_by_role("button", name="备注、照片").click()
    page.get_by_label("备注（最多 500 字）").fill("汤面有浮油")
    page.get_by_role("button", name="保存备注").click()
    expect(page.locator(".jt-notes").get_by_text("汤面有浮油")).to_be_visible()
    page.locator("#photo").set_input_files(photo())  # type: ignore[arg-type]
    expect(page.locator(".jt-notes").get_by_text("已保存到本机，待上传")).to_be_visible()
    page.reload()
    hall.choose(0)
    page.get_by_role("button", name="备注、照片（2）").click()
    expect(page.locator(".jt-notes").get_by_text("服务器已收到")).to_be_visible()
    (kept,) = photos()
    assert kept.file is not None
    data = kept.file.read()
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (800, 1600), "upright, and no larger than is needed"
    assert b"CANARY-CAMERA" not in data
    assert page.evaluate("async () => { const db = await new Promise((done) => { const r = indexedDB.open('judging');"
                         " r.onsuccess = () => done(r.result); }); return await new Promise((done) => { const r ="
                         " db.transaction('photos').objectStore('photos').count(); r.onsuccess = () => done(r.result); }); }") == 0
    page.unroute("**/api/judging/photos/*")
    said = {"code": "photo.large", "message": "照片太大。", "details": {}}
    page.route("**/api/judging/photos/*", lambda route: route.fulfill(status=413, json=said))
    page.locator("#photo").set_input_files(photo("blue"))  # type: ignore[arg-type]
    expect(page.get_by_text("没有接受：照片太大。照片仍保留在本机。")).to_be_visible()
    assert len(photos()) == 1
    page.get_by_role("button", name="返回评分").click()
    page.get_by_role("button", name="作品列表").click()
    to_review(hall)
    page.get_by_role("button", name="提交本件评分").click()
    expect(page.get_by_role("heading", name="已提交评分")).to_be_visible()
    assert hall.held() == "amount/1=8;aroma/1=20;clarity/1=20;hygiene/1=4;taste/1=30"


def test_what_was_handed_in_is_read_without_network_and_on_the_next_tablet_too(hall: Hall) -> None:
    page = hall.page
    hall.open()
    wait_until_kept(page)
    hall.choose(0)
    page.get_by_role("button", name="备注、照片").click()
    page.get_by_label("备注（最多 500 字）").fill("记录一句")
    page.get_by_role("button", name="返回评分").click()
    hall.mark("20", "20", "30", "8", "4")
    page.get_by_role("button", name="核对并提交").click()
    hall.context.set_offline(True)
    page.get_by_role("button", name="签名并提交").click()
    write(page, (0.2, 0.3), (0.8, 0.6))
    page.get_by_role("button", name="提交本件评分").click()
    expect(page.get_by_role("heading", name="已提交，等待上传")).to_be_visible()
    expect(page.get_by_text("核对码在服务器收到后显示。")).to_be_visible()
    expect(page.get_by_role("img", name="我的签名")).to_be_visible()
    hall.context.set_offline(False)
    expect(page.get_by_text(re.compile("服务器收到时间"))).to_be_visible()
    code = page.locator(".jt-check b").inner_text()
    context = page.context.browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)  # type: ignore[union-attr]
    second = Hall(hall.live, hall.round, hall.works, hall.card, context.new_page(), context)
    second.page.goto(f"{hall.live.address}/judge/open#{hall.card.token}")
    second.type(hall.card.pin)
    second.choose(0)
    for shown in (page, second.page):
        expect(shown.get_by_text("记录一句")).to_be_visible()
        expect(shown.get_by_role("img", name="我的签名")).to_be_visible()
        assert shown.locator(".jt-check b").inner_text() == code
    context.close()
    look_again()
    assert db.session.query(MarkEvent).filter_by(kind="comment").count() == 1
