"""Rosters: the template, what is read, what is refused, what is taken."""

import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from competition.core.database import db
from competition.core.errors import NotFound, RuleBroken
from competition.core.languages import on_record
from competition.core.sheets import write_table
from competition.core.taken import Export, Taken
from competition.registration import queries, queries_places, service
from competition.registration.models import Entry, RosterImport
from competition.registration.service_staged import forget_staged, stage_entry
from tests.brackets import in_brackets
from tests.builders import entry_data, make_contest
from tests.cast import Cast, id_card
from tests.registration.rosters import filled

PLACE = "海东市 化隆回族自治县"


def row(**more: str) -> dict[str, str]:
    return {"姓名": "名单·试", "证件类型": "居民身份证", "证件号码": id_card(), "工作地区": PLACE, "工作单位": "测试拉面馆", **more}


def read(cast: Cast, contest: Any, rows: list[dict[str, str]], actor: Any = None) -> tuple[RosterImport, list[Any]]:
    who = actor or cast.actor("organizer", "contest", contest.id)
    book = filled(service.template(contest, who), rows)
    kept = service.read_roster(contest, book, "名单.xlsx", "同意书，存测试工会", actor=who, at=cast.at)
    return kept, service.kept_rows(kept, contest, who)


def test_the_template_has_text_cells_and_drop_downs(cast: Cast) -> None:
    contest = make_contest(cast)
    book = load_workbook(io.BytesIO(service.template(contest, cast.actor("organizer"))))
    sheet, lists = book["名单"], book["选项"]
    assert lists.sheet_state == "hidden"
    heads = [c.value for c in sheet[2]]
    assert heads[:3] == ["姓名*", "证件类型", "证件号码*"]
    number = heads.index("证件号码*") + 1
    assert {sheet.cell(row=line, column=number).number_format for line in (3, 500, 1002)} == {"@"}
    formulas = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    assert len(formulas) == 12
    assert all(f.startswith("'选项'!") for f in formulas)
    places = {c.value for c in lists["E"]}
    assert {PLACE, "广东省"} <= places


@pytest.mark.parametrize(("changed", "words"), [
    ({}, None),
    ({"证件号码": "11010119900101001X"}, "校验位"),
    ({"证件号码": "6.32E+17"}, "科学记数"),
    ({"证件号码": ""}, "请填写证件号码"),
    ({"姓名": ""}, "请填写姓名"),
    ({"工作地区": "某地"}, "没有“某地”"),
    ({"工作地区": "化隆回族自治县"}, None),
    ({"工作地区": "海东市化隆回族自治县"}, None),
    ({"工作地区": "海东市（本级或不清楚县区）"}, None),
    ({"证件类型": "军官证"}, "下拉列表"),
    ({"技能等级": "高级工（三级）", "群体": "拉面从业人员", "单位性质": "非公有制"}, None),
    ({"队内身份": "替补队员"}, "写明代表队"),
    ({"手机号码": "123"}, "手机"),
    ({"证件类型": "护照", "证件号码": "X1234567", "国家或地区（护照）": "尼泊尔"}, None),
    ({"证件类型": "护照", "证件号码": "X1234567", "出生日期（护照）": "1990-02-31"}, "没有这个出生日期"),
])
def test_each_row_says_what_is_wrong(cast: Cast, changed: dict[str, str], words: str | None) -> None:
    _kept, rows = read(cast, make_contest(cast), [row(**changed)])
    told = "".join(rows[0].errors)
    assert (words in told) if words else told == ""


def test_a_roster_is_chinese_and_its_faults_are_said_to_who_reads(cast: Cast) -> None:
    contest, actor = make_contest(cast), cast.actor("organizer")
    with in_brackets():
        good = row(技能等级="高级工（三级）", 群体="拉面从业人员", 单位性质="非公有制", 队内身份="正式队员")
        kept, rows = read(cast, contest, [good, row(证件类型="军官证"), row(姓名="年长", 证件号码=id_card(born="19500101"))], actor)
        book = load_workbook(io.BytesIO(service.template(contest, actor)))
        service.set_conditions(contest.id, {"age_most": 50}, actor=actor, at=cast.at)
        done = service.take_roster(kept.id, contest, only_good=True, actor=actor, at=cast.at)
        later = service.kept_rows(done, contest, actor)
    assert "[" not in "".join(str(cell.value) for sheet in book for line in sheet.iter_rows(max_row=60) for cell in line)
    assert rows[0].errors == []
    assert [len(r.errors) for r in later] == [1, 1]
    assert all(fault.startswith("[") for r in [rows[1], *later] for fault in r.errors)
    with on_record():
        assert service.kept_rows(done, contest, actor)[0].errors == ["“证件类型”不能写“军官证”，请从下拉列表中选择。"]


