"""Where an entry stands, as a table."""

import uuid
from dataclasses import dataclass
from datetime import date

import pytest

from competition.home.rules import standing

CONTEST = uuid.uuid4()


@dataclass
class Entry:
    state: str
    return_reason: str | None = None


@dataclass
class Contest:
    phase: str = "announced"
    condition: str = "normal"
    id: uuid.UUID = CONTEST
    starts_on: date = date(2026, 6, 1)


@pytest.mark.parametrize(("state", "phase", "condition", "published", "certified", "step", "stopped"), [
    ("draft", "announced", "normal", False, False, 0, False),
    ("returned", "announced", "normal", False, False, 0, False),
    ("submitted", "announced", "normal", False, False, 1, False),
    ("reviewing", "announced", "normal", False, False, 1, False),
    ("waiting", "announced", "normal", False, False, 1, False),
    ("rejected", "announced", "normal", False, False, 1, True),
    ("withdrawn", "announced", "normal", False, False, 0, True),
    ("approved", "announced", "normal", False, False, 2, False),
    ("approved", "announced", "postponed", False, False, 2, False),
    ("approved", "announced", "cancelled", False, False, 2, True),
    ("approved", "running", "stopped", False, False, 3, True),
    ("approved", "running", "normal", False, False, 3, False),
    ("approved", "finished", "normal", False, False, 4, False),
    ("approved", "finished", "normal", True, False, 5, False),
    ("approved", "finished", "normal", True, True, 6, False),
])
def test_where_an_entry_stands(
    state: str, phase: str, condition: str, published: bool, certified: bool, step: int, stopped: bool
) -> None:
    found = standing(Entry(state), Contest(phase, condition), {CONTEST} if published else set(), {CONTEST} if certified else set())
    assert (found.step, found.stopped) == (step, stopped)
    assert str(found.words)
