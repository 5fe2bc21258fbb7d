"""The engine and the second calculation give the same figures, ranks and awards: on random contests, and on ready rulebooks."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, target

from competition.recount.given import Given
from tests.drawing import examples
from tests.recount.agreeing import both, decided
from tests.recount.fields import field
from tests.recount.making import contests

WIDE = settings(max_examples=examples(250), suppress_health_check=list(HealthCheck))
READY = sorted((Path(__file__).parents[2] / "competition/contests/rulebooks").glob("*.json"))


@WIDE
@given(contests())
def test_both_calculations_agree(contest: Given) -> None:
    scores, found = both(contest)
    target(float(scores.complete), label="complete")
    assert found == []
    for _ in range(3):  # what was decided may open the next question
        if not scores.complete:
            contest = decided(contest, scores)
            scores, found = both(contest)
            assert found == []


@pytest.mark.parametrize("path", READY, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_agree_on_ready_rulebooks(path: Path, seed: int) -> None:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    scores, found = both(field(document, random.Random(seed), 3 * seed))
    assert found == []
    assert any(row.value is not None for rows in scores.events.values() for row in rows)

