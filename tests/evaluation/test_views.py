"""The pages of the index: set, given, explained, locked, taken; and what is refused with the form kept."""

import io

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from competition.core.clock import now
from competition.core.database import db
from competition.evaluation import queries, rules
from competition.evaluation.models import Given
from tests.activities.test_service import picture
from tests.cast import Cast


@pytest.fixture
def office(client: FlaskClient, cast: Cast) -> FlaskClient:
    """The organizer of the province."""
    return cast.sign_in(client, cast.account("organizer", "union", cast.province.id))


def typed(**changes: str) -> dict[str, str]:
    """The example as its form sends it."""
    fields = {"missing": "incomplete", "places": "2", "vetoes": "弄虚作假", "reason": "采用"}
    for n, row in enumerate(rules.EXAMPLE["indicators"]):
        fields |= {f"{name}_{n}": value for name, value in {"top": "persons", "bottom": "one", "target": "", "cap": "", **row}.items()}
    for n in range(len(rules.EXAMPLE["indicators"]), len(rules.EXAMPLE["indicators"]) + 3):
        fields |= {f"kind_{n}": "manual", f"group_{n}": "effect", f"top_{n}": "persons", f"bottom_{n}": "one"}
    return {**fields, **changes}


def test_indicators_are_set_and_refused_with_their_sum(office: FlaskClient, cast: Cast) -> None:
    year = now().year
    page = f"/evaluation/indicators?year={year}"
    assert "不是官方标准" in office.get(page).text
    refused = office.post(page, data=typed(weight_0="14.5"))
    assert refused.status_code == 422
    assert "现在是 99.5" in refused.text
    assert "14.5" in refused.text
    refused = office.post(page, data=typed(target_1="零"))
    assert "第 2 行的目标值" in refused.text
    assert office.post(page, data=typed(top_1="__import__")).status_code == 422
    new = {"name_13": "新增的一项", "weight_13": "5", "weight_0": "10"}
    assert office.post(page, data=typed(**new)).status_code == 303
    found = queries.set_of(year)
    assert found is not None
    assert [row["key"] for row in found.document["indicators"]][-2:] == ["i13", "i14"]
    assert "第 1 版" in office.get(page).text
    assert cast.sign_in(office, cast.account("clerk", "union", cast.county.id)).get(page).status_code == 403


def test_one_union_is_explained_scored_and_locked(office: FlaskClient, cast: Cast) -> None:
    year = now().year
    office.post(f"/evaluation/indicators?year={year}", data=typed())
    root = f"/evaluation/union/{cast.prefecture.id}"
    page = office.get(f"{root}?year={year}").text
    assert "还没有人工评分" in page
    assert "还没有数据或为 0：年度目标（人）" in page
    assert "不完整" in page
    give = f"{root}/give/i7?year={year}"
    assert office.get(give).status_code == 200
    refused = office.post(give, data={"score": "120", "note": "问卷 320 份"})
    assert refused.status_code == 422
    assert "问卷 320 份" in refused.text
    assert office.post(give, data={"score": "88", "note": "问卷", "file": (io.BytesIO(b"x"), "a.txt")}).status_code == 422
    sent = {"score": "88.5", "note": "问卷 320 份", "file": (io.BytesIO(picture()), "问卷.jpg")}
    assert office.post(give, data=sent).status_code == 303
    page = office.get(f"{root}?year={year}").text
    assert "8.85" in page
    assert "问卷 320 份" in page
    given = db.session.scalars(select(Given)).one()
    with office.get(f"/evaluation/files/{given.id}") as answer:
        assert answer.data[:3] == b"\xff\xd8\xff"
    for whose, is_shown in ((cast.prefecture, True), (cast.county, False)):
        reader = cast.sign_in(office.application.test_client(), cast.account("clerk", "union", whose.id))
        shown = reader.get(f"{root}?year={year}").text
        assert ["8.85" in shown, "问卷.jpg" in shown, "有 1 份材料" in shown] == [True, is_shown, not is_shown]
        with reader.get(f"/evaluation/files/{given.id}") as answer:
            assert answer.status_code == (200 if is_shown else 404)
    veto = f"{root}/give/veto:弄虚作假?year={year}"
    assert office.post(veto, data={"score": "yes", "note": "核实属实"}).status_code == 303
    assert "总分计 0" in office.get(f"{root}?year={year}").text
    assert office.get(f"{root}/give/i2?year={year}").status_code == 404
    assert office.post(f"/evaluation/lock?year={year}", data={"reason": ""}).status_code == 422
    assert office.get(f"/evaluation/lock?year={year}").status_code == 200
    place = office.post(f"/evaluation/lock?year={year}", data={"reason": "年终"}).location
    assert "一票否决" in office.get(place).text
    assert "已锁定的评估" in office.get(f"/evaluation/?year={year}").text
    cast.sign_in(office, cast.account("leader"))
    assert office.get(place).status_code == 200
    assert office.post(give, data={"score": "1", "note": "不该有的"}).status_code == 403


def test_nothing_is_locked_by_the_example(office: FlaskClient) -> None:
    refused = office.post("/evaluation/lock", data={"reason": "年终"})
    assert refused.status_code == 409
    assert "示例" in refused.text


def test_the_ranking_as_a_workbook(office: FlaskClient) -> None:
    assert office.get("/evaluation/export?level=county").status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.post("/evaluation/export", data={}).data))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[2][2] == "不完整"
    assert rows[2][6] == "缺数据"
    for query in ("kind=contest", "level=county", "year=99999&kind=x&level=y&page=9"):
        assert office.get(f"/evaluation/?{query}").status_code == 200


def test_a_score_by_hand_is_never_that_of_another_indicator(office: FlaskClient, cast: Cast) -> None:
    """The key of an indicator that was taken out is not given again: its scores would count for the new one."""
    page, place = f"/evaluation/indicators?year={now().year}", f"/evaluation/union/{cast.prefecture.id}"
    assert office.post(page, data=typed()).status_code == 303
    given = office.post(f"{place}/give/i8?year={now().year}", data={"score": "100", "note": "都办了"})
    assert given.status_code == 303
    rows = len(rules.EXAMPLE["indicators"])
    other = {"name_7": "", f"name_{rows}": "另一项人工评分", f"weight_{rows}": "5", f"kind_{rows}": "manual", f"group_{rows}": "approval"}
    assert office.post(page, data=typed(**other, reason="换一项")).status_code == 303
    found = queries.set_of(now().year)
    assert found
    new = next(row for row in found.document["indicators"] if row["name"] == "另一项人工评分")
    assert new["key"] not in {row["key"] for row in rules.EXAMPLE["indicators"]}
    scored = queries.one_of("union", cast.prefecture.id, now().year, now().date()).score
    assert next(line for line in scored.lines if line.indicator["key"] == new["key"]).missing == ("manual",)
