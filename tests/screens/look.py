"""Looks at pages in a browser: a picture, whether anything is wider than the screen, what axe and the console say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab

from competition.bootstrap.steps import ROOT
from tests.screens.walk import VISITOR, Page

SIZES = {"phone": (390, 844), "tablet": (1180, 820), "upright": (820, 1180), "desktop": (1440, 900)}
# What is left of a desk's screen at 200 % and at 400 %.
ZOOMED = {"half": (720, 450), "quarter": (360, 225)}
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async (rules) => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']});
  const why = node => (node.any[0] || node.all[0] || node.none[0] || {message: ''}).message;
  return found.violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => `${n.target.join(' ')} (${why(n)})`).join('; ')}`);
}"""
WIDER = """() => {
  if (document.documentElement.scrollWidth <= document.documentElement.clientWidth) return '';
  const far = [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
  return 'wider than the screen: ' + far.slice(0, 3).map(e => e.tagName.toLowerCase() + '.' + e.className).join(', ');
}"""
# On a busy machine a picture would show a menu that stays in place before its words are drawn.
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Words that are cut off without a sign: the box is too small for them and does not scroll.
CUT = """() => {
  const clipped = [...document.querySelectorAll('main *, header *')].filter(e => {
    if (e.clientWidth < 8 || e.closest('.visually-hidden, .skip-link, svg, .chart, [aria-hidden="true"]')) return false;
    const style = getComputedStyle(e);
    const cuts = side => ['hidden', 'clip'].includes(side);
    const wide = cuts(style.overflowX) && style.textOverflow !== 'ellipsis' && e.scrollWidth > e.clientWidth + 2;
    const tall = cuts(style.overflowY) && e.scrollHeight > e.clientHeight + 2;
    return (wide || tall) && e.innerText && e.innerText.trim();
  });
  return clipped.length ? 'cut off: ' + clipped.slice(0, 3).map(e => e.tagName.toLowerCase() + '.' + e.className).join(', ') : '';
}"""


