"""Activities of unions in every state that a visitor may want to see: a draft, one that waits, one under way, one evaluated."""

import io
from datetime import date, timedelta
from uuid import UUID

from PIL import Image

from competition.activities import service
from competition.activities.models import Declaration
from competition.activities.service import Declared, Result
from competition.core.database import db, get
from competition.demo.setting import Setting
from competition.organisations.models import Union
from competition.organisations.queries import union_of_region

COUNTY, PREFECTURE = "630224", "630200"


def add(setting: Setting) -> None:
    """Five activities of a county and its prefecture."""
    county, prefecture = _union(COUNTY), _union(PREFECTURE)
    year = setting.today.year
    this_year = date(year, 1, 10), date(year, 12, 20)
    labour = _declare(setting, county, "清洁能源项目“六比一创”劳动竞赛（演示）", "labour", "prefecture", *this_year)
    _approve(setting, labour, prefecture)
    _report(setting, labour)
    small = _declare(setting, county, "五小创新竞赛（演示）", "five_small", "county", date(year, 1, 5), date(year, 12, 25), rhythm="none")
    _approve(setting, small)
    _collect(setting, small)
    _begin_evaluation(setting, small)
    last_year = date(year - 1, 1, 1), date(year - 1, 12, 31)
    safety = _declare(setting, prefecture, "安康杯竞赛（演示）", "ankang", "prefecture", *last_year, rhythm="none")
    _approve(setting, safety)
    _evaluate(setting, safety)
    first = setting.today + timedelta(days=20)
    waiting = _declare(setting, county, "拉面行业岗位练兵（演示）", "drill", "prefecture", first, first + timedelta(days=120))
    service.submit(waiting, actor=setting.actor("county_clerk"), at=setting.at)
    _declare(setting, county, "安全知识竞赛（演示）", "knowledge", "county", first, first + timedelta(days=2), rhythm="none")


def _union(code: str) -> Union:
    found = union_of_region(code)
    if found is None:
        raise LookupError(code)
    return found


def _declare(setting: Setting, union: Union, name: str, kind: str, level: str, first: date, last: date, rhythm: str = "quarter") -> UUID:
    return service.declare(union.id, Declared(
        name=name, kind=kind, level=level, starts_on=first, ends_on=last, industry="energy" if kind == "labour" else "unknown",
        region_code=union.region_code, bodies=[("organiser", union.name_zh)], aim="发动职工参加，提高技能、质量和安全水平（演示数据）。",
        measures="分阶段组织，逐级检查，年终总结（演示数据）。", expected_heads=1200, rhythm=rhythm),
        actor=setting.actor("county_clerk"), at=setting.ago(31)).id


def _approve(setting: Setting, key: UUID, above: Union | None = None) -> None:
    service.submit(key, actor=setting.actor("county_clerk"), at=setting.ago(30))
    if above is not None:
        service.approve(key, above.id, actor=setting.actor("prefecture_clerk"), at=setting.ago(29))
    service.start(key, actor=setting.actor("county_clerk"), at=setting.ago(28))


def _report(setting: Setting, key: UUID) -> None:
    """One stage acknowledged, one waiting; the rest is due or overdue, as the day of loading falls."""
    clerk, chief = setting.actor("county_clerk"), setting.actor("prefecture_clerk")
    db.session.expire_all()
    stages = [stage.id for stage in get(Declaration, key).stages]
    picture = io.BytesIO()
    Image.new("RGB", (800, 600), (214, 226, 233)).save(picture, "JPEG")
    service.add_file(key, stages[0], picture.getvalue(), name="现场照片（演示）.jpg", actor=clerk, at=setting.ago(21))
    service.submit_report(key, stages[0], "召开动员会，12 个班组报名，开展安全和质量检查两次（演示数据）。",
                          {"units": 6, "suggestions": 48, "suggestions_adopted": 17, "benefit": 12_050}, actor=clerk, at=setting.ago(20))
    service.acknowledge(key, stages[0], actor=chief, at=setting.ago(18))
    service.submit_report(key, stages[1], "开展班组对抗赛，推广先进操作法 2 项（演示数据）。",
                          {"units": 8, "suggestions": 31, "suggestions_adopted": 12, "methods": 2}, actor=clerk, at=setting.ago(2))


def _collect(setting: Setting, key: UUID) -> None:
    """Results of each kind."""
    for title, kind, is_adopted, benefit in (
        ("光伏组件清洗小车", "invention", True, 3_600), ("和面机防护罩改造", "renovation", True, 850),
        ("快递车反光标识设计", "design", False, 0),
        ("调整巡检路线的建议", "suggestion", True, 500), ("食堂余热利用的建议", "suggestion", False, 0),
    ):
        result = Result(f"{title}（演示）", kind, "演示单位", "演示数据。", is_adopted, benefit, has_pledge=True)
        service.put_achievement(key, result, actor=setting.actor("county_clerk"), at=setting.at)


def _begin_evaluation(setting: Setting, key: UUID) -> None:
    """A sheet and the first unit: an evaluation that is under way."""
    actor = setting.actor("county_clerk")
    service.set_sheet(key, "组织发动 40\n成果转化 60", actor=actor, at=setting.at)
    scores = {"组织发动": "36", "成果转化": "51.5"}
    service.put_assessment(key, "演示电厂", scores, remark="演示数据", honour="", actor=actor, at=setting.at)


def _evaluate(setting: Setting, key: UUID) -> None:
    """Three units by a sheet, and done."""
    actor = setting.actor("prefecture_clerk")
    service.set_sheet(key, "组织领导 30\n隐患排查治理 40\n宣传教育和培训 30", actor=actor, at=setting.at)
    for unit, points, honour in (("演示发电公司", ("30", "39", "29.5"), "推荐全国安康杯竞赛优胜单位"),
                                 ("演示建筑公司", ("28", "38", "29"), "推荐全省安康杯竞赛优胜单位"),
                                 ("演示物流公司", ("25", "30", "27"), "")):
        scores = dict(zip(("组织领导", "隐患排查治理", "宣传教育和培训"), points, strict=True))
        service.put_assessment(key, unit, scores, remark="演示数据", honour=honour, actor=actor, at=setting.at)
    service.finish(key, actor=actor, at=setting.at)
    service.close_evaluation(key, actor=actor, at=setting.at)
