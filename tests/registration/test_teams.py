"""Teams and their people: who may be in which, and what is refused, on both databases."""

import uuid
from typing import Any

import pytest

from competition.arena import service as arena
from competition.contests import service as contests
from competition.contests.models import Contest, Event, Round
from competition.contests.queries import current_rulebook, rounds_of
from competition.core.actors import SYSTEM
from competition.core.database import db
from competition.core.errors import NotFound, RuleBroken
from competition.organisations.queries import union_of_region
from competition.registration import queries, queries_places, service
from competition.registration.models import Entry, Team
from competition.registration.rules_data import TeamData
from tests.builders import approved_entries, entry_data, make_contest
from tests.cast import Cast

ELSEWHERE = "630121"


def team_contest(cast: Cast, **limits: Any) -> tuple[Contest, Event, Event]:
    """A contest with basic skills for persons and the bowl for teams, and a delegation for each prefecture."""
    contest = make_contest(cast, events=("basic", "bowl"))
    basic, bowl = queries.events_of(contest.id)
    contests.change_event(bowl.id, entrant_kind="team", actor=SYSTEM, at=cast.at)
    service.add_delegations(contest.id, "prefecture", actor=SYSTEM, at=cast.at)
    if limits:
        service.set_conditions(contest.id, limits, actor=SYSTEM, at=cast.at)
    return contest, basic, bowl


def found(cast: Cast, contest: Contest, name: str, events: set[uuid.UUID], region: str = "630224") -> Team:
    union = union_of_region(region)
    assert union is not None
    return service.create_team(contest.id, TeamData(name, union.id, events=frozenset(events)), actor=SYSTEM, at=cast.at)


def enter(cast: Cast, contest: Contest, **more: Any) -> Entry:
    return service.register_for(contest.id, entry_data(contest, **more), actor=SYSTEM, at=cast.at)


def round_of(event: Event) -> Round:
    return next(r for r in rounds_of(event.contest_id) if r.event_id == event.id)


def test_a_team_takes_people_of_its_own_delegation_alone(any_cast: Cast) -> None:
    contest, _basic, bowl = team_contest(any_cast)
    home, away = found(any_cast, contest, "海东一队", {bowl.id}), found(any_cast, contest, "西宁一队", {bowl.id}, ELSEWHERE)
    with pytest.raises(RuleBroken, match="“西宁一队”属于西宁市代表团，按所属工会应随海东市代表团参赛") as refused:
        enter(any_cast, contest, team_id=away.id)
    assert (refused.value.code, refused.value.details["field"]) == ("other_delegation", "team_id")
    entry = enter(any_cast, contest, team_id=home.id)
    with pytest.raises(RuleBroken, match="不能编入"):
        service.put_in_team(entry.id, away.id, actor=SYSTEM, at=any_cast.at)
    assert queries.get_entry(entry.id).team_id == home.id
    union = union_of_region(ELSEWHERE)
    assert union is not None
    with pytest.raises(RuleBroken, match="不能编入"):
        service.change_team(home.id, TeamData("海东一队", union.id, events=frozenset({bowl.id})), actor=SYSTEM, at=any_cast.at)
    db.session.refresh(home)
    assert home.union_id == any_cast.county.id


def test_nobody_is_in_two_teams(any_cast: Cast) -> None:
    contest, _basic, bowl = team_contest(any_cast)
    first, second = found(any_cast, contest, "一队", {bowl.id}), found(any_cast, contest, "二队", {bowl.id})
    data = entry_data(contest, team_id=first.id)
    entry = service.register_for(contest.id, data, actor=SYSTEM, at=any_cast.at)
    again = entry_data(contest, document=data.document, team_id=second.id)
    with pytest.raises(RuleBroken, match="已有报名"):
        service.register_for(contest.id, again, actor=SYSTEM, at=any_cast.at)
    service.put_in_team(entry.id, second.id, actor=SYSTEM, at=any_cast.at)
    assert queries.count_members(first.id, "member") == 0
    assert queries.count_members(second.id, "member") == 1


def test_a_member_may_compete_with_the_team_alone(any_cast: Cast) -> None:
    contest, basic, bowl = team_contest(any_cast)
    squad = found(any_cast, contest, "一队", {bowl.id})
    with pytest.raises(RuleBroken, match="只参加团体项目的，请选择代表队"):
        enter(any_cast, contest, events=())
    alone = enter(any_cast, contest, events=(), team_id=squad.id)
    both = enter(any_cast, contest, events=(basic.id,), team_id=squad.id)
    reserve = enter(any_cast, contest, events=(), team_id=squad.id, team_role="reserve")
    events = {e.id: [event.key for event in queries.get_entry(e.id).events] for e in (alone, both, reserve)}
    assert events == {alone.id: ["bowl"], both.id: ["basic", "bowl"], reserve.id: []}


