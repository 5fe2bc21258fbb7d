"""A rulebook goes out as a workbook, is edited, and comes back into the draft: happy ways, refusals, two people at once."""

import io
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from competition.contests import queries
from competition.contests.editing import Desk
from competition.contests.models import Contest, RulebookImport
from competition.core.audit import AuditRow
from competition.core.database import db
from tests.cast import Cast
from tests.contests import workbooks as files
from tests.contests.test_views_editor import AT, form, text
from tests.contests.test_views_ready_rulebooks import take
from tests.contests.test_views_staff import fields
from tests.scoring import corpus

BASIC = "basic 手工拉面基本功"


@pytest.fixture
def page(organizer: FlaskClient, contest: Contest) -> str:
    """The page of the workbook of a contest with the lamian rulebook."""
    return f"{take(organizer, contest, 'lamian')[0]}/edit/workbook"


def exported(organizer: FlaskClient, page: str) -> bytes:
    """The workbook of the draft."""
    answer = organizer.get(f"{page}.xlsx")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    return answer.data


def send(organizer: FlaskClient, page: str, data: bytes, *, status: int = 303) -> str:
    """Upload a workbook; what the page says afterwards."""
    answer = organizer.post(page, data={"file": (io.BytesIO(data), "规则.xlsx")})
    assert answer.status_code == status, text(answer)[:3000]
    return text(organizer.get(page) if status == 303 else answer)


def taken(organizer: FlaskClient, page: str, shown: str) -> str:
    """Press the button that takes the workbook over."""
    at = shown.index("workbook/take")
    return text(organizer.post(f"{page}/take", data=fields(shown[at:].split("</form>", maxsplit=1)[0]), follow_redirects=True))


def test_it_goes_out_is_edited_and_comes_back_into_the_draft(organizer: FlaskClient, page: str, contest: Contest) -> None:
    data = files.edited(
        exported(organizer, page), ("结构", "technique", "满分", 20), ("结构", "hygiene", "满分", "5"),
        ("时间规则", BASIC, "时限（分钟）", "35:30"), ("结构", "sanxi", "名称", "第三细"),
        ("分歧提示", BASIC, "相差超过满分的百分比（%）", 0.7))
    shown = send(organizer, page, data)
    for line in ("手工拉面基本功 › 手法与流畅 › 满分：15 分 → 20 分", "手工拉面基本功 › 规定时间 › 时限：40 分钟 → 35 分 30 秒", "→ 第三细",
                 "手工拉面基本功 › 规定时间 › 来源：公开规则（有公开的文件可查） → 本赛事自定", "相差超过满分的百分比：10% → 0.7%"):
        assert line in shown
    assert Desk.of(contest).draft is None
    assert "已存入草稿" in taken(organizer, page, shown)
    draft = Desk.of(contest).draft
    assert draft is not None
    event = draft.document["events"][1]
    assert (event["time"]["limit_s"], event["time"]["source"], event["spread"]["percent"]) == (2130, "default", "0.7")
    assert queries.current_rulebook(contest.id).number == 1
    assert db.session.scalars(select(RulebookImport)).all() == []
    row = db.session.scalars(select(AuditRow).where(AuditRow.act == "contests.draft_rulebook").order_by(AuditRow.seq.desc())).first()
    assert row is not None
    assert (row.details["act"], row.details["about"]) == ("import", "导入工作簿：规则.xlsx")
    edit = page.removesuffix("/workbook")
    organizer.post(f"{edit}/act", data={"do": "undo", "seen": Desk.of(contest).seen})
    after = Desk.of(contest).draft
    assert after is not None
    assert after.document == queries.current_rulebook(contest.id).document


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_an_untouched_workbook_changes_nothing(organizer: FlaskClient, page: str, locale: str) -> None:
    organizer.post("/language", data={"locale": locale})
    shown = send(organizer, page, exported(organizer, page))
    assert ("完全一致" if locale == "zh_Hans_CN" else "needs no import") in shown
    assert "workbook/take" not in shown
    assert organizer.post(f"{page}/drop", follow_redirects=True).status_code == 200
    assert organizer.get(f"{page}/marked.xlsx").status_code == 404


