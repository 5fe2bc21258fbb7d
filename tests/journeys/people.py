"""A person in front of the pages: reads words, fills in labels, presses buttons; knows no address but the first one."""

import os
import re
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, FloatRect, Locator, Page, expect

from competition.bootstrap.steps import ROOT

SECONDS = 45_000.0
SIZES = {"desk": (1280, 900), "phone": (390, 844), "tablet": (1180, 820)}
# A desk's picture for a guide shows the page without the menu, narrow enough to be read in a column of text.
CLOSE_UP = (1000, 720)
PICTURES = ROOT / "docs" / "pictures"
# Moves the page only as far as needed, so that what stands above is seen too.
RING = """element => {
  Object.assign(element.style, {outline: "4px solid #c0392b", outlineOffset: "3px", transition: "none"});
  const below = element.getBoundingClientRect().bottom - window.innerHeight + 120;
  if (below > 0) window.scrollBy({top: below, behavior: "instant"});
}"""
NO_RING = "element => Object.assign(element.style, {outline: '', outlineOffset: '', transition: ''})"
# What stays on the screen while the page moves would cover the top of a close-up.
LOOSE_HEADER = "position => document.querySelector('.staff-top')?.style.setProperty('position', position)"
PASSWORD = "青海湖畔 拉面 飘香 2026"


