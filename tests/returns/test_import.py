"""A table becomes a return's roster: read, shown, confirmed, staged, taken in one step, taken back."""

import io
import uuid
from collections import Counter
from datetime import timedelta

import pytest
import xlsxwriter
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from competition.accounts.identity import parse_document
from competition.accounts.service_people import get_or_create_person
from competition.core import audit, expiry, jobs
from competition.core.clock import now
from competition.core.config import Settings
from competition.core.crypto import blind_index
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.jobs import Cancelled
from competition.counting import service
from competition.counting.models import Fact, Participant
from competition.counting.service_facts import become
from competition.participation.queries_doubts import pairs
from competition.returns import queries_import as reads
from competition.returns import service as returns
from competition.returns import service_import as imports
from competition.returns import service_reading as reading
from competition.returns import service_staging as staging
from competition.returns.models import Return
from competition.returns.models_import import ReturnImport, RosterPerson
from competition.returns.service_erase import unname_facts
from tests.builders import run_apart
from tests.cast import AT, Cast, id_card
from tests.house import read_files
from tests.returns.tables import TITLES, again, book, clerk, draft, people, sent, taken, work
from tests.returns.test_returns import approve, persons


def keys_of(found: Return) -> set[str]:
    number = db.session.get_one(Return, found.id, populate_existing=True).number
    return set(db.session.scalars(select(Participant.key).join(Fact, Fact.participant_id == Participant.id).where(Fact.origin == number)))


def test_from_the_file_to_the_figures(any_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "SLICE", 4)
    found = draft(any_cast)
    kept = sent(any_cast, found, book(people(10)))
    assert (kept.state, kept.columns, kept.summary["good"], kept.summary["bad"], kept.summary["changes"]) == (
        "checked", {"name": 0, "number": 1, "unit": 2, "group": 3, "day": 4}, 10, 0, [])
    assert (keys_of(found), kept.summary["units"]["count"]) == (set(), 3)
    kept = taken(any_cast, kept)
    assert (kept.state, kept.summary["people"], len(keys_of(found))) == ("taken", 10, 10)
    assert sorted(row.details["people"] for row in audit.history("roster", kept.number)) == [2, 4, 4]
    page = reads.roster(get(Return, found.id), 1)
    assert (page.total, page.items[1].name, page.items[1].number[-4:], page.items[1].unit, page.items[1].group) == (
        10, "试*甲", id_card(1)[-4:], "试用单位1", "courier")
    assert (page.items[0].union, page.items[0].day) == (any_cast.county.name_zh, AT.date())
    with pytest.raises(RuleBroken, match="不能这样办理"):
        imports.ask_take(kept.id, only_good=False, keeps_others=False, actor=clerk(any_cast), at=AT)
    returns.submit_return(found.id, actor=clerk(any_cast), at=AT)
    approve(any_cast, get(Return, found.id))
    assert persons() == 10


def test_somebody_in_a_roster_and_at_a_contests_door_is_one_person(cast: Cast) -> None:
    found = draft(cast)
    taken(cast, sent(cast, found, book(people(1))))
    person = get_or_create_person(name="试零甲", document=parse_document("id_card", id_card(0)), phone=None, actor=clerk(cast), at=AT)
    assert keys_of(found) == {service.person_key_of(person)}


def test_who_had_the_own_data_erased_is_shown_by_no_roster(cast: Cast) -> None:
    found = draft(cast)
    taken(cast, sent(cast, found, book(people(2))))
    key = blind_index("document", parse_document("id_card", id_card(0)).index_text)
    with atomic():
        assert unname_facts({key: uuid.uuid4()}, AT) == 1
        audit.record("test", actor=clerk(cast), subject=("fact", "many"), at=AT)
    assert sorted(one.name for one in reads.roster(get(Return, found.id), 1)) == ["", "试*甲"]
    assert len(keys_of(found)) == 2


