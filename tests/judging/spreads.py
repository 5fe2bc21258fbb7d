"""Judges of one work who lie apart: for tests of prompts and decisions. The rules ask whoever is more than 5 points from the
median once 10 points lie between the highest and the lowest."""

from collections.abc import Sequence

from competition.arena.works import Work
from competition.contests.models import Round
from competition.judging import queries, rules
from competition.judging.queries_spread import PartState, asked_of, read_apart
from competition.judging.rules import DeviceEvent
from competition.judging.service_marks import Receipt
from tests.cast import Cast
from tests.judges import Judge, sit_down

BASE = {"clarity": "20", "aroma": "20", "amount": "8", "hygiene": "4"}  # 52 and the taste


def marks(taste: str) -> dict[str, str]:
    return BASE | {"taste": taste}


def bench(round_: Round, cast: Cast) -> list[Judge]:
    """A judge at every seat."""
    return [sit_down(seat, at=cast.at) for seat in queries.seats_of_round(round_.id)]


def apart(judges: Sequence[Judge], work: Work, *tastes: str) -> None:
    """Everybody hands in; the tastes are what differs."""
    for judge, taste in zip(judges, tastes, strict=True):
        judge.mark(work, marks(taste))


def remark(judge: Judge, work: Work, taste: str) -> Receipt:
    """Mark the taste again, and hand in."""
    text = rules.sheet_text({rules.slot(key, 1): value for key, value in marks(taste).items()})
    return judge.send(judge.event(work, criterion="taste", value=taste), judge.event(work, rules.HAND_IN, value=text))


def keep(judge: Judge, work: Work, reason: str = "测试：汤色确实浑浊", part: str = "") -> DeviceEvent:
    """The judge keeps the marks of a part, as an answer to what was asked last."""
    asked = [prompt.asked_seq for prompt in asked_of(judge.seat.id, work.id) if prompt.part == part]
    return judge.event(work, rules.KEEP, criterion=part, value=reason, base_version=max(asked, default=0))


def standing(round_: Round, work: Work) -> PartState:
    """Where the common sheet of a work stands."""
    return next(one for each in read_apart(round_.id).works if each.id == work.id for one in read_apart(round_.id).states(each))
