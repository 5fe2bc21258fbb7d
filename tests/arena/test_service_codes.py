"""Codes on both databases: looks are recorded, opening takes two people and a locked round."""

import pytest
from sqlalchemy import select

from competition.arena import queries
from competition.arena import service as arena
from competition.contests.models import Contest, Event
from competition.contests.queries import rounds_of
from competition.core import approvals, audit
from competition.core.database import db
from competition.core.errors import Forbidden, RuleBroken
from tests.arena.conftest import Rounds
from tests.builders import draw_contest, make_contest, make_field
from tests.cast import Cast


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    made = make_contest(any_cast, open=False, events=("theory", "basic"))
    make_field(any_cast, made, persons=5)
    return made


def basic(contest: Contest) -> Event:
    return rounds_of(contest.id)[1].event


def test_every_look_at_the_table_is_on_record(any_cast: Cast, contest: Contest) -> None:
    draw_contest(any_cast, contest)
    round_, actor = rounds_of(contest.id)[1], any_cast.actor("coding_judge", "contest", contest.id)
    rows = arena.read_codes(round_.id, purpose="screen", actor=actor, at=any_cast.at)
    arena.read_codes(round_.id, purpose="labels", actor=actor, at=any_cast.at)
    assert len({r.code for r in rows}) == len(rows) == 5
    looks = [r for r in audit.history("round", round_.id) if r.act == "arena.read_codes"]
    assert [(r.actor_id, r.details["purpose"], r.details["rows"]) for r in looks] == [
        (actor.id, "labels", 5), (actor.id, "screen", 5)]
    assert not any(row.code in look.line for row in rows for look in looks)


def test_opening_takes_two_people_and_a_locked_round(any_cast: Cast, contest: Contest, rounds: Rounds) -> None:
    asker = any_cast.actor("coding_judge", "contest", contest.id)
    supervisor = any_cast.actor("supervisor", "contest", contest.id)
    event = basic(contest)
    with pytest.raises(RuleBroken) as refused:
        arena.ask_open_codes(event.id, "统分复核完毕", actor=asker, at=any_cast.at)
    assert refused.value.code == "not_drawn"
    draw_contest(any_cast, contest)
    with pytest.raises(RuleBroken) as refused:
        arena.ask_open_codes(event.id, "统分复核完毕", actor=asker, at=any_cast.at)
    assert refused.value.code == "round_not_locked"
    rounds.locked_ids.add(rounds_of(contest.id)[1].id)
    asked = arena.ask_open_codes(event.id, "统分复核完毕", actor=asker, at=any_cast.at)
    assert "基本功" in asked.summary
    assert queries.codes_opened(event.id) is None
    with pytest.raises(Forbidden):
        approvals.decide(asked.id, approve=True, actor=asker, at=any_cast.at)
    approvals.decide(asked.id, approve=True, actor=supervisor, at=any_cast.at)
    opening = queries.codes_opened(event.id)
    assert opening is not None
    assert (opening.asked_by, opening.opened_by) == (asker.id, supervisor.id)
    with pytest.raises(RuleBroken) as refused:
        arena.ask_open_codes(event.id, "再来一次", actor=asker, at=any_cast.at)
    assert refused.value.code == "already_opened"
    assert list(audit.verify()) == []


@pytest.mark.parametrize("change", ["unlocked", "refused"])
def test_what_changed_since_the_request_is_asked_again(any_cast: Cast, contest: Contest, rounds: Rounds, change: str) -> None:
    draw_contest(any_cast, contest)
    event, round_id = basic(contest), rounds_of(contest.id)[1].id
    rounds.locked_ids.add(round_id)
    asked = arena.ask_open_codes(event.id, "统分完毕", actor=any_cast.actor("organizer"), at=any_cast.at)
    supervisor = any_cast.actor("supervisor", "contest", contest.id)
    if change == "unlocked":
        rounds.locked_ids.clear()
        with pytest.raises(RuleBroken) as refused:
            approvals.decide(asked.id, approve=True, actor=supervisor, at=any_cast.at)
        assert refused.value.code == "round_not_locked"
        assert db.session.scalars(select(approvals.Approval.state)).one() == "asked"
    else:
        approvals.decide(asked.id, approve=False, actor=supervisor, at=any_cast.at, note="抽检未完成")
    assert queries.codes_opened(event.id) is None


def test_without_judging_nothing_is_locked(any_cast: Cast, contest: Contest, monkeypatch: pytest.MonkeyPatch) -> None:
    draw_contest(any_cast, contest)
    monkeypatch.setattr("competition.arena.gates._gates", [])
    with pytest.raises(RuleBroken) as refused:
        arena.ask_open_codes(basic(contest).id, "理由", actor=any_cast.actor("organizer"), at=any_cast.at)
    assert refused.value.code == "round_not_locked"


def test_opening_is_counted_in_every_round_of_the_event(any_cast: Cast, contest: Contest, rounds: Rounds) -> None:
    """So that a request to unlock from before the opening is refused: judging compares its count."""
    draw_contest(any_cast, contest)
    round_id = rounds_of(contest.id)[1].id
    rounds.locked_ids.add(round_id)
    asked = arena.ask_open_codes(basic(contest).id, "统分完毕", actor=any_cast.actor("organizer"), at=any_cast.at)
    assert rounds.touched == []
    approvals.decide(asked.id, approve=True, actor=any_cast.actor("supervisor", "contest", contest.id), at=any_cast.at)
    assert rounds.touched == [round_id]
