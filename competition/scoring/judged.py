"""The judged part of a practical event: sheets → one figure for one work."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from competition.scoring import exact
from competition.scoring.agreed import NOTHING, Agreed, Call, agree
from competition.scoring.derivation import Later, Step
from competition.scoring.draft import Writer
from competition.scoring.event_input import EventInput
from competition.scoring.joined import join
from competition.scoring.judged_steps import agreed_steps, panel_step, sheet_steps
from competition.scoring.model import Group, Rulebook
from competition.scoring.panels import Combined, WideSpread, combine, figure_of
from competition.scoring.problems import Problem
from competition.scoring.rounding import published, rounded
from competition.scoring.spreads import Gauge
from competition.scoring.units import Row, Unit
from competition.scoring.wording import SHEET

_NO_UNITS: Mapping[str, Fraction] = {}  # the common sheet has no figure of its own name
Rows = Mapping[str, Row]  # by seat
Sums = list[tuple[int, str]]  # parts of a point, by seat


class Verdict(NamedTuple):
    """What the judges say of one work: an outcome that they agreed on, or their figure and why.

    ``Judged.make(of, name)`` gives the figures below it.
    """

    outcome: str
    total: Fraction
    of: object
    made: Step | None


Made = tuple[Fraction, Step | None]


class Judged:
    """Computes the judges' figure of one work after another in one event."""

    def __init__(self, rulebook: Rulebook, here: EventInput, write: Writer, accepted: set[str]) -> None:
        self.here = here
        self.plan = here.plan
        self.rounding = rulebook.rounding
        self.write = write
        self.names = {group.key: group.name.zh for group in here.event.groups}
        self.rules = {unit.key: rulebook.rounding.get(unit.stage) for unit in here.plan.units}  # where its figure is rounded
        sheet = rulebook.rounding.get("sheet")
        self.gauges = {
            unit.key: Gauge(here.event, unit, unit.scale if unit.key or sheet is None else 10**sheet.places) for unit in here.plan.units
        }
        # Units of which nobody asks more than the figure: no derivation, no spread, no rounding or capping of single sheets.
        plain = {unit.key for unit in here.plan.units if unit.simple and self.gauges[unit.key].quiet and (unit.key or sheet is None)}
        self.bare = set() if write.explained else plain
        self.alone = here.plan.common if len(here.plan.units) == 1 and not here.plan.callers else None
        self.accepted = accepted  # entries whose wide spread was accepted by decision

    @property
    def make(self) -> Callable[[Any, str], Fraction]:
        """``make(of, name)``: a figure below that of a verdict."""
        return self._figure_of if self.alone is None else self._figure_on

    def work(self, entry: str, problems: list[Problem]) -> Verdict | None:
        """The verdict on a work; None when marks are missing or lie too far apart. Adds to ``problems``."""
        if self.alone is not None:
            return self._alone(self.alone, entry, problems)
        found = {unit.key: self._rows(unit, entry, problems) for unit in self.plan.units}
        whole = {key: rows for key, rows in found.items() if rows is not None}
        if len(whole) < len(found):
            return None
        agreed = agree(self.plan, whole) if self.plan.callers else NOTHING
        problems += [self._split(entry, call) for call in agreed.split]
        if agreed.outcome:
            return Verdict(agreed.outcome, exact.ZERO, None, self._agreed(agreed.calls))
        figured = [unit for unit in self.plan.units if not unit.is_question]
        made_of = {unit.key: self._combined(unit, whole[unit.key], agreed, entry, problems) for unit in figured}
        combined = {key: made for key, made in made_of.items() if made is not None}
        if len(combined) < len(figured):
            return None
        total, made = join(self.plan, combined, agreed, self.rounding, self.write)
        figures = {key: made[0] for key, made in combined.items()}
        return Verdict("", total, (whole, figures, agreed), made)

    def _alone(self, unit: Unit, entry: str, problems: list[Problem]) -> Verdict | None:
        """The same where there is nothing but the common sheet, and nothing to agree on."""
        rows = self._rows(unit, entry, problems)
        made = None if rows is None else self._combined(unit, rows, NOTHING, entry, problems)
        if rows is None or made is None:
            return None
        return Verdict("", made[0], rows, made[1])

    def _rows(self, unit: Unit, entry: str, problems: list[Problem]) -> Rows | None:
        """The sheets that count; None when one is missing, or there are too few."""
        rows: Rows = self.here.rows[unit.key][entry]
        gaps = self.here.gaps[unit.key].get(entry)
        expected = self.here.expected(unit, entry)
        if gaps or rows.keys() != expected:
            if not self._there(unit, entry, expected, gaps or {}, problems):
                return None
            rows = {seat: row for seat, row in rows.items() if seat in expected}
        if len(rows) < unit.panel.minimum:
            what = SHEET if unit.item is None else unit.item.name.zh
            problems.append(self.here.problem("panel.too_small", entry, count=len(rows), minimum=unit.panel.minimum, what=what))
            return None
        return rows

    def _there(
        self, unit: Unit, entry: str, expected: AbstractSet[str], gaps: Mapping[str, tuple[str, ...]], problems: list[Problem]
    ) -> bool:
        """Whether every seat that must mark has marked; what is missing, and who marked without being asked, is reported."""
        rows = self.here.rows[unit.key][entry]
        for seat in sorted({*rows, *gaps} - expected):
            away = seat in self.here.excused.get(entry, {})
            problems.append(self.here.problem("mark.excused" if away else "seat.unexpected", entry, seats=(seat,), blocking=not away))
        every = tuple(item.name.zh for item in unit.criteria)
        lacking = {seat: gaps.get(seat, every) for seat in sorted(expected) if seat not in rows}
        if len(every) == 1 and lacking:
            problems.append(self.here.problem("marks.missing", entry, seats=lacking, criteria=every))
        else:
            problems += [self.here.problem("marks.missing", entry, seats=(seat,), criteria=names) for seat, names in lacking.items()]
        return not lacking

    def _combined(self, unit: Unit, rows: Rows, agreed: Agreed, entry: str, problems: list[Problem]) -> Made | None:
        """One unit over its seats; None when they lie too far apart and nobody has accepted it."""
        if unit.key in self.bare and not agreed.zeroed:
            sums = self.here.sums[unit.key][entry]
            total, divisor = figure_of(unit.panel, map(sums.__getitem__, rows))
            return self._figure_at(unit, total, divisor * unit.scale), None
        exactly = self._sums(unit, rows, entry, agreed.zeroed)
        result, scale = self._kept(unit, exactly)
        gauge = self.gauges[unit.key]
        if not gauge.quiet and not self._near(entry, gauge.wide(rows, result.all, agreed.zeroed), problems):
            return None
        figure = self._figure_at(unit, result.total, result.divisor * scale)
        made = None
        if self.write.explained:
            steps = Later(partial(self._steps, unit, rows, exactly, agreed))
            made = panel_step(unit, result, scale, steps, self.rules[unit.key])
        return figure, made

    def _steps(self, unit: Unit, rows: Rows, sums: Sums, agreed: Agreed) -> tuple[Step, ...]:
        """What the seats entered, after what they agreed on for a group of the unit."""
        before = agreed_steps([call for call in agreed.calls if call.group in unit.groups], self.names)
        return (*before, *sheet_steps(unit, rows, sums, agreed.zeroed, None if unit.key else self.rounding.get("sheet")))

    def _figure_at(self, unit: Unit, above: int, below: int) -> Fraction:
        """``above`` ÷ ``below`` rounded at the unit's stage."""
        rule = self.rules[unit.key]
        return Fraction(above, below) if rule is None else published(above, below, rule)[0]

    def _kept(self, unit: Unit, sums: Sums) -> tuple[Combined[int], int]:
        """What is kept of what the seats give (of the common sheet rounded by itself), and how many parts a point has then."""
        sheet = None if unit.key else self.rounding.get("sheet")
        if sheet is None:
            return combine(unit.panel, sums), unit.scale
        return combine(unit.panel, [(rounded(parts, unit.scale, sheet), seat) for parts, seat in sums]), 10**sheet.places

    def _sums(self, unit: Unit, rows: Rows, entry: str, zeroed: frozenset[str]) -> Sums:
        """What every seat gives for the unit, in parts of a point: (parts, seat)."""
        if unit.simple and not zeroed:
            sums = self.here.sums[unit.key][entry]
            return [(sums[seat], seat) for seat in rows]
        return [(unit.root.count(unit.parts(row), zeroed), seat) for seat, row in rows.items()]

    def _split(self, entry: str, call: Call) -> Problem:
        return self.here.problem(
            "call.split", entry, seats=call.seats, criteria=(call.name,), blocking=False,
            count=len(call.seats), of=call.of, needed=call.needed,
        )

    def _agreed(self, calls: Sequence[Call]) -> Step | None:
        """The call whose outcome follows."""
        made = agreed_steps([call for call in calls if call.outcome], self.names)
        return made[0] if self.write.explained else None

    def _near(self, entry: str, found: Iterable[tuple[str, WideSpread]], problems: list[Problem]) -> bool:
        """Report wide spreads; False when one blocks and nobody has accepted it."""
        near = True
        for what, wide in found:
            blocks = wide.blocks and entry not in self.accepted
            spread, limit, median = (exact.shown(exact.text(value)) for value in (wide.spread, wide.limit, wide.median))
            problems.append(
                self.here.problem(
                    "spread.wide", entry, seats=wide.seats, blocking=blocks, what=what, spread=spread, limit=limit, median=median
                )
            )
            near = near and not blocks
        return near

    def _figure_on(self, rows: Rows, name: str) -> Fraction:
        """The same where there is nothing but the common sheet."""
        return self._figure({"": rows}, _NO_UNITS, NOTHING, name)

    def _figure_of(self, of: tuple[Mapping[str, Rows], Mapping[str, Fraction], Agreed], name: str) -> Fraction:
        return self._figure(*of, name)

    def _figure(self, whole: Mapping[str, Rows], units: Mapping[str, Fraction], agreed: Agreed, name: str) -> Fraction:
        """A criterion's or group's figure, before its own weight.

        ``whole``: the sheets of every unit; ``units``: the figures of what was combined by itself.
        """
        if name in agreed.zeroed:
            return exact.ZERO
        if name in units:
            return units[name]
        place = self.plan.place.get(name)
        if place is not None:
            unit, position = place
            table = unit.tables[position]
            return self._share(unit, whole, agreed, lambda row: table.points(table.clean[row[name]]))
        if name not in self.plan.parted:
            unit = next(unit for unit in self.plan.units if name in unit.groups)
            branch = unit.groups[name]
            return self._share(unit, whole, agreed, lambda row: branch.count(unit.parts(row), agreed.zeroed) / branch.parts)
        node = self.plan.nodes[name]
        inside = [inner.item for inner in node.inside if not inner.is_question]
        found = sum((self._figure(whole, units, agreed, item.key) * item.weight for item in inside), exact.ZERO)
        cap = node.item.cap if isinstance(node.item, Group) else None
        return found if cap is None else min(found, cap)

    def _share(self, unit: Unit, whole: Mapping[str, Rows], agreed: Agreed, points: Callable[[Row], Fraction]) -> Fraction:
        """The mean (or sum) of some points over the sheets that are kept."""
        rows = whole[unit.key]
        kept = self._kept(unit, [(unit.root.count(unit.parts(row), agreed.zeroed), seat) for seat, row in rows.items()])[0]
        return sum((points(rows[seat]) for _parts, seat in kept.kept), exact.ZERO) / kept.divisor
