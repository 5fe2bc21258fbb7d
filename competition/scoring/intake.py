"""Sorting what the engine is told: every input finds its place or becomes a problem."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from competition.scoring import exact
from competition.scoring.criteria import MarkRefused, bounded
from competition.scoring.inputs import Entry, Excusal, Figure, Mark, Panel
from competition.scoring.model import Criterion, Event, Rulebook
from competition.scoring.problems import Problem
from competition.scoring.wording import ENTERED

# criterion key → attempt → canonical value
Sheet = dict[str, dict[int, str]]
ALL = "*"
_TIMES = ("time_s", "time_back_s")
_Slot = TypeVar("_Slot", int, str)
_About = tuple[str, str, tuple[str, ...], str]


@dataclass(slots=True)
class EventInput:
    """What is known about one event: sheets by entry and seat, figures by entry and key."""

    event: Event
    entries: dict[str, Entry]
    sheets: dict[str, dict[str, Sheet]] = field(default_factory=dict)
    figures: dict[str, dict[str, str]] = field(default_factory=dict)
    panels: list[Panel] = field(default_factory=list)
    excused: dict[tuple[str, str], str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=dict)
    contradictions: dict[_About, set[str]] = field(default_factory=dict)
    known: dict[tuple[str, str], str] = field(default_factory=dict)
    criteria: dict[str, Criterion] = field(init=False)

    def __post_init__(self) -> None:
        self.criteria = {item.key: item for item in self.event.criteria}

    @property
    def scope(self) -> str:
        """The event's scope in problems and decisions."""
        return f"event:{self.event.key}"

    def report(
        self,
        code: str,
        entry: str = "",
        *,
        seats: Iterable[str] = (),
        criteria: Iterable[str] = (),
        blocking: bool = True,
        refusal: MarkRefused | None = None,
        **detail: str | int,
    ) -> None:
        """Add a problem of this event; ``refusal``: why an entry is not allowed."""
        if refusal is not None:
            detail |= {"reason": refusal.message, **refusal.values}
        said = {key: str(value) for key, value in detail.items()}
        who = (entry,) if entry else ()
        self.problems.append(Problem(code, self.scope, self.event.name.zh, who, tuple(seats), tuple(criteria), said, blocking))

    def settle(self) -> None:
        """Report values that contradict each other, each group once, whatever their order."""
        for (code, entry, seats, what), values in self.contradictions.items():
            said = " / ".join(sorted(values))
            self.report(code, entry, seats=seats, criteria=(what,), key=what, value=said)

    def outcome(self, entry: str) -> str | None:
        """The recorded outcome of an entry in this event."""
        outcomes = self.entries[entry].outcomes
        return outcomes.get(ALL) or outcomes.get(self.event.key)

    def expected(self, entry: str, criterion: Criterion) -> set[str]:
        """The seats that must mark this criterion of this work, recused seats left out."""
        named = [panel for panel in self.panels if _covers(panel, entry, criterion)]
        seats = {seat for panel in named for seat in panel.seats}
        if not named:
            seats = self.seen.get(self.group(criterion), set())
        return {seat for seat in seats if (entry, seat) not in self.excused}

    def canonical(self, criterion: Criterion, text: str) -> str:
        """A mark in canonical form; the same few texts come thousands of times."""
        known = self.known.get((criterion.key, text))
        if known is None:
            known = self.known[criterion.key, text] = criterion.marking.canonical(text)
        return known

    def group(self, criterion: Criterion) -> str:
        """Criteria that the same seats mark: the common sheet (""), or the criterion alone."""
        alone = criterion.panel is not None or self.event.panel.by == "criterion"
        return criterion.key if alone else ""


def _covers(panel: Panel, entry: str, criterion: Criterion) -> bool:
    if panel.entries is not None and entry not in panel.entries:
        return False
    if panel.criteria is None:
        return criterion.panel is None
    return criterion.key in panel.criteria


