"""The whole result, counted a second time from the rulebook's document and the raw inputs.

Written from ``docs/rulebook.md`` alone: it shares no line with the engine, so that one mistake cannot be in both. It is
exact, plain and slow, and explains nothing; it is there to be compared.
"""

from fractions import Fraction

from competition.recount.events import event_lines
from competition.recount.given import Given, Json, Line, Lines
from competition.recount.numbers import number
from competition.recount.prizes import give
from competition.recount.ranks import rank
from competition.recount.teams import team_lines
from competition.recount.totals import total_lines


def recount(given: Given) -> Lines:
    """The lines of every ranking in rank order; keys as in publications: ``event:KEY``, ``total:KEY``, ``team:KEY``."""
    document = given.document
    below: Lines = {}
    found: Lines = {}
    fulls: dict[str, Fraction] = {}
    timed: set[str] = set()

    def settle(kind: str, rule: Json, lines: list[Line], shortest_first: bool = False) -> None:
        scope = f"{kind}:{rule['key']}"
        found[scope] = rank(lines, rule, scope, given.decisions, shortest_first=shortest_first)
        give(found[scope], rule, document, scope, given.decisions)
        if kind != "team":
            below[rule["key"]] = found[scope]
            fulls[rule["key"]] = number(rule.get("full", 0))
            if "time" in rule or any(part["of"] in timed for part in rule.get("parts", ())):
                timed.add(rule["key"])

    for event in document["events"]:
        settle("event", event, event_lines(given, event), event.get("result") == "time")
    waiting = list(document.get("totals", ()))
    while waiting:
        total = next(one for one in waiting if all(part["of"] in below for part in one["parts"]))
        waiting.remove(total)
        settle("total", total, total_lines(given, total, below, fulls, timed))
    for team in document.get("teams", ()):
        settle("team", team, team_lines(given, team, below))
    return found
