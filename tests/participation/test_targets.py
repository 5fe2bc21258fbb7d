"""Targets down the tree: shapes, hands, tables; who may; what is kept of changes; the one number."""

import io
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic
from competition.core.errors import RuleBroken
from competition.core.files import store
from competition.core.sheets import write_table
from competition.counting.rules_periods import month_number
from competition.participation import queries_parts, queries_targets, service_targets
from competition.participation import rules_targets as rules
from competition.participation import service_targets as targets
from competition.participation.queries_targets import outlook
from competition.returns import service as returns
from tests.builders import make_contest
from tests.cast import AT, Cast
from tests.participation.test_outlook import came
from tests.queries import statements_of


@given(st.integers(0, 10_000_000), st.dictionaries(st.text("abcdef", min_size=1), st.integers(0, 500_000), min_size=1))
def test_parts_add_up_exactly_and_lie_less_than_one_from_their_share(total: int, weights: dict[str, int]) -> None:
    parts = rules.by_shape(total, weights)
    whole = sum(weights.values())
    assert sum(parts.values()) == total
    assert all(abs(parts[one] * whole - total * weights[one]) < whole for one in weights if whole)


def test_remainders_by_hand() -> None:
    """100 by 3, 3, 1: 42.857, 42.857, 14.286: the two that are cut most get one more. By 1, 1, 1: the first by code gets the odd one."""
    assert rules.by_shape(100, {"b": 3, "a": 3, "c": 1}) == {"a": 43, "b": 43, "c": 14}
    assert rules.by_shape(100, {"b": 1, "a": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}
    assert rules.by_shape(5, {"b": 0, "a": 0}) == {"a": 3, "b": 2}


@pytest.mark.parametrize(("figures", "is_so_far", "words"), [
    ([1] * 11, True, "十二个月"), ([1, None, *[2] * 10], True, "十二个月"), ([5, 4, *[9] * 10], True, "2 月的累计人数"),
    ([0] * 12, False, "全年人数"),
])
def test_months_that_make_no_year(figures: list[int | None], is_so_far: bool, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        rules.twelve(figures, is_so_far=is_so_far)


def test_months_of_a_table_in_many_spellings() -> None:
    rows = [["去年各月人数"], ["月份", "人数"], ["1月", "1,000"], ["２", "2000"], ["2025年3月", "3000人"], ["2025-04", "4000"],
            ["2025/5", "5000"], ["2025-06-01 00:00:00", "6000"], ["合计", "21000"]]
    assert rules.months_of_table(rows) == [1000, 2000, 3000, 4000, 5000, 6000] + [None] * 6


def split(cast: Cast, scope: str, wanted: dict[str, int | None], reason: str = "年初会议确定") -> int:
    found = queries_parts.node(scope)
    assert found
    return targets.split_target(scope, 2026, queries_parts.parts(found, 2026), wanted, how="hand", reason=reason, actor=SYSTEM, at=AT)


def test_a_target_goes_down_the_tree_and_each_change_is_kept(any_cast: Cast) -> None:
    service_targets.set_target(2026, 1000, None, actor=SYSTEM, at=AT)
    assert split(any_cast, "all", {"630200": 400, "630100": 300}) == 2
    assert split(any_cast, "630200", {"630224": 150}) == 1
    assert split(any_cast, "all", {"630200": 450, "630100": None}, "海东增加") == 2
    found = queries_targets.target(2026, "630200")
    assert found
    assert (found.persons, queries_targets.target(2026, "630100")) == (450, None)
    assert {(one.before, one.after, one.reason) for one in queries_parts.changes(2026, ["630200"])} == {
        (400, 450, "海东增加"), (None, 400, "年初会议确定")}
    for wanted, words in (({"630224": 5}, "不在这一级"), ({"630200": 450}, "完全相同"), ({"630200": 0}, "1 至")):
        with pytest.raises(RuleBroken, match=words):
            split(any_cast, "all", wanted)
    with pytest.raises(RuleBroken, match="理由"):
        split(any_cast, "all", {"630200": 1}, " ")
    with pytest.raises(RuleBroken, match="理由"):
        service_targets.set_target(2026, 1100, None, actor=SYSTEM, at=AT)


def test_somebody_who_was_faster_is_not_overwritten(any_cast: Cast) -> None:
    found = queries_parts.node("all")
    assert found
    seen = queries_parts.parts(found, 2026)
    split(any_cast, "all", {"630200": 400})
    with pytest.raises(RuleBroken, match="刚刚改过"):
        targets.split_target("all", 2026, seen, {"630200": 500}, how="hand", reason="晚到", actor=SYSTEM, at=AT)


def test_told_months_take_the_place_of_what_was_seen(any_cast: Cast) -> None:
    """Told: 10 each month. Due on 30 June of a target of 600: half."""
    service_targets.set_target(2026, 600, None, actor=SYSTEM, at=AT)
    targets.tell_months("all", 2025, [10] * 12, is_so_far=False, actor=SYSTEM, at=AT)
    found = outlook("all", 2026, date(2026, 6, 30))
    assert found
    assert (found.pace_from, found.expected) == ("typed", 300)
    targets.forget_months("all", 2025, actor=SYSTEM, at=AT)
    again = outlook("all", 2026, date(2026, 6, 30))
    assert again
    assert again.pace_from == "even"


def test_the_one_number_may_hold_bulk_heads_and_both_are_told(any_cast: Cast) -> None:
    service_targets.set_target(2026, 100, None, scope="630224", actor=SYSTEM, at=AT)
    contest = make_contest(any_cast, phase="finished").id
    made = returns.begin_return(any_cast.county.id, contest, month_number(AT.date()), "bulk", actor=SYSTEM, at=AT)
    with atomic():
        evidence = store(b"%PDF-1.7", name="a.pdf", media_type="application/pdf", sensitivity="internal", actor=SYSTEM, at=AT)
        audit.record("test", actor=SYSTEM, subject=("file", "one"), at=AT)
    returns.put_bulk(made.id, 60, 10, evidence.id, actor=SYSTEM, at=AT)
    returns.submit_return(made.id, actor=SYSTEM, at=AT)
    for union in (any_cast.prefecture, any_cast.province):
        returns.approve_return(made.id, union.id, actor=SYSTEM, at=AT)
    came(any_cast, 2026, {5: 20})
    before = outlook("630224", 2026, date(2026, 6, 30))
    targets.choose_headline(2026, "with_reported", "与年度考核口径一致", actor=SYSTEM, at=AT)
    after = outlook("630224", 2026, date(2026, 6, 30))
    assert before
    assert after
    assert (before.registered, before.more, before.progress.persons) == (20, 50, 20)
    assert (after.registered, after.more, after.progress.persons) == (20, 50, 70)
    with pytest.raises(RuleBroken, match="理由"):
        targets.choose_headline(2026, "registered", "", actor=SYSTEM, at=AT)


# ---- pages ---------------------------------------------------------------------------------------


def test_a_split_is_filled_looked_at_and_saved(client: FlaskClient, cast: Cast) -> None:
    came(cast, 2025, {3: 30}, "630224")
    came(cast, 2025, {3: 10}, "630225")
    service_targets.set_target(2026, 100, None, scope="630200", actor=SYSTEM, at=AT)
    cast.sign_in(client, cast.account("clerk", "union", cast.prefecture.id))
    address = "/participation/targets/630200/split?year=2026"
    assert "去年人数" in client.get(address).text
    page = client.post(address, data={"step": "shape"}).text
    assert 'name="part-630224" value="75"' in page
    assert "未分解 0 人" in page
    shown = {"part-630224": "70", "part-630225": "20", "how": "shape"}
    preview = client.post(address, data=shown | {"step": "preview"}).text
    assert "未分解 10 人" in preview
    refused = client.post(address, data=shown | {"step": "save", "reason": ""})
    assert (refused.status_code, 'value="70"' in refused.text) == (422, True)
    assert client.post(address, data=shown | {"step": "save", "reason": "按去年比例"}).status_code == 303
    listed = client.get("/participation/targets/630200?year=2026").text
    assert "按去年比例分解" in listed
    for words in ({"step": "preview", "part-630224": "很多"}, {"step": "preview", "part-630224": "-5"}):
        wrong = client.post(address, data=words)
        assert (wrong.status_code, words["part-630224"] in wrong.text) == (422, True)
        assert wrong.text.count(f"化隆回族自治县：“{words['part-630224']}”不是人数") == 1


def test_a_table_comes_back_filled_in(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("organizer"))
    taken = client.post("/participation/targets/630200/export?year=2026")
    assert taken.status_code == 200
    address = "/participation/targets/630200/split?year=2026"

    def sent(rows: list[list[Any]], header: list[str]) -> tuple[int, str]:
        book = write_table("目标", header, rows, taken=None)
        answer = client.post(address, data={"step": "file", "file": (io.BytesIO(book), "a.xlsx")}, content_type="multipart/form-data")
        return answer.status_code, answer.text

    status, page = sent([["630224", "互助", 80], ["999999", "别处", 5]], ["代码", "单位", "目标人数"])
    assert (status, 'name="part-630224" value="80"' in page) == (200, True)
    assert "没有找到" in sent([["1", 2]], ["甲", "乙"])[1]
    status, page = sent([["630224", "互助", "八十"]], ["代码", "单位", "目标人数"])
    assert (status, page.count("“八十”不是人数")) == (422, 1)
    assert client.post(address, data={"step": "file"}).status_code == 422


def test_months_are_typed_and_refused_with_what_was_typed(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("organizer"))
    address = "/participation/targets/all/pace?year=2026"
    twelve = {f"month-{month}": str(month * 100) for month in range(1, 13)}
    refused = client.post(address, data=twelve | {"month-5": "1", "meant": "so_far", "step": "save"})
    assert (refused.status_code, "5 月的累计人数" in refused.text, 'value="1200"' in refused.text) == (422, True, True)
    assert "5月：“五”不是人数" in client.post(address, data=twelve | {"month-5": "五", "meant": "so_far", "step": "save"}).text
    assert client.post(address, data=twelve | {"meant": "so_far", "step": "save"}).status_code == 303
    assert queries_parts.told_months("all", 2025)[-1] == 1200
    assert client.post(address, data={"meant": "so_far", "step": "forget"}).status_code == 303
    assert queries_parts.told_months("all", 2025) == []


def test_each_level_splits_its_own_part_alone(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    assert client.get("/participation/targets/630224/split").status_code == 200
    for scope in ("all", "630200", "630225"):
        assert client.get(f"/participation/targets/{scope}/split").status_code == 403
        assert client.get(f"/participation/targets/{scope}").status_code == 200
    assert client.get("/participation/targets/u:nothing").status_code == 404
    assert client.get("/participation/headline").status_code == 403


def test_the_one_number_is_chosen_on_its_page(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("organizer"))
    assert client.post("/participation/headline?year=2026", data={"headline": "with_reported", "reason": ""}).status_code == 422
    assert client.post("/participation/headline?year=2026", data={"headline": "with_reported", "reason": "考核口径"}).status_code == 303


def test_statements_of_a_ranking_do_not_grow_with_targets(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("organizer"))
    split(cast, "all", {"630200": 400})
    few = statements_of(client, "/participation/targets/all?year=2026")
    split(cast, "all", dict.fromkeys(("630100", "632200", "632300", "632500"), 100))
    many = statements_of(client, "/participation/targets/all?year=2026")
    assert len(few) == len(many), many
