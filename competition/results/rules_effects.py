"""What another rulebook does to rankings: every figure, rank, status and award that would be another one. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from competition.results import rules
from competition.results.standing import Computed, scope_of_decision
from competition.scoring import exact
from competition.scoring.problems import Problem
from competition.scoring.scores import Row

Line = dict[str, Any]  # scope, name, who, changes: [what, label, kind, before, after]
WHAT = ("value", "rank", "award", "status", "figure")


@dataclass(frozen=True)
class Kept:
    """A preview's content as a page filters it: one line of one ranking, with whether it is new since somebody asked."""

    line: Line
    is_new: bool


def lines(old: Computed, new: Computed) -> tuple[list[Line], int]:
    """Every line of every ranking that would be another one, and how many stay the same."""
    found: list[Line] = []
    same = 0
    for scope in dict.fromkeys((*new.scopes, *old.scopes)):
        before, after = _rows(old, scope), _rows(new, scope)
        labels = {c.figure: (c.label, c.kind) for side in (old, new) if scope in side.scopes for c in rules.columns(side.scopes, scope)}
        name = (new.scopes.get(scope) or old.scopes[scope]).name
        for who in dict.fromkeys((*after, *before)):
            changes = list(_changes(_said(old, scope, before.get(who)), _said(new, scope, after.get(who)), labels))
            same += not changes
            if changes:
                found.append({"scope": scope, "name": name, "who": who, "changes": changes})
    return found, same


def _rows(side: Computed, scope: str) -> dict[str, Row]:
    return {row.entry: row for row in side.rows(scope)} if scope in side.scopes else {}


def _said(side: Computed, scope: str, row: Row | None) -> dict[str, str]:
    if row is None:
        return {}
    plain = {"value": "" if row.value is None else exact.text(row.value), "rank": str(row.rank or ""), "status": row.status,
             "award": rules.award_words(side.scopes[scope].rule, row.awards)}
    return plain | {f"figure:{key}": exact.text(value) for key, value in row.figures.items()}


def _changes(before: Mapping[str, str], after: Mapping[str, str], labels: Mapping[str, tuple[str, str]]) -> Iterator[dict[str, str]]:
    for what in (*WHAT[:-1], *(f"figure:{key}" for key in labels)):
        a, b = before.get(what, ""), after.get(what, "")
        if a != b:
            label, kind = labels.get(what.partition(":")[2], ("", ""))
            yield {"what": what.partition(":")[0], "label": label, "kind": kind, "before": a, "after": b}


def count_of(found: Iterable[Line]) -> dict[str, int]:
    """How many lines change in each way."""
    return dict(Counter(what for line in found for what in {change["what"] for change in line["changes"]}))


def fresh_problems(old: Computed, new: Computed) -> list[dict[str, Any]]:
    """Problems that only the new rulebook makes, alike ones together: how many, and the first of them."""
    known = {repr(problem) for problem in old.scores.problems}
    groups: dict[tuple[str, str, tuple[str, ...]], list[Problem]] = {}
    for problem in new.scores.problems:
        scope = scope_of_decision(problem.scope)
        if repr(problem) not in known and (scope not in new.scopes or new.is_shown(scope)):
            groups.setdefault((problem.code, problem.scope, problem.criteria), []).append(problem)
    return [{"n": len(alike), "first": alike[0].to_json()} for alike in groups.values()]


def key_of(line: Line) -> str:
    """What a line says, to tell whether another list says it too."""
    return repr((line["scope"], line["who"], [(c["what"], c["label"], c["before"], c["after"]) for c in line["changes"]]))


def since(found: Iterable[Line], asked: Iterable[Line]) -> list[Kept]:
    """The lines of today, each with whether it stood in the list that was asked for."""
    before = {key_of(line) for line in asked}
    return [Kept(line, key_of(line) not in before) for line in found]