def test_two_numbers_of_one_person_are_one_in_figures_and_lists(any_cast: Cast) -> None:
    """A union wrote another number of hers: she counts twice, until it is known; then once, under the name that each list has for her."""
    rosters = [draft(any_cast), draft(any_cast)]
    taken(any_cast, sent(any_cast, rosters[0], book(people(2))))
    taken(any_cast, sent(any_cast, rosters[1], book([*people(1), *people(2, first=2)])))
    for found in rosters:
        returns.submit_return(found.id, actor=clerk(any_cast), at=AT)
        approve(any_cast, get(Return, found.id))
    assert persons() == 4
    mistyped, right = (blind_index("document", parse_document("id_card", id_card(n)).index_text) for n in (1, 3))
    with atomic():
        become(mistyped, right, AT)
        audit.record("test", actor=clerk(any_cast), subject=("fact", "many"), at=AT)
    assert persons() == 3
    listed = [reads.roster(get(Return, found.id), 1) for found in rosters]
    assert [(page.total, len(list(page)), all(one.name and one.number for one in page)) for page in listed] == [(2, 2, True), (3, 3, True)]
    with atomic():
        assert unname_facts({right: uuid.uuid4()}, AT) == 2
        audit.record("test", actor=clerk(any_cast), subject=("fact", "many"), at=AT)
    assert db.session.scalar(select(func.count()).select_from(RosterPerson)) == 3
    assert persons() == 3


def test_a_roster_that_names_one_person_by_both_numbers_has_one_fewer(any_cast: Cast) -> None:
    found, other = draft(any_cast), draft(any_cast)
    taken(any_cast, sent(any_cast, found, book(people(3))))
    taken(any_cast, sent(any_cast, other, book(people(1))))
    keys = [blind_index("document", parse_document("id_card", id_card(n)).index_text) for n in (0, 2)]
    with atomic():
        become(*keys, AT)
        audit.record("test", actor=clerk(any_cast), subject=("fact", "many"), at=AT)
    assert pairs(1) == [(get(Return, found.id).number, get(Return, other.id).number, 1)]
    page = reads.roster(get(Return, found.id), 1)
    assert (page.total, sorted(one.name for one in page)) == (2, ["试*甲", "试*甲"])
    returns.submit_return(found.id, actor=clerk(any_cast), at=AT)
    approve(any_cast, get(Return, found.id))
    assert persons() == 2


def test_the_dry_run_says_what_would_change(any_cast: Cast) -> None:
    found = draft(any_cast)
    taken(any_cast, sent(any_cast, found, book(people(5))))
    rows = people(5)[1:]
    rows[0][3] = "保安员"
    kept = sent(any_cast, found, book(rows))
    assert kept.summary["changes"] == [{"what": "now", "new": 0, "same": 3, "changed": 1, "gone": 1}]
    taken(any_cast, kept)
    returns.submit_return(found.id, actor=clerk(any_cast), at=AT)
    approve(any_cast, get(Return, found.id))
    newer = returns.correct_return(found.id, "漏报两人", actor=clerk(any_cast), at=AT)
    kept = sent(any_cast, newer, book([*rows, *people(2, first=40)]))
    same = {"new": 2, "same": 4, "changed": 0, "gone": 0}
    assert kept.summary["changes"] == [{"what": what, **same} for what in ("now", "corrected")]


def test_undoing_brings_the_former_roster_back(any_cast: Cast) -> None:
    found = draft(any_cast)
    first = taken(any_cast, sent(any_cast, found, book(people(3))))
    before = keys_of(found)
    second = taken(any_cast, sent(any_cast, found, book(people(2, first=7))))
    with pytest.raises(RuleBroken, match="不能再撤销"):
        imports.undo_import(first.id, actor=clerk(any_cast), at=AT)
    assert len(keys_of(found)) == 2
    imports.undo_import(second.id, actor=clerk(any_cast), at=AT)
    assert (keys_of(found), again(second).state) == (before, "undone")
    for kept in (first, second):
        with pytest.raises(RuleBroken, match="不能再撤销"):
            imports.undo_import(kept.id, actor=clerk(any_cast), at=AT)
    third = taken(any_cast, sent(any_cast, found, book(people(1))))
    returns.submit_return(found.id, actor=clerk(any_cast), at=AT)
    with pytest.raises(RuleBroken, match="不能修改"):
        imports.undo_import(third.id, actor=clerk(any_cast), at=AT)
    returns.take_back_return(found.id, actor=clerk(any_cast), at=AT)
    imports.undo_import(third.id, actor=clerk(any_cast), at=AT)
    assert keys_of(found) == before


