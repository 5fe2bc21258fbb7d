"""How presences become cells: the one calculation behind every figure. Pure.

Somebody's *history* is all that counts of a person: packed presences, sorted. People with the same history count the
same, so they are counted together: ``figures`` takes histories and how many people have each. A full count gives it
everybody. A change gives it the people touched alone: +1 for each history as it is now, -1 for each as it was; what comes
out is the exact change of every cell. Distinct persons of a cell can change by nobody else.

Persons are distinct within each cell and never added across places. To be quick, a person is first noted by the set of
*places* in which a period and a value were reached (nearly always one), and only then spread over what lies above them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from competition.participation.rules_periods import periods_of, stat_year_of, year_of
from competition.participation.rules_scopes import activity_scope

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

    ``standings``: id → place and the person's frozen values; ``traits``: the values of an activity (kind, level, flagship …),
    of which few are different; ``scopes``: place → every scope that counts it, the place itself included.
    """

    standings: dict[int, tuple[int, Values]] = field(default_factory=dict)
    traits: list[Values] = field(default_factory=list)
    scopes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _keys: dict[Presence, tuple[Key, ...]] = field(default_factory=dict)
    _own: dict[tuple[Values, int], tuple[Key, ...]] = field(default_factory=dict)
    _shared: dict[Reached, tuple[str, ...]] = field(default_factory=dict)

    def place(self, presence: Presence) -> int:
        """Where it counts."""
        return self.standings[presence >> 32][0]

    def keys(self, presence: Presence) -> tuple[Key, ...]:
        """Every (period, dimension, value) that a presence reaches; the month knows no dimensions."""
        found = self._keys.get(presence)
        if found is None:
            month = presence & 0xFFFF
            person, activity = self.standings[presence >> 32][1], self.traits[presence >> 16 & 0xFFFF]
            found = self._keys[presence] = (*_plain(month), *self._valued(person, month), *self._valued(activity, month))
        return found

    def _valued(self, values: Values, month: int) -> tuple[Key, ...]:
        found = self._own.get((values, month))
        if found is None:
            found = self._own[values, month] = tuple((period, *value) for period in periods_of(month)[1:] for value in values)
        return found

    def above(self, reached: Reached) -> tuple[str, ...]:
        """The scopes that count at least one of the places, each once."""
        if isinstance(reached, int):
            return self.scopes[reached]
        found = self._shared.get(reached)
        if found is None:
            found = self._shared[reached] = tuple(dict.fromkeys(scope for place in reached for scope in self.scopes[place]))
        return found


@lru_cache(maxsize=4096)
def _plain(month: int) -> tuple[Key, ...]:
    return tuple((period, "", "") for period in periods_of(month))


@dataclass
class _Tally:
    """People noted by place, before they are spread over the scopes."""

    times: Counter[Presence] = field(default_factory=Counter)
    persons: defaultdict[tuple[Key, Reached], int] = field(default_factory=lambda: defaultdict(int))
    firsts: defaultdict[tuple[int, Firsts], int] = field(default_factory=lambda: defaultdict(int))

    def note_once(self, presence: Presence, count: int, known: Known) -> None:
        """``count`` people were present like this and never else: whatever they reached, they reached first."""
        place, month = known.place(presence), presence & 0xFFFF
        self.times[presence] += count
        for key in known.keys(presence):
            self.persons[key, place] += count
        for column in YEARS:
            self.firsts[column, ((place, month),)] += count

    def note(self, history: History, count: int, known: Known) -> None:
        """``count`` people have this history."""
        reached: dict[Key, Reached] = {}
        for presence in history:
            self.times[presence] += count
            place = known.place(presence)
            for key in known.keys(presence):
                before = reached.setdefault(key, place)
                if before != place:
                    reached[key] = _joined(before, place)
        for pair in reached.items():
            self.persons[pair] += count
        for column, year_in in YEARS.items():
            for firsts in _firsts(history, year_in, known):
                self.firsts[column, firsts] += count


YEARS: dict[int, Callable[[int], int]] = {NEW: year_of, NEW_STAT: stat_year_of}


def _joined(reached: Reached, place: int) -> Reached:
    return tuple(sorted({place, *((reached,) if isinstance(reached, int) else reached)}))


def _firsts(history: History, year_in: Callable[[int], int], known: Known) -> Iterator[Firsts]:
    years: dict[int, dict[int, int]] = {}
    for presence in history:
        place, month = known.place(presence), presence & 0xFFFF
        places = years.setdefault(year_in(month), {})
        places[place] = min(places.get(place, month), month)
    return (tuple(sorted(places.items())) for places in years.values())


def figures(people: Mapping[History, int], known: Known) -> dict[CellKey, Figures]:
    """Persons, person-times, and persons new in the calendar and in the statistical year, of every cell that is not all 0.

    New persons of a month: those whose first presence of the year *in that scope* fell into it; their running sum is the
    persons so far. In a year's own cell they are its persons.
    """
    tally, once = _Tally(), Counter[Presence]()
    for history, count in people.items():
        if len(history) == 1:
            once[history[0]] += count
        else:
            tally.note(history, count, known)
    for presence, count in once.items():
        tally.note_once(presence, count, known)
    return _spread(tally, known)


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


def _spread(tally: _Tally, known: Known) -> dict[CellKey, Figures]:
    cells: defaultdict[tuple[str, Key], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (key, reached), count in tally.persons.items():
        if count:
            for scope in known.above(reached):
                cells[scope, key][PERSONS] += count
    for (key, place), count in _times_by_place(tally.times, known).items():
        for scope in known.scopes[place]:
            cells[scope, key][TIMES] += count
    for (column, firsts), count in tally.firsts.items():
        for scope, month in _first_of(firsts, known).items() if count else ():
            cells[scope, _plain(month)[0]][column] += count
            cells[scope, _plain(month)[column - 1]][column] += count
    return {(scope, *key): (row[0], row[1], row[2], row[3]) for (scope, key), row in cells.items() if any(row)}


def _times_by_place(times: Mapping[Presence, int], known: Known) -> Mapping[tuple[Key, int], int]:
    found: defaultdict[tuple[Key, int], int] = defaultdict(int)
    for presence, count in times.items():
        if count:
            place = known.place(presence)
            for key in known.keys(presence):
                found[key, place] += count
    return found


def _first_of(firsts: Firsts, known: Known) -> Mapping[str, int]:
    if len(firsts) == 1:
        return dict.fromkeys(known.scopes[firsts[0][0]], firsts[0][1])
    found: dict[str, int] = {}
    for place, month in firsts:
        for scope in known.scopes[place]:
            found[scope] = min(found.get(scope, month), month)
    return found
