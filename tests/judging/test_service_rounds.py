"""Panels, rounds, figures: what they allow and what they refuse."""

import pytest

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests import service as contests
from competition.contests.models import Contest, Round
from competition.core import approvals, audit
from competition.core.actors import SYSTEM, Actor
from competition.core.database import db
from competition.core.errors import Forbidden, NotFound, RuleBroken
from competition.core.sheets import read_table, write_table
from competition.judging import queries, queries_seats, service
from competition.judging.models import SheetReturn
from competition.judging.models_figures import Figure, FigureImport
from competition.judging.queries_board import board
from competition.judging.queries_poll import board_tag
from competition.judging.rules_reports import TabletSays
from competition.judging.words import fault_words
from competition.scoring.model import Criterion
from tests.brackets import in_brackets
from tests.builders import make_contest, only_events
from tests.cast import Cast
from tests.judges import Judge, criteria_of, fill_figures, judge_round, make_panel, opened, round_of, sit_down, works
from tests.queries import count_statements

GOOD = {"clarity": "20", "aroma": "20.5", "taste": "30", "amount": "8", "hygiene": "4"}


@pytest.fixture
def theory(contest: Contest, any_cast: Cast) -> Round:
    found = round_of(contest, "theory")
    works(found, 3, at=any_cast.at)
    service.open_round(found.id, actor=SYSTEM, at=any_cast.at)
    return found


def refused(error: pytest.ExceptionInfo[RuleBroken]) -> str:
    return error.value.code


def test_seats_are_numbered_through_the_event(contest: Contest, any_cast: Cast) -> None:
    found = round_of(contest, "broth")
    make_panel(found, 3, name="甲组", at=any_cast.at)
    second = make_panel(found, 2, name="乙组", at=any_cast.at)
    assert [seat.number for seat in second.seats] == [4, 5]
    assert [seat.number for seat in queries.seats_of_round(found.id)] == [1, 2, 3, 4, 5]
    with pytest.raises(RuleBroken) as error:
        make_panel(found, 2, name="乙组", at=any_cast.at)
    assert refused(error) == "panel_exists"


@pytest.mark.parametrize("seats", [0, 16])
def test_a_panel_has_a_sensible_number_of_seats(contest: Contest, any_cast: Cast, seats: int) -> None:
    with pytest.raises(RuleBroken):
        make_panel(round_of(contest, "broth"), seats, at=any_cast.at)


def test_a_seat_keeps_its_history_of_sitters(broth: Round, any_cast: Cast) -> None:
    seat = queries.seats_of_round(broth.id)[0]
    service.seat_judge(seat.id, name="测试替补", employer="测试单位", actor=SYSTEM, at=any_cast.at)
    assert queries_seats.sitters_now([seat.id])[seat.id].name == "测试替补"
    line = audit.history("seat", seat.id)[0].line
    assert "测试替补" not in line


@pytest.mark.parametrize("lacking", ["works", "panel", "running", "rules"])
def test_a_round_opens_only_when_all_is_there(any_cast: Cast, lacking: str) -> None:
    contest = make_contest(any_cast, phase="announced" if lacking == "running" else "running", events=("broth",))
    found = round_of(contest, "broth")
    if lacking != "works":
        works(found, 1, at=any_cast.at)
    if lacking != "panel":
        make_panel(found, 1, at=any_cast.at)
    if lacking == "rules":
        document = only_events(contests.ready_rulebooks()["lamian"], ("bowl",))
        contests.set_rulebook(contest.id, document, reason="测试", actor=SYSTEM, at=any_cast.at)
    with pytest.raises(RuleBroken) as error:
        service.open_round(found.id, actor=SYSTEM, at=any_cast.at)
    assert refused(error) == {"works": "no_works", "panel": "no_panel", "running": "contest_not_running",
                              "rules": "event_without_rules"}[lacking]


def test_a_round_opens_once(broth: Round, any_cast: Cast) -> None:
    with pytest.raises(RuleBroken) as error:
        service.open_round(broth.id, actor=SYSTEM, at=any_cast.at)
    assert refused(error) == "round_not_closed"


