"""The sheets of one work: who had to mark what, who did, and what is missing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from competition.recount.given import Given, Json, Panel, leaves
from competition.recount.tree import common, marked_together


class Missing(Exception):
    """A figure cannot be made, because something that it needs is not there."""


@dataclass
class Sheets:
    """Every mark of one event: entry → seat → criterion → its attempts in their order."""

    marks: dict[str, dict[str, dict[str, list[str]]]] = field(default_factory=dict)
    needed: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def seats(self, entry: str, criterion: str) -> set[str]:
        """The seats that have to mark this criterion of this work."""
        return self.needed.get((entry, criterion), set())

    def attempts(self, entry: str, seat: str, criterion: str) -> list[str]:
        """What a seat wrote; raises Missing."""
        found = self.marks.get(entry, {}).get(seat, {}).get(criterion)
        if not found:
            raise Missing(f"{entry}/{seat}/{criterion}")
        return found


def sheets_of(given: Given, event: Json, entries: Iterable[str]) -> Sheets:
    """The sheets of an event. Marks of excused seats and of seats that are on no panel are none."""
    names, keys = list(entries), [one["key"] for one in leaves(event.get("criteria", ()))]
    excused = {(one.entry, one.seat) for one in given.excusals if one.event == event["key"]}
    written: Mapping[str, dict[tuple[str, str], dict[int, str]]] = {name: defaultdict(dict) for name in names}
    for mark in given.marks:
        if mark.event == event["key"] and mark.entry in written and mark.criterion in keys:
            written[mark.entry][mark.seat, mark.criterion][mark.attempt] = mark.value
    panels = [one for one in given.panels if one.event == event["key"]]
    seen: dict[str, set[str]] = defaultdict(set)
    for marks in written.values():
        for seat, criterion in marks:
            seen[criterion].add(seat)
    found = Sheets()
    together, shared = marked_together(event), set(common(event.get("criteria", ())))
    for name in names:
        for key in keys:
            named = [one for one in panels if _has_work(one, name) and _has_leaf(one, key, shared)]
            groups = [set(panel.seats) for panel in named] or [seen[other] for other in together[key]]
            seats = set().union(*groups)
            found.needed[name, key] = {seat for seat in seats if (name, seat) not in excused}
        of_work = found.marks.setdefault(name, {})
        for (seat, criterion), attempts in written[name].items():
            if seat in found.needed[name, criterion]:
                of_work.setdefault(seat, {})[criterion] = [attempts[n] for n in sorted(attempts)]
    return found


def _has_work(panel: Panel, entry: str) -> bool:
    return panel.entries is None or entry in panel.entries


def _has_leaf(panel: Panel, key: str, shared: Collection[str]) -> bool:
    """A panel without criteria of its own marks the common sheet."""
    return key in (shared if panel.criteria is None else panel.criteria)
