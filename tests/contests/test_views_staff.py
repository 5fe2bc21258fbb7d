"""The pages on which contests are made and run: happy ways and refusals."""

import io
import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from competition.contests import queries, service
from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.approvals import Approval, open_request
from competition.core.database import atomic, db, get
from competition.registration.models import Entry
from tests.builders import approved_entries, make_contest, run_apart
from tests.cast import Cast
from tests.queries import statements_of


@pytest.fixture
def organizer(client: FlaskClient, cast: Cast) -> FlaskClient:
    """The browser of the province's organizer."""
    return cast.sign_in(client, cast.account("organizer", "union", cast.province.id, "测试组委会"))


def fields(page: str) -> dict[str, str]:
    """What the page's form would send if nothing were typed."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r' name="([^"]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option selected[^>]* value="([^"]*)"', body) or re.search(r'<option[^>]* value="([^"]*)"', body)
        found[name] = chosen[1] if chosen else ""
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return found | {name: body.strip() for name, body in areas}


def new_contest(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "name_zh": "测试焊工技能竞赛", "code": "hg2026", "host_union_id": str(cast.province.id), "kind": "skills", "level": "province",
        "contest_class": "2", "industry": "unknown", "series_id": "", "region_code": "630100", "starts_on": "2026-08-01",
        "ends_on": "2026-08-03", "registration_opens_at": "2026-06-01T09:00", "registration_closes_at": "2026-07-01T17:30", "quota": "60",
        "review_levels": ["county", "prefecture"], **more,
    }


def test_a_contest_is_made_in_steps(organizer: FlaskClient, cast: Cast) -> None:
    answer = organizer.post("/manage/contests/new", data=new_contest(cast))
    assert answer.status_code == 303
    contest = db.session.scalars(select(Contest)).one()
    assert answer.location == f"/manage/contests/{contest.id}/bodies"
    assert (contest.code, contest.phase, contest.quota, contest.contest_class) == ("HG2026", "draft", 60, 2)
    assert contest.registration_closes_at is not None
    assert contest.registration_closes_at.isoformat() == "2026-07-01T09:30:00+00:00"
    base = f"/manage/contests/{contest.id}"
    page = organizer.get(f"{base}/bodies").get_data(as_text=True)
    bodies = {"organiser": "测试总工会\n\n 测试人社厅 ", "guide": "测试指导", "next": "1"}
    answer = organizer.post(f"{base}/bodies", data=fields(page) | bodies)
    assert answer.location == f"{base}/rulebook"
    assert [b.name for b in queries.get_contest(contest.id).bodies] == ["测试指导", "测试总工会", "测试人社厅"]
    page = organizer.get(f"{base}/rulebook/ready?key=lamian").get_data(as_text=True)
    assert "手工拉面基本功（本赛事还没有）" in page
    adopted = {"key": "lamian", "keep": ["theory", "basic"], "seen": "theory basic", "w_practical_basic": "100"}
    assert organizer.post(f"{base}/rulebook/ready", data=adopted).location == f"{base}/rulebook"
    assert "添加“手工拉面基本功”" in organizer.get(f"{base}/events").get_data(as_text=True)
    assert "本赛事没有的项目：理论知识、手工拉面基本功" in organizer.get(f"{base}/course/announce").get_data(as_text=True)
    assert organizer.post(f"{base}/events/new", data={
        "key": "theory", "kind": "theory", "name_zh": "理论知识", "entrant_kind": "person", "stations": "30", "batch_size": "30",
    }).status_code == 303
    page = organizer.get(f"{base}/events/new?key=basic").get_data(as_text=True)
    assert fields(page)["time_limit"] == "40"
    assert organizer.post(f"{base}/events/new", data=fields(page) | {"quota": "30"}).status_code == 303
    answer = organizer.post(f"{base}/notices/draft")
    page = organizer.get(answer.location).get_data(as_text=True)
    assert "关于举办测试焊工技能竞赛的通知" in page
    assert "手工拉面基本功（实操，个人，时限 40 分钟）" in page
    assert "还没有发布竞赛通知" in organizer.get(base).get_data(as_text=True)
    page = organizer.get(f"{base}/course/announce").get_data(as_text=True)
    assert "公布前还缺以下内容" in page
    answer = organizer.post(f"{base}/course/announce", data=fields(page) | {"reason": "先公布"})
    assert answer.status_code == 409
    assert "还没有公布：有的内容尚未填写，请核对。还没有发布竞赛通知。" in answer.get_data(as_text=True)
    assert organizer.post(f"{base}/course/announce", data=fields(page) | {"reason": "", "despite": "y"}).status_code == 303
    assert queries.get_contest(contest.id).phase == "announced"


WRONG = [
    ({"name_zh": ""}, "请填写这一项"),
    ({"code": "拉面"}, "代号用 2 至 12 个大写字母和数字"),
    ({"ends_on": "2026-07-30"}, "结束日期早于开始日期"),
    ({"starts_on": "明天"}, "请填日期，例如 2026-11-22"),
    ({"registration_closes_at": "2026-13-01T00:00"}, "请填日期和时间"),
    ({"quota": "六十"}, "请填整数"),
    ({"quota": "0"}, "请填 1 至 100000 之间的整数"),
    ({"public_notice_days": "31"}, "请填 0 至 30 之间的整数"),
    ({"public_notice_days": "五天"}, "请填整数"),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG)
def test_wrong_input_is_told_and_nothing_typed_is_lost(
    organizer: FlaskClient, cast: Cast, change: dict[str, str], sentence: str
) -> None:
    answer = organizer.post("/manage/contests/new", data=new_contest(cast, venue="测试体育馆", **change))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="测试体育馆"' in page
    assert db.session.scalars(select(Contest)).all() == []


@pytest.mark.parametrize(("typed", "kept", "shown"), [("", 5, "5 个工作日"), ("7", 7, "7 个工作日"), ("0", 0, "不公示")])
def test_days_of_public_notice(organizer: FlaskClient, cast: Cast, typed: str, kept: int, shown: str) -> None:
    organizer.post("/manage/contests/new", data=new_contest(cast, public_notice_days=typed))
    contest = db.session.scalars(select(Contest)).one()
    assert contest.public_notice_days == kept
    assert shown in organizer.get(f"/manage/contests/{contest.id}").get_data(as_text=True)


def test_a_taken_code_is_told_at_its_field(organizer: FlaskClient, cast: Cast) -> None:
    organizer.post("/manage/contests/new", data=new_contest(cast))
    answer = organizer.post("/manage/contests/new", data=new_contest(cast))
    assert answer.status_code == 409
    assert "代号“HG2026”已有别的赛事使用" in answer.get_data(as_text=True)


def test_two_people_edit_at_the_same_time(organizer: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, phase="draft")
    address = f"/manage/contests/{contest.id}/edit"
    form = fields(organizer.get(address).get_data(as_text=True))
    other = cast.actor("organizer", name="测试甲")
    service.change_contest(contest.id, version=int(form["version"]), venue="新体育馆", actor=other, at=cast.at)
    answer = organizer.post(address, data=form | {"trade": "面点"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "测试甲" in page
    assert "“比赛地点”由“化隆县体育馆（测试）”改为“新体育馆”" in page
    assert fields(page)["trade"] == "面点"
    assert queries.get_contest(contest.id).trade == "拉面制作"
    assert organizer.post(address, data=fields(page)).status_code == 303
    assert queries.get_contest(contest.id).trade == "面点"


def test_an_event_is_changed_and_removed(organizer: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, phase="draft", events=("theory", "basic"))
    address = f"/manage/contests/{contest.id}/events/{queries.get_contest(contest.id).events[1].id}"
    form = fields(organizer.get(address).get_data(as_text=True))
    assert (form["time_limit"], form["stations"]) == ("40", "4")
    assert organizer.post(address, data=form | {"time_limit": "40:75x"}).status_code == 422
    assert organizer.post(address, data=form | {"time_limit": "35:30", "stations": "12"}).status_code == 303
    event = queries.get_contest(contest.id).events[1]
    assert event.time_limit_s == 2130
    assert "移除“手工拉面基本功”" in organizer.get(f"{address}/remove").get_data(as_text=True)
    assert organizer.post(f"{address}/remove").status_code == 303
    assert [e.key for e in queries.get_contest(contest.id).events] == ["theory"]
    assert organizer.get(address).status_code == 404


def test_the_course_by_pages(organizer: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast)
    base = f"/manage/contests/{contest.id}"
    assert organizer.post(f"{base}/course/postpone", data={"reason": ""}).status_code == 422
    later = (contest.starts_on + timedelta(days=7)).isoformat()
    assert organizer.post(f"{base}/course/postpone", data={"reason": "检修", "starts_on": later}).status_code == 303
    assert queries.get_contest(contest.id).starts_on.isoformat() == later
    assert "不能办理“开始比赛”" in organizer.get(f"{base}/course/start").get_data(as_text=True)
    assert organizer.post(f"{base}/course/start", data={}).status_code == 409
    answer = organizer.post(f"{base}/course/cancel", data={"reason": "不办了", "confirm_name": "别的"})
    assert answer.status_code == 422
    assert "与赛事名称不一致" in answer.get_data(as_text=True)
    assert "第二人批准以前，申请人可以撤回" in organizer.get(f"{base}/course/cancel").get_data(as_text=True)
    assert organizer.post(f"{base}/course/cancel", data={"reason": "不办了", "confirm_name": contest.name_zh}).status_code == 303
    assert queries.get_contest(contest.id).condition == "postponed"
    waiting = organizer.get(f"{base}/course/cancel").get_data(as_text=True)
    assert "已有申请在等待审批" in waiting
    assert "取消赛事“" in waiting
    assert organizer.post(f"{base}/course/cancel", data={"reason": "又来", "confirm_name": contest.name_zh}).status_code == 409
    supervisor = cast.sign_in(organizer.application.test_client(), cast.account("supervisor", "contest", contest.id))
    request = db.session.scalars(select(Approval).where(Approval.state == "asked")).one()
    page = supervisor.get(f"/approvals/{request.id}").get_data(as_text=True)
    for said in ("批准以后赛事不再举行，不能恢复", "0 份报名"):
        assert said in page
    assert supervisor.post(f"/approvals/{request.id}/decide", data={"decision": "approve", "note": ""}).status_code == 303
    assert queries.get_contest(contest.id).condition == "cancelled"
    assert organizer.get(f"{base}/course/explode").status_code == 404


def test_a_contest_that_is_over_says_that_nothing_can_be_changed(organizer: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, phase="finished", events=("theory",))
    base = f"/manage/contests/{contest.id}"
    for page in (organizer.get(base).get_data(as_text=True), organizer.get(f"{base}/events").get_data(as_text=True)):
        assert "赛事已结束或已取消，内容不能再修改。" in page
        assert f'href="{base}/edit"' not in page
        assert f'href="{base}/events/new"' not in page


def test_cancelling_says_who_is_told_and_who_is_not(organizer: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast)
    own, by_clerk, nobody = approved_entries(cast, contest, 3)
    with atomic():
        get(Entry, own.id).account_id = cast.account("contestant").id
        get(Entry, by_clerk.id).registered_by = cast.account("clerk").id
        get(Entry, nobody.id).registered_by = None
        audit.record("test", actor=SYSTEM, subject=("contest", contest.id), at=cast.at)
    page = organizer.get(f"/manage/contests/{contest.id}/course/cancel").get_data(as_text=True)
    assert "3 份报名" in page
    assert "1 人有自己的账号" in page
    assert "1 人没有账号，由替他们报名的人" in page
    assert "1 人没有账号，也没有经办人" in page


def test_after_the_first_mark_a_change_is_asked_for(organizer: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, phase="running", open=False)
    service.freeze_rulebook(contest.id, at=cast.at)
    document = json.loads(json.dumps(queries.current_rulebook(contest.id).document))
    document["events"][1]["time"]["limit_s"] = 2700
    page = f"/manage/contests/{contest.id}/rulebook/edit"
    file = (io.BytesIO(json.dumps(document).encode()), "x.json")
    assert organizer.post(f"{page}/import", data={"seen": "v1", "file": file}).status_code == 303
    saving = fields(organizer.get(f"{page}/save").get_data(as_text=True))
    answer = organizer.post(f"{page}/save", data=saving | {"reason": "公布有误"}, follow_redirects=True)
    assert "还没有提出申请。正在计算" in answer.get_data(as_text=True)
    assert "正在计算您的改动" in organizer.get(f"/manage/contests/{contest.id}/rulebook").get_data(as_text=True)
    run_apart(uuid.UUID(answer.request.path.rpartition("/")[2]))
    path = html.fromstring(organizer.get(answer.request.path).get_data(as_text=True)).xpath("string(//a[text()='查看影响清单']/@href)")
    page = organizer.get(path).get_data(as_text=True)
    assert "还没有提出申请" in page
    assert "没有任何成绩、名次或奖项改变" in page
    assert open_request("contests.change_rulebook", contest.id) is None
    assert path in organizer.get(f"/manage/contests/{contest.id}/rulebook").get_data(as_text=True)
    assert "已提出修改申请" in organizer.post(f"{path}/ask", data=fields(page), follow_redirects=True).get_data(as_text=True)
    assert "有一项修改待批准" in organizer.get(f"/manage/contests/{contest.id}/rulebook").get_data(as_text=True)
    assert queries.current_rulebook(contest.id).number == 1
    assert open_request("contests.change_rulebook", contest.id) is not None


PAGES = ("", "/edit", "/bodies", "/events", "/events/new", "/rulebook", "/rulebook/edit", "/rulebook/edit/import",
         "/notices", "/course/stop")


def test_strangers_are_told_nothing_and_lookers_may_only_look(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast)
    base = f"/manage/contests/{contest.id}"
    statuses = {}
    for name, account in {
        "nobody": None, "contestant": cast.account("contestant"), "elsewhere": cast.account("organizer", "union", cast.county.id),
        "auditor": cast.account("auditor"),
    }.items():
        if account:
            cast.sign_in(client, account)
        statuses[name] = [client.get(base + page).status_code for page in PAGES]
    assert set(statuses["nobody"]) == {303}
    assert set(statuses["contestant"]) == {403}
    assert set(statuses["elsewhere"]) == {404}
    assert statuses["auditor"] == [200, 403, 403, 200, 403, 200, 403, 403, 403, 403]


def test_an_organizer_makes_contests_for_the_own_unions_only(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("organizer", "union", cast.prefecture.id))
    answer = client.post("/manage/contests/new", data=new_contest(cast))
    assert answer.status_code == 422, "the province is no choice of a prefecture's organizer"
    assert client.post("/manage/contests/new", data=new_contest(cast, host_union_id=str(cast.county.id))).status_code == 303
    for union, status in ((cast.province, 422), (cast.county, 303)):
        series = {"name_zh": "测试大赛", "code": "DS1", "host_union_id": str(union.id)}
        assert client.post("/manage/series/new", data=series).status_code == status
    assert "测试大赛" in client.get("/manage/series").get_data(as_text=True)


def test_the_lists_cost_the_same_for_3_and_for_30_rows(organizer: FlaskClient, cast: Cast) -> None:
    def make(count: int) -> None:
        for number in range(count):
            series = service.create_series(code=f"S{len(numbers)}", name_zh="测试大赛", host_union_id=cast.province.id,
                                           actor=cast.actor("organizer"), at=cast.at)
            numbers.append(number)
            make_contest(cast, events=("theory",), series_id=series.id)

    numbers: list[int] = []
    make(3)
    few = {page: len(statements_of(organizer, page)) for page in ("/manage/contests", "/manage/series")}
    make(27)
    assert {page: len(statements_of(organizer, page)) for page in few} == few


def test_the_list_is_filtered(organizer: FlaskClient, cast: Cast) -> None:
    make_contest(cast, name="公布的测试赛", trade="焊工")
    make_contest(cast, name="草稿的测试赛", phase="draft")
    found = {"?state=draft": ["草稿"], "?state=announced": ["公布"], "?q=焊工": ["公布"], "?state=cancelled": [], "?kind=ankang": []}
    for query, names in found.items():
        page = organizer.get(f"/manage/contests{query}").get_data(as_text=True)
        assert [n for n in ("公布", "草稿") if f"{n}的测试赛" in page] == names, query


def test_a_ready_rulebook_is_adopted_for_the_events_there_are(organizer: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, phase="draft", events=("theory", "basic"))
    address = f"/manage/contests/{contest.id}/rulebook/ready"
    page = organizer.get(f"{address}?key=lamian").get_data(as_text=True)
    assert "“实操综合成绩”不再包括：拉面调汤、拉面成品、创新拉面。" in page
    form = {"key": "lamian", "keep": ["theory", "basic"], "seen": "theory basic", "reason": "只有两个项目"}
    answer = organizer.post(address, data=form | {"w_practical_basic": "40"})
    assert answer.status_code == 422
    assert "权重合计应为 100，现在是 40。" in answer.get_data(as_text=True)
    answer = organizer.post(address, data=form | {"keep": ["theory"], "w_practical_basic": "100"})
    assert answer.status_code == 422
    assert "勾选的项目有变化，还没有采用" in answer.get_data(as_text=True)
    assert "请至少采用一个项目" in organizer.post(address, data=form | {"keep": [], "seen": ""}).get_data(as_text=True)
    answer = organizer.post(address, data=form | {"keep": ["theory", "bowl"], "preview": "1"})
    assert answer.status_code == 200
    assert "拉面成品" in answer.get_data(as_text=True)
    assert len(queries.rulebook_versions(contest.id)) == 1
    weights = {"w_practical_basic": "60", "w_practical_broth": "40"}
    whole = form | {"keep": ["theory", "basic", "broth"], "seen": "theory basic broth"} | weights
    assert organizer.post(address, data=whole | {"add": "y"}).location == f"/manage/contests/{contest.id}/rulebook"
    assert queries.event_names(contest.id) == {"theory": "理论知识", "basic": "手工拉面基本功", "broth": "拉面调汤"}
    assert [part.weight for part in queries.load_rules(queries.rulebook_versions(contest.id)[0]).total("practical").parts] == [60, 40]
    assert organizer.get(f"{address}?key=nothing").status_code == 404


def test_whose_events_differ_is_told_on_the_rulebooks_page_and_at_home(organizer: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, phase="draft", events=("theory",))
    service.add_event(contest.id, key="extra", kind="practical", name_zh="新项目", actor=cast.actor("organizer"), at=cast.at)
    for page in ("/rulebook", "", "/home", "/course/announce"):
        assert "本赛事有、评分规则中没有的项目：新项目" in organizer.get(f"/manage/contests/{contest.id}{page}").get_data(as_text=True)
    assert organizer.post(f"/manage/contests/{contest.id}/course/announce", data={"reason": ""}).status_code == 409
    assert queries.get_contest(contest.id).phase == "draft"