def test_sizes_of_a_team(any_cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="下限大于上限"):
        team_contest(any_cast, team_least=3, team_most=2)
    contest, _basic, bowl = team_contest(any_cast, team_least=2, team_most=2, reserve_most=1)
    squad = found(any_cast, contest, "一队", {bowl.id})
    approved_entries(any_cast, contest, 1, team_id=squad.id)
    reserve = approved_entries(any_cast, contest, 1, team_id=squad.id, team_role="reserve")[0]
    with pytest.raises(RuleBroken, match="不足 2 人，不能抽签：一队"):
        arena.draw_round(round_of(bowl).id, actor=SYSTEM, at=any_cast.at)
    service.put_in_team(reserve.id, squad.id, "member", actor=SYSTEM, at=any_cast.at)
    with pytest.raises(RuleBroken, match="正式队员已满 2 人"):
        enter(any_cast, contest, team_id=squad.id)
    assert arena.draw_round(round_of(bowl).id, actor=SYSTEM, at=any_cast.at).summary["lots"] == [["一队", "海东市代表团"]]


def test_a_team_of_reserves_or_one_that_left_is_not_drawn(any_cast: Cast) -> None:
    contest, _basic, bowl = team_contest(any_cast)
    standing_by, left, stays = (found(any_cast, contest, name, {bowl.id}) for name in ("替补队", "退出队", "一队"))
    approved_entries(any_cast, contest, 1, team_id=standing_by.id, team_role="reserve")
    gone = approved_entries(any_cast, contest, 1, team_id=left.id)[0]
    approved_entries(any_cast, contest, 1, team_id=stays.id)
    service.put_in_team(gone.id, None, actor=SYSTEM, at=any_cast.at)
    service.withdraw_team(left.id, "不来了", actor=SYSTEM, at=any_cast.at)
    with pytest.raises(NotFound, match="已经退出"):
        service.put_in_team(gone.id, left.id, actor=SYSTEM, at=any_cast.at)
    assert [e.team_id for e in queries.approved_entrants(bowl.id)] == [stays.id]
    assert arena.draw_round(round_of(bowl).id, actor=SYSTEM, at=any_cast.at).summary["lots"] == [["一队", "海东市代表团"]]


def test_places_of_a_team_event_are_counted_in_teams(any_cast: Cast) -> None:
    contest, _basic, bowl = team_contest(any_cast)
    contests.change_event(bowl.id, quota=2, quota_per_delegation=1, actor=SYSTEM, at=any_cast.at)
    squad = found(any_cast, contest, "海东一队", {bowl.id})
    approved_entries(any_cast, contest, 3, team_id=squad.id)
    with pytest.raises(RuleBroken, match="您所在代表团在"):
        found(any_cast, contest, "海东二队", {bowl.id})
    found(any_cast, contest, "西宁一队", {bowl.id}, ELSEWHERE)
    with pytest.raises(RuleBroken, match="名额已满"):
        found(any_cast, contest, "西宁二队", {bowl.id}, "630202")
    unnamed = found(any_cast, contest, "后备队", set())
    service.change_team(squad.id, TeamData("海东一队", any_cast.county.id), actor=SYSTEM, at=any_cast.at)
    service.change_team(unnamed.id, TeamData("后备队", any_cast.county.id, events=frozenset({bowl.id})), actor=SYSTEM, at=any_cast.at)
    assert queries_places.ledger(contest, queries.events_of(contest.id)).held[bowl.id, None] == 2


def test_what_is_drawn_is_not_left_out_of_a_team_any_more(any_cast: Cast) -> None:
    contest, _basic, bowl = team_contest(any_cast)
    squad = found(any_cast, contest, "一队", {bowl.id})
    approved_entries(any_cast, contest, 1, team_id=squad.id)
    arena.draw_round(round_of(bowl).id, actor=SYSTEM, at=any_cast.at)
    with pytest.raises(RuleBroken, match="已经抽签，不能取消"):
        service.change_team(squad.id, TeamData("改名队", any_cast.county.id), actor=SYSTEM, at=any_cast.at)
    db.session.refresh(squad)
    assert squad.name == "一队"


def test_a_contest_does_not_begin_with_a_total_over_persons_and_teams(any_cast: Cast) -> None:
    contest, _basic, bowl = team_contest(any_cast)
    squad = found(any_cast, contest, "一队", {bowl.id})
    approved_entries(any_cast, contest, 1, team_id=squad.id)
    with pytest.raises(RuleBroken, match="把个人项目和团体项目合在一起") as refused:
        contests.start(contest.id, actor=SYSTEM, at=any_cast.at)
    assert refused.value.code == "kinds_mixed"
    document = {**current_rulebook(contest.id).document, "totals": []}
    contests.set_rulebook(contest.id, document, reason="分开排名", actor=SYSTEM, at=any_cast.at)
    assert contests.start(contest.id, actor=SYSTEM, at=any_cast.at).phase == "running"
