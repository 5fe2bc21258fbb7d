"""The pages of a roster's way into a return, as a county's clerk goes it, and as nobody else does."""

import io

import pytest
from flask.testing import FlaskClient

from competition.returns import service as returns
from competition.returns import service_import as imports
from competition.returns.models import Return
from competition.returns.models_import import ReturnImport
from competition.returns.queries_import import imports_of
from tests.builders import run_apart
from tests.cast import AT, Cast, id_card
from tests.queries import statements_of
from tests.returns.tables import again, book, clerk, draft, people, sent, taken, work
from tests.returns.test_import import FAULTY


def county(client: FlaskClient, cast: Cast) -> FlaskClient:
    return cast.sign_in(client, cast.account("clerk", "union", cast.county.id))


def newest(found: Return) -> ReturnImport:
    return imports_of(found.id)[0]


def test_the_way_of_a_clerk(client: FlaskClient, cast: Cast) -> None:
    found, browser = draft(cast), county(client, cast)
    root = f"/participation/returns/{found.id}/roster"
    assert "名册里还没有人" in browser.get(root).text
    assert "名册里还没有人" in browser.get(f"/participation/returns/{found.id}/people").text
    answer = browser.post(root, data={"file": (io.BytesIO(book([*people(3), *FAULTY[:1]])), "一季度 名册.xlsx")})
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert "正在排队" in browser.get(page).text
    assert "data-job" in browser.get(f"{page}/progress").text
    kept = newest(found)
    work(kept)
    shown = browser.get(page).text
    assert ["只导入没有问题的 3 人" in shown, "后几位已丢失" in shown, "第 3 行" in shown or "第 6 行" in shown] == [True] * 3
    assert id_card(0) not in shown
    assert "3 个单位不在单位名录中" in shown
    run_apart(again(kept).marking_id)  # type: ignore[arg-type]
    assert "6.32123E+17" not in browser.get(f"{page}/faults").text
    assert browser.post(f"{page}/marked.xlsx").data[:2] == b"PK"
    assert browser.post(f"{page}/take", data={"rows": "all"}, follow_redirects=True).text.count("1 行需要修改") == 1
    assert browser.post(f"{page}/take", data={"rows": "good"}).status_code == 303
    work(kept)
    assert "已导入 3 人" in browser.get(page).text
    listed = browser.get(f"/participation/returns/{found.id}/people").text
    assert ["试*甲" in listed, "快递员" in listed, id_card(1) in listed] == [True, True, False]
    assert browser.post(f"{page}/undo", follow_redirects=True).text.count("已撤销这次导入") == 1
    assert "不能再撤销" in browser.post(f"{page}/undo", follow_redirects=True).text


def test_a_column_that_is_not_used_keeps_nobody_out_and_is_named(client: FlaskClient, cast: Cast) -> None:
    found, browser = draft(cast), county(client, cast)
    kept = sent(cast, found, book([["试甲", id_card(1), "1380000", "八级"]], ("姓名", "身份证号", "联系电话", "技能等级")))
    page = browser.get(f"/participation/imports/{kept.id}").text
    assert ("没有读取：手机号码、技能等级" in page, "需要修改的地方" in page) == (True, False)
    assert taken(cast, kept).staged == 1
    plain = sent(cast, found, book([["试甲", id_card(1)]], ("姓名", "身份证号")))
    assert "没有读取：" not in browser.get(f"/participation/imports/{plain.id}").text


def test_columns_are_chosen_on_the_page(client: FlaskClient, cast: Cast) -> None:
    found, browser = draft(cast), county(client, cast)
    kept = sent(cast, found, book([[id_card(1), "某店", "试乙"]], ("编码甲", "说明", "称呼")))
    page = f"/participation/imports/{kept.id}"
    assert "没有认出哪一列是姓名" in browser.get(page).text
    answer = browser.post(f"{page}/columns", data={"column_0": "number", "column_2": ""})
    assert (answer.status_code, "请指明哪一列是“姓名”" in answer.text) == (422, True)
    answer = browser.post(f"{page}/columns", data={"column_0": "number", "column_1": "number", "column_2": "name"})
    assert (answer.status_code, "已经选给了前面的一列" in answer.text) == (422, True)
    assert browser.post(f"{page}/columns", data={"column_0": "number", "column_1": "nonsense"}).status_code == 422
    assert browser.post(f"{page}/columns", data={"column_0": "number", "column_2": "name"}).status_code == 303
    work(kept)
    assert "导入 1 人" in browser.get(page).text
    assert browser.post(f"{page}/drop", follow_redirects=True).text.count("已放弃") == 2


def test_what_is_refused_is_said_where_it_was_sent(client: FlaskClient, cast: Cast) -> None:
    found, browser = draft(cast), county(client, cast)
    root = f"/participation/returns/{found.id}/roster"
    assert "请先选择填好的表格" in browser.post(root, data={}).text
    assert "没有内容" in browser.post(root, data={"file": (io.BytesIO(b""), "x.csv")}).text
    answer = browser.post(root, data={"file": (io.BytesIO(b"%PDF-1.7\0\1"), "x.xlsx")})
    work(newest(found))
    assert "这个文件的内容是PDF，不是表格。请上传 .xlsx、.xls 或 .csv 文件。" in browser.get(answer.headers["Location"]).text
    kept = sent(cast, found, book(people(1)))
    browser.post(f"/participation/imports/{kept.id}/take", data={"rows": "all"})
    browser.post(f"/participation/imports/{kept.id}/stop")
    assert "导入已停止" in browser.get(f"/participation/imports/{kept.id}").text
    taken(cast, again(kept))
    returns.submit_return(found.id, actor=clerk(cast), at=AT)
    assert "已上报的名册不能修改" in browser.get(root).text
    answer = browser.post(root, data={"file": (io.BytesIO(book(people(1))), "x.xlsx")})
    assert (answer.status_code, "请先撤回" in answer.text) == (409, True)


@pytest.mark.parametrize("address", ["returns/{0}/roster", "returns/{0}/people", "imports/{1}", "imports/{1}/progress"])
def test_other_unions_find_nothing(client: FlaskClient, cast: Cast, address: str) -> None:
    found = draft(cast)
    kept = imports.send_table(found.id, book(people(1)), "x.xlsx", actor=clerk(cast), at=AT)
    path = "/participation/" + address.format(found.id, kept.id)
    assert cast.sign_in(client, cast.account("clerk", "union", cast.other_county.id)).get(path).status_code == 404
    assert cast.sign_in(client, cast.account("contestant")).get(path).status_code == 403
    # Those above see it once it is handed up; what is the union's own to write is never theirs.
    assert cast.sign_in(client, cast.account("clerk", "union", cast.prefecture.id)).get(path).status_code == 404


def test_a_long_roster_costs_no_more_statements(client: FlaskClient, cast: Cast) -> None:
    found, browser = draft(cast), county(client, cast)
    counts = []
    for size in (5, 70):
        taken(cast, sent(cast, found, book(people(size))))
        counts.append(len(statements_of(browser, f"/participation/returns/{found.id}/people")))
    assert counts[0] == counts[1]
