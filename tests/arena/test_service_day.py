"""The day on both databases: facts are added, in order, by whom they belong to."""

import threading
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from competition.arena import gates, queries
from competition.arena import service as arena
from competition.arena.rules import ABSENT, CHECKED_IN, CLEARED, DISQUALIFIED, RESULT_CANCELLED, WITHDRAWN
from competition.arena.work_queries import list_works
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.contests.queries import rounds_of
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db
from competition.core.errors import Forbidden, NotFound, RuleBroken
from competition.notices.models import Message
from competition.registration.models import Entrant
from tests.arena.conftest import Rounds
from tests.builders import check_in_all, draw_contest, make_contest, make_field
from tests.cast import Cast


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    made = make_contest(any_cast, open=False, events=("theory", "basic"))
    make_field(any_cast, made, persons=6)
    draw_contest(any_cast, made)
    return made


@pytest.fixture
def door(any_cast: Cast, contest: Contest) -> Actor:
    return any_cast.actor("check_in_judge", "contest", contest.id, name="测试检录员")


@pytest.fixture
def chief(any_cast: Cast, contest: Contest) -> Actor:
    return any_cast.actor("chief_judge", "contest", contest.id)


def entrants(contest: Contest, event: int = 1) -> list[Entrant]:
    return [p.entrant for p in queries.placed(rounds_of(contest.id)[event].id)]


def test_check_in_absent_and_undo(any_cast: Cast, contest: Contest, door: Actor) -> None:
    first, second, third = entrants(contest)[:3]
    outcome = arena.check_in(first.id, CHECKED_IN, actor=door, at=any_cast.at)
    assert (outcome.kind, outcome.by_name, outcome.at) == (CHECKED_IN, "测试检录员", any_cast.at)
    arena.check_in(second.id, ABSENT, actor=door, at=any_cast.at)
    arena.check_in(second.id, CLEARED, actor=door, at=any_cast.at)
    arena.check_in(second.id, CHECKED_IN, actor=door, at=any_cast.at)
    held = queries.current_outcomes(contest.id)
    assert {k: v.kind for k, v in held.items()} == {first.id: CHECKED_IN, second.id: CHECKED_IN}
    assert third.id not in held
    # The clock stood still, the facts are in order all the same.
    assert [f.kind for f in queries.facts_of(second.id)] == [ABSENT, CLEARED, CHECKED_IN]
    assert [r.act for r in audit.history("entrant", second.id)] == ["arena.checked_in", "arena.cleared", "arena.absent"]


def test_the_door_makes_and_lifts_no_ruling(any_cast: Cast, contest: Contest, door: Actor, chief: Actor) -> None:
    entrant = entrants(contest)[0]
    with pytest.raises(Forbidden):
        arena.check_in(entrant.id, WITHDRAWN, actor=door, at=any_cast.at)
    arena.record_outcome(entrant.id, DISQUALIFIED, "冒名顶替", actor=chief, at=any_cast.at)
    with pytest.raises(Forbidden):
        arena.check_in(entrant.id, CLEARED, actor=door, at=any_cast.at)
    assert queries.current_outcomes(contest.id)[entrant.id].reason == "冒名顶替"


def test_rulings_need_a_reason_and_are_lifted_to_what_held(any_cast: Cast, contest: Contest, door: Actor, chief: Actor) -> None:
    entrant = entrants(contest)[0]
    arena.check_in(entrant.id, CHECKED_IN, actor=door, at=any_cast.at)
    with pytest.raises(RuleBroken) as refused:
        arena.record_outcome(entrant.id, RESULT_CANCELLED, "", actor=chief, at=any_cast.at)
    assert refused.value.code == "reason_required"
    later = any_cast.at + timedelta(hours=2)
    arena.record_outcome(entrant.id, RESULT_CANCELLED, "试卷上有标记", actor=chief, at=later)
    with pytest.raises(RuleBroken) as refused:
        arena.record_outcome(entrant.id, CLEARED, "申诉成立", actor=chief, at=later)
    assert refused.value.code == "wrong_order"
    arena.record_outcome(entrant.id, CHECKED_IN, "申诉成立", actor=chief, at=later)
    assert queries.current_outcomes(contest.id)[entrant.id].kind == CHECKED_IN
    # The day on which somebody came does not move.
    assert [p.at for p in queries.present_entrants(contest.id)] == [any_cast.at]


