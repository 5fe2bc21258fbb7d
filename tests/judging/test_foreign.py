"""A tablet that names what is not on its sheet: another sheet's criterion, another round's, another contest's. Nothing changes."""

import uuid
from typing import Any

import pytest
from flask import Flask

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Contest, Round
from competition.core import approvals
from competition.core.actors import SYSTEM
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.judging import queries, rules, service
from competition.judging.models import MarkEvent, Sheet
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import Judge, opened, round_of, sit_down

# Of the rulebook of every contest here: on the sheets of other events, of no sheet at all, and what only looks like a key.
FOREIGN = ("section", "presentation", "theory", "time_s", "nothing", "", "taste/1", "taste/1=40;aroma", "Taste", "__class__", "味道")


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    return make_contest(any_cast, phase="running", events=("theory", "broth", "bowl"))


@pytest.fixture
def bowl(contest: Contest, any_cast: Cast) -> Round:
    """Another open round of the same contest, with a panel of its own."""
    return opened(round_of(contest, "bowl"), count=1, seats=1, at=any_cast.at)


def keys_of(round_: Round) -> list[str]:
    """The criteria of a round's common sheet."""
    _version, event = queries.rules_of_round(round_, None)
    return [criterion.key for criterion in event.sheet_criteria]


def held(*rounds: Round) -> list[Any]:
    """Everything that counts in these rounds: events, sheets, marks, the version of each."""
    db.session.expire_all()
    return [db.session.query(MarkEvent).count(),
            [(s.work_id, s.version, s.state, dict(s.marks)) for s in db.session.query(Sheet).order_by(Sheet.id)],
            [queries.marks_of_event(r.event_id) for r in rounds], [queries.round_state(r.id).version for r in rounds]]


def test_a_criterion_of_another_sheet_is_refused_and_nothing_changes(judge: Judge, work: Work, broth: Round, bowl: Round) -> None:
    judge.send(judge.event(work, criterion="taste", value="30"))
    foreign = [key for key in (*keys_of(bowl), *FOREIGN) if key not in keys_of(broth)]
    assert len(foreign) > len(FOREIGN) - 3
    before = held(broth, bowl)
    answer = judge.send(*(judge.event(work, kind, criterion=key, value="1") for key in foreign for kind in (rules.MARK, rules.WITHDRAW)))
    assert {(a.result, a.code) for a in answer.answers} == {("refused", "criterion.unknown")}
    assert held(broth, bowl) == before


def test_another_attempt_than_the_sheet_has_is_refused(judge: Judge, work: Work, broth: Round) -> None:
    before = held(broth)
    answer = judge.send(*(judge.event(work, criterion="taste", value="1", attempt=n) for n in (0, -1, 2, 99, 2**31)))
    assert {(a.result, a.code) for a in answer.answers} == {("refused", "attempt.unknown")}
    assert held(broth) == before


def test_a_work_or_a_seat_of_another_round_or_contest_is_refused(
    judge: Judge, work: Work, broth: Round, bowl: Round, any_cast: Cast,
) -> None:
    other = opened(round_of(make_contest(any_cast, phase="running", events=("broth",)), "broth"), count=1, seats=1, at=any_cast.at)
    seat = queries.seats_of_round(bowl.id)[0]
    before = held(broth, bowl, other)
    answer = judge.send(
        judge.event(list_works(bowl.id)[0], criterion=keys_of(bowl)[0], value="1"),
        judge.event(list_works(other.id)[0], criterion="taste", value="1"),
        judge.event(work, criterion="taste", value="1", seat_id=seat.id),
        judge.event(work, criterion="taste", value="1", seat_id=uuid.uuid4()))
    assert [a.code for a in answer.answers] == ["work.unknown", "work.unknown", "seat.other", "seat.other"]
    assert held(broth, bowl, other) == before


def test_a_panel_of_its_own_criteria_marks_no_others(judge: Judge, work: Work, broth: Round, any_cast: Cast) -> None:
    """Two panels on one round: what one marks is foreign to the other."""
    service.create_panel(broth.event_id, name="测试口味组", seats=1, criteria=["taste"], actor=SYSTEM, at=any_cast.at)
    alone = sit_down(queries.seats_of_round(broth.id)[-1], at=any_cast.at)
    others = [key for key in keys_of(broth) if key != "taste"]
    before = held(broth)
    answer = alone.send(*(alone.event(work, criterion=key, value="1") for key in others))
    assert {a.code for a in answer.answers} == {"criterion.unknown"}
    assert held(broth) == before
    assert alone.send(alone.event(work, criterion="taste", value="1")).answers[0].result == "accepted"


def test_a_sheet_is_not_handed_in_with_foreign_marks(judge: Judge, work: Work, broth: Round) -> None:
    marks = dict.fromkeys(keys_of(broth), "1")
    *events, hand_in = judge.sheet(work, marks)
    assert {a.result for a in judge.send(*events).answers} == {"accepted"}
    before = held(broth)
    text = hand_in.value + ";section/1=5"
    assert judge.send(judge.event(work, rules.HAND_IN, value=text)).answers[0].code == "sheet.differs"
    assert held(broth) == before


def test_what_a_replaced_tablet_sends_of_a_foreign_criterion_is_set_aside_and_can_never_count(
    any_app: Flask, judge: Judge, work: Work, broth: Round, bowl: Round, any_cast: Cast,
) -> None:
    sit_down(judge.seat, at=judge.at)
    foreign = next(key for key in keys_of(bowl) if key not in keys_of(broth))
    late = judge.send(judge.event(work, criterion=foreign, value="1"), judge.event(work, criterion="__class__", value="<b>1</b>"))
    assert {a.result for a in late.answers} == {"quarantined"}
    assert queries.marks_of_event(broth.event_id) == []
    base = f"/manage/contests/{broth.contest_id}/judging/rounds/{broth.id}"
    client = any_cast.sign_in(any_app.test_client(), any_cast.account("chief_judge"))
    shown = client.get(f"{base}/late")
    assert (shown.status_code, client.get(base).status_code) == (200, 200)
    assert "<b>1</b>" not in shown.text
    ids = [event.id for event in queries.quarantined(broth.id)]
    asked = service.ask_late_marks(broth.id, ids, count=True, reason="测试", actor=any_cast.actor("chief_judge"), at=any_cast.at)
    with pytest.raises(RuleBroken) as refused:
        approvals.decide(asked.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert refused.value.code == "late_mark_refused"
    assert [e.id for e in queries.quarantined(broth.id)] == ids
    assert queries.marks_of_event(broth.event_id) == []
