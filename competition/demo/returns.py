"""Returns of unions in every state, about activities of other kinds than skills contests, so that clerks find work on their pages."""

import io
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from PIL import Image
from sqlalchemy import insert

from competition.activities.models import Declaration
from competition.contests.models import Contest, OrgBody
from competition.core import audit
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, get
from competition.core.files import take_upload
from competition.counting.rules_periods import month_number
from competition.counting.service_facts import Told
from competition.demo.names import invent
from competition.demo.people import add_people, key_of, new_id
from competition.demo.setting import Setting
from competition.organisations.models import Union
from competition.organisations.queries import union_of_region
from competition.returns import service as returns
from competition.returns.models import Return
from competition.returns.service_import import send_table

# Code, name, kind, by the union of which division.
ACTIVITIES = (
    ("YSLD", "重点工程劳动竞赛（演示）", "labour", "630000"), ("YSAK", "“安康杯”竞赛（演示）", "ankang", "630000"),
    ("YSGW", "海东市岗位练兵（演示）", "drill", "630200"), ("YSWX", "化隆县五小创新竞赛（演示）", "five_small", "630224"),
)
MEMBERS = {"630224": 3_200, "630225": 460, "630222": 2_100}
# How many people each of the two rosters names.
ROSTERS = (16, 12)
# How many the table has that waits to be taken.
HALF_READ = 9
OWN, SISTER, THIRD, ABOVE, TOP = "630224", "630225", "630222", "630200", "630000"


