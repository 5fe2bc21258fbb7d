"""Who is absent is not judged, by the door's word alone: no excusal by hand, no name, and back when he comes after all."""

import threading

import pytest
from flask import Flask

from competition.arena import queries as arena_queries
from competition.arena import service as arena
from competition.arena.rules import ABSENT, CHECKED_IN, CLEARED, DISQUALIFIED, WITHDRAWN
from competition.arena.work_queries import get_work
from competition.arena.works import Work
from competition.contests.models import Contest, Round
from competition.contests.queries import rounds_of
from competition.core.actors import SYSTEM
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.judging import queries, service
from competition.judging.queries_board import board
from competition.judging.queries_poll import board_tag
from competition.judging.queries_tablet import pack, rounds_now
from competition.results import gathering
from tests.builders import draw_contest, make_contest, make_field
from tests.cast import Cast
from tests.judges import Judge, criteria_of, fill_figures, make_panel, round_of, sit_down, whole_marks


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    made = make_contest(any_cast, phase="running", open=False, events=("theory", "broth"))
    db.session.refresh(made, ["events"])
    make_field(any_cast, made, persons=3)
    draw_contest(any_cast, made)
    return made


@pytest.fixture
def broth(contest: Contest, any_cast: Cast) -> Round:
    found = round_of(contest, "broth")
    make_panel(found, 3, at=any_cast.at)
    service.open_round(found.id, actor=SYSTEM, at=any_cast.at)
    return found


def people(round_: Round) -> list[tuple[Work, object]]:
    """Works with who is behind them, as only the arena knows."""
    behind = arena_queries.decoded(round_.event_id)
    return sorted(((get_work(work_id), entrant.id) for work_id, entrant in behind.items()), key=lambda pair: pair[0].position)


def record(round_: Round, at_place: int, kind: str, cast: Cast, reason: str = "测试") -> Work:
    work, entrant_id = people(round_)[at_place]
    arena.record_outcome(entrant_id, kind, reason, actor=SYSTEM, at=cast.at)  # type: ignore[arg-type]
    db.session.refresh(work)
    return work


def tablet(round_: Round, cast: Cast, seat: int = 0) -> Judge:
    return sit_down(queries.seats_of_round(round_.id)[seat], at=cast.at)


def mark_all(round_: Round, cast: Cast) -> None:
    """Every seat marks every work at whose station somebody stands, every figure of theirs is written."""
    for number in range(3):
        judge = tablet(round_, cast, number)
        for work, _entrant in people(round_):
            if work.away is None:
                judge.mark(work, {c.key: whole_marks(judge.seat, work, c) for c in criteria_of(round_)})
    for work, _entrant in people(round_):
        if work.away is None:
            service.record_figure(work.id, "time_s", "25:00", source="timed", actor=SYSTEM, at=cast.at)


def test_the_absent_are_missed_by_nobody(broth: Round, any_cast: Cast) -> None:
    judge = tablet(broth, any_cast)
    tag, before = board_tag(broth.contest_id, broth.id, any_cast.at), rounds_now(judge.device, {broth.id: -1})[0]
    work = record(broth, 1, ABSENT, any_cast)
    assert work.away == ABSENT
    now = board(broth.id)
    assert [c.state for c in now.works[1].cells] == ["absent"] * 3
    assert (now.needed, now.works[1].is_excused) == (6, True)
    assert not any(m.work == work.code for m in now.missing)
    assert board_tag(broth.contest_id, broth.id, any_cast.at) != tag
    after = rounds_now(judge.device, {broth.id: before.version})[0]
    assert after.works_tag not in ("", before.works_tag), "tablets fetch their works anew"
    told = pack(judge.device, any_cast.at).rounds[0].works
    assert [w.away for w in told] == [None, ABSENT, None]
    answer = judge.send(judge.event(work, criterion="taste", value="30")).answers[0]
    assert (answer.result, answer.code) == ("refused", "work.away")
    assert queries.progress_of([broth.id])[broth.id].needed == 6
    mark_all(broth, any_cast)
    assert service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=any_cast.at).state == "locked"
    assert queries.excusals_of_round(broth.id) == []


