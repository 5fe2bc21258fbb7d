"""The pages of activities: from declaring to the evaluation as the people do it, and what each refusal keeps."""

import io
import re
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from competition.activities import queries
from competition.activities.models import Declaration
from competition.core.actors import SYSTEM
from competition.core.database import db
from competition.organisations import service as organisations
from tests.activities.made import approved, declared, fresh, submitted
from tests.activities.test_service import picture
from tests.cast import AT, Cast

TYPED = {
    "name": "测试安康杯竞赛", "kind": "ankang", "level": "prefecture", "industry": "energy", "region_code": "630224",
    "starts_on": "2026-03-01",
    "ends_on": "2026-09-30", "organiser": "测试县总工会\n测试县应急局", "host": "", "co_host": "", "guide": "", "aim": "零事故",
    "measures": "查隐患", "expected_heads": "500", "rhythm": "quarter", "named_stages": ""}


@pytest.fixture
def clerk(client: FlaskClient, cast: Cast) -> FlaskClient:
    """The clerk of the county."""
    return cast.sign_in(client, cast.account("clerk", "union", cast.county.id))


def as_chief(client: FlaskClient, cast: Cast) -> FlaskClient:
    """The clerk of the prefecture above."""
    return cast.sign_in(client, cast.account("clerk", "union", cast.prefecture.id))


def test_a_union_declares_and_the_one_above_approves(clerk: FlaskClient, cast: Cast) -> None:
    assert "还没有竞赛活动" in clerk.get("/activities/").text
    typed = {**TYPED, "union_id": str(cast.county.id)}
    wrong = clerk.post("/activities/new", data={**typed, "ends_on": "2026-02-01"})
    assert wrong.status_code == 422
    assert "早于开始日期" in wrong.text
    assert "测试安康杯竞赛" in wrong.text
    wrong = clerk.post("/activities/new", data={**typed, "rhythm": "named", "named_stages": "说不清"})
    assert wrong.status_code == 422
    assert "第 1 行" in wrong.text
    assert clerk.post("/activities/new", data={**typed, "union_id": str(cast.other_county.id)}).status_code == 422
    made = clerk.post("/activities/new", data=typed)
    found = db.session.scalars(select(Declaration)).one()
    root = f"/activities/{found.id}"
    assert made.status_code == 303
    assert made.location == root
    assert "测试县应急局" in clerk.get(f"{root}/edit").text
    assert clerk.post(f"{root}/edit", data={**typed, "expected_heads": "六百"}).status_code == 422
    assert clerk.post(f"{root}/edit", data={**typed, "expected_heads": "600"}).status_code == 303
    assert clerk.post(f"{root}/submit").status_code == 303
    assert "等海东市" in clerk.get(root).text
    assert "600 人" in clerk.get(root).text
    assert clerk.post(f"{root}/approve").status_code == 403
    chief = as_chief(clerk, cast)
    assert "测试安康杯竞赛" in chief.get("/activities/waiting").text
    assert chief.post(f"{root}/give-back", data={"reason": ""}).status_code == 422
    assert chief.get(f"{root}/give-back").status_code == 200
    giving = re.search(r'href="([^"]*/give-back[^"]*)"', chief.get(root).text)
    assert giving
    shown = re.search(r'name="seen"[^>]*value="([0-9]+)"', chief.get(giving[1]).text)
    assert shown
    seen = re.search(r'name="seen" value="([0-9]+)"', chief.get(root).text)
    assert seen
    cast.sign_in(clerk, cast.account("clerk", "union", cast.county.id))
    clerk.post(f"{root}/take-back")
    clerk.post(f"{root}/edit", data={**typed, "measures": "什么也不查"})
    clerk.post(f"{root}/submit")
    as_chief(clerk, cast).post(f"{root}/approve", data={"seen": seen[1]})
    assert fresh(found.id).standing == "submitted", "not what was seen"
    assert "刚刚有了变动" in chief.get(root).text
    late = chief.post(f"{root}/give-back", data={"reason": "太笼统", "seen": shown[1]})
    assert (late.status_code, fresh(found.id).standing) == (409, "submitted")
    assert re.search(f'请看过现在的内容再办理.*太笼统.*href="{root}">查看现在的内容', late.text, re.DOTALL)
    assert chief.post(f"{root}/give-back", data={"reason": "太笼统"}).status_code == 409
    assert chief.post(f"{root}/approve", data={"seen": queries.count_steps(found.id)}).status_code == 303
    assert fresh(found.id).standing == "approved"
    assert "现在没有要办理的" in chief.get("/activities/waiting").text


