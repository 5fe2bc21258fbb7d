"""A real browser, a real server process, and everything that goes wrong in an arena between them.

In each of these, once things work again, the server holds exactly what was tapped: once each, in the order of the taps.
All share one server and one round; each has a seat of its own.
"""

import os
import re
import signal
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy import select

from competition.arena.work_queries import list_works
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.built import page_build
from competition.core.clock import now
from competition.core.database import atomic, db
from competition.judging import queries, rules, service
from competition.judging.models import Device, MarkEvent
from tests.browser import ARGUMENTS
from tests.builders import make_contest
from tests.cast import make_cast
from tests.house import build
from tests.judges import criteria_of, opened, round_of
from tests.judging.hall import Hall, look_again
from tests.judging.lossy import Lossy, lossy
from tests.judging.process import ServerProcess
from tests.judging.test_shell import wait_until_kept
from tests.services import free_port
from tests.setup import chromium_path

pytestmark = pytest.mark.browser
SEATS = 9
SOON_S = 60.0
SIZE = {"width": 1180, "height": 820}


@dataclass(frozen=True)
class Drawn:
    """A work."""

    id: uuid.UUID
    code: str


@dataclass(frozen=True)
class Chair:
    """A seat with its card."""

    seat_id: uuid.UUID
    token: str
    pin: str


