"""Sums checked, codes opened, results published by two people, and what the public and a contestant then see."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.journeys.entering import Contestant
from tests.journeys.numbers import ByHand
from tests.journeys.office import decide
from tests.journeys.organizing import CONTEST
from tests.journeys.papers import close, text_of
from tests.journeys.people import Person


def check_sums(scorekeeper: Person, supervisor: Person, event: str) -> None:
    """The scorekeeper adds up again, the supervisor signs."""
    scorekeeper.at(CONTEST, "成绩")
    sums = scorekeeper.page.get_by_role("table", name="统分抽查")
    sums.get_by_role("row").filter(has_text=event).get_by_role("link").click()
    scorekeeper.press("抽取要核对的作品")
    scorekeeper.sees("份，请逐份核对。")
    scorekeeper.page.get_by_label("全选本页").check()
    scorekeeper.picture("sums", ring=scorekeeper.button("所选各份合计无误"))
    scorekeeper.press("所选各份合计无误")
    scorekeeper.sees("份核对无误。")
    scorekeeper.type({"核对说明": f"{event}逐份相加无误"})
    scorekeeper.press("提请签认")
    scorekeeper.sees("已提请监督签认。")
    decide(supervisor, event)


def open_codes(coder: Person, supervisor: Person, event: str) -> None:
    """Asked for by the coding judge, approved by the supervisor."""
    coder.at(CONTEST, "抽签编码")
    coder.row(event).get_by_role("link").click()
    coder.follow("申请解密")
    coder.type({"理由": f"{event}评分已锁定"})
    coder.picture("open-codes", ring=coder.button("提出解密申请"))
    coder.press("提出解密申请")
    coder.sees("已提出解密申请，等待监督仲裁批准。")
    decide(supervisor, event, "approval-codes")


def publish(organizer: Person, second: Person) -> None:
    """Asked for by one of the office, approved by another."""
    organizer.at(CONTEST, "成绩")
    organizer.follow("申请发布")
    organizer.type({"申请说明": "全部项目核对无误，申请发布"})
    organizer.picture("publish", ring=organizer.button("提出申请"))
    organizer.press("提出申请")
    organizer.sees("已提出发布申请。第二人批准后立即发布。")
    decide(second, "成绩", "approval-publish")


def reads_the_public_page(visitor: Person, scope: str, winners: list[Contestant], absent: Contestant) -> None:
    """Rank, name, team, region and award; no mark, no number, nobody who was not there."""
    visitor.open("/")
    visitor.follow(CONTEST)
    visitor.follow("查看成绩")
    visitor.follow(scope)
    items = visitor.page.get_by_role("main").locator("ol.ranking > li")
    expect(items).to_have_count(len(winners))
    for place, (who, line) in enumerate(zip(winners, items.all_inner_texts(), strict=True), 1):
        assert line.split()[0] == str(place)
        assert who.name in line, (place, who.name, items.all_inner_texts())
        assert who.team in line
    visitor.misses(absent.name, *(who.document for who in winners), *(who.phone for who in winners), *(who.employer for who in winners))
    visitor.stays_narrow()


def prints_the_book(organizer: Person, folder: Path) -> tuple[Path, Path]:
    """成绩册 as a workbook and as PDF."""
    organizer.at(CONTEST, "成绩")
    organizer.follow("成绩册")
    book = organizer.take_list(organizer.link("导出 Excel"), folder / "成绩册.xlsx")
    organizer.press("生成 PDF")
    link = organizer.link("打开成绩册")
    expect(link).to_be_visible(timeout=120_000)
    return book, organizer.take(link, folder / "成绩册.pdf")


def reads_the_explanation(person: Person, who: Contestant, right: ByHand) -> None:
    """The own line with every figure, as it was recomputed by hand."""
    person.open("/")
    person.follow("我的成绩")
    person.sees(CONTEST)
    person.stays_narrow()
    person.picture("my-results", ring=person.link("看计算过程"))
    person.page.locator("dl.facts > div").filter(has_text="总成绩").get_by_role("link", name="看计算过程").click()
    text = close(person.words())
    for figure in (right.overall, right.practical, *right.events.values()):
        assert str(figure) in text, (who.name, figure, text)
    person.stays_narrow()


def reads_the_book(papers: tuple[Path, Path], right: Mapping[Contestant, ByHand], absent: Contestant) -> None:
    """Both hold everybody's overall result; whoever was absent stands there without one."""
    workbook, pdf = papers
    lines = [[str(cell) for cell in row] for sheet in load_workbook(workbook) for row in sheet.iter_rows(values_only=True)]
    text = close(text_of(pdf))
    for who, found in right.items():
        assert any(who.name in line and any(_is(cell, found.overall) for cell in line) for line in lines), who
        assert str(found.overall) in text
    assert f"{absent.name}{absent.team}缺考" in text


def _is(cell: str, value: Decimal) -> bool:
    try:
        return Decimal(cell) == value
    except ArithmeticError:
        return False
