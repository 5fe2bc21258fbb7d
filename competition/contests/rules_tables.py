"""The marks of a derivation as tables: criteria × seats, one table for each sheet that is combined by itself. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from competition.scoring.derivation import Step, outline
from competition.scoring.wording import PANEL, SHEET, Say, Wording

_Place = tuple[int, ...]  # of a row on its sheet, group by group


@dataclass(frozen=True)
class Cell:
    """One judge's entry: as written, and the points where they differ."""

    raw: str
    points: str
    is_dropped: bool = False


@dataclass(frozen=True)
class Line:
    """A criterion, or a group with its points above what stands in it; ``depth``: in how many groups it stands."""

    name: str
    weight: str
    cells: tuple[Cell | None, ...]
    depth: int = 0
    is_group: bool = False


@dataclass(frozen=True)
class Table:
    """``title`` "" for the common sheet. ``totals`` and ``dropped`` (seat → low or high) where whole sheets are counted."""

    title: str
    seats: tuple[str, ...]
    rows: tuple[Line, ...]
    totals: Mapping[str, str]
    dropped: Mapping[str, str]


@dataclass
class _Draft:
    """A table while its steps are read: what a row is, and its cells by seat."""

    rows: dict[_Place, tuple[str, str, bool]] = field(default_factory=dict)
    cells: dict[_Place, dict[str, Cell]] = field(default_factory=dict)
    totals: dict[str, str] = field(default_factory=dict)
    dropped: dict[str, str] = field(default_factory=dict)

    def put(self, place: _Place, row: tuple[str, str, bool], seat: str, cell: Cell) -> None:
        self.rows.setdefault(place, row)
        self.cells.setdefault(place, {})[seat] = cell

    def table(self, title: str, to: Wording) -> Table:
        seats = tuple(sorted({seat for row in self.cells.values() for seat in row}, key=lambda seat: (len(seat), seat)))
        lines = tuple(
            Line(to.name(name), weight, tuple(self.cells[place].get(seat) for seat in seats), len(place) - 1, is_group)
            for place, (name, weight, is_group) in sorted(self.rows.items())
        )
        return Table(title, seats, lines, self.totals, self.dropped)


def tables(whole: Step, to: Wording) -> tuple[Table, ...]:
    """Whole sheets each with their own table, then the criteria that are combined one by one in one table."""
    found: list[Table] = []
    single, waiting = _Draft(), list[Step]()
    for _depth, each in outline(whole):
        if each.code in ("sheet", "mark"):
            waiting.append(each)
        elif each.code.startswith("panel."):
            found += _read(waiting, {seat: side for seat, _value, side in _facts(each, "dropped")}, single, to)
            waiting = []
    found += _read(waiting, {}, single, to)
    return (*found, *([single.table("", to)] if single.rows else []))


def _read(steps: Sequence[Step], sides: Mapping[str, str], single: _Draft, to: Wording) -> Iterator[Table]:
    """What one panel combines: sheets make a table, marks a row of the table of single criteria."""
    sheets = [step for step in steps if step.code == "sheet"]
    if sheets:
        draft = _Draft(dropped=dict(sides))
        for sheet in sheets:
            seat = str(sheet.facts["seat"])
            draft.totals[seat] = sheet.value
            for place, row, cell in _rows(_facts(sheet, "marks"), (), to.say):
                draft.put(place, row, seat, cell)
        label = sheets[0].label
        yield draft.table("" if label in (SHEET, PANEL) else to.name(label), to)
    before, label = len(single.rows), ""
    for mark in (step for step in steps if step.code == "mark"):
        before, label = before + int(bool(label) and mark.label != label), mark.label
        seat = str(mark.facts["seat"])
        single.put((before,), (label, "1", False), seat, Cell(str(mark.facts["raw"]), mark.value, seat in sides))


def _rows(rows: Sequence[Any], above: _Place, _: Say) -> Iterator[tuple[_Place, tuple[str, str, bool], Cell]]:
    """The rows of a sheet: a leaf is (name, raw, points, weight), a group (name, rows, points, weight, its sum, counts zero)."""
    for number, (name, inside, points, weight, *group) in enumerate(rows):
        place = (*above, number)
        if group:
            said = points if group[0] == points else f"{group[0]} → {points}"  # cut by its cap, or judged to count zero
            yield place, (name, weight, True), Cell(said, said)
            yield from _rows(inside, place, _)
        elif points:
            yield place, (name, weight, False), Cell(inside, points)
        else:
            said = _("出现了") if inside == "1" else _("没有出现")
            yield place, (name, weight, False), Cell(said, said)


def _facts(step: Step, name: str) -> Sequence[Any]:
    found = step.facts[name]
    return found if isinstance(found, tuple) else ()
