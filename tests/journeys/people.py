"""A person in front of the pages: reads words, fills in labels, presses buttons; knows no address but the first one."""

import re
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

SECONDS = 45_000.0
SIZES = {"desk": (1280, 900), "phone": (390, 844), "tablet": (1180, 820)}
PASSWORD = "青海湖畔 拉面 飘香 2026"


class Person:
    """One browser of its own, on a desk, a phone or a tablet."""

    def __init__(self, browser: Browser, address: str, *, device: str = "desk", name: str = "") -> None:
        width, height = SIZES[device]
        self.address, self.device, self.name = address, device, name
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=device != "desk",
            is_mobile=device == "phone", accept_downloads=True)
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
        self.page.goto(path if path.startswith("http") else self.address + path)

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

    def press(self, word: str) -> None:
        """Press a button and wait for what follows."""
        button = self.page.get_by_role("button", name=word, exact=True)
        (button.first if button.count() else self.page.get_by_role("button", name=re.compile(rf"^{re.escape(word)}")).first).click()
        self.page.wait_for_load_state()

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

    def link(self, word: str) -> Locator:
        """The link with exactly these words."""
        return self.page.get_by_role("link", name=word, exact=True)

    def stays_narrow(self) -> None:
        """No page is wider than the phone."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """What is on the screen, with few colours so that the file stays small."""
        self.page.evaluate("window.scrollTo(0, 0)")
        with Image.open(BytesIO(self.page.screenshot(full_page=whole))) as shot:
            shot.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)

    # ---- signing in ----

    def sign_in(self, login: str) -> Self:
        """By login and password."""
        self.open("/")
        self.follow("登录")
        self.type({"手机号或登录名": login, "密码": PASSWORD})
        self.press("登录")
        return self