def test_given_back_taken_back_dropped(clerk: FlaskClient, cast: Cast) -> None:
    made = submitted(cast)
    root = f"/activities/{made.id}"
    clerk.post(f"{root}/take-back")
    assert fresh(made.id).state == "draft"
    clerk.post(f"{root}/submit")
    seen = re.search(r'name="seen"[^>]*value="([0-9]+)"', as_chief(clerk, cast).get(f"{root}/give-back").text)
    assert seen
    clerk.post(f"{root}/give-back", data={"reason": "写得太笼统", "seen": seen[1]})
    cast.sign_in(clerk, cast.account("clerk", "union", cast.county.id))
    assert "写得太笼统" in clerk.get(root).text
    assert "退回修改" in clerk.get("/activities/waiting").text
    assert clerk.get(f"{root}/withdraw").status_code == 200
    assert clerk.post(f"{root}/withdraw", data={"reason": "改到明年"}).status_code == 303
    assert "已撤销" in clerk.get(root).text
    told = clerk.post(f"{root}/submit", follow_redirects=True)
    assert "不能修改" in told.text


def test_a_stage_is_reported_with_evidence_and_read(clerk: FlaskClient, cast: Cast) -> None:
    made = approved(cast, start=False)
    root = f"/activities/{made.id}"
    clerk.post(f"{root}/start")
    page = f"{root}/stages/{made.stages[0].id}"
    assert "逾期" in clerk.get(root).text
    assert f"/participation/returns/new/{made.contest_id}" in clerk.get(root).text
    wrong = clerk.post(page, data={"text": "做了不少", "suggestions": "1", "suggestions_adopted": "2", "submit": "1"})
    assert wrong.status_code == 422
    assert "做了不少" in wrong.text
    assert "多于" in wrong.text
    assert clerk.post(page, data={"text": "做了不少", "units": "很多"}).status_code == 422
    assert "最多两位小数" in clerk.post(page, data={"text": "做了不少", "benefit": "9.999"}).text
    assert clerk.post(page, data={"text": "做了不少", "units": "2", "benefit": "929.95"}).status_code == 303
    assert fresh(made.id).stages[0].measures == {"units": 2, "benefit": 92995}
    assert 'value="929.95"' in clerk.get(page).text
    evidence = f"{root}/evidence/{made.stages[0].id}"
    refused = clerk.post(evidence, data={"file": (io.BytesIO(b"text"), "a.txt")})
    assert refused.status_code == 422
    assert "只接受" in refused.text
    assert clerk.post(f"{root}/evidence/{uuid4()}", data={"file": (io.BytesIO(b"text"), "a.txt")}).status_code == 404
    for name in ("现场.jpg", "会议.jpg"):
        assert clerk.post(evidence, data={"file": (io.BytesIO(picture()), name)}).location == page
    kept = queries.files_of(made.id)[made.stages[0].id]
    with clerk.get(f"{root}/files/{kept[0].id}") as answer:
        assert answer.mimetype == "image/jpeg"
        assert answer.data[:3] == b"\xff\xd8\xff"
    assert clerk.post(f"{root}/files/{kept[1].id}/remove").location == page
    assert clerk.get(f"{root}/files/{kept[1].id}").status_code == 404
    assert clerk.post(page, data={"text": "做了不少", "units": "2", "submit": "1"}).status_code == 303
    chief = as_chief(clerk, cast)
    assert chief.post(page, data={"text": "已经交了"}).status_code == 409
    assert chief.get(f"{page}/give-back").status_code == 200
    chief.post(f"{page}/give-back", data={"reason": "再写细一点"})
    assert "再写细一点" in chief.get(page).text
    chief.post(page, data={"text": "写细了", "submit": "1"})
    assert chief.post(f"{page}/acknowledge").status_code == 303
    assert fresh(made.id).stages[0].state == "acknowledged"
    assert "已收阅" in chief.get(page).text


def test_results_and_evaluation(clerk: FlaskClient, cast: Cast) -> None:
    made = approved(cast, kind="five_small")
    root = f"/activities/{made.id}"
    idea = {"title": "省电装置", "kind": "invention", "unit": "测试电厂", "summary": "", "is_adopted": "y", "benefit": "12"}
    refused = clerk.post(f"{root}/achievements/new", data=idea)
    assert refused.status_code == 422
    assert "承诺" in refused.text
    assert "省电装置" in refused.text
    place = clerk.post(f"{root}/achievements/new", data={**idea, "has_pledge": "y"}).location
    assert "省电装置" in clerk.get(place).text
    assert clerk.post(place, data={**idea, "has_pledge": "y", "benefit": "15.5"}).status_code == 303
    assert "15.50" in clerk.get(f"{root}/achievements").text
    assert "设定评价表" in clerk.get(f"{root}/evaluation").text
    refused = clerk.post(f"{root}/evaluation/sheet", data={"items": "组织 30\n实效 60"})
    assert refused.status_code == 422
    assert "现在是 90" in refused.text
    assert "示例" in clerk.get(f"{root}/evaluation/sheet").text
    clerk.post(f"{root}/evaluation/sheet", data={"items": "组织 30\n实效 70"})
    scored = {"unit": "测试电厂", "item_0": "28", "item_1": "66.5", "remark": "", "honour": "推荐先进"}
    assert clerk.post(f"{root}/evaluation/new", data={**scored, "item_0": "31"}).status_code == 422
    row = clerk.post(f"{root}/evaluation/new", data=scored).location
    assert clerk.post(row, data={**scored, "item_1": "70"}).status_code == 303
    assert "98.0" in clerk.get(f"{root}/evaluation").text
    clerk.post(f"{place}/remove")
    clerk.post(f"{root}/finish")
    clerk.post(f"{root}/evaluation/close")
    assert "评价已完成" in clerk.get(f"{root}/evaluation").text
    assert "还没有登记成果" in clerk.get(f"{root}/achievements").text
    other = approved(cast, name="另一项")
    assert clerk.get(f"/activities/{other.id}/achievements").status_code == 404


