"""How presences become cells: the one calculation behind every figure. Pure.

Somebody's *history* is all that counts of a person: packed presences, sorted. People with the same history count the
same, so they are counted together: ``figures`` takes histories and how many people have each. A full count gives it
everybody. A change gives it the people touched alone: +1 for each history as it is now, -1 for each as it was; what comes
out is the exact change of every cell. Distinct persons of a cell can change by nobody else.

Persons are distinct within each cell and never added across places. To be quick, a person is first noted by the set of
*places* in which a period and a value were reached (nearly always one), and only then spread over what lies above them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from competition.counting.rules_periods import periods_of, stat_year_of, year_of
from competition.counting.rules_scopes import activity_scope

Presence = int  # standing << 32 | trait << 16 | month
History = tuple[Presence, ...]
Values = tuple[tuple[str, str], ...]  # ("sex", "F"), ("industry", "energy"), …
Key = tuple[str, str, str]  # period, dimension, value; without a dimension both are empty
CellKey = tuple[str, str, str, str]  # scope, period, dimension, value
Reached = int | tuple[int, ...]  # one place, or several, sorted
Figures = tuple[int, int, int, int]
Firsts = tuple[tuple[int, int], ...]  # (place, month of the first presence of a year there), sorted
PERSONS, TIMES, NEW, NEW_STAT = range(4)


def pack(standing: int, trait: int, month: int) -> Presence:
    """One presence as one integer."""
    return standing << 32 | trait << 16 | month


@dataclass
class Known:
    """What the numbers in presences stand for.

    ``standings``: id → place, and which of the ``people``, the sets of a person's frozen values; ``traits``: the same of
    activities (kind, level, flagship …), of which few are different; ``scopes``: place → every scope that counts it.
    Keys are handed out as numbers, since there are few of them and numbers are quick.
    """

    standings: dict[int, tuple[int, int]] = field(default_factory=dict)
    people: list[Values] = field(default_factory=list)
    traits: list[Values] = field(default_factory=list)
    scopes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    _numbers: dict[Key, int] = field(default_factory=dict)
    _by_person: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _by_activity: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def by_person(self, person: int, month: int) -> tuple[int, ...]:
        """The keys that a presence reaches by who was there: without a dimension (three), and by each of the person's values."""
        found = self._by_person.get(person << 16 | month)
        if found is None:
            plain = tuple(self._number((period, "", "")) for period in periods_of(month))
            found = self._by_person[person << 16 | month] = plain + self._valued(self.people[person], month)
        return found

    def by_activity(self, trait: int, month: int) -> tuple[int, ...]:
        """Those that it reaches by what it was."""
        found = self._by_activity.get(trait << 16 | month)
        if found is None:
            found = self._by_activity[trait << 16 | month] = self._valued(self.traits[trait], month)
        return found

    def _valued(self, values: Values, month: int) -> tuple[int, ...]:
        # The month knows no dimensions.
        return tuple(self._number((period, *value)) for period in periods_of(month)[1:] for value in values)

    def by_nobody(self, month: int) -> tuple[int, ...]:
        """The month, its calendar year and its statistical year, without a dimension."""
        return tuple(self._number((period, "", "")) for period in periods_of(month))

    def _number(self, key: Key) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self.keys)
            self.keys.append(key)
        return self._numbers[key]


