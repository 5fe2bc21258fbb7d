"""Registration: by the contestants on their phones, by clerks for others, by a roster; and the review level by level."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.cast import id_card, phone
from tests.journeys.organizing import CONTEST
from tests.journeys.papers import close, fill_workbook, text_of
from tests.journeys.people import PASSWORD, Person

PREFECTURES = {"haidong": "海东市", "xining": "西宁市"}
COUNTIES = {"haidong": "海东市 化隆回族自治县", "xining": "西宁市 大通回族土族自治县"}
PRACTICAL = ("拉面调汤", "拉面成品")
CONSENTS = ("我已阅读并同意《个人信息处理规则》", "我单独同意处理我的身份证件号码")


@dataclass(frozen=True)
class Contestant:
    """An invented person who enters."""

    name: str
    serial: int
    home: str

    @property
    def document(self) -> str:
        """An ID number with a right check digit in a region that does not exist."""
        return id_card(self.serial)

    @property
    def phone(self) -> str:
        """A number of an invented range."""
        return phone(self.serial)

    @property
    def employer(self) -> str:
        """Where they cook."""
        return f"演练拉面馆{self.serial}号店"

    @property
    def team(self) -> str:
        """The team of their prefecture."""
        return f"{PREFECTURES[self.home]}代表队"


def _contestants(names: str, home: str, first: int) -> list[Contestant]:
    return [Contestant(name, serial, home) for serial, name in enumerate(names.split(), first)]


ON_PHONES = [Contestant("马演𬭎", 701, "haidong"), Contestant("阿卜杜·演练", 702, "xining")]
BY_CLERK = _contestants("韩演三", "haidong", 703) + _contestants("冶演四 绽演五", "xining", 704)
BY_ROSTER = _contestants("马演六 韩演七 喇演八 苏演九 马演十 白演十一 沙演十二", "haidong", 706)
EVERYBODY = [*ON_PHONES, *BY_CLERK, *BY_ROSTER]


def found_team(clerk: Person, home: str) -> None:
    """A prefecture's team."""
    clerk.work("报名审核")
    clerk.follow(CONTEST, "代表队", "组建代表队")
    clerk.type({"代表队名称": f"{PREFECTURES[home]}代表队", "领队姓名": "演练领队"})
    clerk.choose({"派出工会": f"{PREFECTURES[home]}总工会"})
    clerk.picture("team", ring=clerk.button("保存代表队"))
    clerk.press("保存代表队")
    clerk.sees(f"已保存“{PREFECTURES[home]}代表队”")


def enter_oneself(person: Person, who: Contestant) -> None:
    """Sign up with both consents, fill in the steps, leave and come back to the draft, look it over, hand it in."""
    person.open("/")
    person.follow(CONTEST)
    person.stays_narrow()
    person.picture("contest", ring=person.link("我要报名"))
    person.follow("我要报名", "选手注册")
    person.type({"姓名": who.name, "手机号": who.phone, "设置密码": PASSWORD})
    person.tick(*CONSENTS)
    person.picture("sign-up", ring=person.button("注册"))
    person.untick(*CONSENTS)
    person.press("注册")
    person.sees("没有提交，还需要改")
    person.type({"设置密码": PASSWORD})
    person.tick(*CONSENTS)
    person.press("注册")
    person.type({"密码": PASSWORD})
    person.press("登录")
    person.type({"姓名": who.name, "证件号码": who.document[:-1] + ("1" if who.document[-1] != "1" else "2"), "手机号码": who.phone})
    person.press("下一步：工作信息")
    person.sees("校验")
    person.type({"证件号码": who.document})
    person.press("下一步：工作信息")
    person.type({"工作单位": who.employer, "工种": "拉面制作"})
    person.choose({"工作地区": COUNTIES[who.home].split()[-1], "所属工会": f"{PREFECTURES[who.home]}总工会", "技能等级": "高级工（三级）"})
    person.press("保存草稿")
    person.sees("草稿已保存")
    person.stays_narrow()
    person.follow("我的报名", CONTEST)


