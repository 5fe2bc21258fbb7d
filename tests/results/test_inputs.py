"""What an act stands on is computed before the lock: any change in between is noticed, work elsewhere is none."""

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from competition.contests.models import Contest
from competition.contests.queries import rounds_of
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db, prepared
from competition.core.errors import Moved, RuleBroken
from competition.judging import service as judging
from competition.results import queries, service
from competition.results.inputs import InputsMark, check_mark, settle, take_mark
from tests.builders import judged_contest, open_codes, publish_all
from tests.cast import Cast
from tests.judges import fill_figures, round_of, whole_marks
from tests.results.input_changes import CHANGES, ELSEWHERE, NOT_OWN, OTHER, OWN, tie_decided
from tests.results.test_rights import every_tie
from tests.results.test_service import Cast_actor, ask, correct_theory, unlock


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    """Three contestants, all equal, judged and locked, codes closed."""
    return judged_contest(any_cast, 3, events=("theory", OWN, OTHER), twist=every_tie, marking=whole_marks)


def own_mark(contest: Contest) -> tuple[InputsMark, list[uuid.UUID]]:
    db.session.rollback()
    return take_mark(contest.id), [event.id for event in contest.events if event.key == OWN]


def holds(mark: InputsMark, events: list[uuid.UUID]) -> bool:
    try:
        with atomic():
            check_mark(mark, events)
    except Moved:
        return False
    return True


def test_every_change_of_an_input_is_noticed(any_cast: Cast, contest: Contest) -> None:
    for name, change in CHANGES:
        mark, events = own_mark(contest)
        assert holds(mark, events), name
        change(any_cast, contest)
        assert holds(mark, events) == (name in NOT_OWN), name


def test_work_on_another_event_is_none(any_cast: Cast, contest: Contest) -> None:
    other = next(event.id for event in contest.events if event.key == OTHER)
    for name, change in ELSEWHERE:
        mark, events = own_mark(contest)
        change(any_cast, contest)
        assert take_mark(contest.id).seq > mark.seq, name
        assert holds(mark, events), name
        assert not holds(mark, [other]), name


def test_a_request_of_two_people_changes_nothing_by_itself(any_cast: Cast, contest: Contest) -> None:
    mark, events = own_mark(contest)
    asked = judging.ask_unlock(round_of(contest, OWN).id, reason="更正", actor=Cast_actor(1), at=any_cast.at)
    approvals.withdraw(asked.id, actor=Cast_actor(1), at=any_cast.at)
    assert take_mark(contest.id).seq > mark.seq
    assert holds(mark, events)


def test_an_act_that_nobody_has_thought_of_counts(any_cast: Cast, contest: Contest) -> None:
    mark, events = own_mark(contest)
    other = next(event.id for event in contest.events if event.key == OTHER)
    strange = (("strange.act", "event", other), ("judging.strange", "strange", other), ("arena.gone", "entrant", uuid.uuid4()))
    for act, kind, key in strange:
        with atomic():
            audit.record(act, actor=SYSTEM, subject=(kind, key), at=any_cast.at, chain=contest.id)
        assert not holds(mark, events), act
        mark, events = own_mark(contest)


def test_figures_of_one_event_do_not_depend_on_the_others(any_cast: Cast, contest: Contest) -> None:
    """Why work elsewhere may be passed over: the same figures with and without it."""
    def own() -> list[Any]:
        db.session.rollback()
        computed = settle(take_mark(contest.id), [f"event:{OWN}"], to_publish=True).computed
        assert set(computed.sides) == {OWN}
        return [computed.rows(f"event:{OWN}"), computed.sides[OWN], computed.problems([f"event:{OWN}"])]

    before = own()
    for _name, change in ELSEWHERE:
        change(any_cast, contest)
    assert own() == before


# ---- the whole way: another act gets in between ----------------------------------------------------


def between(app: Flask, act: Callable[[], object], change: Callable[[], object]) -> list[str]:
    """``act`` in a thread of its own, stopped at the lock while ``change`` is made; the code of its refusal, if any."""
    refused: list[str] = []

    def run() -> None:
        with app.app_context():
            try:
                act()
            except RuleBroken as error:
                refused.append(error.code)
            finally:
                db.session.remove()

    thread = threading.Thread(target=run)
    with atomic() as session:
        change()
        session.flush()
        thread.start()
        time.sleep(1.5)
        assert thread.is_alive()
    thread.join(30)
    assert not thread.is_alive()
    return refused