def test_people_who_are_not_in_the_table_stay_where_that_is_wanted(any_cast: Cast) -> None:
    found = draft(any_cast)
    taken(any_cast, sent(any_cast, found, book(people(3))))
    kept = taken(any_cast, sent(any_cast, found, book(people(2, first=2))), keeps_others=True)
    assert (len(keys_of(found)), kept.summary["people"]) == (4, 4)
    assert [one.name[0] for one in reads.roster(get(Return, found.id), 1)] == ["试"] * 4


FAULTY = [
    ["试甲", "6.32123E+17", "", "", ""], ["试乙", "632123900101123", "", "", ""], ["试丙", id_card(1)[:17] + "Y", "", "", ""],
    ["", id_card(2), "", "", ""], ["试丁", id_card(3), "", "宇航员", ""], ["试戊", id_card(4), "", "", "2020-01-01"],
    ["试己", id_card(5), "", "", "2月30日"], ["试庚", id_card(6), "", "", ""], ["试庚", id_card(6), "", "", ""],
]


def test_good_rows_are_taken_and_the_others_come_back_marked(cast: Cast) -> None:
    found = draft(cast)
    kept = sent(cast, found, book(FAULTY))
    assert (kept.state, kept.summary["good"], kept.summary["bad"]) == ("checked", 1, 8)
    assert Counter(kind["field"] for kind in kept.summary["kinds"]) == {"number": 4, "name": 1, "group": 1, "day": 2}
    assert {kind["lines"][0] for kind in kept.summary["kinds"]} == {3, 4, 5, 6, 7, 8, 9, 11}
    assert [fault[0] for fault in imports.faults_of(kept)] == [3, 4, 5, 6, 7, 8, 9, 11]
    with pytest.raises(RuleBroken, match="8 行需要修改"):
        imports.ask_take(kept.id, only_good=False, keeps_others=False, actor=clerk(cast), at=AT)
    assert kept.marking_id is not None
    run_apart(kept.marking_id)
    marked = reading.opened(again(kept), "marked")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(marked)).get_sheet_by_index(0).to_python()
    assert rows[1] == [*TITLES, "需要改的地方"]
    assert ["后几位已丢失" in rows[2][-1], "15 位" in rows[3][-1], rows[9][-1]] == [True, True, ""]
    kept = taken(cast, kept, only_good=True)
    assert (kept.state, len(keys_of(found))) == ("taken", 1)


def test_a_table_of_faults_alone_cannot_be_taken(cast: Cast) -> None:
    kept = sent(cast, draft(cast), book(FAULTY[:2]))
    with pytest.raises(RuleBroken, match="没有可以导入的行"):
        imports.ask_take(kept.id, only_good=True, keeps_others=False, actor=clerk(cast), at=AT)


def test_columns_are_asked_for_and_remembered(any_cast: Cast) -> None:
    found = draft(any_cast)
    rows, titles = [[id_card(n), "某店", f"试{n}乙"] for n in range(3)], ("编码甲", "说明", "称呼")
    kept = sent(any_cast, found, book(rows, titles))
    assert (kept.state, kept.columns) == ("columns", {"number": 0})
    assert kept.summary["samples"][0][0] == id_card(0)[:3] + "*" * 11 + id_card(0)[-4:]
    with pytest.raises(RuleBroken, match="哪一列是“姓名”"):
        imports.read_otherwise(kept.id, {"number": 0}, actor=clerk(any_cast), at=AT)
    imports.read_otherwise(kept.id, {"number": 0, "name": 2, "unit": 1}, actor=clerk(any_cast), at=AT)
    work(kept)
    assert (again(kept).state, again(kept).summary["good"]) == ("checked", 3)
    later = sent(any_cast, found, book([*people(0), [id_card(9), "某店", "试丙"]], titles))
    assert (later.state, later.columns, again(kept).state) == ("checked", {"number": 0, "name": 2, "unit": 1}, "dropped")


