"""A contest that is kept computed: when a sheet changes, one work, its totals and the rankings they stand in are made anew."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter

from competition.scoring.draft import Draft, Writer
from competition.scoring.event_input import ALL
from competition.scoring.events import Desk
from competition.scoring.inputs import Decision, Entry, Sheet
from competition.scoring.intake import Told, take_in
from competition.scoring.model import Event, Rulebook, TeamRule, Total
from competition.scoring.problems import Problem
from competition.scoring.scale import Scale
from competition.scoring.scores import Row, Scores
from competition.scoring.standing import Standing, delegations, unused
from competition.scoring.teams import TeamDesk
from competition.scoring.totals import TotalDesk

__all__ = ["Board"]

Drafts = dict[str, Draft]  # by entry, in their order


@dataclass(slots=True)
class _Ranking:
    """One ranking as it stands: its rows, its problems, and the decisions that were used for it."""

    rows: tuple[Row, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    used: set[int] = field(default_factory=set)


class Board:
    """Everything that is known of a contest, and what it comes to.

    ``put`` changes a sheet, ``scores`` says how things stand then; what it said before stays as it was said.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        entries: Iterable[Entry],
        told: Told,
        decisions: Iterable[Decision] = (),
        *,
        explained: bool = True,
    ) -> None:
        self._rulebook = rulebook
        self._people = list(entries)
        self._decisions = list(decisions)
        self._intake = take_in(rulebook, self._people, told)
        self._write = Writer(explained=explained)
        self._standing = Standing(rulebook, self._decisions, self._write, [], set(), delegations(self._people))
        self._overall = {entry.id: entry.outcomes[ALL] for entry in self._people if ALL in entry.outcomes}
        self._desks = {event.key: self._desk(event) for event in rulebook.events}
        self._drafts: dict[str, Drafts] = {}
        self._scales: dict[str, Scale | None] = {}
        self._rankings: dict[str, _Ranking] = {}
        self._changed = {key: set(here.entries) for key, here in self._intake.events.items()}

    def put(self, sheet: Sheet) -> None:
        """What a seat entered for a work, instead of all that it has entered there before.

        A sheet of an event that the rulebook does not have is a problem of the whole contest, as it was told.
        """
        here = self._intake.events.get(sheet.event)
        if here is None:
            self._intake.unknown("mark.unknown_event", sheet.event)
            return
        if here.replace(sheet):
            self._changed.setdefault(sheet.event, set()).update(here.entries)
        elif sheet.entry in here.entries:
            self._changed.setdefault(sheet.event, set()).add(sheet.entry)
        else:
            self._changed.setdefault(sheet.event, set())

    def scores(self) -> Scores:
        """All rankings as things stand."""
        changed = self._changed
        self._changed = {}
        for event in self._rulebook.events:
            if event.key in changed or event.key not in self._rankings:
                self._event(event, changed[event.key])
        for total in self._rulebook.totals:
            self._total(total, changed)
        for team in self._rulebook.teams:
            self._team(team, changed)
        return self._scores()

    def _desk(self, event: Event) -> Desk:
        prefix = f"spread:{event.key}:"
        accepted = {item.scope.removeprefix(prefix) for item in self._decisions if item.scope.startswith(prefix)}
        return Desk(self._rulebook, self._intake.events[event.key], self._write, accepted)

    def _event(self, event: Event, changed: set[str]) -> None:
        desk, here = self._desks[event.key], self._intake.events[event.key]
        drafts = self._drafts.setdefault(event.key, dict.fromkeys(sorted(here.entries), Draft("", "")))
        for entry in changed:
            drafts[entry] = desk.draft(entry)
        made = self._ranked("event", event, drafts, changed)
        made.problems += here.problems()
        made.problems += chain.from_iterable(map(attrgetter("problems"), drafts.values()))
        made.used |= {index for index, item in enumerate(self._decisions) if item.scope.startswith(f"spread:{event.key}:")}

    def _total(self, total: Total, changed: dict[str, set[str]]) -> None:
        """``changed`` gets the entrants whose total was made anew."""
        moved = set[str]().union(*(changed.get(part.of, ()) for part in total.parts))
        if not moved and total.key in self._rankings:
            return
        parts = {part.of: self._drafts[part.of] for part in total.parts}
        desk = TotalDesk(self._rulebook, total, self._write)
        scale = Scale.of(total.scale, (draft for drafts in parts.values() for draft in drafts.values()))
        if total.key not in self._drafts:
            self._drafts[total.key] = dict.fromkeys(sorted(desk.entrants(parts)), Draft("", ""))
        drafts = self._drafts[total.key]
        fresh = total.key not in self._rankings or scale != self._scales[total.key]
        self._scales[total.key] = scale
        changed[total.key] = set(drafts) if fresh else moved & drafts.keys()
        for entry in changed[total.key]:
            drafts[entry] = desk.draft(entry, parts, self._overall.get(entry), scale)
        self._ranked("total", total, drafts, changed[total.key])

    def _team(self, team: TeamRule, changed: Mapping[str, set[str]]) -> None:
        if team.key in self._rankings and not any(changed.get(key) for key in team.below):
            return
        rows = {key: made.rows for key, made in self._rankings.items()}
        found: list[Problem] = []
        desk = TeamDesk(self._rulebook, team, self._drafts, rows, self._write, found)
        drafts = {draft.entry: draft for draft in desk.drafts(self._people)}
        self._ranked("team", team, drafts, drafts).problems += found

    def _ranked(self, kind: str, scope: Event | Total | TeamRule, drafts: Drafts, changed: Collection[str]) -> _Ranking:
        """One ranking made anew, with rows of the last time where nothing changed."""
        made = self._rankings[scope.key] = _Ranking()
        self._standing.problems, self._standing.used = made.problems, made.used
        made.rows = self._standing.rows(kind, scope, drafts, changed)
        return made

    def _scores(self) -> Scores:
        book = self._rulebook
        kinds: tuple[tuple[str, Sequence[Event | Total | TeamRule]], ...] = (
            ("event", book.events), ("total", book.totals), ("team", book.teams),
        )
        events, totals, teams = ({item.key: self._rankings[item.key].rows for item in scopes} for _kind, scopes in kinds)
        used = set[int]().union(*(made.used for made in self._rankings.values()))
        known = {f"{kind}:{item.key}" for kind, scopes in kinds for item in scopes}
        problems = [*self._intake.general, *unused(book, self._decisions, used, known)]
        for made in self._rankings.values():
            problems += made.problems
        return Scores(book.key, book.version, book.digest, events, totals, teams, tuple(sorted(problems, key=_order)))


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
