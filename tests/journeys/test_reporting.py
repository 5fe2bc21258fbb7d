"""What a county clerk reports, what the prefecture answers, what a leader reads: in the small demonstration, with the guides' pictures."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.people import Person
from tests.live import Live
from tests.pictures import picture
from tests.screens import world
from tests.services import free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(2400)]
LABOUR, DRILL = "重点工程劳动竞赛（演示）", "海东市岗位练兵（演示）"
SomeBody = Callable[[str], Person]


@pytest.fixture
def somebody(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SomeBody]:
    """Whoever a visitor of the demonstration can be, by the key of the role."""
    live, people = Live(world.make(tmp_path_factory.mktemp("reporting")), free_port()), list[Person]()
    live.start()

    def become(key: str) -> Person:
        people.append(Person(browser, live.address))
        people[-1].open("/demo/")
        people[-1].page.locator(f"form[action$='/sign-in/{key}'] button").first.click()
        people[-1].page.wait_for_load_state()
        return people[-1]

    yield become
    for one in people:
        one.context.close()
    live.stop()


def test_a_county_reports_a_prefecture_answers_and_a_leader_reads(somebody: SomeBody) -> None:
    county = somebody("county_clerk")
    a_bulk_figure_is_reported(county)
    a_roster_is_looked_through(county)
    an_activity_is_declared_and_reported(county)
    the_prefecture_gives_one_back(somebody("prefecture_clerk"))
    the_leader_reads(somebody("leader"))


def a_bulk_figure_is_reported(county: Person) -> None:
    """Five pages from the list to the return on its way."""
    county.work("活动上报")
    county.picture("returns", ring=county.link("新建上报"))
    county.follow("新建上报")
    row = county.row(LABOUR)
    county.picture("return-choose", ring=row.get_by_role("link", name=re.compile("^上报这项")))
    row.get_by_role("link", name=re.compile("^上报这项")).click()
    county.tick("按总数")
    county.picture("return-begin", ring=county.button("下一步：填数字"))
    county.press("下一步：填数字")
    county.type({"参加人数": "186", "其中已实名登记的人数": "20", "提出合理化建议": "31", "创造经济效益": "929.95"})
    county.press("只保存")
    county.sees("提交以前请补上依据材料")
    county.follow("填写数字")
    county.page.locator("input[type=file]").set_input_files(
        {"name": "参赛统计表.jpg", "mimeType": "image/jpeg", "buffer": picture().getvalue()})
    county.picture("return-figures", ring=county.page.locator("input[type=file]"))
    county.press("保存并预览")
    county.sees("929.95 万元")
    county.picture("return-submit", ring=county.button("确认提交"))
    county.press("确认提交")
    county.sees("现在由海东市总工会审核")
    county.picture("return-way")


def a_roster_is_looked_through(county: Person) -> None:
    """One number of the table is damaged."""
    county.work("活动上报")
    county.row(DRILL, "草稿").get_by_role("link").first.click()
    county.follow("读入名册", "岗位练兵名册（演示）.csv")
    county.sees("后几位已丢失")
    county.picture("return-roster", ring=county.button("只导入没有问题的"))


def an_activity_is_declared_and_reported(county: Person) -> None:
    """What is usual is there already; the stage that is due stands on the activity's page."""
    county.work("竞赛活动")
    county.picture("activities", ring=county.link("申报活动"))
    county.follow("申报活动")
    assert county.field("主办单位").input_value() == "化隆回族自治县总工会"
    county.picture("activity-new")
    county.work()
    county.page.get_by_role("main").get_by_role("link", name=re.compile("要提交阶段小结")).first.click()
    county.page.wait_for_load_state()
    county.type({"本阶段做了什么、效果如何": "十二个班组开展对抗赛，推广先进操作法两项。", "创造经济效益": "36.5"})
    county.picture("activity-stage", ring=county.button("提交小结"))


def the_prefecture_gives_one_back(clerk: Person) -> None:
    """With a reason; the page that follows says which it was."""
    clerk.work("活动上报", "待我审核")
    clerk.page.get_by_role("main").get_by_role("link", name=LABOUR).first.click()
    clerk.tick("退回修改")
    clerk.type({"退回理由": "总数多于会员人数，请按签到表核对。"})
    clerk.picture("return-review", ring=clerk.button("提交审核意见"))
    clerk.press("提交审核意见")
    clerk.sees(f"已退回修改：循化撒拉族自治县总工会的“{LABOUR}”")


def the_leader_reads(leader: Person) -> None:
    """The one number, a prefecture, the bulletin."""
    leader.work("参赛人数")
    leader.picture("leader-figures")
    leader.follow("海东市")
    leader.sees("各县区")
    leader.work("参赛人数", "通报")
    leader.picture("bulletins", ring=leader.page.get_by_text("看通报", exact=True))
    leader.page.get_by_text("看通报", exact=True).first.click()
    leader.sees("一、总体情况")
