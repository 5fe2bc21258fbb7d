"""The judged part of a practical event: sheets → one figure for one work."""

from fractions import Fraction

from competition.scoring import exact
from competition.scoring.derivation import Fact, Step
from competition.scoring.draft import Writer
from competition.scoring.intake import EventInput
from competition.scoring.model import Criterion, PanelRule, Rulebook
from competition.scoring.panels import Combined, WideSpread, attempts_points, combine, wide_spread
from competition.scoring.wording import JUDGES, PANEL, SHEET


class Judged:
    """Computes the judges' figure of one work after another in one event."""

    def __init__(self, rulebook: Rulebook, here: EventInput, write: Writer, accepted: set[str]) -> None:
        self.event = here.event
        self.here = here
        self.write = write
        self.rounding = rulebook.rounding
        self.accepted = accepted  # entries whose wide spread was accepted by decision

    def figure(self, entry: str) -> tuple[dict[str, Fraction], Step | None] | None:
        """Named figures of the work (``judges`` and each criterion); None when incomplete."""
        common = self.event.sheet_criteria
        figures: dict[str, Fraction] = {}
        steps: list[Step | None] = []
        by_sheet = self.event.panel.by == "sheet"
        whole = True
        if common and by_sheet:
            whole = self._sheets(entry, common, figures, steps)
        for criterion in self.event.criteria:
            if criterion.panel is not None or not by_sheet:
                whole &= self._criterion(entry, criterion, figures, steps)
        if not whole:
            return None
        return self._joined(figures, steps, by_sheet=by_sheet)

    def _joined(self, figures: dict[str, Fraction], steps: list[Step | None], *, by_sheet: bool) -> tuple[dict[str, Fraction], Step | None]:
        alone = [item for item in self.event.criteria if item.panel is not None or not by_sheet]
        parts = [item.weighted(figures[item.key]) for item in alone]
        if by_sheet and "judges" in figures:
            parts.insert(0, figures["judges"])
        total = exact.add(parts)
        made = steps[0] if len(steps) == 1 else None
        if len(steps) > 1:
            written: Fact = tuple(exact.text(part) for part in parts)
            made = self.write.step("sum", JUDGES, total, steps, {"parts": written})
        if not by_sheet:
            total, made = self.write.rounded(JUDGES, total, self.rounding.get("panel"), made)
        figures["judges"] = total
        return figures, made

    def _sheets(self, entry: str, criteria: tuple[Criterion, ...], figures: dict[str, Fraction], steps: list[Step | None]) -> bool:
        """The common panel, sheet by sheet; False when something is missing."""
        points: dict[str, dict[str, Fraction]] = {}
        whole = True
        for seat in sorted(self._seats(entry, criteria)):
            found = self._points(entry, seat, criteria)
            missing = [item.name.zh for item in criteria if item.key not in found]
            if missing:
                self.here.report("marks.missing", entry, seats=(seat,), criteria=missing)
                whole = False
            else:
                points[seat] = found
        if not whole or not self._enough(entry, len(points), self.event.panel, SHEET):
            return False
        totals, sheets = {}, []
        for seat, found in points.items():
            total = exact.add(item.weighted(found[item.key]) for item in criteria)
            total, step = self.write.rounded(
                SHEET, total, self.rounding.get("sheet"), self._sheet_step(entry, seat, criteria, found, total), seat
            )
            totals[seat] = total
            sheets.append(step)
        if not self._near(entry, SHEET, wide_spread(self.event, dict(totals))):
            return False
        for item in criteria:
            values = {seat: found[item.key] for seat, found in points.items()}
            if not self._near(entry, item.name.zh, self._criterion_spread(entry, item, values)):
                return False
        result = combine(self.event.panel, totals)
        value, made = self.write.rounded(
            PANEL, result.figure, self.rounding.get("panel"), self._panel_step(PANEL, self.event.panel, result, sheets)
        )
        figures["judges"] = value
        for item in criteria:
            kept = [points[seat][item.key] for seat, _ in result.kept]
            share = exact.add(kept)
            figures[item.key] = share if result.method == "sum" else share / len(kept)
        steps.append(made)
        return True

    def _criterion(self, entry: str, criterion: Criterion, figures: dict[str, Fraction], steps: list[Step | None]) -> bool:
        """One criterion over its seats; False when something is missing."""
        rule = criterion.panel or self.event.panel
        values: dict[str, Fraction] = {}
        missing = []
        for seat in sorted(self._seats(entry, (criterion,))):
            found = self._points(entry, seat, (criterion,))
            if found:
                values[seat] = found[criterion.key]
            else:
                missing.append(seat)
        if missing:
            self.here.report("marks.missing", entry, seats=missing, criteria=(criterion.name.zh,))
            return False
        if not self._enough(entry, len(values), rule, criterion.name.zh):
            return False
        if not self._near(entry, criterion.name.zh, self._criterion_spread(entry, criterion, values)):
            return False
        result = combine(rule, values)
        marks = [self._mark_step(entry, seat, criterion, value) for seat, value in values.items()]
        made = self._panel_step(criterion.name.zh, rule, result, marks)
        value, made = self.write.rounded(criterion.name.zh, result.figure, self.rounding.get("criterion"), made)
        figures[criterion.key] = value
        if criterion.weight != 1:
            facts: dict[str, Fact] = {"figure": exact.text(value), "weight": exact.text(criterion.weight)}
            made = self.write.step("weight", criterion.name.zh, value * criterion.weight, (made,), facts)
        steps.append(made)
        return True

    def _seats(self, entry: str, criteria: tuple[Criterion, ...]) -> set[str]:
        """Seats that count for these criteria; others that marked are reported."""
        expected = set().union(*(self.here.expected(entry, item) for item in criteria))
        for seat, sheet in self.here.sheets.get(entry, {}).items():
            if seat in expected or not any(item.key in sheet for item in criteria):
                continue
            if (entry, seat) in self.here.excused:
                self.here.report("mark.excused", entry, seats=(seat,), blocking=False)
            else:
                self.here.report("seat.unexpected", entry, seats=(seat,))
        return expected

    def _points(self, entry: str, seat: str, criteria: tuple[Criterion, ...]) -> dict[str, Fraction]:
        sheet = self.here.sheets.get(entry, {}).get(seat, {})
        found = {item.key: attempts_points(item, sheet.get(item.key, {})) for item in criteria}
        return {key: value for key, value in found.items() if value is not None}

    def _enough(self, entry: str, count: int, rule: PanelRule, what: str) -> bool:
        if count < rule.minimum:
            self.here.report("panel.too_small", entry, count=count, minimum=rule.minimum, what=what)
        return count >= rule.minimum

    def _criterion_spread(self, entry: str, criterion: Criterion, values: dict[str, Fraction]) -> WideSpread | None:
        rule = criterion.spread
        if rule is None:
            return None
        if rule.limit.unit == "levels":
            values = {seat: Fraction(self._raw(entry, seat, criterion)) for seat in values}
        return wide_spread(rule, dict(values))

    def _near(self, entry: str, what: str, wide: WideSpread | None) -> bool:
        """Report a wide spread; False when it blocks and nobody has accepted it."""
        if wide is None:
            return True
        blocks = wide.blocks and entry not in self.accepted
        spread, limit, median = (exact.shown(exact.text(value)) for value in (wide.spread, wide.limit, wide.median))
        self.here.report(
            "spread.wide", entry, seats=wide.seats, blocking=blocks, what=what, spread=spread, limit=limit, median=median
        )
        return not blocks

    def _raw(self, entry: str, seat: str, criterion: Criterion) -> str:
        attempts = self.here.sheets[entry][seat][criterion.key]
        return attempts[max(attempts)]

    def _raws(self, entry: str, seat: str, criterion: Criterion) -> str:
        attempts = self.here.sheets[entry][seat][criterion.key]
        return " / ".join(attempts[number] for number in sorted(attempts))

    def _sheet_step(
        self, entry: str, seat: str, criteria: tuple[Criterion, ...], points: dict[str, Fraction], total: Fraction
    ) -> Step | None:
        if not self.write.explained:
            return None
        rows: Fact = tuple(
            (item.name.zh, self._raws(entry, seat, item), exact.text(points[item.key]), exact.text(item.weight)) for item in criteria
        )
        return self.write.step("sheet", SHEET, total, (), {"seat": seat, "marks": rows})

    def _mark_step(self, entry: str, seat: str, criterion: Criterion, points: Fraction) -> Step | None:
        if not self.write.explained:
            return None
        facts: dict[str, Fact] = {
            "seat": seat,
            "raw": self._raws(entry, seat, criterion),
            "kind": criterion.kind,
            "max": exact.text(criterion.marking.best),
        }
        return self.write.step("mark", criterion.name.zh, points, (), facts)

    def _panel_step(self, label: str, rule: PanelRule, result: Combined, below: list[Step | None]) -> Step | None:
        if not self.write.explained:
            return None
        facts: dict[str, Fact] = {
            "kept": tuple((seat, exact.text(value)) for seat, value in result.kept),
            "dropped": tuple((seat, exact.text(value), side) for seat, value, side in result.dropped),
            "trim_from": rule.trim_from if rule.method != result.method else 0,
        }
        return self.write.step(f"panel.{result.method}", label, result.figure, below, facts)
