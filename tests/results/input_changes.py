"""Acts that change what results are computed from: in one event, and in another one beside it."""

import uuid
from collections.abc import Callable
from copy import deepcopy

from sqlalchemy import select, update

from competition.arena import service as arena
from competition.arena.queries import decoded
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.contests.queries import current_rulebook
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db
from competition.judging import queries as judging_queries
from competition.judging import service as judging
from competition.judging.models import Excusal, Sheet
from competition.judging.rules import HAND_IN, sheet_text
from competition.organisations.models import Region
from competition.registration import service as registration
from competition.registration.models import Delegation, Entry
from competition.results import service
from competition.results.models import SumSample
from tests.builders import ask_rules
from tests.cast import Cast
from tests.judges import make_panel, round_of, sit_down
from tests.results.test_service import Cast_actor, ask, unlock

Change = Callable[[Cast, Contest], object]
OWN, OTHER = "basic", "broth"


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
