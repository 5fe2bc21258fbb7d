"""What was kept aside: two people decide, and the second sees what would replace what."""

import pytest

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Round
from competition.core import approvals
from competition.core.actors import SYSTEM
from competition.core.approvals import KINDS, Approval
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.judging import queries, service
from competition.judging.queries_board import board
from tests.cast import Cast
from tests.judges import Judge, judge_round, sit_down

REASON = "测试：换平板前所评"


@pytest.fixture
def fresh(judge: Judge, work: Work) -> Judge:
    """Another tablet holds 20 for taste, the one it replaced has sent 30 too late."""
    made = sit_down(judge.seat, at=judge.at)
    made.send(made.event(work, criterion="taste", value="20"))
    assert judge.send(judge.event(work, criterion="taste", value="30")).answers[0].result == "quarantined"
    return made


def ask(round_: Round, cast: Cast, *, count: bool = True) -> Approval:
    events = [event.id for event in queries.quarantined(round_.id)]
    return service.ask_late_marks(round_.id, events, count=count, reason=REASON, actor=cast.actor("chief_judge"), at=cast.at)


def decide(request: Approval, cast: Cast) -> Approval:
    return approvals.decide(request.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)


def held(judge: Judge, work: Work) -> str:
    sheet = queries.find_sheet(judge.seat.id, work.id)
    assert sheet is not None
    db.session.refresh(sheet)
    value: str = sheet.marks["taste/1"]["value"]
    return value


def said(request: Approval) -> list[str]:
    return KINDS[request.kind].lines(request.payload)


def test_the_request_says_what_would_replace_what(broth: Round, any_cast: Cast, fresh: Judge, work: Work) -> None:
    version = queries.round_state(broth.id).version
    request = ask(broth, any_cast)
    line = request.payload["lines"][0]
    assert {key: line[key] for key in ("work", "seat", "slot", "late", "held", "version")} == {
        "work": work.code, "seat": 1, "slot": "taste/1", "late": "30", "held": "20", "version": version - 1}
    assert said(request) == [f"作品 {work.code} · 1 号裁判 · 滋味：另存 30；现有 20（版本 {version - 1}）。计入后改为 30。"]
    decide(request, any_cast)
    assert held(fresh, work) == "30"


def test_leaving_out_says_what_stays(broth: Round, any_cast: Cast, fresh: Judge, work: Work) -> None:
    request = ask(broth, any_cast, count=False)
    assert said(request)[0].endswith("不计入，保持 20。")
    fresh.send(fresh.event(work, criterion="taste", value="21"))
    decide(request, any_cast)
    assert held(fresh, work) == "21"
    assert queries.quarantined(broth.id) == []


def test_a_newer_mark_since_the_request_is_not_replaced(broth: Round, any_cast: Cast, fresh: Judge, work: Work) -> None:
    request = ask(broth, any_cast)
    fresh.send(fresh.event(work, criterion="taste", value="25"))
    with pytest.raises(RuleBroken) as error:
        decide(request, any_cast)
    assert (error.value.code, "滋味" in error.value.message) == ("late_moved", True)
    assert held(fresh, work) == "25"
    assert len(queries.quarantined(broth.id)) == 1


def test_the_same_value_given_anew_is_a_newer_mark_too(broth: Round, any_cast: Cast, fresh: Judge, work: Work) -> None:
    request = ask(broth, any_cast)
    fresh.send(fresh.event(work, criterion="taste", value="20"))
    with pytest.raises(RuleBroken) as error:
        decide(request, any_cast)
    assert error.value.code == "late_moved"


def test_a_mark_where_none_was_is_said_so(broth: Round, any_cast: Cast, judge: Judge) -> None:
    second = list_works(broth.id)[1]
    sit_down(judge.seat, at=judge.at)
    judge.send(judge.event(second, criterion="aroma", value="20"), judge.event(second, "withdraw", criterion="aroma"))
    assert [line.split("：")[1] for line in said(ask(broth, any_cast))] == [
        "另存 20；现有 —。计入后改为 20。", "另存 清空；现有 —。计入后清空。"]


def test_what_its_own_tablet_has_overtaken_is_not_counted(broth: Round, any_cast: Cast) -> None:
    judges = judge_round(broth, at=any_cast.at, lock=True)
    first = list_works(broth.id)[0]
    judges[0].send(judges[0].event(first, criterion="taste", value="1"))
    request = service.ask_unlock(broth.id, reason=REASON, actor=any_cast.actor("chief_judge"), at=any_cast.at)
    decide(request, any_cast)
    sheet = queries.find_sheet(judges[0].seat.id, first.id)
    assert sheet is not None
    service.send_back(sheet.id, reason=REASON, actor=SYSTEM, at=any_cast.at)
    judges[0].send(judges[0].event(first, criterion="taste", value="2"))
    with pytest.raises(RuleBroken) as error:
        ask(broth, any_cast)
    assert error.value.code == "late_superseded"
    assert decide(ask(broth, any_cast, count=False), any_cast).state == "approved"


@pytest.mark.parametrize("why", ["seat", "work"])
def test_nothing_is_counted_where_nobody_is_to_mark(broth: Round, any_cast: Cast, fresh: Judge, work: Work, why: str) -> None:
    request = ask(broth, any_cast)
    service.excuse(broth.id, seat_id=fresh.seat.id if why == "seat" else None, work_id=work.id if why == "work" else None,
                   reason=REASON, actor=SYSTEM, at=any_cast.at)
    with pytest.raises(RuleBroken) as error:
        decide(request, any_cast)
    assert (error.value.code, "免评" in error.value.message) == ("late_mark_refused", True)


def test_a_sheet_handed_in_too_late_is_shown_by_its_criteria(broth: Round, any_cast: Cast, judge: Judge, work: Work) -> None:
    marks = {"clarity": "20", "aroma": "20.5", "taste": "30", "amount": "8", "hygiene": "4"}
    events = judge.sheet(work, marks)
    judge.send(*events[:-1])
    sit_down(judge.seat, at=judge.at)
    judge.send(events[-1])
    line = said(ask(broth, any_cast))[0]
    assert "提交评分：另存 清澈 20、香气 20.5、滋味 30" in line
    assert line.endswith("计入后这张评分表为已提交。")
    decide(approvals.open_request("judging.late_marks", broth.id) or ask(broth, any_cast), any_cast)
    assert board(broth.id).works[0].cells[0].state == "handed_in"
