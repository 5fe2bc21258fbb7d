"""What a workbook of formulas is made from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import lcm
from typing import Protocol

from competition.core.live_sheets import Page
from competition.scoring.inputs import Decision, Entry
from competition.scoring.intake import Intake
from competition.scoring.model import Event, Rulebook, TeamRule, Total
from competition.scoring.scores import Row, Scores

Scope = Event | Total | TeamRule


@dataclass(frozen=True, slots=True)
class Expression:
    """A figure as a formula on its page; ``denominator`` is one that makes each of its values whole."""

    text: str
    denominator: int


class Ranking(Protocol):
    """The page of an event, total or team rule, as other pages refer to it."""

    page: Page

    def has(self, figure: str, row: Row) -> bool:
        """Whether a row has a named figure, shown in it or only known below it."""

    def find(self, figure: str, row: Row, number: int, *, outside: bool = False) -> Expression | None:
        """A named figure that a row has, seen from the page itself or from ``outside``; None where it has no formula."""

    def lacks(self, figure: str, row: Row) -> bool:
        """Whether a figure lacks a part, and so stands behind every whole one."""


@dataclass
class Book:
    """A workbook in the making. ``made``: the page and the row of everybody, by ranking; ``given``: what is no formula, and why."""

    rulebook: Rulebook
    scores: Scores
    intake: Intake
    entries: Sequence[Entry]
    decisions: Sequence[Decision]
    label: Callable[[str], str]
    made: dict[str, tuple[Page, Mapping[str, int]]] = field(default_factory=dict)
    rankings: dict[str, Ranking] = field(default_factory=dict)
    given: list[tuple[str, str]] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)

    def begin(self, key: str, ranking: Ranking) -> None:
        """Let other pages refer to the page of a ranking."""
        self.made[key] = (ranking.page, {row.entry: number for number, row in enumerate(self.rows(key))})
        self.rankings[key] = ranking

    def rows(self, key: str) -> tuple[Row, ...]:
        """The ranking of a scope."""
        return self.scores.rows(key)

    def row(self, key: str, entry: str) -> Row | None:
        """Somebody's row in a ranking."""
        place = self.made[key][1].get(entry)
        return None if place is None else self.rows(key)[place]

    def cell(self, key: str, column: str, entry: str) -> str:
        """A cell of somebody's row, as seen from another page."""
        page, places = self.made[key]
        return page.at(column, places[entry], outside=True)

    def published(self, key: str, entry: str) -> str:
        """The published figure of a part; 0 where there is none."""
        return f"N({self.cell(key, 'score', entry)})"

    def has(self, key: str, figure: str, entry: str) -> bool:
        """Whether somebody has a named figure in a ranking."""
        row = self.row(key, entry)
        return row is not None and self.rankings[key].has(figure, row)

    def find(self, key: str, figure: str, entry: str) -> Expression | None:
        """Somebody's named figure in another ranking."""
        row = self.row(key, entry)
        return None if row is None else self.rankings[key].find(figure, row, self.made[key][1][entry], outside=True)

    def lacks(self, key: str, figure: str, entry: str) -> bool:
        """Whether somebody's figure in another ranking is not there, or lacks a part."""
        row = self.row(key, entry)
        return row is None or not self.rankings[key].has(figure, row) or self.rankings[key].lacks(figure, row)

    def note(self, where: str, why: str) -> None:
        """Say that something stands as it was computed or decided, once."""
        if (where, why) not in self.given:
            self.given.append((where, why))


def added(found: Sequence[Expression], divisor: int = 1) -> Expression:
    """The sum of figures, or their mean over so many."""
    total = "+".join(one.text for one in found)
    text = total if divisor == 1 else f"({total})/{divisor}"
    return Expression(text, lcm(*(one.denominator for one in found)) * divisor)
