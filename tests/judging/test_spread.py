"""Judges who lie apart are asked, each alone, at most twice; then the chief judge decides in writing."""

import pytest
from flask import Flask

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Round
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.database import db
from competition.core.errors import NotFound, RuleBroken
from competition.judging import queries, queries_tablet, rules, service
from competition.judging.models import Device, MarkEvent
from competition.judging.queries_spread import open_prompts, open_spreads
from competition.judging.service_marks import Receipt
from tests.cast import Cast
from tests.judges import Judge, fill_figures, sit_down
from tests.judging.spreads import apart, bench, keep, marks, remark, standing
from tests.queries import count_statements

REASON = "测试：已与三位裁判核对作品"


@pytest.fixture
def judges(broth: Round, any_cast: Cast) -> list[Judge]:
    return bench(broth, any_cast)


def asked(judges: list[Judge]) -> list[int]:
    """Which seats are asked at this moment."""
    return [judge.seat.number for judge in judges if open_prompts(judge.seat.id)]


def results(receipt: Receipt) -> list[str]:
    return [answer.code or answer.result for answer in receipt.answers]


def test_nobody_is_asked_before_all_have_handed_in(judges: list[Judge], work: Work, broth: Round) -> None:
    apart(judges[:2], work, "10", "30")
    assert (asked(judges), open_spreads(broth.id)) == ([], [])
    judges[2].mark(work, marks("31"))
    assert asked(judges) == [1]
    assert [one.sentence for one in open_spreads(broth.id)] == [f"{work.code} · 裁判分歧（合计）：已请裁判复核，1 位还没有答复"]
    assert not list(audit.verify())


def test_an_excused_seat_is_not_waited_for(judges: list[Judge], work: Work, broth: Round, any_cast: Cast) -> None:
    apart(judges[:2], work, "10", "30")
    excusal = service.excuse(broth.id, seat_id=judges[2].seat.id, work_id=work.id, reason="回避", actor=SYSTEM, at=any_cast.at)
    assert asked(judges) == [1, 2]
    service.end_excusal(excusal.id, actor=SYSTEM, at=any_cast.at)
    judges[2].mark(work, marks("20"))
    assert asked(judges) == [1, 2]


def test_marking_again_keeps_both_marks_and_ends_the_question(judges: list[Judge], work: Work, broth: Round) -> None:
    apart(judges, work, "10", "30", "31")
    first = queries.find_sheet(judges[0].seat.id, work.id)
    assert first is not None
    code = first.check_code
    assert results(judges[0].send(judges[0].event(work, criterion="taste", value="28"))) == ["accepted"]
    db.session.refresh(first)
    assert (first.state, first.check_code) == (rules.REMARKING, None)
    assert asked(judges) == [1]
    text = rules.sheet_text(first.marks)
    assert results(judges[0].send(judges[0].event(work, rules.HAND_IN, value=text))) == ["accepted"]
    assert (asked(judges), open_spreads(broth.id)) == ([], [])
    db.session.refresh(first)
    assert first.check_code not in (None, code)
    taste = db.session.query(MarkEvent.value).filter_by(seat_id=judges[0].seat.id, criterion="taste").order_by(MarkEvent.seq)
    assert [row.value for row in taste] == ["10", "28"]
    assert [(p.seat.number, p.answer, p.marks["taste/1"]) for p in standing(broth, work).prompts] == [(1, "remark", "10")]


def test_only_what_was_asked_about_may_change_and_only_while_it_is_asked(judges: list[Judge], work: Work) -> None:
    apart(judges, work, "10", "30", "31")
    assert results(judges[1].send(judges[1].event(work, criterion="taste", value="29"))) == ["sheet.handed_in"]
    assert results(judges[1].send(keep(judges[1], work))) == ["spread.not_asked"]
    assert results(judges[0].send(keep(judges[0], work, " "))) == ["spread.reason"]
    assert results(judges[0].send(keep(judges[0], work, "长" * 201))) == ["spread.reason"]
    assert results(judges[0].send(keep(judges[0], work, part="taste"))) == ["spread.not_asked"]
    judges[0].send(judges[0].event(work, criterion="taste", value="28"))
    assert results(judges[0].send(keep(judges[0], work))) == ["spread.not_handed_in"]
    remark(judges[0], work, "28")
    assert results(judges[0].send(judges[0].event(work, criterion="taste", value="12"))) == ["sheet.handed_in"]


def test_a_reason_answers_the_question_that_it_was_given_for(judges: list[Judge], work: Work, broth: Round) -> None:
    apart(judges, work, "10", "30", "31")
    late = keep(judges[0], work)
    remark(judges[0], work, "11")
    assert results(judges[0].send(late)) == ["accepted"]
    assert (asked(judges), [p.answer for p in standing(broth, work).prompts]) == ([1], ["remark", None])
    unasked = judges[0].event(work, rules.KEEP, value="测试：没有人这样问过", base_version=queries.round_state(broth.id).version)
    assert results(judges[0].send(unasked)) == ["spread.not_asked"]
    judges[0].send(keep(judges[0], work))
    assert [p.answer for p in standing(broth, work).prompts] == ["remark", "keep"]


