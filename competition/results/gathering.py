"""Everything that the engine is told, gathered from the rooms below, and what it answers.

Before the codes of an event are opened nobody but the code appears in what is handed out: the outcomes of the
day are attached to codes in here, and the names stay in here.
"""

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from competition.arena import queries as arena
from competition.arena import rules as day
from competition.arena.entrants import delegation_of, members_of, team_of
from competition.arena.models import Outcome
from competition.contests import queries as contests
from competition.contests.models import Contest, Event
from competition.judging import queries as judging
from competition.judging.queries_answers import key_figures, key_rows, keys_of
from competition.judging.queries_sent import replayed, sent_of_event
from competition.judging.queries_spread import accepted_works
from competition.recount.given import Given
from competition.recount.recounting import recount
from competition.registration.models import Entrant
from competition.results import queries, rules
from competition.results.ruling import Ruling, ruling
from competition.results.standing import (
    Computed,
    ContestFacts,
    DecisionFacts,
    EventFacts,
    EventSide,
    RoundFacts,
    Who,
    WorkFacts,
    scope_of_decision,
)
from competition.scoring import engine
from competition.scoring.inputs import AnswerKey, Decision, Excusal, Figure, Mark, Panel, Sheet
from competition.scoring.inputs import Entry as Competitor
from competition.scoring.intake import Told

COUNTING = day.RULINGS | {day.ABSENT}


@dataclass(frozen=True)
class Gathered:
    """What the engine was told, in its own ids."""

    entries: Sequence[Competitor]
    told: Told
    decisions: Sequence[Decision]


def compute(
    contest_id: uuid.UUID, *, explained: bool = False, events: Collection[str] | None = None, counted_twice: bool = False,
    proposed: Mapping[str, Any] | None = None,
) -> Computed:
    """Score a contest as it stands, by a constant number of statements for each event. Reads only.

    Events whose codes are closed are scored by work code, the others by entry or team. ``events`` limits the
    work to some events of the rulebook; ``counted_twice`` adds the recount, from what the tablets sent;
    ``proposed`` is a sound document that might follow the rulebook in force, in the place of it.
    Raises RuleBroken when no rulebook has been chosen.
    """
    return gather(contest_id, explained=explained, events=events, counted_twice=counted_twice, proposed=proposed)[0]


def gather(
    contest_id: uuid.UUID, *, explained: bool = False, events: Collection[str] | None = None, counted_twice: bool = False,
    proposed: Mapping[str, Any] | None = None,
) -> tuple[Computed, Gathered]:
    """The same, with everything that it was computed from."""
    contest, rules_now = contests.get_contest(contest_id), ruling(contest_id, proposed)
    desk = read(contest, rules_now, events, counted_twice=counted_twice)
    return scored(contest, rules_now, desk, explained=explained, counted_twice=counted_twice)


def read(contest: Contest, rules_now: Ruling, events: Collection[str] | None = None, *, counted_twice: bool = False) -> "Desk":
    """What the rooms below hold about the events that the rules name. ``counted_twice``: also what the tablets sent."""
    known = named_events(contest, rules_now) if events is None else named_events(contest, rules_now) & set(events)
    desk = Desk(contest, counted_twice=counted_twice)
    for event in contest.events:
        if event.key in known:
            desk.take(event)
    return desk


def named_events(contest: Contest, rules_now: Ruling) -> set[str]:
    """The contest's events that the rules name."""
    return {event.key for event in rules_now[1].events} & {event.key for event in contest.events}


def scored(
    contest: Contest, rules_now: Ruling, desk: "Desk", *, explained: bool = False, counted_twice: bool = False
) -> tuple[Computed, Gathered]:
    """What was read, by these rules."""
    version, rulebook, document = rules_now
    entries, decided = desk.competitors(), list(engine_decisions(desk.decisions, desk.sides))
    scores = engine.score(
        rulebook, entries, [], desk.figures, decided, explained, sheets=desk.sheets, panels=desk.panels, excusals=desk.excusals,
        keys=desk.keys,
    )
    given = Given(document, entries, desk.sent, desk.figures, decided, desk.panels, desk.excusals, desk.keys)
    ruled = {event.key for event in rulebook.events}
    computed = Computed(
        ContestFacts(contest.id, contest.name_zh, contest.phase, contest.condition),
        version, rulebook, rules.scopes_of(rulebook), scores, desk.sides, desk.people,
        tuple(desk.decisions), tuple(e.name_zh for e in contest.events if e.key not in ruled),
        tuple(event.name.zh for event in rulebook.events if event.key not in {e.key for e in contest.events}),
        document, recount(given) if counted_twice else None,
    )
    return computed, Gathered(entries, Told((), desk.sheets, desk.figures, desk.panels, desk.excusals, desk.keys), decided)


