"""The engine: a rulebook and what was marked in, explained rankings out.

Pure: no clock, no chance, no database, no binary fractions. The order of the inputs does
not matter; a missing mark is a problem, never a zero.
"""

from collections.abc import Iterable

from competition.scoring.board import Board
from competition.scoring.inputs import AnswerKey, Decision, Entry, Excusal, Figure, Mark, Panel, Sheet
from competition.scoring.intake import Told
from competition.scoring.model import Rulebook
from competition.scoring.problems import Problem
from competition.scoring.scores import Row, Scores

__all__ = ["Board", "Problem", "Row", "Scores", "Told", "score"]


def score(
    rulebook: Rulebook,
    entries: Iterable[Entry],
    marks: Iterable[Mark],
    figures: Iterable[Figure],
    decisions: Iterable[Decision] = (),
    explained: bool = True,
    *,
    sheets: Iterable[Sheet] = (),
    panels: Iterable[Panel] = (),
    excusals: Iterable[Excusal] = (),
    keys: Iterable[AnswerKey] = (),
) -> Scores:
    """Score everything.

    ``sheets`` are marks too: those of one seat for one work. ``panels`` say who must mark what
    (without them: every seat seen in an event), and ``excusals`` who does not mark a certain work.
    ``keys`` are those of theory papers of which answers are told.
    Nothing is raised for bad input: what does not fit is listed in ``problems``, and ``complete``
    says whether publishing is allowed.
    """
    told = Told(marks, sheets, figures, panels, excusals, keys)
    return Board(rulebook, entries, told, decisions, explained=explained).scores()
