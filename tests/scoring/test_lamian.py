"""The ready lamian rulebook on a generated contest, against plain whole-number arithmetic."""

import random
from fractions import Fraction
from typing import Any

import pytest

from competition.scoring import rulebook
from competition.scoring.engine import Scores, score
from competition.scoring.inputs import Entry, Figure, Mark
from tests.scoring.documents import lamian

SEATS = ("1", "2", "3", "4", "5")
WEIGHTS = {"basic": 40, "broth": 20, "bowl": 25, "creative": 15}


class Contest:
    """Twelve invented works with seeded marks, kept as whole numbers of half points."""

    def __init__(self) -> None:
        self.rules = rulebook.load(lamian())
        chance = random.Random(20250718)
        self.entries = [f"W{number:02}" for number in range(1, 13)]
        self.theory = {entry: chance.randint(120, 200) for entry in self.entries}
        self.times: dict[tuple[str, str], int] = {}
        self.sheets: dict[tuple[str, str], list[int]] = {}
        self.marks: list[Mark] = []
        for event in self.rules.events[1:]:
            limit = event.time_limit_s or 0
            for entry in self.entries:
                self.times[event.key, entry] = limit + chance.randint(-400, 700)
                totals = []
                for seat in SEATS:
                    marks = [(item.key, chance.randint(int(item.max), int(item.max) * 2)) for item in event.criteria]
                    totals.append(sum(half for _, half in marks))
                    self.marks += [Mark(event.key, entry, seat, key, halves(half)) for key, half in marks]
                self.sheets[event.key, entry] = totals

    def scores(self) -> Scores:
        """What the engine says."""
        figures = [Figure("theory", entry, "theory", halves(half)) for entry, half in self.theory.items()]
        figures += [Figure(event, entry, "time_s", str(used)) for (event, entry), used in self.times.items()]
        return score(self.rules, [Entry(entry) for entry in self.entries], self.marks, figures)

    def event(self, event: str, entry: str) -> int:
        """Hundredths of a point of one event."""
        kept = sorted(self.sheets[event, entry])[1:-1]
        judges = half_up(sum(kept) * 50, 3)
        over = self.times[event, entry] - (self.rules.event(event).time_limit_s or 0)
        late = -(-min(max(over, 0), 600) // 60)
        return judges - late * 100

    def practical(self, entry: str) -> int:
        """Hundredths of the practical composite."""
        return half_up(sum(self.event(key, entry) * weight for key, weight in WEIGHTS.items()), 100)

    def overall(self, entry: str) -> int:
        """Hundredths of the overall result."""
        return half_up(self.theory[entry] * 50 * 30 + self.practical(entry) * 70, 100)


def halves(count: int) -> str:
    """Half points as text."""
    return f"{count // 2}.5" if count % 2 else str(count // 2)


def half_up(number: int, divisor: int) -> int:
    """A quotient rounded half-up."""
    return (2 * number + divisor) // (2 * divisor)


@pytest.fixture(scope="module")
def contest() -> Contest:
    return Contest()


@pytest.fixture(scope="module")
def scores(contest: Contest) -> Scores:
    return contest.scores()


def test_every_figure_is_the_plain_one(contest: Contest, scores: Scores) -> None:
    assert scores.complete
    for entry in contest.entries:
        for key in WEIGHTS:
            assert Fraction(scores.row(key, entry).value or 0) * 100 == contest.event(key, entry)
        assert Fraction(scores.row("practical", entry).value or 0) * 100 == contest.practical(entry)
        assert Fraction(scores.row("overall", entry).value or 0) * 100 == contest.overall(entry)


def test_ranks_and_awards_of_events(contest: Contest, scores: Scores) -> None:
    for key in WEIGHTS:
        rows = scores.events[key]
        assert [row.rank for row in rows] == list(range(1, 13))
        assert [row.award for row in rows] == (["gold"] + ["silver"] * 2 + ["bronze"] * 3 + ["commended"] * 6)


def test_the_first_six_overall_are_named(contest: Contest, scores: Scores) -> None:
    rows = scores.totals["overall"]
    assert [row.award for row in rows] == ["expert"] * 6 + [None] * 6
    names = contest.rules.award_names
    assert (names["expert"].zh, names["gold"].zh) == ("技术能手", "金奖")
    best = max(contest.overall(entry) for entry in contest.entries)
    assert contest.overall(rows[0].entry) == best


def test_stopped_works_lose_ten_points_and_no_more(contest: Contest, scores: Scores) -> None:
    stopped = [
        (event, entry) for (event, entry), used in contest.times.items() if used > (contest.rules.event(event).time_limit_s or 0) + 600
    ]
    assert stopped
    assert {str(scores.row(event, entry).figures["time_points"]) for event, entry in stopped} == {"-10"}


def without_source(value: Any, path: str = "") -> list[str]:
    """Objects of the document that state a figure but not where it comes from."""
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in without_source(item, f"{path}/{index}")]
    if not isinstance(value, dict):
        return []
    states = any(key in value for key in ("max", "full", "limit_s", "unit_s", "after_s", "places", "method"))
    below = [found for key, item in value.items() for found in without_source(item, f"{path}/{key}")]
    return below + ([path] if states and "source" not in value else [])


def test_every_figure_says_where_it_comes_from() -> None:
    assert without_source(lamian()) == []
    assert without_source({"max": "10"}) == [""]