@dataclass
class Arena:
    """What all share: the server, the proxy before it, the round, a fresh card for each."""

    server: ServerProcess
    proxy: Lossy
    works: list[Drawn]
    cards: list[Chair]
    criteria: list[str]
    tally: Counter[str] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def arena(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    app: Flask = build(tmp_path_factory.mktemp("arena"))
    with ExitStack() as stack:
        stack.enter_context(app.app_context())
        cast = make_cast()
        round_ = opened(round_of(make_contest(cast, phase="running", events=("broth",)), "broth"), seats=SEATS, at=cast.at)
        cards = service.make_cards([seat.id for seat in queries.seats_of_round(round_.id)], actor=SYSTEM, at=now())
        server = ServerProcess(app, free_port())
        server.start()
        stack.callback(server.stop)
        # Plain values: what the session holds is forgotten again and again.
        found = Arena(server, stack.enter_context(lossy(server.port)), [Drawn(work.id, work.code) for work in list_works(round_.id)],
                      [Chair(card.seat.id, card.token, card.pin) for card in cards], [c.key for c in criteria_of(round_)])
        yield found
        db.session.remove()
        db.engine.dispose()
    words = "、".join(f"{name} {number}" for name, number in sorted(found.tally.items()) if name != "marks")
    told = f"{sum(n for name, n in found.tally.items() if name != 'marks')} faults ({words}), {found.tally['marks']} marks compared"
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\n{told}")


@dataclass
class Tablet(Hall):
    """A tablet whose taps are noted: (criterion, value) of every event that they make."""

    card: Chair  # type: ignore[assignment]
    arena: Arena
    at: int = 0
    tapped: list[tuple[str, str]] = field(default_factory=list)

    def tap(self, *values: str) -> None:
        """Mark the next criteria, in whole numbers: every figure is a mark of its own."""
        for value in values:
            self.tapped += [(self.arena.criteria[self.at], value[:n + 1]) for n in range(len(value))]
            self.mark(value)
            self.at += 1

    def begin(self) -> None:
        """At the first work's sheet."""
        self.open()
        self.choose(0)

    def is_saved(self, waiting: int) -> None:
        """At least so many events are on the tablet alone, and it says that they are saved."""
        expect(self.page.get_by_text("已保存到本机")).to_be_visible()
        expect(self.page.get_by_text(re.compile(r"待上传 \d+ 项"))).to_be_visible()
        self.page.wait_for_function("least => document.querySelector('judge-app').desk.waiting.length >= least", arg=waiting)

    def settled(self, taps: list[tuple[str, str]] | None = None, state: str = "accepted") -> list[tuple[str, str]]:
        """Wait until the server has as many events as there were taps: what it has, in its order, to be held against them."""
        wanted, until = self.tapped if taps is None else taps, time.monotonic() + SOON_S
        while len(held := self.stored(state)) < len(wanted) and time.monotonic() < until:
            with suppress(Exception):  # a page that has been killed, or is just being loaded
                self.page.evaluate("dispatchEvent(new Event('online'))")
            time.sleep(0.2)
        for device in {event.device_id for event in held}:
            seqs = [event.device_seq for event in held if event.device_id == device]
            assert seqs == sorted(set(seqs))
        self.arena.tally["marks"] += len(wanted)
        if state == "accepted":
            assert self.held() == rules.sheet_text({f"{criterion}/1": value for criterion, value in wanted})
        return [(event.criterion, event.value) for event in held]

    def hears_of_all(self) -> None:
        """Wait until the tablet knows what the server has; where answers are lost, it takes a try more often than it would by itself."""
        told, until = self.page.get_by_text("服务器已收到全部"), time.monotonic() + SOON_S
        while not told.is_visible() and time.monotonic() < until:
            self.page.evaluate("dispatchEvent(new Event('online'))")
            self.page.wait_for_timeout(200)
        expect(told).to_be_visible()

    def held(self) -> str:
        look_again()
        sheet = queries.find_sheet(self.card.seat_id, self.works[0].id)
        return rules.sheet_text(sheet.marks) if sheet else ""

    def stored(self, state: str) -> list[MarkEvent]:
        """What the server has of this seat, in its order."""
        look_again()
        query = select(MarkEvent).where(MarkEvent.seat_id == self.card.seat_id, MarkEvent.state == state)
        return list(db.session.scalars(query.order_by(MarkEvent.seq)))

    def fault(self, name: str, times: int = 1) -> None:
        self.arena.tally[name] += times


Maker = Callable[..., Tablet]
_seats = iter(range(SEATS))


@pytest.fixture
def tablet(arena: Arena, browser: Browser) -> Iterator[Maker]:
    """Makes tablets at a seat of this test's own, each with a browser profile of its own unless it gets one."""
    card, contexts, faults = arena.cards[next(_seats)], list[BrowserContext](), list[str]()

    def make(context: BrowserContext | None = None, script: str = "") -> Tablet:
        if context is None:
            context = browser.new_context(viewport=SIZE, has_touch=True)  # type: ignore[arg-type]
            contexts.append(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        return Tablet(arena.proxy, None, arena.works, card, page, context, arena)  # type: ignore[arg-type]

    yield make
    for context in contexts:
        context.close()
    assert not faults


def test_the_network_is_cut_in_the_middle_of_a_sheet(tablet: Maker) -> None:
    one = tablet()
    one.begin()
    one.tap("20")
    one.context.set_offline(True)
    one.fault("network cut")
    one.tap("19", "30")
    one.is_saved(4)
    one.context.set_offline(False)
    one.tap("8")
    assert one.settled() == one.tapped


def test_the_server_is_killed_and_started_again(tablet: Maker, arena: Arena) -> None:
    one = tablet()
    one.begin()
    one.tap("20")
    arena.server.stop()
    one.fault("server killed")
    try:
        one.tap("19", "30")
        one.is_saved(4)
    finally:
        arena.server.start()
    one.tap("8")
    assert one.settled() == one.tapped


def test_a_third_of_the_requests_and_half_of_the_answers_are_lost(tablet: Maker, arena: Arena) -> None:
    one = tablet()
    one.begin()
    before = arena.proxy.lost.total()
    arena.proxy.requests, arena.proxy.answers = 0.3, 0.5
    try:
        for value in ("20", "19", "30", "8", "4"):
            one.tap(value)
            one.page.evaluate("dispatchEvent(new Event('online'))")
            one.page.wait_for_timeout(150)
        assert one.settled() == one.tapped
        one.hears_of_all()
    finally:
        arena.proxy.requests = arena.proxy.answers = 0.0
    assert arena.proxy.lost.total() > before
    one.fault("requests and answers lost", arena.proxy.lost.total() - before)
    assert not list(audit.verify())


def profile_of(browser: Browser, folder: Path) -> BrowserContext:
    """A browser of its own whose profile stays in a folder."""
    return browser.browser_type.launch_persistent_context(
        str(folder), executable_path=chromium_path(), args=ARGUMENTS, viewport=SIZE)  # type: ignore[arg-type]


def kill_browser(folder: Path) -> None:
    """SIGKILL to every process that was started with this profile, by its number."""
    mark = f"--user-data-dir={folder}".encode()
    for process in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if mark in (process / "cmdline").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


def test_the_browser_is_killed_between_two_taps(tablet: Maker, browser: Browser, tmp_path: Path) -> None:
    context = profile_of(browser, tmp_path)
    one = tablet(context)
    one.begin()
    one.tap("20")
    one.page.route("**/api/judging/*", lambda route: route.abort())
    one.tap("19", "30")
    one.is_saved(4)
    kill_browser(tmp_path)
    one.fault("browser killed")
    with suppress(Exception):
        context.close()
    context = profile_of(browser, tmp_path)
    try:
        one.page = context.new_page()
        one.page.goto(f"{one.live.address}/judge/")
        one.choose(0)
        assert one.page.locator(".jt-total b").inner_text() == "69"
        one.tap("8")
        assert one.settled() == one.tapped
    finally:
        context.close()


def test_two_pages_of_one_tablet(tablet: Maker) -> None:
    one = tablet()
    one.begin()
    other = tablet(one.context)
    other.page.goto(f"{other.live.address}/judge/")
    other.choose(0)
    one.fault("second page")
    one.context.set_offline(True)
    one.fault("network cut")
    one.tap("20")
    other.page.bring_to_front()
    other.at, other.tapped = 1, one.tapped
    other.page.get_by_role("button", name="香气").click()
    other.tap("19")
    one.page.bring_to_front()
    one.at = 2
    one.page.get_by_role("button", name="滋味").click()
    one.tap("30")
    one.context.set_offline(False)
    assert one.settled() == one.tapped


def test_two_tablets_at_one_seat(tablet: Maker) -> None:
    one, other = tablet(), tablet()
    one.begin()
    one.tap("20")
    assert one.settled() == one.tapped
    one.context.set_offline(True)
    one.fault("network cut")
    late = len(one.tapped)
    one.tap("19")
    one.is_saved(2)
    other.begin()
    one.fault("takeover")
    expect(other.page.locator(".jt-total b")).to_have_text("20")
    other.tapped, other.at = one.tapped[:late], 1
    other.tap("18", "30")
    assert other.settled() == other.tapped
    one.context.set_offline(False)
    expect(one.page.get_by_role("alert").get_by_text("本座位已由另一台平板接管")).to_be_visible()
    expect(one.page.get_by_role("button", name="7", exact=True)).to_have_count(0)
    assert one.settled(one.tapped[late:], "quarantined") == one.tapped[late:]
    assert other.settled() == other.tapped


def test_the_sign_in_ends_while_the_tablet_is_offline(tablet: Maker) -> None:
    one = tablet()
    one.begin()
    one.tap("20")
    assert one.settled() == one.tapped
    one.context.set_offline(True)
    one.tap("19", "30")
    one.is_saved(4)
    with atomic():
        device = db.session.scalars(select(Device).where(Device.seat_id == one.card.seat_id)).one()
        device.expires_at = now() - timedelta(minutes=1)
        audit.record("test.expired", actor=SYSTEM, subject=("device", device.id), at=now())
    one.fault("sign-in over")
    one.context.set_offline(False)
    expect(one.page.get_by_text("登录已到期")).to_be_visible()
    one.tap("8")
    one.page.get_by_role("button", name="输入 PIN").click()
    one.type(one.card.pin)
    assert one.settled() == one.tapped


A_DAY_AHEAD = """(() => { const Real = Date, ahead = 86400000;
  globalThis.Date = class extends Real {
    constructor(...said) { if (said.length) super(...said); else super(Real.now() + ahead); }
    static now() { return Real.now() + ahead; }
  }; })()"""


def test_the_clock_of_the_tablet_is_a_day_ahead(tablet: Maker) -> None:
    one = tablet(script=A_DAY_AHEAD)
    one.begin()
    one.fault("clock a day ahead")
    one.tap("20")
    one.context.set_offline(True)
    one.tap("19")
    one.is_saved(2)
    one.context.set_offline(False)
    assert one.settled() == one.tapped
    for event in one.stored("accepted"):
        assert event.client_at is not None
        assert event.client_at - event.received_at > timedelta(hours=23)
        assert abs(event.received_at - now()) < timedelta(minutes=10)


def test_server_and_page_are_replaced_while_the_outbox_is_full(tablet: Maker, arena: Arena) -> None:
    one, version = tablet(), page_build("tablet").version
    one.open()
    wait_until_kept(one.page)
    one.choose(0)
    one.context.set_offline(True)
    one.tap("20", "19", "30", "8")
    one.is_saved(7)
    arena.server.stop()
    one.fault("server replaced")
    arena.server.start()
    arena.proxy.newer = (version.encode(), b"newer-page")
    one.fault("page replaced")
    try:
        one.context.set_offline(False)
        one.page.evaluate("document.querySelector('judge-app').shell.works.update()")
        expect(one.page.get_by_text("评分页面有新版本")).to_be_visible()
        one.tap("4")
        assert one.settled() == one.tapped
        one.page.get_by_role("button", name="作品列表").click()
        expect(one.page.locator("meta[name='app-version'][content='newer-page']")).to_have_count(1)
        assert one.settled() == one.tapped
    finally:
        arena.proxy.newer = None
