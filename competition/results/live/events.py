"""The page of an event: judges combined, time, deductions, rounding, score, rank, prizes."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import lcm

from competition.core.live_sheets import Cell, Column, Formula, Page
from competition.core.sheets import free_title
from competition.results.live import clocks, leaves
from competition.results.live.inputs import Book, Expression
from competition.results.live.judges import UNSURE, Judges, stage_words
from competition.results.live.marks import MarksPage
from competition.results.live.numbers import is_provable, literal, rounded
from competition.results.live.standing import Standing
from competition.scoring import exact
from competition.scoring.each import Each
from competition.scoring.model import Deduction, Event
from competition.scoring.paper import Section
from competition.scoring.scores import Row
from competition.scoring.wording import CHINESE

# Times are written to the thousandth of a second at most where nobody wrote them finer.
_TIME = 1000


class EventPages:
    """Both pages of one event."""

    def __init__(self, book: Book, event: Event) -> None:
        self.book, self.event, self.here = book, event, book.intake.events[event.key]
        self.sections: tuple[Section, ...] = event.paper.sections if event.paper is not None else ()
        self.rounding = book.rulebook.stage("event", event)
        self.rows = book.rows(event.key)
        self.name = event.name.zh
        self.marks = MarksPage(book, self.here) if event.judged else None
        self.judges = Judges(book, self.here, self.marks, self.name) if self.marks is not None else None
        self.standing = Standing(book, event, self, descending=event.result != "time")
        self.page = Page(free_title(f"成绩 {self.name}", book.titles), self._columns())
        if self.judges is not None:
            self.judges.page = self.page
        times = [exact.fraction(known[key]) for known in self.here.figures.values() for key in ("time_s", "time_back_s") if key in known]
        self.time_denominator = lcm(_TIME, *(time.denominator for time in times))

    def write(self) -> Iterator[Page]:
        """Make the pages."""
        self.book.begin(self.event.key, self)
        if self.marks is not None and self.judges is not None:
            for number, row in enumerate(self.rows):
                self.judges.zero_groups(number, row.entry)
            for row in self.rows:
                self.marks.write(row.entry)
            yield self.marks.page
        self.page.rows += [{} for _ in self.rows]
        for number, row in enumerate(self.rows):
            self._row(number, row)
        self.standing.write(self.page)
        yield self.page

    def _columns(self) -> list[Column]:
        event, found = self.event, self.standing.first_columns()
        if event.kind == "theory":
            found.append(Column("theory", "理论成绩", "导入"))
            found += [Column(f"s:{one.key}", one.name.zh, "按答题记录和标准答案评出") for one in self.sections]
        if self.judges is not None:
            found += self.judges.columns()
        if event.time is not None:
            found += [Column("used", "用时（秒）"), Column("back", "补时（秒）"), Column("in", "参与用时名次", "1 参与", 8),
                      Column("time", "计时（秒）", "用时减补时")]
            found += [Column("time_points", "时间加减分", "按时间规则")] if event.result == "points" else []
        for item in event.deductions:
            cap = "" if item.cap is None else f"，最多 {literal(item.cap)}"
            each = f"{_each(item.each)} {literal(item.per)}{cap}" if item.input == "count" else f"直接填写{cap}"
            found += [Column(f"n:{item.key}", f"{item.name.zh}", "记录的次数或数值"), Column(f"d:{item.key}", f"{item.name.zh} 扣", each)]
        top = "" if event.ceiling is None else f"，最高 {literal(event.ceiling)}"
        found.append(Column("before", "取舍前", f"得分加减时间再减扣分，不低于 0{top}"))
        found.append(Column("score", "成绩", stage_words(self.rounding), places=self.rounding.places))
        return found + self.standing.last_columns()

    # ---- one row ---------------------------------------------------------------------------------

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
        elif self.judges is not None:
            self.judges.write(number, row.entry, cells)
            parts.append(self.page.at("judges", number))
        self._changes(number, cells, parts)
        top = f"MIN({literal(self.event.ceiling)},{'+'.join(parts)})" if self.event.ceiling is not None else "+".join(parts)
        cells["before"] = Formula(f"MAX(0,{top.replace('+-', '-')})")
        if not is_provable(self._denominator(row), self.rounding):
            self.book.note(self.name, UNSURE)
        cells["score"] = Formula(rounded(self.page.at("before", number), self.rounding))

    def _theory(self, number: int, row: Row, cells: dict[str, Cell], known: Mapping[str, str]) -> list[str]:
        """The mark that was brought in, or the points of the sections: the key stands in no workbook."""
        if "theory" in known:
            cells["theory"] = Decimal(known["theory"])
            return [self.page.at("theory", number)]
        self.book.note(self.name, "各部分得分由系统按答题记录和标准答案评出，标准答案不列在表中。")
        for one in self.sections:
            points = Fraction(row.figures[one.key])
            cells[f"s:{one.key}"] = Decimal(points.numerator) / Decimal(points.denominator)
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

    def _changes(self, number: int, cells: dict[str, Cell], parts: list[str]) -> None:
        rule, last = self.event.time, len(self.rows) - 1
        if rule is not None and self.event.result == "time":
            parts.append(self.page.at("time", number))
        elif rule is not None:
            time = self.page.at("time", number)
            cells["time_points"] = Formula(clocks.points(rule, time, self.page.span("time", 0, last), self.page.span("in", 0, last)))
            parts.append(self.page.at("time_points", number))
        sign = "" if self.event.result == "time" else "-"
        for item in self.event.deductions:
            cell = self.page.at(f"n:{item.key}", number)  # an empty one counts 0, so that every row is computed alike
            full = f"{leaves.times(item.each, cell)}*{literal(item.per)}" if item.input == "count" else f"N({cell})"
            cells[f"d:{item.key}"] = Formula(full if item.cap is None else f"MIN({literal(item.cap)},{full})")
            parts.append(f"{sign}{self.page.at(f'd:{item.key}', number)}")

    # ---- what makes figures whole, whatever is entered -------------------------------------------

    def _denominator(self, row: Row) -> int:
        """Of the score before it is rounded."""
        found = [self._deducted()]
        if self.event.kind == "theory":
            found.append(self._theory_denominator())
        elif self.judges is not None:
            found.append(self.judges.denominators[row.entry])
        if self.event.time is not None:
            found.append(self.time_denominator if self.event.result == "time" else clocks.denominator(self.event.time))
        return lcm(*found, (self.event.ceiling or Fraction(0)).denominator)

    def _theory_denominator(self) -> int:
        imported = self.event.imported.denominator if self.event.imported is not None else 1
        return lcm(imported, *(_section_denominator(one) for one in self.sections))

    def _deducted(self) -> int:
        return lcm(*map(_deduction_denominator, self.event.deductions))

    # ---- named figures ---------------------------------------------------------------------------

    def has(self, figure: str, row: Row) -> bool:
        """The row of an event shows all of its figures."""
        return figure in row.figures

    def lacks(self, figure: str, row: Row) -> bool:
        """A figure of an event is whole or not there."""
        return False

    def find(self, figure: str, row: Row, number: int, *, outside: bool = False) -> Expression | None:
        """A named figure that a row has; None where it has no formula."""
        if not self.has(figure, row):
            return None

        def at(key: str) -> str:
            return self.page.at(key, number, outside=outside)

        deductions = {item.key: item for item in self.event.deductions}
        if figure == "score":
            return Expression(at("score"), 10**self.rounding.places)
        if figure == "time":
            return Expression(at("time"), self.time_denominator)
        if figure == "time_points" and self.event.time is not None:
            return Expression(at("time_points"), clocks.denominator(self.event.time))
        if figure in deductions:
            return Expression(f"N({at(f'd:{figure}')})", _deduction_denominator(deductions[figure]))
        if figure == "deducted":
            return Expression("+".join(f"N({at(f'd:{key}')})" for key in deductions) or "0", self._deducted())
        section = next((one for one in self.sections if one.key == figure), None)
        if section is not None:
            return Expression(at(f"s:{figure}"), _section_denominator(section))
        if self.judges is None:
            return None
        if figure == "judges":
            return Expression(at("judges"), self.judges.denominators[row.entry])
        return self.judges.figure(figure, number, row.entry, outside=outside)


def _deduction_denominator(item: Deduction) -> int:
    return lcm((item.per if item.input == "count" else item.step).denominator, (item.cap or Fraction(0)).denominator)


def _section_denominator(one: Section) -> int:
    worths = (one.points, one.wrong, one.least, one.incomplete or Fraction(0), one.per_right or Fraction(0))
    return lcm(*(worth.denominator for worth in worths))


def _each(each: Each) -> str:
    if each.size == 1:
        return "每次"
    return f"每 {each.size} 次（不足也计）" if each.started else f"每满 {each.size} 次"
