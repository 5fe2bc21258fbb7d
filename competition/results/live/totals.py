"""The pages of totals: published figures of the parts, weighted, added up, rounded, ranked."""

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

from competition.core.live_sheets import Cell, Column, Formula, Page
from competition.core.sheets import free_title
from competition.results.live.inputs import Book, Expression, added
from competition.results.live.judges import UNSURE, stage_words
from competition.results.live.numbers import is_provable, literal, rounded
from competition.results.live.standing import Standing
from competition.scoring.model import Total
from competition.scoring.parts import inside, scope_of
from competition.scoring.scores import Row


class TotalPage:
    """One total."""

    def __init__(self, book: Book, total: Total) -> None:
        self.book, self.total, self.rows = book, total, book.rows(total.key)
        self.name = total.name.zh
        self.parts = [inside(book.rulebook, part, Fraction(total.full or 0)) for part in total.parts]
        self.timed = [part.key for part in self.parts if part.timed and total.method != "best"]
        self.rounding = book.rulebook.stage("total", total)
        self.standing = Standing(book, total, self)
        self.page = Page(free_title(f"总 {self.name}", book.titles), self._columns())

    def _columns(self) -> list[Column]:
        found = self.standing.first_columns()
        for part in self.parts:
            found.append(Column(f"f:{part.key}", part.name, "取该项公布的成绩"))
            if part.factor is not None:
                found.append(Column(f"w:{part.key}", f"{part.name} 折算", f"× {literal(part.factor)}"))
        hows = {"weighted": "各项折算后相加", "sum": "各项相加", "best": "取最高的一项", "scale": "标准分，由系统算出，照录"}
        how = hows[self.total.method]
        score = Column("score", "成绩", stage_words(self.rounding), places=self.rounding.places)
        return [*found, Column("before", "取舍前", how), score, *self.standing.last_columns()]

    def write(self) -> Iterator[Page]:
        """Make the page."""
        self.book.begin(self.total.key, self)
        self.page.rows += [{} for _ in self.rows]
        for number, row in enumerate(self.rows):
            self._row(number, row, self.page.rows[number])
        self.standing.write(self.page)
        yield self.page

    def _row(self, number: int, row: Row, cells: dict[str, Cell]) -> None:
        parts = [part for part in self.parts if self.book.row(part.key, row.entry) is not None]
        for part in parts:
            cells[f"f:{part.key}"] = Formula(self.book.published(part.key, row.entry))
        if row.status != "OK" or self.total.method == "scale":
            if row.value is not None:
                cells["score"] = row.value
            if self.total.method == "scale":
                self.book.note(self.name, "标准分（中位数、离散程度）由系统用 50 位小数算出，照录；算法见评分规则文档。")
            return
        shares, denominator = [], 1
        for part in parts:
            cell = self.page.at(f"f:{part.key}", number)
            if part.factor is not None:
                cells[f"w:{part.key}"] = Formula(f"{cell}*{literal(part.factor)}")
                cell = self.page.at(f"w:{part.key}", number)
            shares.append(cell)
            denominator = lcm(denominator, published_denominator(self.book, part.key) * (part.factor or Fraction(1)).denominator)
        cells["before"] = Formula(f"MAX({','.join(shares)})" if self.total.method == "best" else "+".join(shares))
        if not is_provable(denominator, self.rounding):
            self.book.note(self.name, UNSURE)
        cells["score"] = Formula(rounded(self.page.at("before", number), self.rounding))

    def has(self, figure: str, row: Row) -> bool:
        """Whether a row has a figure of its own, or one of its parts has it."""
        part, _dot, inner = figure.partition(".")
        return figure in row.figures or (bool(inner) and row.status == "OK" and self.book.has(part, inner, row.entry))

    def find(self, figure: str, row: Row, number: int, *, outside: bool = False) -> Expression | None:
        """A named figure that a row has: its own, or one of its parts under its path."""
        if not self.has(figure, row):
            return None
        if figure == "score":
            return Expression(self.page.at("score", number, outside=outside), 10**self.rounding.places)
        if figure == "time":
            found = [self.book.find(key, "time", row.entry) for key in self.timed if self.book.has(key, "time", row.entry)]
            times = [one for one in found if one is not None]
            return added(times) if len(times) == len(found) else None
        part, _dot, inner = figure.partition(".")
        if inner:
            return self.book.find(part, inner, row.entry)
        return Expression(self.page.at(f"f:{part}", number, outside=outside), published_denominator(self.book, part))

    def lacks(self, figure: str, row: Row) -> bool:
        """Whether a time is one over parts of which one has none."""
        if figure == "time":
            return any(self.book.lacks(key, "time", row.entry) for key in self.timed)
        part, _dot, inner = figure.partition(".")
        return bool(inner) and self.book.lacks(part, inner, row.entry)


def published_denominator(book: Book, key: str) -> int:
    """What makes every published figure of an event or total whole."""
    scope = scope_of(book.rulebook, key)
    stage = book.rulebook.stage("total" if isinstance(scope, Total) else "event", scope)
    return int(10**stage.places)
