"""Score sheets of paper: keyed by two people, compared cell by cell, never merged with what a tablet says."""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests import service as contests
from competition.contests.models import Round
from competition.contests.queries import current_rulebook
from competition.core import approvals, audit
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, db
from competition.core.errors import RuleBroken
from competition.judging import queries, queries_paper, rules, rules_evidence, rules_paper, service, words
from competition.judging.models import Device, MarkEvent, Seat, Sheet
from competition.judging.models_paper import PaperKeying, PaperSheet
from competition.judging.queries_board import board
from competition.judging.queries_close import tablets_of_round
from competition.judging.queries_late import late_lines
from competition.judging.queries_paper import OnPaper
from competition.judging.queries_sent import replayed, sent_of_event
from competition.judging.queries_spread import open_prompts
from competition.judging.rules_paper import keyed, lines_of, read_number, typed_of
from competition.judging.rules_reports import TabletSays
from competition.scoring import rulebook
from tests.cast import Cast
from tests.judges import sit_down
from tests.judging.spreads import apart
from tests.scoring.ready import KEYS, ready

REASON = "测试：理由"


@pytest.fixture
def seat(broth: Round) -> Seat:
    return queries.seats_of_round(broth.id)[0]


@pytest.fixture
def paper(broth: Round, work: Work, seat: Seat) -> OnPaper:
    return queries_paper.printed(broth, [work], [seat])[0]


@pytest.fixture
def first(any_cast: Cast) -> Actor:
    return any_cast.actor("scorekeeper", name="测试统分员甲")


@pytest.fixture
def second(any_cast: Cast) -> Actor:
    return any_cast.actor("scorekeeper", name="测试统分员乙")


def full(paper: OnPaper, **changed: str) -> dict[str, str]:
    """What stands in the boxes: the lowest step that is not nothing."""
    return {box.field: changed.get(line.criterion.key, "5") for line in paper.lines for box in line.boxes}


def key(paper: OnPaper, actor: Actor, cast: Cast, **changed: str) -> PaperSheet:
    return service.key_sheet(paper.round.id, str(paper.number), full(paper, **changed), actor=actor, at=cast.at)


def sheet_now(paper: OnPaper) -> Sheet:
    found = queries.find_sheet(paper.seat.id, paper.work.id)
    assert found is not None
    db.session.refresh(found)
    return found


def test_two_equal_keyings_become_marks_with_their_source(paper: OnPaper, first: Actor, second: Actor, any_cast: Cast) -> None:
    made = key(paper, first, any_cast)
    assert made.state == "waiting"
    assert queries.find_sheet(paper.seat.id, paper.work.id) is None, "one person alone makes no mark"
    assert f"{paper.seat.number} 号裁判：纸质评分表还没有录完" in [m.what for m in board(paper.round.id).missing]
    assert key(paper, second, any_cast).state == "taken"
    sheet = sheet_now(paper)
    assert sheet.state == "handed_in"
    assert sheet.check_code
    assert {key: mark["value"] for key, mark in sheet.marks.items()} == {line.slot: "5" for line in paper.lines}
    events = list(db.session.scalars(select(MarkEvent).order_by(MarkEvent.seq)))
    assert [e.kind for e in events] == ["mark"] * len(paper.lines) + ["hand_in"]
    assert {db.session.get_one(Device, e.device_id).kind for e in events} == {"paper"}
    assert [k.by_id for k in made.keyings] == [first.id, second.id]
    marks = queries.marks_of_event(paper.round.event_id)
    assert sorted(replayed(sent_of_event(paper.round.event_id), marks)) == sorted(marks), "played again it gives the same marks"


def test_nobody_keys_twice(paper: OnPaper, first: Actor, any_cast: Cast) -> None:
    key(paper, first, any_cast)
    with pytest.raises(RuleBroken, match="第二遍请由另一人") as refused:
        key(paper, first, any_cast)
    assert refused.value.code == "same_person"
    with pytest.raises(RuleBroken, match="本人的账号"):
        key(paper, SYSTEM, any_cast)


