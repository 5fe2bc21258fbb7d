"""The engine: a rulebook and what was marked in, explained rankings out.

Pure: no clock, no chance, no database, no binary fractions. The order of the inputs does
not matter; a missing mark is a problem, never a zero.
"""

from collections.abc import Iterable, Sequence

from competition.scoring.draft import Draft, Writer
from competition.scoring.event_input import ALL
from competition.scoring.events import score_event
from competition.scoring.inputs import Decision, Entry, Excusal, Figure, Mark, Panel, Sheet
from competition.scoring.intake import Told, take_in
from competition.scoring.model import Rulebook
from competition.scoring.problems import Problem
from competition.scoring.scores import Row, Scores
from competition.scoring.standing import Standing, delegations, unused
from competition.scoring.teams import TeamDesk
from competition.scoring.totals import score_total

__all__ = ["Problem", "Row", "Scores", "score"]


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
) -> Scores:
    """Score everything.

    ``sheets`` are marks too: those of one seat for one work. ``panels`` say who must mark what
    (without them: every seat seen in an event), and ``excusals`` who does not mark a certain work.
    Nothing is raised for bad input: what does not fit is listed in ``problems``, and ``complete``
    says whether publishing is allowed.
    """
    people = list(entries)
    recorded = list(decisions)
    intake = take_in(rulebook, people, Told(marks, sheets, figures, panels, excusals))
    problems = intake.general
    write = Writer(explained=explained)
    standing = Standing(rulebook, recorded, write, problems, set(), delegations(people))
    below: dict[str, dict[str, Draft]] = {}
    events, totals, teams = {}, {}, {}
    for event in rulebook.events:
        here = intake.events[event.key]
        drafts = score_event(rulebook, here, write, _accepted(event.key, recorded))
        standing.used |= _spread_decisions(event.key, recorded)
        problems += here.problems()
        for draft in drafts:
            problems += draft.problems
        below[event.key] = {draft.entry: draft for draft in drafts}
        events[event.key] = standing.rows("event", event, drafts)
    overall = {entry.id: entry.outcomes[ALL] for entry in people if ALL in entry.outcomes}
    for total in rulebook.totals:
        drafts = score_total(rulebook, total, below, overall, write)
        below[total.key] = {draft.entry: draft for draft in drafts}
        totals[total.key] = standing.rows("total", total, drafts)
    for team in rulebook.teams:
        desk = TeamDesk(rulebook, team, below, {**events, **totals}, write, problems)
        teams[team.key] = standing.rows("team", team, desk.drafts(people))
    scopes = {f"event:{key}" for key in events} | {f"total:{key}" for key in totals} | {f"team:{key}" for key in teams}
    problems += unused(rulebook, recorded, standing.used, scopes)
    return Scores(rulebook.key, rulebook.version, rulebook.digest, events, totals, teams, tuple(sorted(problems, key=_order)))


def _accepted(event: str, decisions: Sequence[Decision]) -> set[str]:
    prefix = f"spread:{event}:"
    return {item.scope.removeprefix(prefix) for item in decisions if item.scope.startswith(prefix)}


def _spread_decisions(event: str, decisions: Sequence[Decision]) -> set[int]:
    return {index for index, item in enumerate(decisions) if item.scope.startswith(f"spread:{event}:")}


def _order(problem: Problem) -> tuple[bool, str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...], str]:
    detail = ";".join(f"{key}={problem.detail[key]}" for key in sorted(problem.detail))
    return (
        not problem.blocking,
        problem.scope,
        problem.code,
        problem.entries,
        problem.seats,
        problem.criteria,
        detail,
    )
