"""A sheet that was filled in for the wrong work goes to the right one, and nothing is lost on the way."""

from datetime import timedelta

import pytest

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Round
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.judging import queries, rules, service
from competition.judging.models import MarkEvent
from competition.judging.models_close import SheetMove
from competition.judging.queries_board import board
from competition.judging.queries_moves import notes_beside
from competition.judging.queries_printed import printed
from competition.judging.queries_sent import Moved, Sent, replayed, sent_of_event
from competition.judging.queries_tablet import own, rounds_now
from competition.judging.rules_reports import TabletSays
from tests.cast import Cast
from tests.judges import Judge, judge_round, sit_down

GOOD = {"clarity": "20", "aroma": "20.5", "taste": "30", "amount": "8", "hygiene": "4"}
OTHER = GOOD | {"taste": "12"}
REASON = "测试：看的是下一件作品"


@pytest.fixture
def pair(broth: Round) -> tuple[Work, Work]:
    first, second = list_works(broth.id)
    return first, second


def marks_of(judge: Judge, work: Work) -> dict[str, str]:
    sheet = queries.find_sheet(judge.seat.id, work.id)
    return {} if sheet is None else {slot: mark["value"] for slot, mark in sheet.marks.items()}


def move(
    broth: Round, judge: Judge, here: Work, there: Work, *, swap: bool = False, seen: str = "", reason: str = REASON, after_s: int = 0,
) -> SheetMove:
    found = service.read_pair(broth.id, judge.seat.id, here.id, there.id)
    assert found is not None
    return service.move_sheet(broth.id, judge.seat.id, here.id, there.id, swap=swap, seen=seen or found.seen, reason=reason,
                              actor=SYSTEM, at=judge.at + timedelta(seconds=after_s))


def test_on_the_tablet_comments_lie_where_the_sheet_lies(broth: Round, judge: Judge, pair: tuple[Work, Work]) -> None:
    first, second = pair
    judge.send(judge.event(first, "comment", "taste", value="测试：偏咸"))
    judge.mark(first, GOOD)
    lying = lambda: [[note.value for note in own(judge.seat.id, work.id).notes] for work in pair]  # noqa: E731
    assert lying() == [["测试：偏咸"], []]
    move(broth, judge, first, second)
    assert lying() == [[], ["测试：偏咸"]]
    move(broth, judge, second, first)
    assert lying() == [["测试：偏咸"], []]


def agrees(broth: Round) -> bool:
    """Do the sheets that are handed in say what follows from everything that was sent?"""
    marks = queries.marks_of_event(broth.event_id)
    return sorted(replayed(sent_of_event(broth.event_id), marks)) == sorted(marks)


def test_marks_go_to_the_right_work_and_the_judge_confirms(broth: Round, judge: Judge, pair: tuple[Work, Work]) -> None:
    first, second = pair
    judge.mark(first, GOOD)
    before, known = marks_of(judge, first), queries.round_state(broth.id).version
    moved = move(broth, judge, first, second)
    assert (marks_of(judge, first), marks_of(judge, second)) == ({}, before)
    assert [cell.state for row in board(broth.id).works for cell in row.cells[:1]] == ["disputed", "disputed"]
    # The tablet hears of both with the reason, on its next poll.
    told = {sheet.work: sheet for sheet in rounds_now(judge.device, {broth.id: known})[0].sheets}
    assert told[first.id].returned_reason == f"这里的评分已移到作品 {second.code}，本件请另行评分。{REASON}"
    assert told[second.id].returned_reason == f"由作品 {first.code} 移来，请核对后重新提交。{REASON}"
    assert told[second.id].marks["taste/1"].version == moved.seq
    assert told[first.id].check_code is None
    # It marks the first one and hands both in.
    assert judge.send(judge.event(second, rules.HAND_IN, value=rules.sheet_text(before))).answers[0].result == "accepted"
    assert {a.result for a in judge.mark(first, OTHER, moved.seq).answers} == {"accepted"}
    assert marks_of(judge, first)["taste/1"] == "12"
    assert agrees(broth)
    # What was sent is still what was sent, and who moved it stands in the record.
    assert {e.work_id for e in db.session.query(MarkEvent).filter(MarkEvent.seq < moved.seq)} == {first.id}
    row = next(r for r in audit.history("work", first.id) if r.act == "judging.move_sheet")
    assert (row.reason, first.code in row.line, second.code in row.line) == (REASON, True, True)


