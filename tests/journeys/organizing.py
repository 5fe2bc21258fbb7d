"""The organizing office before the day: series, contest, events, rulebook, notice."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.journeys.office import HOME
from tests.journeys.people import Person

ZONE = ZoneInfo("Asia/Shanghai")
SERIES = "高原技能大赛（演练）"
CONTEST = "高原拉面职工职业技能竞赛（演练）"
CODE = "YL2026"
EVENTS = {"theory": "理论知识", "broth": "拉面调汤", "bowl": "拉面成品"}
WEIGHTS = {"broth": "45", "bowl": "55"}
QUOTA = 12
STATIONS = 4


def create_series(organizer: Person) -> None:
    """The umbrella."""
    organizer.work("赛事管理", "大赛", "新建大赛")
    organizer.type({"大赛名称": SERIES, "代号": "YLDS"})
    organizer.choose({"主管工会": HOME})
    organizer.press("建立大赛")
    organizer.sees(f"已建立大赛“{SERIES}”")


def create_contest(organizer: Person) -> None:
    """The contest with its dates, its quota, its two levels of review and its bodies."""
    organizer.work("赛事管理", "新建赛事")
    today = datetime.now(ZONE)
    organizer.type({
        "赛事名称": CONTEST, "代号": CODE, "工种": "拉面制作", "比赛地点": "化隆县体育馆（演练）",
        "比赛开始日期": f"{today:%Y-%m-%d}", "比赛结束日期": f"{today + timedelta(days=1):%Y-%m-%d}",
        "报名开始": f"{today - timedelta(days=20):%Y-%m-%dT09:00}", "报名截止": f"{today + timedelta(hours=6):%Y-%m-%dT%H:%M}",
        "总名额": str(QUOTA), "简介": "理论知识、拉面调汤、拉面成品。人物和单位均为虚构。"})
    organizer.choose({"主管工会": HOME, "所属大赛": SERIES, "类别": "一类", "行业": "餐饮住宿", "举办地区": "海东市 化隆回族自治县"})
    for level in ("县区总工会", "市州总工会", "省总工会"):
        organizer.page.get_by_role("checkbox", name=level).set_checked(level != "县区总工会")
    organizer.picture("contest-new")
    organizer.press("保存，继续填写单位")
    organizer.type({"主办单位": "演练省总工会\n演练财贸工会", "承办单位": "演练县人民政府"})
    organizer.press("保存，继续选择评分规则")


def set_rules(organizer: Person) -> None:
    """The ready rulebook with the events that this contest holds, and the weights that follow from it."""
    organizer.choose({"现成的评分规则": "拉面职工职业技能竞赛评分规则"})
    organizer.press("查看这套规则")
    # Events are added on their own page, one by one.
    organizer.untick("手工拉面基本功", "创新拉面", "同时按规则添加")
    organizer.press("按勾选重新列出变化")
    organizer.sees("“实操综合成绩”不再包括：手工拉面基本功、创新拉面。")
    organizer.type({f"实操综合成绩：{EVENTS[key]}": weight for key, weight in WEIGHTS.items()})
    organizer.picture("rulebook", ring=organizer.button("采用这套规则"))
    organizer.press("采用这套规则")
    organizer.sees("已保存为第 1 版评分规则")


def add_events(organizer: Person) -> None:
    """The events as the rulebook knows them."""
    today = datetime.now(ZONE)
    organizer.follow("项目")
    for key, name in EVENTS.items():
        organizer.follow(f"添加“{name}”")
        if key == "theory":
            organizer.tick("必须参加")
        organizer.type({"工位数": str(QUOTA if key == "theory" else STATIONS), "每批人数": str(QUOTA if key == "theory" else STATIONS),
                        "开始时间": f"{today:%Y-%m-%dT08:00}"})
        organizer.picture("event-new", ring=organizer.button("添加项目"))
        organizer.press("添加项目")
        organizer.sees(f"已添加项目“{name}”")


def give_notice(organizer: Person, attachment: Path) -> None:
    """A notice drafted from what is known, with the stamped file, published; then the contest is announced."""
    organizer.follow("赛事通知")
    organizer.press("按赛事资料起草通知")
    assert CONTEST in organizer.field("标题").input_value()
    organizer.page.get_by_label("附件").set_input_files(attachment)
    organizer.press("添加附件")
    organizer.sees("附件已添加")
    organizer.picture("notice", ring=organizer.button("发布公告"))
    organizer.press("发布公告")
    organizer.sees("公告已发布")
    organizer.follow("赛事概况")
    organizer.follow("公布")
    organizer.picture("announce", ring=organizer.button("公布"))
    organizer.press("公布")
    organizer.sees("已公布，公众可以看到赛事页面")
    organizer.picture("overview", whole=True)


def found_delegations(organizer: Person) -> None:
    """One delegation for each prefecture."""
    organizer.follow("代表团")
    organizer.picture("delegations", ring=organizer.button("为各市州新增代表团"))
    organizer.press("为各市州新增代表团")
    organizer.sees("海东市")
