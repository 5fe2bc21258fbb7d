"""A contest's figures at one moment as plain data, bound to no session: what pages show and verbs decide on."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from competition.contests.naming import wording
from competition.recount.given import Lines
from competition.results.rules import Scope
from competition.scoring.model import Rulebook
from competition.scoring.problems import Problem
from competition.scoring.scores import Row, Scores
from competition.scoring.wording import Wording


@dataclass(frozen=True)
class Who:
    """Behind an id of the engine: a code alone, or who it is once the codes are opened."""

    id: str
    code: str = ""
    name: str = ""
    number: str = ""
    team: str = ""
    delegation: str = ""
    region: str = ""
    entry_id: uuid.UUID | None = None
    team_id: uuid.UUID | None = None
    own_team_id: uuid.UUID | None = None
    members: tuple[str, ...] = ()

    @property
    def member_of(self) -> str | None:
        """The team of a person, as the engine calls it."""
        return str(self.own_team_id) if self.own_team_id and self.entry_id else None

    @property
    def label(self) -> str:
        """How a page names them."""
        return self.name or self.code


@dataclass(frozen=True)
class ContestFacts:
    """What of a contest decides whether it may be published."""

    id: uuid.UUID
    name: str
    phase: str
    condition: str


@dataclass(frozen=True)
class VersionFacts:
    """Which rulebook was used."""

    id: uuid.UUID
    number: int
    digest: str


@dataclass(frozen=True)
class EventFacts:
    """An event of the contest."""

    id: uuid.UUID
    key: str
    name: str


@dataclass(frozen=True)
class RoundFacts:
    """A round and its state: closed, open, locked."""

    id: uuid.UUID
    event_id: uuid.UUID
    name: str
    state: str


@dataclass(frozen=True)
class WorkFacts:
    """A work as judges know it."""

    id: uuid.UUID
    round_id: uuid.UUID
    code: str
    position: int


@dataclass(frozen=True)
class DecisionFacts:
    """A recorded decision, as ``models.TieDecision`` holds it."""

    scope: str
    subject: tuple[str, ...]
    order: tuple[str, ...]
    reason: str
    by_name: str
    at: datetime
    how: str = "decision"  # or "lot"


@dataclass(frozen=True)
class EventSide:
    """One event as it stands. ``ids`` maps works to the ids of the engine; ``is_open``: its codes are opened and names
    may be shown; ``uncoded`` counts entrants without a work."""

    event: EventFacts
    rounds: tuple[RoundFacts, ...]
    works: Mapping[uuid.UUID, WorkFacts]
    ids: Mapping[uuid.UUID, str]
    is_open: bool
    uncoded: int
    marks_digest: str

    @property
    def is_locked(self) -> bool:
        """Every round is locked."""
        return bool(self.rounds) and all(round_.state == "locked" for round_ in self.rounds)

    @cached_property
    def work_of(self) -> dict[str, uuid.UUID]:
        """The work behind an id of the engine."""
        return {key: work for work, key in self.ids.items()}


@dataclass(frozen=True)
class Computed:
    """A contest's figures at one moment: plain data, bound to no session.

    ``without_rules`` names events that the rulebook does not know, ``without_event`` those that only it knows.
    ``recounted``: the same counted a second time from the rulebook's ``document``, where it is to be published.
    """

    contest: ContestFacts
    version: VersionFacts
    rulebook: Rulebook
    scopes: Mapping[str, Scope]
    scores: Scores
    sides: Mapping[str, EventSide]
    people: Mapping[str, Who]
    decisions: tuple[DecisionFacts, ...]
    without_rules: tuple[str, ...] = ()
    without_event: tuple[str, ...] = ()
    document: Mapping[str, Any] = field(default_factory=dict)
    recounted: Lines | None = None

    def narrowed(self, events: Collection[str]) -> "Computed":
        """The part of who is concerned with these events alone: their rankings and decisions, no total."""
        scopes = {name: scope for name, scope in self.scopes.items() if scope.kind == "event" and scope.key in events}
        return replace(
            self, scopes=scopes, sides={key: side for key, side in self.sides.items() if key in events},
            decisions=tuple(d for d in self.decisions if scope_of_decision(d.scope) in scopes), without_rules=(), without_event=(),
        )

    def rows(self, scope: str) -> tuple[Row, ...]:
        """The ranking of a scope; of a total only once the codes of all its events are opened."""
        return self.scores.rows(self.scopes[scope].key) if self.is_shown(scope) else ()

    def is_shown(self, scope: str) -> bool:
        """Can this scope be computed at all: an event always, a total when its codes are opened."""
        sides = self.sides_of(scope)
        if any(side is None for side in sides):
            return False
        return self.scopes[scope].kind == "event" or all(side is not None and side.is_open for side in sides)

    def sides_of(self, scope: str) -> list[EventSide | None]:
        """The events that a scope is made of; None for one that the contest does not have."""
        return [self.sides.get(key) for key in self.scopes[scope].events]

    def problems(self, scopes: Iterable[str]) -> list[Problem]:
        """The problems of these scopes and of the rulebook as a whole, blocking ones first."""
        wanted = set(scopes) | {"rulebook"}
        return [p for p in self.scores.problems if p.scope in wanted or scope_of_decision(p.scope) in wanted]

    @property
    def wording(self) -> Wording:
        """How whoever reads now is told about these figures."""
        return wording(self.rulebook)

    def say(self, problem: Problem) -> str:
        """A problem in words that name people where names may be shown, else codes."""
        return problem.say(self.label, self.wording)

    def label(self, key: str) -> str:
        """A name or a code for an id of the engine."""
        found = self.people.get(key)
        return found.label if found else key


def scope_of_decision(scope: str) -> str:
    """The ranking that a decision is about."""
    kind, _, rest = scope.partition(":")
    if kind == "award":
        return rest.rpartition(":")[0]
    return f"event:{rest.partition(':')[0]}" if kind == "spread" else scope