def test_a_passport_brings_its_birthday(cast: Cast) -> None:
    passport = {"证件类型": "护照", "证件号码": "x1234567", "出生日期（护照）": "1990/1/31", "性别（护照）": "女"}
    _kept, rows = read(cast, make_contest(cast), [row(**passport)])
    document = rows[0].data.document
    assert (document.number, document.birth_on.isoformat(), document.sex) == ("X1234567", "1990-01-31", "female")


def test_the_same_number_twice_and_entered_before(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    data = entry_data(contest)
    assert data.document is not None
    service.submit_entry(contest.id, data, actor=any_cast.actor("contestant"), at=any_cast.at)
    twice = id_card()
    _kept, rows = read(any_cast, contest, [row(证件号码=twice), row(证件号码=twice), row(证件号码=data.document.number), row()])
    assert ["".join(r.errors) for r in rows] == [
        "这个证件号码在表格中出现了不止一次。", "这个证件号码在表格中出现了不止一次。", "这个证件号码在本赛事中已有报名。", ""]


def test_all_or_nothing_and_only_the_good(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    actor = any_cast.actor("organizer", "contest", contest.id)
    events = {"项目：" + e.name: "是" for e in queries.events_of(contest.id) if not e.is_compulsory}
    kept, _rows = read(any_cast, contest, [row(姓名="好一", **events), row(姓名="坏", 证件号码="1"), row(姓名="好二")], actor)
    assert (kept.rows, kept.bad) == (3, 1)
    with pytest.raises(RuleBroken, match="没有导入任何一行"):
        service.take_roster(kept.id, contest, only_good=False, actor=actor, at=any_cast.at)
    assert db.session.scalars(select(Entry)).all() == []
    done = service.take_roster(kept.id, contest, only_good=True, actor=actor, at=any_cast.at)
    assert (done.taken, done.bad) == (2, 1)
    entered = {e.name: e for e in db.session.scalars(select(Entry))}
    assert set(entered) == {"好一", "好二"}
    assert (len(entered["好一"].entrants), len(entered["好二"].entrants)) == (5, 1)
    assert (entered["好一"].account_id, entered["好一"].registered_by) == (None, actor.id)
    taken = Taken(Export("test", "测试", is_personal=True), "试审核员", any_cast.at, contest.zone, "改正名单")
    back = load_workbook(io.BytesIO(service.refused_rows(done, contest, actor, taken)))["名单"]
    assert "导出人：试审核员" in str(back["A1"].value)
    assert [c.value for c in back[2]][-1] == "需要改的地方"
    assert (back["A3"].value, back["A4"].value) == ("坏", None)
    assert "18 位" in str(back.cell(row=3, column=back.max_column).value)
    with pytest.raises(RuleBroken, match="已经导入过"):
        service.take_roster(kept.id, contest, only_good=True, actor=actor, at=any_cast.at)


def test_a_row_that_fails_late_undoes_all(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    actor = any_cast.actor("organizer", "contest", contest.id)
    service.set_conditions(contest.id, {"age_most": 50}, actor=actor, at=any_cast.at)
    rows = [row(姓名="好"), row(姓名="年长", 证件号码=id_card(born="19500101"))]
    kept, _read = read(any_cast, contest, rows, actor)
    with pytest.raises(RuleBroken, match="第 4 行（年长）"):
        service.take_roster(kept.id, contest, only_good=False, actor=actor, at=any_cast.at)
    assert db.session.scalars(select(Entry)).all() == []
    done = service.take_roster(kept.id, contest, only_good=True, actor=actor, at=any_cast.at)
    assert (done.taken, done.bad) == (1, 1)
    assert "不超过 50 周岁" in service.kept_rows(done, contest, actor)[0].errors[0]


def test_a_clerk_takes_the_own_people_only(cast: Cast) -> None:
    contest = make_contest(cast)
    clerk = cast.actor("clerk", "union", cast.county.id)
    book = filled(service.template(contest, cast.actor("organizer")), [row(), row(工作地区="海东市 循化撒拉族自治县")])
    kept = service.read_roster(contest, book, "x.xlsx", "同意书，存测试工会", actor=clerk, at=cast.at)
    own, other = service.kept_rows(kept, contest, clerk)
    assert own.errors == []
    assert "不能由您代为报名" in other.errors[0]
    with pytest.raises(NotFound):
        service.get_import(contest.id, kept.id, cast.actor("clerk", "union", cast.other_county.id))


def test_what_is_kept_is_sealed_and_forgotten(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    number = id_card()
    kept, _rows = read(any_cast, contest, [row(证件号码=number)])
    assert number not in kept.sealed
    assert service.forget_imports(any_cast.at + timedelta(days=6)) == 0
    assert service.forget_imports(any_cast.at + timedelta(days=8)) == 1


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_an_own_list_of_a_clerk_is_read(cast: Cast, encoding: str) -> None:
    contest, actor, number = make_contest(cast), cast.actor("organizer"), id_card()
    lines = ["某店工会职工名单", "序号,姓名,性别,身份证号,联系电话,单位名称,所在地区,备注",
             f"1,卓玛·试,男,{number},13800000001,测试拉面馆,{PLACE},",
             f"2,乙,女,6.32E+17,,,{PLACE},"]
    kept = service.read_roster(contest, "\n".join(lines).encode(encoding), "x.csv", "同意书，存测试工会", actor=actor, at=cast.at)
    good, bad = service.kept_rows(kept, contest, actor)
    assert (good.errors, good.data.document.number, good.data.phone, good.data.employer) == ([], number, "+8613800000001", "测试拉面馆")
    assert (bad.line, "科学记数" in bad.errors[0]) == (4, True)


@pytest.mark.parametrize(("data", "words"), [(b"not a roster", "表头"), (b"PK\x03\x04broken", r"\.xlsx"), (b"\0\1\2\3", r"\.csv")])
def test_what_is_no_table_is_told(cast: Cast, data: bytes, words: str) -> None:
    contest = make_contest(cast)
    with pytest.raises(RuleBroken, match=words):
        service.read_roster(contest, data, "x.xlsx", "同意书，存测试工会", actor=cast.actor("organizer"), at=cast.at)


def test_another_table_is_told(cast: Cast) -> None:
    contest = make_contest(cast)
    book = write_table("x", ["甲", "乙"], [["1", "2"]], taken=None)
    with pytest.raises(RuleBroken, match="表头"):
        service.read_roster(contest, book, "x.xlsx", "同意书，存测试工会", actor=cast.actor("organizer"), at=cast.at)
    with pytest.raises(RuleBroken, match="还没有名单"):
        read(cast, contest, [])


def test_what_a_broken_import_left_is_forgotten(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    actor = any_cast.actor("organizer")
    data = entry_data(contest)
    stage_entry(contest.id, data, "同意书，存测试工会", actor=actor, at=any_cast.at)
    draft = service.save_draft(contest.id, {"name": "本人"}, actor=any_cast.actor("contestant"), at=any_cast.at)
    with pytest.raises(RuleBroken, match="已有报名"):
        service.register_for(contest.id, data, actor=actor, at=any_cast.at, paper="同意书，存测试工会")
    assert forget_staged(any_cast.at) == 0
    assert forget_staged(any_cast.at + timedelta(days=2)) == 1
    assert service.register_for(contest.id, data, actor=actor, at=any_cast.at, paper="同意书，存测试工会").state == "submitted"
    assert db.session.get(Entry, draft.id) is not None


def test_numbers_follow_the_order_of_the_roster_however_they_are_chosen(any_cast: Cast) -> None:
    contest = make_contest(any_cast, review_levels=("county",))
    actor, names = any_cast.actor("organizer", "contest", contest.id), [f"名单{n:02d}" for n in range(12)]
    kept, _rows = read(any_cast, contest, [row(姓名=name) for name in names], actor)
    service.take_roster(kept.id, contest, only_good=False, actor=actor, at=any_cast.at)
    entries = {e.name: e for e in db.session.scalars(select(Entry))}
    clerk = any_cast.actor("clerk", "union", any_cast.county.id)
    chosen = [(entries[name].id, entries[name].version) for name in sorted(names, key=lambda name: name[::-1])]
    for part in (chosen[:7], chosen[7:]):
        service.review_many(contest.id, part, "approve", actor=clerk, at=any_cast.at)
    for part in (chosen[:7], chosen[7:]):
        numbers = {db.session.get_one(Entry, key).name: db.session.get_one(Entry, key).number for key, _version in part}
        assert sorted(numbers, key=lambda name: numbers[name] or "") == sorted(numbers)


def test_a_roster_fills_the_places_and_then_the_line(any_cast: Cast) -> None:
    contest = make_contest(any_cast, quota=2)
    actor = any_cast.actor("organizer", "contest", contest.id)
    kept, _rows = read(any_cast, contest, [row(姓名=name) for name in ("甲一", "乙二", "丙三", "丁四")], actor)
    service.take_roster(kept.id, contest, only_good=False, actor=actor, at=any_cast.at)
    states = {e.name: (e.state, queries_places.place_in_line(e)) for e in db.session.scalars(select(Entry))}
    assert states == {"甲一": ("submitted", None), "乙二": ("submitted", None), "丙三": ("waiting", 1), "丁四": ("waiting", 2)}