def marks_digest(marks: Sequence[judging.Mark], figures: Sequence[tuple[uuid.UUID, str, str]]) -> str:
    """From which marks and figures of an event something was drawn."""
    text = "\n".join(sorted(f"{w}|{'|'.join(map(str, rest))}" for w, *rest in [*marks, *figures]))
    return hashlib.sha256(text.encode()).hexdigest()


def marks_for(event: Event, ids: Mapping[uuid.UUID, str], marks: Iterable[judging.Mark]) -> list[Mark]:
    """The marks of an event under the ids of the engine."""
    return [Mark(event.key, ids[w], str(seat), key, value, attempt) for w, seat, key, attempt, value in marks if w in ids]


def engine_decisions(decisions: Iterable[DecisionFacts], sides: Mapping[str, EventSide]) -> Iterable[Decision]:
    """The newest decision about each group of people, oldest first, in the ids of the engine."""
    newest = {(d.scope, tuple(sorted(d.subject))): d for d in decisions}
    for decision in newest.values():
        side = side_of(decision.scope, sides)
        order = tuple(engine_id(side, ref) for ref in decision.order)
        if decision.scope.startswith("spread:"):
            yield Decision(f"{decision.scope}:{order[0]}", (), decision.reason)
        else:
            yield Decision(decision.scope, order, decision.reason, decision.how)


def side_of(scope: str, sides: Mapping[str, EventSide]) -> EventSide | None:
    """The event that a decision is about, if it is about one."""
    kind, _, key = scope_of_decision(scope).partition(":")
    return sides.get(key) if kind == "event" else None


def engine_id(side: EventSide | None, ref: str) -> str:
    """The engine's id of a work (in events) or of an entry or team (elsewhere)."""
    return ref if side is None else side.ids.get(uuid.UUID(ref), ref)


def stored_ref(side: EventSide | None, key: str) -> str:
    """The reverse of :func:`engine_id`: what a decision stores."""
    return key if side is None else str(side.work_of[key])


def _sheets(event: str, marks: Iterable[judging.Mark], ids: Mapping[uuid.UUID, str]) -> list[Sheet]:
    """The marks of an event as sheets: what one seat entered for one work, attempt by attempt."""
    found: dict[tuple[uuid.UUID, int, int], dict[str, str]] = {}
    for work, seat, criterion, attempt, value in marks:
        if work in ids:
            found.setdefault((work, seat, attempt), {})[criterion] = value
    return [Sheet(event, ids[work], str(seat), values, attempt) for (work, seat, attempt), values in found.items()]


