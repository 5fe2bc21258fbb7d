"""The administrators' office: the first link, accounts by invitation, roles by two people."""

from dataclasses import dataclass

from tests.journeys.people import PASSWORD, Person


@dataclass(frozen=True)
class Post:
    """One of the staff: who, under which login, which role, over what."""

    name: str
    login: str
    role: str
    where: str


ADMINISTRATOR = Post("系统演练管", "admin.test", "系统管理员", "全系统")
OFFICER = Post("安全演练员", "safety.test", "安全管理员", "全系统")
HOME = "青海省总工会"
# Those who hold their roles before there is a contest.
UNION_STAFF = {
    "organizer": Post("组委会甲", "office.one", "组委会办公室", HOME),
    "organizer2": Post("组委会乙", "office.two", "组委会办公室", HOME),
    "haidong": Post("海东审核员", "clerk.haidong", "工会审核员", "海东市总工会"),
    "xining": Post("西宁审核员", "clerk.xining", "工会审核员", "西宁市总工会"),
    "province": Post("省级审核员", "clerk.province", "工会审核员", HOME),
}
CONTEST_STAFF = {
    "chief": Post("裁判长丙", "chief.judge", "裁判长", ""),
    "supervisor": Post("监督仲裁丁", "supervisor.one", "监督仲裁", ""),
    "coder": Post("加密裁判戊", "coding.judge", "加密裁判", ""),
    "door": Post("检录裁判己", "door.judge", "检录裁判", ""),
    "timekeeper": Post("计时员庚", "time.keeper", "计时员", ""),
    "scorekeeper": Post("记分员辛", "score.keeper", "记分员", ""),
}


def found(administrator: Person, officer: Person, link: str) -> None:
    """The one-time link makes the first administrator and hands out the officer's invitation."""
    administrator.open(link)
    administrator.type({"姓名": ADMINISTRATOR.name, "登录名": ADMINISTRATOR.login, "设置密码": PASSWORD, "再输入一次密码": PASSWORD,
                        "安全管理员的姓名": OFFICER.name, "安全管理员的登录名": OFFICER.login})
    administrator.press("建立管理员")
    accept(officer, handed_over(administrator))
    administrator.open(link)
    administrator.sees("这个链接已失效或已用过")


def handed_over(administrator: Person) -> str:
    """The invitation that the page shows this once."""
    administrator.sees("这个链接只显示这一次")
    link = administrator.page.get_by_text("/invited/").first.inner_text().strip()
    administrator.follow("已交给本人，返回列表")
    return link


def accept(person: Person, link: str) -> None:
    """Choose a password; signed in from then on."""
    person.open(link)
    person.type({"设置密码": PASSWORD, "再输入一次密码": PASSWORD})
    person.press("设置密码并登录")


def employ(administrator: Person, officer: Person, person: Person, post: Post, where: str = "") -> None:
    """An account, its owner's password, and its role asked for by one and approved by another."""
    administrator.work("账号", "建立工作账号")
    administrator.type({"姓名": post.name, "登录名": post.login})
    administrator.press("建立账号")
    accept(person, handed_over(administrator))
    administrator.follow(post.name)
    administrator.choose({"角色": post.role, "范围": where or post.where})
    administrator.type({"理由": f"{post.name}负责{post.role}工作"})
    administrator.picture("grant", ring=administrator.button("提出申请"))
    administrator.press("提出申请")
    administrator.sees("申请已提出，等待另一位管理员批准")
    decide(officer, post.name)


def decide(person: Person, words: str, picture: str = "approval") -> None:
    """Approve the request with these words, as the second person."""
    person.work("两人办理")
    person.picture("approvals", whole=True)
    person.page.get_by_role("link", name=words).first.click()
    person.picture(picture, ring=person.button("批准"))
    person.press("批准")
    person.sees("已批准，并已办理")
