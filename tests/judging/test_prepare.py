"""Before the round: a tablet says whether it is ready, and what to do when it is not; on plain http marks are kept all the same."""

import datetime
from collections.abc import Iterator
from copy import deepcopy

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from competition.contests import service as contests
from competition.contests.queries import current_rulebook
from competition.core.actors import SYSTEM
from competition.core.built import page_build
from competition.core.clock import now
from competition.judging import queries_seats
from competition.judging.queries_ready import readiness_of
from tests.browser import another
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import round_of
from tests.judging.hall import Hall, look_again, seated
from tests.judging.test_shell import wait_until_kept
from tests.live import Live

pytestmark = pytest.mark.browser
IS_TOLD_OF_TWO = """() => {
  const { desk, prepare } = document.querySelector("judge-app");
  const round = desk.pack?.rounds[0];
  return round?.rulebook_number === 2 && prepare.ready?.rounds[0]?.rulebook === round.rulebook && prepare.isTold;
}"""


def prepare(hall: Hall) -> None:
    hall.page.get_by_role("button", name="准备离线").click()
    expect(hall.page.get_by_role("button", name="重新检查")).to_be_enabled()


def found(hall: Hall) -> dict[str, str]:
    """What was found, by the check's name."""
    look_again()
    _device, report = queries_seats.live_devices([hall.card.seat.id])[hall.card.seat.id]
    assert report is not None
    assert report.ready is not None
    return dict(report.ready["checks"])


def test_a_prepared_tablet_says_so_here_and_there(hall: Hall) -> None:
    hall.open()
    expect(hall.page.get_by_text("本机还没有做离线准备")).to_be_visible()
    wait_until_kept(hall.page)
    prepare(hall)
    expect(hall.page.get_by_role("heading", name="就绪", exact=True)).to_be_visible()
    expect(hall.page.get_by_text("已取到 1 轮、2 件作品")).to_be_visible()
    expect(hall.page.get_by_text("结果已告诉组委会和裁判长")).to_be_visible()
    # Chromium without a window never promises to keep anything.
    assert {name for name, level in found(hall).items() if level != "ok"} <= {"persist"}
    look_again()
    _device, report = queries_seats.live_devices([hall.card.seat.id])[hall.card.seat.id]
    assert report is not None
    assert report.app_version == page_build("tablet").version
    hall.page.get_by_role("button", name="返回作品列表").click()
    expect(hall.page.get_by_text("已就绪")).to_be_visible()
    document = deepcopy(current_rulebook(hall.round.contest_id).document)
    document["name"] = "测试：改了名称"
    # The tablet asks every few seconds: it hears of the change only after it was looked at here.
    hall.page.route("**/api/judging/*", lambda route: route.abort())
    contests.set_rulebook(hall.round.contest_id, document, reason="测试", actor=SYSTEM, at=now())
    assert readiness_of([hall.card.seat])[hall.card.seat.id].state == "stale"
    hall.page.unroute("**/api/judging/*")
    hall.page.wait_for_function(IS_TOLD_OF_TWO)
    look_again()
    assert readiness_of([hall.card.seat])[hall.card.seat.id].state == "ready", "it has fetched the new one by itself, and said so"


def test_what_is_wrong_is_said_with_what_to_do(hall: Hall) -> None:
    hall.context.clock.set_system_time(now() + datetime.timedelta(days=1))
    hall.open()
    wait_until_kept(hall.page)
    hall.context.set_offline(True)
    prepare(hall)
    expect(hall.page.get_by_role("heading", name="还没有就绪")).to_be_visible()
    expect(hall.page.get_by_text("请连上赛场网络，再检查一次")).to_be_visible()
    expect(hall.page.get_by_text("结果还没有送到服务器")).to_be_visible()
    hall.context.set_offline(False)
    hall.page.get_by_role("button", name="重新检查").click()
    expect(hall.page.get_by_role("heading", name="就绪", exact=True)).to_be_visible()
    expect(hall.page.get_by_text("与服务器相差约 1440 分钟")).to_be_visible()
    assert found(hall)["clock"] == "warn"


NAME = "arena.test"


@pytest.fixture
def far_browser(browser: Browser) -> Iterator[Browser]:
    """To this browser the server is not on the same machine: plain http is no secure context."""
    with another(browser, f"--host-resolver-rules=MAP {NAME} 127.0.0.1") as chromium:
        yield chromium


class Named(Live):
    """The same server by its name in the arena's network."""

    @property
    def address(self) -> str:
        return f"http://{NAME}:{self.port}"


@pytest.fixture
def plain(app: Flask, live: Live, cast: Cast, far_browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", [*app.config["TRUSTED_HOSTS"], NAME])
    yield from seated(Named(live.app, live.port), cast, far_browser,
                      round_of(make_contest(cast, phase="running", events=("broth",)), "broth"))


def test_on_plain_http_marks_are_kept_and_sent(plain: Hall) -> None:
    page = plain.page
    plain.open()
    assert not page.evaluate("isSecureContext || 'serviceWorker' in navigator || 'randomUUID' in crypto")
    expect(page.get_by_text("请不要刷新或关闭本页")).to_be_visible()
    prepare(plain)
    expect(page.get_by_role("heading", name="还没有就绪")).to_be_visible()
    expect(page.get_by_text("本页没有用 https 打开，没有网络时不能重新打开")).to_be_visible()
    assert {name for name, level in found(plain).items() if level == "bad"} == {"secure"}
    page.get_by_role("button", name="返回作品列表").click()
    plain.choose(0)
    plain.context.set_offline(True)
    plain.mark("20", "19.5")
    expect(page.get_by_text("已保存到本机")).to_be_visible()
    expect(page.get_by_text("待上传 5 项")).to_be_visible()
    plain.context.set_offline(False)
    expect(page.get_by_text("服务器已收到全部 5 次改动")).to_be_visible()
    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    asked.value.accept()
    expect(page.locator(".jt-tile")).to_have_count(2)
    assert plain.sent() == ["2", "20", "1", "19", "19.5"]


def test_a_browser_that_is_too_old_is_told_so(hall: Hall) -> None:
    hall.context.add_init_script("delete String.prototype.replaceAll")
    hall.page.goto(f"{hall.live.address}/judge/")
    expect(hall.page.get_by_text("这台平板的浏览器太旧")).to_be_visible()
    expect(hall.page.get_by_label("卡号")).to_be_hidden()
