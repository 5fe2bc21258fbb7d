"""The derivation of what judges say: their sheets, what was combined, what they agreed on."""

from collections.abc import Mapping, Sequence
from operator import getitem

from competition.scoring import exact
from competition.scoring.agreed import Call
from competition.scoring.derivation import Fact, Step, Steps
from competition.scoring.model import Criterion
from competition.scoring.panels import Combined
from competition.scoring.rounding import Rounding, published
from competition.scoring.units import Branch, Row, Unit
from competition.scoring.wording import PANEL, SHEET

Sums = Sequence[tuple[int, str]]


def sheet_steps(unit: Unit, rows: Mapping[str, Row], sums: Sums, zeroed: frozenset[str], rule: Rounding | None) -> tuple[Step, ...]:
    """One step for the sheet of each seat, by its name; ``sums`` before rounding by ``rule``."""
    if isinstance(unit.item, Criterion):
        return tuple(_mark(unit, unit.item, rows[seat], seat, parts) for parts, seat in sorted(sums, key=_seat))
    label = SHEET if unit.item is None else unit.item.name.zh
    steps = []
    for parts, seat in sorted(sums, key=_seat):
        entered = rows[seat]
        row = [] if unit.is_flat and unit.root.group is None else unit.parts(entered)
        flat = tuple(map(getitem, unit.written, entered.values()))
        marks = flat if unit.is_flat else _nested(unit.root, flat, row, zeroed)
        step = Step("sheet", label, exact.quotient(parts, unit.scale), {"seat": seat, "marks": marks, **_whole(unit, parts, row, zeroed)})
        steps.append(step if rule is None else _rounded(step, label, parts, unit.scale, rule, {"seat": seat}))
    return tuple(steps)


def _seat(sum_: tuple[int, str]) -> str:
    return sum_[1]


def _whole(unit: Unit, parts: int, row: list[int], zeroed: frozenset[str]) -> dict[str, Fact]:
    """Where a group is the whole unit: its sum, if the cap or a zero changed it."""
    if unit.root.group is None or unit.root.added(row, zeroed) == parts:
        return {}
    return {"sum": exact.quotient(unit.root.added(row, zeroed), unit.scale), "zeroed": unit.root.group.key in zeroed}


def _nested(branch: Branch, flat: tuple[Fact, ...], row: list[int], zeroed: frozenset[str]) -> tuple[Fact, ...]:
    """The rows of a sheet with its groups: (name, rows, points, weight, sum before the cap, counts zero)."""
    found: list[Fact] = []
    for place in branch.order:
        if isinstance(place, int):
            found.append(flat[place])
        elif place.group is not None and place.order:
            inner = _nested(place, flat, row, zeroed)
            points, added = (exact.text(parts / place.parts) for parts in (place.count(row, zeroed), place.added(row, zeroed)))
            found.append((place.group.name.zh, inner, points, exact.text(place.group.weight), added, place.group.key in zeroed))
    return tuple(found)


def _mark(unit: Unit, item: Criterion, row: Row, seat: str, parts: int) -> Step:
    facts: dict[str, Fact] = {
        "seat": seat,
        "raw": unit.tables[0].raw(row[item.key]),
        "kind": item.kind,
        "max": exact.text(item.marking.best),
    }
    return Step("mark", item.name.zh, exact.quotient(parts, unit.scale), facts)


def panel_step(unit: Unit, result: Combined[int], scale: int, sheets: Steps, rule: Rounding | None) -> Step:
    """Several sheets combined, and rounded by ``rule``; ``scale``: parts of a point."""
    label = PANEL if unit.item is None else unit.item.name.zh
    text = exact.quotient
    facts: dict[str, Fact] = {
        "kept": tuple(sorted([(seat, text(parts, scale)) for parts, seat in result.kept])),
        "dropped": (*[(seat, text(parts, scale), "low") for parts, seat in result.low],
                    *[(seat, text(parts, scale), "high") for parts, seat in result.high]),
        "trim_from": unit.panel.trim_from if unit.panel.method != result.method else 0,
    }
    step = Step(f"panel.{result.method}", label, text(result.total, result.divisor * scale), facts, sheets)
    return step if rule is None else _rounded(step, label, result.total, result.divisor * scale, rule, {})


def _rounded(step: Step, label: str, above: int, below: int, rule: Rounding, more: Mapping[str, Fact]) -> Step:
    facts: dict[str, Fact] = {"before": step.value, "mode": rule.mode, "places": rule.places, **more}
    return Step("round", label, exact.text(published(above, below, rule)[1]), facts, (step,))


def agreed_steps(calls: Sequence[Call], names: Mapping[str, str]) -> list[Step]:
    """What the judges agreed on; ``names``: of the groups by key."""
    return [
        Step("agreed", call.name, "", {**call.facts, "group": names.get(call.group, "")})
        for call in calls
    ]
