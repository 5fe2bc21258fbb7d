"""From the sheets of an event to the judges' figure: units over their seats, weights, caps, and what zeroes a group."""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm

from competition.core.live_sheets import Cell, Column, Formula, Page
from competition.results.live.inputs import Book, Expression
from competition.results.live.marks import TRIMS, MarksPage
from competition.results.live.numbers import is_provable, literal, rounded
from competition.scoring.event_input import EventInput
from competition.scoring.faults import ZEROED, Veto
from competition.scoring.model import Group
from competition.scoring.plan import Node
from competition.scoring.rounding import Rounding
from competition.scoring.units import Unit

UNSURE = "此处的取舍在这份规则下不能保证与系统逐位一致，以系统数字为准。"


def stage_words(rule: Rounding | None) -> str:
    """How a stage rounds."""
    return "不取舍" if rule is None else rule.words()


def _stage(rule: Rounding | None) -> tuple[str, int, int | None]:
    """How a stage's column is made, its width and the places that it shows."""
    return stage_words(rule), 11, None if rule is None else rule.places


class Judges:
    """The judges' columns of an event's page. ``denominators``: what makes the judges' figure of a row whole."""

    def __init__(self, book: Book, here: EventInput, marks: MarksPage, name: str) -> None:
        self.book, self.here, self.marks, self.name = book, here, marks, name
        self.event, self.plan = here.event, here.plan
        self.stages = book.rulebook.rounding
        self.units = {unit.key: unit for unit in self.plan.units if not unit.is_question}
        self.vetoes = [c.criterion for c in self.plan.callers if isinstance(c.marking, Veto) and c.marking.then == ZEROED]
        self.denominators: dict[str, int] = {}
        self.page: Page

    def columns(self) -> list[Column]:
        """What is between the status and the time."""
        found = [Column(f"v:{item.key}", f"{item.name.zh} 成立", "1 成立（够数的裁判认定），所在分组计 0") for item in self.vetoes]
        for unit in self.units.values():
            name, p = "整张评分表" if unit.item is None else unit.item.name.zh, unit.panel
            how = {"mean": "各席平均", "median": "各席中位数", "sum": "各席相加",
                   "trimmed_mean": f"满 {p.trim_from} 席去最低 {p.drop_low}、最高 {p.drop_high}，其余平均"}[p.method]
            found.append(Column(f"c:{unit.key}", f"{name} 合成", how))
            found.append(Column(f"r:{unit.key}", f"{name} 得分", *_stage(self.stages.get(unit.stage))))
        found.append(Column("joined", "裁判组合计", "各部分乘权重相加"))
        words, width, places = _stage(self.stages.get("panel"))
        return [*found, Column("judges", "裁判组得分", words if self.event.panel.by != "sheet" else "同左", width, places)]

    def zero_groups(self, number: int, entry: str) -> None:
        """Note what zeroes a group, before the sheets are written."""
        groups: dict[str, list[str]] = {}
        for veto in self.vetoes:
            if veto.groups:
                groups.setdefault(veto.groups[-1], []).append(self.page.at(f"v:{veto.key}", number, outside=True))
        for group, cells in groups.items():
            self.marks.zeroed[group, entry] = cells[0] if len(cells) == 1 else f"MAX({','.join(cells)})"

    def write(self, number: int, entry: str, cells: dict[str, Cell]) -> None:
        """The judges' cells of one work all of whose marks are there."""
        for caller in self.plan.callers:
            if isinstance(caller.marking, Veto) and caller.marking.then == ZEROED:
                span = self.marks.page.span(f"e:{caller.criterion.key}:1:0", *self.marks.blocks[entry], outside=True)
                needed = f"INT(COUNT({span})/2)+1" if caller.marking.agree_from is None else str(caller.marking.agree_from)
                cells[f"v:{caller.criterion.key}"] = Formula(f"IF(SUM({span})>={needed},1,0)")
        for unit in self.units.values():
            cells[f"c:{unit.key}"] = Formula(self._over_seats(unit, self.marks.value(unit), entry))
            cells[f"r:{unit.key}"] = self._rounded(f"c:{unit.key}", number, self._before(unit, entry), self.stages.get(unit.stage))
        own, rule = self._joined_denominator(entry), self.stages.get("panel")
        joined = self._nodes(self.plan.tree, number, entry) if self.event.panel.by == "criterion" else self._flat(number, entry)
        cells["joined"] = Formula("+".join(joined) or "0")
        cells["judges"] = Formula(self.page.at("joined", number))
        if self.event.panel.by != "sheet" and rule is not None:
            cells["judges"], own = self._rounded("joined", number, own, rule), 10**rule.places
        self.denominators[entry] = own

    def _rounded(self, key: str, number: int, denominator: int, rule: Rounding | None) -> Formula:
        if not is_provable(denominator, rule):
            self.book.note(self.name, UNSURE)
        return Formula(rounded(self.page.at(key, number), rule))

    # ---- what makes a figure whole ---------------------------------------------------------------

    def _before(self, unit: Unit, entry: str) -> int:
        """Of a unit's figure before it is rounded."""
        sheet = self.stages.get("sheet") if not unit.key else None
        return (10**sheet.places if sheet else unit.scale) * self._divisor(unit, entry)

    def _after(self, unit: Unit, entry: str) -> int:
        rule = self.stages.get(unit.stage)
        return 10**rule.places if rule else self._before(unit, entry)

    def _joined_denominator(self, entry: str) -> int:
        shares = [self._after(unit, entry) * unit.weight.denominator for unit in self.units.values()]
        groups = [number.denominator for group in self.event.groups for number in (group.weight, group.cap or Fraction(0))]
        return lcm(*shares, *groups)

    def _divisor(self, unit: Unit, entry: str) -> int:
        count, p = self.marks.seats[unit.key, entry], unit.panel
        if p.method == "sum":
            return 1
        if p.method == "median":
            return 2 - count % 2
        return count - p.drop_low - p.drop_high if p.method == "trimmed_mean" and count >= p.trim_from else count

    # ---- putting together ------------------------------------------------------------------------

    def _over_seats(self, unit: Unit, key: str, entry: str) -> str:
        """Some column of the marks over the seats that count."""
        block = self.marks.blocks[entry]
        span = self.marks.page.span(key, *block, outside=True)
        if unit.panel.method in TRIMS:
            kept = self.marks.page.span(f"k:{unit.key}", *block, outside=True)
            return f"SUMPRODUCT({kept},{span})/SUM({kept})"
        return f"SUM({span})" if unit.panel.method == "sum" else f"AVERAGE({span})"

    def _flat(self, number: int, entry: str) -> list[str]:
        found = []
        for unit in self.units.values():
            around = unit.item.groups if unit.item else ()
            zeroed = [self.marks.zeroed[group, entry] for group in around if (group, entry) in self.marks.zeroed]
            share = dot(self.page.at(f"r:{unit.key}", number), unit.weight)
            found.append(f"IF(MAX({','.join(zeroed)})=1,0,{share})" if zeroed else share)
        return found

    def _nodes(self, nodes: Iterable[Node], number: int, entry: str) -> list[str]:
        found = []
        for node in nodes:
            item = node.item
            if item.key in self.units:
                found.append(dot(self.page.at(f"r:{item.key}", number), item.weight))
            elif isinstance(item, Group):
                total = "+".join(self._nodes(node.inside, number, entry)) or "0"
                found.append(dot(self._bounded(item, total, entry), item.weight))
        return found

    def _bounded(self, group: Group, total: str, entry: str) -> str:
        """The points of a group: at most its cap, nothing when it counts zero."""
        total = f"MIN({literal(group.cap)},{total})" if group.cap is not None else f"({total})"
        zero = self.marks.zeroed.get((group.key, entry))
        return f"IF({zero}=1,0,{total})" if zero else total

    # ---- named figures ---------------------------------------------------------------------------

    def figure(self, name: str, number: int, entry: str, *, outside: bool = False) -> Expression | None:
        """A criterion's or group's figure before its own weight; None where the plan knows no such name."""
        if name in self.units:
            return Expression(self.page.at(f"r:{name}", number, outside=outside), self._after(self.units[name], entry))
        if name in self.plan.place and name in self.plan.names:
            unit, position = self.plan.place[name]
            item = unit.criteria[position]
            own = item.marking.denominator * self._divisor(unit, entry)
            return Expression(self._over_seats(unit, self.marks.points_key(item), entry), own)
        if name in self.plan.parted:
            return self._parted(name, number, entry, outside=outside)
        for unit in self.units.values():
            if name in unit.groups:
                own = unit.groups[name].parts.numerator * self._divisor(unit, entry)
                return Expression(self._over_seats(unit, f"g:{name}", entry), own)
        return None

    def _parted(self, name: str, number: int, entry: str, *, outside: bool) -> Expression | None:
        """A group around something that is combined by itself."""
        node, shares, own = self.plan.nodes[name], [], 1
        for inner in node.inside:
            if inner.is_question:
                continue
            found = self.figure(inner.item.key, number, entry, outside=outside)
            if found is None:
                return None
            shares.append(dot(f"({found.text})", inner.item.weight))
            own = lcm(own, found.denominator * inner.item.weight.denominator)
        assert isinstance(node.item, Group)  # noqa: S101 - only groups have something in them
        cap = node.item.cap.denominator if node.item.cap is not None else 1
        return Expression(self._bounded(node.item, "+".join(shares) or "0", entry), lcm(own, cap))


def dot(expression: str, weight: Fraction) -> str:
    """An expression times a weight."""
    return expression if weight == 1 else f"{expression}*{literal(weight)}"
