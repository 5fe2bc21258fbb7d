"""Places: how many there are, who holds one, who moves up from the waiting list. Pure."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask_babel import gettext as _

# A place is counted in three books: the contest's, an event's, and an event's within one delegation.
Book = tuple[uuid.UUID | None, uuid.UUID | None]
CONTEST: Book = (None, None)


@dataclass(frozen=True)
class Need:
    """The places one entry wants: its events and its delegation. Reserves of a team take no place in events."""

    events: frozenset[uuid.UUID]
    delegation: uuid.UUID | None = None


@dataclass
class Ledger:
    """How many places there are and how many are held. A per-delegation quota stands for every delegation."""

    contest: int | None
    events: Mapping[uuid.UUID, int]
    per_delegation: Mapping[uuid.UUID, int]
    held: Counter[Book] = field(default_factory=Counter)

    def quota(self, book: Book) -> int | None:
        """The number of places in a book; None: without limit."""
        event, delegation = book
        if event is None:
            return self.contest
        return self.events.get(event) if delegation is None else self.per_delegation.get(event)

    def books(self, need: Need) -> list[Book]:
        """Every book in which this entry would stand."""
        named: list[Book] = [CONTEST]
        for event in sorted(need.events):
            named.append((event, None))
            if need.delegation:
                named.append((event, need.delegation))
        return named

    def full(self, need: Need) -> list[Book]:
        """The books that have no place left for this entry; empty: there is room."""
        return [b for b in self.books(need) if (q := self.quota(b)) is not None and self.held[b] >= q]

    def is_over(self, book: Book) -> bool:
        """Are more places held than there are?"""
        quota = self.quota(book)
        return quota is not None and self.held[book] > quota

    def take(self, need: Need) -> None:
        """Write the entry into its books."""
        self.held.update(self.books(need))

    def left(self, book: Book) -> int | None:
        """Places left in a book; None: without limit."""
        quota = self.quota(book)
        return None if quota is None else max(0, quota - self.held[book])


Key = Any


def promotable(waiting: Iterable[tuple[Key, Need]], ledger: Ledger) -> list[Key]:
    """Who gets a place, in the order of the line. Who cannot use a free place keeps the place in the line.

    The ledger is changed: it ends as it will be.
    """
    chosen = []
    for key, need in waiting:
        if not ledger.full(need):
            ledger.take(need)
            chosen.append(key)
    return chosen


class Named(Protocol):
    """An event, as far as it is spoken of."""

    @property
    def id(self) -> uuid.UUID: ...

    @property
    def name(self) -> str: ...


def full_words(books: Iterable[Book], events: Iterable[Named]) -> str:
    """What is full, as the first half of a sentence."""
    names, parts = {event.id: event.name for event in events}, []
    for event, delegation in books:
        if event is None:
            parts.append(_("本赛事名额已满"))
        elif delegation is None:
            parts.append(_("“%(event)s”名额已满", event=names[event]))
        else:
            parts.append(_("您所在代表团在“%(event)s”的名额已满", event=names[event]))
    return str(_("；")).join(parts)