def test_the_province_alone_names_flagships(clerk: FlaskClient, cast: Cast) -> None:
    page = f"/activities/{approved(cast).id}/flagship"
    assert clerk.post(page, data={"reason": "自己认定"}).status_code == 403
    chief = cast.sign_in(clerk, cast.account("clerk", "union", cast.province.id))
    assert chief.get(page).status_code == 200
    assert chief.post(page, data={"reason": "列入十大竞赛"}).status_code == 303
    assert "取消引领性认定" in chief.get(page.removesuffix("/flagship")).text


def test_a_stranger_sees_what_is_approved_and_nothing_before(clerk: FlaskClient, cast: Cast) -> None:
    draft, public = declared(cast), approved(cast, name="核准的活动")
    beside = cast.sign_in(clerk, cast.account("clerk", "union", cast.other_county.id))
    assert beside.get(f"/activities/{draft.id}").status_code == 404
    assert beside.get(f"/activities/{public.id}").status_code == 200
    assert beside.post(f"/activities/{public.id}/finish").status_code == 403


@pytest.mark.parametrize(("whose", "status"), [("prefecture", 200), ("grassroots", 200), ("other_county", 404)])
def test_what_happens_in_an_activity_is_for_those_above_and_below(clerk: FlaskClient, cast: Cast, whose: str, status: int) -> None:
    made = approved(cast, kind="five_small", start=False)
    root = f"/activities/{made.id}"
    clerk.post(f"{root}/start")
    idea = {"title": "省电装置", "kind": "invention", "unit": "测试电厂", "summary": "", "is_adopted": "y", "benefit": "12",
            "has_pledge": "y"}
    place = clerk.post(f"{root}/achievements/new", data=idea).location
    clerk.post(f"{root}/evidence/{place.rpartition('/')[2]}", data={"file": (io.BytesIO(picture()), "某某的申报表.jpg")})
    stage = f"{root}/stages/{made.stages[0].id}"
    clerk.post(stage, data={"text": "写到一半的小结"})
    clerk.post(f"{root}/evidence/{made.stages[0].id}", data={"file": (io.BytesIO(picture()), "现场.jpg")})
    file = queries.files_of(made.id)[made.stages[0].id][0]
    firm = organisations.add_union(cast.county.id, name_zh="测试电厂工会", level="grassroots", actor=SYSTEM, at=AT, on=AT.date())
    reader = cast.sign_in(clerk, cast.account("clerk", "union", firm.id if whose == "grassroots" else getattr(cast, whose).id))
    shown = reader.get(root)
    assert shown.status_code == 200
    assert ["只有申报工会" in shown.text, stage in shown.text, "办理记录" in shown.text] == [status == 404, status == 200, status == 200]
    evidence = f"{root}/files/{file.id}"
    for page in (stage, f"{root}/achievements", f"{root}/evaluation", evidence):
        with reader.get(page) as answer:
            assert answer.status_code == (404 if page == evidence and whose == "grassroots" else status), page
            # Whoever works for the union above may write for it; those below read what was handed in.
            text = answer.get_data().decode("utf-8", "replace")
            assert ("写到一半" in text) == (whose == "prefecture" and page == stage)
            assert ["某某的申报表" in text, "有 1 份材料" in text] == [
                page == f"{root}/achievements" and whose == each for each in ("prefecture", "grassroots")]


def test_the_list_as_a_workbook_says_what_the_page_says(clerk: FlaskClient, cast: Cast) -> None:
    approved(cast, name="一号活动")
    declared(cast, name="二号活动")
    assert clerk.get("/activities/export?state=running").status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(clerk.post("/activities/export?state=running", data={}).data))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[2:]] == ["一号活动"]
    assert rows[2][11] == "进行中"
    assert rows[2][15] == 3
    assert clerk.get("/activities/?year=99999&page=x&state=nothing&region=%25").status_code == 200


def test_organizers_still_halt_it_as_a_contest_but_change_it_here(client: FlaskClient, cast: Cast) -> None:
    made = approved(cast)
    office = cast.sign_in(client, cast.account("organizer"))
    assert "/course/postpone" in office.get(f"/activities/{made.id}").text
    refused = office.get(f"/manage/contests/{made.contest_id}/edit")
    assert refused.status_code == 409
    assert "竞赛活动" in refused.text
    assert office.post(f"/manage/contests/{made.contest_id}/course/stop", data={"reason": "停工"}).status_code == 303
    assert "已中止" in office.get(f"/activities/{made.id}").text
