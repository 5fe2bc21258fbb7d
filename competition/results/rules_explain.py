"""A derivation as a person recomputes it: the sheets as a table, then one sentence for each step. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


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


def sections(
    key: str, derivation: Json | None, below: Mapping[str, Json | None], names: Mapping[str, str] | None = None
) -> list[Section]:
    """The figure itself, then everything it stands on, each once; ``below``: derivations by key of the rulebook.

    ``names`` are those of a team's members by the id of the engine: whose figures a team's sum adds up.
    """
    found: list[Section] = []
    open_, seen = [(key, derivation)], {key}
    while open_:
        name, step = open_.pop(0)
        if step is None:
            continue
        found.append(Section(name, str(step["label"]), str(step["value"]), table(step), tuple(_lines(step, names or {}))))
        for part in _walk(step):
            of = str(part["facts"]["of"]) if part["code"] == "part" else ""
            if of and of not in seen:
                seen.add(of)
                open_.append((of, below.get(of)))
    return found


def standing_lines(standing: Json | None) -> list[str]:
    """Why this rank: the comparisons first, then the rank."""
    return [] if standing is None else [str(step["words"]) for step in _walk(standing)]


def _walk(step: Json) -> Iterator[Json]:
    for child in step["steps"]:
        yield from _walk(child)
    yield step


def _lines(step: Json, names: Mapping[str, str], depth: int = 0) -> Iterator[tuple[int, str]]:
    """Sentences from the parts to the whole; what stands in the table is not said again."""
    for child in step["steps"]:
        yield from _lines(child, names, depth + 1)
    if step["code"] not in ("sheet", "mark"):
        name = names.get(str(step["facts"]["entry"]), "") if step["code"] == "part" else ""
        yield depth, f"{name}，{step['words']}" if name else str(step["words"])


def table(step: Json) -> Table | None:
    """The marks of a derivation, if judges gave any: whole sheets, single criteria, or both."""
    cells: dict[str, dict[str, Cell]] = {}
    weights: dict[str, str] = {}
    totals: dict[str, str] = {}
    dropped: dict[str, str] = {}
    for each in _walk(step):
        if each["code"] == "sheet":
            seat = str(each["facts"]["seat"])
            totals[seat] = str(each["value"])
            for name, raw, points, weight in each["facts"]["marks"]:
                cells.setdefault(name, {})[seat] = Cell(raw, points)
                weights[name] = weight
        if str(each["code"]).startswith("panel."):
            _take_panel(each, cells, dropped)
    seats = tuple(sorted({seat for row in cells.values() for seat in row}, key=lambda s: (len(s), s)))
    rows = tuple((name, weights.get(name, "1"), tuple(row.get(seat) for seat in seats)) for name, row in cells.items())
    return Table(seats, rows, totals, dropped) if rows else None


def _take_panel(panel: Json, cells: dict[str, dict[str, Cell]], dropped: dict[str, str]) -> None:
    """A panel over whole sheets names the dropped seats; one over a criterion holds its marks itself."""
    sides = {str(seat): str(side) for seat, _value, side in panel["facts"]["dropped"]}
    marks = [child for child in panel["steps"] if child["code"] == "mark"]
    if not marks:
        dropped.update(sides)
    for mark in marks:
        seat = str(mark["facts"]["seat"])
        cells.setdefault(str(mark["label"]), {})[seat] = Cell(str(mark["facts"]["raw"]), str(mark["value"]), seat in sides)
