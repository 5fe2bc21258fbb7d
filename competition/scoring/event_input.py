"""What is known about one event, ready to be computed: whole sheets as whole numbers, and what is missing of the others."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import TypeVar

from competition.scoring.criteria import MarkRefused
from competition.scoring.inputs import Entry, Mark, Panel, Sheet
from competition.scoring.model import Criterion, Event
from competition.scoring.plan import Plan, plan_of
from competition.scoring.problems import Problem
from competition.scoring.units import Entered, Row, Table, Unit

ALL = "*"
_Told = TypeVar("_Told")
_About = tuple[str, str]  # the entry, and the seat ("" for figures)


@dataclass(slots=True)
class EventInput:
    """One event: ``rows`` (whole sheets), their ``sums`` and ``gaps`` (criteria not marked) by unit, entry and seat.

    ``figures`` are by entry and key, ``keys`` of a theory paper by section.
    A sum is in parts of the unit, groups and their caps not looked at.

    ``loose``: marks by entry and seat, then criterion and attempt, as long as they are not one plain sheet.
    ``noted``: problems with what was told, by whom they are about, so that they go when it is told anew.
    """

    event: Event
    entries: dict[str, Entry]
    panels: list[Panel] = field(default_factory=list)
    excused: dict[str, dict[str, str]] = field(default_factory=dict)
    figures: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    loose: dict[_About, dict[str, dict[int, str]]] = field(default_factory=dict)
    noted: dict[_About, list[Problem]] = field(default_factory=dict)
    contradictions: dict[_About, dict[tuple[str, str], set[str]]] = field(default_factory=dict)
    plan: Plan = field(init=False)
    rows: dict[str, dict[str, dict[str, Row]]] = field(init=False)
    sums: dict[str, dict[str, dict[str, int]]] = field(init=False)
    gaps: dict[str, dict[str, dict[str, tuple[str, ...]]]] = field(init=False)
    _plain: list[str] | None = field(init=False)  # the criteria of a sheet that is taken at once, if there is such
    _tables: tuple[Table, ...] = ()
    _expected: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.plan = plan_of(self.event)
        self.rows = {unit.key: {entry: {} for entry in self.entries} for unit in self.plan.units}
        self.sums = {unit.key: {entry: {} for entry in self.entries} for unit in self.plan.units}
        self.gaps = {unit.key: {} for unit in self.plan.units}
        common = self.plan.common
        single = common is not None and all(item.attempts == 1 for item in common.criteria)
        self._plain = None
        if common is not None and single:
            self._plain, self._tables = [item.key for item in common.criteria], common.tables

    @property
    def scope(self) -> str:
        """The event's scope in problems and decisions."""
        return f"event:{self.event.key}"

    def problem(
        self,
        code: str,
        entry: str = "",
        *,
        seats: Iterable[str] = (),
        criteria: Iterable[str] = (),
        blocking: bool = True,
        refusal: MarkRefused | None = None,
        **detail: str | int,
    ) -> Problem:
        """A problem of this event; ``refusal``: why an entry is not allowed."""
        if refusal is not None:
            detail |= {"reason": refusal.message, **refusal.values}
        said = {key: str(value) for key, value in detail.items()}
        who = (entry,) if entry else ()
        return Problem(code, self.scope, self.event.name.zh, who, tuple(seats), tuple(criteria), said, blocking)

    def outcome(self, entry: str) -> str | None:
        """The recorded outcome of an entry in this event."""
        outcomes = self.entries[entry].outcomes
        return (outcomes.get(ALL) or outcomes.get(self.event.key)) if outcomes else None

    def take_sheets(self, sheets: Iterable[Sheet]) -> None:
        """Put sheets in their places: each at once when it is a plain one, else mark by mark."""
        works, sums, plain, tables, loose = self.rows.get("", {}), self.sums.get("", {}), self._plain, self._tables, self.loose
        for sheet in sheets:
            entry, seat, values = sheet.entry, sheet.seat, sheet.values
            rows = works.get(entry)
            if rows is None or [*values] != plain or sheet.attempt != 1 or seat in rows or (loose and (entry, seat) in loose):
                self._take_apart(sheet)
                continue
            try:
                sums[entry][seat] = sum(map(Table.__getitem__, tables, values.values()))
            except MarkRefused:
                self._take_apart(sheet)  # each mark finds its place, or is reported
            else:
                rows[seat] = values

    def _take_apart(self, sheet: Sheet) -> None:
        """A sheet that is not a plain one: at once when only the order is another, else mark by mark."""
        plain = self._plain
        if plain is not None and [*sheet.values] != plain and sheet.values.keys() == set(plain):
            self.take_sheets([replace(sheet, values={key: sheet.values[key] for key in plain})])
            return
        if sheet.entry not in self.entries:
            self.note(sheet.entry, sheet.seat, "mark.unknown_entry", seats=(sheet.seat,))
            return
        for criterion, value in sheet.values.items():
            self.take_mark(Mark(self.event.key, sheet.entry, sheet.seat, criterion, value, sheet.attempt))

    def take_mark(self, mark: Mark) -> None:
        """Put one mark in its place."""
        entry, seat = mark.entry, mark.seat
        if entry not in self.entries:
            self.note(entry, seat, "mark.unknown_entry", seats=(seat,))
            return
        place = self.plan.place.get(mark.criterion)
        if place is None:
            self.note(entry, seat, "mark.unknown_criterion", seats=(seat,), criteria=(mark.criterion,))
            return
        unit, position = place
        criterion, table = unit.criteria[position], unit.tables[position]
        what = (criterion.name.zh,)
        if not 1 <= mark.attempt <= criterion.attempts:
            self.note(entry, seat, "mark.attempt", seats=(seat,), criteria=what, attempt=mark.attempt, allowed=criterion.attempts)
            return
        try:
            table[mark.value]
        except MarkRefused as refusal:
            self.note(entry, seat, "mark.refused", seats=(seat,), criteria=what, value=mark.value, refusal=refusal)
            return
        clean = table.clean[mark.value]
        attempts = self._loosened(entry, seat).setdefault(criterion.key, {})
        self._keep(attempts, mark.attempt, str(clean), (entry, seat), ("mark.contradicts", criterion.name.zh))

    def note(self, entry: str, seat: str, code: str, **facts: object) -> None:
        """Keep a problem with what was told of this entry by this seat."""
        self.noted.setdefault((entry, seat), []).append(self.problem(code, entry, **facts))  # type: ignore[arg-type]

    def take_figure(self, entry: str, key: str, value: str, name: str) -> None:
        """Keep a figure in canonical form; ``name``: what it is called."""
        self._keep(self.figures.setdefault(entry, {}), key, value, (entry, ""), ("figure.contradicts", name))

    def lack_keys(self, answers: str) -> None:
        """Note the sections of which answers but no key were told; ``answers``: how the names of those figures begin."""
        told = {key.removeprefix(answers) for known in self.figures.values() for key in known if key.startswith(answers)}
        sections = self.event.paper.sections if self.event.paper is not None and told else ()
        missing = tuple(item.name.zh for item in sections if item.key not in self.keys)
        if missing:
            self.note("", "", "key.missing", criteria=missing)

    def _keep(self, table: dict[int, str] | dict[str, str], slot: int | str, value: str, about: _About, what: tuple[str, str]) -> None:
        """Put a value in its place; two different ones contradict, and the order must not matter."""
        earlier = table.setdefault(slot, value)  # type: ignore[arg-type]
        if earlier != value:
            self.contradictions.setdefault(about, {}).setdefault(what, set()).update((earlier, value))
            table[slot] = min(earlier, value)  # type: ignore[index]

    def _loosened(self, entry: str, seat: str) -> dict[str, dict[int, str]]:
        """The loose marks of a seat for a work; a plain sheet that was there is taken apart."""
        found = self.loose.get((entry, seat))
        if found is None:
            found = {}
            row = None if self._plain is None else self.rows[""][entry].pop(seat, None)
            if row is not None:
                del self.sums[""][entry][seat]
                found = {key: {1: str(table.clean[row[key]])} for key, table in zip(row, self._tables, strict=True)}
            self.loose[entry, seat] = found
        return found

    def settle(self) -> None:
        """Make rows and gaps of the loose marks."""
        for (entry, seat), marks in self.loose.items():
            self.settle_one(entry, seat, marks)

    def settle_one(self, entry: str, seat: str, marks: Mapping[str, Mapping[int, str]]) -> None:
        """The rows and gaps of one seat for one work."""
        for unit in self.plan.units:
            if marks.keys().isdisjoint(item.key for item in unit.criteria):
                continue
            entered = {item.key: _entered(item, marks.get(item.key, {})) for item in unit.criteria}
            missing = tuple(item.name.zh for item in unit.criteria if entered[item.key] is None)
            if missing:
                self.gaps[unit.key].setdefault(entry, {})[seat] = missing
            else:
                whole = {key: value for key, value in entered.items() if value is not None}
                self.rows[unit.key][entry][seat] = whole
                self.sums[unit.key][entry][seat] = sum(unit.parts(whole))

    def replace(self, sheet: Sheet) -> bool:
        """Put a sheet in the place of all that its seat has told of its work.

        Says whether by that other seats are expected of other works, who must then be looked at again.
        """
        entry, seat = sheet.entry, sheet.seat
        before = [self._marked(unit, entry, seat) for unit in self.plan.units]
        self._forget(entry, seat)
        self.take_sheets([sheet])
        loose = self.loose.get((entry, seat))
        if loose is not None:
            self.settle_one(entry, seat, loose)
        changed = [unit for unit, was in zip(self.plan.units, before, strict=True) if self._marked(unit, entry, seat) != was]
        if all(self._marked_elsewhere(unit, entry, seat) for unit in changed):
            return False
        self._expected.clear()
        return True

    def _marked(self, unit: Unit, entry: str, seat: str) -> bool:
        """Whether a seat has marked something of a work."""
        return seat in self.rows[unit.key].get(entry, ()) or seat in self.gaps[unit.key].get(entry, ())

    def _marked_elsewhere(self, unit: Unit, entry: str, seat: str) -> bool:
        return any(other != entry and self._marked(unit, other, seat) for other in self.entries)

    def _forget(self, entry: str, seat: str) -> None:
        """Take away everything that a seat has told of a work. Tables that were handed out stay as they are."""
        for table in (self.loose, self.noted, self.contradictions):
            table.pop((entry, seat), None)
        for unit in self.plan.units:
            _drop(self.rows[unit.key], entry, seat)
            _drop(self.gaps[unit.key], entry, seat)
            _drop(self.sums[unit.key], entry, seat)

    def problems(self) -> list[Problem]:
        """Everything that was wrong with what was told; contradictions each once, whatever their order."""
        found = [problem for noted in self.noted.values() for problem in noted]
        for (entry, seat), groups in self.contradictions.items():
            seats = (seat,) if seat else ()
            for (code, what), values in groups.items():
                said = " / ".join(sorted(values))
                found.append(self.problem(code, entry, seats=seats, criteria=(what,), key=what, value=said))
        return found

    def expected(self, unit: Unit, entry: str) -> AbstractSet[str]:
        """The seats that must mark this unit of this work, recused seats left out."""
        seats = self._expected.get(unit.key)
        if seats is None:
            seats = self._seats(unit, entry)
            if all(panel.entries is None for panel in self.panels):
                self._expected[unit.key] = seats
        away = self.excused.get(entry)
        return seats - away.keys() if away else seats

    def _seats(self, unit: Unit, entry: str) -> frozenset[str]:
        found: set[str] = set()
        for criterion in unit.criteria:
            named = [panel for panel in self.panels if self._covers(panel, entry, criterion)]
            found.update(*(panel.seats for panel in named) if named else [self.seen(unit)])
        return frozenset(found)

    def _covers(self, panel: Panel, entry: str, criterion: Criterion) -> bool:
        if panel.entries is not None and entry not in panel.entries:
            return False
        return criterion in self.event.sheet_criteria if panel.criteria is None else criterion.key in panel.criteria

    def seen(self, unit: Unit) -> set[str]:
        """Every seat that has marked something of this unit."""
        return set().union(*self.rows[unit.key].values(), *self.gaps[unit.key].values())


def _drop(told: dict[str, dict[str, _Told]], entry: str, seat: str) -> None:
    if entry in told:
        told[entry] = {other: said for other, said in told[entry].items() if other != seat}


def _entered(criterion: Criterion, attempts: Mapping[int, str]) -> Entered | None:
    """What was entered, or None while a needed attempt is missing."""
    if not attempts or (criterion.take == "sum" and len(attempts) < criterion.attempts):
        return None
    if criterion.attempts == 1:
        return attempts[1]
    return tuple(attempts[number] for number in sorted(attempts))
