"""The tablet's storage breaks, or the server's: what was tapped is kept, or the page says that it is not."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic
from competition.judging import queries_seats
from tests.judging.hall import Hall, look_again

pytestmark = pytest.mark.browser

# As WebKit does after the page slept, or any browser on a full tablet: transactions fail so many times.
CUT = """([times, name, why]) => {
  const real = IDBDatabase.prototype.transaction;
  window.mend = () => { IDBDatabase.prototype.transaction = real; };
  IDBDatabase.prototype.transaction = function (...given) {
    if (times-- > 0) throw new DOMException(why, name);
    return real.apply(this, given);
  };
}"""
LOST = ("InvalidStateError", "Connection to Indexed Database server lost")
FULL = ("QuotaExceededError", "")

# A tap's second try comes over a fresh connection, some milliseconds later: mended before it, the storage would take the mark.
TRIED = "() => document.querySelector('judge-app').desk.line"


def test_a_connection_that_is_cut_is_opened_again(hall: Hall) -> None:
    hall.open()
    hall.choose(0)
    hall.page.evaluate(CUT, [1, *LOST])
    hall.mark("20", "19.5")
    expect(hall.page.get_by_text("服务器已收到全部 5 次改动")).to_be_visible()
    assert hall.sent() == ["2", "20", "1", "19", "19.5"]


def test_what_cannot_be_saved_is_never_called_saved(hall: Hall) -> None:
    page = hall.page
    hall.open()
    hall.choose(0)
    hall.mark("20")
    expect(page.get_by_text("服务器已收到全部 2 次改动")).to_be_visible()
    page.evaluate(CUT, [1_000_000, *LOST])
    page.get_by_role("button", name="1", exact=True).click()
    expect(page.get_by_role("heading", name="刚才的评分没有保存")).to_be_visible()
    expect(page.get_by_text("Connection to Indexed Database server lost")).to_be_visible()
    expect(page.get_by_role("listitem")).to_contain_text("香气：1")
    expect(page.get_by_text("已保存到本机")).to_have_count(0)
    expect(page.get_by_role("button", name="7", exact=True)).to_have_count(0)
    page.keyboard.press("9")
    page.get_by_role("button", name="再保存一次").click()
    page.evaluate(TRIED)
    expect(page.get_by_role("heading", name="刚才的评分没有保存")).to_be_visible()
    assert hall.sent() == ["2", "20"]
    page.evaluate("() => { mend(); }")
    page.get_by_role("button", name="再保存一次").click()
    expect(page.get_by_text("服务器已收到全部 3 次改动")).to_be_visible()
    expect(page.locator(".jt-value b")).to_have_text("1")
    assert hall.sent() == ["2", "20", "1"]


def test_a_full_tablet_says_so(hall: Hall) -> None:
    page = hall.page
    hall.open()
    hall.choose(0)
    page.evaluate(CUT, [1_000_000, *FULL])
    hall.type("2")
    expect(page.get_by_role("heading", name="刚才的评分没有保存")).to_be_visible()
    expect(page.get_by_text("存储空间已满")).to_be_visible()
    expect(page.get_by_text(re.compile("已保存到本机"))).to_have_count(0)
    page.evaluate("() => { mend(); }")
    page.get_by_role("button", name="再保存一次").click()
    expect(page.get_by_text("服务器已收到全部 1 次改动")).to_be_visible()
    assert hall.sent() == ["2"]


def test_a_page_that_was_left_behind_by_a_newer_one_says_so(hall: Hall) -> None:
    """A page with a later version opens the same storage: this one lets it, and writes nothing more."""
    hall.open()
    hall.choose(0)
    other = hall.context.new_page()
    other.goto(f"{hall.live.address}/judge/shell/en")
    other.evaluate("""() => new Promise((resolve, reject) => {
      const asked = indexedDB.open("judging", 99);
      asked.onsuccess = () => (asked.result.close(), resolve());
      asked.onblocked = asked.onerror = () => reject(new Error("kept waiting"));
    })""")
    hall.type("2")
    expect(hall.page.get_by_role("heading", name="刚才的评分没有保存")).to_be_visible()
    expect(hall.page.get_by_text("另一个页面已换用新版本")).to_be_visible()
    other.close()


def test_the_page_says_which_server_has_what_by_the_servers_own_word(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """No light turns green because something was sent: the server says its last number, and a gap is told."""
    settings = hall.live.app.extensions["settings"]
    monkeypatch.setitem(hall.live.app.extensions, "settings", replace(settings, server="arena"))
    hall.open()
    hall.choose(0)
    hall.mark("20")
    expect(hall.page.get_by_text("赛场服务器已收到全部 2 次改动")).to_be_visible()
    look_again()
    with atomic():
        device = queries_seats.live_devices([hall.card.seat.id])[hall.card.seat.id][0]
        device.last_seq = 1
        audit.record("test.restored", actor=SYSTEM, subject=("seat", hall.card.seat.id), at=now(), chain=hall.round.contest_id)
    expect(hall.page.get_by_text("服务器少了本机的 1 次改动，请报告裁判长")).to_be_visible()
    expect(hall.page.get_by_text("已收到全部")).to_have_count(0)
