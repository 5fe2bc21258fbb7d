"""A judge's tablet is told of no other judge: no mark, no comment, no seat, no name; an undone mark is in no replay."""

from competition.arena.works import Work
from competition.contests.models import Round
from competition.core.database import db
from competition.judging import queries, queries_tablet, rules
from competition.judging.models import MarkEvent
from tests.cast import Cast
from tests.judges import Judge, criteria_of, sit_down

FAR = "3.5"
COMMENT = "测试：只有我看见的备注"


def told(judge: Judge, round_: Round) -> str:
    """Everything that the tablet of a judge hears, as text."""
    pack = queries_tablet.pack(judge.device, judge.at)
    now = queries_tablet.rounds_now(judge.device, {round_.id: 0})
    return pack.model_dump_json() + "".join(one.model_dump_json() for one in now)


def test_nothing_of_another_judge_reaches_a_tablet(broth: Round, any_cast: Cast, judge: Judge, work: Work) -> None:
    seats = queries.seats_of_round(broth.id)
    other = sit_down(seats[1], at=any_cast.at)
    keys = [criterion.key for criterion in criteria_of(broth)]
    judge.mark(work, dict.fromkeys(keys, "5"))
    other.mark(work, dict.fromkeys(keys, FAR))
    other.send(other.event(work, "comment", keys[0], COMMENT))
    heard = told(judge, broth)
    assert '"5"' in heard, "the own marks are there"
    for secret in (FAR, COMMENT, str(other.seat.id), str(other.device.id), "测试裁判2"):
        assert secret not in heard
    assert FAR in told(other, broth)


def test_what_was_undone_is_in_no_replay(broth: Round, judge: Judge, work: Work) -> None:
    key = criteria_of(broth)[0].key
    judge.send(judge.event(work, criterion=key, value="9"), judge.event(work, rules.WITHDRAW, key, base_version=1),
               judge.event(work, criterion=key, value="8", base_version=2))
    db.session.expire_all()
    sheet = queries.find_sheet(judge.seat.id, work.id)
    assert sheet is not None
    assert rules.sheet_text(sheet.marks) == f"{key}/1=8"
    kept = db.session.query(MarkEvent).filter_by(seat_id=judge.seat.id).order_by(MarkEvent.device_seq)
    assert [(event.kind, event.value) for event in kept] == [("mark", "9"), ("withdraw", ""), ("mark", "8")]
