"""A case tried: what the engine makes of it, what is counted a second time, and what was expected. Nothing is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from competition.recount.comparing import differences
from competition.recount.given import Given
from competition.recount.recounting import recount
from competition.scoring import derivation, engine, exact, rulebook
from competition.scoring.case import Case
from competition.scoring.inputs import Mark
from competition.scoring.scores import Row, Scores

PREFIXES = {"event": "events", "total": "totals", "team": "teams"}


@dataclass(frozen=True)
class Said:
    """A row in the text of a publication."""

    who: str
    value: str | None
    rank: int | None
    status: str
    awards: tuple[str, ...]
    figures: Mapping[str, str]


@dataclass(frozen=True)
class Tried:
    """What came of a case. ``differences``: of both calculations; ``unexpected``: of what was expected."""

    scores: Scores
    differences: tuple[str, ...]
    unexpected: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Everything as plain data, with the sentences of every line and problem."""
        lines = {scope: {row.entry: sentences(row) for row in rows} for scope, rows in rankings(self.scores).items()}
        return {**self.scores.to_json(), "sentences": lines, "said": [problem.say() for problem in self.scores.problems],
                "counted_twice": list(self.differences), "unexpected": list(self.unexpected)}


def sentences(row: Row) -> list[str]:
    """How a line came about, and why it has its rank."""
    steps = [step for step in (row.derivation, row.standing) if step is not None]
    return [sentence for step in steps for sentence in derivation.sentences(step)]


def rankings(scores: Scores) -> dict[str, tuple[Row, ...]]:
    """All rankings under the names that they are published with."""
    tables = {kind: getattr(scores, table) for kind, table in PREFIXES.items()}
    return {f"{kind}:{key}": rows for kind, table in tables.items() for key, rows in table.items()}


def said(row: Row) -> Said:
    """A row as a publication has it."""
    value = None if row.value is None else exact.text(row.value)
    return Said(row.entry, value, row.rank, row.status, row.awards, {key: exact.text(figure) for key, figure in row.figures.items()})


def try_case(case: Case) -> Tried:
    """Compute a case twice, and hold it against what it expects. Raises RulebookFaults."""
    marks = [*case.marks, *(Mark(one.event, one.entry, one.seat, key, value, one.attempt)
                            for one in case.sheets for key, value in one.values.items())]
    scores = engine.score(rulebook.load(case.rulebook), case.entries, marks, case.figures, case.decisions, panels=case.panels,
                          excusals=case.excusals, keys=case.keys)
    lines = {scope: [said(row) for row in rows] for scope, rows in rankings(scores).items()}
    found: list[str] = []
    if scores.complete:
        given = Given(case.rulebook, case.entries, marks, case.figures, case.decisions, case.panels, case.excusals, case.keys)
        odd = differences(case.rulebook, recount(given), lines)
        found = [f"{one.scope}/{one.entry}/{one.what}: {one.said} ≠ {one.found}" for one in odd]
    return Tried(scores, tuple(found), tuple(unexpected(case, lines)))


def unexpected(case: Case, lines: Mapping[str, list[Said]]) -> Iterator[str]:
    """Every value that is not as the case expects it, by its place."""
    for scope, wanted in case.expect.items():
        by_entry = {line.who: line for line in lines.get(scope, ())}
        for want in wanted:
            line = by_entry.get(want["entry"])
            for key in [key for key in want if key != "entry"]:
                place = f"/expect/{scope}/{want['entry']}/{key}"
                if line is None:
                    yield f"{place}: {want[key]} ≠ –"
                elif key == "figures":
                    yield from (f"{place}/{name}: {value} ≠ {line.figures.get(name)}" for name, value in want[key].items()
                                if not _same(value, line.figures.get(name)))
                elif not _same(want[key], getattr(line, key)):
                    yield f"{place}: {want[key]} ≠ {getattr(line, key)}"


def _same(wanted: object, found: object) -> bool:
    """Equal; of figures as numbers."""
    try:
        return Fraction(str(wanted)) == Fraction(str(found))
    except ValueError:
        return wanted == found
