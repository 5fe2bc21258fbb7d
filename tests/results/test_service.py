"""Computing, publishing, correcting: on both databases, every refusal among them."""

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from competition.accounts import service as accounts
from competition.accounts.models import Account
from competition.arena import service as arena
from competition.arena.queries import decoded
from competition.contests.models import Contest, Round
from competition.contests.queries import current_rulebook, rounds_of
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.approvals import Approval
from competition.core.clock import now
from competition.core.database import UnauditedChange, WriteOutsideAtomic, atomic, db, find
from competition.core.errors import Forbidden, RuleBroken
from competition.judging import service as judging
from competition.judging.models import Panel, RoundState, Seat
from competition.notices.models import Message
from competition.registration.models import Entry
from competition.results import drafting, gathering, queries, service
from competition.results.models import Publication, PublishedRow
from tests.builders import judged_contest, lines_of, open_codes, publish_all
from tests.cast import Cast
from tests.courses import called_off
from tests.queries import count_statements

SMALL: dict[str, Any] = {"events": ("theory", "basic"), "seats": 3}


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    """Four contestants, judged and locked, codes closed."""
    return judged_contest(any_cast, 4, **SMALL)


def ask(cast: Cast, contest: Contest, *scopes: str) -> Approval:
    wanted = list(scopes) or service.scopes(contest.id)
    return service.ask_publish(contest.id, wanted, "核对无误", actor=cast.actor("organizer"), at=cast.at)


def decide(cast: Cast, asked: Approval, role: str = "supervisor") -> Approval:
    return approvals.decide(asked.id, approve=True, actor=cast.actor(role), at=cast.at)


def refusal(verb: Callable[[], object]) -> str:
    with pytest.raises(RuleBroken) as caught:
        verb()
    return caught.value.code


def unlock(contest: Contest, key: str) -> uuid.UUID:
    """Open a locked round again, as two people would."""
    round_ = next(r for r in rounds_of(contest.id) if r.event.key == key)
    asked = judging.ask_unlock(round_.id, reason="更正", actor=Cast_actor(1), at=contest.created_at)
    approvals.decide(asked.id, approve=True, actor=Cast_actor(2), at=contest.created_at)
    return round_.id


def Cast_actor(number: int) -> Any:  # noqa: N802
    """Somebody with an account: who asked is told of the decision."""
    login = f"test-unlock-{number}"
    account = find(Account, login=login) or accounts.create_account(
        login=login, display_name=f"测试{number}", password=None, actor=SYSTEM, at=now())
    return SYSTEM.__class__(kind="account", id=account.id, name=account.display_name)


def correct_theory(contest: Contest, place: int, value: str) -> None:
    """Another theory mark for one work, by way of unlocking."""
    round_id = unlock(contest, "theory")
    works = gathering.compute(contest.id).sides["theory"].works
    work = next(w for w in works.values() if w.position == place)
    judging.record_figure(work.id, "theory", value, source="keyed", reason="看错一位", actor=SYSTEM, at=contest.created_at)
    judging.lock_round(round_id, confirm_name=db.session.get_one(Round, round_id).name, actor=SYSTEM, at=contest.created_at)


# ---- computing -------------------------------------------------------------------------------


def test_before_opening_an_event_is_ranked_by_code_and_no_name_is_handed_out(contest: Contest) -> None:
    computed = service.compute(contest.id)
    rows = computed.rows("event:basic")
    assert [row.rank for row in rows] == [1, 2, 3, 4]
    codes = {work.code for work in computed.sides["basic"].works.values()}
    assert {computed.label(row.entry) for row in rows} == codes
    assert all(not who.name and who.entry_id is None for who in computed.people.values())
    assert computed.rows("total:overall") == ()
    assert not computed.is_shown("total:overall")


