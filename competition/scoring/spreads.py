"""Whether the judges of one work lie too far apart on the sheet, on a group or on a criterion."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from competition.scoring.model import Criterion, Event, SpreadRule
from competition.scoring.panels import WideSpread, spread_of
from competition.scoring.units import Branch, Row, Unit
from competition.scoring.wording import SHEET


class Gauge:
    """The spread rules of one unit, ready for many works. ``scale``: parts of a point in the sums that are compared."""

    def __init__(self, event: Event, unit: Unit, scale: int) -> None:
        self.unit = unit
        self.scale = scale
        self.what = SHEET if unit.item is None else unit.item.name.zh
        rule = event.spread if unit.item is None else unit.item.spread
        self.levels = rule if rule is not None and rule.limit.unit == "levels" else None
        self.rule = None if self.levels is not None else rule
        self.limit = None if self.rule is None else self.rule.limit.of(self.rule.full) * scale // 1
        inner = unit.criteria if not isinstance(unit.item, Criterion) else ()
        self.criteria = [(place, item, item.spread) for place, item in enumerate(inner) if item.spread is not None]
        self.groups = [
            (branch, branch.group.spread)
            for branch in unit.root.all()
            if branch is not unit.root and branch.group is not None and branch.group.spread is not None
        ]
        self.quiet = self.limit is None and self.levels is None and not self.criteria and not self.groups

    def wide(self, rows: Mapping[str, Row], sums: Sequence[tuple[int, str]], zeroed: frozenset[str]) -> Iterator[tuple[str, WideSpread]]:
        """What lies too far apart: its name, and how far. ``sums``: what each seat gives for the unit."""
        found: list[tuple[str, WideSpread | None]] = []
        if self.rule is not None and self.limit is not None and max(sums)[0] - min(sums)[0] > self.limit:
            found.append((self.what, spread_of(self.rule, {seat: Fraction(parts, self.scale) for parts, seat in sums})))
        if self.levels is not None:
            found.append((self.what, spread_of(self.levels, _levels(self.unit, 0, rows))))
        for branch, rule in self.groups:
            found.append((_name(branch), spread_of(rule, _points_on(self.unit, branch, rows, zeroed))))
        for place, item, rule in self.criteria:
            found.append((item.name.zh, spread_of(rule, _values(self.unit, place, rule, rows))))
        yield from ((what, wide) for what, wide in found if wide is not None)


def _name(branch: Branch) -> str:
    return "" if branch.group is None else branch.group.name.zh


def _points_on(unit: Unit, branch: Branch, rows: Mapping[str, Row], zeroed: frozenset[str]) -> dict[str, Fraction]:
    return {seat: branch.count(unit.parts(row), zeroed) / branch.parts for seat, row in rows.items()}


def _values(unit: Unit, place: int, rule: SpreadRule, rows: Mapping[str, Row]) -> dict[str, Fraction]:
    if rule.limit.unit == "levels":
        return _levels(unit, place, rows)
    table, key = unit.tables[place], unit.criteria[place].key
    return {seat: table.points(table.clean[entered[key]]) for seat, entered in rows.items()}


def _levels(unit: Unit, place: int, rows: Mapping[str, Row]) -> dict[str, Fraction]:
    """The entries themselves, of several attempts the last."""
    table, key = unit.tables[place], unit.criteria[place].key
    last = {seat: table.clean[entered[key]] for seat, entered in rows.items()}
    return {seat: Fraction(value if isinstance(value, str) else value[-1]) for seat, value in last.items()}