def test_handing_in_the_same_marks_answers_nothing(judges: list[Judge], work: Work) -> None:
    apart(judges, work, "10", "30", "31")
    judges[0].send(judges[0].event(work, criterion="taste", value="11"))
    assert results(remark(judges[0], work, "10")) == ["accepted", "accepted"]
    assert asked(judges) == [1]


def test_who_keeps_is_asked_no_more_while_nothing_changes_and_the_chief_judge_decides(
    judges: list[Judge], work: Work, broth: Round, any_cast: Cast,
) -> None:
    apart(judges, work, "10", "20", "30")
    assert asked(judges) == [1, 3]
    event = keep(judges[0], work)
    assert results(judges[0].send(event)) == ["accepted"]
    assert results(judges[0].send(event)) == ["repeated"]
    assert asked(judges) == [3]
    judges[2].send(keep(judges[2], work, "测试：汤清"))
    assert asked(judges) == []
    assert [one.what for one in open_spreads(broth.id)] == ["裁判分歧（合计）：等待裁判长书面决定"]
    service.decide_spread(broth.id, work.id, "", decision="accept", reason=REASON, actor=any_cast.actor("chief_judge"), at=any_cast.at)
    assert (open_spreads(broth.id), standing(broth, work).state) == ([], "accepted")
    assert not list(audit.verify())


def test_a_keeper_is_asked_a_second_time_when_others_changed_and_never_a_third(judges: list[Judge], work: Work, broth: Round) -> None:
    apart(judges, work, "10", "20", "30")
    judges[0].send(keep(judges[0], work))
    remark(judges[2], work, "31")
    assert asked(judges) == [1, 3]
    judges[0].send(keep(judges[0], work))
    remark(judges[2], work, "32")
    assert asked(judges) == []
    assert standing(broth, work).state == "chief"
    assert [(p.seat.number, p.answer) for p in standing(broth, work).prompts] == [(1, "keep"), (3, "remark"), (1, "keep"), (3, "remark")]


def test_a_question_ends_when_another_judge_changes(judges: list[Judge], work: Work, broth: Round) -> None:
    apart(judges, work, "10", "20", "30")
    remark(judges[2], work, "19")
    assert asked(judges) == []
    assert [(p.seat.number, p.answer) for p in standing(broth, work).prompts] == [(1, "void"), (3, "remark")]
    assert results(judges[0].send(judges[0].event(work, criterion="taste", value="15"))) == ["sheet.handed_in"]
    assert results(judges[0].send(keep(judges[0], work))) == ["accepted"]


def test_together_asks_all_of_the_panel_once_more(judges: list[Judge], work: Work, broth: Round, any_cast: Cast) -> None:
    apart(judges, work, "10", "20", "30")
    decide = {"actor": any_cast.actor("chief_judge"), "at": any_cast.at}
    service.decide_spread(broth.id, work.id, "", decision="together", reason=REASON, **decide)
    assert asked(judges) == [1, 2, 3]
    assert [p.ordered for p in queries_tablet.prompts_now(judges[1].device)] == [REASON]
    for judge in judges:
        judge.send(keep(judge, work))
    assert standing(broth, work).state == "chief"
    service.decide_spread(broth.id, work.id, "", decision="accept", reason=REASON, **decide)
    assert open_spreads(broth.id) == []
    sheet = queries.find_sheet(judges[1].seat.id, work.id)
    assert sheet is not None
    service.send_back(sheet.id, reason="测试：漏看", **decide)
    assert open_spreads(broth.id) == []  # the sheet itself is missing now
    remark(judges[1], work, "21")
    assert (asked(judges), standing(broth, work).state) == ([], "chief")  # other figures than those that were accepted


@pytest.mark.parametrize(("change", "code"), [
    ({"reason": " "}, "reason_required"), ({"part": "taste"}, "not_found"), ({}, "spread_over"),
])
def test_what_is_no_question_is_not_decided(
    judges: list[Judge], work: Work, broth: Round, any_cast: Cast, change: dict[str, str], code: str,
) -> None:
    apart(judges, work, "29", "30", "31")
    given = {"part": "", "reason": REASON, "decision": "accept"} | change
    with pytest.raises((RuleBroken, NotFound)) as refused:
        service.decide_spread(broth.id, work.id, given["part"], decision=given["decision"], reason=given["reason"],
                              actor=SYSTEM, at=any_cast.at)
    assert refused.value.code == code


