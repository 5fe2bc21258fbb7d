"""What the rulebook leaves open is decided by the chief judge; sums are checked by hand and signed."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.contests.models import Contest, Round
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.approvals import Approval
from competition.core.database import db
from competition.core.errors import Forbidden, RuleBroken
from competition.judging import service as judging
from competition.judging.queries_spread import open_spreads
from competition.results import service
from competition.results.models import SumSample
from competition.results.service_ties import Question
from tests.builders import judged_contest, open_codes
from tests.cast import Cast
from tests.judges import round_of, whole_marks
from tests.results.test_service import correct_theory, refusal, unlock

SMALL: dict[str, Any] = {"events": ("theory", "basic"), "seats": 3}


def no_shared_ranks(document: dict[str, Any]) -> dict[str, Any]:
    """排名不并列 in 基本功, and nothing to separate equal marks."""
    for event in document["events"]:
        if event["key"] == "basic":
            event["ranking"] = {"ties": [], "shared": "forbidden"}
    return document


def fixed_prizes(document: dict[str, Any]) -> dict[str, Any]:
    """A fixed number of prizes: one gold, whoever shares the first place."""
    for event in document["events"]:
        if event["key"] == "basic":
            event["ranking"] = {"ties": [], "shared": "competition"}
            event["awards"][0]["border"] = "quota"
    return document


def wide_blocks(document: dict[str, Any]) -> dict[str, Any]:
    """Judges far apart keep a result back; their tablets ask nobody."""
    return wide_asks(document, "nobody")


def wide_asks(document: dict[str, Any], ask: str = "far") -> dict[str, Any]:
    """Judges far apart keep a result back."""
    for event in document["events"]:
        if event["key"] == "basic":
            event["spread"] = {"of": "sheet", "absolute": "0.1", "then": "block", "ask": ask}
    return document


def all_equal(cast: Cast, twist: Callable[[dict[str, Any]], dict[str, Any]]) -> Contest:
    return judged_contest(cast, 3, twist=twist, marking=whole_marks, **SMALL)


def decide(cast: Cast, contest: Contest, question: Question, order: list[str], reason: str = "抽签决定") -> Any:
    return service.decide_tie(contest.id, question.key, order, reason, actor=cast.actor("chief_judge"), at=cast.at)


def test_a_forbidden_tie_keeps_results_back_until_it_is_decided(any_app: Flask, any_cast: Cast) -> None:
    contest = all_equal(any_cast, no_shared_ranks)
    computed = service.compute(contest.id)
    assert [row.rank for row in computed.rows("event:basic")] == [None] * 3
    question = service.questions(computed)[0]
    assert (question.kind, question.scope, len(question.ids)) == ("order", "event:basic", 3)
    order = sorted(question.ids, reverse=True)
    decide(any_cast, contest, question, order, "加赛结果")
    assert [row.entry for row in service.compute(contest.id).rows("event:basic")] == order
    works = [service.compute(contest.id).sides["basic"].work_of[code] for code in order]
    open_codes(any_cast, contest)
    after = service.compute(contest.id, explained=True)
    assert [after.sides["basic"].work_of[row.entry] for row in after.rows("event:basic")] == works
    standing = after.rows("event:basic")[0].standing
    assert standing is not None
    assert "由裁判长决定，第 1 名（理由：加赛结果）" in standing.say()
    assert after.scores.complete
    assert [act.act for act in audit.history("contest", contest.id, limit=10)].count("results.decide_tie") == 1


def test_an_undecided_tie_refuses_the_publication(any_app: Flask, any_cast: Cast) -> None:
    contest = all_equal(any_cast, no_shared_ranks)
    open_codes(any_cast, contest)
    with pytest.raises(RuleBroken, match="规则不允许并列") as caught:
        service.ask_publish(contest.id, "event:basic", "核对无误", actor=any_cast.actor("organizer"), at=any_cast.at)
    assert caught.value.code == "scores_incomplete"


def test_a_later_decision_about_the_same_people_holds(cast: Cast) -> None:
    contest = all_equal(cast, no_shared_ranks)
    first = service.questions(service.compute(contest.id))[0]
    order = list(first.ids)
    decide(cast, contest, first, order)
    again = service.questions(service.compute(contest.id))[0]
    assert again.decided is not None
    assert again.key == first.key
    decide(cast, contest, again, order[::-1], "复议后更改")
    computed = service.compute(contest.id)
    assert [row.entry for row in computed.rows("event:basic")] == order[::-1]
    assert len(computed.decisions) == 2
    assert not computed.scores.problems


def test_a_decision_needs_a_reason_everybody_and_a_locked_round(cast: Cast) -> None:
    contest = all_equal(cast, no_shared_ranks)
    question = service.questions(service.compute(contest.id))[0]
    ids = list(question.ids)
    assert refusal(lambda: decide(cast, contest, question, ids, "  ")) == "reason_required"
    assert refusal(lambda: decide(cast, contest, question, ids[:2])) == "bad_order"
    assert refusal(lambda: decide(cast, contest, question, [ids[0], ids[0], ids[1]])) == "bad_order"
    unlock(contest, "basic")
    assert refusal(lambda: decide(cast, contest, question, ids)) == "round_open"


def test_a_prize_across_a_border_is_given_by_decision(cast: Cast) -> None:
    contest = all_equal(cast, fixed_prizes)
    question = service.questions(service.compute(contest.id))[0]
    assert (question.kind, question.scope, question.left) == ("choose", "award:event:basic:gold", 1)
    assert refusal(lambda: decide(cast, contest, question, list(question.ids[:2]))) == "bad_order"
    decide(cast, contest, question, [question.ids[1]])
    open_codes(cast, contest)
    computed = service.compute(contest.id)
    assert sorted(row.award or "" for row in computed.rows("event:basic")) == ["gold", "silver", "silver"]
    winner = next(row.entry for row in computed.rows("event:basic") if row.award == "gold")
    assert str(computed.sides["basic"].work_of[winner]) == computed.decisions[0].order[0]


def test_a_wide_spread_can_be_accepted(cast: Cast) -> None:
    contest = judged_contest(cast, 2, twist=wide_blocks, **SMALL)
    computed = service.compute(contest.id)
    assert [row.status for row in computed.rows("event:basic")] == ["INCOMPLETE"] * 2
    for question in service.questions(computed):
        assert question.kind == "accept"
        decide(cast, contest, question, [], "裁判组合议后维持")
    assert service.compute(contest.id).scores.complete
    open_codes(cast, contest)
    assert [row.rank for row in service.compute(contest.id).rows("event:basic")] == [1, 2]


def test_what_was_accepted_on_the_board_is_not_asked_again(cast: Cast) -> None:
    contest = judged_contest(cast, 2, twist=wide_asks, lock=False, **SMALL)
    round_ = round_of(contest, "basic")
    for one in open_spreads(round_.id):
        judging.decide_spread(round_.id, one.work_id, one.part, decision="accept", reason="裁判组合议后维持", actor=SYSTEM, at=cast.at)
    judging.lock_round(round_.id, confirm_name=round_.name, actor=SYSTEM, at=cast.at)
    computed = service.compute(contest.id)
    assert [row.rank for row in computed.rows("event:basic")] == [1, 2]
    assert [(one.kind, one.decided is not None) for one in service.questions(computed)] == [("accept", True)] * 2


def test_the_chief_judge_decides_on_a_page(cast: Cast, client: FlaskClient) -> None:
    contest = all_equal(cast, no_shared_ranks)
    question = service.questions(service.compute(contest.id))[0]
    root = f"/manage/contests/{contest.id}/results/decisions"
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    assert "待决定" in client.get(root).get_data(as_text=True)
    assert client.get(f"{root}/{question.key}").status_code == 403
    cast.sign_in(client, cast.account("chief_judge", "contest", contest.id))
    assert client.get(f"{root}/unknown").status_code == 404
    wrong = client.post(f"{root}/{question.key}", data={"place_0": "1", "place_1": "1", "place_2": "3", "reason": "加赛"})
    assert wrong.status_code == 422
    assert "不重复、不遗漏" in wrong.get_data(as_text=True)
    done = client.post(f"{root}/{question.key}", data={"place_0": "2", "place_1": "3", "place_2": "1", "reason": "加赛"})
    assert done.status_code == 303
    rows = service.compute(contest.id).rows("event:basic")
    assert [row.entry for row in rows] == [question.ids[2], question.ids[0], question.ids[1]]
    assert "已决定先后" in client.get(root).get_data(as_text=True)


# ---- sums ----------------------------------------------------------------------------------------


def draw(cast: Cast, contest: Contest, **more: Any) -> SumSample:
    event = next(e for e in contest.events if e.key == "basic")
    return service.draw_sample(event.id, actor=cast.actor("scorekeeper"), at=cast.at, **more)


def check(cast: Cast, sample: SumSample, works: list[str], right: bool = True, found: str = "") -> None:
    service.check_sums(sample.id, [uuid.UUID(w) for w in works], is_right=right, found=found, actor=cast.actor("scorekeeper"), at=cast.at)


def sign(cast: Cast, sample: SumSample) -> Approval:
    asked = service.ask_signature(sample.id, reason="核对完毕", actor=cast.actor("scorekeeper"), at=cast.at)
    return approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)


def works_of(sample: SumSample) -> list[str]:
    return [item["work"] for item in sample.works]


def test_the_first_ten_and_some_of_the_rest_are_checked_and_signed(any_app: Flask, any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 13, events=("basic",), seats=1, twist=one_judge)
    sample = draw(any_cast, contest, seed="bekannt")
    assert [item["why"] for item in sample.works] == ["top"] * 10 + ["drawn"]
    assert refusal(lambda: draw(any_cast, contest)) == "already_drawn"
    assert refusal(lambda: sign(any_cast, sample)) == "sample_open"
    check(any_cast, sample, works_of(sample))
    asked = service.ask_signature(sample.id, reason="核对完毕", actor=any_cast.actor("scorekeeper"), at=any_cast.at)
    with pytest.raises(Forbidden):
        approvals.decide(asked.id, approve=True, actor=any_cast.actor("scorekeeper"), at=any_cast.at)
    approvals.decide(asked.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    state = service.sum_states(service.compute(contest.id))[0]
    assert (state.is_signed, state.total, state.errors) == (True, 11, 0)
    assert refusal(lambda: check(any_cast, sample, works_of(sample)[:1])) == "sample_signed"


def one_judge(document: dict[str, Any]) -> dict[str, Any]:
    for event in document["events"]:
        if "panel" in event:
            event["panel"] = {"by": "sheet", "method": "mean"}
    return document


def test_above_five_percent_everything_must_be_checked_again(cast: Cast) -> None:
    contest = judged_contest(cast, 4, **SMALL)
    sample = draw(cast, contest)
    works = works_of(sample)
    check(cast, sample, works[1:])
    assert refusal(lambda: check(cast, sample, works[:1], right=False)) == "found_required"
    assert refusal(lambda: check(cast, sample, [str(uuid.uuid4())])) == "not_in_sample"
    check(cast, sample, works[:1], right=False, found="2 号裁判手工合计 97.5")
    state = next(s for s in service.sum_states(service.compute(contest.id)) if s.key == "basic")
    assert state.must_check_all
    assert state.blocks
    assert refusal(lambda: sign(cast, sample)) == "sums_wrong"
    open_codes(cast, contest)
    organizer = cast.actor("organizer")
    assert refusal(lambda: service.ask_publish(contest.id, "event:basic", "核对", actor=organizer, at=cast.at)) == "sums_wrong"
    full = draw(cast, contest, everything=True)
    assert [item["why"] for item in full.works] == ["all"] * 4
    check(cast, full, works_of(full))
    sign(cast, full)
    asked = service.ask_publish(contest.id, "event:basic", "核对", actor=organizer, at=cast.at)
    assert asked.payload["unchecked"] == []


def test_an_unfinished_check_is_told_to_the_second_person(cast: Cast) -> None:
    contest = judged_contest(cast, 3, **SMALL)
    open_codes(cast, contest)
    asked = service.ask_publish(contest.id, ["event:basic"], "核对", actor=cast.actor("organizer"), at=cast.at)
    assert "手工拉面基本功的统分抽查还没有完成" in asked.summary


def test_other_marks_make_a_sample_worthless(cast: Cast) -> None:
    contest = judged_contest(cast, 3, **SMALL)
    theory = next(e for e in contest.events if e.key == "theory")
    assert refusal(lambda: service.draw_sample(theory.id, actor=cast.actor("scorekeeper"), at=cast.at)) == "not_found"
    sample = draw(cast, contest)
    correct_theory(contest, 1, "55")
    check(cast, sample, works_of(sample)[:1])
    round_id = unlock(contest, "basic")
    assert refusal(lambda: draw(cast, contest)) == "round_open"
    change_time(contest, round_id)
    assert refusal(lambda: check(cast, sample, works_of(sample))) == "sample_stale"
    assert draw(cast, contest).id != sample.id


def change_time(contest: Contest, round_id: uuid.UUID) -> None:
    from_works = service.compute(contest.id).sides["basic"].works
    judging.record_figure(next(iter(from_works)), "time_s", "12:34", source="keyed", reason="看错", actor=SYSTEM, at=contest.created_at)
    judging.lock_round(round_id, confirm_name=db.session.get_one(Round, round_id).name, actor=SYSTEM, at=contest.created_at)


def test_the_scorekeeper_checks_on_pages(cast: Cast, client: FlaskClient) -> None:
    contest = judged_contest(cast, 3, **SMALL)
    event_id = next(e.id for e in contest.events if e.key == "basic")
    root = f"/manage/contests/{contest.id}/results/sums/{event_id}"
    cast.sign_in(client, cast.account("scorekeeper", "contest", contest.id))
    assert client.post(f"{root}/draw").status_code == 303
    sample = db.session.scalars(select(SumSample)).one()
    text = client.get(f"{root}/works/{works_of(sample)[0]}").get_data(as_text=True)
    assert "手工合计" in text
    assert "卫生与准备" in text
    assert client.post(f"{root}/check", data={"ids": works_of(sample)[:2]}).status_code == 303
    wrong = client.post(f"{root}/works/{works_of(sample)[2]}", data={"is_right": "no", "found": ""})
    assert wrong.status_code == 422
    assert "请写明手工合计" in wrong.get_data(as_text=True)
    assert client.post(f"{root}/works/{works_of(sample)[2]}", data={"is_right": "yes"}).status_code == 303
    assert client.post(f"{root}/sign", data={"reason": "三份全部核对"}).status_code == 303
    assert "等待审批" in client.get(root).get_data(as_text=True)
    asked = db.session.scalars(select(Approval).where(Approval.kind == "results.sign_sums")).one()
    approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    assert "签认" in client.get(root).get_data(as_text=True)
    assert client.post(f"{root}/check", data={"ids": works_of(sample)}).status_code == 409
