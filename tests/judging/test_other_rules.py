"""A figure means what the sheet said before the judge: by another version of the rulebook it is never read without a word."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from competition.arena.works import Work
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.contests.queries import current_rulebook
from competition.core.actors import SYSTEM
from competition.judging import queries, rules
from competition.judging.service_marks import Receipt
from tests.cast import Cast
from tests.judges import Judge


def results(receipt: Receipt) -> list[str]:
    return [answer.result for answer in receipt.answers]


def change_rules(contest: Contest, cast: Cast, change: Callable[[dict[str, Any]], None]) -> None:
    """Another version of the rulebook, by what ``change`` does to its document."""
    document = copy.deepcopy(dict(current_rulebook(contest.id).document))
    change(document)
    contests.set_rulebook(contest.id, document, reason="测试：改版", actor=SYSTEM, at=cast.at)


def less_taste(document: dict[str, Any]) -> None:
    """Five points go from the taste to the clarity: the same figures mean something else."""
    items = {item["key"]: item for event in document["events"] if event["key"] == "broth" for item in event["criteria"]}
    items["taste"]["max"], items["clarity"]["max"] = "30", "30"


def test_a_mark_made_by_another_sheet_is_kept_aside(judge: Judge, work: Work, contest: Contest, any_cast: Cast) -> None:
    seen = current_rulebook(contest.id).digest
    old = [judge.event(work, criterion=key, value="4", rulebook=seen) for key in ("taste", "hygiene")]
    text = judge.event(work, rules.HAND_IN, value="hygiene/1=4;taste/1=4", rulebook=seen)
    note = judge.event(work, "comment", "taste", "测试备注", rulebook=seen)
    change_rules(contest, any_cast, less_taste)
    fresh = judge.event(work, criterion="taste", value="5", rulebook=current_rulebook(contest.id).digest)
    unknown = judge.event(work, criterion="aroma", value="5", rulebook="no such version")
    assert results(judge.send(*old, text, note, fresh, unknown)) == [
        "quarantined", "accepted", "quarantined", "accepted", "accepted", "quarantined"]
    assert {e.quarantine_code for e in queries.quarantined(work.round_id)} == {"rulebook.other"}
    sheet = queries.find_sheet(judge.seat.id, work.id)
    assert sheet is not None
    assert rules.sheet_text(sheet.marks) == "hygiene/1=4;taste/1=5", "what both sheets have is no matter"


def test_a_version_with_the_same_sheet_changes_nothing(judge: Judge, work: Work, contest: Contest, any_cast: Cast) -> None:
    old = judge.event(work, criterion="taste", value="4", rulebook=current_rulebook(contest.id).digest)
    change_rules(contest, any_cast, lambda document: document.update(name={**document["name"], "zh": "改过的规则"}))
    assert results(judge.send(old)) == ["accepted"]
    assert results(judge.send(replace(old, rulebook=""))) == ["refused"], "what it was made by is part of what it says"