class Desk:
    """Collects the inputs of one contest, event by event."""

    def __init__(self, contest: Contest, *, counted_twice: bool) -> None:
        self.sheets: list[Sheet] = []
        self.sent: list[Mark] = []
        self.counted_twice = counted_twice
        self.figures: list[Figure] = []
        self.panels: list[Panel] = []
        self.excusals: list[Excusal] = []
        self.keys: list[AnswerKey] = []
        self.sides: dict[str, EventSide] = {}
        self.people: dict[str, Who] = {}
        self._events: dict[str, list[str]] = {}
        self._outcomes: dict[str, dict[str, str]] = {}
        self._teams: dict[str, str | None] = {}
        self._delegations: dict[str, str | None] = {}
        rounds = contests.rounds_of(contest.id)
        states = judging.round_states([r.id for r in rounds])
        self.rounds = [RoundFacts(r.id, r.event_id, r.event.name_zh, states[r.id].state) for r in rounds]
        self.openings = arena.openings_of(contest.id)
        self.facts = arena.current_outcomes(contest.id)
        self.works = queries.works_of(contest.id)
        self.answer_keys = key_rows(contest.id)
        self.seats = queries.seats_by_round(contest.id)
        self.uncoded = queries.uncoded([contest.id])
        self.published = queries.lines_of_erased(contest.id)
        keys = {event.id: event.key for event in contest.events}
        # What the chief judge accepted on the board, before the lock, needs no second decision; a later one comes after it.
        self.decisions = [DecisionFacts(f"spread:{keys[event_id]}", (str(d.work_id),), (str(d.work_id),), d.reason, d.by_name, d.at)
                          for event_id, d in accepted_works(contest.id) if event_id in keys]
        self.decisions += [DecisionFacts(d.scope, tuple(d.subject), tuple(d.order), d.reason, d.by_name, d.at, d.how)
                           for d in queries.decisions_of(contest.id)]

    def competitors(self) -> list[Competitor]:
        """Everybody, with the events they are in."""
        return [
            Competitor(key, self._teams[key], self._outcomes.get(key, {}), tuple(events), self._delegations[key])
            for key, events in self._events.items()
        ]

    def take(self, event: Event) -> None:
        """Everything about one event."""
        works = {w.id: WorkFacts(w.id, w.round_id, w.code, w.position) for w in self.works.get(event.id, ())}
        behind, is_open = arena.decoded(event.id, members=event.entrant_kind == "team"), event.id in self.openings
        ids = {work.id: self._enter(event, work, behind.get(work.id), is_open) for work in works.values()}
        marks, figures = judging.marks_of_event(event.id), judging.figures_of_event(event.id)
        keys = keys_of(self.answer_keys.get(event.id))
        self.keys += [AnswerKey(event.key, section, answers) for section, answers in keys.items()]
        self.sheets += _sheets(event.key, marks, ids)
        if self.counted_twice:
            self.sent += marks_for(event, ids, replayed(sent_of_event(event.id), marks))
        self.figures += [Figure(event.key, ids[w], key, value) for w, key, value in figures if w in ids]
        rounds = tuple(round_ for round_ in self.rounds if round_.event_id == event.id)
        self._panels(event, rounds, works, ids)
        self._excuse(event, ids)
        self.sides[event.key] = EventSide(
            EventFacts(event.id, event.key, event.name_zh), rounds, works, ids, is_open, self.uncoded.get(event.id, 0),
            marks_digest(marks, [*figures, *key_figures(event.id, keys)]),
        )

    def _enter(self, event: Event, work: WorkFacts, entrant: Entrant | None, is_open: bool) -> str:
        """The engine's id of a work; who is behind it is told only when the codes are opened."""
        key = work.code if entrant is None or not is_open else str(entrant.entry_id or entrant.team_id)
        if entrant is None or not is_open:
            self.people[key] = Who(key, code=work.code)
        else:
            self._name(key, entrant)
        team = entrant.entry.team_id if is_open and entrant is not None and entrant.entry is not None else None
        # Where somebody comes from would say who is behind a code.
        delegation = delegation_of(entrant) if is_open and entrant is not None else None
        self._teams[key] = str(team) if team else None
        self._delegations[key] = str(delegation.id) if delegation else None
        self._events.setdefault(key, []).append(event.key)
        fact: Outcome | None = self.facts.get(entrant.id) if entrant is not None else None
        if fact is not None and fact.kind in COUNTING:
            self._outcomes.setdefault(key, {})[event.key] = fact.kind
        return key

    def _name(self, key: str, entrant: Entrant) -> None:
        """Who is behind an id; the team of a person too, for sums of members. A team that competes says who went in."""
        who = self._as_published(who_is(key, entrant))
        if who.team_id is not None:
            self.people[key] = who
            return
        self.people.setdefault(key, who)
        if who.own_team_id is not None:
            team = str(who.own_team_id)
            self.people.setdefault(team, Who(team, name=who.team, delegation=who.delegation, team_id=who.own_team_id))

    def _as_published(self, who: Who) -> Who:
        """A line that was published keeps its names, whoever had the own data erased since."""
        line = self.published.get(who.entry_id or who.team_id)
        if line is None:
            return who
        return replace(who, name=line.public_name, region=line.region_name, members=tuple(line.members))

    def _panels(
        self, event: Event, rounds: Iterable[RoundFacts], works: Mapping[uuid.UUID, WorkFacts], ids: Mapping[uuid.UUID, str]
    ) -> None:
        for round_ in rounds:
            entries = tuple(ids[w.id] for w in works.values() if w.round_id == round_.id)
            for criteria, numbers in self.seats.get(round_.id, {}).items():
                self.panels.append(Panel(event.key, tuple(map(str, numbers)), entries, criteria or None))

    def _excuse(self, event: Event, ids: Mapping[uuid.UUID, str]) -> None:
        seats = {str(n) for r in self.rounds if r.event_id == event.id for ns in self.seats.get(r.id, {}).values() for n in ns}
        for work, seat, reason in judging.excusals_of_event(event.id):
            keys = list(ids.values()) if work is None else [ids[work]] if work in ids else []
            numbers = seats if seat is None else {str(seat)}
            self.excusals += [Excusal(event.key, key, number, reason) for key in keys for number in numbers]


def who_is(key: str, entrant: Entrant) -> Who:
    """An entrant as a result names them: as they were entered."""
    entry, team, delegation = entrant.entry, team_of(entrant), delegation_of(entrant)
    return Who(
        id=key,
        name=entry.name if entry else team.name if team else "",
        number=(entry.number or "") if entry else "",
        team=team.name if team and entry else "",
        delegation=delegation.name if delegation else "",
        region=entry.region.name if entry and entry.region else "",
        entry_id=entry.id if entry else None,
        team_id=None if entry else (team.id if team else None),
        own_team_id=team.id if team else None,
        members=() if entry else tuple(member.name for member in members_of(entrant)),
    )