def test_another_sheet_may_be_read(cast: Cast) -> None:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    for title, count in (("一车间", 2), ("二车间", 3)):
        sheet = made.add_worksheet(title)
        for line, cells in enumerate([list(TITLES), *people(count)]):
            sheet.write_row(line, 0, cells)
    made.close()
    kept = sent(cast, draft(cast), out.getvalue())
    assert (kept.summary["sheets"], kept.summary["good"]) == (["一车间", "二车间"], 2)
    imports.read_otherwise(kept.id, {}, 1, actor=clerk(cast), at=AT)
    work(kept)
    assert again(kept).summary["good"] == 3


def test_unions_and_divisions_are_named_by_rows(cast: Cast) -> None:
    titles = ("姓名", "身份证号", "所属工会", "工作地区", "单位性质")
    rows = [["试甲", id_card(1), cast.county.name_zh, "化隆回族自治县", "民营"], ["试乙", id_card(2), "没有的工会", "", ""],
            ["试丙", id_card(3), cast.other_county.name_zh, "", ""], ["试丁", id_card(4), "", "", "不知道"]]
    kept = sent(cast, draft(cast), book(rows, titles))
    assert {fault[0]: fault[3][0][0] for fault in imports.faults_of(kept)} == {4: "union", 5: "union", 6: "ownership"}
    said = [fault[3][0][1][0] for fault in imports.faults_of(kept)]
    assert ["没有找到" in said[0], "不是本工会或下级工会" in said[1], "公有制或非公有制" in said[2]] == [True, True, True]
    taken(cast, kept, only_good=True)
    fact = db.session.scalars(select(Fact)).one()
    assert (fact.standing.ownership, fact.standing.place.union_id) == ("non_public", cast.county.id)


