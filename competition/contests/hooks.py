"""What contests ask of rooms above them, who fill these lists when the application starts.

Contests must know who is entered, without importing registration: whoever knows, says so here.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

# Accounts that a change of the contest concerns (entrants, team leaders, judges).
concerned: list[Callable[[uuid.UUID], Iterable[uuid.UUID]]] = []
# How the people of a contest's living entries hear of a change.
heard_by: list[Callable[[uuid.UUID], "Heard"]] = []
# Why an event cannot be removed (a sentence), or None.
event_uses: list[Callable[[uuid.UUID], str | None]] = []
# How many people hold a place, by contest.
places_taken: list[Callable[[Sequence[uuid.UUID]], Mapping[uuid.UUID, int]]] = []
# The page on which a contestant enters.
entry_address: list[Callable[[uuid.UUID], str]] = []
# Further public pages of a contest: (words, address), or None while there is nothing to see.
public_pages: list[Callable[[uuid.UUID], tuple[str, str] | None]] = []


@dataclass(frozen=True)
class Heard:
    """Entries by how their people hear: told themselves, through the account that entered them, not at all."""

    themselves: int = 0
    through_others: int = 0
    not_at_all: int = 0


A = TypeVar("A")


def add(answers: list[A], answer: A) -> None:
    """Fill one of the lists; filling it again (a second application in one process) changes nothing."""
    if answer not in answers:
        answers.append(answer)


def accounts_concerned(contest_id: uuid.UUID) -> list[uuid.UUID]:
    """Everybody who is told about a change, each once."""
    return list(dict.fromkeys(account for ask in concerned for account in ask(contest_id)))


def heard(contest_id: uuid.UUID) -> Heard:
    """How the people who are entered hear of a change; nobody is entered where no room says so."""
    return next((ask(contest_id) for ask in heard_by), Heard())


def use_of_event(event_id: uuid.UUID) -> str | None:
    """The first reason against removing the event."""
    return next((reason for ask in event_uses if (reason := ask(event_id))), None)


def places_of(contest_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many places are taken, by contest; contests that nobody counts are missing."""
    taken: dict[uuid.UUID, int] = {}
    for ask in places_taken:
        for contest_id, count in ask(contest_ids).items():
            taken[contest_id] = taken.get(contest_id, 0) + count
    return taken


def address_of_entry(contest_id: uuid.UUID) -> str | None:
    """Where a contestant enters, if that is known."""
    return next((ask(contest_id) for ask in entry_address), None)


def pages_of(contest_id: uuid.UUID) -> list[tuple[str, str]]:
    """The further public pages there are by now."""
    return [page for ask in public_pages if (page := ask(contest_id))]
