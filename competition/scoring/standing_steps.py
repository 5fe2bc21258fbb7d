"""Why somebody has a rank: the steps that explain a standing."""

from collections.abc import Sequence

from competition.scoring import exact
from competition.scoring.derivation import Fact, Step
from competition.scoring.draft import ZEROED, Draft, Writer
from competition.scoring.model import Event, Rulebook, TeamRule, Total
from competition.scoring.ranking import Placing
from competition.scoring.wording import FIGURES, PLACE, plain

Scope = Event | Total | TeamRule


def why(
    rulebook: Rulebook, scope: Scope, draft: Draft, placing: Placing | None, given: Sequence[Step | None], write: Writer
) -> Step | None:
    """Why this rank, or why none, and why these awards (``given``)."""
    if not write.explained:
        return None
    if placing is None:
        facts: dict[str, Fact] = {"status": draft.status}
        return write.step("rank.none", scope.name.zh, "", (), facts)
    steps = [
        write.step(
            "rank.tie",
            figure_name(rulebook, scope, item.figure),
            item.value,
            (),
            {
                "figure": item.figure,
                "order": "desc" if item.descending else "asc",
                "with": item.others,
                "count": item.many,
                "separated": item.separated,
            },
        )
        for item in placing.compared
    ]
    facts = {
        "figure": "" if draft.value is None else exact.text(draft.value),
        "shared_with": placing.shared_with,
        "count": placing.shared,
        "decided": placing.decided.reason if placing.decided else "",
        "lot": placing.decided is not None and placing.decided.by == "lot",
        "zero": draft.status == ZEROED,
    }
    return write.step("rank", scope.name.zh, "" if placing.rank is None else str(placing.rank), [*steps, *given], facts)



def figure_name(rulebook: Rulebook, scope: Scope, path: str) -> str:
    """A named figure of a ranking in Chinese: ``practical.time`` → 实操综合成绩·用时."""
    places: dict[str, Scope] = {item.key: item for item in rulebook.events}
    places |= {item.key: item for item in rulebook.totals}
    here, names = scope, []
    if isinstance(scope, TeamRule) and path.startswith("place_"):
        return plain(PLACE, n=path.removeprefix("place_"))
    for key in path.split("."):
        if isinstance(here, Event):
            inside = {item.key: item.name.zh for item in here.criteria} | {item.key: item.name.zh for item in here.deductions}
            inside |= {item.key: item.name.zh for item in here.groups}
            inside |= {item.key: item.name.zh for item in here.paper.sections} if here.paper is not None else {}
            names.append(inside.get(key) or FIGURES.get(key, key))
        else:
            here = places.get(key, here)
            names.append(here.name.zh if key in places else FIGURES.get(key, key))
    return "·".join(names)
