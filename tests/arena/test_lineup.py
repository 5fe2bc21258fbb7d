"""Who of a team goes in: changed until the check-in, never afterwards, and who stood by does not count."""

import uuid

import pytest
from flask.testing import FlaskClient

from competition.arena import queries, service
from competition.arena.models import Code
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.contests.queries import current_rulebook, rounds_of
from competition.core.actors import SYSTEM
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.registration import service as registration
from competition.registration.models import Entrant, Entry, Team
from competition.registration.queries import approved_of, events_of, get_entry
from competition.registration.rules_data import TeamData
from competition.results.queries import uncoded
from tests.builders import approved_entries, make_contest
from tests.cast import Cast


def drawn_team(cast: Cast, *, begun: bool = True) -> tuple[Contest, Entrant, list[Entry]]:
    """A team of two members and a reserve, all of them in the event of persons too; both events are drawn."""
    contest = make_contest(cast, events=("basic", "bowl"))
    _basic, bowl = events_of(contest.id)
    contests.change_event(bowl.id, entrant_kind="team", actor=SYSTEM, at=cast.at)
    contests.set_rulebook(contest.id, {**current_rulebook(contest.id).document, "totals": []}, reason="团体", actor=SYSTEM, at=cast.at)
    team = registration.create_team(contest.id, TeamData("一队", cast.county.id, events=frozenset({bowl.id})), actor=SYSTEM, at=cast.at)
    people = approved_entries(cast, contest, 2, team_id=team.id)
    people += approved_entries(cast, contest, 1, team_id=team.id, team_role="reserve")
    for round_ in rounds_of(contest.id):
        service.draw_round(round_.id, actor=SYSTEM, at=cast.at)
    if begun:
        contests.start(contest.id, actor=SYSTEM, at=cast.at)
    return contest, entrant_of(team), people


def entrant_of(team: Team) -> Entrant:
    return db.session.query(Entrant).filter_by(team_id=team.id).one()


def change(cast: Cast, entrant: Entrant, people: list[Entry], reason: str = "生病") -> None:
    service.change_lineup(entrant.id, [e.id for e in people], reason, actor=SYSTEM, at=cast.at)


def roles(people: list[Entry]) -> list[str]:
    return [get_entry(e.id).team_role for e in people]


def test_a_reserve_goes_in_for_a_member(any_cast: Cast) -> None:
    contest, entrant, people = drawn_team(any_cast)
    first, second, reserve = people
    change(any_cast, entrant, [first, reserve])
    assert roles(people) == ["member", "reserve", "member"]
    service.check_in(entrant.id, "CHECKED_IN", actor=SYSTEM, at=any_cast.at)
    assert {e.id for e, _at in queries.present_entries(contest.id)} == {first.id, reserve.id}
    # Nobody waits for a code: the reserve has no lot in the event of persons, who went out keeps the own one.
    assert uncoded([contest.id]) == {}
    assert get_entry(reserve.id).entrants == []
    coded = {c.entrant.entry_id for c in db.session.query(Code).join(Code.entrant) if c.entrant.entry_id}
    assert coded == {first.id, second.id}


def test_the_exchange_can_be_taken_back(any_cast: Cast) -> None:
    _contest, entrant, people = drawn_team(any_cast)
    change(any_cast, entrant, people[1:])
    change(any_cast, entrant, people[:2], "又能来了")
    assert roles(people) == ["member", "member", "reserve"]


def test_a_team_may_go_in_with_one_fewer(any_cast: Cast) -> None:
    contest, entrant, people = drawn_team(any_cast)
    change(any_cast, entrant, people[:1], "一人未到")
    service.check_in(entrant.id, "CHECKED_IN", actor=SYSTEM, at=any_cast.at)
    assert [e.id for e, _at in queries.present_entries(contest.id)] == [people[0].id]


@pytest.mark.parametrize(("chosen", "reason", "code"), [
    ([0, 1], "生病", "lineup_same"), ([0, 2], "  ", "reason_required"), ([], "生病", "team_short"),
    ([0, 1, 2], "都上", "team_full"), ([0, None], "生病", "not_in_team"),
])
def test_refused_line_ups(any_cast: Cast, chosen: list[int | None], reason: str, code: str) -> None:
    contest, entrant, people = drawn_team(any_cast)
    registration.set_conditions(contest.id, {"team_most": 2}, actor=SYSTEM, at=any_cast.at)
    ids = [uuid.uuid4() if n is None else people[n].id for n in chosen]
    with pytest.raises(RuleBroken) as refused:
        service.change_lineup(entrant.id, ids, reason, actor=SYSTEM, at=any_cast.at)
    assert refused.value.code == code
    assert roles(people) == ["member", "member", "reserve"]


@pytest.mark.parametrize("kind", ["CHECKED_IN", "ABSENT"])
def test_after_the_door_nothing_changes(any_cast: Cast, kind: str) -> None:
    _contest, entrant, people = drawn_team(any_cast)
    service.check_in(entrant.id, kind, actor=SYSTEM, at=any_cast.at)
    with pytest.raises(RuleBroken, match="不能再改"):
        change(any_cast, entrant, people[1:])
    service.check_in(entrant.id, "CLEARED", actor=SYSTEM, at=any_cast.at)
    change(any_cast, entrant, people[1:])
    assert roles(people) == ["reserve", "member", "member"]


def test_persons_have_no_line_up(any_cast: Cast) -> None:
    _contest, entrant, people = drawn_team(any_cast)
    alone = next(e for e in db.session.query(Entrant) if e.entry_id)
    assert service.lineup_refusal(alone) is not None
    with pytest.raises(RuleBroken, match="个人项目"):
        change(any_cast, alone, people)
    assert {e.id for e in approved_of(entrant.team_id or uuid.uuid4())} == {e.id for e in people}


def test_a_stopped_contest_changes_no_line_up(any_cast: Cast) -> None:
    contest, entrant, people = drawn_team(any_cast)
    contests.stop(contest.id, reason="停电", actor=SYSTEM, at=any_cast.at)
    with pytest.raises(RuleBroken, match="中止"):
        change(any_cast, entrant, people[1:])
    assert roles(people) == ["member", "member", "reserve"]


def test_before_the_contest_begins_the_team_itself_is_changed(any_cast: Cast) -> None:
    _contest, _entrant, people = drawn_team(any_cast, begun=False)
    registration.put_in_team(people[0].id, people[0].team_id, "reserve", actor=SYSTEM, at=any_cast.at)
    assert roles(people) == ["reserve", "member", "reserve"]
    contests.start(people[0].contest_id, actor=SYSTEM, at=any_cast.at)
    with pytest.raises(RuleBroken, match="比赛已经开始"):
        registration.put_in_team(people[2].id, people[2].team_id, "member", actor=SYSTEM, at=any_cast.at)


def test_the_office_changes_it_on_its_page(client: FlaskClient, cast: Cast) -> None:
    contest, entrant, people = drawn_team(cast)
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    here = f"/manage/contests/{contest.id}/arena/entrants/{entrant.id}/lineup"
    assert client.get(here).status_code == 200
    chosen = [str(people[0].id), str(people[2].id)]
    assert client.post(here, data={"people": chosen, "reason": ""}).status_code == 422
    assert client.post(here, data={"people": chosen, "reason": "生病"}).status_code == 303
    assert roles(people) == ["member", "reserve", "member"]
