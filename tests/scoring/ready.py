"""Small contests under the ready rulebooks: six invented works with the best marks, unless a test says otherwise."""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from competition.scoring import rulebook
from competition.scoring.engine import Scores, score
from competition.scoring.inputs import AnswerKey, Decision, Entry, Figure, Sheet

FOLDER = Path(__file__).parents[2] / "competition/contests/rulebooks"
KEYS = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))
Json = dict[str, Any]


def ready(key: str) -> Json:
    """A ready rulebook as a document."""
    document: Json = json.loads((FOLDER / f"{key}.json").read_text(encoding="utf-8"))
    return document


def leaves(items: list[Json]) -> Iterator[Json]:
    """What judges mark, out of all groups."""
    for item in items:
        yield from leaves(item["criteria"]) if item["kind"] == "group" else [item]


def best(item: Json) -> str:
    """The entry that gives the most points (for a bonus none: it stands outside the full marks)."""
    if item.get("bonus"):
        return "0"
    return str(_BEST[item["kind"]](item))


def _most(pairs: list[tuple[str, str]]) -> str:
    """Of (entry, points) the entry with the most points."""
    return max(pairs, key=lambda pair: Fraction(pair[1]))[0]


_BEST: dict[str, Any] = {
    "points": lambda item: item["max"],
    "deduct": lambda _item: "0",
    "faults": lambda item: ",".join("0" for _ in item["faults"]),
    "counts": lambda item: str(-(-Fraction(item["max"]) // Fraction(item["per"]))),
    "measured": lambda item: ",".join([item.get("target", "0")] * item["places"]),
    "bands": lambda item: _most([(band["upto"], band["points"]) for band in item["bands"]]),
    "scale": lambda item: _most([(point["value"], point["points"]) for point in item["at"]]),
    "timed": lambda _item: "0",
    "judgement": lambda item: str(len(item["levels"]) - 1),
    "grades": lambda item: _most([(str(at), grade["points"]) for at, grade in enumerate(item["grades"], start=1)]),
    "pass_fail": lambda _item: "1",
    "veto": lambda _item: "0",
}


class Small:
    """Works A to F; A, B, C are one team, D, E, F the other. Everybody ends exactly at the limit, theory is 100."""

    entries = tuple("ABCDEF")

    def __init__(self, key: str, seats: int) -> None:
        self.document = ready(key)
        self.seats = tuple(str(number) for number in range(1, seats + 1))
        self.events = {event["key"]: event for event in self.document["events"]}
        self._marks: dict[tuple[str, str, str], dict[str, str]] = {}
        self._figures: dict[tuple[str, str, str], str] = {}
        self._keys: list[AnswerKey] = []
        for event in self.document["events"]:
            for entry in self.entries:
                self._fill(event, entry)

    def _fill(self, event: Json, entry: str) -> None:
        if event["kind"] == "theory":
            self._figures[event["key"], entry, "theory"] = event["full"]
        if "time" in event:
            self._figures[event["key"], entry, "time_s"] = str(event["time"]["limit_s"])
        for seat in self.seats if "criteria" in event else ():
            self._marks[event["key"], entry, seat] = {item["key"]: best(item) for item in leaves(event["criteria"])}

    def mark(self, event: str, entry: str, **values: str | tuple[str, ...]) -> None:
        """Other marks for one work: one text for all seats, or one for each."""
        for criterion, given in values.items():
            texts = (given,) * len(self.seats) if isinstance(given, str) else given
            for seat, text in zip(self.seats, texts, strict=True):
                marks = self._marks[event, entry, seat]
                assert criterion in marks
                marks[criterion] = text

    def theory(self, **figures: str) -> None:
        """Other theory marks, by work."""
        for entry, value in figures.items():
            self._figures["theory", entry, "theory"] = value

    def key(self, **sections: str) -> None:
        """The key of the theory paper, by section."""
        self._keys += [AnswerKey("theory", section, answers) for section, answers in sections.items()]

    def answers(self, entry: str, **sections: str) -> None:
        """Answers of one work in place of its theory mark."""
        del self._figures["theory", entry, "theory"]
        for section, answers in sections.items():
            self._figures["theory", entry, f"answers.{section}"] = answers

    def time(self, event: str, **seconds: int) -> None:
        """Other times, by work."""
        for entry, value in seconds.items():
            self._figures[event, entry, "time_s"] = str(value)

    def deduct(self, event: str, entry: str, **figures: str) -> None:
        """Deductions of one work."""
        for key, value in figures.items():
            self._figures[event, entry, key] = value

    def sheet(self, event: str, entry: str, seat: str) -> dict[str, str]:
        """What a seat enters for a work."""
        return self._marks[event, entry, seat]

    def figures(self, event: str, entry: str) -> dict[str, str]:
        """What no judge enters of a work."""
        return {key: value for (found, whose, key), value in self._figures.items() if (found, whose) == (event, entry)}

    def scores(self, *decisions: Decision) -> Scores:
        """What the engine says."""
        return score(
            rulebook.load(self.document),
            [Entry(entry, team="ABC" if entry in "ABC" else "DEF") for entry in self.entries],
            [],
            [Figure(*place, value) for place, value in self._figures.items()],
            decisions,
            sheets=[Sheet(*place, marks) for place, marks in self._marks.items()],
            keys=self._keys,
        )


def value(scores: Scores, key: str, entry: str) -> str:
    """A published figure as text; "" without one."""
    found = scores.row(key, entry).value
    return "" if found is None else str(found)


def ranks(scores: Scores, key: str) -> list[tuple[str, int | None]]:
    """Who stands where."""
    return [(row.entry, row.rank) for row in scores.rows(key)]
