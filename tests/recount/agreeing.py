"""The engine and the recount on the same inputs, and everything in which they differ."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from competition.recount.comparing import Difference, differences
from competition.recount.given import Given
from competition.recount.recounting import recount
from competition.scoring import engine, exact, rulebook
from competition.scoring.inputs import Decision
from competition.scoring.scores import Row, Scores


@dataclass(frozen=True)
class Said:
    """A row of the engine as it is published."""

    who: str
    value: str | None
    rank: int | None
    status: str
    awards: tuple[str, ...]
    figures: Mapping[str, str]


def said(row: Row) -> Said:
    """A row in the text of a publication."""
    value = None if row.value is None else exact.text(row.value)
    return Said(row.entry, value, row.rank, row.status, row.awards, {key: exact.text(figure) for key, figure in row.figures.items()})


def published(scores: Scores) -> dict[str, list[Said]]:
    """All rankings under the names that they are published with."""
    tables = {"event": scores.events, "total": scores.totals, "team": scores.teams}
    return {f"{kind}:{key}": [said(row) for row in rows] for kind, table in tables.items() for key, rows in table.items()}


def both(given: Given, *, explained: bool = False) -> tuple[Scores, list[Difference]]:
    """What the engine says, and where the recount differs.

    Ranks and awards of what is not complete mean nothing, nor do sums of teams that hang on them.
    """
    scores = engine.score(
        rulebook.load(given.document), given.entries, given.marks, given.figures, given.decisions, explained,  # type: ignore[arg-type]
        panels=given.panels, excusals=given.excusals,  # type: ignore[arg-type]
    )
    found = differences(given.document, recount(given), published(scores))
    return scores, [one for one in found if scores.complete or (one.what not in ("rank", "awards") and not one.scope.startswith("team:"))]


def decided(given: Given, scores: Scores) -> Given:
    """The same contest after the chief judge has decided what the engine asked for, each time for the last ones named."""
    made: list[Decision] = [*given.decisions]  # type: ignore[list-item]
    for one in scores.problems:
        if one.code == "tie.forbidden":
            made.append(Decision(one.scope, tuple(reversed(one.entries)), "抽签", by="lot"))
        if one.code == "award.border":
            left = int(one.detail["left"])
            made.append(Decision(f"award:{one.scope}:{one.detail['tier_key']}", tuple(reversed(one.entries))[:left], "决定"))
        if one.code == "spread.wide":
            made.append(Decision(f"spread:{one.scope.partition(':')[2]}:{one.entries[0]}", (), "认可"))
    return replace(given, decisions=made)