def test_comments_are_found_where_their_sheet_lies_now(broth: Round, judge: Judge, any_cast: Cast, pair: tuple[Work, Work]) -> None:
    first, second = pair
    other = sit_down(queries.seats_of_round(broth.id)[1], at=any_cast.at)
    for who, said in ((judge, "汤面有浮油"), (other, "另一位")):
        who.send(who.event(first, "comment", "taste", said))
    judge.send(*judge.sheet(first, GOOD))

    def beside(work: Work) -> list[tuple[str, str, str]]:
        return [(one.note.value, one.made, one.went) for one in notes_beside(broth.id, work.id)]

    move(broth, judge, first, second)
    assert beside(first) == [("汤面有浮油", "", second.code), ("另一位", "", "")]
    assert beside(second) == [("汤面有浮油", first.code, "")]
    papers = {paper.seat.number: [(code, made, note.value) for code, made, note in paper.notes] for paper in printed(broth)[2]}
    assert (papers[1], papers[2]) == ([(second.code, first.code, "汤面有浮油")], [(first.code, "", "另一位")])
    judge.send(judge.event(second, "comment", "taste", "第二件"))
    move(broth, judge, second, first)
    assert beside(first) == [("汤面有浮油", "", ""), ("另一位", "", ""), ("第二件", second.code, "")]
    assert beside(second) == [("第二件", "", first.code)]


def test_moving_back_undoes_it(broth: Round, judge: Judge, pair: tuple[Work, Work]) -> None:
    first, second = pair
    judge.mark(first, GOOD)
    before = marks_of(judge, first)
    move(broth, judge, first, second)
    move(broth, judge, second, first, reason="测试：移错了")
    assert (marks_of(judge, first), marks_of(judge, second)) == (before, {})
    judge.send(judge.event(first, rules.HAND_IN, value=rules.sheet_text(before)))
    assert agrees(broth)


def test_two_sheets_are_exchanged(broth: Round, judge: Judge, pair: tuple[Work, Work]) -> None:
    first, second = pair
    judge.mark(first, GOOD)
    judge.mark(second, OTHER)
    with pytest.raises(RuleBroken) as error:
        move(broth, judge, first, second)
    assert error.value.code == "target_marked"
    one, other = marks_of(judge, first), marks_of(judge, second)
    moved = move(broth, judge, first, second, swap=True)
    assert (marks_of(judge, first), marks_of(judge, second)) == (other, one)
    assert (len(moved.marks), len(moved.others)) == (5, 5)
    for work, values in ((first, other), (second, one)):
        judge.send(judge.event(work, rules.HAND_IN, value=rules.sheet_text(values)))
    assert agrees(broth)
    assert audit.history("work", first.id)[0].act == "judging.swap_sheets"


def test_what_was_typed_before_the_move_lands_on_neither_work(broth: Round, judge: Judge, pair: tuple[Work, Work]) -> None:
    """The same tablet, which had not heard of the move: what it typed belongs to where the marks were."""
    first, second = pair
    early = [judge.event(work, criterion="taste", value="1") for work in pair]
    judge.mark(first, GOOD)
    moved = move(broth, judge, first, second)
    answers = judge.send(*early).answers
    assert [(a.result, a.code, dict(a.details)) for a in answers] == [
        ("conflict", "sheet.moved", {"yours": "1", "version": moved.seq}),
        ("conflict", "sheet.moved", {"yours": "1", "held": "30", "version": moved.seq})]
    assert (marks_of(judge, first), marks_of(judge, second)["taste/1"]) == ({}, "30")
    # Once it has heard, it marks both.
    seen = [judge.event(work, criterion="taste", value="2", base_version=moved.seq) for work in pair]
    assert {a.result for a in judge.send(*seen).answers} == {"accepted"}
    assert [marks_of(judge, work)["taste/1"] for work in pair] == ["2", "2"]