def test_results_treat_them_as_the_rules_say(broth: Round, contest: Contest, any_cast: Cast) -> None:
    absent, gone = record(broth, 0, ABSENT, any_cast), record(broth, 1, WITHDRAWN, any_cast)
    mark_all(broth, any_cast)
    service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=any_cast.at)
    computed = gathering.compute(contest.id, events=["broth"])
    status = {row.entry: row.status for row in computed.rows("event:broth")}
    assert (status[absent.code], status[gone.code]) == ("ABSENT", "WITHDRAWN")
    assert sorted(status.values()) == ["ABSENT", "OK", "WITHDRAWN"]
    assert [p for p in computed.problems(["event:broth"]) if p.blocking] == []


def test_who_comes_late_is_judged_again(broth: Round, any_cast: Cast) -> None:
    judge = tablet(broth, any_cast)
    record(broth, 0, ABSENT, any_cast)
    record(broth, 0, CLEARED, any_cast)
    work = record(broth, 0, CHECKED_IN, any_cast)
    assert work.away is None
    assert [c.state for c in board(broth.id).works[0].cells] == ["none"] * 3
    assert judge.send(judge.event(work, criterion="taste", value="30")).answers[0].result == "accepted"


def test_closing_the_door_tells_judging_of_all_at_once(broth: Round, any_cast: Cast) -> None:
    record(broth, 2, CHECKED_IN, any_cast)
    before = queries.round_state(broth.id).version
    assert arena.mark_absent(broth.id, None, actor=SYSTEM, at=any_cast.at) == 2
    assert [work.away for work, _entrant in people(broth)] == [ABSENT, ABSENT, None]
    assert queries.round_state(broth.id).version == before + 1
    assert arena.mark_absent(broth.id, None, actor=SYSTEM, at=any_cast.at) == 0
    assert queries.round_state(broth.id).version == before + 1, "nothing new to tell"


def test_what_was_handed_in_stays_and_what_was_begun_is_waited_for_no_more(broth: Round, any_cast: Cast) -> None:
    first, second = tablet(broth, any_cast, 0), tablet(broth, any_cast, 1)
    work = people(broth)[0][0]
    record(broth, 0, CHECKED_IN, any_cast)
    first.mark(work, {c.key: whole_marks(first.seat, work, c) for c in criteria_of(broth)})
    second.send(second.event(work, criterion="taste", value="30"))
    record(broth, 0, WITHDRAWN, any_cast)
    assert [c.state for c in board(broth.id).works[0].cells] == ["handed_in", "withdrawn", "withdrawn"]
    assert not any(m.work == work.code for m in board(broth.id).missing)


def test_a_ruling_against_somebody_who_came_tells_judges_nothing(broth: Round, any_cast: Cast) -> None:
    """Rulings are made by number: were the work marked, the chief judge would learn whose it is."""
    record(broth, 0, CHECKED_IN, any_cast)
    before = board_tag(broth.contest_id, broth.id, any_cast.at)
    assert record(broth, 0, DISQUALIFIED, any_cast).away is None
    assert board_tag(broth.contest_id, broth.id, any_cast.at) == before
    assert record(broth, 1, DISQUALIFIED, any_cast).away == ABSENT, "nobody came to this station"


def test_who_is_absent_before_the_draw_is_absent_after_it(any_cast: Cast) -> None:
    made = make_contest(any_cast, phase="running", open=False, events=("broth",))
    make_field(any_cast, made, persons=2)
    draw_contest(any_cast, made)
    round_ = rounds_of(made.id)[0]
    record(round_, 0, ABSENT, any_cast)
    arena.redraw(round_.id, reason="测试：重抽", actor=SYSTEM, at=any_cast.at)
    assert sorted(w.away or "" for w, _entrant in people(round_)) == ["", ABSENT]