def test_who_is_concerned_is_told(any_cast: Cast, contest: Contest, chief: Actor) -> None:
    entrant = entrants(contest)[0]
    account = any_cast.account("contestant")
    with atomic() as session:
        session.get(type(entrant.entry), entrant.entry_id).account_id = account.id  # type: ignore[arg-type,union-attr]
        audit.record("test.account", actor=chief, subject=("entry", entrant.entry_id), at=any_cast.at)
    arena.record_outcome(entrant.id, WITHDRAWN, "本人书面提出", actor=chief, at=any_cast.at)
    message = db.session.scalars(select(Message).where(Message.account_id == account.id)).one()
    assert "弃权" in message.title
    assert "本人书面提出" in message.body


def test_reasons_enter_the_chain_as_commitments(any_cast: Cast, contest: Contest, chief: Actor) -> None:
    entrant = entrants(contest)[0]
    arena.record_outcome(entrant.id, WITHDRAWN, "因病弃赛", actor=chief, at=any_cast.at)
    assert "因病弃赛" not in audit.history("entrant", entrant.id)[0].line
    assert list(audit.verify()) == []


def test_presence_counts_once_with_the_first_check_in(any_cast: Cast, contest: Contest, door: Actor, chief: Actor) -> None:
    theory, basic = entrants(contest, 0), entrants(contest, 1)
    later = any_cast.at + timedelta(days=1)
    arena.check_in(theory[0].id, CHECKED_IN, actor=door, at=any_cast.at)
    same = next(e for e in basic if e.entry_id == theory[0].entry_id)
    arena.check_in(same.id, CHECKED_IN, actor=door, at=later)
    other = next(e for e in basic if e.entry_id == theory[1].entry_id)
    arena.check_in(other.id, CHECKED_IN, actor=door, at=later)
    arena.record_outcome(other.id, DISQUALIFIED, "作弊", actor=chief, at=later)
    arena.check_in(theory[2].id, ABSENT, actor=door, at=later)
    found = {entry.id: at for entry, at in queries.present_entries(contest.id)}
    assert found == {theory[0].entry_id: any_cast.at, other.entry_id: later}
    assert len(queries.present_entrants(contest.id)) == 3


def test_a_team_is_present_with_its_members(any_cast: Cast) -> None:
    contest = make_contest(any_cast, open=False, events=("bowl",))
    with atomic():
        contest.events[0].entrant_kind = "team"
        audit.record("test.team", actor=any_cast.actor("organizer"), subject=("contest", contest.id), at=any_cast.at)
    make_field(any_cast, contest, persons=4, delegations=1, per_team=2)
    draw_contest(any_cast, contest)
    assert check_in_all(any_cast, contest) == 2
    assert len(queries.present_entries(contest.id)) == 4


def test_the_rest_of_a_batch_is_absent(any_cast: Cast, contest: Contest, door: Actor, chief: Actor) -> None:
    round_ = rounds_of(contest.id)[1]
    batch = queries.placed(round_.id, batch=1)
    arena.check_in(batch[0].entrant.id, CHECKED_IN, actor=door, at=any_cast.at)
    arena.record_outcome(batch[1].entrant.id, WITHDRAWN, "受伤", actor=chief, at=any_cast.at)
    assert arena.mark_absent(round_.id, 1, actor=door, at=any_cast.at) == len(batch) - 2
    kinds = {e: o.kind for e, o in queries.current_outcomes(contest.id, round_.event_id).items()}
    assert sorted(kinds.values()) == sorted([CHECKED_IN, WITHDRAWN, *[ABSENT] * (len(batch) - 2)])
    assert arena.mark_absent(round_.id, 1, actor=door, at=any_cast.at) == 0
    assert set(kinds) == {p.entrant.id for p in batch}