def test_a_round_is_not_locked_while_anything_is_missing(broth: Round, any_cast: Cast, judge: Judge, work: Work) -> None:
    judge.mark(work, GOOD)
    with pytest.raises(RuleBroken) as error:
        service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=any_cast.at)
    assert refused(error) == "round_incomplete"
    assert len(error.value.details["missing"]) == 2 * 3 - 1 + 2
    assert any("用时" in sentence for sentence in error.value.details["missing"])


def test_what_is_excused_is_not_missing(broth: Round, any_cast: Cast, judge: Judge) -> None:
    first, second = list_works(broth.id)
    seats = queries.seats_of_round(broth.id)
    judge.mark(first, GOOD)
    service.excuse(broth.id, seat_id=None, work_id=second.id, reason="测试：缺考", actor=SYSTEM, at=any_cast.at)
    service.excuse(broth.id, seat_id=seats[1].id, work_id=None, reason="测试：裁判因病缺席", actor=SYSTEM, at=any_cast.at)
    last = service.excuse(broth.id, seat_id=seats[2].id, work_id=first.id, reason="测试：回避", actor=SYSTEM, at=any_cast.at)
    service.record_figure(first.id, "time_s", "25:00", source="timed", actor=SYSTEM, at=any_cast.at)
    assert board(broth.id).missing == ()
    service.end_excusal(last.id, actor=SYSTEM, at=any_cast.at)
    assert [m.what for m in board(broth.id).missing] == ["3 号裁判：未评分"]
    service.excuse(broth.id, seat_id=seats[2].id, work_id=first.id, reason="测试：回避", actor=SYSTEM, at=any_cast.at)
    assert service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=any_cast.at).state == "locked"
    assert sorted(queries.excusals_of_event(broth.event_id), key=str) == sorted(
        [(second.id, None, "测试：缺考"), (None, 2, "测试：裁判因病缺席"), (first.id, 3, "测试：回避")], key=str)


def test_an_excused_sheet_takes_no_marks(broth: Round, any_cast: Cast, judge: Judge, work: Work) -> None:
    service.excuse(broth.id, seat_id=judge.seat.id, work_id=work.id, reason="测试：回避", actor=SYSTEM, at=any_cast.at)
    assert judge.send(judge.event(work, criterion="taste", value="1")).answers[0].code == "sheet.excused"


@pytest.mark.parametrize("case", ["nothing", "no reason", "foreign work"])
def test_an_excusal_needs_its_subject_and_reason(broth: Round, theory: Round, any_cast: Cast, case: str) -> None:
    work = {"nothing": None, "no reason": list_works(broth.id)[0].id, "foreign work": list_works(theory.id)[0].id}[case]
    with pytest.raises((RuleBroken, NotFound)):
        service.excuse(broth.id, seat_id=None, work_id=work, reason="" if case == "no reason" else "测试", actor=SYSTEM, at=any_cast.at)


def test_a_tablet_that_still_holds_marks_keeps_the_round_open(broth: Round, any_cast: Cast) -> None:
    judges = judge_round(broth, at=any_cast.at)
    fill_figures(broth, at=any_cast.at)
    service.report_device(judges[1].device.id, TabletSays(pending=3, last_made=99), at=any_cast.at)
    with pytest.raises(RuleBroken) as error:
        service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=any_cast.at)
    assert error.value.details["missing"] == ["2 号裁判的平板：还有 3 项未上传"]


def test_unlocking_takes_two_people(broth: Round, any_cast: Cast) -> None:
    judge_round(broth, at=any_cast.at, lock=True)
    asker, other = any_cast.actor("chief_judge"), any_cast.actor("supervisor")
    request = service.ask_unlock(broth.id, reason="测试：漏扣分", actor=asker, at=any_cast.at)
    with pytest.raises(Forbidden):
        approvals.decide(request.id, approve=True, actor=asker, at=any_cast.at)
    approvals.decide(request.id, approve=True, actor=other, at=any_cast.at)
    assert queries.round_state(broth.id).state == "open"


