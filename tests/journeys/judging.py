"""Panels and cards, the judges' tablets, the chief judge's board."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.office import decide
from tests.journeys.organizing import CONTEST
from tests.journeys.papers import text_of
from tests.journeys.people import SECONDS, Person

JUDGES = ("演练裁判一", "演练裁判二", "演练裁判三")


@dataclass(frozen=True)
class Card:
    """What is printed on a seat card."""

    number: str
    pin: str


def set_up_panel(chief: Person, event: str, folder: Path) -> list[Card]:
    """A panel of three with its judges and its printed cards."""
    chief.at(CONTEST, "裁判组和座位卡")
    chief.choose({"项目": event})
    chief.type({"裁判组名称": f"{event}裁判组", "座位数": str(len(JUDGES))})
    chief.press("建立裁判组")
    chief.sees(f"已建立裁判组“{event}裁判组”")
    for number, judge in enumerate(JUDGES, 1):
        chief.page.get_by_role("table", name=event).get_by_role("row").filter(has_text=f"{number} 号").get_by_role("link").click()
        chief.type({"姓名": judge, "工作单位": f"演练单位{number}"})
        chief.press("安排到本座位")
        chief.sees(f"{number} 号座位已安排 {judge}。")
    card = chief.page.locator(".card").filter(has_text=f"{event} · {event}裁判组").first
    chief.picture("panels", ring=card.get_by_role("button", name="制作全部座位卡（PDF）"))
    with chief.page.expect_download(timeout=SECONDS) as waiting:
        card.get_by_role("button", name="制作全部座位卡（PDF）").click()
    path = folder / f"座位卡-{event}.pdf"
    waiting.value.save_as(path)
    chief.sees(f"已制作 {len(JUDGES)} 张座位卡")
    return read_cards(text_of(path))


def read_cards(text: str) -> list[Card]:
    """The cards in the order of their seats."""
    pins = ["".join(found) for found in re.findall(r"PIN\s*(\d{3})\s*(\d{3})", text)]
    lines = [re.sub(r"\s", "", line) for line in text.splitlines() if re.fullmatch(r"\s*([A-Z2-7]{4}\s+){3,}[A-Z2-7]{4}\s*", line)]
    joined = "".join(lines)
    numbers = [joined[start:start + 20] for start in range(0, len(joined), 20)]
    assert len(pins) == len(numbers) == len(JUDGES), text
    return [Card(number, pin) for number, pin in zip(numbers, pins, strict=True)]


def open_round(chief: Person, event: str) -> None:
    """Let the judges begin."""
    chief.at(CONTEST, "评分")
    chief.row(event).get_by_role("link", name="看板").click()
    chief.ask("开放本轮评分")
    chief.picture("round-open", ring=chief.button("开放本轮评分"))
    chief.press("开放本轮评分")
    chief.sees("已开放，裁判员的平板上可以评分了。")


def open_seat(judge: Person, card: Card) -> None:
    """Type what the card says; a tablet that has a seat open asks for the other card first."""
    judge.open("/judge/")
    other = judge.page.get_by_role("button", name="换一张座位卡")
    number = judge.page.get_by_label("卡号（20 位，不分大小写，空格可以不输）")
    expect(number.or_(other).first).to_be_visible(timeout=SECONDS)
    if other.is_visible():
        other.click()
    judge.picture("seat-card", ring=number)
    number.fill(card.number)
    judge.page.get_by_role("button", name="下一步：输入 PIN").click()
    judge.picture("seat-pin")
    for digit in card.pin:
        judge.page.get_by_role("button", name=digit, exact=True).click()
    expect(judge.page.get_by_text(re.compile(r"已提交 \d+ 件")).first).to_be_visible(timeout=SECONDS)
    judge.picture("works")


def looks_around(judge: Person, code: str) -> None:
    """A work is found by its label, and the batch has a clock; neither changes a mark."""
    page = judge.page
    page.get_by_role("button", name="扫作品码评分").click()
    expect(page.get_by_text("或输入标签上的作品号")).to_be_visible(timeout=SECONDS)
    judge.picture("scan")
    page.get_by_role("button", name="作品列表").click()
    page.locator(".jt-tile").filter(has_text=code).click()
    page.locator(".jt-timer").click()
    page.get_by_role("button", name="开始计时").click()
    judge.picture("timer", ring=page.get_by_role("button", name="按晚了"))
    page.get_by_role("button", name="返回评分").click()
    page.get_by_role("button", name="作品列表").click()


def mark(judge: Person, code: str, values: Sequence[str]) -> None:
    """One work: every criterion on the pad, looked over, handed in."""
    page = judge.page
    page.locator(".jt-tile").filter(has_text=code).click()
    for at, value in enumerate(values):
        for sign in value:
            page.get_by_role("button", name=sign, exact=True).click()
        judge.picture("mark", ring=page.get_by_role("button", name="下一项"))
        if at < len(values) - 1:
            page.get_by_role("button", name="下一项").click()
    page.get_by_role("button", name="核对并提交").click()
    judge.picture("hand-in", ring=judge.button("提交本件评分"))
    page.get_by_role("button", name="提交本件评分").click()
    expect(page.get_by_role("heading", name="已提交评分")).to_be_visible(timeout=SECONDS)
    page.get_by_role("button", name="作品列表").click()


def loses_the_network(judge: Person, code: str, value: str) -> None:
    """Without a network marks stay on the tablet and say so; with it they are sent by themselves."""
    page = judge.page
    page.locator(".jt-tile").filter(has_text=code).click()
    judge.context.set_offline(True)
    for sign in value:
        page.get_by_role("button", name=sign, exact=True).click()
    page.get_by_role("button", name="下一项").click()
    expect(page.get_by_text(re.compile("离线（.+ 起）· 待上传")).first).to_be_visible(timeout=SECONDS)
    judge.picture("offline")
    judge.context.set_offline(False)
    expect(page.get_by_text(re.compile("服务器已收到")).first).to_be_visible(timeout=SECONDS)
    page.get_by_role("button", name="上一项").click()
    page.get_by_role("button", name="清空", exact=True).click()
    page.get_by_role("button", name="作品列表").click()


def board(chief: Person, event: str) -> None:
    """The board of an event's round."""
    chief.at(CONTEST, "评分")
    chief.row(event).get_by_role("link", name="看板").click()


