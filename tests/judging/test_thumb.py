"""The scoring screen under a gloved thumb: targets, sizes, letters, contrast; the timer warns and no more; nothing covers the form."""

import re

import pytest
from playwright.sync_api import expect

from competition.core.config import ROOT
from tests.judging.hall import Hall
from tests.judging.seen import faults
from tests.judging.test_tablet_kinds import hall as hall
from tests.screens.look import axe

pytestmark = pytest.mark.browser
SIZES = [(390, 844), (820, 1180), (1180, 820), (360, 740), (844, 390), (1024, 1366), (1366, 1024)]
# What is left of them at the browser's 130 %.
ZOOMED = [(300, 649), (630, 907), (907, 630)]
KINDS = 10


def test_all_letters_grow_with_the_tablets_text() -> None:
    """Sizes in px would stay small when a judge sets large letters."""
    styles = (ROOT / "static/src/judging").glob("*.css")
    assert [(path.name, size) for path in styles for size in re.findall(r"font-size: \d+px", path.read_text(encoding="utf-8"))] == []


def press(hall: Hall, *names: str) -> None:
    for name in names:
        hall.page.get_by_role("button", name=name, exact=True).first.click()


def settings(hall: Hall, *names: str) -> None:
    """Choose in the tablet's settings, then back to the list."""
    press(hall, "作品列表") if hall.page.get_by_role("button", name="作品列表").is_visible() else None
    press(hall, "本机设置", *names, "作品列表")


def look(hall: Hall, view: str, sizes: list[tuple[int, int]]) -> list[str]:
    """What is wrong with the view in these sizes."""
    found = []
    for width, height in sizes:
        hall.page.set_viewport_size({"width": width, "height": height})
        found += [f"{view} {width}x{height}: {fault}" for fault in faults(hall.page)]
    return found


def walk(hall: Hall, sizes: list[tuple[int, int]], with_axe: bool = False) -> list[str]:
    """Every view of scoring, one after the other."""
    found: list[str] = []

    def see(view: str) -> None:
        found.extend(look(hall, view, sizes))
        if with_axe and view in ("habits", "scan", "counts", "criterion 5", "criterion 8", "timer", "review"):
            found.extend(f"{view}: {each}" for each in axe(hall.page))

    see("list")
    press(hall, "本机设置")
    see("habits")
    press(hall, "作品列表")
    hall.page.locator(".jt-row button").nth(1).click()
    hall.page.keyboard.press("A")
    hall.page.keyboard.press("Enter")
    see("scan")
    press(hall, "作品列表")
    hall.choose(0)
    see("counts")
    for number in range(1, KINDS):
        hall.page.locator(".jt-bottom .jt-main").click()
        see(f"criterion {number}")
    hall.page.locator(".jt-timer").click()
    see("timer")
    press(hall, "返回评分")
    hall.page.locator(".jt-evidence-open").click()
    see("evidence")
    hall.page.locator(".jt-bottom .jt-main").click()
    hall.page.locator(".jt-bottom .jt-main").click()
    see("review")
    press(hall, "作品列表")
    return found


def test_every_target_is_large_and_nothing_is_cut_off_at_any_size(hall: Hall) -> None:
    hall.open()
    assert "\n".join(walk(hall, SIZES + ZOOMED, with_axe=True)) == ""


def test_large_letters_and_high_contrast(hall: Hall) -> None:
    hall.page.emulate_media(contrast="more")
    hall.open()
    assert hall.page.evaluate("getComputedStyle(document.querySelector('.jt-list h2')).color") == "rgb(0, 0, 0)"
    settings(hall, "大字")
    assert "\n".join(walk(hall, [(390, 844), (820, 1180), (1180, 820)])) == ""
    assert axe(hall.page) == []
    hall.page.emulate_media(contrast="no-preference")
    hall.page.reload()
    expect(hall.page.locator("html.is-large")).to_have_count(1)
    expect(hall.page.locator("html.is-stark")).to_have_count(0)


def test_the_keys_stand_at_the_chosen_hand(hall: Hall) -> None:
    hall.open()

    def left_of_pad() -> float:
        press(hall, "作品列表") if hall.page.get_by_role("button", name="作品列表").is_visible() else None
        hall.choose(0)
        hall.page.get_by_role("button", name="外观").click()
        box = hall.page.locator(".jt-pad").bounding_box()
        assert box is not None
        return box["x"]

    for width, height in ((1180, 820), (820, 1180)):
        hall.page.set_viewport_size({"width": width, "height": height})
        settings(hall, "左手按键")
        assert left_of_pad() < 20
        assert look(hall, "left", [(width, height)]) == []
        settings(hall, "右手按键")
        assert left_of_pad() > width / 3
        assert look(hall, "right", [(width, height)]) == []