def stop_at(count: int, kept: ReturnImport, cast: Cast) -> None:
    """The taking ends after so many reports, as if its process had died (or been stopped, with Cancelled)."""
    left = [count]

    def report(*_how: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imports.take_import(kept.id, uuid.UUID(str(again(kept).job_id)), actor=clerk(cast), at=AT, report=report)


def test_a_taking_that_breaks_off_goes_on_where_it_was(any_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "SLICE", 3)
    found = draft(any_cast)
    kept = sent(any_cast, found, book(people(10)))
    imports.ask_take(kept.id, only_good=False, keeps_others=False, actor=clerk(any_cast), at=AT)
    for staged in (3, 6):
        stop_at(2, kept, any_cast)
        assert (again(kept).state, again(kept).staged, keys_of(found)) == ("taking", staged, set())
    work(kept)
    assert (again(kept).state, len(keys_of(found)), len(db.session.scalars(select(Fact.id)).all())) == ("taken", 10, 10)


def test_a_taking_that_is_stopped_changes_nothing(any_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "SLICE", 3)
    found = draft(any_cast)
    kept = sent(any_cast, found, book(people(10)))
    imports.ask_take(kept.id, only_good=False, keeps_others=False, actor=clerk(any_cast), at=AT)
    with pytest.raises(RuleBroken, match="正在处理"):
        imports.send_table(found.id, book(people(1)), "x.xlsx", actor=clerk(any_cast), at=AT)
    stop_at(2, kept, any_cast)
    job_id = again(kept).job_id
    imports.stop_work(kept.id, actor=clerk(any_cast), at=AT)
    with pytest.raises(Cancelled):
        imports.take_import(kept.id, uuid.UUID(str(job_id)), actor=clerk(any_cast), at=AT,
                            report=jobs.Progress(uuid.UUID(str(job_id))).report)
    assert (again(kept).state, again(kept).number, keys_of(found)) == ("checked", None, set())
    assert taken(any_cast, kept).summary["people"] == 10
    while staging.clear_left(AT + 2 * staging.FORGOTTEN):
        pass
    assert len(db.session.scalars(select(Fact.id)).all()) == 10


def test_a_return_that_goes_up_meanwhile_is_left_alone(cast: Cast) -> None:
    found = draft(cast)
    taken(cast, sent(cast, found, book(people(2))))
    kept = sent(cast, found, book(people(5)))
    imports.ask_take(kept.id, only_good=False, keeps_others=False, actor=clerk(cast), at=AT)
    returns.submit_return(found.id, actor=clerk(cast), at=AT)
    job = work(kept)
    assert (job.state, job.error) == ("failed", "已上报的不能修改。请先撤回；已计入的请另建更正版本。")
    assert (again(kept).state, len(keys_of(found))) == ("checked", 2)


def test_a_roster_put_in_meanwhile_is_not_overwritten(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "SLICE", 2)
    found = draft(cast)
    kept = sent(cast, found, book(people(3)))
    imports.ask_take(kept.id, only_good=False, keeps_others=False, actor=clerk(cast), at=AT)
    stop_at(2, kept, cast)
    returns.put_roster(found.id, [], actor=clerk(cast), at=AT)
    assert work(kept).state == "failed"
    assert (again(kept).state, keys_of(found)) == ("checked", set())


def test_whoever_lost_the_right_takes_nothing(cast: Cast) -> None:
    found = draft(cast)
    kept = imports.send_table(found.id, book(people(1)), "x.xlsx", actor=cast.actor("clerk", "union", cast.other_county.id), at=AT)
    assert work(kept).state == "failed"
    assert again(kept).state == "reading"


def test_no_whole_number_lies_anywhere_in_clear(app: Flask, cast: Cast) -> None:
    found = draft(cast)
    rows = [*people(3), ["试误甲", id_card(50)[:17] + "Y", "", "", ""]]
    kept = sent(cast, found, book(rows))
    assert kept.marking_id is not None
    run_apart(kept.marking_id)
    taken(cast, again(kept), only_good=True)
    settings: Settings = app.extensions["settings"]
    numbers = [row[1].encode() for row in rows]
    own = [row for row in (again(kept).file, again(kept).found, again(kept).marked) if row is not None]
    assert own
    assert all(row.read().startswith(b"v1|") for row in own)
    for path, data in read_files(settings.instance).items():
        assert not any(number in data or number[:17] in data for number in numbers), path


def test_files_go_when_their_time_is_over(cast: Cast) -> None:
    kept = sent(cast, draft(cast), book(FAULTY))
    assert expiry.forget_files(AT + reading.KEPT - timedelta(days=1)) == 0
    assert expiry.forget_files(now() + reading.KEPT) >= 2
    with pytest.raises(RuleBroken, match="保存期限"):
        imports.faults_of(again(kept))


def test_giving_up_takes_the_files_away(cast: Cast) -> None:
    kept = sent(cast, draft(cast), book(people(2)))
    imports.drop_import(kept.id, actor=clerk(cast), at=AT)
    kept = again(kept)
    assert (kept.state, kept.file_id, kept.found_id) == ("dropped", None, None)
    with pytest.raises(RuleBroken, match="不能放弃"):
        imports.drop_import(kept.id, actor=clerk(cast), at=AT)


def test_a_sealed_file_opens_in_its_own_place_alone(cast: Cast) -> None:
    found = draft(cast)
    one = sent(cast, found, book(people(1)))
    two = sent(cast, found, book(people(2)))
    with atomic():
        get(ReturnImport, two.id).file_id = one.file_id
        audit.record("test", actor=clerk(cast), subject=("return_import", two.id), at=AT)
    with pytest.raises(ValueError, match="does not belong"):
        reading.opened(again(two), "file")
