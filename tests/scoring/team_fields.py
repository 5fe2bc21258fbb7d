"""One event, teams in it, and a rule that makes figures for them: what the tests of team rules are made of."""

from collections.abc import Mapping
from typing import Any

from competition.scoring.derivation import outline
from competition.scoring.engine import Scores, score
from competition.scoring.inputs import Decision, Entry
from tests.scoring.documents import book, practical, sheets

PARTS = [{"of": "theory", "weight": "40"}, {"of": "basic", "weight": "60"}]
PLACES = [
    *({"from": rank, "to": rank, "points": str(11 - rank)} for rank in range(1, 7)),
    {"from": 7, "to": 10, "points": "4"},
    {"from": 11, "points": "1"},
]
AWARDS = [
    {"by": "ranks", "tiers": [{"key": "gold", "name": "金奖", "from": 1, "to": 1}, {"key": "silver", "name": "银奖", "from": 2, "to": 3}]},
    {"by": "lines", "tiers": [{"key": "passed", "name": "合格", "kind": "title", "minimum": "60"}]},
]
# Members by team with what the one judge gave; None: absent.
Teams = Mapping[str, Mapping[str, str | None]]


def team(**more: Any) -> dict[str, Any]:
    """A team rule over the event ``basic``, unless it is about something else."""
    where = {} if "parts" in more else {"of": "basic"}
    return {"key": "team", "name": "团体", **where, **more}


def field(rule: dict[str, Any], teams: Teams, *decisions: Decision, **event: Any) -> Scores:
    """One event, and one rule for the teams in it."""
    people = [(name, entry, mark) for name, members in teams.items() for entry, mark in members.items()]
    entries = [Entry(entry, name, {"*": "ABSENT"} if mark is None else {}) for name, entry, mark in people]
    marks = [one for _name, entry, mark in people if mark is not None for one in sheets(entry, mark)]
    return score(book(practical(**event), teams=[rule]), entries, marks, [], decisions)


def standing(scores: Scores) -> list[tuple[str, str | None, int | None]]:
    """Team, figure and rank from the first on."""
    return [(row.entry, None if row.value is None else str(row.value), row.rank) for row in scores.teams["team"]]


def said(scores: Scores, name: str = "T") -> list[str]:
    """How a team's figure was made, without the members' own figures."""
    step = scores.row("team", name).derivation
    assert step is not None
    return [each.say() for _depth, each in outline(step) if each.code != "part"]