def test_after_opening_it_is_ranked_by_name_and_totals_appear(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    computed = service.compute(contest.id)
    rows = computed.rows("total:overall")
    assert [row.rank for row in rows] == [1, 2, 3, 4]
    assert {computed.people[row.entry].name for row in rows} == {f"选手00{n}" for n in range(1, 5)}
    assert [row.award for row in computed.rows("event:basic")] == ["gold", "silver", "silver", "bronze"]
    assert [row.awards for row in rows] == [("expert",)] * 4
    assert computed.scores.complete


def test_the_same_figures_blind_and_decoded(contest: Contest, any_cast: Cast) -> None:
    def figures() -> list[tuple[int, Decimal | None]]:
        return [(row.rank or 0, row.value) for row in service.compute(contest.id).rows("event:basic")]

    blind = figures()
    open_codes(any_cast, contest)
    assert figures() == blind


def test_what_happened_on_the_day_counts_blind_too(contest: Contest, any_cast: Cast) -> None:
    basic = next(e for e in contest.events if e.key == "basic")
    work, entrant = next(iter(decoded(basic.id).items()))
    arena.record_outcome(entrant.id, "RESULT_CANCELLED", "作品有身份标记", actor=any_cast.actor("supervisor"), at=any_cast.at)
    computed = service.compute(contest.id)
    row = next(r for r in computed.rows("event:basic") if computed.sides["basic"].work_of[r.entry] == work)
    assert (row.status, row.rank, row.value) == ("RESULT_CANCELLED", None, None)


def test_a_constant_number_of_statements_for_three_and_thirty(app: Flask, cast: Cast) -> None:
    found = []
    for count in (3, 30):
        contest_id = judged_contest(cast, count, **SMALL).id
        db.session.expire_all()
        with count_statements() as sent:
            service.compute(contest_id)
        found.append(len(sent))
    assert found[0] == found[1] <= 30


# ---- publishing ------------------------------------------------------------------------------


def test_two_people_publish_an_immutable_snapshot(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    asked = ask(any_cast, contest)
    assert queries.publications_of(contest.id) == []
    decide(any_cast, asked)
    found = queries.current_publications(contest.id)
    assert set(found) == {"event:theory", "event:basic", "total:practical", "total:overall"}
    overall = queries.get_publication(contest.id, "total:overall")
    assert (overall.version, overall.asked_by, overall.approved_by) == (1, any_cast.actor("organizer").id, any_cast.actor("supervisor").id)
    assert overall.rulebook_digest == current_rulebook(contest.id).digest
    assert overall.payload_digest == drafting.digest(overall.payload)
    assert overall.parts == {s: found[s].payload_digest for s in ("event:theory", "total:practical")}
    assert [(row.position, row.rank) for row in overall.rows] == [(n, n) for n in range(1, 5)]
    assert all(row.entry_id and row.delegation_name and row.team_name and row.region_name for row in overall.rows)
    assert overall.rows[0].award_name == "技术能手"
    approved, published = audit.history("contest", contest.id, limit=2)
    assert (approved.act, published.act) == ("approval.approve", "results.publish")
    assert published.details["inputs"] == overall.inputs_digest


def test_who_asks_may_not_approve(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    asked = ask(any_cast, contest)
    with pytest.raises(Forbidden, match="另一人"):
        decide(any_cast, asked, "organizer")
    assert queries.publications_of(contest.id) == []


def test_refused_while_a_round_is_open(any_cast: Cast, any_app: Flask) -> None:
    contest = judged_contest(any_cast, 3, lock=False, **SMALL)
    assert refusal(lambda: ask(any_cast, contest)) == "rounds_open"


def test_refused_while_codes_are_closed(contest: Contest, any_cast: Cast) -> None:
    assert refusal(lambda: ask(any_cast, contest, "event:basic")) == "codes_closed"


def test_refused_while_scores_are_incomplete(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    basic = next(e for e in contest.events if e.key == "basic")
    with atomic() as session:
        # No verb makes a seat in a locked round: a row, as a faulty import might leave it.
        session.add(Seat(panel_id=session.scalars(select(Panel.id).where(Panel.event_id == basic.id)).one(), number=4))
        audit.record("test.seat", actor=SYSTEM, subject=("event", basic.id), at=any_cast.at, chain=contest.id)
    with pytest.raises(RuleBroken, match="缺座位 4 的评分") as caught:
        ask(any_cast, contest, "event:basic")
    assert caught.value.code == "scores_incomplete"
    assert len(caught.value.details["problems"]) == 4


def test_refused_when_figures_changed_since_asked(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    asked = ask(any_cast, contest)
    correct_theory(contest, 1, "12")
    assert refusal(lambda: decide(any_cast, asked)) == "results_moved"
    assert queries.publications_of(contest.id) == []


def test_refused_when_a_name_changed_since_asked(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    asked = ask(any_cast, contest)
    with db.engine.execution_options(unguarded=True).begin() as connection:
        connection.execute(update(Entry).where(Entry.contest_id == contest.id, Entry.name == "选手001").values(name="选手一"))
    assert refusal(lambda: decide(any_cast, asked)) == "results_moved"


def test_refused_when_a_round_was_unlocked_since_asked(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    asked = ask(any_cast, contest)
    unlock(contest, "basic")
    assert refusal(lambda: decide(any_cast, asked)) == "rounds_open"


def test_refused_again_nothing_unknown_and_for_a_cancelled_contest(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    organizer = any_cast.actor("organizer")
    assert refusal(lambda: service.ask_publish(contest.id, [], "理由", actor=organizer, at=any_cast.at)) == "nothing_chosen"
    assert refusal(lambda: ask(any_cast, contest, "event:nothing")) == "unknown_scope"
    asked = ask(any_cast, contest, "event:theory")
    assert refusal(lambda: ask(any_cast, contest, "event:basic")) == "already_asked"
    decide(any_cast, asked)
    assert refusal(lambda: ask(any_cast, contest, "event:theory")) == "already_published"
    called_off(contest.id, "测试", by=any_cast.actor("organizer"), second=any_cast.actor("supervisor"), at=any_cast.at)
    assert refusal(lambda: ask(any_cast, contest, "event:basic")) == "contest_halted"


def test_a_total_brings_its_parts_and_needs_those_published_to_be_the_same(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    decide(any_cast, ask(any_cast, contest, "event:theory"))
    asked = ask(any_cast, contest, "total:overall")
    assert [one["scope"] for one in asked.payload["scopes"]] == ["event:basic", "total:practical", "total:overall"]
    approvals.withdraw(asked.id, actor=any_cast.actor("organizer"), at=any_cast.at)
    correct_theory(contest, 2, "11")
    assert refusal(lambda: ask(any_cast, contest, "total:overall")) == "parts_moved"


def test_contestants_are_told_once(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    account = any_cast.account("contestant", name="选手001")
    with db.engine.execution_options(unguarded=True).begin() as connection:
        connection.execute(update(Entry).where(Entry.contest_id == contest.id, Entry.name == "选手001").values(account_id=account.id))
    decide(any_cast, ask(any_cast, contest))
    told = db.session.scalars(select(Message).where(Message.account_id == account.id)).all()
    assert [(m.kind, m.link) for m in told] == [("results.published", "/my/results")]


# ---- correcting --------------------------------------------------------------------------------


def test_a_correction_is_the_next_version_and_the_old_one_stays(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    publish_all(any_cast, contest)
    organizer = any_cast.actor("organizer")
    assert refusal(lambda: service.ask_correct(contest.id, "理由", actor=organizer, at=any_cast.at)) == "nothing_changed"
    correct_theory(contest, 4, "100")
    assert refusal(lambda: service.ask_correct(contest.id, "  ", actor=organizer, at=any_cast.at)) == "reason_required"
    asked = service.ask_correct(contest.id, "理论成绩录入有误", actor=organizer, at=any_cast.at)
    assert {one["scope"]: one["version"] for one in asked.payload["scopes"]} == {"event:theory": 2, "total:overall": 2}
    decide(any_cast, asked)
    found = queries.current_publications(contest.id)
    assert {scope: p.version for scope, p in found.items()} == {
        "event:theory": 2, "event:basic": 1, "total:practical": 1, "total:overall": 2}
    old, new = (queries.get_publication(contest.id, "event:theory", v) for v in (1, 2))
    assert new.reason == "理论成绩录入有误"
    assert [row.value for row in old.rows] == ["89.00", "88.00", "87.00", "86.00"]
    assert [row.value for row in new.rows] == ["100.00", "89.00", "88.00", "87.00"]
    assert found["total:overall"].parts["event:theory"] == new.payload_digest


def test_only_who_is_concerned_is_told_of_a_correction(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    accounts: dict[uuid.UUID, uuid.UUID] = {}
    for number, row in enumerate(service.compute(contest.id).rows("event:theory")):
        accounts[uuid.UUID(row.entry)] = any_cast.account("contestant", name=f"选手账号{number}").id
        with db.engine.execution_options(unguarded=True).begin() as connection:
            connection.execute(update(Entry).where(Entry.id == uuid.UUID(row.entry)).values(account_id=accounts[uuid.UUID(row.entry)]))
    publish_all(any_cast, contest)
    correct_theory(contest, 4, "85")
    decide(any_cast, service.ask_correct(contest.id, "更正", actor=any_cast.actor("organizer"), at=any_cast.at))
    told = set(db.session.scalars(select(Message.account_id).where(Message.title == "成绩已更正")))
    changed = set()
    for scope in ("event:theory", "total:overall"):
        old, new = ({r.entry_id: (r.rank, r.value) for r in queries.get_publication(contest.id, scope, v).rows} for v in (1, 2))
        changed |= {accounts[entry] for entry in new if entry and old[entry] != new[entry]}
    assert told == changed
    # One point less for the last in theory: how many it moves in the total is up to the draw.
    assert told


def test_no_verb_changes_a_publication(contest: Contest, any_cast: Cast) -> None:
    """Everything that this room can do is done after publishing; what was published stays as it was."""
    open_codes(any_cast, contest)
    publish_all(any_cast, contest)

    def snapshot() -> list[Any]:
        db.session.expire_all()
        rows = db.session.execute(select(*PublishedRow.__table__.columns).order_by(PublishedRow.id)).all()
        return [*db.session.execute(select(*Publication.__table__.columns).order_by(Publication.id)).all(), *rows]

    before = snapshot()
    correct_theory(contest, 3, "99")
    organizer, keeper = any_cast.actor("organizer"), any_cast.actor("scorekeeper")
    basic = next(e for e in contest.events if e.key == "basic")
    sample = service.draw_sample(basic.id, actor=keeper, at=any_cast.at)
    service.check_sums(sample.id, [uuid.UUID(w["work"]) for w in sample.works], is_right=True, actor=keeper, at=any_cast.at)
    decide(any_cast, service.ask_signature(sample.id, reason="核对完毕", actor=keeper, at=any_cast.at))
    decide(any_cast, service.ask_correct(contest.id, "更正", actor=organizer, at=any_cast.at))
    after = snapshot()
    assert [row for row in after if row in before] == before
    assert len(after) > len(before)
    with pytest.raises(WriteOutsideAtomic):
        db.session.execute(update(Publication).values(reason="改写"))


def test_lines_and_what_they_stand_on_are_those_of_the_newest_versions(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    publish_all(any_cast, contest)
    entry = db.session.scalars(select(Entry).where(Entry.contest_id == contest.id)).first()
    assert entry is not None
    assert {row.publication.scope for row in lines_of(entry)} == {"event:theory", "event:basic", "total:practical", "total:overall"}
    correct_theory(contest, 1, "45")
    decide(any_cast, service.ask_correct(contest.id, "更正", actor=any_cast.actor("organizer"), at=any_cast.at))
    assert len(lines_of(entry)) == 4
    overall = next(row for row in lines_of(entry) if row.publication.scope == "total:overall")
    assert overall.publication.version == 2
    below = queries.rows_below(queries.published_row(overall.id))
    assert {key: row.publication.version for key, row in below.items()} == {"theory": 2, "basic": 1, "practical": 1}


def test_every_write_has_its_audit_row(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    publish_all(any_cast, contest)
    assert list(audit.verify()) == []
    with pytest.raises(UnauditedChange, match="Publication"), atomic() as session:
        session.execute(update(Publication).values(reason="改写"))


def test_a_round_without_a_state_is_not_locked(contest: Contest, any_cast: Cast) -> None:
    open_codes(any_cast, contest)
    with db.engine.execution_options(unguarded=True).begin() as connection:
        connection.execute(update(RoundState).values(state="closed"))
    assert refusal(lambda: ask(any_cast, contest)) == "rounds_open"
