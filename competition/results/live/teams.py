"""The pages of team rules: figures of members added up or averaged, places to points; prizes to points stand as computed."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm

from competition.core.live_sheets import Cell, Column, Formula, Page
from competition.core.sheets import free_title
from competition.results.live.inputs import Book, Expression, added
from competition.results.live.judges import UNSURE, dot, stage_words
from competition.results.live.numbers import is_provable, literal, rounded
from competition.results.live.standing import Standing
from competition.results.live.totals import published_denominator
from competition.scoring.model import Part, TeamRule
from competition.scoring.parts import inside
from competition.scoring.scores import Row


class TeamPage:
    """One team rule."""

    def __init__(self, book: Book, team: TeamRule) -> None:
        self.book, self.team, self.rows = book, team, book.rows(team.key)
        self.name = team.name.zh
        self.rounding = book.rulebook.stage("team", team)
        self.parts = [inside(book.rulebook, part, Fraction(team.full)) for part in team.parts or (Part(team.of, None),)]
        self.standing = Standing(book, team, self)
        self.page = Page(free_title(f"团体 {self.name}", book.titles), self._columns())

    def _columns(self) -> list[Column]:
        hows = {"sum": "队员成绩相加", "mean": "队员成绩平均", "places": "队员名次折算的分相加", "prizes": "由系统算出，照录"}
        how = hows[self.team.method]
        found = self.standing.first_columns()
        if self.team.parts:
            found += [Column(f"f:{part.key}", part.name, how) for part in self.parts]
            how = "各项折算后相加"
        score = Column("score", "成绩", stage_words(self.rounding), places=self.rounding.places)
        return [*found, Column("before", "取舍前", how), score, *self.standing.last_columns()]

    def write(self) -> Iterator[Page]:
        """Make the page."""
        self.book.begin(self.team.key, self)
        self.page.rows += [{} for _ in self.rows]
        if self.team.best is not None:
            self.book.note(self.name, f"计入团体的 {self.team.best} 名队员由系统按名次选出，公式只把他们的成绩合成。")
        for number, row in enumerate(self.rows):
            self._row(number, row, self.page.rows[number])
        self.standing.write(self.page)
        yield self.page

    def _row(self, number: int, row: Row, cells: dict[str, Cell]) -> None:
        if row.status != "OK" or self.team.method == "prizes":
            if row.value is not None:
                cells["score"] = row.value
                self.book.note(self.name, "按奖项折算的团体成绩由系统算出，照录。")
            return
        if self.team.parts:
            combined = [(part, self._combined(part.key, row)) for part in self.parts]
            shares = []
            for part, one in combined:
                cells[f"f:{part.key}"] = Formula(one.text)
                factor = part.factor or Fraction(1)
                shares.append(Expression(dot(self.page.at(f"f:{part.key}", number), factor), one.denominator * factor.denominator))
            found = added(shares)
        elif self.team.method == "places":
            found = self._by_places(row)
        else:
            found = self._combined(self.team.of, row)
        cells["before"] = Formula(found.text)
        if not is_provable(found.denominator, self.rounding):
            self.book.note(self.name, UNSURE)
        cells["score"] = Formula(rounded(self.page.at("before", number), self.rounding))

    # ---- who counts ------------------------------------------------------------------------------

    @cached_property
    def _standing_by(self) -> list[str]:
        """Who has a figure in the ranking in which the best are found, best first."""
        return [row.entry for row in self.book.rows(self.team.by) if row.value is not None]

    def _counted(self, row: Row) -> tuple[list[str], int]:
        """The members who count, and over how many places."""
        keys = self.team.combined
        members = sorted({one.id for one in self.book.entries if one.team == row.entry and any(self.book.row(k, one.id) for k in keys)})
        if self.team.best is None:
            return members, max(self.team.size or 0, len(members))
        return [entry for entry in self._standing_by if entry in members][: self.team.best], self.team.best

    def _divisor(self, row: Row) -> int:
        return self._counted(row)[1] if self.team.method == "mean" else 1

    def _combined(self, key: str, row: Row) -> Expression:
        """One part over the members: their sum or mean; who is not in it counts 0."""
        own = published_denominator(self.book, key)
        members = [entry for entry in self._counted(row)[0] if self.book.row(key, entry) is not None]
        return added([Expression(self.book.published(key, entry), own) for entry in members] or [Expression("0", 1)], self._divisor(row))

    def _by_places(self, row: Row) -> Expression:
        """Points for the rank of each member who counts."""
        own = lcm(*(place.points.denominator for place in self.team.places))
        return added([Expression(self._of_rank(self.book.cell(self.team.of, "rank", one)), own) for one in self._counted(row)[0]])

    def _of_rank(self, cell: str) -> str:
        found = "0"
        for place in reversed(self.team.places):
            asked = [f"N({cell})>={place.first}", *([] if place.last is None else [f"N({cell})<={place.last}"])]
            found = f"IF(AND({','.join(asked)}),{literal(place.points)},{found})"
        return found

    # ---- named figures ---------------------------------------------------------------------------

    def has(self, figure: str, row: Row) -> bool:
        """Whether a row has a figure of its own, or one of the members who count has it."""
        if figure in row.figures or "." not in figure:
            return figure in row.figures
        return row.status == "OK" and any(self.book.has(key, inner, one) for key, inner, one in self._asked(figure, row))

    def find(self, figure: str, row: Row, number: int, *, outside: bool = False) -> Expression | None:
        """A named figure that a row has; None for places, which stand as they were computed."""
        if not self.has(figure, row):
            return None
        if figure == "score":
            return Expression(self.page.at("score", number, outside=outside), 10**self.rounding.places)
        if figure == "places" or figure.startswith("place_"):
            return None
        if figure in self.team.combined and (self.team.parts or self.team.method in ("places", "prizes")):
            return self._combined(figure, row)
        found = [self.book.find(key, inner, one) for key, inner, one in self._asked(figure, row) if self.book.has(key, inner, one)]
        there = [one for one in found if one is not None]
        return added(there, self._divisor(row)) if there and len(there) == len(found) else None

    def lacks(self, figure: str, row: Row) -> bool:
        """Whether one of the places that count lacks the figure, or a part of it."""
        if figure == "score" or figure == "places" or figure.startswith("place_") or figure in self.team.combined:
            return False
        members, places = self._counted(row)
        return len(members) < places or any(self.book.lacks(key, inner, one) for key, inner, one in self._asked(figure, row))

    def _asked(self, figure: str, row: Row) -> Sequence[tuple[str, str, str]]:
        """(ranking, figure, member) of everything that a figure is added up from."""
        members = self._counted(row)[0]
        if not self.team.parts:
            return [(self.team.of, figure, one) for one in members]
        key, _dot, inner = figure.partition(".")
        if inner:
            return [(key, inner, one) for one in members]
        return [(part.key, "time", one) for part in self.parts if part.timed for one in members]
