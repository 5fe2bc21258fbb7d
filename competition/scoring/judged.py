"""The judged part of a practical event: sheets → one figure for one work."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from competition.scoring import exact
from competition.scoring.agreed import NOTHING, Agreed, Call, agree
from competition.scoring.derivation import Step
from competition.scoring.draft import Writer
from competition.scoring.event_input import EventInput, Row
from competition.scoring.figures import Figures
from competition.scoring.joined import join
from competition.scoring.judged_steps import agreed_steps, panel_step, sheet_steps
from competition.scoring.model import Group, Rulebook
from competition.scoring.panels import Combined, WideSpread, combine
from competition.scoring.problems import Problem
from competition.scoring.rounding import rounded
from competition.scoring.spreads import Gauge
from competition.scoring.units import Unit
from competition.scoring.wording import SHEET

Rows = Mapping[str, Row]  # by seat


class Combination(NamedTuple):
    """One unit of one work: its figure, how it came about, and the sheets it was made from."""

    unit: Unit
    figure: Fraction
    made: Step | None
    kept: Combined[int]
    rows: Rows


class Verdict(NamedTuple):
    """What the judges say of one work: an outcome that they agreed on, or their figure and the figures below it."""

    outcome: str
    total: Fraction
    figures: Figures[Fraction]
    made: Step | None


class Judged:
    """Computes the judges' figure of one work after another in one event."""

    def __init__(self, rulebook: Rulebook, here: EventInput, write: Writer, accepted: set[str]) -> None:
        self.here = here
        self.plan = here.plan
        self.rounding = rulebook.rounding
        self.write = write
        self.names = {group.key: group.name.zh for group in here.event.groups}
        sheet = rulebook.rounding.get("sheet")
        self.gauges = {
            unit.key: Gauge(here.event, unit, unit.scale if unit.key or sheet is None else 10**sheet.places) for unit in here.plan.units
        }
        self.accepted = accepted  # entries whose wide spread was accepted by decision

    def work(self, entry: str, problems: list[Problem]) -> Verdict | None:
        """The verdict on a work; None when marks are missing or lie too far apart. Adds to ``problems``."""
        found = [(unit, self._rows(unit, entry, problems)) for unit in self.plan.units]
        whole = [(unit, rows) for unit, rows in found if rows is not None]
        if len(whole) < len(found):
            return None
        agreed = NOTHING
        if self.plan.callers:
            agreed = agree(self.plan, {unit.key: rows for unit, rows in whole})
            problems += [self._split(entry, call) for call in agreed.split]
            if agreed.outcome:
                return Verdict(agreed.outcome, exact.ZERO, Figures(), self._agreed(agreed.calls))
        combined = {unit.key: self._combined(unit, rows, agreed, entry, problems) for unit, rows in whole if not unit.is_question}
        made_of = {key: one for key, one in combined.items() if one is not None}
        if len(made_of) < len(combined):
            return None
        return self._verdict(made_of, agreed)

    def _verdict(self, combined: Mapping[str, Combination], agreed: Agreed) -> Verdict:
        only = next(iter(combined.values())) if len(combined) == 1 else None
        if only is not None and only.unit.key == "":
            total, made = only.figure, only.made
        else:
            total, made = join(self.plan, {key: (one.figure, one.made) for key, one in combined.items()}, agreed, self.rounding, self.write)
        figures = Figures({"judges": total}, self.plan.names, partial(self._figure, combined, agreed))
        return Verdict("", total, figures, made)

    def _rows(self, unit: Unit, entry: str, problems: list[Problem]) -> Rows | None:
        """The sheets that count; None when one is missing, or there are too few."""
        rows: Rows = self.here.rows[unit.key][entry]
        gaps = self.here.gaps[unit.key].get(entry, {})
        expected = self.here.expected(unit, entry)
        if rows.keys() != expected or gaps:
            if not self._there(unit, entry, expected, gaps, problems):
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

    def _combined(self, unit: Unit, rows: Rows, agreed: Agreed, entry: str, problems: list[Problem]) -> Combination | None:
        """One unit over its seats; None when they lie too far apart and nobody has accepted it."""
        sheet = None if unit.key else self.rounding.get("sheet")
        exactly, scale = self._sums(unit, rows, agreed.zeroed), unit.scale
        sums = exactly
        if sheet is not None:
            scale = 10**sheet.places
            sums = [(rounded(parts, unit.scale, sheet), seat) for parts, seat in exactly]
        gauge = self.gauges[unit.key]
        if not gauge.quiet and not self._near(entry, gauge.wide(rows, sums, agreed.zeroed), problems):
            return None
        result = combine(unit.panel, sums)
        rule, below = self.rounding.get(unit.stage), result.divisor * scale
        figure = Fraction(result.total, below) if rule is None else Fraction(rounded(result.total, below, rule), 10**rule.places)
        made = None
        if self.write.explained:
            before = agreed_steps([call for call in agreed.calls if call.group in unit.groups], self.names)
            sheets = sheet_steps(unit, rows, exactly, agreed.zeroed, sheet)
            made = panel_step(unit, result, scale, (*before, *sheets), rule)
        return Combination(unit, figure, made, result, rows)

    def _sums(self, unit: Unit, rows: Rows, zeroed: frozenset[str]) -> list[tuple[int, str]]:
        """What every seat gives for the unit, in parts of a point: (parts, seat)."""
        if unit.simple and not zeroed:
            return [(sum(row), seat) for seat, (_entered, row) in rows.items()]
        return [(unit.root.count(row, zeroed), seat) for seat, (_entered, row) in rows.items()]

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

    def _figure(self, combined: Mapping[str, Combination], agreed: Agreed, name: str) -> Fraction:
        """A criterion's or group's figure, before its own weight."""
        if name in agreed.zeroed:
            return exact.ZERO
        if name in combined:
            return combined[name].figure
        place = self.plan.place.get(name)
        if place is not None:
            unit, position = place
            table = unit.tables[position]
            return _share(combined[unit.key], lambda row: table.points(table.clean[row[0][name]]))
        return self._group(combined, agreed, name)

    def _group(self, combined: Mapping[str, Combination], agreed: Agreed, name: str) -> Fraction:
        """A group's figure: over the sheets on which all of it stands, or from the figures of what stands in it."""
        node = self.plan.nodes[name]
        one = next((one for one in combined.values() if name in one.unit.groups), None)
        if one is not None and name not in self.plan.parted:
            branch = one.unit.groups[name]
            return _share(one, lambda row: branch.count(row[1], agreed.zeroed) / branch.parts)
        inside = [inner.item for inner in node.inside if not inner.is_question]
        found = sum((self._figure(combined, agreed, item.key) * item.weight for item in inside), exact.ZERO)
        cap = node.item.cap if isinstance(node.item, Group) else None
        return found if cap is None else min(found, cap)


def _share(one: Combination, points: Callable[[Row], Fraction]) -> Fraction:
    """The mean (or sum) of some points over the sheets that were kept."""
    total = sum((points(one.rows[seat]) for _parts, seat in one.kept.kept), exact.ZERO)
    return total / one.kept.divisor
