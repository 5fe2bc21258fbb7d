"""Scan to score: a work's code opens exactly its sheet; another one needs a second step; what leads nowhere is said in words."""

import json
import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, expect

from competition.arena.prints import qr
from competition.arena.rules_codes import ALPHABET, is_code, new_codes
from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.bootstrap.frontend import node_home
from competition.contests.models import Round
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.config import ROOT
from competition.core.database import atomic, db
from competition.judging import service
from competition.judging.models import RoundPanel
from tests.browser import another
from tests.judging.hall import Hall, look_again

DICE = random.Random(5)
CODES = new_codes(2, set(), DICE.choice)
FOREIGN = new_codes(1, CODES, DICE.choice)[0]
NO_CODE = FOREIGN[:-1] + ("2" if FOREIGN[-1] != "2" else "3")
FRAME = (640, 480)
# A reader that a browser has, and that reads nothing: the page's own takes over.
USELESS = """globalThis.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  detect() { return Promise.reject(new Error("no service")); } };"""


def label_video(code: str, path: Path) -> None:
    """What a camera sees that is held over the label of a work: a film of a few pictures (y4m)."""
    drawn = path.with_suffix(".png")
    segno.make(code, error="m", micro=False).save(str(drawn), scale=9, border=4)
    grey = Image.new("L", FRAME, 150)
    with Image.open(drawn) as picture:
        label = picture.convert("L")
    grey.paste(label, ((FRAME[0] - label.width) // 2, (FRAME[1] - label.height) // 2))
    frame = b"FRAME\n" + grey.tobytes() + bytes([128]) * (FRAME[0] * FRAME[1] // 2)
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 3)


@pytest.fixture
def camera(browser: Browser, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose camera sees the label of the first work."""
    label_video(CODES[0], tmp_path / "label.y4m")
    with another(browser, "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={tmp_path / 'label.y4m'}",
                 "--host-resolver-rules=MAP judging.test 127.0.0.1") as seeing:
        yield seeing


@pytest.fixture
def labelled(hall: Hall) -> Hall:
    """The hall with the codes of real labels."""
    with atomic():
        for work, code in zip(list_works(hall.round.id), CODES, strict=True):
            work.code = code
        audit.record("test.codes", actor=SYSTEM, subject=("round", hall.round.id), at=now(), chain=hall.round.contest_id)
    look_again()
    hall.works = list_works(hall.round.id)
    return hall


# All keys at once: on a busy machine a driven keyboard is slower than a hand scanner.
SCANNED = """signs => signs.map(key => !document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))).pop()"""


def scan_by_hand(hall: Hall, code: str, *, end: bool = True) -> None:
    """A hand scanner types faster than a finger and ends with Enter, which must not press the button in focus."""
    assert hall.page.evaluate(SCANNED, [*code, *(["Enter"] if end else [])])


def code_shown(hall: Hall, number: int) -> None:
    """The open sheet is that of this work."""
    expect(hall.page.locator(".jt-code")).to_have_text(CODES[number])


def test_the_label_carries_the_code_and_nothing_else() -> None:
    assert is_code(CODES[0])
    assert str(qr(CODES[0])) == segno.make(CODES[0], error="m", micro=False).svg_inline(border=0, omitsize=True)


def test_tablets_check_codes_like_the_server() -> None:
    """Right ones, and each with one sign changed."""
    good = new_codes(40, set(), DICE.choice)
    cases = [*good, *(code[:2] + ALPHABET[(ALPHABET.index(code[2]) + 5) % 28] + code[3:] for code in good), "", "TAA01", good[0] + "2"]
    script = f"""const {{ isCode, tidyCode }} = await import({json.dumps((ROOT / "static/src/judging/code.js").as_uri())});
      console.log(JSON.stringify([{json.dumps(cases)}.map(isCode), tidyCode(" z5-b a ")]));"""
    node = [str(node_home() / "bin" / "node"), "--no-warnings", "--input-type=module", "-e", script]
    said = json.loads(subprocess.run(node, capture_output=True, text=True, check=True, timeout=60).stdout)
    assert said == [[is_code(case) for case in cases], "258A"]
    assert said[0] == [True] * 40 + [False] * 43


@pytest.mark.browser
def test_the_camera_opens_exactly_the_sheet_of_the_label(labelled: Hall, camera: Browser) -> None:
    hall = labelled
    context = camera.new_context(viewport={"width": 390, "height": 844}, permissions=["camera"])
    hall.page = context.new_page()
    hall.page.add_init_script(USELESS)
    hall.open()
    hall.choose(1)
    hall.page.get_by_role("button", name="作品列表").click()
    hall.page.get_by_role("button", name="扫作品码评分").click()
    code_shown(hall, 0)
    expect(hall.page.locator("video")).to_have_count(0)
    hall.type("20")
    expect(hall.page.get_by_text("服务器已收到全部 2 次改动")).to_be_visible()
    assert hall.held() == "clarity/1=20"
    context.close()


@pytest.mark.browser
def test_without_leave_or_without_https_the_code_is_typed_and_the_page_says_why(labelled: Hall, camera: Browser) -> None:
    hall = labelled
    hall.live.app.config["TRUSTED_HOSTS"] = [*hall.live.app.config["TRUSTED_HOSTS"], "judging.test"]
    context = camera.new_context(viewport={"width": 1180, "height": 820})
    hall.page = context.new_page()
    hall.open()
    hall.page.get_by_role("button", name="扫作品码评分").click()
    expect(hall.page.get_by_text("浏览器没有得到使用相机的许可。")).to_be_visible()
    hall.page.goto(f"http://judging.test:{hall.live.port}/judge/open#{hall.card.token}")
    hall.type(hall.card.pin)
    hall.page.get_by_role("button", name="扫作品码评分").click()
    expect(hall.page.get_by_text("这个网址不是 https 开头，浏览器不准网页用相机。")).to_be_visible()
    hall.type(CODES[1])
    hall.page.get_by_role("button", name="打开", exact=True).click()
    code_shown(hall, 1)
    context.close()


@pytest.mark.browser
def test_another_work_than_the_scanned_one_needs_a_second_step(labelled: Hall) -> None:
    hall, page = labelled, labelled.page
    hall.open()
    scan_by_hand(hall, CODES[0])
    code_shown(hall, 0)
    page.get_by_role("button", name="下一件作品").click()
    expect(page.get_by_role("alert").get_by_text(f"您扫的是 {CODES[0]}（1 号工位），要评的是 {CODES[1]}（2 号工位）")).to_be_visible()
    page.keyboard.press("7")
    page.get_by_role("button", name=f"回到 {CODES[0]}").click()
    code_shown(hall, 0)
    page.get_by_role("button", name="下一件作品").click()
    page.get_by_role("button", name=f"确实要评 {CODES[1]}").click()
    hall.type("7")
    page.get_by_role("button", name="上一件作品").click()
    expect(page.get_by_text(f"您刚才评的是 {CODES[1]}（2 号工位），要评的是 {CODES[0]}")).to_be_visible()
    scan_by_hand(hall, CODES[0])
    hall.mark("20", "20", "30", "8", "4")
    page.get_by_role("button", name="核对并提交").click()
    page.get_by_role("button", name="提交本件评分").click()
    page.get_by_role("button", name=f"接着评 {CODES[1]}").click()
    expect(page.get_by_role("button", name="7", exact=True)).to_be_visible()
    expect(page.get_by_text("服务器已收到全部 10 次改动")).to_be_visible()
    assert hall.sent() == ["7", "2", "20", "2", "20", "3", "30", "8", "4", hall.held()]


@pytest.mark.browser
def test_a_hand_scanner_never_types_marks_and_strange_codes_are_told_apart(labelled: Hall) -> None:
    hall, page = labelled, labelled.page
    hall.open()
    hall.choose(0)
    page.get_by_role("button", name="2", exact=True).focus()
    scan_by_hand(hall, FOREIGN)
    expect(page.get_by_role("alert").get_by_text(f"作品 {FOREIGN} 不归本座位评")).to_be_visible()
    scan_by_hand(hall, NO_CODE)
    expect(page.get_by_role("alert").get_by_text(f"“{NO_CODE}”不是作品号。")).to_be_visible()
    scan_by_hand(hall, f"{hall.live.address}/judge/open")
    expect(page.get_by_role("alert").get_by_text("不是作品号。")).to_be_visible()
    scan_by_hand(hall, CODES[1].lower(), end=False)
    code_shown(hall, 1)
    page.keyboard.type("12")
    expect(page.locator(".jt-value b")).to_have_text("12")
    page.keyboard.type("9")
    expect(page.locator(".jt-value b")).to_have_text("129")
    scan_by_hand(hall, CODES[0])
    expect(page.get_by_text("请改正或点“清空”，再往下评。")).to_be_visible()
    code_shown(hall, 1)
    expect(page.get_by_text("服务器已收到全部 3 次改动")).to_be_visible()
    assert hall.sent() == ["1", "12", ""]


def second_round(hall: Hall) -> Round:
    """The same panel judges another round of the event, which is not open yet."""
    first, panel = db.session.get_one(Round, hall.round.id), hall.card.seat.panel_id
    with atomic() as session:
        made = Round(stage_id=first.stage_id, contest_id=first.contest_id, event_id=first.event_id, position=2, name="复赛")
        session.add(made)
        session.flush()
        session.add(RoundPanel(round_id=made.id, panel_id=panel))
        session.add(Work(contest_id=first.contest_id, event_id=first.event_id, round_id=made.id, position=1, code=FOREIGN, batch=1,
                         station=3))
        audit.record("test.round", actor=SYSTEM, subject=("round", made.id), at=now(), chain=made.contest_id)
    return made


@pytest.mark.browser
def test_a_work_of_another_round_is_said_so_and_opened_only_on_purpose(labelled: Hall) -> None:
    hall, page = labelled, labelled.page
    other = second_round(hall)
    hall.open()
    hall.choose(0)
    scan_by_hand(hall, FOREIGN)
    expect(page.get_by_role("alert").get_by_text(f"作品 {FOREIGN} 属于“复赛”，这一轮还没有开放。")).to_be_visible()
    service.open_round(other.id, actor=SYSTEM, at=now())
    page.get_by_role("button", name="作品列表").click()
    expect(page.get_by_role("button", name="复赛")).to_be_visible()
    page.reload()
    hall.choose(0)
    expect(page.get_by_text(re.compile("离线|还没有评分")).first).to_be_visible()
    scan_by_hand(hall, FOREIGN)
    expect(page.get_by_role("alert").get_by_text(f"作品 {FOREIGN} 属于“复赛”，您正在评的是")).to_be_visible()
    page.get_by_role("button", name=f"打开“复赛”的 {FOREIGN}").click()
    expect(page.locator(".jt-code")).to_have_text(FOREIGN)
    expect(page.get_by_role("button", name="7", exact=True)).to_be_visible()
