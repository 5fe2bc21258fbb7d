"""What a change of some people's histories does to every cell, without counting anew what stays. Pure.

Somebody who comes once more changes, of all that stood before, only what the new presence reaches and no older one at the same
place has reached already: mostly a month, a kind of contest, a contest. ``rules_counting.figures`` of the history now less that
of the history before says the same (a test holds them together), but walks through everything somebody ever did.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from competition.counting.rules_counting import YEARS, CellKey, Figures, Known, Presence, Tally


class Change(NamedTuple):
    """One person: the presences that counted before and count now, those that no longer do, those that are new."""

    kept: Sequence[Presence]
    gone: Sequence[Presence]
    new: Sequence[Presence]


def changes(people: Iterable[Change], known: Known) -> dict[CellKey, Figures]:
    """What to add to each cell; cells that do not change are left out."""
    tally, reach = Tally(known), _Reach(known)
    for change in people:
        if change.kept:
            _note(tally, reach, change)
        else:
            tally.note(tuple(change.new), 1)
            tally.note(tuple(change.gone), -1)
    return tally.cells()


class _Reach:
    """What a presence reaches, as sets that the interpreter subtracts from each other as wholes; made once each."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._keys: dict[Presence, frozenset[int]] = {}

    def place(self, presence: Presence) -> int:
        """Where it was."""
        return self.known.standings[presence >> 32][0]

    def keys(self, presence: Presence) -> frozenset[int]:
        """The keys of the cells of its place, and of all above, that count it."""
        found = self._keys.get(presence)
        if found is None:
            month, person = presence & 0xFFFF, self.known.standings[presence >> 32][1]
            both = self.known.by_person(person, month), self.known.by_activity(presence >> 16 & 0xFFFF, month)
            found = self._keys[presence] = frozenset(both[0] + both[1])
        return found


def _note(tally: Tally, reach: _Reach, change: Change) -> None:
    open_keys: set[int] = set()
    is_first = False
    for presence, sign in (*((one, 1) for one in change.new), *((one, -1) for one in change.gone)):
        tally.times[presence] += sign
        place = reach.place(presence)
        near = [other for other in change.kept if reach.place(other) == place]
        open_keys |= reach.keys(presence).difference(*map(reach.keys, near))
        is_first = is_first or not _came_before(presence, near)
    for sign, others in ((1, change.new), (-1, change.gone)):
        history = (*change.kept, *others)
        if open_keys:
            tally.note_persons(((reach.place(one), reach.keys(one) & open_keys) for one in history), sign)
        if is_first:
            tally.note_firsts(history, sign)


def _came_before(presence: Presence, near: Sequence[Presence]) -> bool:
    """Was somebody there in the same month or earlier, in the same calendar year and in the same statistical year?"""
    month = presence & 0xFFFF
    return all(any((other & 0xFFFF) <= month and year_in(other & 0xFFFF) == year_in(month) for other in near)
               for year_in in YEARS.values())