@dataclass
class Looker:
    """Browsers of the roles, opened when they are needed."""

    browser: Browser
    address: str
    language: str = "zh_Hans_CN"
    # Every page is opened with axe in it: quicker than to send it there each time.
    brings_axe: bool = False
    tabs: dict[str, Tab] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def tab(self, who: str) -> Tab:
        """The tab of somebody who has signed in."""
        if who not in self.tabs:
            context = self.browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce")
            if self.brings_axe:
                context.add_init_script(AXE)
            tab = context.new_page()
            tab.on("console", lambda message: self.said.append(message.text) if message.type in ("error", "warning") else None)
            tab.on("pageerror", lambda error: self.said.append(str(error)))
            if who != VISITOR:
                self.sign_in(context, who)
            self.speak(context)
            self.tabs[who] = tab
        return self.tabs[who]

    def sign_in(self, context: BrowserContext, who: str) -> None:
        """One click of the demonstration's start page."""
        answer = context.request.post(f"{self.address}/demo/sign-in/{who}")
        assert answer.ok, f"{who}: {answer.status}"

    def look(self, page: Page, sizes: list[str], *, pictures: Path | None = None) -> list[str]:
        """What is wrong with the page, a line each."""
        tab, faults = self.tab(page.who), list[str]()
        for number, size in enumerate(sizes):
            width, height = SIZES[size]
            tab.set_viewport_size({"width": width, "height": height})
            self.said.clear()
            tab.goto(self.address + page.path, wait_until="load")
            faults.extend(f"{size}: {line}" for line in (tab.evaluate(WIDER), *self.said) if line)
            if number == 0 or size == sizes[-1]:
                faults.extend(f"{size}: axe {line}" for line in axe(tab))
            if pictures:
                tab.evaluate(PAINTED)
            self.picture(tab, page.name, [size], pictures)
        return [f"{page.endpoint} ({page.who}, {page.path}): {fault}" for fault in faults]

    def see(self, tab: Tab, name: str, sizes: list[str], *, pictures: Path | None = None) -> list[str]:
        """What is wrong with a page as it stands, however it came to stand so; a line each."""
        faults = list[str]()
        for number, size in enumerate(sizes):
            width, height = SIZES[size]
            tab.set_viewport_size({"width": width, "height": height})
            faults.extend(f"{name} ({size}): {line}" for line in (tab.evaluate(WIDER), tab.evaluate(CUT)) if line)
            if number == 0 or size == sizes[-1]:
                faults.extend(f"{name} ({size}): axe {line}" for line in axe(tab))
            if pictures:
                tab.evaluate(PAINTED)
            self.picture(tab, name, [size], pictures)
        return faults

    def picture(self, tab: Tab, name: str, sizes: list[str], pictures: Path | None) -> None:
        """A picture in each size, where pictures are wanted."""
        for size in sizes if pictures else ():
            width, height = SIZES[size]
            tab.set_viewport_size({"width": width, "height": height})
            if size == "phone" and (whole := tab.evaluate("document.documentElement.scrollHeight")) > height:
                # The bar at the foot would stand in the middle of the picture.
                tab.set_viewport_size({"width": width, "height": whole})
            (pictures / size).mkdir(parents=True, exist_ok=True)
            tab.screenshot(path=pictures / size / f"{name}.png", full_page=True)

    def speak(self, context: BrowserContext) -> None:
        """Let a browser read in the chosen language."""
        if self.language != "zh_Hans_CN":
            context.request.post(f"{self.address}/language", form={"locale": self.language, "next": "/"})

    def measure(self, page: Page, sizes: list[str]) -> list[str]:
        """What is too wide or cut off when the page is enlarged to these sizes, a line each."""
        tab, faults = self.tab(page.who), list[str]()
        width, height = SIZES["desktop"]
        tab.set_viewport_size({"width": width, "height": height})
        tab.goto(self.address + page.path, wait_until="load")
        for size in sizes:
            width, height = ZOOMED[size]
            tab.set_viewport_size({"width": width, "height": height})
            # Charts and menus follow a change of size with the next frame.
            tab.evaluate(PAINTED)
            faults.extend(f"{size}: {line}" for line in (tab.evaluate(WIDER), tab.evaluate(CUT)) if line)
        return [f"{page.endpoint} ({page.who}, {page.path}): {fault}" for fault in faults]

    def look_at_tablet(self, link: str, pin: str, sizes: Iterable[str] = tuple(SIZES), *, pictures: Path | None = None) -> list[str]:
        """The judge's tablet: the PIN, the list of works, the first sheet."""
        faults: list[str] = []
        for size in sizes:
            tab = self.tablet(size)
            tab.goto(self.address + link)
            for name in ("pin", "works", "sheet"):
                if name == "pin":
                    tab.locator(".jt-pad").wait_for()
                elif name == "works":
                    type_pin(tab, pin)
                elif name == "sheet":
                    open_sheet(tab)
                faults.extend(f"tablet {name} ({size}): {line}" for line in (tab.evaluate(WIDER), *axe(tab)) if line)
                if pictures is not None:
                    (pictures / size).mkdir(parents=True, exist_ok=True)
                    tab.screenshot(path=pictures / size / f"tablet-{name}.png")
            tab.context.close()
        return faults

    def tablet(self, size: str) -> Tab:
        """A judge's browser of its own."""
        width, height = SIZES[size]
        context = self.browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": width, "height": height})
        self.speak(context)
        return context.new_page()

    def close(self) -> None:
        """Everybody goes home."""
        for tab in self.tabs.values():
            tab.context.close()
        self.tabs.clear()


def type_pin(tab: Tab, pin: str) -> None:
    """Open the seat with its PIN."""
    for sign in pin:
        tab.get_by_role("button", name=sign, exact=True).click()
    tab.get_by_text(re.compile("已提交|Handed in|Submitted")).first.wait_for()


def open_sheet(tab: Tab) -> None:
    """Go to the first work that is to be marked."""
    # The first work: those that have been handed in stand behind, and are shown for reading only.
    tab.get_by_role("list").get_by_role("button").first.click()
    tab.locator("nav.jt-strip").wait_for()


def axe(tab: Tab) -> list[str]:
    """What axe finds against WCAG 2.2 AA on the page as it stands."""
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE)
    found: list[Any] = tab.evaluate(RUN_AXE, RULES)
    return [str(line) for line in found]
