"""Drawing lots on both databases: once, on record, repeatable by anybody, blind."""

import threading
import uuid
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from competition.arena import queries, rules_codes, rules_draw, work_queries
from competition.arena import service as arena
from competition.arena.models import Code, Draw
from competition.arena.rules_draw import Lot
from competition.arena.service_draw import field_digest
from competition.arena.works import Work
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.contests.queries import rounds_of
from competition.core import audit
from competition.core.database import atomic, db
from competition.core.errors import NotFound, RuleBroken
from competition.registration.models import Entrant, Entry
from competition.registration.queries import approved_entrants
from tests.arena.conftest import Rounds
from tests.builders import approved_entries, make_contest, make_field
from tests.cast import Cast

SEED = "5e" * 32


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    made = make_contest(any_cast, open=False, events=("theory", "basic"))
    make_field(any_cast, made, persons=10, delegations=3)
    return made


def round_id(contest: Contest, position: int = 1) -> uuid.UUID:
    return rounds_of(contest.id)[position].id


def works(round_id: uuid.UUID) -> list[Work]:
    return work_queries.list_works(round_id)


def test_everybody_gets_number_place_and_code(any_cast: Cast, contest: Contest) -> None:
    draw = arena.draw_round(round_id(contest), actor=any_cast.actor("coding_judge", "contest", contest.id), at=any_cast.at)
    numbers = db.session.scalars(select(Entry.number).where(Entry.contest_id == contest.id).order_by(Entry.number)).all()
    assert numbers == [f"{n:04d}" for n in range(1, 11)]
    found = works(draw.round_id)
    assert [w.position for w in found] == list(range(1, 11))
    assert draw.summary["batches"] == [sum(w.batch == b for w in found) for b in (1, 2, 3)]
    assert sorted(draw.summary["batches"]) == [3, 3, 4]
    assert all(rules_codes.is_code(w.code) for w in found)
    decoded = queries.decoded(found[0].event_id)
    assert {w.id for w in found} == set(decoded)
    assert {e.id for e in decoded.values()} == {e.id for e in approved_entrants(found[0].event_id)}
    assert len(draw.seed) == 64
    assert draw.seed != arena.draw_round(round_id(contest, 0), actor=any_cast.actor("organizer"), at=any_cast.at).seed


def test_the_record_is_enough_to_repeat_it(any_cast: Cast, contest: Contest) -> None:
    draw = arena.draw_round(round_id(contest), actor=any_cast.actor("organizer"), at=any_cast.at, seed=SEED)
    lots = [Lot(key, group) for key, group in draw.summary["lots"]]
    places = rules_draw.draw(lots, draw.seed, draw.summary["capacity"])
    assert rules_draw.digest(rules_draw.input_text(lots)) == draw.input_digest
    assert rules_draw.result_digest(places, draw.seed) == draw.result_digest
    placed = [(p.entrant.entry.number, p.batch, p.station) for p in queries.placed(draw.round_id) if p.entrant.entry]
    assert placed == [(p.key, p.batch, p.station) for p in places]


def test_codes_do_not_follow_from_the_seed(any_cast: Cast, contest: Contest) -> None:
    actor = any_cast.actor("organizer")
    draw = arena.draw_round(round_id(contest), actor=actor, at=any_cast.at, seed=SEED)
    first = [w.code for w in works(draw.round_id)]
    again = arena.redraw(draw.round_id, reason="演练后重抽", actor=actor, at=any_cast.at, seed=SEED)
    assert again.result_digest == draw.result_digest
    assert not set(first) & {w.code for w in works(draw.round_id)}


def test_the_audit_row_commits_to_the_seed_and_does_not_tell_it(any_cast: Cast, contest: Contest) -> None:
    draw = arena.draw_round(round_id(contest), actor=any_cast.actor("organizer"), at=any_cast.at)
    row = audit.history("round", draw.round_id)[0]
    assert row.act == "arena.draw"
    assert row.details["seed"] == rules_draw.digest(draw.seed)
    assert draw.seed not in row.line
    assert row.details["result"] == draw.result_digest
    assert list(audit.verify()) == []


def test_a_second_draw_needs_a_reason_and_keeps_the_first(any_cast: Cast, contest: Contest) -> None:
    actor, wanted = any_cast.actor("coding_judge", "contest", contest.id), round_id(contest)
    old = arena.draw_round(wanted, actor=actor, at=any_cast.at)
    with pytest.raises(RuleBroken) as refused:
        arena.draw_round(wanted, actor=actor, at=any_cast.at)
    assert refused.value.code == "already_drawn"
    with pytest.raises(RuleBroken) as refused:
        arena.redraw(wanted, reason=" ", actor=actor, at=any_cast.at)
    assert refused.value.code == "reason_required"
    new = arena.redraw(wanted, reason="名单有误，补入一人", actor=actor, at=any_cast.at)
    kept = {d.id: d for d in queries.draws_of(contest.id)}
    assert kept[old.id].void_reason == "名单有误，补入一人"
    assert queries.live_draw(wanted) is kept[new.id]
    assert db.session.scalars(select(Code.draw_id).where(Code.event_id == new.round.event_id)).unique().all() == [new.id]


