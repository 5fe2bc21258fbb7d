"""The page of an event: judges combined, time, deductions, rounding, score, rank, prizes."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import lcm

from competition.core.live_sheets import Cell, Column, Formula, Page
from competition.core.sheets import free_title
from competition.results.live import clocks, leaves
from competition.results.live.inputs import Book, Expression
from competition.results.live.marks import TRIMS, MarksPage
from competition.results.live.numbers import is_provable, literal, rounded
from competition.results.live.standing import Standing
from competition.scoring import exact
from competition.scoring.each import Each
from competition.scoring.faults import ZEROED, Veto
from competition.scoring.model import Event, Group
from competition.scoring.paper import Section
from competition.scoring.plan import Node
from competition.scoring.rounding import MODES, Rounding
from competition.scoring.scores import Row
from competition.scoring.units import Unit
from competition.scoring.wording import CHINESE


def _dot(expression: str, weight: Fraction) -> str:
    return expression if weight == 1 else f"{expression}*{literal(weight)}"


def _each(each: Each) -> str:
    if each.size == 1:
        return "每次"
    return f"每 {each.size} 次（不足也计）" if each.started else f"每满 {each.size} 次"


class EventPages:
    """Both pages of one event."""

    def __init__(self, book: Book, event: Event) -> None:
        self.book, self.event, self.here = book, event, book.intake.events[event.key]
        self.sections: tuple[Section, ...] = event.paper.sections if event.paper is not None else ()
        self.plan = self.here.plan
        self.rounding = book.rulebook.stage("event", event)
        self.rows = book.rows(event.key)
        self.marks = MarksPage(book, self.here) if event.judged else None
        self.name = event.name.zh
        self.denominator = 1
        self.standing = Standing(book, event, self.name, self._find, descending=event.result != "time")
        self.page = Page(free_title(f"成绩 {self.name}", book.titles), self._columns())

    def write(self) -> None:
        """Make the pages."""
        places = {row.entry: number for number, row in enumerate(self.rows)}
        self.page.rows += [{} for _ in self.rows]
        for number, row in enumerate(self.rows):
            self._vetoes(number, row)
        for number, row in enumerate(self.rows):
            if self.marks is not None:
                self.marks.write(row.entry)
            self._row(number, row)
        self.standing.write(self.page)
        self.book.made[self.event.key] = (self.page, places)
        self.book.pages += [*([self.marks.page] if self.marks is not None else []), self.page]

    def _columns(self) -> list[Column]:
        event, found = self.event, self.standing.first_columns()
        if event.kind == "theory":
            found.append(Column("theory", "理论成绩", "导入"))
            found += [Column(f"s:{one.key}", one.name.zh, "按答题记录和标准答案评出") for one in self.sections]
        callers = self.plan.callers if event.judged else ()
        zeroing = [c.criterion for c in callers if isinstance(c.marking, Veto) and c.marking.then == ZEROED]
        found += [Column(f"v:{item.key}", f"{item.name.zh} 成立", "1 成立（够数的裁判认定），所在分组计 0") for item in zeroing]
        for unit in self.plan.units if event.judged else ():
            if not unit.is_question:
                found += self._unit_columns(unit)
        if event.judged:
            found.append(Column("joined", "裁判组合计", "各部分乘权重相加"))
            found.append(Column("judges", "裁判组得分", self._words("panel") if event.panel.by != "sheet" else "同左"))
        if event.time is not None:
            found += [Column("used", "用时（秒）"), Column("back", "补时（秒）"), Column("in", "参与用时名次", "1 参与", 8),
                      Column("time", "计时（秒）", "用时减补时")]
            found += [Column("time_points", "时间加减分", "按时间规则")] if event.result == "points" else []
        for item in event.deductions:
            cap = "" if item.cap is None else f"，最多 {literal(item.cap)}"
            each = f"{_each(item.each)} {literal(item.per)}{cap}" if item.input == "count" else f"直接填写{cap}"
            found += [Column(f"n:{item.key}", f"{item.name.zh}", "记录的次数或数值"), Column(f"d:{item.key}", f"{item.name.zh} 扣", each)]
        top = "" if event.ceiling is None else f"，最高 {literal(event.ceiling)}"
        found += [Column("before", "取舍前", f"得分加减时间再减扣分，不低于 0{top}"), Column("score", "成绩", self.rounding.words())]
        return found + self.standing.last_columns()

    def _unit_columns(self, unit: Unit) -> list[Column]:
        name = "整张评分表" if unit.item is None else unit.item.name.zh
        p = unit.panel
        how = {"mean": "各席平均", "median": "各席中位数", "sum": "各席相加",
               "trimmed_mean": f"满 {p.trim_from} 席去最低 {p.drop_low}、最高 {p.drop_high}，其余平均"}[p.method]
        return [Column(f"c:{unit.key}", f"{name} 合成", how), Column(f"r:{unit.key}", f"{name} 得分", self._words(unit.stage))]

    def _words(self, stage: str) -> str:
        rule = self.book.rulebook.rounding.get(stage)
        return "不取舍" if rule is None else f"{MODES[rule.mode]}，{rule.places} 位小数"

    # ---- one row ---------------------------------------------------------------------------------

    def _vetoes(self, number: int, row: Row) -> None:
        """What zeroes a group, noted before the sheets are written."""
        if self.marks is None:
            return
        groups: dict[str, list[str]] = {}
        for caller in self.plan.callers:
            if isinstance(caller.marking, Veto) and caller.marking.then == ZEROED and caller.criterion.groups:
                groups.setdefault(caller.criterion.groups[-1], []).append(self.page.at(f"v:{caller.criterion.key}", number, outside=True))
        for group, cells in groups.items():
            self.marks.zeroed[group, row.entry] = cells[0] if len(cells) == 1 else f"MAX({','.join(cells)})"

    def _row(self, number: int, row: Row) -> None:
        cells, known = self.page.rows[number], self.here.figures.get(row.entry, {})
        self._clock(number, row, cells)
        for item in self.event.deductions:
            if item.key in known:
                cells[f"n:{item.key}"] = Decimal(known[item.key])
        if row.status != "OK":
            if row.value is not None:
                cells["score"] = row.value
            if row.status != "INCOMPLETE":
                self.book.note(self.name, f"{self.book.label(row.entry)}：{CHINESE.status(row.status)}，结果按记录照录，不是公式。")
            return
        parts: list[str] = []
        if self.event.kind == "theory":
            parts += self._theory(number, row, cells, known)
        elif self.event.judged:
            self._judged(number, row, cells)
            parts.append(self.page.at("judges", number))
        self._changes(number, cells, known, parts)
        top = f"MIN({literal(self.event.ceiling)},{'+'.join(parts)})" if self.event.ceiling is not None else "+".join(parts)
        cells["before"] = Formula(f"MAX(0,{top.replace('+-', '-')})")
        cells["score"] = self._rounded("before", number, self.denominator, self.rounding)

    def _theory(self, number: int, row: Row, cells: dict[str, Cell], known: Mapping[str, str]) -> list[str]:
        """The mark that was brought in, or the points of the sections: the key stands in no workbook."""
        if "theory" in known:
            cells["theory"] = Decimal(known["theory"])
            self.denominator = lcm(self.denominator, exact.fraction(known["theory"]).denominator)
            return [self.page.at("theory", number)]
        self.book.note(self.name, "各部分得分由系统按答题记录和标准答案评出，标准答案不列在表中。")
        for one in self.sections:
            points = Fraction(row.figures[one.key])
            cells[f"s:{one.key}"] = Decimal(points.numerator) / Decimal(points.denominator)
            self.denominator = lcm(self.denominator, points.denominator)
        return [self.page.at(f"s:{one.key}", number) for one in self.sections]

    def _clock(self, number: int, row: Row, cells: dict[str, Cell]) -> None:
        known = self.here.figures.get(row.entry, {})
        if self.event.time is None or "time_s" not in known:
            return
        cells["used"], cells["back"] = Decimal(known["time_s"]), Decimal(known.get("time_back_s", "0"))
        cells["time"] = Formula(f"MAX(0,{self.page.at('used', number)}-{self.page.at('back', number)})")
        out = self.here.outcome(row.entry) is not None or any(
            item.outcome_from is not None and item.key in known and exact.fraction(known[item.key]) >= item.outcome_from
            for item in self.event.deductions)
        cells["in"] = 0 if out else 1

    def _changes(self, number: int, cells: dict[str, Cell], known: "dict[str, str]", parts: list[str]) -> None:
        rule, last = self.event.time, len(self.rows) - 1
        if rule is not None and self.event.result == "time":
            parts.append(self.page.at("time", number))
        elif rule is not None:
            time = self.page.at("time", number)
            cells["time_points"] = Formula(clocks.points(rule, time, self.page.span("time", 0, last), self.page.span("in", 0, last)))
            parts.append(self.page.at("time_points", number))
            units = [u for u in (rule.over, rule.early, rule.placing and rule.placing.late) if u]
            numbers = [n for u in units for n in (u.points, u.cap or Fraction(0))] + [c for _a, c in rule.bands]
            numbers += [rule.placing.in_time, rule.placing.per_place] if rule.placing else []
            self.denominator = lcm(self.denominator, *(Fraction(n).denominator for n in numbers))
        sign = "" if self.event.result == "time" else "-"
        for item in self.event.deductions:
            if item.key in known:
                cell = self.page.at(f"n:{item.key}", number)
                full = f"{leaves.times(item.each, cell)}*{literal(item.per)}" if item.input == "count" else cell
                cells[f"d:{item.key}"] = Formula(full if item.cap is None else f"MIN({literal(item.cap)},{full})")
                parts.append(f"{sign}{self.page.at(f'd:{item.key}', number)}")
                shares = (item.per, item.cap or Fraction(0), exact.fraction(known[item.key]))
                self.denominator = lcm(self.denominator, *(s.denominator for s in shares))
        for key in ("time_s", "time_back_s"):
            self.denominator = lcm(self.denominator, exact.fraction(known.get(key, "0")).denominator)

    # ---- judges ----------------------------------------------------------------------------------

    def _judged(self, number: int, row: Row, cells: dict[str, Cell]) -> None:
        assert self.marks is not None  # noqa: S101 - a judged event has marks
        for caller in self.plan.callers:
            if isinstance(caller.marking, Veto) and caller.marking.then == ZEROED:
                key = f"e:{caller.criterion.key}:1:0"
                span = self.marks.page.span(key, *self.marks.blocks[row.entry], outside=True)
                needed = f"INT(COUNT({span})/2)+1" if caller.marking.agree_from is None else str(caller.marking.agree_from)
                cells[f"v:{caller.criterion.key}"] = Formula(f"IF(SUM({span})>={needed},1,0)")
        for unit in self.plan.units:
            if not unit.is_question:
                self._unit(unit, number, row, cells)
        by = self.event.panel.by
        joined = self._nodes(self.plan.tree, number, row) if by == "criterion" else self._flat(number, row)
        cells["joined"] = Formula("+".join(joined) or "0")
        rule = self.book.rulebook.rounding.get("panel")
        cells["judges"] = Formula(self.page.at("joined", number))
        own = self.denominator
        if by != "sheet" and rule is not None:
            cells["judges"] = self._rounded("joined", number, own, rule)

    def _unit(self, unit: Unit, number: int, row: Row, cells: dict[str, Cell]) -> None:
        cells[f"c:{unit.key}"] = Formula(self._over_seats(unit, self._marks().value(unit), row))
        rule = self.book.rulebook.rounding.get(unit.stage)
        sheet = self.book.rulebook.rounding.get("sheet") if not unit.key else None
        denominator = (10**sheet.places if sheet else unit.scale) * self._divisor(unit, row)
        cells[f"r:{unit.key}"] = self._rounded(f"c:{unit.key}", number, denominator, rule)
        after = 10**rule.places if rule else denominator
        self.denominator = lcm(self.denominator, after * unit.weight.denominator)
        caps = [g.cap.denominator for g in self.event.groups if g.cap is not None]
        self.denominator = lcm(self.denominator, *caps, *(g.weight.denominator for g in self.event.groups))

    def _marks(self) -> MarksPage:
        assert self.marks is not None  # noqa: S101
        return self.marks

    def _divisor(self, unit: Unit, row: Row) -> int:
        count, p = self._marks().seats[unit.key, row.entry], unit.panel
        if p.method == "sum":
            return 1
        if p.method == "median":
            return 2 - count % 2
        return count - p.drop_low - p.drop_high if p.method == "trimmed_mean" and count >= p.trim_from else count

    def _over_seats(self, unit: Unit, key: str, row: Row) -> str:
        """Some column of the marks over the seats that count."""
        marks = self._marks()
        block = marks.blocks[row.entry]
        span = marks.page.span(key, *block, outside=True)
        if unit.panel.method in TRIMS:
            kept = marks.page.span(f"k:{unit.key}", *block, outside=True)
            return f"SUMPRODUCT({kept},{span})/SUM({kept})"
        return f"SUM({span})" if unit.panel.method == "sum" else f"AVERAGE({span})"

    def _zero(self, key: str, row: Row) -> str | None:
        return self._marks().zeroed.get((key, row.entry))

    def _flat(self, number: int, row: Row) -> list[str]:
        found = []
        for unit in self.plan.units:
            if unit.is_question:
                continue
            cell = self.page.at(f"r:{unit.key}", number)
            cells = [zero for key in (unit.item.groups if unit.item else ()) if (zero := self._zero(key, row))]
            share = _dot(cell, unit.weight)
            found.append(f"IF(MAX({','.join(cells)})=1,0,{share})" if cells else share)
        return found

    def _nodes(self, nodes: "tuple[Node, ...] | list[Node]", number: int, row: Row) -> list[str]:
        found = []
        units = {unit.key for unit in self.plan.units if not unit.is_question}
        for node in nodes:
            item = node.item
            if item.key in units:
                found.append(_dot(self.page.at(f"r:{item.key}", number), item.weight))
            elif isinstance(item, Group):
                total = "+".join(self._nodes(node.inside, number, row)) or "0"
                total = f"MIN({literal(item.cap)},{total})" if item.cap is not None else f"({total})"
                zero = self._zero(item.key, row)
                found.append(_dot(f"IF({zero}=1,0,{total})" if zero else total, item.weight))
        return found

    def _rounded(self, key: str, number: int, denominator: int, rule: Rounding | None) -> Formula:
        if not is_provable(denominator, rule):
            self.book.note(self.name, "此处的取舍在这份规则下不能保证与系统逐位一致，以系统数字为准。")
        return Formula(rounded(self.page.at(key, number), rule))

    # ---- named figures ---------------------------------------------------------------------------

    def _find(self, figure: str, row: Row, number: int) -> Expression | None:
        found = self._figure(figure, row, number)
        if found is not None:
            self.book.figures[self.event.key, row.entry, figure] = found
        return found

    def _figure(self, figure: str, row: Row, number: int) -> Expression | None:
        value = row.figures.get(figure)
        if value is None:
            return None
        own = Fraction(value).denominator
        if figure in ("score", "judges", "time", "time_points"):
            return Expression(self.page.at(figure, number), max(own, 1))
        if any(one.key == figure for one in self.sections):
            return Expression(self.page.at(f"s:{figure}", number), own)
        deductions = [item.key for item in self.event.deductions]
        if figure in deductions:
            return Expression(f"N({self.page.at(f'd:{figure}', number)})", own)
        if figure == "deducted":
            return Expression("+".join(f"N({self.page.at(f'd:{key}', number)})" for key in deductions) or "0", own)
        units = {unit.key: unit for unit in self.plan.units}
        if figure in units:
            return Expression(self.page.at(f"r:{figure}", number), own)
        for unit in units.values():
            criterion = next((item for item in unit.criteria if item.key == figure), None)
            key = self._marks().points_key(criterion) if criterion is not None else f"g:{figure}" if figure in unit.groups else None
            if key is not None:
                text = self._over_seats(unit, key, row)
                return Expression(text, own)
        return None