@pytest.mark.parametrize("state", ["open", "no reason"])
def test_unlocking_is_refused(broth: Round, any_cast: Cast, state: str) -> None:
    if state == "no reason":
        judge_round(broth, at=any_cast.at, lock=True)
    with pytest.raises(RuleBroken):
        service.ask_unlock(broth.id, reason="" if state == "no reason" else "测试", actor=any_cast.actor("chief_judge"), at=any_cast.at)


def test_a_sheet_is_sent_back_and_both_marks_stay(broth: Round, any_cast: Cast, judge: Judge, work: Work) -> None:
    judge.mark(work, GOOD)
    sheet = queries.find_sheet(judge.seat.id, work.id)
    assert sheet is not None
    chief = Actor("account", name="测试裁判长")
    with pytest.raises(RuleBroken):
        service.send_back(sheet.id, reason=" ", actor=chief, at=any_cast.at)
    back = service.send_back(sheet.id, reason="测试：滋味与评语不符", actor=chief, at=any_cast.at)
    assert board(broth.id).works[0].cells[0].state == "disputed"
    assert queries.marks_of_event(broth.event_id) == []
    judge.mark(work, {**GOOD, "taste": "31"})
    assert queries.marks_of_event(broth.event_id)[-1][-1] == "31"
    assert db.session.get_one(SheetReturn, back.id).marks["taste/1"]["value"] == "30"