@dataclass
class Reporting:
    """The unions and activities that returns are about, and one picture as evidence for all of them."""

    setting: Setting
    unions: dict[str, Union]
    contests: dict[str, uuid.UUID]
    picture: bytes

    @property
    def last(self) -> int:
        """The month before this one."""
        return month_number(self.setting.today) - 1

    def clerk(self, region: str) -> Actor:
        """Who acts for a union: one of the demonstration's people where it has one."""
        keys = {OWN: "county_clerk", ABOVE: "prefecture_clerk", TOP: "province_clerk"}
        return self.setting.actor(keys[region]) if region in keys else Actor("system", name=f"演示·{self.unions[region].name_zh}审核员")

    def bulk(self, region: str, code: str, month: int, heads: int, overlap: int, ago: float, **measures: int) -> Return:
        """A submitted bulk figure; ``ago``: days."""
        at, actor = self.setting.ago(ago), self.clerk(region)
        made = returns.begin_return(self.unions[region].id, self.contests[code], month, "bulk", actor=actor, at=at)
        upload = take_upload(self.picture, name="参赛统计表（演示）.jpg", kinds=("image",))
        returns.put_figures(made.id, heads=heads, overlap=overlap, upload=upload, measures=measures, actor=actor, at=at)
        returns.submit_return(made.id, actor=actor, at=at)
        return made

    def roster(self, region: str, code: str, month: int, people: int, ago: float) -> Return:
        """A submitted roster of invented people."""
        at, actor, setting = self.setting.ago(ago), self.clerk(region), self.setting
        found = list(invent(setting.random, people, setting.next_serial))
        setting.next_serial += people
        add_people(found, setting.random, at, contactable=False)
        day, union = date(month // 12, month % 12 + 1, 15), self.unions[region]
        made = returns.begin_return(union.id, self.contests[code], month, "roster", actor=actor, at=at)
        told = [Told(key_of(one), day, union.id, region, sex=one.sex, birth_year=one.born.year) for one in found]
        returns.put_roster(made.id, told, actor=actor, at=at)
        returns.submit_return(made.id, actor=actor, at=at)
        return made

    def half_read(self, region: str, code: str, month: int) -> None:
        """A roster that is being read in: its table waits to be looked at, one number in it is damaged."""
        at, actor = self.setting.at, self.clerk(region)
        people = list(invent(self.setting.random, HALF_READ, self.setting.next_serial))
        self.setting.next_serial += len(people)
        made = returns.begin_return(self.unions[region].id, self.contests[code], month, "roster", actor=actor, at=at)
        lines = [f"{one.name},{one.number},演示单位" for one in people]
        lines[2] = f"{people[2].name},6.3E+17,演示单位"
        table = "\r\n".join(("姓名,身份证号码,工作单位", *lines)).encode("gb18030")
        send_table(made.id, table, "岗位练兵名册（演示）.csv", actor=actor, at=at)

    def approve(self, made: Return, ago: float, *regions: str) -> Return:
        """Approved by these unions, a little after one another."""
        for number, region in enumerate(regions):
            returns.approve_return(made.id, self.unions[region].id, actor=self.clerk(region), at=self.setting.ago(ago - number / 10))
        return made


def add(setting: Setting) -> None:
    """One county with returns in every state; its neighbours with some that wait, and with one that is missing."""
    told = Reporting(setting, {code: _union(code) for code in (OWN, SISTER, THIRD, ABOVE, TOP)}, _activities(setting), _picture())
    _members(told, setting.at)
    last = told.last
    for region, heads in ((OWN, 210), (SISTER, 96), (THIRD, 120)):
        made = told.bulk(region, "YSLD", last - 1, heads, 20, 40, suggestions=heads // 5, suggestions_adopted=heads // 12)
        told.approve(made, 38, ABOVE, TOP)
    told.approve(told.bulk(OWN, "YSLD", last - 12, 150, 0, 300), 298, ABOVE, TOP)
    first = told.approve(told.bulk(OWN, "YSAK", last - 1, 88, 8, 36), 35, ABOVE, TOP)
    told.bulk(OWN, "YSLD", last, 243, 30, 3, suggestions=36, suggestions_adopted=11, innovations=2, benefit=12_850)
    told.bulk(SISTER, "YSLD", last, 500, 0, 8)
    told.approve(told.roster(OWN, "YSAK", last, ROSTERS[0], 6), 5, ABOVE)
    told.approve(told.roster(OWN, "YSWX", last - 1, ROSTERS[1], 34), 33, ABOVE, TOP)
    told.bulk(ABOVE, "YSGW", last, 64, 4, 2)
    back = told.bulk(OWN, "YSGW", last, 130, 10, 4)
    reason = "统计表没有盖章，请补章后重新上传；重复人数请按名册核对。"
    returns.give_back_return(back.id, told.unions[ABOVE].id, reason, actor=told.clerk(ABOVE), at=setting.ago(3))
    returns.begin_return(told.unions[OWN].id, told.contests["YSWX"], last, "bulk", actor=told.clerk(OWN), at=setting.ago(1))
    again = returns.correct_return(first.id, "漏报一个班组，补 12 人。", actor=told.clerk(OWN), at=setting.ago(2))
    returns.put_figures(again.id, heads=100, overlap=8, upload=None, measures={}, actor=told.clerk(OWN), at=setting.ago(2))
    returns.submit_return(again.id, actor=told.clerk(OWN), at=setting.ago(1.5))
    told.half_read(OWN, "YSGW", last + 1)
    returns.close_month(last - 2, actor=setting.actor("organizer"), at=setting.ago(20))


def _union(code: str) -> Union:
    found = union_of_region(code)
    if found is None:
        raise LookupError(code)
    return found


def _members(told: Reporting, at: datetime) -> None:
    with atomic():
        for region, members in MEMBERS.items():
            get(Union, told.unions[region].id).member_count = members
        audit.record("demo.members", actor=SYSTEM, subject=("union", "many"), at=at, details=dict(MEMBERS))


def _activities(setting: Setting) -> dict[str, uuid.UUID]:
    """Contests under way all year, declared and approved as activities are, by their code."""
    rows = [_row(setting, *activity) for activity in ACTIVITIES]
    with atomic() as session:
        session.execute(insert(Contest), rows)
        session.execute(insert(OrgBody), [_organiser(setting, row) for row in rows])
        session.execute(insert(Declaration), [_declaration(setting, row) for row in rows])
        audit.record("demo.activities", actor=SYSTEM, subject=("contest", "many"), at=setting.at, details={"count": len(rows)})
    return {row["code"]: row["id"] for row in rows}


def _row(setting: Setting, code: str, name: str, kind: str, region: str) -> dict[str, Any]:
    level = {"630000": "province", "630200": "prefecture"}.get(region, "county")
    return {"id": new_id(setting.random), "code": code, "name_zh": name, "host_union_id": _union(region).id, "kind": kind, "level": level,
            "region_code": region, "phase": "running", "starts_on": date(setting.today.year - 1, 1, 1), "ends_on": date(
                setting.today.year + 1, 12, 31), "is_demo": True, "created_at": setting.ago(400), "review_levels": [],
            "summary": "演示数据：按月上报参加情况的活动。"}


def _organiser(setting: Setting, row: dict[str, Any]) -> dict[str, Any]:
    host = get(Union, row["host_union_id"])
    return {"id": new_id(setting.random), "contest_id": row["id"], "org_role": "organiser", "name": host.name_zh, "position": 0}


def _declaration(setting: Setting, row: dict[str, Any]) -> dict[str, Any]:
    return {"id": new_id(setting.random), "contest_id": row["id"], "state": "approved", "aim": "组织职工参加，按月上报（演示数据）。",
            "measures": "各级工会发动，逐级审核（演示数据）。", "expected_heads": 1200, "rhythm": "none", "created_at": row["created_at"]}


def _picture() -> bytes:
    """A sheet of paper, as a scanner would send it."""
    out = io.BytesIO()
    Image.new("RGB", (620, 877), "white").save(out, "JPEG", quality=60)
    return out.getvalue()