def test_a_locked_round_is_closed_for_the_door_not_for_rulings(
    any_cast: Cast, contest: Contest, door: Actor, chief: Actor, rounds: Rounds,
) -> None:
    round_, (first, second) = rounds_of(contest.id)[1], entrants(contest)[:2]
    arena.check_in(first.id, CHECKED_IN, actor=door, at=any_cast.at)
    rounds.locked_ids.add(round_.id)
    for verb in (lambda: arena.check_in(second.id, CHECKED_IN, actor=door, at=any_cast.at),
                 lambda: arena.record_outcome(first.id, CLEARED, "误点", actor=chief, at=any_cast.at),
                 lambda: arena.mark_absent(round_.id, None, actor=door, at=any_cast.at)):
        with pytest.raises(RuleBroken) as refused:
            verb()
        assert refused.value.code == "round_locked"
    arena.record_outcome(first.id, RESULT_CANCELLED, "复核发现违规", actor=chief, at=any_cast.at)
    assert queries.current_outcomes(contest.id)[first.id].kind == RESULT_CANCELLED


def test_a_halted_contest_takes_no_check_in(any_cast: Cast, contest: Contest, door: Actor) -> None:
    contests.postpone(contest.id, reason="暴雪", actor=any_cast.actor("organizer"), at=any_cast.at)
    with pytest.raises(RuleBroken) as refused:
        arena.check_in(entrants(contest)[0].id, CHECKED_IN, actor=door, at=any_cast.at)
    assert refused.value.code == "contest_halted"


def test_nobody_is_not_checked_in(any_cast: Cast, door: Actor) -> None:
    with pytest.raises(NotFound):
        arena.check_in(uuid.uuid4(), CHECKED_IN, actor=door, at=any_cast.at)


def test_two_doors_at_once_record_one_fact(any_app: Flask, any_cast: Cast, contest: Contest, door: Actor) -> None:
    entrant_id, start, answers = entrants(contest)[0].id, threading.Barrier(2), []

    def tap(kind: str) -> None:
        with any_app.app_context():
            start.wait()
            try:
                answers.append(arena.check_in(entrant_id, kind, actor=door, at=any_cast.at).kind)
            except RuleBroken as refused:
                answers.append(refused.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=tap, args=(kind,)) for kind in (CHECKED_IN, CHECKED_IN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    db.session.remove()
    assert sorted(answers) == [CHECKED_IN, "already_recorded"]
    assert [f.kind for f in queries.facts_of(entrant_id)] == [CHECKED_IN]


def test_judging_is_told_of_a_work_and_of_no_name(any_cast: Cast, contest: Contest, door: Actor, rounds: Rounds) -> None:
    round_, entrant = rounds_of(contest.id)[1], entrants(contest)[0]
    arena.check_in(entrant.id, CHECKED_IN, actor=door, at=any_cast.at)
    assert rounds.touched == [], "who came is nothing new"
    arena.check_in(entrant.id, CLEARED, actor=door, at=any_cast.at)
    arena.check_in(entrant.id, ABSENT, actor=door, at=any_cast.at)
    assert rounds.touched == [round_.id]
    works = {w.id: w for w in list_works(round_.id)}
    behind = next(work_id for work_id, who in queries.decoded(round_.event_id).items() if who.id == entrant.id)
    assert {work_id: work.away for work_id, work in works.items() if work.away} == {behind: ABSENT}
    arena.check_in(entrant.id, CLEARED, actor=door, at=any_cast.at)
    assert works[behind].away is None


def test_a_round_locked_meanwhile_refuses_the_door(
    any_cast: Cast, contest: Contest, door: Actor, rounds: Rounds, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The lock comes between the first question and the hold: asked again under the hold, the door is refused."""
    round_, entrant = rounds_of(contest.id)[1], entrants(contest)[0]
    gate = gates.RoundGate(rounds.gate.begun, rounds.gate.locked, rounds.locked_ids.update)
    monkeypatch.setattr(gates, "_gates", [gate])
    for verb in (lambda: arena.check_in(entrant.id, ABSENT, actor=door, at=any_cast.at),
                 lambda: arena.mark_absent(round_.id, None, actor=door, at=any_cast.at)):
        with pytest.raises(RuleBroken) as refused:
            verb()
        assert refused.value.code == "round_locked"
        rounds.locked_ids.clear()
    assert queries.current_outcomes(contest.id) == {}
