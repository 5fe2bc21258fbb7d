"""The workbook of formulas, recalculated by LibreOffice, gives the engine's figures; roundings hold at exact halves."""

import json
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from competition.core.live_sheets import write_pages
from competition.results.live.book import live_book, live_pages
from competition.results.live.inputs import Book
from competition.scoring import engine, rulebook
from competition.scoring.case import read
from competition.scoring.inputs import Entry as Competitor
from competition.scoring.inputs import Figure, Mark, Sheet
from competition.scoring.intake import Told
from tests.results.live.drawn import wrong
from tests.results.live.office import recalculated
from tests.scoring.ready import KEYS, leaves, ready

CASES = sorted((Path(__file__).parents[2] / "scoring/cases").glob("*.json"))


def drawn(document: dict[str, Any], chance: random.Random) -> tuple[list[Competitor], Told]:
    """Seven works in three teams, five judges, marks and times by chance."""
    entries = [Competitor(f"W{n}", team=f"T{n % 3}") for n in range(7)]
    sheets, figures = [], []
    for event in document["events"]:
        for entry in entries:
            if event["kind"] == "theory":
                figures.append(Figure(event["key"], entry.id, "theory", str(chance.randrange(40, 100))))
            if "time" in event:
                limit = event["time"]["limit_s"]
                figures.append(Figure(event["key"], entry.id, "time_s", str(chance.randrange(limit * 8 // 10, limit + 40))))
            taken = [item["key"] for item in event.get("deductions", ()) if "least" not in item and chance.random() < 0.3]
            figures += [Figure(event["key"], entry.id, key, str(chance.choice([0, 1, 1, 2]))) for key in taken]
            for seat in range(5) if "criteria" in event else ():
                values = {item["key"]: entered(item, chance) for item in leaves(event["criteria"])}
                sheets.append(Sheet(event["key"], entry.id, f"{seat}", values))
    return entries, Told(sheets=sheets, figures=figures)


def entered(item: dict[str, Any], chance: random.Random) -> str:
    """An entry that the criterion allows."""
    kind = item["kind"]
    if kind == "points":
        low, step = Fraction(item.get("min", "0")), Fraction(item.get("step", "1"))
        return str(float(low + step * chance.randrange(int((Fraction(item["max"]) - low) / step) + 1)))
    if kind in ("veto", "pass_fail"):
        return str(int(chance.random() < (0.1 if kind == "veto" else 0.8)))
    if kind == "measured":
        return ",".join(str(round(chance.uniform(0, 2 * float(item["tolerance"])), 1)) for _ in range(item["places"]))
    if kind == "faults":
        return ",".join(str(chance.choice([0, 0, 1])) for _ in item["faults"])
    if kind == "judgement":
        return str(chance.randrange(len(item["levels"])))
    if kind == "grades":
        return str(1 + chance.randrange(len(item["grades"])))
    if kind == "timed":
        return str(chance.randrange(int(item["limit_s"]) // 2, int(item["limit_s"]) * 2))
    return str(chance.randrange(0, 4))


def made() -> Iterator[tuple[str, Book]]:
    """All books that are compared."""
    for key in KEYS:
        document = ready(key)
        rules = rulebook.load(document)
        for turn in range(2):
            entries, told = drawn(document, random.Random(f"{key}{turn}"))
            scores = engine.score(rules, entries, [], told.figures, sheets=told.sheets)
            yield f"{key}-{turn}", live_book(rules, entries, told, [], scores, label=str)
    for path in CASES:
        case = read(json.loads(path.read_text("utf-8")), ready)
        rules = rulebook.load(case.rulebook)
        marks = [*case.marks, *(Mark(s.event, s.entry, s.seat, k, v, s.attempt) for s in case.sheets for k, v in s.values.items())]
        told = Told(marks, (), case.figures, case.panels, case.excusals, case.keys)
        scores = engine.score(rules, case.entries, marks, case.figures, case.decisions, panels=case.panels, excusals=case.excusals,
                              keys=case.keys)
        yield path.stem, live_book(rules, case.entries, told, case.decisions, scores, label=str)


@pytest.mark.slow
def test_every_figure_rank_and_award_is_the_engines() -> None:
    books = dict(made())
    found = recalculated({name: write_pages(live_pages(book), taken=None) for name, book in books.items()})
    assert [f"{name}: {one}" for name, book in books.items() for one in wrong(book, found[name])] == []
