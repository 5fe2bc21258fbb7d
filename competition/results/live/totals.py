"""The pages of totals and team rules: published figures of the parts, weighted, added up, rounded, ranked."""

from fractions import Fraction
from math import lcm

from competition.core.live_sheets import Cell, Column, Formula, Page
from competition.core.sheets import free_title
from competition.results.live.inputs import Book, Expression
from competition.results.live.numbers import is_provable, literal, rounded
from competition.results.live.standing import Standing
from competition.scoring.model import Event, TeamRule, Total
from competition.scoring.parts import has_time, inside, scope_of
from competition.scoring.scores import Row


class TotalPage:
    """One total."""

    def __init__(self, book: Book, total: Total) -> None:
        self.book, self.total, self.rows = book, total, book.rows(total.key)
        self.name = total.name.zh
        self.parts = [inside(book.rulebook, part, Fraction(total.full or 0)) for part in total.parts]
        self.rounding = book.rulebook.stage("total", total)
        self.standing = Standing(book, total, self.name, self._find, self._lacks)
        self.page = Page(free_title(f"总 {self.name}", book.titles), self._columns())

    def _columns(self) -> list[Column]:
        found = self.standing.first_columns()
        for part in self.parts:
            found.append(Column(f"f:{part.key}", part.name, "取该项公布的成绩"))
            if part.factor is not None:
                found.append(Column(f"w:{part.key}", f"{part.name} 折算", f"× {literal(part.factor)}"))
        hows = {"weighted": "各项折算后相加", "sum": "各项相加", "best": "取最高的一项", "scale": "标准分，由系统算出，照录"}
        how = hows[self.total.method]
        return [*found, Column("before", "取舍前", how), Column("score", "成绩", self.rounding.words()), *self.standing.last_columns()]

    def write(self) -> None:
        """Make the page."""
        self.page.rows += [{} for _ in self.rows]
        for number, row in enumerate(self.rows):
            self._row(number, row, self.page.rows[number])
        self.standing.write(self.page)
        self.book.made[self.total.key] = (self.page, {row.entry: number for number, row in enumerate(self.rows)})
        self.book.pages.append(self.page)

    def _row(self, number: int, row: Row, cells: dict[str, Cell]) -> None:
        parts = [part for part in self.parts if row.entry in self.book.made[part.key][1]]
        for part in parts:
            cells[f"f:{part.key}"] = Formula(published(self.book, part.key, row.entry))
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
            below = _row_of(self.book, part.key, row.entry)
            digits = 0 if below is None or below.value is None else max(0, -int(below.value.as_tuple().exponent))
            denominator = lcm(denominator, 10**digits * (part.factor or Fraction(1)).denominator)
        cells["before"] = Formula(f"MAX({','.join(shares)})" if self.total.method == "best" else "+".join(shares))
        if not is_provable(denominator, self.rounding):
            self.book.note(self.name, "此处的取舍在这份规则下不能保证与系统逐位一致，以系统数字为准。")
        cells["score"] = Formula(rounded(self.page.at("before", number), self.rounding))

    def _find(self, figure: str, row: Row, number: int) -> Expression | None:
        value = row.figures.get(figure)
        if figure == "time":
            return self._time(row)
        if value is None:
            return None
        own = Fraction(value).denominator
        if figure == "score":
            return Expression(self.page.at("score", number), own)
        if any(part.key == figure for part in self.parts):
            return Expression(self.page.at(f"f:{figure}", number), own)
        return None

    def _lacks(self, figure: str, row: Row) -> bool:
        """Whether a time is one over parts of which one has none."""
        path = figure.split(".")
        return path[-1] == "time" and _lacks_time(self.book, path[-2] if len(path) > 1 else self.total.key, row.entry)

    def _time(self, row: Row) -> Expression | None:
        """The time over those parts that have one; None over totals, which are taken as they were computed."""
        cells, own = [], 1
        for part in self.total.parts:
            scope = scope_of(self.book.rulebook, part.of)
            if not has_time(self.book.rulebook, part.of):
                continue
            below = _row_of(self.book, part.of, row.entry)
            if not isinstance(scope, Event):
                return None
            if below is None or "time" not in below.figures:
                continue
            page, places = self.book.made[part.of]
            cells.append(page.at("time", places[row.entry], outside=True))
            own = lcm(own, Fraction(below.figures["time"]).denominator)
        return Expression("+".join(cells), own) if cells else None


def _row_of(book: Book, key: str, entry: str) -> Row | None:
    place = book.made[key][1].get(entry)
    return None if place is None else book.rows(key)[place]


def _lacks_time(book: Book, key: str, entry: str) -> bool:
    """Whether somebody's time over an event or total lacks a part."""
    scope = scope_of(book.rulebook, key)
    if isinstance(scope, Event):
        row = _row_of(book, key, entry)
        return row is None or "time" not in row.figures
    return any(_lacks_time(book, part.of, entry) for part in scope.parts if has_time(book.rulebook, part.of))


def published(book: Book, key: str, entry: str) -> str:
    """The published figure of a part; 0 where there is none."""
    page, places = book.made[key]
    return f"N({page.at('score', places[entry], outside=True)})"


class TeamPage:
    """One team rule: sums and means of members are formulas, everything else stands as it was computed."""

    def __init__(self, book: Book, team: TeamRule) -> None:
        self.book, self.team, self.rows = book, team, book.rows(team.key)
        self.name = team.name.zh
        self.rounding = book.rulebook.stage("team", team)
        self.standing = Standing(book, team, self.name, self._find)
        self.is_formula = team.method in ("sum", "mean") and not team.parts and team.best is None
        how = {"sum": "队员成绩相加", "mean": "队员成绩平均"}.get(team.method, "") if self.is_formula else "由系统算出，照录"
        columns = [*self.standing.first_columns(), Column("before", "取舍前", how), Column("score", "成绩", self.rounding.words())]
        self.page = Page(free_title(f"团体 {self.name}", book.titles), [*columns, *self.standing.last_columns()])

    def write(self) -> None:
        """Make the page."""
        self.page.rows += [{} for _ in self.rows]
        for number, row in enumerate(self.rows):
            cells = self.page.rows[number]
            if row.status == "OK" and self.is_formula:
                cells["before"] = Formula(self._members(row))
                cells["score"] = Formula(rounded(self.page.at("before", number), self.rounding))
            elif row.value is not None:
                cells["score"] = row.value
                self.book.note(self.name, "此团体成绩按名次、奖项、若干最好成绩或多个部分计，由系统算出，照录。")
        self.standing.write(self.page)
        self.book.pages.append(self.page)

    def _members(self, row: Row) -> str:
        _page, places = self.book.made[self.team.of]
        members = [one.id for one in self.book.entries if one.team == row.entry and one.id in places]
        total = "+".join(published(self.book, self.team.of, one) for one in members) or "0"
        return f"({total})/{max(self.team.size or 0, len(members))}" if self.team.method == "mean" else total

    def _find(self, figure: str, row: Row, number: int) -> Expression | None:
        value = row.figures.get(figure)
        if figure == "score" and value is not None:
            return Expression(self.page.at("score", number), Fraction(value).denominator)
        return None