def take_in(
    rulebook: Rulebook,
    entries: Sequence[Entry],
    marks: Iterable[Mark],
    figures: Iterable[Figure],
    panels: Iterable[Panel],
    excusals: Iterable[Excusal],
) -> tuple[dict[str, EventInput], list[Problem]]:
    """Inputs by event, and the problems that belong to no event."""
    general = _check_entries(rulebook, entries)
    events = {
        event.key: EventInput(
            event,
            {entry.id: entry for entry in entries if entry.events is None or event.key in entry.events},
        )
        for event in rulebook.events
    }
    for panel in panels:
        if panel.event in events:
            events[panel.event].panels.append(panel)
    for excusal in excusals:
        if excusal.event in events:
            events[excusal.event].excused[excusal.entry, excusal.seat] = excusal.reason
    unknown = set()
    for mark in marks:
        if mark.event in events:
            _take_mark(events[mark.event], mark)
        else:
            unknown.add(("mark.unknown_event", mark.event))
    for figure in figures:
        if figure.event in events:
            _take_figure(events[figure.event], figure)
        else:
            unknown.add(("figure.unknown_event", figure.event))
    for here in events.values():
        here.settle()
    general += [Problem(code, "rulebook", rulebook.name.zh, detail={"event": key}) for code, key in sorted(unknown)]
    return events, general


def _check_entries(rulebook: Rulebook, entries: Sequence[Entry]) -> list[Problem]:
    keys = {event.key for event in rulebook.events}
    problems = []
    seen: set[str] = set()

    def report(code: str, entry: Entry, **detail: str) -> None:
        problems.append(Problem(code, "rulebook", rulebook.name.zh, (entry.id,), detail=detail))

    for entry in entries:
        if entry.id in seen:
            report("entry.duplicate", entry)
        seen.add(entry.id)
        for event in set(entry.events or ()) - keys:
            report("entry.unknown_event", entry, event=event)
        for event, outcome in entry.outcomes.items():
            if (event != ALL and event not in keys) or outcome not in rulebook.outcomes:
                report("outcome.unknown", entry, outcome=outcome)
    return problems


def _take_mark(here: EventInput, mark: Mark) -> None:
    criterion = here.criteria.get(mark.criterion)
    seats = (mark.seat,)
    if mark.entry not in here.entries:
        here.report("mark.unknown_entry", mark.entry, seats=seats)
        return
    if criterion is None:
        here.report("mark.unknown_criterion", mark.entry, seats=seats, criteria=(mark.criterion,))
        return
    what = (criterion.name.zh,)
    if not 1 <= mark.attempt <= criterion.attempts:
        here.report(
            "mark.attempt",
            mark.entry,
            seats=seats,
            criteria=what,
            attempt=mark.attempt,
            allowed=criterion.attempts,
        )
        return
    try:
        value = here.canonical(criterion, mark.value)
    except MarkRefused as refusal:
        here.report("mark.refused", mark.entry, seats=seats, criteria=what, value=mark.value, refusal=refusal)
        return
    sheet = here.sheets.setdefault(mark.entry, {}).setdefault(mark.seat, {})
    attempts = sheet.setdefault(criterion.key, {})
    _keep(here, attempts, mark.attempt, value, ("mark.contradicts", mark.entry, seats, criterion.name.zh))
    here.seen.setdefault(here.group(criterion), set()).add(mark.seat)


def _take_figure(here: EventInput, figure: Figure) -> None:
    if figure.entry not in here.entries:
        here.report("figure.unknown_entry", figure.entry, key=figure.key)
        return
    try:
        value = _figure_value(here.event, figure)
    except KeyError:
        here.report("figure.unknown_key", figure.entry, key=figure.key)
        return
    except MarkRefused as refusal:
        name = _figure_name(here.event, figure.key)
        here.report("figure.refused", figure.entry, key=name, value=figure.value, refusal=refusal)
        return
    known = here.figures.setdefault(figure.entry, {})
    _keep(here, known, figure.key, value, ("figure.contradicts", figure.entry, (), _figure_name(here.event, figure.key)))


def _keep(here: EventInput, table: dict[_Slot, str], slot: _Slot, value: str, about: _About) -> None:
    """Put a value in its place; two different ones contradict, and the order must not matter."""
    earlier = table.setdefault(slot, value)
    if earlier != value:
        here.contradictions.setdefault(about, set()).update((earlier, value))
        table[slot] = min(earlier, value)


def _figure_name(event: Event, key: str) -> str:
    names = {item.key: item.name.zh for item in event.deductions}
    return names.get(key) or ENTERED[key]


def _figure_value(event: Event, figure: Figure) -> str:
    if event.imported is not None:
        if figure.key != "theory":
            raise KeyError(figure.key)
        return event.imported.canonical(figure.value)
    if figure.key in _TIMES:
        return bounded(figure.value, exact.ZERO, None, None)
    return event.deduction(figure.key).canonical(figure.value)
