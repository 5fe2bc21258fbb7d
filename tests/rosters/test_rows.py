"""Each cell says what is wrong with it; what is right becomes a person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.rosters.rules_columns import FIELDS, find_head
from competition.rosters.rules_rows import Names, Row, check_rows, read_row
from tests.cast import id_card

GOOD = id_card()


def faults(**texts: str) -> dict[str, str]:
    row = read_row(Row(2, {"name": "试·甲", "number": GOOD} | texts), Names({"某工会": 1}, {"化隆县": "632127"}))
    assert (row.person is None) == bool(row.faults)
    return {field: str(words) for field, words in row.faults.items()}


@pytest.mark.parametrize(("texts", "field", "words"), [
    ({"name": ""}, "name", "请填写姓名"),
    ({"name": "甲<b>"}, "name", "不能使用的字符"),
    ({"number": ""}, "number", "请填写证件号码"),
    ({"number": "6.32123E+17"}, "number", "当成了数字"),
    ({"number": GOOD[:15] + "000"}, "number", "000"),
    ({"number": "632123900101123"}, "number", "15 位的旧号码"),
    ({"number": "110101199001010010"}, "number", "校验位不对"),
    ({"number": "X1234567"}, "number", "18 位"),
    ({"kind": "军官证"}, "number", "证件类型"),
    ({"sex": "未知"}, "sex", "男或女"),
    ({"born": "1950-01-01"}, "born", "不一致"),
    ({"group": "宇航员"}, "group", "八大群体"),
    ({"union": "别的工会"}, "union", "没有找到"),
    ({"region": "某地"}, "region", "没有找到"),
])
def test_a_fault_stands_at_its_cell(texts: dict[str, str], field: str, words: str) -> None:
    found = faults(**texts)
    assert list(found) == [field]
    assert words in found[field]
    assert found[field].endswith("。")


def test_columns_of_which_nothing_is_kept_refuse_nobody() -> None:
    assert faults(phone="1380000", level="八级", trade="见备注" * 40) == {}


def test_the_old_number_is_told_with_its_check_digit() -> None:
    old = GOOD[:6] + GOOD[8:17]
    assert f"末尾加“{GOOD[17]}”" in faults(number=old)["number"]


def test_sex_and_birth_are_held_against_the_number() -> None:
    born, sex = GOOD[6:14], "男" if int(GOOD[16]) % 2 else "女"
    spelled = (born, f"{born[:4]}-{born[4:6]}-{born[6:]}", f"{born[:4]}年{int(born[4:6])}月{int(born[6:])}日", f"{born[:4]}.{born[4:6]}",
               born[:6], f"{born[:4]}-{born[4:6]}-01", "约三十岁")
    assert [faults(sex=sex, born=text) for text in spelled] == [{}] * len(spelled)
    assert "性别与证件号码不一致" in faults(sex="女" if sex == "男" else "男")["sex"]


def test_what_is_right_becomes_a_person() -> None:
    wide = GOOD.translate({ord(str(d)): 0xFF10 + d for d in range(10)})
    row = read_row(Row(7, {"name": " 卓玛•试 ", "number": f" {wide[:6]} {wide[6:]}", "unit": "某  店",
                           "group": "外卖骑手", "union": "某工会", "region": "化隆县"}), Names({"某工会": 1}, {"化隆县": "632127"}))
    person = row.person
    assert person is not None
    assert (person.name, person.document.number) == ("卓玛·试", GOOD)
    assert (person.unit, person.group, person.union, person.region) == ("某 店", "food_delivery", 1, "632127")
    passport = read_row(Row(8, {"name": "A B", "number": "x1234567", "kind": "护照"})).person
    assert passport is not None
    assert (passport.document.kind, passport.document.number) == ("passport", "X1234567")


def test_sums_signatures_and_repeated_heads_are_left_out_and_nobody_else() -> None:
    head = ["序号", "姓名", "身份证号", "联系电话"]
    rows = [head, ["1", "甲", GOOD], head, ["2", "", "", "13800000001"], ["3", "乙"], ["合计", "2 人"],
            ["填表人：张三", "", "", "13800000002"],
            ["", "审核：李四"], ["", "", "", "（盖章）"]]
    found_head = find_head(rows)
    assert found_head is not None
    checked = check_rows(range(11, 20), rows, found_head)
    assert ([row.line for row in checked.good], [row.line for row in checked.bad]) == ([12], [14, 15])
    assert checked.left_out == [13, 16, 17, 18, 19]


def test_the_same_number_twice() -> None:
    other = id_card(5)
    rows = [["姓名", "身份证号"], ["甲", GOOD], ["乙", other], ["甲", GOOD.lower()], ["丙", other]]
    head = find_head(rows)
    assert head is not None
    checked = check_rows(range(1, 6), rows, head)
    told = {row.line: str(row.faults["number"]) for row in checked.bad}
    assert told.keys() == {3, 4, 5}
    assert "第 2 行" in told[4]
    assert "只算一次" in told[4]
    assert ("第 5 行" in told[3], "第 3 行" in told[5], "姓名不同" in told[5]) == (True, True, True)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text(max_size=24)))
def test_any_texts_are_a_person_or_faults(texts: dict[str, str]) -> None:
    row = read_row(Row(1, {field: text for field, text in texts.items() if text}))
    assert (row.person is None) == bool(row.faults)
    assert row.faults.keys() <= FIELDS.keys()
