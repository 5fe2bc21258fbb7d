"""Entries on a real database, both kinds: handed in, seated, reviewed, withdrawn, moved up."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from competition.accounts.identity import parse_document
from competition.accounts.models import Consent
from competition.accounts.service_consent import agree
from competition.accounts.terms import CURRENT
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import db
from competition.core.errors import Forbidden, RuleBroken, Stale
from competition.notices.models import Message
from competition.registration import queries, queries_lists, queries_places, queries_teams, service
from competition.registration.models import Entrant, Entry
from competition.registration.rules_data import EntryData, TeamData
from tests.builders import approved_entries, entry_data, make_contest
from tests.cast import Cast, id_card

LEVELS = ("county", "prefecture", "province")


def enter(cast: Cast, contest: Contest, who: str = "", /, **more: Any) -> Entry:
    actor = cast.actor("contestant", name=who or uuid.uuid4().hex[:6])
    return service.submit_entry(contest.id, entry_data(contest, **more), actor=actor, at=cast.at, consent="web")


def decide(cast: Cast, entry: Entry, decision: str, reason: str = "", **more: Any) -> Entry:
    return service.review_entry(entry.id, decision, reason, actor=cast.actor("clerk"), at=cast.at, **more)


def messages(account_id: uuid.UUID | None) -> list[str]:
    return list(db.session.scalars(select(Message.kind).where(Message.account_id == account_id).order_by(Message.created_at)))


def test_approved_entries_stand_in_every_event(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    entries = approved_entries(any_cast, contest, 3)
    assert [e.number for e in entries] == ["0001", "0002", "0003"]
    for event in queries.events_of(contest.id):
        assert [e.entry_id for e in queries.approved_entrants(event.id)] == [e.id for e in entries]


def test_handing_in_writes_entry_entrants_consent_and_audit(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    optional = [e for e in queries.events_of(contest.id) if not e.is_compulsory]
    actor = any_cast.actor("contestant")
    entry = service.submit_entry(contest.id, entry_data(contest, events=[optional[0].id], name="䶮·𬀩"), actor=actor, at=any_cast.at,
                                 consent="web")
    assert (entry.state, entry.name, entry.review_union_id) == ("submitted", "䶮·𬀩", any_cast.county.id)
    assert {e.event.key for e in queries.get_entry(entry.id).entrants} == {"theory", "basic"}
    consent = db.session.scalars(select(Consent).where(Consent.person_id == entry.person_id)).one()
    assert (consent.id, consent.account_id, consent.channel, consent.purpose) == (entry.consent_id, actor.id, "web", "sensitive")
    row = audit.history("entry", entry.id)[0]
    assert row.act == "registration.submit"
    assert "䶮" not in row.line


def test_the_union_is_that_of_the_region_unless_chosen(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    assert enter(any_cast, contest).union_id == any_cast.county.id
    assert enter(any_cast, contest, union_id=any_cast.other_county.id).union_id == any_cast.other_county.id
    outside = enter(any_cast, contest, region_code="440000", union_id=any_cast.county.id)
    assert (outside.region_code, outside.union_id) == ("440000", any_cast.county.id)


@pytest.mark.parametrize(("changed", "code"), [
    ({"events": frozenset()}, None), ({"events": frozenset({uuid.uuid4()})}, "event_unknown"), ({"name": "<b>"}, "name"),
    ({"document": None}, "document_required"), ({"team_id": uuid.uuid4()}, "team_unknown"),
])
def test_what_is_wrong_is_said_by_field(cast: Cast, changed: dict[str, Any], code: str | None) -> None:
    contest = make_contest(cast)
    if code is None:
        assert len(enter(cast, contest, **changed).entrants) == 1
        return
    with pytest.raises(RuleBroken) as refused:
        enter(cast, contest, **changed)
    assert refused.value.code == code
    assert refused.value.details["field"]
    assert db.session.scalars(select(Entry)).all() == []


def test_an_event_is_needed_where_none_is_compulsory(cast: Cast) -> None:
    contest = make_contest(cast, events=("basic", "broth"))
    with pytest.raises(RuleBroken, match="至少选择一个"):
        enter(cast, contest, events=[])


def test_the_same_person_twice(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    document = parse_document("id_card", id_card())
    first = enter(any_cast, contest, "甲", document=document)
    version = first.version
    again = service.submit_entry(contest.id, entry_data(contest, document=document, name=first.name, phone=None),
                                 actor=any_cast.actor("contestant", name="甲"), at=any_cast.at)
    assert (again.id, again.version) == (first.id, version), "a second tap starts no second review"
    with pytest.raises(RuleBroken, match="证件号码被他人占用") as other:
        enter(any_cast, contest, "乙", document=document, name="另一个名字")
    assert other.value.code == "document_entered"
    assert first.name not in other.value.message
    with pytest.raises(RuleBroken):
        service.register_for(contest.id, entry_data(contest, document=document), actor=any_cast.actor("clerk"), at=any_cast.at,
                             paper="同意书，存测试工会")
    service.withdraw_entry(first.id, "换人报", actor=any_cast.actor("contestant", name="甲"), at=any_cast.at)
    assert enter(any_cast, contest, "乙", document=document).state == "submitted"


def test_closed_registration_refuses_with_the_reason(cast: Cast) -> None:
    contest = make_contest(cast, open=False)
    with pytest.raises(RuleBroken, match="截止") as refused:
        enter(cast, contest)
    assert refused.value.code == "registration_closed"


def test_a_draft_is_nobodys_but_the_owners(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    actor = any_cast.actor("contestant")
    draft = service.save_draft(contest.id, {"name": "半", "document_number": "99"}, actor=actor, at=any_cast.at)
    assert service.save_draft(contest.id, {"name": "半截"}, actor=actor, at=any_cast.at).id == draft.id
    assert service.read_draft(draft.id) == {"name": "半截", "document_number": "99"}
    office = any_cast.actor("organizer", "contest", contest.id)
    assert queries_lists.entry_page(contest, queries_lists.Filters(), office, 1).total == 0
    done = service.submit_entry(contest.id, entry_data(contest), actor=actor, at=any_cast.at)
    assert done.id == draft.id
    assert service.read_draft(draft.id) == {}


# ---- places ----------------------------------------------------------------------------------


def test_a_full_contest_makes_a_line_and_frees_move_it_up(any_cast: Cast) -> None:
    contest = make_contest(any_cast, quota=2)
    entries = [enter(any_cast, contest, str(n)) for n in range(5)]
    assert [e.state for e in entries] == ["submitted", "submitted", "waiting", "waiting", "waiting"]
    assert [queries_places.place_in_line(queries.get_entry(e.id)) for e in entries] == [None, None, 1, 2, 3]
    assert queries_places.full_words(queries.get_entry(entries[2].id)) == "本赛事名额已满"
    service.withdraw_entry(entries[0].id, "有事", actor=any_cast.actor("contestant", name="0"), at=any_cast.at)
    decide(any_cast, entries[1], "reject", "不是本地区职工")
    states = [queries.get_entry(e.id).state for e in entries]
    assert states == ["withdrawn", "rejected", "submitted", "submitted", "waiting"]
    assert "registration.move_up" in messages(entries[2].account_id)
    assert queries_places.place_in_line(queries.get_entry(entries[4].id)) == 1


def test_returned_keeps_the_place(any_cast: Cast) -> None:
    contest = make_contest(any_cast, quota=1)
    first, second = enter(any_cast, contest, "甲"), enter(any_cast, contest, "乙")
    decide(any_cast, first, "return", "补照片")
    assert queries.get_entry(second.id).state == "waiting"
    data = entry_data(contest, document=None, employer="改过的单位")
    again = service.submit_entry(contest.id, data, actor=any_cast.actor("contestant", name="甲"), at=any_cast.at)
    assert (again.id, again.state, again.employer, again.return_reason) == (first.id, "submitted", "改过的单位", None)


def test_a_returned_entry_cannot_take_a_full_event_instead(any_cast: Cast) -> None:
    contest = make_contest(any_cast, quota_per_event=1, events=("basic", "broth"))
    basic, broth = (e.id for e in queries.events_of(contest.id))
    first = enter(any_cast, contest, "甲", events=[basic])
    enter(any_cast, contest, "乙", events=[broth])
    decide(any_cast, first, "return", "核对项目")
    with pytest.raises(RuleBroken, match="不能改报"):
        service.submit_entry(contest.id, entry_data(contest, document=None, events=[broth]),
                             actor=any_cast.actor("contestant", name="甲"), at=any_cast.at)
    assert [e.event_id for e in queries.get_entry(first.id).entrants] == [basic]


def test_quota_of_an_event_within_one_delegation(any_cast: Cast) -> None:
    contest = make_contest(any_cast, events=("basic",))
    event = queries.events_of(contest.id)[0]
    office = any_cast.actor("organizer")
    service.add_delegations(contest.id, "prefecture", actor=office, at=any_cast.at)
    from_contests = queries_teams.delegations(contest.id)
    assert len(from_contests) == 8
    _set_per_delegation(event.id, any_cast)
    first, second = enter(any_cast, contest), enter(any_cast, contest)
    elsewhere = enter(any_cast, contest, region_code="632801")
    assert [e.state for e in (first, second, elsewhere)] == ["submitted", "waiting", "submitted"]
    assert "代表团" in queries_places.full_words(queries.get_entry(second.id))


def _set_per_delegation(event_id: uuid.UUID, cast: Cast) -> None:
    contests.change_event(event_id, quota_per_delegation=1, actor=cast.actor("organizer"), at=cast.at)


def at_once(app: Flask, acts: list[Callable[[], object]]) -> list[object]:
    """Run the acts in threads, each with a session of its own; what each returned or raised."""
    answers: list[object] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(number: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                answers[number] = acts[number]()
            except RuleBroken as error:
                answers[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_people_and_the_last_place(any_app: Flask, any_cast: Cast) -> None:
    contest = make_contest(any_cast, quota=3)
    approved_entries(any_cast, contest, 1)
    jobs = [_entering(contest.id, any_cast.actor("contestant", name=str(n)), entry_data(contest), any_cast) for n in range(6)]
    db.session.remove()
    states = at_once(any_app, jobs)
    assert sorted(map(str, states)) == ["submitted"] * 2 + ["waiting"] * 4
    held = db.session.scalars(select(Entry).where(Entry.contest_id == contest.id, Entry.state.in_(["approved", "submitted"]))).all()
    assert len(held) == 3
    line = queries_places.waiting_line(contest.id)
    assert [queries_places.place_in_line(e) for e in line] == [1, 2, 3, 4]


def _entering(contest_id: uuid.UUID, actor: Actor, data: EntryData, cast: Cast) -> Callable[[], object]:
    return lambda: service.submit_entry(contest_id, data, actor=actor, at=cast.at).state


def test_one_number_from_two_phones_at_once(any_app: Flask, any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    data = entry_data(contest)
    jobs = [_entering(contest.id, any_cast.actor("contestant", name=str(n)), data, any_cast) for n in range(2)]
    db.session.remove()
    answers = at_once(any_app, jobs)
    assert sorted(a.code if isinstance(a, RuleBroken) else str(a) for a in answers) == ["document_entered", "submitted"]


def test_two_withdraw_and_two_move_up(any_app: Flask, any_cast: Cast) -> None:
    contest = make_contest(any_cast, quota=2)
    entries = [enter(any_cast, contest, str(n)) for n in range(4)]
    jobs = [_leaving(e.id, any_cast.actor("contestant", name=str(n)), any_cast) for n, e in enumerate(entries[:2])]
    ids = [e.id for e in entries]
    db.session.remove()
    assert at_once(any_app, jobs) == ["withdrawn", "withdrawn"]
    assert [queries.get_entry(i).state for i in ids] == ["withdrawn", "withdrawn", "submitted", "submitted"]


def _leaving(entry_id: uuid.UUID, actor: Actor, cast: Cast) -> Callable[[], object]:
    return lambda: service.withdraw_entry(entry_id, "有事", actor=actor, at=cast.at).state


# ---- review ----------------------------------------------------------------------------------


def test_review_climbs_the_tree(any_cast: Cast) -> None:
    contest = make_contest(any_cast, review_levels=LEVELS)
    entry = enter(any_cast, contest, "甲")
    county = any_cast.actor("clerk", "union", any_cast.county.id)
    prefecture = any_cast.actor("clerk", "union", any_cast.prefecture.id)
    office = any_cast.actor("organizer", "contest", contest.id)
    for wrong in (prefecture, office, any_cast.actor("clerk", "union", any_cast.other_county.id)):
        with pytest.raises(Forbidden):
            service.review_entry(entry.id, "approve", actor=wrong, at=any_cast.at)
    assert service.review_entry(entry.id, "approve", actor=county, at=any_cast.at).state == "reviewing"
    assert service.review_entry(entry.id, "approve", actor=prefecture, at=any_cast.at).review_union_id == any_cast.province.id
    done = service.review_entry(entry.id, "approve", actor=office, at=any_cast.at)
    assert (done.state, done.number, done.review_union_id) == ("approved", "0001", None)
    assert [r.decision for r in queries.get_entry(entry.id).reviews] == ["approve"] * 3
    assert messages(entry.account_id) == ["registration.approve"]


def test_nobody_reviews_themselves(any_cast: Cast) -> None:
    contest = make_contest(any_cast, review_levels=("county",))
    clerk = any_cast.actor("clerk", "union", any_cast.county.id)
    agree(clerk.own_id, tuple(CURRENT), actor=clerk, at=any_cast.at)
    entry = service.submit_entry(contest.id, entry_data(contest), actor=clerk, at=any_cast.at)
    with pytest.raises(Forbidden, match="自己"):
        service.review_entry(entry.id, "approve", actor=clerk, at=any_cast.at)


def test_a_page_that_is_old_decides_nothing(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    entry = enter(any_cast, contest)
    with pytest.raises(Stale):
        decide(any_cast, entry, "approve", version=entry.version + 1)
    with pytest.raises(RuleBroken, match="理由"):
        decide(any_cast, entry, "return", " ")
    assert queries.get_entry(entry.id).state == "submitted"


def test_a_batch_is_all_or_nothing(any_cast: Cast) -> None:
    contest = make_contest(any_cast, review_levels=("county",))
    entries = [enter(any_cast, contest, str(n)) for n in range(4)]
    clerk = any_cast.actor("clerk", "union", any_cast.county.id)
    chosen = [(e.id, e.version) for e in entries]
    decide(any_cast, entries[3], "return", "补材料")
    with pytest.raises(Stale, match=entries[3].name):
        service.review_many(contest.id, chosen, "approve", actor=clerk, at=any_cast.at)
    assert {queries.get_entry(e.id).state for e in entries[:3]} == {"submitted"}
    done = service.review_many(contest.id, chosen[:3], "approve", actor=clerk, at=any_cast.at)
    assert [e.number for e in done] == ["0001", "0002", "0003"]
    stranger = any_cast.actor("clerk", "union", any_cast.other_county.id)
    with pytest.raises(Stale):
        service.review_many(contest.id, chosen[:1], "approve", actor=stranger, at=any_cast.at)


def test_withdrawing_ends_when_the_contest_runs(cast: Cast) -> None:
    contest = make_contest(cast)
    entry = approved_entries(cast, contest, 1)[0]
    contests.start(contest.id, actor=cast.actor("organizer"), at=cast.at)
    with pytest.raises(RuleBroken, match="弃权"):
        service.withdraw_entry(entry.id, "有事", actor=cast.actor("organizer"), at=cast.at)


# ---- teams -----------------------------------------------------------------------------------


def team(cast: Cast, contest: Contest, name: str = "一队", **more: Any) -> Any:
    return service.create_team(contest.id, TeamData(name, cast.county.id, **more), actor=cast.actor("organizer"), at=cast.at)


def test_reserves_stand_by(any_cast: Cast) -> None:
    contest = make_contest(any_cast, events=("basic",), quota_per_event=1)
    event = queries.events_of(contest.id)[0]
    squad = team(any_cast, contest)
    first = enter(any_cast, contest, "甲", team_id=squad.id)
    reserve = enter(any_cast, contest, "乙", team_id=squad.id, team_role="reserve")
    third = enter(any_cast, contest, "丙")
    assert [e.state for e in (first, reserve, third)] == ["submitted", "submitted", "waiting"]
    office = any_cast.actor("organizer")
    with pytest.raises(RuleBroken, match="已满"):
        service.put_in_team(reserve.id, squad.id, "member", actor=office, at=any_cast.at)
    service.put_in_team(first.id, squad.id, "reserve", actor=office, at=any_cast.at)
    assert queries.get_entry(third.id).state == "submitted"
    for entry in (first, third):
        while queries.get_entry(entry.id).state != "approved":
            decide(any_cast, entry, "approve")
    assert [e.entry_id for e in queries.approved_entrants(event.id)] == [third.id]


def test_team_limits_names_and_delegations(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    office = any_cast.actor("organizer")
    service.set_conditions(contest.id, {"team_most": 1, "reserve_most": 0}, actor=office, at=any_cast.at)
    squad = team(any_cast, contest)
    enter(any_cast, contest, team_id=squad.id)
    with pytest.raises(RuleBroken, match="已满 1 人"):
        enter(any_cast, contest, team_id=squad.id)
    with pytest.raises(RuleBroken, match="同名"):
        team(any_cast, contest)
    sent = service.add_delegation(contest.id, any_cast.prefecture.id, "海东市代表团", actor=office, at=any_cast.at)
    assert queries_teams.get_team(contest, squad.id, office).delegation_id == sent.id
    with pytest.raises(RuleBroken, match="不能移除"):
        service.remove_delegation(sent.id, contest_id=contest.id, actor=office, at=any_cast.at)
    with pytest.raises(RuleBroken, match="还有队员"):
        service.withdraw_team(squad.id, "不来了", actor=office, at=any_cast.at)


def test_a_team_enters_team_events(any_cast: Cast) -> None:
    contest = make_contest(any_cast, events=("basic", "bowl"))
    basic, bowl = queries.events_of(contest.id)
    office = any_cast.actor("organizer")
    contests.change_event(bowl.id, entrant_kind="team", quota=1, actor=office, at=any_cast.at)
    squad = team(any_cast, contest, events=frozenset({bowl.id}))
    with pytest.raises(RuleBroken, match="名额已满"):
        team(any_cast, contest, "二队", events=frozenset({bowl.id}))
    with pytest.raises(RuleBroken, match="不是团体项目"):
        team(any_cast, contest, "三队", events=frozenset({basic.id}))
    assert queries.approved_entrants(bowl.id) == []
    approved_entries(any_cast, contest, 2, team_id=squad.id)
    found = queries.approved_entrants(bowl.id)
    assert [e.team_id for e in found] == [squad.id]
    assert found[0].team is not None
    assert len(found[0].team.entries) == 2
    assert db.session.scalars(select(Entrant).where(Entrant.event_id == bowl.id)).one().entry_id is None


def test_who_may_enter_whom(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    leader = any_cast.account("team_leader", "contest", contest.id)
    squad = team(any_cast, contest, leader_id=leader.id)
    other = team(any_cast, contest, "二队")
    led = queries_lists.reach(contest, any_cast.actor("team_leader", "contest", contest.id))
    assert led.covers(any_cast.province.id, squad.id)
    assert not led.covers(any_cast.county.id, other.id)
    county = queries_lists.reach(contest, any_cast.actor("clerk", "union", any_cast.county.id))
    assert county.covers(any_cast.county.id, None)
    assert not county.covers(any_cast.other_county.id, None)
    assert queries_lists.reach(contest, any_cast.actor("organizer", "contest", contest.id)).anyone
    assert queries_lists.reach(contest, any_cast.actor("judge")).is_empty