def test_nothing_is_moved_under_a_tablet_that_is_silent(broth: Round, judge: Judge, pair: tuple[Work, Work]) -> None:
    judge.mark(pair[0], GOOD)
    with pytest.raises(RuleBroken, match="超过 30 秒没有联系服务器") as error:
        move(broth, judge, *pair, after_s=31)
    assert error.value.code == "tablet_silent"
    service.stop_device(judge.device.id, reason="测试：找不到了", actor=SYSTEM, at=judge.at)
    move(broth, judge, *pair, after_s=31)
    assert marks_of(judge, pair[0]) == {}


@pytest.mark.parametrize("case", [
    "no reason", "same work", "nothing there", "excused", "locked", "seen", "holds", "nothing to swap"])
def test_moving_is_refused(broth: Round, any_cast: Cast, judge: Judge, pair: tuple[Work, Work], case: str) -> None:
    first, second = pair
    if case != "nothing there":
        judge.mark(first, GOOD)
    if case == "excused":
        service.excuse(broth.id, seat_id=judge.seat.id, work_id=second.id, reason="测试：回避", actor=SYSTEM, at=any_cast.at)
    if case == "holds":
        service.report_device(judge.device.id, TabletSays(pending=1, last_made=7), at=any_cast.at)
    if case == "locked":
        for work in pair:
            service.excuse(broth.id, seat_id=None, work_id=work.id, reason="测试：不评", actor=SYSTEM, at=any_cast.at)
        service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=any_cast.at)
    before = (marks_of(judge, first), marks_of(judge, second))
    with pytest.raises(RuleBroken) as error:
        move(broth, judge, first, first if case == "same work" else second, swap=case == "nothing to swap",
             seen="0-0" if case == "seen" else "", reason=" " if case == "no reason" else REASON)
    assert error.value.code == {
        "no reason": "reason_required", "same work": "same_work", "nothing there": "nothing_to_move", "excused": "sheet_excused",
        "locked": "round_not_open", "seen": "stale", "holds": "tablet_holds", "nothing to swap": "nothing_to_swap"}[case]
    assert (marks_of(judge, first), marks_of(judge, second)) == before
    assert db.session.query(SheetMove).count() == 0


def test_only_that_seat_is_moved(broth: Round, any_cast: Cast, pair: tuple[Work, Work]) -> None:
    first, second = pair
    one, other = (sit_down(seat, at=any_cast.at) for seat in queries.seats_of_round(broth.id)[:2])
    one.mark(first, GOOD)
    other.mark(first, OTHER)
    move(broth, one, first, second)
    assert marks_of(other, first)["taste/1"] == "12"
    assert board(broth.id).works[0].cells[1].state == "handed_in"


def test_a_late_mark_in_a_moved_sheet_stays_in_doubt(broth: Round, any_cast: Cast) -> None:
    """Where two people let a late mark count after a move, the sheet must have one of the values that were sent."""
    judge = judge_round(broth, at=any_cast.at)[0]
    a, b = list_works(broth.id)
    slot = (a.id, 1, "taste", 1)
    said = [Sent(slot, rules.MARK, "5", judge.device.id, 1, False), Sent(slot, rules.MARK, "7", b.id, 1, True), Moved(a.id, b.id, 1, False)]
    at_b = (b.id, 1, "taste", 1)
    for value in ("5", "7"):
        assert replayed(said, [(*at_b, value)]) == [(*at_b, value)]
    assert replayed(said, [(*at_b, "9")]) == []