def test_the_round_is_not_locked_over_an_open_question(judges: list[Judge], broth: Round, any_cast: Cast) -> None:
    first, second = list_works(broth.id)
    apart(judges, first, "10", "30", "31")
    apart(judges, second, "30", "30", "31")
    fill_figures(broth, at=any_cast.at)
    with pytest.raises(RuleBroken) as refused:
        service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=any_cast.at)
    assert refused.value.details["missing"] == [f"{first.code} · 裁判分歧（合计）：已请裁判复核，1 位还没有答复"]
    judges[0].send(keep(judges[0], first))
    service.decide_spread(broth.id, first.id, "", decision="accept", reason=REASON, actor=SYSTEM, at=any_cast.at)
    assert service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=any_cast.at).state == "locked"
    with pytest.raises(RuleBroken) as late:
        service.decide_spread(broth.id, first.id, "", decision="accept", reason=REASON, actor=SYSTEM, at=any_cast.at)
    assert late.value.code == "round_not_open"


def test_a_reason_that_came_too_late_is_kept_aside_and_counted_by_two(
    judges: list[Judge], work: Work, any_cast: Cast, broth: Round,
) -> None:
    apart(judges, work, "10", "30", "31")
    event = keep(judges[0], work)
    sit_down(judges[0].seat, at=any_cast.at)
    assert [a.result for a in judges[0].send(event).answers] == ["quarantined"]
    request = service.ask_late_marks(broth.id, [event.id], count=True, reason="测试", actor=any_cast.actor("chief_judge"), at=any_cast.at)
    lines = approvals.KINDS[request.kind].lines(request.payload)
    assert ("合计" in lines[0], "维持原分的理由" in lines[0]) == (True, True)
    approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert standing(broth, work).state == "chief"


def test_what_a_tablet_hears_tells_nothing_of_the_others(judges: list[Judge], broth: Round) -> None:
    """Whoever differs and however much: the judge of the first seat hears the same."""
    first, second = list_works(broth.id)
    apart(judges, first, "10", "30", "30")
    apart(judges, second, "10", "35", "22")
    told = [one.model_dump(mode="json") for one in queries_tablet.prompts_now(judges[0].device)]
    assert [one["work"] for one in told] == [str(first.id), str(second.id)]
    same = [{key: value for key, value in one.items() if key not in ("id", "work", "asked_seq")} for one in told]
    criteria = ["clarity", "aroma", "taste", "amount", "hygiene"]
    assert same[0] == same[1] == {"part": "", "name": "", "criteria": criteria, "ordered": None}


def test_it_costs_the_same_with_many_works(judges: list[Judge], broth: Round, any_cast: Cast) -> None:
    first, second = list_works(broth.id)
    apart(judges, first, "10", "30", "31")

    sent = [(judge.device.id, judge.sheet(second, marks(taste))) for judge, taste in zip(judges, ("10", "30", "31"), strict=True)]
    device_id, round_id = judges[0].device.id, broth.id

    def cost() -> list[int]:
        db.session.expunge_all()
        with count_statements() as found:
            open_spreads(round_id)
        db.session.expunge_all()
        with count_statements() as told:
            queries_tablet.prompts_now(db.session.get_one(Device, device_id))
        return [len(found), len(told)]

    cost()  # the rulebook is read once for all
    assert cost() == [9, 5]
    for device, events in sent:
        service.accept_events(device, events, at=any_cast.at)
    assert cost() == [9, 5]


def test_the_chief_judge_sees_who_was_asked_and_decides_on_the_page(
    any_app: Flask, judges: list[Judge], broth: Round, work: Work, any_cast: Cast,
) -> None:
    client = any_app.test_client()
    apart(judges, work, "10", "20", "30")
    judges[0].send(keep(judges[0], work, "测试：汤浑"))
    any_cast.sign_in(client, any_cast.account("chief_judge"))
    board = f"/manage/contests/{broth.contest_id}/judging/rounds/{broth.id}"
    address = f"{board}/works/{work.id}"
    told = client.get(f"{board}/board.json").get_json()["works"][0][3]
    assert told == ["合计相差 20，限 10；中位数 72，偏离：1 号、3 号。1 号裁判维持原分：测试：汤浑。已请 3 号裁判复核，还没有答复。"]
    shown = client.get(address).get_data(as_text=True)
    assert all(words in shown for words in ("请其复核", "当时的分数", "还没有答复", "记录决定"))
    given = {"spread-part": "part:", "spread-decision": "accept", "spread-reason": ""}
    refused = client.post(f"{address}/spread", data=given)
    assert (refused.status_code, "请写明" in refused.get_data(as_text=True)) == (422, True)
    strange = client.post(f"{address}/spread", data=given | {"spread-part": "part:taste", "spread-reason": REASON})
    assert strange.status_code == 422
    assert client.post(f"{address}/spread", data=given | {"spread-reason": REASON}).status_code == 303
    assert "认可现有评分" in client.get(address).get_data(as_text=True)
    assert REASON in client.get(f"{board}/board.json").get_json()["works"][0][3][0]
    assert "记录决定" not in client.get(address).get_data(as_text=True)
    assert client.post(f"{address}/spread", data=given | {"spread-reason": REASON}).status_code == 422
