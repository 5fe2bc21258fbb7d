"""Sorting what the engine is told: every input finds its event or becomes a problem."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from competition.scoring import exact
from competition.scoring.criteria import MarkRefused, bounded
from competition.scoring.event_input import ALL, EventInput
from competition.scoring.inputs import AnswerKey, Entry, Excusal, Figure, Mark, Panel, Sheet
from competition.scoring.model import Event, Rulebook
from competition.scoring.paper import ANSWERS, Section
from competition.scoring.problems import Problem
from competition.scoring.wording import ENTERED

_TIMES = ("time_s", "time_back_s")


@dataclass(frozen=True, slots=True)
class Told:
    """What was told beside the entries: as it came in, not sorted yet."""

    marks: Iterable[Mark] = ()
    sheets: Iterable[Sheet] = ()
    figures: Iterable[Figure] = ()
    panels: Iterable[Panel] = ()
    excusals: Iterable[Excusal] = ()
    keys: Iterable[AnswerKey] = ()


@dataclass(slots=True)
class Intake:
    """Inputs by event, and the problems that belong to no event."""

    rulebook: Rulebook
    events: Mapping[str, EventInput]
    general: list[Problem] = field(default_factory=list)

    def unknown(self, code: str, event: str) -> None:
        """Note, once, that something was told of an event that the rulebook does not have."""
        problem = Problem(code, "rulebook", self.rulebook.name.zh, detail={"event": event})
        if problem not in self.general:
            self.general.append(problem)


def take_in(rulebook: Rulebook, entries: Sequence[Entry], told: Told) -> Intake:
    """Everything in its place."""
    events = {
        event.key: EventInput(
            event,
            {entry.id: entry for entry in entries if entry.events is None or event.key in entry.events},
        )
        for event in rulebook.events
    }
    for panel in told.panels:
        if panel.event in events:
            events[panel.event].panels.append(panel)
    for excusal in told.excusals:
        if excusal.event in events:
            events[excusal.event].excused.setdefault(excusal.entry, {})[excusal.seat] = excusal.reason
    unknown = _take_sheets(events, told) | _take_figures(events, told.figures) | _take_keys(events, told.keys)
    for here in events.values():
        here.settle()
    found = Intake(rulebook, events, _check_entries(rulebook, entries))
    for code, key in sorted(unknown):
        found.unknown(code, key)
    return found


def _take_sheets(events: Mapping[str, EventInput], told: Told) -> set[tuple[str, str]]:
    """Sheets and marks; what belongs to no event is handed back."""
    unknown = set()
    for event, sheets in groupby(told.sheets, key=attrgetter("event")):
        if event in events:
            events[event].take_sheets(sheets)
        else:
            unknown.add(("mark.unknown_event", event))
    for mark in told.marks:
        here = events.get(mark.event)
        if here is None:
            unknown.add(("mark.unknown_event", mark.event))
        else:
            here.take_mark(mark)
    return unknown


def _take_keys(events: Mapping[str, EventInput], keys: Iterable[AnswerKey]) -> set[tuple[str, str]]:
    """Keys of papers; what belongs to no event is handed back."""
    unknown = set()
    for key in keys:
        if key.event in events:
            _take_key(events[key.event], key)
        else:
            unknown.add(("key.unknown_event", key.event))
    for here in events.values():
        here.lack_keys(ANSWERS)
    return unknown


def _take_key(here: EventInput, key: AnswerKey) -> None:
    section = _section(here.event, key.section)
    if section is None:
        here.note("", "", "key.unknown_section", section=key.section)
        return
    try:
        clean = section.accepted(key.answers)
    except MarkRefused as refusal:
        here.note("", "", "key.refused", criteria=(section.name.zh,), refusal=refusal)
        return
    if here.keys.setdefault(section.key, clean) != clean:
        here.note("", "", "key.contradicts", criteria=(section.name.zh,))


def _section(event: Event, key: str) -> Section | None:
    """A section of the event's paper."""
    return next((one for one in event.paper.sections if one.key == key), None) if event.paper is not None else None


def _take_figures(events: Mapping[str, EventInput], figures: Iterable[Figure]) -> set[tuple[str, str]]:
    unknown = set()
    for figure in figures:
        if figure.event in events:
            _take_figure(events[figure.event], figure)
        else:
            unknown.add(("figure.unknown_event", figure.event))
    return unknown


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


def _take_figure(here: EventInput, figure: Figure) -> None:
    if figure.entry not in here.entries:
        here.note(figure.entry, "", "figure.unknown_entry", key=figure.key)
        return
    try:
        value = _figure_value(here.event, figure)
    except KeyError:
        here.note(figure.entry, "", "figure.unknown_key", key=figure.key)
        return
    except MarkRefused as refusal:
        name = _figure_name(here.event, figure.key)
        here.note(figure.entry, "", "figure.refused", key=name, value=figure.value, refusal=refusal)
        return
    here.take_figure(figure.entry, figure.key, value, _figure_name(here.event, figure.key))


def _figure_name(event: Event, key: str) -> str:
    names = {item.key: item.name.zh for item in event.deductions}
    names |= {ANSWERS + item.key: item.name.zh for item in event.paper.sections} if event.paper is not None else {}
    return names.get(key) or ENTERED[key]


def _figure_value(event: Event, figure: Figure) -> str:
    section = _section(event, figure.key.removeprefix(ANSWERS)) if figure.key.startswith(ANSWERS) else None
    if section is not None:
        return section.answers(figure.value)
    if event.imported is not None:
        if figure.key != "theory":
            raise KeyError(figure.key)
        return event.imported.canonical(figure.value)
    if figure.key in _TIMES:
        return bounded(figure.value, exact.ZERO, None, None)
    return event.deduction(figure.key).canonical(figure.value)
