"""A field of contestants for any rulebook: everything that its document asks for is entered by chance."""

import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from competition.recount.given import Given, leaves
from competition.scoring.inputs import Entry, Figure, Mark
from tests.recount.making_criteria import text

Json = Mapping[str, Any]


def field(document: Json, chance: random.Random, people: int, seats: int = 5) -> Given:
    """So many people in teams of three, marked by all seats in everything; some are absent, late, or lose points."""
    first = document["events"][0]["key"]
    entries = [Entry(f"p{n}", f"t{n // 3}", chance.choice([{}] * 6 + [{"*": "ABSENT"}, {first: "ZERO"}])) for n in range(people)]
    marks: list[Mark] = []
    figures: list[Figure] = []
    for event in document["events"]:
        for entry in entries:
            figures += [Figure(event["key"], entry.id, key, value) for key, value in reported(event, chance).items()]
            marks += [
                Mark(event["key"], entry.id, str(seat), leaf["key"], entered(leaf, chance), attempt)
                for seat in range(1, seats + 1) for leaf in leaves(event.get("criteria", ()))
                for attempt in range(1, leaf.get("attempts", 1) + 1)
            ]
    return Given(document, entries, marks, figures)


def reported(event: Json, chance: random.Random) -> dict[str, str]:
    """Theory mark, time and deductions of one work."""
    found: dict[str, str] = {}
    if event["kind"] == "theory":
        step = Fraction(event.get("step", "0.01"))
        found["theory"] = text(step * chance.randint(0, int(Fraction(event["full"]) / step)))
    if "time" in event:
        found["time_s"] = str(max(1, int(Fraction(event["time"]["limit_s"])) + chance.choice([-200, -60, 0, 5, 61, 600])))
    for item in event.get("deductions", ()):
        if chance.randint(0, 3) == 0:
            least = Fraction(item.get("least", 1))
            found[item["key"]] = text(least + chance.randint(0, 2) * Fraction(item.get("step", 1)))
    return found


def entered(leaf: Json, chance: random.Random) -> str:
    """Something that a judge may enter for a leaf."""
    return _KINDS[leaf.get("kind", "points")](leaf, chance)


def _points(leaf: Json, chance: random.Random) -> str:
    step, least = Fraction(leaf["step"]), Fraction(leaf.get("min", 0))
    steps = (Fraction(leaf["max"]) - least) / step
    return text(least + step * (int(steps) - chance.randint(0, min(6, int(steps)))))


def _faults(leaf: Json, chance: random.Random) -> str:
    return ",".join(str(min(one.get("most", 99), chance.choice([0, 0, 0, 1, 2]))) for one in leaf["faults"])


def _reading(leaf: Json, chance: random.Random) -> str:
    around = [Fraction(one.get("upto", one.get("value", 0))) for one in (*leaf.get("bands", ()), *leaf.get("at", ()))]
    around += [Fraction(leaf[key]) for key in ("tolerance", "zero_beyond", "target") if key in leaf]
    step = Fraction(leaf.get("step", 1))
    return text(max(Fraction(0), (chance.choice(around) / step).__round__() * step + chance.randint(-3, 1) * step))


def _readings(leaf: Json, chance: random.Random) -> str:
    return ",".join(_reading(leaf, chance) for _ in range(int(leaf["places"])))


_KINDS: Mapping[str, Callable[[Json, random.Random], str]] = {
    "points": _points, "faults": _faults, "measured": _readings, "bands": _reading, "scale": _reading,
    "deduct": lambda leaf, chance: str(min(leaf.get("most", 99), chance.choice([0, 0, 1, 2, 4]))),
    "counts": lambda leaf, chance: str(chance.randint(0, min(leaf.get("most", 5), 5))),
    "judgement": lambda leaf, chance: str(chance.randint(0, len(leaf["levels"]) - 1)),
    "grades": lambda leaf, chance: str(chance.randint(1, len(leaf["grades"]))),
    "pass_fail": lambda leaf, chance: str(chance.randint(0, 1)),
    "veto": lambda leaf, chance: str(int(chance.randint(0, 9) == 0)),
    "timed": lambda leaf, chance: str(max(0, int(Fraction(leaf["limit_s"])) + chance.choice([-61, -30, 0, 1, 90]))),
}
