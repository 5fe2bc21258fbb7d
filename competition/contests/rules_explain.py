"""A derivation as a person recomputes it: the sheets as a table, then one sentence for each step. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from competition.scoring.derivation import Step, outline
from competition.scoring.wording import Wording


@dataclass(frozen=True)
class Cell:
    """One judge's entry: as written, and the points where they differ."""

    raw: str
    points: str
    is_dropped: bool = False


@dataclass(frozen=True)
class Table:
    """Criteria × seats. ``totals`` and ``dropped`` (seat → low or high) where whole sheets are counted."""

    seats: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[Cell | None, ...]], ...]
    totals: Mapping[str, str]
    dropped: Mapping[str, str]


@dataclass(frozen=True)
class Section:
    """One figure: what it is called, what came out, its sheets, and its steps as (depth, sentence)."""

    key: str
    title: str
    value: str
    table: Table | None
    lines: tuple[tuple[int, str], ...]


def step(kept: Mapping[str, Any] | None) -> Step | None:
    """A derivation as a publication keeps it."""
    return None if kept is None else Step.from_json(kept)


def sections(
    key: str, derivation: Step | None, below: Mapping[str, Step | None], to: Wording, names: Mapping[str, str] | None = None
) -> list[Section]:
    """The figure itself, then everything it stands on, each once; ``below``: derivations by key of the rulebook.

    ``names`` are those of a team's members by the id of the engine: whose figures a team's sum adds up.
    """
    found: list[Section] = []
    open_, seen = [(key, derivation)], {key}
    while open_:
        name, whole = open_.pop(0)
        if whole is None:
            continue
        found.append(Section(name, whole.title(to), whole.value, table(whole, to), tuple(_lines(whole, to, names or {}))))
        for part in _parts(whole):
            of = str(part.facts["of"])
            if of not in seen:
                seen.add(of)
                open_.append((of, below.get(of)))
    return found


def _parts(whole: Step) -> list[Step]:
    return [part for _depth, part in outline(whole) if part.code == "part"]


def standing_lines(standing: Step | None, to: Wording) -> list[str]:
    """Why this rank: the comparisons first, then the rank, then why the awards."""
    steps = [] if standing is None else [each for _depth, each in outline(standing)]
    return [each.say(to) for each in sorted(steps, key=lambda each: each.code == "award")]


def _lines(whole: Step, to: Wording, names: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Sentences from the parts to the whole; what stands in the table is not said again."""
    _ = to.say
    for depth, each in outline(whole):
        if each.code not in ("sheet", "mark"):
            name = names.get(str(each.facts["entry"]), "") if each.code == "part" else ""
            yield depth, _("%(who)s，%(figure)s", who=name, figure=each.say(to)) if name else each.say(to)


def table(whole: Step, to: Wording) -> Table | None:
    """The marks of a derivation, if judges gave any: whole sheets, single criteria, or both."""
    cells: dict[str, dict[str, Cell]] = {}
    weights: dict[str, str] = {}
    totals: dict[str, str] = {}
    dropped: dict[str, str] = {}
    for _depth, each in outline(whole):
        if each.code == "sheet":
            seat = str(each.facts["seat"])
            totals[seat] = each.value
            for name, raw, points, weight in _rows(each.facts["marks"]):
                cells.setdefault(name, {})[seat] = Cell(raw, points)
                weights[name] = weight
        if each.code.startswith("panel."):
            _take_panel(each, cells, dropped)
    seats = tuple(sorted({seat for row in cells.values() for seat in row}, key=lambda s: (len(s), s)))
    rows = tuple((to.name(name), weights.get(name, "1"), tuple(row.get(seat) for seat in seats)) for name, row in cells.items())
    return Table(seats, rows, totals, dropped) if rows else None


def _rows(fact: Any) -> Iterator[tuple[str, ...]]:
    yield from fact


def _take_panel(panel: Step, cells: dict[str, dict[str, Cell]], dropped: dict[str, str]) -> None:
    """A panel over whole sheets names the dropped seats; one over a criterion holds its marks itself."""
    sides = {seat: side for seat, _value, side in _rows(panel.facts["dropped"])}
    marks = [child for child in panel.steps if child.code == "mark"]
    if not marks:
        dropped.update(sides)
    for mark in marks:
        seat = str(mark.facts["seat"])
        cells.setdefault(mark.label, {})[seat] = Cell(str(mark.facts["raw"]), mark.value, seat in sides)
