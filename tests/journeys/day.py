"""The draw with its papers, the door, and what is measured: times and theory marks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.entering import EVERYBODY
from tests.journeys.organizing import CONTEST
from tests.journeys.papers import close, fill_column, text_of
from tests.journeys.people import Person

ABSENT = EVERYBODY[-1]
PRESENT = EVERYBODY[:-1]


@dataclass(frozen=True)
class Lot:
    """What the coding judge reads of one work."""

    code: str
    name: str
    batch: int
    station: int


def begin(organizer: Person) -> None:
    """The contest starts: nobody enters any more."""
    organizer.at(CONTEST, "开始比赛")
    organizer.picture("begin", ring=organizer.button("开始比赛"))
    organizer.press("开始比赛")
    organizer.sees("已开始")


def draw(coder: Person, event: str) -> dict[str, Lot]:
    """Draw lots for one event; the coding table by code."""
    coder.at(CONTEST, "抽签编码")
    coder.row(event).get_by_role("link").click()
    coder.picture("draw-before", ring=coder.button("为"))
    coder.press(f"为 {len(EVERYBODY)} 个参赛者抽签")
    coder.sees(f"抽签完成：{len(EVERYBODY)} 个参赛者分到")
    coder.follow("查看编码表")
    coder.sees("这次查看已记入操作记录")
    lots = {}
    for row in coder.page.get_by_role("table", name="编码表").locator("tbody tr").all():
        code, batch, station, who = (cell.strip() for cell in row.locator("td, th").all_inner_texts())
        name = next(one.name for one in EVERYBODY if one.name in who)
        lots[code] = Lot(code, name, int(batch), int(station))
    assert sorted(lot.name for lot in lots.values()) == sorted(one.name for one in EVERYBODY)
    return lots


def print_labels(coder: Person, event: str, lots: Mapping[str, Lot], folder: Path) -> None:
    """Labels hold the codes and nobody's name."""
    coder.at(CONTEST, "打印秩序册和证件")
    cell = coder.row(event).locator("td").nth(2)
    text = close(text_of(coder.take(cell.get_by_role("link", name="PDF"), folder / f"作品号标签-{event}.pdf")))
    assert all(code in text for code in lots)
    assert not any(one.name in text for one in EVERYBODY)


def print_papers(organizer: Person, lots: Mapping[str, Mapping[str, Lot]], folder: Path) -> None:
    """The order book, the sign-in sheets, and the badges, which a job makes."""
    organizer.at(CONTEST, "打印秩序册和证件")
    organizer.picture("papers")
    book = close(text_of(organizer.take_list(organizer.link("下载 PDF"), folder / "秩序册.pdf")))
    assert all(close(one.name) in book for one in EVERYBODY)
    assert not any(code in book for found in lots.values() for code in found)
    for event in lots:
        cell = organizer.row(event).locator("td").nth(0)
        sheet = close(text_of(organizer.take_list(cell.get_by_role("link", name="PDF"), folder / f"签到表-{event}.pdf")))
        assert all(close(one.name) in sheet for one in EVERYBODY)
        assert not any(code in sheet for code in lots[event])
    organizer.press("制作 PDF")
    link = organizer.page.get_by_role("main").get_by_role("link", name=re.compile("PDF|打开|下载")).first
    expect(link).to_be_visible(timeout=120_000)
    badges = close(text_of(organizer.take(link, folder / "参赛证.pdf")))
    assert all(close(one.name) in badges for one in EVERYBODY)


def check_in(door: Person, event: str) -> None:
    """On a phone: one by the number, the others by a tap each, and who has not come is absent."""
    door.at(CONTEST, "检录")
    door.stays_narrow()
    door.follow(event)
    door.stays_narrow()
    whole = door.page.get_by_role("link", name=re.compile("^全部 "))
    if whole.count():
        whole.click()
    first, *others = PRESENT
    number = door.page.locator("li", has_text=first.name).locator(".door-number").first.inner_text()
    door.page.get_by_label(re.compile("^参赛编号")).fill(number)
    door.press("检录")
    door.sees(f"{number} {first.name} 现为“已检录”")
    door.picture("check-in")
    for one in others:
        door.press(f"检录 {one.name}")
        door.sees(f"{one.name} 现为“已检录”")
    door.follow("其余 1 个记为缺考")
    door.sees(ABSENT.name)
    door.picture("check-in-absent", ring=door.button("将 1 个记为缺考"))
    door.press("将 1 个记为缺考")
    door.sees("已将 1 个未检录的参赛者记为缺考")
    door.stays_narrow()


def enter_times(timekeeper: Person, event: str, times: Mapping[str, str]) -> None:
    """One time for each work, by its code alone."""
    timekeeper.at(CONTEST, "评分")
    timekeeper.row(event).get_by_role("link", name="录入").click()
    timekeeper.misses(*(one.name for one in EVERYBODY))
    for code, time in times.items():
        timekeeper.follow(code)
        timekeeper.type({"用时": time})
        timekeeper.picture("figures", ring=timekeeper.button("记录"))
        timekeeper.press("记录")
        timekeeper.sees(f"{code} 已记录")


def import_theory(scorekeeper: Person, event: str, marks: Mapping[str, str], folder: Path) -> None:
    """A workbook with a mark too many is refused whole; the right one is previewed, then taken."""
    scorekeeper.at(CONTEST, "评分")
    scorekeeper.row(event).get_by_role("link", name="录入").click()
    template = scorekeeper.take(scorekeeper.link("下载录入模板"), folder / "理论模板.xlsx")
    wrong = fill_column(template, folder / "理论-初稿.xlsx", {**marks, next(iter(marks)): "101"})
    _upload(scorekeeper, wrong)
    scorekeeper.sees("有错误的行改好之后重新上传。现在没有导入任何一项。")
    scorekeeper.at(CONTEST, "评分")
    scorekeeper.row(event).get_by_role("link", name="录入").click()
    _upload(scorekeeper, fill_column(template, folder / "理论.xlsx", marks))
    scorekeeper.picture("theory-import", ring=scorekeeper.button("导入"))
    scorekeeper.press(f"导入 {len(marks)} 项")
    scorekeeper.sees(f"已导入 {len(marks)} 项。")


def _upload(scorekeeper: Person, path: Path) -> None:
    scorekeeper.page.get_by_text("从 Excel 导入").click()
    scorekeeper.page.get_by_label("填好的表格").set_input_files(path)
    scorekeeper.press("上传并预览")


def deduct(scorekeeper: Person, event: str, code: str, points: str) -> None:
    """Points off for a breach of discipline."""
    scorekeeper.at(CONTEST, "评分")
    scorekeeper.row(event).get_by_role("link", name="录入").click()
    scorekeeper.follow(code)
    scorekeeper.type({"违反赛场纪律": points})
    scorekeeper.press("记录")
    scorekeeper.sees(f"{code} 已记录")
