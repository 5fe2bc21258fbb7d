"""Several judges → one figure: the tree of an event's criteria, unit by unit, as the panels of the document say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from competition.recount.given import Json
from competition.recount.marking import called_for, is_group, points, weight
from competition.recount.numbers import ZERO, number, rounded
from competition.recount.sheets import Missing, Sheets
from competition.recount.tree import is_veto, unit_keys

BySeat = dict[str, Fraction]


@dataclass
class Judged:
    """What the judges of one work give: the figure, those of all criteria and groups, and an outcome that they agree on."""

    total: Fraction = ZERO
    figures: dict[str, Fraction] = field(default_factory=dict)
    outcome: str | None = None


def kept(panel: Json, by_seat: BySeat) -> list[str]:
    """The seats whose figures count, from the lowest figure to the highest; of equals by the name of the seat."""
    ordered = sorted(by_seat, key=lambda seat: (by_seat[seat], seat))
    method = panel.get("method", "mean")
    if method == "median":
        half = len(ordered) // 2
        return ordered[half : half + 1] if len(ordered) % 2 else ordered[half - 1 : half + 1]
    if method == "trimmed_mean" and len(ordered) >= panel["from"]:
        return ordered[panel["drop_low"] : len(ordered) - panel["drop_high"]]
    return ordered


def combine(panel: Json, by_seat: BySeat, seats: Sequence[str]) -> Fraction:
    """The figures of these seats → one."""
    total = sum((by_seat[seat] for seat in seats), ZERO)
    return total if panel.get("method", "mean") == "sum" else total / len(seats)


class Work:
    """One work before its judges."""

    def __init__(self, event: Json, stages: Json, sheets: Sheets, entry: str) -> None:
        self.event, self.stages, self.sheets, self.entry = event, stages, sheets, entry
        self.nodes: Sequence[Json] = event.get("criteria", ())
        self.panel: Json = event.get("panel", {"method": "mean"})
        self.by = self.panel.get("by", "sheet")
        self.units = unit_keys(event)
        self.zeroed: set[str] = set()
        self.outcomes: list[str] = []
        self._ask(self.nodes, None)

    def judged(self) -> Judged:
        """The judges' figure and all figures below it; raises Missing."""
        found = Judged()
        common = [leaf for leaf in self.leaves_of(self.nodes) if not is_veto(leaf)] if self.by == "sheet" else []
        if common:
            sheet = self._unit(self.panel, self.on_common_sheet, self.leaves_of(self.nodes), self._below(self.nodes), found.figures)
            found.total = rounded(sheet, self.stages.get("panel"))
        alone = sum((weight(node) * self._worth(node, found.figures) for node in self.nodes), ZERO)
        found.total = found.total + alone if self.by == "sheet" else rounded(alone, self.stages.get("panel"))
        found.outcome = self.outcomes[0] if self.outcomes else None
        return found

    # ---- one seat ------------------------------------------------------------------------------

    def on_common_sheet(self, seat: str) -> Fraction:
        """A seat's sum on the common sheet."""
        return rounded(self._sum(self.nodes, seat), self.stages.get("sheet"))

    def of_seat(self, node: Json, seat: str) -> Fraction:
        """A seat's points on a leaf or a group, before its own weight; without what is combined by itself inside of it."""
        if not is_group(node):
            return points(node, self.sheets.attempts(self.entry, seat, node["key"]))
        if node["key"] in self.zeroed:
            return ZERO
        return _capped(node, self._sum(node["criteria"], seat))

    def _sum(self, nodes: Sequence[Json], seat: str) -> Fraction:
        return sum((weight(node) * self.of_seat(node, seat) for node in nodes if node["key"] not in self.units), ZERO)

    # ---- combined ------------------------------------------------------------------------------

    def leaves_of(self, nodes: Sequence[Json]) -> list[Json]:
        """The leaves of a unit with these nodes: without the units inside of it."""
        found: list[Json] = []
        for node in nodes:
            if node["key"] not in self.units:
                found += self.leaves_of(node["criteria"]) if is_group(node) else [node]
        return found

    def _below(self, nodes: Sequence[Json]) -> list[Json]:
        """The leaves and groups inside of a unit, without units and vetoes."""
        found: list[Json] = []
        for node in nodes:
            if node["key"] not in self.units and not is_veto(node):
                found += [node, *(self._below(node["criteria"]) if is_group(node) else [])]
        return found

    def _unit(
        self, panel: Json, of_seat: Callable[[str], Fraction], marked: Sequence[Json], below: Sequence[Json], figures: BySeat
    ) -> Fraction:
        """One unit: all of its seats, then its method. Also the figures of what stands in it."""
        seats = set().union(*(self.sheets.seats(self.entry, leaf["key"]) for leaf in marked))
        for seat in seats:
            for leaf in marked:
                self.sheets.attempts(self.entry, seat, leaf["key"])
        if len(seats) < max(1, panel.get("minimum", 1)):
            raise Missing(f"{self.entry}: {len(seats)}")
        by_seat = {seat: of_seat(seat) for seat in seats}
        counting = kept(panel, by_seat)
        for node in below:
            figures[node["key"]] = combine(panel, {seat: self.of_seat(node, seat) for seat in counting}, counting)
        return combine(panel, by_seat, counting)

    def _worth(self, node: Json, figures: BySeat) -> Fraction:
        """What the units in a node give, before its own weight; what stands on the common sheet gives nothing here."""
        key, children = node["key"], node["criteria"] if is_group(node) else []
        is_unit = key in self.units and not is_veto(node)
        if is_unit:
            marked = self.leaves_of(children) if children else [node]
            panel = node.get("panel", self.panel)
            figure = self._unit(panel, lambda seat: self.of_seat(node, seat), marked, self._below(children), figures)
            figures[key] = rounded(figure, self.stages.get("criterion"))
        inside = sum((weight(child) * self._worth(child, figures) for child in children), ZERO)
        if is_unit:
            inside += figures[key]
        elif any(one in self.units for one in _keys(children)):
            figures[key] = ZERO if key in self.zeroed else _capped(node, self._figures_of(children, figures))
            inside = _capped(node, inside)
        return ZERO if key in self.zeroed else inside

    def _figures_of(self, children: Sequence[Json], figures: BySeat) -> Fraction:
        return sum((weight(child) * figures[child["key"]] for child in children if not is_veto(child)), ZERO)

    # ---- what judges call for ------------------------------------------------------------------

    def _ask(self, nodes: Sequence[Json], group: str | None) -> None:
        """Note what enough seats call for: groups that count 0, and outcomes in the order of the document."""
        for node in nodes:
            if is_group(node):
                self._ask(node["criteria"], node["key"])
            for code in self._agreed(node):
                if code != "zero":
                    self.outcomes.append(code)
                elif group is None:
                    self.outcomes.append("ZERO")
                else:
                    self.zeroed.add(group)

    def _agreed(self, leaf: Json) -> list[str]:
        if leaf.get("kind") not in ("veto", "faults"):
            return []
        seats = self.sheets.seats(self.entry, leaf["key"])
        said = [called_for(leaf, self.sheets.attempts(self.entry, seat, leaf["key"])) for seat in seats]
        each = [leaf.get("then", "zero")] if is_veto(leaf) else [one["outcome"]["code"] for one in leaf["faults"] if "outcome" in one]
        return [code for code in dict.fromkeys(each) if _is_enough(leaf, sum(code in codes for codes in said), len(seats))]


def _is_enough(leaf: Json, count: int, seats: int) -> bool:
    return count >= leaf["from"] if "from" in leaf else 2 * count > seats


def _capped(group: Json, total: Fraction) -> Fraction:
    return min(total, number(group["cap"])) if "cap" in group else total


def _keys(nodes: Sequence[Json]) -> list[str]:
    """The keys of all leaves and groups under these nodes."""
    return [key for node in nodes for key in [node["key"], *(_keys(node["criteria"]) if is_group(node) else [])]]

