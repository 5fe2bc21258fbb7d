"""The engine and the recount on the same inputs, and everything in which they differ."""

from dataclasses import replace

from competition.contests.trying import Said, rankings, said
from competition.recount.comparing import Difference, differences
from competition.recount.given import Given
from competition.recount.recounting import recount
from competition.scoring import engine, rulebook
from competition.scoring.inputs import Decision
from competition.scoring.scores import Scores


def published(scores: Scores) -> dict[str, list[Said]]:
    """All rankings under the names that they are published with."""
    return {scope: [said(row) for row in rows] for scope, rows in rankings(scores).items()}


def both(given: Given, *, explained: bool = False) -> tuple[Scores, list[Difference]]:
    """What the engine says, and where the recount differs.

    Ranks and awards of what is not complete mean nothing, nor do sums of teams that hang on them.
    """
    scores = engine.score(
        rulebook.load(given.document), given.entries, given.marks, given.figures, given.decisions, explained,  # type: ignore[arg-type]
        panels=given.panels, excusals=given.excusals, keys=given.keys,  # type: ignore[arg-type]
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