def test_by_hand_is_still_possible_for_other_reasons(broth: Round, any_cast: Cast) -> None:
    work = record(broth, 0, ABSENT, any_cast)
    service.excuse(broth.id, seat_id=None, work_id=work.id, reason="测试：该工位选手缺考", actor=SYSTEM, at=any_cast.at)
    assert [c.state for c in board(broth.id).works[0].cells] == ["absent"] * 3
    seat = queries.seats_of_round(broth.id)[0]
    service.excuse(broth.id, seat_id=seat.id, work_id=people(broth)[1][0].id, reason="测试：回避", actor=SYSTEM, at=any_cast.at)
    assert [c.state for c in board(broth.id).works[1].cells] == ["excused", "none", "none"]


def test_a_begun_sheet_that_is_excused_does_not_hold_the_round(broth: Round, any_cast: Cast) -> None:
    judge, work = tablet(broth, any_cast), people(broth)[0][0]
    judge.send(judge.event(work, criterion="taste", value="30"))
    service.excuse(broth.id, seat_id=judge.seat.id, work_id=work.id, reason="测试：回避", actor=SYSTEM, at=any_cast.at)
    assert board(broth.id).works[0].cells[0].state == "excused"


def test_theory_of_the_absent_is_not_waited_for(contest: Contest, any_cast: Cast) -> None:
    theory = round_of(contest, "theory")
    service.open_round(theory.id, actor=SYSTEM, at=any_cast.at)
    work = record(theory, 0, ABSENT, any_cast)
    assert [m.work for m in board(theory.id).missing] == [w.code for w, _entrant in people(theory) if w.id != work.id]


def test_after_the_lock_the_door_changes_nothing(broth: Round, any_cast: Cast) -> None:
    for place in range(3):
        record(broth, place, CHECKED_IN, any_cast)
    mark_all(broth, any_cast)
    service.lock_round(broth.id, confirm_name=broth.name, actor=SYSTEM, at=any_cast.at)
    entrant_id = people(broth)[0][1]
    with pytest.raises(RuleBroken) as error:
        arena.check_in(entrant_id, CLEARED, actor=SYSTEM, at=any_cast.at)  # type: ignore[arg-type]
    assert error.value.code == "round_locked"
    assert record(broth, 0, WITHDRAWN, any_cast).away == WITHDRAWN
    assert board(broth.id).works[0].cells[0].state == "locked"


def test_two_doors_do_not_pass_each_other(any_app: Flask, broth: Round, any_cast: Cast) -> None:
    """One taps 已检录 while another closes the door: whoever came is never made absent, whatever the order."""
    round_id, entrants = broth.id, [entrant_id for _work, entrant_id in people(broth)]
    db.session.remove()
    failures: list[BaseException] = []

    def tap() -> None:
        with any_app.app_context():
            for entrant_id in entrants:
                try:
                    arena.check_in(entrant_id, CHECKED_IN, actor=SYSTEM, at=any_cast.at)  # type: ignore[arg-type]
                except RuleBroken:
                    pass
                except BaseException as error:
                    failures.append(error)

    def close() -> None:
        try:
            with any_app.app_context():
                arena.mark_absent(round_id, None, actor=SYSTEM, at=any_cast.at)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for run in (tap, close)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    held = {o.entrant_id: [f.kind for f in arena_queries.facts_of(o.entrant_id)]
            for o in arena_queries.current_outcomes(db.session.get_one(Round, round_id).contest_id).values()}
    assert all(len(kinds) == 1 for kinds in held.values())
    away = {entrant_id: work.away for work, entrant_id in people(db.session.get_one(Round, round_id))}
    assert {e: kinds == [ABSENT] for e, kinds in held.items()} == {e: word == ABSENT for e, word in away.items()}


def test_figures_are_not_needed_either(broth: Round, any_cast: Cast) -> None:
    work = record(broth, 0, ABSENT, any_cast)
    fill_figures(broth, at=any_cast.at)
    assert not any(m.work == work.code for m in board(broth.id).missing)
