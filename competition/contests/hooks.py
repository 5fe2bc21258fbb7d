"""What contests ask of rooms above them, who fill these lists when the application starts.

Contests must know who is entered, without importing registration: whoever knows, says so here.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Select, select

from competition.contests.models import Contest, RulebookPreview
from competition.core.approvals import Approval
from competition.core.database import db
from competition.core.shown import Shown


@dataclass(frozen=True)
class Effects:
    """What another rulebook would do to the figures. ``content`` is plain data, with one of its ``lines`` for each line of a ranking
    that would be another one, and its ``changes``; ``digest`` covers it, ``marks`` the marks that it was computed from; ``basis`` is
    the state before anything was read, as plain data. ``check`` is called under the lock and raises ``Moved`` when it may be otherwise
    by now."""

    content: Mapping[str, Any]
    digest: str
    marks: str
    basis: Mapping[str, Any]
    check: Callable[[], None] = lambda: None

    def said(self) -> dict[str, Any]:
        """As an audit row names it: which list, how long."""
        lines = self.content.get("lines", ())
        return {"effects": self.digest, "lines": len(lines), "figures": sum(len(line["changes"]) for line in lines)}


# How far the computing is: (steps done, of STEPS, words).
Report = Callable[[int, int, Any], None]
STEPS = 4

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
# Keys of contests that a room above declares and conducts: lists of contests to enter leave them out, and nobody changes them here.
kept_elsewhere: list[Callable[[], Select[uuid.UUID]]] = []
# What a proposed rulebook (contest, document) would do to the figures; the check of a kept list under the lock, or None when figures may
# be others by now; the page of a kept preview (contest, preview); what the second person is shown of it.
effects: list[Callable[[uuid.UUID, Mapping[str, Any], Report], Effects]] = []
still: list[Callable[[RulebookPreview], Callable[[], None] | None]] = []
preview_pages: list[Callable[[uuid.UUID, uuid.UUID], str]] = []
preview_shown: list[Callable[[Approval], Shown]] = []


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


def is_kept_elsewhere(contest_id: uuid.UUID) -> bool:
    """Does a room above conduct this contest?"""
    return any(db.session.scalar(select(Contest.id).where(Contest.id == contest_id, Contest.id.in_(ask()))) for ask in kept_elsewhere)


def address_of_entry(contest_id: uuid.UUID) -> str | None:
    """Where a contestant enters, if that is known."""
    return next((ask(contest_id) for ask in entry_address), None)


def pages_of(contest_id: uuid.UUID) -> list[tuple[str, str]]:
    """The further public pages there are by now."""
    return [page for ask in public_pages if (page := ask(contest_id))]


def effects_of(contest_id: uuid.UUID, document: Mapping[str, Any], report: Report = lambda _done, _of, _words: None) -> Effects:
    """What the document would change; nothing where nobody computes figures."""
    return next((ask(contest_id, document, report) for ask in effects), Effects({}, "", "", {}))


def as_kept(kept: RulebookPreview) -> Effects:
    """What was kept, whatever has happened since."""
    return Effects(kept.content, kept.digest, kept.marks, kept.basis)


def as_it_is(kept: RulebookPreview) -> Effects | None:
    """What was kept, if nothing has happened since that could make it another list."""
    check = next((ask(kept) for ask in still), None)
    return replace(as_kept(kept), check=check) if check else None


def page_of_preview(contest_id: uuid.UUID, preview_id: uuid.UUID) -> str | None:
    """Where a kept preview is looked at."""
    return next((ask(contest_id, preview_id) for ask in preview_pages), None)