class Tally:
    """People noted by place, before they are spread over the scopes: (key, place or places) → how many."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.alone: Counter[Presence] = Counter()
        self.times: Counter[Presence] = Counter()
        self.persons: defaultdict[tuple[int, Reached], int] = defaultdict(int)
        self.firsts: defaultdict[tuple[int, Firsts], int] = defaultdict(int)

    def note(self, history: History, count: int) -> None:
        """``count`` people have this history. What was reached once only was reached first."""
        if len(history) == 1:
            self.alone[history[0]] += count
            return
        pairs: list[tuple[int, Iterable[int]]] = []
        for presence in history:
            self.times[presence] += count
            month = presence & 0xFFFF
            place, person = self.known.standings[presence >> 32]
            pairs += (place, self.known.by_person(person, month)), (place, self.known.by_activity(presence >> 16 & 0xFFFF, month))
        self.note_persons(pairs, count)
        self.note_firsts(history, count)

    def note_persons(self, pairs: Iterable[tuple[int, Iterable[int]]], count: int) -> None:
        """``count`` people reached these keys at these places."""
        reached: dict[int, Reached] = {}
        for place, keys in pairs:
            for key in keys:
                before = reached.setdefault(key, place)
                if before != place:
                    reached[key] = _joined(before, place)
        for pair in reached.items():
            self.persons[pair] += count

    def note_firsts(self, history: Sequence[Presence], count: int) -> None:
        """``count`` people came to each place first when this history says."""
        for column, year_in in YEARS.items():
            for firsts in self._firsts(history, year_in):
                self.firsts[column, firsts] += count

    def _firsts(self, history: Sequence[Presence], year_in: Callable[[int], int]) -> Iterator[Firsts]:
        years: dict[int, dict[int, int]] = {}
        for presence in history:
            place, month = self.known.standings[presence >> 32][0], presence & 0xFFFF
            places = years.setdefault(year_in(month), {})
            places[place] = min(places.get(place, month), month)
        return (tuple(sorted(places.items())) for places in years.values())

    def reached(self, presences: Mapping[Presence, int]) -> Mapping[tuple[int, int], int]:
        """How many of these presences each (key, place) has."""
        people: defaultdict[tuple[int, int], int] = defaultdict(int)
        activities: defaultdict[tuple[int, int, int], int] = defaultdict(int)
        for presence, count in presences.items():
            standing, month = presence >> 32, presence & 0xFFFF
            people[standing, month] += count
            activities[self.known.standings[standing][0], presence >> 16 & 0xFFFF, month] += count
        found: defaultdict[tuple[int, int], int] = defaultdict(int)
        for (standing, month), count in people.items():
            place, person = self.known.standings[standing]
            for key in self.known.by_person(person, month):
                found[key, place] += count
        for (place, trait, month), count in activities.items():
            for key in self.known.by_activity(trait, month):
                found[key, place] += count
        return found

    def cells(self) -> dict[CellKey, Figures]:
        """What was noted, spread over the scopes; asked once. Every cell that is not all 0."""
        spread, alone = _Spread(self.known), self.reached(self.alone)
        spread.add(PERSONS, alone)
        spread.add(TIMES, alone)
        spread.add(TIMES, self.reached(self.times))
        spread.add(PERSONS, self.persons)
        for presence, count in self.alone.items():
            for column in YEARS:
                self.firsts[column, ((self.known.standings[presence >> 32][0], presence & 0xFFFF),)] += count
        spread.add_new(self.firsts)
        return spread.cells()


YEARS: dict[int, Callable[[int], int]] = {NEW: year_of, NEW_STAT: stat_year_of}


def _joined(reached: Reached, place: int) -> Reached:
    return tuple(sorted({place, *((reached,) if isinstance(reached, int) else reached)}))


def figures(people: Mapping[History, int], known: Known) -> dict[CellKey, Figures]:
    """Persons, person-times, and persons new in the calendar and in the statistical year, of every cell that is not all 0.

    New persons of a month: those whose first presence of the year *in that scope* fell into it; their running sum is the
    persons so far. In a year's own cell they are its persons.
    """
    tally = Tally(known)
    for history, count in people.items():
        tally.note(history, count)
    return tally.cells()


class _Spread:
    """What was noted by place, in every scope above it: scope → column → key → how many."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.tables: defaultdict[str, tuple[dict[int, int], ...]] = defaultdict(lambda: ({}, {}, {}, {}))
        self._above: dict[Reached, list[tuple[dict[int, int], ...]]] = {}

    def above(self, reached: Reached) -> list[tuple[dict[int, int], ...]]:
        """The tables of the scopes that count at least one of the places, each once."""
        found = self._above.get(reached)
        if found is None:
            places = (reached,) if isinstance(reached, int) else reached
            scopes = dict.fromkeys(scope for place in places for scope in self.known.scopes[place])
            found = self._above[reached] = [self.tables[scope] for scope in scopes]
        return found

    def add(self, column: int, noted: Mapping[tuple[int, Any], int]) -> None:
        """(key, place or places) → how many."""
        for (key, reached), count in noted.items():
            if count:
                for table in self.above(reached):
                    table[column][key] = table[column].get(key, 0) + count

    def add_new(self, noted: Mapping[tuple[int, Firsts], int]) -> None:
        """Who was new in a year, by the first month in each place."""
        for (column, firsts), count in noted.items():
            if count:
                for scope, month in self._first_of(firsts).items():
                    keys, row = self.known.by_nobody(month), self.tables[scope][column]
                    for key in (keys[0], keys[column - 1]):
                        row[key] = row.get(key, 0) + count

    def _first_of(self, firsts: Firsts) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for place, month in firsts:
            for scope in self.known.scopes[place]:
                found[scope] = min(found.get(scope, month), month)
        return found

    def cells(self) -> dict[CellKey, Figures]:
        """Every cell that is not all 0."""
        found: dict[CellKey, Figures] = {}
        for scope, (persons, times, new, new_stat) in self.tables.items():
            for key in persons.keys() | times.keys() | new.keys() | new_stat.keys():
                row = (persons.get(key, 0), times.get(key, 0), new.get(key, 0), new_stat.get(key, 0))
                if any(row):
                    found[scope, *self.known.keys[key]] = row
        return found


def figures_of_activities(times: Mapping[tuple[int, int], int]) -> dict[CellKey, Figures]:
    """The cells of activities; ``times``: (activity, month) → person-times. Nobody is twice in one, so these are persons too."""
    cells: defaultdict[CellKey, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (activity, month), count in times.items():
        code, year, stat_year = periods_of(month)
        for period, new, new_stat in ((code, 1, 1), (year, 1, 0), (stat_year, 0, 1)):
            row = cells[activity_scope(activity), period, "", ""]
            for column, is_in in enumerate((1, 1, new, new_stat)):
                row[column] += count * is_in
    return {key: (row[0], row[1], row[2], row[3]) for key, row in cells.items() if any(row)}
