"""What a workbook of formulas is made from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

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


@dataclass
class Book:
    """A workbook in the making. ``made``: the page and the row of everybody, by ranking; ``given``: what is no formula, and why."""

    rulebook: Rulebook
    scores: Scores
    intake: Intake
    entries: Sequence[Entry]
    decisions: Sequence[Decision]
    label: Callable[[str], str]
    hidden: frozenset[str] = frozenset()
    pages: list[Page] = field(default_factory=list)
    made: dict[str, tuple[Page, Mapping[str, int]]] = field(default_factory=dict)
    figures: dict[tuple[str, str, str], Expression] = field(default_factory=dict)
    given: list[tuple[str, str]] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)

    def rows(self, key: str) -> tuple[Row, ...]:
        """The ranking of a scope."""
        return self.scores.rows(key)

    def note(self, where: str, why: str) -> None:
        """Say that something stands as it was computed or decided, once."""
        if (where, why) not in self.given:
            self.given.append((where, why))