def test_two_accounts_of_one_person_are_one(
    paper: OnPaper, first: Actor, second: Actor, any_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    key(paper, first, any_cast)
    monkeypatch.setattr(approvals, "PEOPLE", [lambda one, other: {one, other} == {first.id, second.id}])
    with pytest.raises(RuleBroken, match="第二遍请由另一人"):
        key(paper, second, any_cast)


def test_what_differs_waits_until_either_puts_his_own_right(paper: OnPaper, first: Actor, second: Actor, any_cast: Cast) -> None:
    key(paper, first, any_cast)
    made = key(paper, second, any_cast, taste="20")
    assert made.state == "differs"
    last = queries_paper.last_keyings(made)
    assert rules_paper.differing(last[0].marks, last[1].marks) == ["taste/1"]
    with pytest.raises(RuleBroken, match="已有两人录入"):
        key(paper, any_cast.actor("scorekeeper", name="测试统分员丙"), any_cast)
    assert key(paper, first, any_cast, taste="30").state == "differs", "both wrong: they still differ"
    assert key(paper, first, any_cast, taste="20").state == "taken"
    assert sheet_now(paper).marks["taste/1"]["value"] == "20"
    assert [k.marks["taste/1"] for k in db.session.scalars(select(PaperKeying).order_by(PaperKeying.number))] == [
        "5", "20", "30", "20"], "every keying stays"


def test_where_too_much_differs_or_too_often_both_begin_anew(paper: OnPaper, first: Actor, second: Actor, any_cast: Cast) -> None:
    key(paper, first, any_cast)
    assert key(paper, second, any_cast, **dict.fromkeys(("taste", "clarity", "aroma", "amount"), "1")).state == "dropped"
    assert queries.find_sheet(paper.seat.id, paper.work.id) is None
    key(paper, first, any_cast)
    states = [key(paper, second, any_cast, taste=str(guess)).state for guess in (20, 21, 22, 23)]
    assert states == ["differs", "differs", "differs", "dropped"], "nobody tries until it fits"
    held = db.session.scalars(select(PaperSheet).order_by(PaperSheet.begun_at)).all()
    assert [sheet.reason for sheet in held] == ["两人录入相差太多，自动作废重录"] * 2
    key(paper, second, any_cast)
    assert key(paper, first, any_cast).state == "taken"


def test_a_tablets_marks_are_never_merged_with_paper(
    paper: OnPaper, first: Actor, second: Actor, work: Work, any_cast: Cast
) -> None:
    judge = sit_down(paper.seat, at=any_cast.at)
    judge.send(judge.event(work, criterion="taste", value="30"))
    key(paper, first, any_cast)
    assert key(paper, second, any_cast).state == "aside"
    assert {k: m["value"] for k, m in sheet_now(paper).marks.items()} == {"taste/1": "30"}
    aside = queries.quarantined(paper.round.id)
    assert len(aside) == len(paper.lines) + 1
    assert {e.quarantine_code for e in aside} == {"paper.conflict"}
    with pytest.raises(RuleBroken, match="等待裁判长处理"):
        key(paper, first, any_cast)
    request = service.ask_late_marks(paper.round.id, [e.id for e in aside], count=True, reason=REASON,
                                     actor=any_cast.actor("chief_judge"), at=any_cast.at)
    approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert sheet_now(paper).state == "handed_in"
    assert sheet_now(paper).marks["taste/1"]["value"] == "5"


def test_what_a_tablet_brings_after_paper_is_kept_aside(
    paper: OnPaper, first: Actor, second: Actor, work: Work, any_cast: Cast
) -> None:
    judge = sit_down(paper.seat, at=any_cast.at)
    same, other = judge.event(work, criterion="taste", value="5.0"), judge.event(work, criterion="aroma", value="8")
    note = judge.event(work, rules_evidence.COMMENT, "aroma", "测试备注")
    text = judge.event(work, rules.HAND_IN, value="aroma/1=8;taste/1=5")
    for actor in (first, second):
        key(paper, actor, any_cast)
    held = dict(sheet_now(paper).marks)
    receipt = service.accept_events(judge.device.id, [same, other, note, text], at=any_cast.at, says=TabletSays(pending=0, last_made=4))
    assert [a.result for a in receipt.answers] == ["repeated", *["quarantined"] * 3]
    assert [(e.value, e.quarantine_code) for e in queries.quarantined(paper.round.id)] == [
        ("8", "paper.conflict"), ("测试备注", "paper.conflict"), ("aroma/1=8;taste/1=5", "paper.conflict")]
    assert (sheet_now(paper).marks, sheet_now(paper).state) == (held, "handed_in")
    line = late_lines(paper.round.id, queries.quarantined(paper.round.id))[0]
    assert (line["late"], line["held"]) == ("8", "5"), "the chief judge sees both"
    assert [t.why for t in tablets_of_round(paper.round.id, [paper.seat])] == [""], "nothing is on the tablet alone"


def test_judges_apart_by_a_sheet_of_paper_are_asked(paper: OnPaper, broth: Round, first: Actor, second: Actor, any_cast: Cast) -> None:
    apart([sit_down(seat, at=any_cast.at) for seat in queries.seats_of_round(broth.id)[1:]], paper.work, "30", "31")
    key(paper, first, any_cast)
    assert open_prompts(paper.seat.id) == []
    key(paper, second, any_cast)
    assert [prompt.seat_id for prompt in open_prompts(paper.seat.id)] == [paper.seat.id]
    assert not list(audit.verify())


def test_a_sheet_sent_back_is_keyed_again_and_replaces_the_first(
    paper: OnPaper, first: Actor, second: Actor, any_cast: Cast
) -> None:
    for actor in (first, second):
        key(paper, actor, any_cast)
    with pytest.raises(RuleBroken, match="请裁判长退回后重新录入"):
        key(paper, first, any_cast)
    service.send_back(sheet_now(paper).id, reason=REASON, actor=any_cast.actor("chief_judge"), at=any_cast.at)
    for actor in (second, first):
        key(paper, actor, any_cast, taste="20")
    assert sheet_now(paper).state == "handed_in"
    assert sheet_now(paper).marks["taste/1"]["value"] == "20"


def test_a_begun_keying_is_dropped_with_a_reason_and_begun_anew(paper: OnPaper, first: Actor, second: Actor, any_cast: Cast) -> None:
    made = key(paper, first, any_cast)
    chief = any_cast.actor("chief_judge")
    with pytest.raises(RuleBroken, match="请写明理由"):
        service.drop_paper(made.id, reason=" ", actor=chief, at=any_cast.at)
    service.drop_paper(made.id, reason=REASON, actor=chief, at=any_cast.at)
    with pytest.raises(RuleBroken, match="不能作废重录"):
        service.drop_paper(made.id, reason=REASON, actor=chief, at=any_cast.at)
    assert key(paper, second, any_cast).state == "waiting"
    assert key(paper, first, any_cast).state == "taken"
    assert len(queries_paper.papers_of_work(paper.work.id)) == 2


def test_what_may_not_be_keyed_is_said(paper: OnPaper, broth: Round, first: Actor, work: Work, any_cast: Cast) -> None:
    excusal = service.excuse(broth.id, seat_id=paper.seat.id, work_id=work.id, reason=REASON, actor=SYSTEM, at=any_cast.at)
    with pytest.raises(RuleBroken, match="免评或回避"):
        key(paper, first, any_cast)
    service.end_excusal(excusal.id, actor=SYSTEM, at=any_cast.at)
    with atomic():
        work.away = "ABSENT"
        service.touch_rounds([broth.id])
        audit.record("test.away", actor=SYSTEM, subject=("work", work.id), at=any_cast.at, chain=work.contest_id)
    with pytest.raises(RuleBroken, match="缺考或弃权"):
        key(paper, first, any_cast)


def test_every_wrong_box_is_named(paper: OnPaper, first: Actor, any_cast: Cast) -> None:
    typed = full(paper, taste="1000") | {paper.lines[-1].boxes[0].field: ""}
    with pytest.raises(RuleBroken) as refused:
        service.key_sheet(paper.round.id, str(paper.number), typed, actor=first, at=any_cast.at)
    named = {refused.value.details["field"], *(name for name, _sentence in refused.value.details["more"])}
    assert named == {"taste__1__0", paper.lines[-1].boxes[0].field}
    assert db.session.scalars(select(PaperSheet)).first() is None


@pytest.mark.parametrize(("wrong", "said"), [
    ({"check": "AA"}, "逐位核对"), ({"seat": 9}, "逐位核对"), ({"work": "AAAAA"}, "逐位核对"), ({"version": 7}, "逐位核对")])
def test_a_slip_in_the_number_finds_no_sheet(paper: OnPaper, wrong: dict[str, object], said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        queries_paper.sheet_of(paper.round, str(replace(paper.number, **wrong)))  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", ["", "K7M2", "a-b-c-d", "K7M2PX-1-1", "K7M2PX-１-x-HW", "x" * 40])
def test_what_is_no_number_is_said_so(typed: str) -> None:
    with pytest.raises(RuleBroken, match="不是评分表的编号"):
        read_number(typed)


def test_a_number_is_read_however_it_is_typed(paper: OnPaper) -> None:
    assert queries_paper.sheet_of(paper.round, f" {str(paper.number).lower().replace('-', '－')} ").work.id == paper.work.id


def test_another_rulebooks_sheet_is_refused_in_words(paper: OnPaper, broth: Round, any_cast: Cast) -> None:
    document = dict(current_rulebook(broth.contest_id).document)
    document["name"] = {**document["name"], "zh": "改过的规则"}
    contests.set_rulebook(broth.contest_id, document, reason=REASON, actor=SYSTEM, at=any_cast.at)
    with pytest.raises(RuleBroken, match="按第 1 版评分规则印制，本轮按第 2 版"):
        queries_paper.sheet_of(paper.round, str(paper.number))


@pytest.mark.parametrize("key", KEYS)
def test_every_kind_of_every_ready_rulebook_has_its_boxes(key: str) -> None:
    """A sheet typed from its own boxes says what the tablet would have sent."""
    for event in rulebook.load(ready(key)).events:
        lines = lines_of(event.criteria, {group.key: group.name.zh for group in event.groups})
        lowest = {line.slot: getattr(line.criterion.marking, "low", 1 if line.criterion.kind == "grades" else 0) for line in lines}
        typed = {box.field: str(lowest[line.slot]) for line in lines for box in line.boxes}
        assert typed_of(lines, keyed(lines, typed)) == typed
        assert [line.slot for line in lines] == [f"{c.key}/{n}" for c in event.criteria for n in range(1, c.attempts + 1)]
        assert all(words.limits_words(line.criterion) for line in lines)


def test_works_and_seats_print_in_order(broth: Round) -> None:
    sheets = queries_paper.printed(broth, list_works(broth.id), queries.seats_of_round(broth.id))
    assert len({str(s.number) for s in sheets}) == 6
    assert [(s.work.position, s.seat.number) for s in sheets] == [(w, n) for w in (1, 2) for n in (1, 2, 3)]


def test_unknown_round(paper: OnPaper, first: Actor, any_cast: Cast) -> None:
    with pytest.raises(RuleBroken):
        service.key_sheet(uuid.uuid4(), str(paper.number), {}, actor=first, at=any_cast.at)
