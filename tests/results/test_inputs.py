"""What an act stands on is computed before the lock: any change in between is noticed, work elsewhere is none."""

import threading
import time
import uuid
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from competition.arena import service as arena
from competition.arena.queries import decoded
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.contests.queries import current_rulebook, rounds_of
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db, prepared
from competition.core.errors import Moved, RuleBroken
from competition.judging import queries as judging_queries
from competition.judging import service as judging
from competition.judging.models import Excusal, Sheet
from competition.judging.rules import HAND_IN, sheet_text
from competition.organisations.models import Region
from competition.registration import service as registration
from competition.registration.models import Delegation, Entry
from competition.results import queries, service
from competition.results.inputs import InputsMark, check_mark, settle, take_mark
from competition.results.models import SumSample
from tests.builders import ask_rules, judged_contest, open_codes, publish_all
from tests.cast import Cast
from tests.judges import fill_figures, make_panel, round_of, sit_down, whole_marks
from tests.results.test_rights import every_tie
from tests.results.test_service import Cast_actor, ask, correct_theory, unlock

Change = Callable[[Cast, Contest], object]
OWN, OTHER = "basic", "broth"


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    """Three contestants, all equal, judged and locked, codes closed."""
    return judged_contest(any_cast, 3, events=("theory", OWN, OTHER), twist=every_tie, marking=whole_marks)


def work_of(contest: Contest, key: str) -> uuid.UUID:
    return next(iter(service.compute(contest.id).sides[key].works))


def unlocked(key: str) -> Change:
    return lambda cast, contest: unlock(contest, key)


def locked(key: str) -> Change:
    return lambda cast, contest: judging.lock_round(
        round_of(contest, key).id, confirm_name=round_of(contest, key).name, actor=SYSTEM, at=cast.at)


def figure(key: str) -> Change:
    return lambda cast, contest: judging.record_figure(
        work_of(contest, key), "time_s", "11:11", source="keyed", reason="看错", actor=SYSTEM, at=cast.at)


def sent_back(key: str) -> Change:
    def change(cast: Cast, contest: Contest) -> object:
        sheet = db.session.scalars(select(Sheet).where(Sheet.work_id == work_of(contest, key))).first()
        assert sheet is not None
        return judging.send_back(sheet.id, reason="请核对", actor=SYSTEM, at=cast.at)

    return change


def marked(key: str) -> Change:
    """A judge hands in the sheet that was sent back."""
    def change(cast: Cast, contest: Contest) -> object:
        sheet = db.session.scalars(select(Sheet).where(Sheet.state == "disputed")).one()
        work, judge = sheet.work, sit_down(sheet.seat, at=cast.at)
        text = sheet_text({slot: mark["value"] for slot, mark in sheet.marks.items()})
        receipt = judge.send(judge.event(work, HAND_IN, value=text))
        assert [answer.result for answer in receipt.answers] == ["accepted"]
        return receipt

    return change


def excused(key: str) -> Change:
    return lambda cast, contest: judging.excuse(
        round_of(contest, key).id, seat_id=None, work_id=work_of(contest, key), reason="设备故障", actor=SYSTEM, at=cast.at)


def excusal_ended(cast: Cast, contest: Contest) -> object:
    return judging.end_excusal(db.session.scalars(select(Excusal)).one().id, actor=SYSTEM, at=cast.at)


def ruling(key: str) -> Change:
    def change(cast: Cast, contest: Contest) -> object:
        event = next(event for event in contest.events if event.key == key)
        entrant = next(iter(decoded(event.id).values()))
        return arena.record_outcome(entrant.id, "RESULT_CANCELLED", "作品有身份标记", actor=cast.actor("supervisor"), at=cast.at)

    return change


def opened(key: str) -> Change:
    def change(cast: Cast, contest: Contest) -> object:
        event = next(event for event in contest.events if event.key == key)
        asked = arena.ask_open_codes(event.id, "申请解密", actor=cast.actor("coding_judge", "contest", contest.id), at=cast.at)
        return approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor", "contest", contest.id), at=cast.at)

    return change


def panel_added(key: str) -> Change:
    return lambda cast, contest: make_panel(round_of(contest, key), 1, name="第二裁判组", at=cast.at)


def tie_decided(key: str) -> Change:
    def change(cast: Cast, contest: Contest) -> object:
        question = next(q for q in service.questions(service.compute(contest.id)) if q.scope == f"event:{key}")
        return service.decide_tie(contest.id, question.key, question.ids, "抽签", actor=cast.actor("chief_judge"), at=cast.at)

    return change


def sampled(key: str) -> Change:
    def change(cast: Cast, contest: Contest) -> object:
        event = next(event for event in contest.events if event.key == key)
        return service.draw_sample(event.id, actor=cast.actor("scorekeeper"), at=cast.at)

    return change


def one_sample() -> SumSample:
    return db.session.scalars(select(SumSample)).one()