def test_cells_that_cannot_be_read_come_back_in_red(organizer: FlaskClient, page: str, contest: Contest) -> None:
    data = files.edited(
        exported(organizer, page), ("结构", "technique", "满分", "四十"), ("结构", "hygiene", "评分方式", "随便打"),
        ("结构", "sanxi", "满分", "=3+5"), ("裁判合成", BASIC, "去掉最低分（个）", "1.5"),
        ("成绩组成", "overall 总成绩", "哪个项目或总成绩", "没有这项"),
        ("结构", "noodle", "最多扣（分）", "3"), ("结构", "soup", "层级", "3"))
    book = load_workbook(io.BytesIO(data))
    book.create_sheet("我的笔记")["B2"] = "不要丢"
    shown = send(organizer, page, files.saved(book))
    for sentence in ("请填数字", "只能填：", "这里是公式", "请填整数", "没有找到“没有这项”",
                     "这一种没有“最多扣（分）”", "层级只能是", "工作表“我的笔记”"):
        assert sentence in shown
    assert "workbook/take" not in shown
    refused = text(organizer.post(f"{page}/take", data={"seen": Desk.of(contest).seen}, follow_redirects=True))
    assert "格无法读取" in refused
    red = load_workbook(io.BytesIO(organizer.get(f"{page}/marked.xlsx").data))
    sheet = red["结构"]
    row = next(row for row in range(1, sheet.max_row + 1) if "technique" in [cell.value for cell in sheet[row]])
    cell = sheet.cell(row=row, column=files.column_of(sheet, "满分"))
    assert (cell.value, cell.fill.fgColor.rgb, "请填数字" in cell.comment.text) == ("四十", "FFFFC7CE", True)
    assert red["我的笔记"]["B2"].value == "不要丢"
    assert red.sheetnames[0] == "需要改的地方"
    fixed = files.edited(
        files.saved(red), ("结构", "technique", "满分", "15"), ("结构", "hygiene", "评分方式", "按档打分"), ("结构", "sanxi", "满分", "8"),
        ("裁判合成", BASIC, "去掉最低分（个）", "1"), ("成绩组成", "overall 总成绩", "哪个项目或总成绩", "理论知识"),
        ("结构", "noodle", "最多扣（分）", None),
        ("结构", "soup", "层级", 1))
    assert "完全一致" in send(organizer, page, fixed)


def test_rules_that_contradict_themselves_go_into_the_draft_and_are_listed(organizer: FlaskClient, page: str, contest: Contest) -> None:
    shown = send(organizer, page, files.edited(exported(organizer, page), ("结构", "technique", "满分", "99")))
    assert "规则里的错误" in shown
    assert "各评分项满分合计却是" in shown
    assert "已存入草稿" in taken(organizer, page, shown)
    assert Desk.of(contest).flaws != []


def test_two_people_at_once(organizer: FlaskClient, page: str, contest: Contest) -> None:
    data = files.edited(exported(organizer, page), ("结构", "sanxi", "名称", "第三细"))
    shown = send(organizer, page, data)
    edit = page.removesuffix("/workbook")
    organizer.post(edit, query_string={"at": AT}, data={**form(organizer, edit, AT), "name-zh": "甲改的"})
    told = taken(organizer, page, shown)
    assert "别人改过这份草稿" in told
    assert "导出以后，规则又改过" in told
    assert "甲改的 → 手法与流畅" in told
    draft = Desk.of(contest).draft
    assert draft is not None
    assert "第三细" not in str(draft.document)
    assert "已存入草稿" in taken(organizer, page, text(organizer.get(page)))


def test_rows_are_added_taken_out_and_moved(organizer: FlaskClient, page: str, contest: Contest) -> None:
    book = load_workbook(io.BytesIO(exported(organizer, page)))
    sheet = book["结构"]
    where = {sheet.cell(row=row, column=files.column_of(sheet, "标识")).value: row for row in range(3, sheet.max_row + 1)}
    sheet.insert_rows(where["technique"])
    for head, value in (("项目", "手工拉面基本功"), ("层级", 1), ("名称", "新一项"), ("满分", 7.5), ("打分的最小一档", 0.5)):
        sheet.cell(row=where["technique"], column=files.column_of(sheet, head), value=value)
    sheet.delete_rows(where["sanxi"] + 1)
    shown = send(organizer, page, files.saved(book))
    assert "手工拉面基本功 › 新一项：— → " in shown
    assert "手工拉面基本功 › 三细：8 分 → —" in shown
    taken(organizer, page, shown)
    draft = Desk.of(contest).draft
    assert draft is not None
    criteria = draft.document["events"][1]["criteria"]
    new = criteria[2]
    assert (new["name"], new["max"], new["step"], new["key"]) == ("新一项", "7.5", "0.5", "c1")
    assert [one["key"] for one in criteria[:4]] == ["hygiene", "mixing", "c1", "technique"]
    assert "sanxi" not in [one["key"] for one in criteria]


