"""Numbers, codes, texts: tables without an application."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.certificates import ready, rules, rules_numbers
from competition.certificates.issuing import new_code
from competition.certificates.rules_numbers import (
    ALPHABET,
    Numbering,
    check_numbering,
    grouped,
    is_code,
    is_number,
    number_of,
    read_code,
    read_numbering,
)
from competition.core.formats import character_names


@pytest.mark.parametrize(("region", "code"), [("630000", "63"), ("630200", "6302"), ("630224", "630224"), ("000000", "00"), (None, "00"),
                                              ("110000", "11")])
def test_issuer_codes(region: str | None, code: str) -> None:
    assert rules_numbers.issuer_code(region) == code


def test_a_number_shows_issuer_year_contest_kind_serial_and_check() -> None:
    number = number_of(Numbering().series("630000", 2026, "LM2026", "J"), 127)
    assert number[:-1] == "63-2026-LM2026-J-000127-"
    assert is_number(number)


@pytest.mark.parametrize(("rule", "text"), [
    (Numbering("QHZGH"), "QHZGH-2026-LM2026-J-000127-"), (Numbering(parts=("kind",)), "63-2026-J-000127-"),
    (Numbering("QH", (), 4), "QH-2026-0127-"), (Numbering(parts=("kind", "contest"), digits=8), "63-2026-LM2026-J-00000127-"),
])
def test_a_union_numbers_its_own_way(rule: Numbering, text: str) -> None:
    check_numbering(rule, rules.KIND_CODES)
    number = number_of(rule.series("630000", 2026, "LM2026", "J"), 127, rule.digits)
    assert (number[:-1], is_number(number)) == (text, True)
    assert read_numbering(rule.as_data()).series("630000", 2026, "LM2026", "J") == rule.series("630000", 2026, "LM2026", "J")


@pytest.mark.parametrize("rule", [
    Numbering("qh"), Numbering("Q-H"), Numbering("Q" * 13), Numbering("青"), Numbering(digits=3), Numbering(digits=9),
    Numbering(letters={"award": "j"}), Numbering(letters={"award": "ABC"}), Numbering(letters={"award": ""}),
    Numbering(letters={"award": "C"}),
])
def test_numbers_that_could_not_be_told_apart_are_refused(app: object, rule: Numbering) -> None:
    with pytest.raises(ValueError, match=r"代号|位数"):
        check_numbering(rule, rules.KIND_CODES)


@given(st.integers(1, 999_999), st.data())
def test_a_wrong_character_is_noticed(serial: int, data: st.DataObject) -> None:
    plain = number_of("63-2026-LM-J", serial).replace("-", "")
    place = data.draw(st.integers(0, len(plain) - 1))
    other = data.draw(st.sampled_from([c for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c != plain[place]]))
    assert not is_number(plain[:place] + other + plain[place + 1:])


def test_swapped_neighbours_are_noticed_but_for_very_few() -> None:
    numbers = [number_of("63-2026-LM-J", serial).replace("-", "") for serial in range(1, 400)]
    swapped = [n[:i] + n[i + 1] + n[i] + n[i + 2:] for n in numbers for i in range(len(n) - 1) if n[i] != n[i + 1]]
    assert sum(map(is_number, swapped)) < len(swapped) / 500


def test_codes_have_100_bits_in_an_alphabet_without_look_alikes() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert {len(code) for code in codes} == {20}
    assert set("".join(codes)) == set(ALPHABET)


@pytest.mark.parametrize("typed", [
    "ABCDE-01FGH-JKMNP-QRSTV", "abcde 01fgh jkmnp qrstv", " abcde–oIfgh—jkmnp_qrstv ",
    "ＡＢＣＤＥ０１ＦＧＨＪＫＭＮＰＱＲＳＴＶ", "ABCDEOLFGHJKMNPQRSTU",
])
def test_codes_are_read_as_they_were_meant(typed: str) -> None:
    assert read_code(typed) == "ABCDE01FGHJKMNPQRSTV"


def test_what_is_no_code() -> None:
    assert is_code(read_code(grouped(new_code())))
    assert not is_code(read_code("张三"))
    assert not is_code(read_code("63-2026-LM2026-J-000127"))


def test_values_are_put_in_once_and_never_read_as_placeholders() -> None:
    assert rules.fill("{姓名}，{单位}", {"姓名": "{单位}", "单位": "甲"}) == "{单位}，甲"


def test_the_first_text_that_can_be_filled_is_taken() -> None:
    block = {"texts": ["在{地点}参加{赛事}", "参加{赛事}"]}
    assert rules.chosen_text(block, {"赛事": "甲", "地点": "乙"}) == "在乙参加甲"
    assert rules.chosen_text(block, {"赛事": "甲", "地点": ""}) == "参加甲"
    assert rules.chosen_text(block, {"地点": "乙"}) is None


def full_data(**more: str) -> dict[str, str]:
    return {"姓名": "测试人", "赛事": "测试竞赛", "竞赛日期": "2026年6月1日", "项目": "拉面", "奖项": "金奖", "颁证单位": "测试工会",
            "日期": "2026年6月1日", **more}


def test_missing_fields_are_named() -> None:
    assert rules.missing_fields(ready.READY["award"][2], full_data(奖项="", 姓名="")) == ["姓名", "奖项"]


def test_a_line_that_may_be_left_out_says_what_it_lacks() -> None:
    lines = rules.optional_lines(ready.READY["award"][2])
    whole = full_data(单位="一厂", 姓名拼音="Zhang San", 奖项英文="Gold", 项目英文="Noodles", 赛事英文="Contest")
    assert rules.left_blank(lines, whole) == []
    assert rules.left_blank(lines, {**whole, "姓名拼音": "", "赛事英文": ""}) == ["姓名拼音", "赛事英文"]


def test_type_shrinks_until_a_text_fits_and_then_it_is_refused() -> None:
    block = ready.text("{姓名}：", x=0, y=0, w=100, h=14, size=28, lines=1)
    assert rules.fit(block, "才让多杰：") == 1.0
    assert rules.fit(block, "一" * 12) == 0.76
    assert rules.fit(block, "一" * 40) is None
    layout = ready.READY["award"][2]
    assert rules.too_long(layout, full_data(姓名="长" * 60)) == ["姓名"]


def test_tags_of_a_template_take_no_room_and_are_shown_to_nobody() -> None:
    block = ready.text("<b><i><b>{姓名}</b></i></b>同志：", x=0, y=0, w=100, h=14, size=28, lines=1)
    layout = {**ready.READY["award"][2], "format": 2, "blocks": [block]}
    assert rules.too_long(layout, full_data()) == []
    assert rules.sentences(layout, full_data()) == ["测试人同志："]


def test_digests_do_not_depend_on_the_order_of_keys() -> None:
    assert rules.digest_of({"a": 1, "b": 2}) == rules.digest_of({"b": 2, "a": 1})
    assert rules.digest_of({"a": 1}) != rules.digest_of({"a": "1"})


@pytest.mark.parametrize(("first", "last", "words"), [
    (date(2026, 11, 20), date(2026, 11, 20), "2026年11月20日"), (date(2026, 11, 20), date(2026, 11, 22), "2026年11月20日至22日"),
    (date(2026, 11, 30), date(2026, 12, 1), "2026年11月30日至12月1日"),
    (date(2026, 12, 31), date(2027, 1, 1), "2026年12月31日至2027年1月1日"),
])
def test_days(first: date, last: date, words: str) -> None:
    assert rules.days(first, last) == words


def test_rare_characters_are_named_by_their_number() -> None:
    assert character_names("\U000323af") == "\U000323af（U+323AF）"


def test_a_placeholder_that_is_none_is_told_from_a_field_that_is_missing(app: object) -> None:
    said = rules.Problem("1", "张三", missing=("单位", "没有的")).reasons
    assert "缺少：单位。" in said
    assert "未知的占位符：没有的" in said
