"""The head of a table is found in any layout; what a clerk chose counts more than any guess."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.rosters.rules_columns import FIELDS, WORDS, field_of, find_head, with_choice
from tests.cast import id_card

TITLE = ["海东市某某拉面有限公司工会参赛职工名单"]


@pytest.mark.parametrize(("titles", "fields"), [
    (["序号", "姓名", "身份证号", "工作单位", "联系电话"], {"name": 1, "number": 2, "unit": 3, "phone": 4}),
    (["姓  名*", "公民身份\n号码（必填）", "性 别", "所属工会：", "八大群体"], {"name": 0, "number": 1, "sex": 2, "union": 3, "group": 4}),
    (["职工姓名", "证件类型", "证件号码", "工种", "技能等级", "出生年月"],
     {"name": 0, "kind": 1, "number": 2, "trade": 3, "level": 4, "born": 5}),
    (["姓名", "姓名", "身份证号码"], {"name": 0, "number": 2}),
    (["Name", "ID No.", "Phone"], {"name": 0, "number": 1, "phone": 2}),
])
def test_titles_are_known_by_many_words(titles: list[str], fields: dict[str, int]) -> None:
    head = find_head([TITLE, ["填报单位：", "某工会"], titles, ["甲"] * len(titles)])
    assert head is not None
    assert (head.row, head.fields, head.is_complete) == (2, fields, True)


def test_a_head_of_two_rows_is_read_together() -> None:
    """As it comes in where cells are merged: over two columns only the first has the text, over two rows both have it."""
    rows = [TITLE, ["序号", "姓名", "证件", "", "工作单位"], ["序号", "姓名", "类型", "号码", "工作单位"],
            ["1", "甲", "居民身份证", id_card(), "某店"]]
    head = find_head(rows)
    assert head is not None
    assert (head.row, head.fields) == (2, {"name": 1, "kind": 2, "number": 3, "unit": 4})


def test_numbers_are_known_by_their_looks() -> None:
    rows = [["姓名", "号", "备注"], *(["甲", id_card(n), "13800000001"] for n in range(5)), ["乙", "6.32123E+17", ""]]
    head = find_head(rows)
    assert head is not None
    assert head.fields == {"name": 0, "number": 1, "phone": 2}


@pytest.mark.parametrize("rows", [[], [[]], [["甲", "乙"], ["1", "2"]], [["单位", "电话"], ["某店", "1"]]])
def test_no_head_is_none(rows: list[list[str]]) -> None:
    assert find_head(rows) is None


def test_what_a_clerk_chose_is_kept_for_tables_of_the_same_titles() -> None:
    rows = [["姓名", "曾用名", "身份证号"], ["甲", "乙", id_card()]]
    head = find_head(rows)
    other = find_head([["标题"], ["姓 名", "曾用名*", "身份证号"], ["丙", "", ""]])
    assert head is not None
    assert other is not None
    assert head.fingerprint == other.fingerprint
    assert with_choice(other, {"name": 1, "number": 2}).fields == {"name": 1, "number": 2}
    # What does not fit is not taken: an unknown field, a column that is not there, one column twice.
    assert with_choice(head, {"name": 0, "wages": 1, "unit": 9, "phone": -1, "number": 0}).fields == {"name": 0}


def test_every_word_names_one_field() -> None:
    assert WORDS.keys() == FIELDS.keys()
    assert all(field_of(word) == field for field, words in WORDS.items() for word in words.split())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(max_size=6), max_size=5), max_size=6))
def test_any_table_has_a_head_within_it_or_none(rows: list[list[str]]) -> None:
    head = find_head(rows)
    assert head is None or all(column < len(head.titles) for column in head.fields.values())