def test_a_contest_without_rules_begins_with_a_workbook(organizer: FlaskClient, contest: Contest) -> None:
    rulebook = f"/manage/contests/{contest.id}/rulebook"
    assert "welding.xlsx" in text(organizer.get(f"{rulebook}/edit/workbook"))
    assert organizer.get(f"{rulebook}/edit/workbook.xlsx").status_code == 409
    data = organizer.get(f"{rulebook}/ready/welding.xlsx").data
    shown = send(organizer, f"{rulebook}/edit/workbook", data)
    assert "已存入草稿" in taken(organizer, f"{rulebook}/edit/workbook", shown)
    draft = Desk.of(contest).draft
    assert draft is not None
    assert files.plain(draft.document) == files.plain(corpus.READY["welding"])
    assert organizer.get(f"{rulebook}/ready/none.xlsx").status_code == 404


def test_a_version_goes_out_as_it_was(organizer: FlaskClient, page: str, contest: Contest) -> None:
    address = page.removesuffix("/edit/workbook") + "/versions/1.xlsx"
    assert "versions/1.xlsx" in text(organizer.get(address.removesuffix(".xlsx")))
    reading = files.read_back(organizer.get(address).data)
    assert files.plain(reading.document) == files.plain(queries.current_rulebook(contest.id).document)
    assert reading.stamp == [str(contest.id), "v1"]


def without(data: bytes, change: Any) -> bytes:
    book = load_workbook(io.BytesIO(data))
    change(book)
    return files.saved(book)


def packed(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return out.getvalue()


def test_what_is_no_workbook_of_rules_is_refused_in_words(organizer: FlaskClient, page: str, contest: Contest) -> None:
    data = exported(organizer, page)
    bad = {
        "这不是 .xlsx 表格": b"no workbook", "带有宏": packed(data, "xl/vbaProject.bin", b"x"),
        "引用了其他文件": packed(data, "xl/externalLinks/externalLink1.xml", b"<a/>"),
        "解压后过大": packed(data, "xl/media/a.bin", b"\0" * 70_000_000),
        "缺少下面的内容": without(data, lambda book: book.remove(book["档次"])),
        "工作表“结构”的列“系数”": without(data, lambda book: book["结构"].delete_cols(files.column_of(book["结构"], "系数"))),
        "这不是评分规则的工作簿": without(data, lambda book: [book.remove(book[name]) for name in book.sheetnames[1:]]),
        "最多 20000 行": without(data, lambda book: book["结构"].cell(row=1_000_000, column=1, value="x")),
        "太长：最多 3000 行": without(data, lambda book: book["结构"].cell(row=3_500, column=1, value="x")),
    }
    large = ("解压后过大", "最多 20000 行", "太长：最多 3000 行")
    for sentence, sent in bad.items():
        assert sentence in send(organizer, page, sent, status=413 if sentence in large else 422), sentence
    assert "请选择 .xlsx 工作簿" in text(organizer.post(page, data={}))
    assert Desk.of(contest).draft is None
    assert "没有等待存入草稿的工作簿" in text(organizer.post(f"{page}/take", data={"seen": "v1"}, follow_redirects=True))


def test_only_who_may_set_the_rules_may_import(page: str, client: FlaskClient, cast: Cast, contest: Contest) -> None:
    for role in ("administrator", "auditor"):
        browser = cast.sign_in(client.application.test_client(), cast.account(role, "system", None, role))
        assert browser.get(page).status_code == 403
        assert browser.post(f"{page}/take").status_code == 403
        assert browser.get(f"{page}.xlsx").status_code == 403