class Person:
    """One browser of its own, on a desk, a phone or a tablet."""

    taken: ClassVar[set[str]] = set()

    def __init__(self, browser: Browser, address: str, *, device: str = "desk", name: str = "") -> None:
        width, height = SIZES[device]
        self.address, self.device, self.name = address, device, name
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=device != "desk",
            is_mobile=device == "phone", device_scale_factor=2 if device == "phone" else 1, accept_downloads=True)
        self.context.set_default_timeout(SECONDS)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.context.close()

    # ---- going ----

    def open(self, path: str = "/") -> None:
        """Type an address: the front door, a link that was handed over, a code that was scanned."""
        address = path if path.startswith("http") else self.address + path
        try:
            self.page.goto(address)
        except Error as error:  # a board that just then renewed itself
            if "interrupted by another navigation" not in str(error):
                raise
            self.page.wait_for_load_state()
            self.page.goto(address)

    def work(self, *words: str) -> None:
        """Begin at the desk and follow the menu."""
        self.open("/")
        self.follow("进入工作台", *words)

    def at(self, contest: str, *words: str) -> None:
        """The contest on the own desk, and on by its menu."""
        self.work()
        self.follow(contest, *words)

    def follow(self, *words: str) -> None:
        """Follow links one after the other by their words, in the page first, in the menu otherwise."""
        for word in words:
            self._link(word).click()
            self.page.wait_for_load_state()

    def _link(self, word: str) -> Locator:
        main, begins = self.page.get_by_role("main"), re.compile(rf"^{re.escape(word)}")
        ways = (main.get_by_role("link", name=word, exact=True), self.link(word), main.get_by_role("link", name=begins),
                self.page.get_by_role("link", name=begins))
        found = next((way for way in ways if way.count()), None)
        menu = self.page.get_by_role("button", name="菜单", exact=True)
        if found is None and menu.is_visible():
            menu.click()
            found = next((way for way in ways if way.count()), None)
        return (found or ways[-1]).first

    # ---- forms ----

    def field(self, label: str) -> Locator:
        """The box under these words, whatever mark (optional, needed) follows them."""
        mark = r"\s*(（?(选填|必填)）?|\*)?\s*$"
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}{mark}"))

    def type(self, answers: dict[str, str]) -> None:
        """Fill in boxes by their labels."""
        for label, value in answers.items():
            self.field(label).fill(value)

    def choose(self, answers: dict[str, str]) -> None:
        """Choose options of lists by their words; part of the words is enough when only one option has them."""
        for label, word in answers.items():
            box = self.field(label)
            options = [text.strip() for text in box.locator("option").all_inner_texts()]
            found = [text for text in options if text == word] or [text for text in options if word in text]
            assert len(found) == 1, f"{label}：{word} → {found or options}"
            box.select_option(label=found[0])

    def tick(self, *words: str) -> None:
        """Tick boxes and radio buttons by their words."""
        for word in words:
            self.page.get_by_label(re.compile(re.escape(word))).first.check()

    def untick(self, *words: str) -> None:
        """Take the ticks away."""
        for word in words:
            self.page.get_by_label(re.compile(re.escape(word))).first.uncheck()

    def press(self, word: str) -> None:
        """Press a button and wait for what follows."""
        button = self.page.get_by_role("button", name=word, exact=True)
        (button.first if button.count() else self.page.get_by_role("button", name=re.compile(rf"^{re.escape(word)}")).first).click()
        self.page.wait_for_load_state()

    def ask(self, word: str) -> None:
        """Open a button that says first what it does."""
        self.page.locator("summary").filter(has_text=re.compile(rf"^\s*{re.escape(word)}\s*$")).first.click()

    # ---- reading ----

    def sees(self, *texts: str) -> None:
        """These words stand on the page."""
        for text in texts:
            expect(self.page.get_by_text(text).first).to_be_visible(timeout=SECONDS)

    def misses(self, *texts: str) -> None:
        """These words do not."""
        words = self.words()
        for text in texts:
            assert text not in words, f"{text} stands on {self.page.url}"

    def words(self) -> str:
        """All that the page says."""
        return self.page.locator("body").inner_text()

    def row(self, *words: str) -> Locator:
        """The row of a table with these words."""
        found = self.page.get_by_role("row")
        for word in words:
            found = found.filter(has_text=word)
        return found.first

    def take(self, link: Locator, path: Path) -> Path:
        """Take the file behind a link; browsers show some kinds and keep others, the bytes are the same."""
        answer = self.context.request.get(self.address + (link.first.get_attribute("href") or ""), timeout=SECONDS)
        assert answer.ok, f"{answer.url}: {answer.status}"
        path.write_bytes(answer.body())
        return path

    def take_list(self, link: Locator, path: Path) -> Path:
        """Take a list: the page behind the link asks what for where people are named, then hands out the file."""
        page = self.context.new_page()
        page.goto(self.address + (link.first.get_attribute("href") or ""))
        purpose = page.get_by_label(re.compile("用途"))
        if purpose.count():
            purpose.fill("赛事组织")
        with page.expect_download(timeout=120_000) as waiting:
            page.get_by_role("button", name="导出文件", exact=True).click()
        waiting.value.save_as(path)
        page.close()
        return path

    def button(self, word: str) -> Locator:
        """The button whose words begin so."""
        return self.page.get_by_role("button", name=re.compile(rf"^{re.escape(word)}")).first

    def link(self, word: str) -> Locator:
        """The link with exactly these words."""
        return self.page.get_by_role("link", name=word, exact=True)

    def stays_narrow(self) -> None:
        """No page is wider than the phone."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url

    # ---- pictures ----

    def picture(self, name: str, *, ring: Locator | None = None, whole: bool = False) -> None:
        """Keep what is on the screen for the README (``whole``) and the guides, when asked to or when there is none yet.

        A red ring shows what is pressed next. Few colours keep the files small.
        """
        path = PICTURES / f"{name}.png"
        if name in self.taken or (os.environ.get("COMP_PICTURES") != "1" and path.exists()):
            return
        self.taken.add(name)
        PICTURES.mkdir(parents=True, exist_ok=True)
        with Image.open(BytesIO(self._shot(ring, close_up=self.device == "desk" and not whole))) as shot:
            shot.convert("RGB").quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)

    def _shot(self, ring: Locator | None, *, close_up: bool) -> bytes:
        width, height = CLOSE_UP if close_up else SIZES[self.device]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
        if close_up:
            self.page.evaluate(LOOSE_HEADER, "static")
        if ring:
            ring.first.evaluate(RING)
        box = self.page.get_by_role("main").bounding_box() if close_up else None
        shot = self.page.screenshot(clip=_seen(box) if box else None)
        if ring:
            ring.first.evaluate(NO_RING)
        self.page.evaluate(LOOSE_HEADER, "")
        width, height = SIZES[self.device]
        self.page.set_viewport_size({"width": width, "height": height})
        return shot

    # ---- signing in ----

    def sign_in(self, login: str) -> Self:
        """By login and password."""
        self.open("/")
        self.follow("登录")
        self.type({"手机号或登录名": login, "密码": PASSWORD})
        self.press("登录")
        return self


def _seen(box: FloatRect) -> FloatRect:
    """The part of a box that is on the screen of a close-up, from the top of the box or of the screen."""
    top = max(box["y"], 0.0)
    return {"x": box["x"], "y": top, "width": box["width"], "height": min(box["y"] + box["height"], CLOSE_UP[1]) - top}
