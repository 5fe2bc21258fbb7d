"""Team rules: the published figures of the members, added up."""

from collections.abc import Sequence

from competition.recount.given import Given, Json, Line, Lines
from competition.recount.numbers import ZERO, rounded


def team_lines(given: Given, rule: Json, below: Lines) -> list[Line]:
    """A line for every team."""
    lines = {line.entry: line for line in below[rule["of"]]}
    members: dict[str, list[str]] = {}
    for entry in given.entries:
        if entry.team is not None:
            members.setdefault(entry.team, []).append(entry.id)
    found = []
    for team, names in members.items():
        own = [lines[name] for name in names if name in lines]
        if own:
            found.append(_line(given, rule, team, own))
    return found


def _line(given: Given, rule: Json, team: str, members: Sequence[Line]) -> Line:
    line = Line(team)
    if any(one.status == "INCOMPLETE" for one in members):
        line.status = "INCOMPLETE"
        return line
    ranked = [one for one in members if one.value is not None]
    if not ranked:
        line.status = min(members, key=lambda one: one.entry).status
        return line
    line.value = rounded(sum((one.value or ZERO for one in ranked), ZERO), given.document["rounding"].get("team"))
    for key in {key: None for one in ranked for key in one.figures}:
        having = [one for one in ranked if key in one.figures]
        line.figures[key] = sum((one.figures[key] for one in having), ZERO)
        if len(having) < rule["size"] or any(key in one.partly for one in having):
            line.partly.add(key)
    line.figures["score"] = line.value
    line.partly.discard("score")
    return line