def test_no_second_draw_once_judging_has_begun(any_cast: Cast, contest: Contest, rounds: Rounds) -> None:
    actor, wanted = any_cast.actor("organizer"), round_id(contest)
    draw = arena.draw_round(wanted, actor=actor, at=any_cast.at)
    before = [w.id for w in works(wanted)]
    rounds.begun_ids.add(wanted)
    with pytest.raises(RuleBroken) as refused:
        arena.redraw(wanted, reason="想再抽一次", actor=actor, at=any_cast.at)
    assert refused.value.code == "judging_begun"
    assert [w.id for w in works(wanted)] == before
    assert queries.live_draw(wanted) == draw


@pytest.mark.parametrize("case", ["draft", "halted", "nobody", "stale", "redraw_first"])
def test_refusals(any_cast: Cast, case: str) -> None:
    actor = any_cast.actor("organizer")
    contest = make_contest(any_cast, open=False, events=("basic",), phase="draft" if case == "draft" else "announced")
    if case != "nobody":
        make_field(any_cast, contest, persons=3)
    if case == "halted":
        contests.stop(contest.id, reason="场地停电", actor=actor, at=any_cast.at)
    wanted = round_id(contest, 0)
    expected = {"draft": "contest_draft", "halted": "contest_halted", "nobody": "nobody_to_draw", "stale": "stale",
                "redraw_first": "not_drawn"}[case]
    verb = partial(arena.redraw, reason="理由") if case == "redraw_first" else arena.draw_round
    with pytest.raises(RuleBroken) as refused:
        verb(wanted, actor=actor, at=any_cast.at, expected="0" * 16 if case == "stale" else None)
    assert refused.value.code == expected
    assert queries.live_draw(wanted) is None
    assert works(wanted) == []


def test_the_field_that_was_shown_is_the_field_that_is_drawn(any_cast: Cast, contest: Contest) -> None:
    wanted = round_id(contest)
    shown = field_digest(approved_entrants(rounds_of(contest.id)[1].event_id))
    assert arena.draw_round(wanted, actor=any_cast.actor("organizer"), at=any_cast.at, expected=shown).round_id == wanted


def test_team_events_are_drawn_by_team(any_cast: Cast) -> None:
    contest = make_contest(any_cast, open=False, events=("bowl",))
    with atomic() as session:
        contest.events[0].entrant_kind = "team"
        audit.record("test.team", actor=any_cast.actor("organizer"), subject=("contest", contest.id), at=any_cast.at)
        session.flush()
    make_field(any_cast, contest, persons=8, delegations=2, per_team=2)
    draw = arena.draw_round(round_id(contest, 0), actor=any_cast.actor("organizer"), at=any_cast.at)
    assert [key for key, _group in draw.summary["lots"]] == ["第1代表团1队", "第1代表团2队", "第2代表团1队", "第2代表团2队"]
    entrants = list(queries.decoded(contest.events[0].id, members=True).values())
    assert all(isinstance(e, Entrant) and e.team is not None and len(e.team.entries) == 2 for e in entrants)


def test_codes_are_read_as_they_are_typed(any_cast: Cast, contest: Contest) -> None:
    draw = arena.draw_round(round_id(contest), actor=any_cast.actor("organizer"), at=any_cast.at)
    work = works(draw.round_id)[0]
    typed = work.code.lower().replace("2", "z").replace("5", "s").replace("8", "b")
    assert rules_codes.read_code(f" {typed[:3]}-{typed[3:]} ") == work.code
    assert work_queries.get_work(work.id).round.id == draw.round_id
    with pytest.raises(NotFound):
        work_queries.get_work(uuid.uuid4())


def test_two_people_press_at_once_and_one_draws(any_app: Flask, any_cast: Cast, contest: Contest) -> None:
    wanted, actor = round_id(contest), any_cast.actor("organizer")
    start, answers = threading.Barrier(2), []

    def press() -> None:
        with any_app.app_context():
            start.wait()
            try:
                answers.append(str(arena.draw_round(wanted, actor=actor, at=any_cast.at).id))
            except RuleBroken as refused:
                answers.append(refused.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    db.session.remove()
    kept = db.session.scalars(select(Draw).where(Draw.round_id == wanted)).one()
    assert sorted(answers) == sorted(["already_drawn", str(kept.id)])
    assert len(works(wanted)) == 10
    assert list(audit.verify()) == []


def test_who_comes_from_one_union_is_spread_together_where_nobody_made_delegations(any_cast: Cast) -> None:
    contest = make_contest(any_cast, events=("broth",))
    approved_entries(any_cast, contest, 3)
    approved_entries(any_cast, contest, 2, union=any_cast.other_county)
    (round_,) = rounds_of(contest.id)
    draw = arena.draw_round(round_.id, actor=any_cast.actor("coding_judge"), at=any_cast.at)
    groups = [group for _key, group in draw.summary["lots"]]
    assert sorted(groups) == sorted([any_cast.county.name_zh] * 3 + [any_cast.other_county.name_zh] * 2)