def test_what_came_in_between_is_computed_anew(any_app: Flask, any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 3, events=("theory", "basic"))
    open_codes(any_cast, contest)
    asked, second = ask(any_cast, contest, "event:theory").id, any_cast.actor("supervisor")
    contest_id, at = contest.id, any_cast.at

    def approve() -> object:
        return approvals.decide(asked, approve=True, actor=second, at=at)

    refused = between(any_app, approve, lambda: correct_theory(contest, 1, "12"))
    assert refused == ["results_moved"]
    db.session.rollback()
    assert queries.publications_of(contest_id) == []


def test_what_came_in_between_elsewhere_does_not_matter(any_app: Flask, any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 3, events=("theory", "basic"))
    open_codes(any_cast, contest)
    unlock(contest, "basic")
    asked, second = ask(any_cast, contest, "event:theory").id, any_cast.actor("supervisor")
    contest_id, at, round_ = contest.id, any_cast.at, round_of(contest, "basic")

    def approve() -> object:
        return approvals.decide(asked, approve=True, actor=second, at=at)

    assert between(any_app, approve, lambda: fill_figures(round_, at=at)) == []
    db.session.rollback()
    assert [p.scope for p in queries.publications_of(contest_id)] == ["event:theory"]


def test_a_publication_quotes_the_head_that_it_was_computed_from(any_cast: Cast, contest: Contest) -> None:
    head = 0
    for question in service.questions(service.compute(contest.id)):
        tie_decided(question.scope.partition(":")[2])(any_cast, contest)
    open_codes(any_cast, contest)
    for question in service.questions(service.compute(contest.id)):
        if question.decided is None:
            service.decide_tie(contest.id, question.key, question.ids, "抽签", actor=any_cast.actor("chief_judge"), at=any_cast.at)
    publish_all(any_cast, contest)
    rows = {row.digest: row for row in audit.history("contest", contest.id, limit=1000)}
    for publication in queries.publications_of(contest.id):
        head = rows[publication.inputs_digest].seq
        assert rows[publication.inputs_digest].act == "approval.ask"
    assert head > 0
    assert list(audit.verify()) == []
    assert len(rounds_of(contest.id)) == 3


# ---- the mechanism --------------------------------------------------------------------------------


def test_an_act_is_prepared_anew_a_few_times_and_then_refused(any_cast: Cast) -> None:
    prepared_times: list[bool] = []

    def prepare() -> Callable[[], str]:
        prepared_times.append(bool(db.session.info.get("atomic")))

        def act() -> str:
            assert db.session.info["atomic"]
            if len(prepared_times) < wanted:
                raise Moved("有变化")
            return "done"

        return act

    wanted = 3
    assert prepared(prepare) == "done"
    assert prepared_times == [False] * 3
    prepared_times.clear()
    wanted = 100
    with pytest.raises(Moved) as caught:
        prepared(prepare)
    assert (caught.value.status, caught.value.code, len(prepared_times)) == (409, "moved", 4)
    prepared_times.clear()
    wanted = 0
    with atomic():
        assert prepared(prepare) == "done"
    assert prepared_times == [True]


def test_an_act_that_moved_leaves_nothing(any_cast: Cast, contest: Contest) -> None:
    count = take_mark(contest.id).seq

    def prepare() -> Callable[[], None]:
        def act() -> None:
            audit.record("test.act", actor=SYSTEM, subject=("contest", contest.id), at=any_cast.at, chain=contest.id)
            db.session.flush()
            raise Moved("有变化")

        return act

    with pytest.raises(Moved):
        prepared(prepare)
    db.session.rollback()
    assert take_mark(contest.id).seq == count


def test_a_kind_must_carry_something_out(any_app: Flask) -> None:
    kind = approvals.Kind("test.nothing", "测试", "results.approve", str)
    with pytest.raises(ValueError, match="carries nothing out"):
        kind.prepared(approvals.Approval())