def lock(chief: Person, event: str, name: str) -> None:
    """Lock a round; its name is typed."""
    board(chief, event)
    chief.follow("锁定本轮")
    chief.page.get_by_label("请输入名称以确认").fill(name)
    chief.picture("lock", ring=chief.button("锁定本轮"))
    chief.press("锁定本轮")
    chief.sees(f"“{name}”已锁定。")


def unlock(chief: Person, supervisor: Person, event: str, reason: str) -> None:
    """Asked by one, approved by another."""
    board(chief, event)
    chief.follow("申请解锁")
    chief.type({"理由": reason})
    chief.press("提出解锁申请")
    chief.sees("已提出解锁申请，等待另一人批准。")
    decide(supervisor, event)


def reads_what_is_missing(chief: Person, event: str, done: int, needed: int) -> None:
    """While a judge still marks, the board says how many sheets there are, and the round cannot be locked."""
    board(chief, event)
    expect(chief.page.locator("[data-board-done]")).to_have_text(str(done))
    expect(chief.page.locator("[data-board-needed]")).to_have_text(str(needed))
    chief.follow("锁定本轮")
    chief.sees("项，不能锁定")
    chief.picture("lock-missing")


def looks_before_moving(chief: Person, event: str, code: str, other: str) -> None:
    """A sheet that may have been given to the wrong work: both are looked at, and it stays. Then what each tablet reports."""
    board(chief, event)
    chief.follow(code)
    chief.follow("评错了作品：移到另一件")
    page = chief.page
    page.get_by_label("评分表").select_option(label="1 号裁判")
    page.get_by_label("移到作品").select_option(value=page.get_by_role("option", name=other).get_attribute("value"))
    chief.press("看移动前后")
    chief.sees("移动以后")
    chief.picture("move", whole=True)
    board(chief, event)
    chief.follow("收尾核对：各座位的平板")
    chief.sees("待上传 0")
    chief.picture("close", whole=True)


def send_back(chief: Person, event: str, code: str, seat: int, reason: str) -> None:
    """One sheet goes back to its judge."""
    board(chief, event)
    chief.follow(code)
    chief.choose({"评分表": f"{seat} 号裁判"})
    chief.type({"理由": reason})
    chief.picture("send-back", ring=chief.button("退回给裁判员"))
    chief.press("退回给裁判员")
    chief.sees("已退回")


def mark_again(judge: Person, reason: str, value: str) -> None:
    """On the sheet that came back the judge reads why, gives another first mark, and hands in again."""
    page = judge.page
    expect(page.get_by_text(f"裁判长退回：{reason}")).to_be_visible(timeout=SECONDS)
    page.get_by_role("navigation", name="评分项").get_by_role("button").first.click()
    for sign in value:
        page.get_by_role("button", name=sign, exact=True).click()
    page.get_by_role("button", name="核对并提交").click()
    page.get_by_role("button", name="提交本件评分").click()
    expect(page.get_by_role("heading", name="已提交评分")).to_be_visible(timeout=SECONDS)
