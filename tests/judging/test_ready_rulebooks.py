"""Judges mark every event of every ready rulebook, from the seat card to the marks that the engine is told."""

from datetime import timedelta
from typing import Any

import pytest

from competition.contests import service as contests
from competition.contests.models import Contest, Round
from competition.core.actors import SYSTEM
from competition.judging import queries, service
from competition.judging.queries_tablet import pack
from competition.scoring import rulebook
from competition.scoring.inputs import MarkRefused, canonical_value
from tests.builders import announce
from tests.cast import Cast
from tests.judges import make_panel, round_of, sit_down, works
from tests.scoring.ready import KEYS, best, leaves, ready

WRONG = {  # what no criterion of its kind takes
    "points": "1000", "deduct": "1.5", "faults": "0", "counts": "99999", "measured": "1", "bands": "x", "scale": "-1", "timed": "",
    "judgement": "9", "grades": "0", "pass_fail": "2", "veto": "2",
}


def running(cast: Cast, key: str) -> tuple[Contest, dict[str, Any]]:
    """A running contest with all events of a ready rulebook."""
    document = ready(key)
    contest = contests.create_contest(
        code="XJ2", name_zh="测试职工职业技能竞赛", host_union_id=cast.province.id, actor=SYSTEM, starts_on=cast.at.date(),
        ends_on=cast.at.date(), at=cast.at, region_code="630224", trade="测试工种",
        registration_opens_at=cast.at - timedelta(days=30), registration_closes_at=cast.at - timedelta(days=1))
    for event in document["events"]:
        contests.add_event(contest.id, key=event["key"], kind=event["kind"], name_zh=event["name"]["zh"], batch_size=4, stations=4,
                           actor=SYSTEM, at=cast.at)
    contests.set_rulebook(contest.id, document, reason="", actor=SYSTEM, at=cast.at)
    for verb in (announce, contests.start):
        verb(contest.id, actor=SYSTEM, at=cast.at)
    return contest, document


def mark_round(found: Round, entries: dict[str, str], own: list[str], cast: Cast) -> set[tuple[str, str]]:
    """Two seats for the common sheet, one for what has a panel of its own; each hands in one work. The marks that stand then."""
    work = works(found, 1, at=cast.at)[0]
    make_panel(found, 2, at=cast.at)
    if own:
        service.create_panel(found.event_id, name="测试现场裁判组", seats=1, criteria=own, actor=SYSTEM, at=cast.at)
        seat = queries.seats_of_round(found.id)[-1]
        service.seat_judge(seat.id, name="测试现场裁判", employer="测试单位", actor=SYSTEM, at=cast.at)
    service.open_round(found.id, actor=SYSTEM, at=cast.at)
    for seat in queries.seats_of_round(found.id):
        judge = sit_down(seat, at=cast.at)
        sheet = [criterion.key for criterion in pack(judge.device, cast.at).rounds[0].criteria]
        assert sheet == [key for key in entries if (key in own) == bool(seat.panel.criteria)]
        answers = judge.mark(work, {key: entries[key] for key in sheet}).answers
        assert {answer.result for answer in answers} == {"accepted"}
    return {(criterion, value) for *_rest, criterion, _attempt, value in queries.marks_of_event(found.event_id)}


@pytest.mark.parametrize("key", sorted(set(KEYS) - {"lamian"}))
def test_every_event_is_marked(cast: Cast, key: str) -> None:
    contest, document = running(cast, key)
    for event in document["events"]:
        if "criteria" in event:
            own = [item["key"] for group in event["criteria"] if "panel" in group for item in leaves(group["criteria"])]
            entries = {item["key"]: best(item) for item in leaves(event["criteria"])}
            assert mark_round(round_of(contest, event["key"]), entries, own, cast) == set(entries.items())


def test_every_kind_of_criterion_is_in_them_and_refuses_what_it_does_not_know() -> None:
    found = {item.kind: item for key in KEYS for event in rulebook.load(ready(key)).events for item in event.criteria}
    assert set(found) == set(WRONG)
    for kind, item in found.items():
        with pytest.raises(MarkRefused):
            canonical_value(item, WRONG[kind])