def test_in_english(hall: Hall) -> None:
    hall.open()
    hall.page.get_by_role("button", name="English").click()
    hall.page.get_by_role("button", name="This tablet").click()
    sizes = [(390, 844), (820, 1180), (1180, 820)]
    found = look(hall, "habits", sizes)
    hall.page.get_by_role("button", name="Large").click()
    found += look(hall, "habits large", sizes)
    hall.page.get_by_role("button", name="Works").click()
    found += look(hall, "list", sizes)
    hall.choose(0)
    for number in range(KINDS - 1):
        found += look(hall, f"criterion {number}", sizes)
        hall.page.get_by_role("button", name="Next criterion").click()
    hall.page.locator(".jt-timer").click()
    assert "\n".join(found + look(hall, "timer", sizes)) == ""


def test_the_timer_warns_in_words_and_never_hands_in_or_blocks(hall: Hall) -> None:
    hall.page.clock.install()
    hall.open()
    hall.choose(0)
    hall.page.get_by_role("button", name="外观").click()
    hall.page.locator(".jt-timer").click()
    press(hall, "开始计时")
    # Seconds may pass before it is looked at.
    expect(hall.page.locator(".jt-left b")).to_have_text(re.compile(r"^(30:00|29:\d\d)$"))
    press(hall, "按晚了：提前 1 分钟", "返回评分")
    expect(hall.page.locator(".jt-timer")).to_have_class("jt-plain jt-timer is-running")
    # Nearly a minute is left for what the test itself takes, in both directions: 4:55 now, 0:05 over at the end.
    hall.page.clock.fast_forward("24:05")
    expect(hall.page.get_by_role("status").get_by_text("快到时间")).to_be_attached()
    hall.page.reload()
    hall.choose(0)
    expect(hall.page.locator(".jt-timer")).to_contain_text("快到时间4:")
    hall.page.clock.fast_forward("05:00")
    expect(hall.page.locator(".jt-timer")).to_contain_text("时间已到+0:")
    hall.page.get_by_role("button", name="外观").click()
    hall.type("7")
    expect(hall.page.get_by_text("服务器已收到全部 1 次改动")).to_be_visible()
    assert hall.held() == "look/1=7"
    settings(hall, "不显示")
    hall.choose(0)
    expect(hall.page.locator(".jt-timer")).to_have_count(0)
    expect(hall.page.locator(".jt-clock")).to_be_visible()


def test_the_wheel_changes_nothing(hall: Hall) -> None:
    hall.open()
    hall.choose(0)
    press(hall, "深度超过 0.5 毫米：加一处")
    for target in (".jt-counts input", ".jt-value"):
        box = hall.page.locator(target).bounding_box()
        assert box is not None
        hall.page.mouse.move(box["x"] + 5, box["y"] + 5)
        hall.page.mouse.click(box["x"] + 5, box["y"] + 5)
        hall.page.mouse.wheel(0, 300)
    expect(hall.page.locator(".jt-value b")).to_have_text("0,1")


SPOKEN = """Object.defineProperty(globalThis, "speechSynthesis", { value: {
    getVoices: () => VOICES, cancel() {}, speak: (said) => console.log(`said ${said.lang} ${said.text}`) } });
  globalThis.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };"""


# All figures at once: on a busy machine a driven finger pauses long enough for half a mark to be read.
TYPED = """signs => signs.forEach(sign => document.querySelector(`.jt-pad [aria-label="${sign}"]`).click())"""


def test_the_mark_is_read_aloud_when_the_judge_wants_it(hall: Hall) -> None:
    hall.page.add_init_script(SPOKEN.replace("VOICES", "[{ lang: 'en-US' }, { lang: 'zh-CN' }]"))
    hall.open()
    hall.choose(0)
    hall.page.get_by_role("button", name="外观").click()
    hall.type("7")
    with hall.page.expect_console_message() as heard:
        settings(hall, "读出来")
    assert heard.value.text == "said zh-CN 以后会这样读出分数。"
    hall.choose(0)
    hall.page.get_by_role("button", name="外观").click()
    with hall.page.expect_console_message() as heard:
        hall.page.evaluate(TYPED, ["8", ".", "5"])
    assert heard.value.text == "said zh-CN 外观，8.5"
    hall.page.add_init_script(SPOKEN.replace("VOICES", "[{ lang: 'en-US' }]"))
    hall.page.reload()
    press(hall, "本机设置")
    expect(hall.page.get_by_text("这台平板没有装中文语音，读不出来。")).to_be_visible()