def test_a_wide_spread_is_named_with_its_numbers(broth: Round, any_cast: Cast, work: Work) -> None:
    def marking(seat: object, _work: Work, criterion: Criterion) -> str:
        return str(criterion.max if seat.number == 3 else criterion.max // 2)  # type: ignore[attr-defined]

    judge_round(broth, at=any_cast.at, marking=marking)
    spread = board(broth.id).works[0].spreads[0]
    assert (spread.spread, spread.limit, spread.seats) == ("52", "10", (3,))
    assert [cell.is_far for cell in board(broth.id).works[0].cells] == [False, False, True]


def test_the_board_costs_the_same_with_3_and_30_works(contest: Contest, any_cast: Cast) -> None:
    costs = []
    for key, number in (("broth", 3), ("theory", 30)):
        found = round_of(contest, key)
        works(found, number, at=any_cast.at)
    broth = round_of(contest, "broth")
    make_panel(broth, 3, at=any_cast.at)
    service.open_round(broth.id, actor=SYSTEM, at=any_cast.at)
    judge_round(broth, at=any_cast.at)
    larger = opened(round_of(make_contest(any_cast, phase="running", events=("broth",)), "broth"), count=30, seats=5, at=any_cast.at)
    judge_round(larger, at=any_cast.at)
    for found_id in (broth.id, larger.id):
        db.session.remove()
        with count_statements() as sent:
            board(found_id)
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 17


def test_the_board_has_a_tag_that_changes_with_it(broth: Round, judge: Judge, work: Work) -> None:
    before = board_tag(broth.contest_id, broth.id, judge.at)
    assert board_tag(broth.contest_id, broth.id, judge.at) == before
    judge.send(judge.event(work, criterion="taste", value="30"))
    assert board_tag(broth.contest_id, broth.id, judge.at) != before


def test_times_are_corrected_with_a_reason(broth: Round, any_cast: Cast, work: Work) -> None:
    timekeeper = Actor("account", name="测试计时员")
    first = service.record_figure(work.id, "time_s", "25:00", source="timed", actor=timekeeper, at=any_cast.at)
    assert service.record_figure(work.id, "time_s", "25:00", source="timed", actor=timekeeper, at=any_cast.at).id == first.id
    with pytest.raises(RuleBroken) as error:
        service.record_figure(work.id, "time_s", "26:00", source="timed", actor=timekeeper, at=any_cast.at)
    assert refused(error) == "reason_required"
    service.record_figure(work.id, "time_s", "26:00", source="timed", actor=timekeeper, at=any_cast.at, reason="测试：看错秒表")
    assert queries.figures_of_event(broth.event_id) == [(work.id, "time_s", "1560")]
    assert len(db.session.query(Figure).all()) == 2


@pytest.mark.parametrize(("key", "value", "code"), [
    ("time_s", "25", "time.format"), ("theory", "90", "figure_unknown"), ("conduct", "0.3", "mark.off_step"),
    ("conduct", "x", "mark.not_a_number"),
])
def test_figures_that_the_rules_do_not_know_are_refused(work: Work, any_cast: Cast, key: str, value: str, code: str) -> None:
    with pytest.raises(RuleBroken) as error:
        service.record_figure(work.id, key, value, source="keyed", actor=SYSTEM, at=any_cast.at)
    assert refused(error) == code


def test_a_locked_round_takes_no_figure(broth: Round, any_cast: Cast, work: Work) -> None:
    judge_round(broth, at=any_cast.at, lock=True)
    with pytest.raises(RuleBroken) as error:
        service.record_figure(work.id, "conduct", "1", source="keyed", actor=SYSTEM, at=any_cast.at)
    assert refused(error) == "round_locked"


def filled(round_: Round, values: list[str]) -> bytes:
    codes = [work.code for work in list_works(round_.id)]
    return write_table("x", ["作品号", "理论成绩"], [list(row) for row in zip(codes, values, strict=False)], taken=None)


def test_the_template_is_filled_in_and_taken_over(theory: Round, any_cast: Cast) -> None:
    table = read_table(service.template_of(theory.id))
    assert table[1] == ["作品号", "理论成绩"]
    preview = service.preview_figures(theory.id, filled(theory, ["90", "85.5", "77"]), file_name="a.xlsx", actor=SYSTEM, at=any_cast.at)
    assert [row["value"] for row in preview.rows] == ["90", "85.5", "77"]
    assert queries.figures_of_event(theory.event_id) == []
    assert service.take_figures(preview.id, reason="", actor=SYSTEM, at=any_cast.at) == 3
    assert service.take_figures(preview.id, reason="", actor=SYSTEM, at=any_cast.at) == 0
    assert sorted(value for *_, value in queries.figures_of_event(theory.event_id)) == ["77", "85.5", "90"]


def test_the_same_file_again_changes_nothing_and_a_changed_one_needs_a_reason(theory: Round, any_cast: Cast) -> None:
    def bring(values: list[str], reason: str = "") -> int:
        preview = service.preview_figures(theory.id, filled(theory, values), file_name="a.xlsx", actor=SYSTEM, at=any_cast.at)
        return service.take_figures(preview.id, reason=reason, actor=SYSTEM, at=any_cast.at)

    assert [bring(["90", "85.5", "77"]), bring(["90", "85.5", "77"]), bring(["90"])] == [3, 0, 0]
    with pytest.raises(RuleBroken) as error:
        bring(["91", "85.5", "77"])
    assert refused(error) == "reason_required"
    assert bring(["91", "", ""], "测试：登分错误") == 1
    assert len(queries.figures_of_event(theory.event_id)) == 3


def test_a_workbook_is_chinese_and_its_faults_wait_for_their_reader(theory: Round, any_cast: Cast) -> None:
    first = list_works(theory.id)[0].code
    with in_brackets():
        assert read_table(service.template_of(theory.id))[1] == ["作品号", "理论成绩"]
        data = write_table("x", ["作品号", "理论成绩"], [[first, "101"], ["ZZZZZ", "1"], [first, "50"]], taken=None)
        preview = service.preview_figures(theory.id, data, file_name="a.xlsx", actor=SYSTEM, at=any_cast.at)
        assert all(fault_words(row).startswith("[") for row in preview.rows)
    assert [fault_words(row) for row in preview.rows] == [
        "不能超过 100，输入的是 101。", "作品号有误，请对照标签逐位核对。", "这个作品号前面已有一行，请只留一行。"]


def test_a_faulty_file_is_previewed_with_its_faults_and_not_taken(theory: Round, any_cast: Cast) -> None:
    first = list_works(theory.id)[0].code
    data = write_table("x", ["作品号", "理论成绩"], [[first, "101"], ["ZZZZZ", "1"], [first, "50"]], taken=None)
    preview = service.preview_figures(theory.id, data, file_name="a.xlsx", actor=SYSTEM, at=any_cast.at)
    assert [bool(row["error"]) for row in preview.rows] == [True, True, True]
    with pytest.raises(RuleBroken) as error:
        service.take_figures(preview.id, reason="", actor=SYSTEM, at=any_cast.at)
    assert refused(error) == "import_faulty"
    assert db.session.get_one(FigureImport, preview.id).state == "previewed"


@pytest.mark.parametrize("data", [b"", b"no workbook", write_table("x", ["a", "b"], [["1", "2"]], taken=None)])
def test_what_is_no_such_workbook_is_refused(theory: Round, any_cast: Cast, data: bytes) -> None:
    with pytest.raises(RuleBroken):
        service.preview_figures(theory.id, data, file_name="a.xlsx", actor=SYSTEM, at=any_cast.at)


def test_theory_is_locked_once_every_work_has_its_mark(theory: Round, any_cast: Cast) -> None:
    assert len(board(theory.id).missing) == 3
    fill_figures(theory, at=any_cast.at)
    assert service.lock_round(theory.id, confirm_name=theory.name, actor=SYSTEM, at=any_cast.at).state == "locked"
    assert queries.locked_rounds([theory.id]) == queries.begun_rounds([theory.id]) == {theory.id}


def test_criteria_of_a_common_sheet_are_those_of_the_rulebook(broth: Round) -> None:
    assert [c.key for c in criteria_of(broth)] == list(GOOD)
    assert sit_down(queries.seats_of_round(broth.id)[0], at=broth.contest.created_at).seat.number == 1


def late_event(judge: Judge, work: Work, value: str) -> None:
    """A mark from a tablet that another one has replaced."""
    sit_down(judge.seat, at=judge.at)
    assert judge.send(judge.event(work, criterion="taste", value=value)).answers[0].result == "quarantined"


def test_late_marks_are_counted_by_two_people(broth: Round, any_cast: Cast, judge: Judge, work: Work) -> None:
    late_event(judge, work, "30")
    kept = queries.quarantined(broth.id)
    with in_brackets():
        request = service.ask_late_marks(broth.id, [e.id for e in kept], count=True, reason="测试：换平板前所评",
                                         actor=any_cast.actor("chief_judge"), at=any_cast.at)
        assert all(line.startswith("[") for line in approvals.KINDS[request.kind].lines(request.payload))
    assert "[" not in request.summary + str(request.payload["lines"][0])
    approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    sheet = queries.find_sheet(judge.seat.id, work.id)
    assert sheet is not None
    assert sheet.marks["taste/1"]["value"] == "30"
    assert sheet.version == queries.round_state(broth.id).version
    assert queries.quarantined(broth.id) == []


def test_a_late_mark_that_breaks_the_rules_is_not_counted(broth: Round, any_cast: Cast, judge: Judge, work: Work) -> None:
    late_event(judge, work, "99")
    request = service.ask_late_marks(broth.id, [e.id for e in queries.quarantined(broth.id)], count=True, reason="测试",
                                     actor=any_cast.actor("chief_judge"), at=any_cast.at)
    with pytest.raises(RuleBroken) as error:
        approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert refused(error) == "late_mark_refused"
    assert len(queries.quarantined(broth.id)) == 1


def test_late_marks_do_not_enter_a_locked_round(broth: Round, any_cast: Cast, work: Work) -> None:
    judges = judge_round(broth, at=any_cast.at, lock=True)
    judges[0].send(judges[0].event(work, criterion="taste", value="1"))
    request = service.ask_late_marks(broth.id, [e.id for e in queries.quarantined(broth.id)], count=True, reason="测试",
                                     actor=any_cast.actor("chief_judge"), at=any_cast.at)
    with pytest.raises(RuleBroken) as error:
        approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert refused(error) == "round_locked"
