"""Eligibility review, union by union: a return with its reason, and batches with their preview."""

from collections.abc import Sequence

from playwright.sync_api import expect

from tests.journeys.entering import Contestant
from tests.journeys.organizing import CONTEST
from tests.journeys.people import Person

REASON = "请写明门店全称，与营业执照一致"


def send_back(clerk: Person, who: Contestant) -> None:
    """Return one entry with what to change."""
    clerk.work("报名审核", "去审核")
    clerk.follow(who.name)
    clerk.misses(who.document, who.phone)
    clerk.tick("退回修改")
    clerk.press("提交审核意见")
    clerk.sees("没有提交，还需要改")
    clerk.tick("退回修改")
    clerk.type({"理由": REASON})
    clerk.press("提交审核意见")
    clerk.sees(f"已办理：{who.name}，退回修改。")


def correct(person: Person, who: Contestant) -> None:
    """The contestant reads why, changes it and hands in again."""
    person.open("/")
    person.follow("我的报名", CONTEST)
    person.sees(REASON)
    person.picture("entry-returned", ring=person.link("修改并重新提交"))
    person.follow("修改并重新提交")
    person.press("下一步：工作信息")
    person.type({"工作单位": f"{who.employer}（海东）"})
    person.press("下一步：参赛项目")
    person.press("下一步：核对提交")
    person.tick("单独同意为报名和资格审核处理我的证件号码", "以上信息真实")
    person.press("重新提交报名")
    person.sees("报名已提交，等待审核。")


def approve_one(clerk: Person, who: Contestant) -> None:
    """Approve one entry on its page."""
    clerk.work("报名审核", "去审核")
    clerk.follow(who.name)
    clerk.tick("通过")
    clerk.picture("review-entry", ring=clerk.button("提交审核意见"))
    clerk.press("提交审核意见")
    clerk.sees(f"已办理：{who.name}，通过。")


def approve_together(clerk: Person, people: Sequence[Contestant]) -> None:
    """Choose all that wait, look at who exactly it would be, then confirm."""
    clerk.work("报名审核", "去审核")
    clerk.page.get_by_label("全选本页").check()
    clerk.picture("review-choose", ring=clerk.button("预览批量通过"))
    clerk.press("预览批量通过")
    clerk.sees("还没有办理。请逐人核对名单，再确认。", *(who.name for who in people))
    expect(clerk.page.get_by_role("button", name=f"确认 {len(people)} 人通过")).to_be_visible()
    clerk.picture("review-batch", ring=clerk.button("确认"))
    clerk.press(f"确认 {len(people)} 人通过")
    clerk.sees(f"已办理 {len(people)} 份报名：通过。")


def reads_of_approval(person: Person) -> None:
    """The contestant sees where the entry stands and what comes next."""
    person.open("/")
    person.follow("我的报名")
    person.sees("已通过")
    person.picture("my-entries")
    person.stays_narrow()


def reads_the_own_data(person: Person, who: Contestant) -> None:
    """What is kept of oneself stands on one page, found from the own name at the top."""
    person.page.locator("summary").filter(has_text=who.name).first.click()
    person.follow("我的账号", "查看我的信息")
    person.sees(who.name, "下载全部", "撤回同意", "删除我的信息")
    person.stays_narrow()
    person.picture("my-data")
