"""A tablet without a network, a chief judge with a camera: a real recording of the moving codes, read by a real decoder; and the
receipt on the chief judge's page, filmed by the tablet's camera."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db
from competition.judging import service
from competition.judging.handover_receipt import receipt
from competition.judging.models_handover import Handover
from tests.browser import another
from tests.cast import Cast
from tests.core.test_kept_in_browser import sign_in, with_password
from tests.judging.hall import Hall, look_again
from tests.judging.handing import read_frames

pytestmark = pytest.mark.browser
CAMERA = (640, 480)
# The fake camera plays 30 pictures a second; a tablet shows a code for 220 ms.
TIMES = 6
# The whole row again and again, read picture by picture.
FILMED_MS = 180_000


# The codes in any order, each twice; then what is none, what was read wrongly, and a code of another row.
GATHER = """async (frames) => {
  const { Gathering, toFrames } = document.querySelector('judge-app').handing.loaded;
  const gathering = new Gathering();
  for (const letters of [...frames].reverse()) { gathering.add(letters); gathering.add(letters); }
  const text = await gathering.text();
  const strange = ['https://example.org/', 'JH1:', frames[0].slice(0, -1) + (frames[0].endsWith('A') ? 'B' : 'A')];
  const fresh = new Gathering();
  const said = [...strange, frames[0], (await toFrames('{}'))[0]].map((one) => fresh.add(one));
  return [text, said];
}"""


def hand_over(hall: Hall) -> None:
    """Some marks without a network, and the view from which they are handed over."""
    hall.open()
    hall.choose(0)
    hall.page.wait_for_function("document.querySelector('judge-app')?.handing?.loaded")
    hall.context.set_offline(True)
    hall.mark("20", "19", "30", "8", "5")
    hall.page.get_by_role("button", name="作品列表").click()
    hall.page.get_by_role("button", name="交出评分").click()
    expect(hall.page.get_by_role("heading", name="没有网络时交出评分")).to_be_visible()


def filmed(shot: bytes) -> bytes:
    """One picture of a screen as a camera of 640 × 480 takes it."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    picture.thumbnail(CAMERA)
    frame, out = Image.new("RGB", CAMERA, "#555"), io.BytesIO()
    frame.paste(picture, ((CAMERA[0] - picture.width) // 2, (CAMERA[1] - picture.height) // 2))
    frame.save(out, "JPEG", quality=80)
    return out.getvalue()


def looking_at(browser: Browser, film: Path) -> Browser:
    """A device whose camera sees the film: what it shows once the camera is opened."""
    return another(browser, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
                   f"--use-file-for-fake-video-capture={film}")


def record(page: Page, film: Path) -> int:
    """Film the tablet's screen until every code was seen; how many there are. On a busy machine a code would be gone before its
    picture is taken: the row is halted for each."""
    seen: dict[str, bytes] = {}
    total, line = 0, page.locator(".jt-code-at")
    while not total or len(seen) < total:
        page.get_by_role("button", name="暂停").click()
        expect(page.get_by_role("button", name="继续")).to_be_visible()
        where = line.inner_text()
        if where not in seen:
            seen[where] = filmed(page.screenshot())
        total = int(where.split("共")[1].removesuffix("张").strip())
        page.get_by_role("button", name="继续").click()
        expect(line).not_to_have_text(where)
    film.write_bytes(b"".join(shot * TIMES for shot in seen.values()))
    return total


@contextmanager
def chief_with_camera(hall: Hall, cast: Cast, browser: Browser, film: Path) -> Iterator[Page]:
    """The chief judge, signed in at a device whose camera looks at the film."""
    login = with_password(cast.account("chief_judge", "contest", hall.round.contest_id))
    with looking_at(browser, film) as camera:
        page = camera.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"{hall.live.address}/sign-in")
        sign_in(page, login)
        yield page


@pytest.fixture
def tablet(hall: Hall, browser: Browser, tmp_path: Path) -> Iterator[Hall]:
    """The tablet has a camera too; it will look at the chief judge's receipt."""
    with looking_at(browser, tmp_path / "receipt.mjpeg") as device:
        hall.context = device.new_context(viewport={"width": 820, "height": 1180}, has_touch=True)
        hall.page = hall.context.new_page()
        yield hall


def test_codes_and_receipt_filmed_by_cameras_arrive_whole_and_once(tablet: Hall, cast: Cast, browser: Browser, tmp_path: Path) -> None:
    hall = tablet
    hand_over(hall)
    hall.page.get_by_role("button", name="用二维码交出").click()
    expect(hall.page.get_by_role("heading", name="请把屏幕对准裁判长的相机")).to_be_visible()
    code = hall.page.locator(".jt-check b").inner_text()
    total = record(hall.page, tmp_path / "film.mjpeg")
    assert total > 3
    with chief_with_camera(hall, cast, browser, tmp_path / "film.mjpeg") as page:
        page.goto(f"{hall.live.address}/manage/contests/{hall.round.contest_id}/judging/handovers/camera")
        page.get_by_role("button", name="打开相机").click()
        expect(page.get_by_text("签名有效")).to_be_visible(timeout=FILMED_MS)
        expect(page.get_by_text(code).first).to_be_visible()
        page.get_by_role("button", name="接收这份评分").click()
        expect(page.get_by_text("已接收 8 项").first).to_be_visible()
        (tmp_path / "receipt.mjpeg").write_bytes(filmed(page.locator(".handover-receipt").screenshot()) * TIMES)
    assert hall.held() == "amount/1=8;aroma/1=19;clarity/1=20;hygiene/1=5;taste/1=30"
    hall.page.get_by_role("button", name="扫完了，返回").click()
    expect(hall.page.get_by_text("交出过 8 项")).to_be_visible()
    assert hall.page.evaluate(LEFT), "no camera stays open for who went back while it was being opened"
    hall.page.get_by_role("button", name="扫裁判长的回执").click()
    expect(hall.page.get_by_text("扫到裁判长的回执：收下 8 项，另存 0 项，没有接受 0 项。待服务器确认。")).to_be_visible()
    expect(hall.page.get_by_text("待上传 8 项").first).to_be_visible()
    sent = hall.sent()
    hall.context.set_offline(False)
    expect(hall.page.get_by_text("服务器已收到全部 8 次改动")).to_be_visible()
    assert hall.sent() == sent


def test_a_file_is_signed_on_the_tablet_and_empties_nothing(hall: Hall) -> None:
    hand_over(hall)
    with hall.page.expect_download() as waiting:
        hall.page.get_by_role("button", name="导出未上传的评分（文件）").click()
    data = waiting.value.path().read_bytes()
    code = hall.page.locator(".jt-check b").inner_text()
    assert waiting.value.suggested_filename == f"评分交接-1-{code}.json"
    expect(hall.page.get_by_text("待上传 8 项").first).to_be_visible()
    look_again()
    found = service.read_handover(
        hall.round.contest_id, data, way="file", file_name="a", events={hall.round.event_id}, actor=SYSTEM, at=now())
    assert (found.signed, found.code, found.event_count) == ("signed", code, 8)
    assert [e["device_seq"] for e in json.loads(json.loads(data)["body"])["events"]] == list(range(1, 9))
    assert db.session.query(Handover).count() == 1
    check_receipt(hall, found)
    frames = hall.page.evaluate("(text) => document.querySelector('judge-app').handing.loaded.toFrames(text)", data.decode())
    assert read_frames(frames) == data.decode()
    assert hall.page.evaluate(GATHER, frames) == [data.decode(), [None, None, None, "new", "other"]]


# What the camera reads, given to what takes it; the sentence that it leads to, "" when it was a receipt.
READ = """async (text) => {
  const handing = document.querySelector('judge-app').handing.real;
  if (!handing.receipt) await handing.scanReceipt(handing.parts[0]);
  await handing.takeReceipt(text);
  return handing.receipt?.why ?? '';
}"""


LEFT = """async () => {
  const handing = document.querySelector('judge-app').handing.real;
  const opening = handing.scanReceipt(handing.parts[0]);
  const { receipt } = handing;
  handing.endReceipt();
  await opening;
  return receipt.stream === null;
}"""


def check_receipt(hall: Hall, found: Handover) -> None:
    """The receipt on the chief judge's page is a word to the judge: what is no receipt for this file says so, and nothing is emptied."""
    counts = service.take_handover(found.id, stuck=False, actor=SYSTEM, at=now()).results["counts"]
    good = receipt(found.device.token_hash, found.code, counts)
    wrong = [("https://example.org/", "receipt_none"), (receipt(found.device.token_hash, "2222-2222-2222-2222", counts), "receipt_other"),
             (receipt("0" * 64, found.code, counts), "receipt_wrong"), (good.replace(":8:", ":9:"), "receipt_wrong")]
    for text, why in wrong:
        assert hall.page.evaluate(READ, text) == why, text
        expect(hall.page.get_by_role("heading", name="请把相机对准裁判长页面上的回执")).to_be_visible()
    assert hall.page.evaluate(READ, good) == ""
    expect(hall.page.get_by_text("扫到裁判长的回执：收下 8 项，另存 0 项，没有接受 0 项。待服务器确认。")).to_be_visible()
    expect(hall.page.get_by_text("待上传 8 项").first).to_be_visible()


def test_a_tablet_without_https_says_that_two_people_are_needed(hall: Hall) -> None:
    # What a browser gives no page on plain http.
    hall.page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    hand_over(hall)
    expect(hall.page.get_by_text("要由裁判长和另一人两人办理")).to_be_visible()
    with hall.page.expect_download() as waiting:
        hall.page.get_by_role("button", name="导出未上传的评分（文件）").click()
    look_again()
    found = service.read_handover(hall.round.contest_id, waiting.value.path().read_bytes(), way="file", file_name="a",
                                  events={hall.round.event_id}, actor=SYSTEM, at=now())
    assert (found.signed, found.needs_second, found.device.public_key) == ("unsigned", True, None)