def look_over_and_submit(person: Person, who: Contestant) -> None:
    """The draft opens where it was left: at the events."""
    person.tick(*PRACTICAL)
    person.choose({"代表队": who.team})
    person.press("下一步：核对提交")
    person.sees(who.employer, who.team)
    person.misses(who.document, who.phone)
    person.stays_narrow()
    person.tick("单独同意为报名和资格审核处理我的证件号码", "以上信息真实")
    person.picture("entry-check", ring=person.button("提交报名"))
    person.press("提交报名")
    person.sees("报名已提交，等待审核。")
    person.picture("entry-sent")


def prints_the_form(person: Person, who: Contestant, folder: Path) -> None:
    """The entry form as PDF, with the number masked, and its stamped scan."""
    path = person.take(person.link("下载报名表 PDF"), folder / f"报名表-{who.serial}.pdf")
    text = close(text_of(path))
    assert who.name in text
    assert close(who.employer) in text
    assert who.document not in text
    person.page.get_by_label("盖章后的报名表").set_input_files(path)
    person.press("上传盖章的报名表")
    person.sees("已上传盖章的报名表。")


def register_for(clerk: Person, who: Contestant) -> None:
    """A clerk enters somebody who has no phone."""
    clerk.work("报名审核")
    clerk.follow(CONTEST, "代为报名")
    clerk.type({"姓名": who.name, "证件号码": who.document, "工作单位": who.employer, "工种": "拉面制作"})
    clerk.choose({"工作地区": COUNTIES[who.home].split()[-1], "所属工会": f"{PREFECTURES[who.home]}总工会", "代表队": who.team})
    clerk.tick(*PRACTICAL, "已取得本人书面同意")
    clerk.type({"同意书的名称、签署日期和存放处": "个人信息同意书，存演练工会"})
    clerk.picture("enter-for", ring=clerk.button("提交报名"))
    clerk.press("提交报名")
    clerk.sees(f"{who.name} 的报名已提交。")


def import_roster(clerk: Person, people: Sequence[Contestant], folder: Path) -> None:
    """A workbook of people: first with a mistyped number, which the preview shows; then right."""
    clerk.work("报名审核")
    clerk.follow(CONTEST, "导入名单")
    clerk.picture("roster", ring=clerk.link("下载模板"))
    template = clerk.take(clerk.link("下载模板"), folder / "模板.xlsx")
    rows: list[dict[str, object]] = [_row(who) for who in people]
    wrong = [rows[0] | {"证件号码": people[0].document[:-1] + ("1" if people[0].document[-1] != "1" else "2")}, *rows[1:]]
    _upload(clerk, fill_workbook(template, folder / "名单-初稿.xlsx", wrong))
    clerk.sees(f"共 {len(rows)} 行，{len(rows) - 1} 行没有问题，1 行需要修改。还没有导入。", "校验")
    clerk.picture("roster-check", ring=clerk.link("重新上传"))
    clerk.follow("重新上传")
    _upload(clerk, fill_workbook(template, folder / "名单.xlsx", rows))
    clerk.press(f"导入 {len(rows)} 人")
    clerk.sees(f"已导入 {len(rows)} 人。")


def _row(who: Contestant) -> dict[str, object]:
    return {"姓名": who.name, "证件号码": who.document, "手机号码": who.phone, "工作单位": who.employer, "工作地区": COUNTIES[who.home],
            "所属工会": f"{PREFECTURES[who.home]}总工会", "工种": "拉面制作", "代表队": who.team,
            **{f"项目：{name}": "是" for name in PRACTICAL}}


def _upload(clerk: Person, path: Path) -> None:
    clerk.page.get_by_label("填好的名单").set_input_files(path)
    clerk.tick("名单中的每个人都已书面同意")
    clerk.type({"同意书的名称、签署日期和存放处": "个人信息同意书，存演练工会"})
    clerk.press("上传并检查")


def looks_for_help(visitor: Person) -> None:
    """Somebody who cannot sign in finds the ways that are left."""
    visitor.open("/")
    visitor.follow("登录")
    visitor.picture("sign-in", ring=visitor.link("忘记密码，或手机号已更换"))
    visitor.follow("忘记密码，或手机号已更换")
    visitor.sees("申请工会协助")
    visitor.stays_narrow()
    visitor.picture("forgot")
