"""The whole result, counted a second time from the rulebook's document and the raw inputs.

Written from ``docs/rulebook.md`` alone: it shares no line with the engine, so that one mistake cannot be in both. It is
exact, plain and slow, and explains nothing; it is there to be compared.
"""

from fractions import Fraction

from competition.recount.events import event_lines
from competition.recount.given import Given, Json, Line, Lines
from competition.recount.numbers import number
from competition.recount.prizes import Ranking, give, people_of
from competition.recount.ranks import rank
from competition.recount.teams import team_lines
from competition.recount.totals import parts_of, total_lines


def recount(given: Given) -> Lines:
    """The lines of every ranking in rank order; keys as in publications: ``event:KEY``, ``total:KEY``, ``team:KEY``."""
    return _Recount(given).everything()


class _Recount:
    """Everything that was counted so far, by key and by scope."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.people = people_of(given)
        self.found: Lines = {}
        self.below: Lines = {}
        self.fulls: dict[str, Fraction] = {}
        self.timed: set[str] = set()

    def everything(self) -> Lines:
        document = self.given.document
        for event in document["events"]:
            self._settle("event", event, event_lines(self.given, event))
        waiting = list(document.get("totals", ()))
        while waiting:
            total = next(one for one in waiting if all(key in self.below for key in parts_of(one)))
            waiting.remove(total)
            self._settle("total", total, total_lines(self.given, total, self.below, self.fulls, self.timed))
        for team in document.get("teams", ()):
            self._settle("team", team, team_lines(self.given, team, self.below, self.fulls))
        return self.found

    def _settle(self, kind: str, rule: Json, lines: list[Line]) -> None:
        scope, given = f"{kind}:{rule['key']}", self.given
        lines = rank(lines, rule, scope, given.decisions, shortest_first=rule.get("result") == "time")
        give(Ranking(lines, rule, scope, self.people[kind == "team"]), given.document, given.decisions)
        self.found[scope] = lines
        if kind == "team":
            return
        self.below[rule["key"]] = lines
        self.fulls[rule["key"]] = number(rule.get("full", 0))
        if "time" in rule or (kind == "total" and rule.get("method") != "best" and any(key in self.timed for key in parts_of(rule))):
            self.timed.add(rule["key"])
