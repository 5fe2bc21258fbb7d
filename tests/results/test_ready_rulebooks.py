"""Marks under ready rulebooks, from the tablets to the results."""

import pytest

from competition.results.gathering import compute
from tests.cast import Cast
from tests.judges import fill_figures, round_of
from tests.judging.test_ready_rulebooks import mark_round, running
from tests.scoring.ready import leaves


@pytest.mark.parametrize("key", ["cooking", "welding"])
def test_marks_of_judges_become_the_full_marks(cast: Cast, key: str) -> None:
    """Two panels for one event, vetoes and grades: from the tablets to the results before the codes are opened."""
    contest, document = running(cast, key)
    practical = [event for event in document["events"] if "criteria" in event]
    for event in practical:
        found = round_of(contest, event["key"])
        own = [item["key"] for group in event["criteria"] if "panel" in group for item in leaves(group["criteria"])]
        mark_round(found, list(leaves(event["criteria"])), own, cast, seats=3)
        fill_figures(found, at=cast.at)
    scores = compute(contest.id).scores
    assert [problem.say() for problem in scores.problems] == []
    assert [[str(row.value) for row in scores.rows(event["key"])] for event in practical] == [["100.00"]] * len(practical)