def checked(cast: Cast, contest: Contest) -> object:
    works = [uuid.UUID(work["work"]) for work in one_sample().works]
    return service.check_sums(one_sample().id, works, is_right=True, actor=cast.actor("scorekeeper"), at=cast.at)


def signed(cast: Cast, contest: Contest) -> object:
    asked = service.ask_signature(one_sample().id, reason="核对完毕", actor=cast.actor("scorekeeper"), at=cast.at)
    return approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)


def rules_changed(cast: Cast, contest: Contest) -> object:
    document = deepcopy(current_rulebook(contest.id).document)
    document["events"][0]["name"]["zh"] = "理论考试"
    asked = ask_rules(contest.id, document, reason="名称有误", actor=Cast_actor(1), at=cast.at)
    return approvals.decide(asked.id, approve=True, actor=Cast_actor(2), at=cast.at)


def delegation_renamed(cast: Cast, contest: Contest) -> object:
    delegation = db.session.scalars(select(Delegation).where(Delegation.contest_id == contest.id)).first()
    assert delegation is not None
    return registration.change_delegation(delegation.id, name="改名代表团", position=1, contest_id=contest.id, actor=SYSTEM, at=cast.at)


def entry_renamed(cast: Cast, contest: Contest) -> object:
    """As a row with its audit row: no verb renames anybody once lots are drawn."""
    with atomic() as session:
        session.execute(update(Entry).where(Entry.contest_id == contest.id, Entry.name == "选手001").values(name="选手一"))
        audit.record("registration.correct", actor=SYSTEM, subject=("entry", uuid.uuid4()), at=cast.at, chain=contest.id)


def region_renamed(cast: Cast, contest: Contest) -> None:
    """What a newer list of regions brings: no act of the contest."""
    with atomic() as session:
        session.execute(update(Region).where(Region.code == "630224").values(name="改名县"))


def event_renamed(cast: Cast, contest: Contest) -> object:
    event = next(event for event in contest.events if event.key == OWN)
    return contests.change_event(event.id, name_zh="改名项目", actor=SYSTEM, at=cast.at)


def finished(cast: Cast, contest: Contest) -> object:
    return contests.finish(contest.id, actor=SYSTEM, at=cast.at)


def published(cast: Cast, contest: Contest) -> object:
    asked = ask(cast, contest, "event:theory")
    return approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)


def seat_opened(key: str) -> Change:
    def change(cast: Cast, contest: Contest) -> object:
        work = work_of(contest, key)
        sheet = db.session.scalars(select(Sheet).where(Sheet.work_id == work)).first()
        assert sheet is not None
        return sit_down(sheet.seat, at=cast.at)

    return change


def panel_excused(key: str) -> Change:
    """The second panel marks nothing, so that the round can be locked."""
    def change(cast: Cast, contest: Contest) -> None:
        round_ = round_of(contest, key)
        for seat in judging_queries.seats_of_round(round_.id):
            if seat.panel.name == "第二裁判组":
                judging.excuse(round_.id, seat_id=seat.id, work_id=None, reason="没有到场", actor=SYSTEM, at=cast.at)

    return change


CHANGES: tuple[tuple[str, Change], ...] = (
    ("the rulebook", rules_changed),
    ("a delegation", delegation_renamed),
    ("an entry", entry_renamed),
    ("a region", region_renamed),
    ("an event", event_renamed),
    ("a tie decided", tie_decided(OWN)),
    ("a sample of sums", sampled(OWN)),
    ("a sum checked", checked),
    ("sums signed", signed),
    ("a ruling", ruling(OWN)),
    ("a round unlocked", unlocked(OWN)),
    ("a sheet sent back", sent_back(OWN)),
    ("marks", marked(OWN)),
    ("a figure", figure(OWN)),
    ("an excusal", excused(OWN)),
    ("an excusal ended", excusal_ended),
    ("a panel", panel_added(OWN)),
    ("a panel excused", panel_excused(OWN)),
    ("a round locked", locked(OWN)),
    ("codes opened", opened(OWN)),
    ("codes of theory opened", opened("theory")),
    ("a publication", published),
    ("the contest", finished),
)
NOT_OWN = {"codes of theory opened"}
ELSEWHERE: tuple[tuple[str, Change], ...] = (
    ("a tablet", seat_opened(OTHER)),
    ("a sample of sums", sampled(OTHER)),
    ("a ruling", ruling(OTHER)),
    ("a round unlocked", unlocked(OTHER)),
    ("a sheet sent back", sent_back(OTHER)),
    ("marks", marked(OTHER)),
    ("a figure", figure(OTHER)),
    ("an excusal", excused(OTHER)),
    ("a panel", panel_added(OTHER)),
    ("a panel excused", panel_excused(OTHER)),
    ("a round locked", locked(OTHER)),
    ("codes opened", opened(OTHER)),
)


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
