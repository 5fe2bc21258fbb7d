"""What registration asks of rooms above it, who fill this list when the application starts.

An entry's own page shows the whole way, to the draw, the contest, the result and the certificate; who knows all of it says so here.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from competition.core.actors import Actor
from competition.registration.models import Entry
from competition.registration.rules import Outlook

# Where an entry stands, what happens next and when.
outlooks: list[Callable[[Entry, datetime], Outlook]] = []


@dataclass(frozen=True)
class Paper:
    """A certificate that was issued for an entry: what it is, its number and state, where it is shown."""

    words: str
    number: str
    state: str
    href: str


# What was issued for an entry, as the actor may see it; the last says whether the page is that of who entered.
papers: list[Callable[[Entry, Actor, bool], list[Paper]]] = []
# Is the entry by itself in a draw, or has an outcome?
drawn: list[Callable[[uuid.UUID], bool]] = []

A = TypeVar("A")


def add(answers: list[A], answer: A) -> None:
    """Answer a question; answering again (a second application in one process) changes nothing."""
    if answer not in answers:
        answers.append(answer)


def outlook_of(entry: Entry, at: datetime) -> Outlook:
    """Where an entry stands, what happens next and when."""
    return outlooks[0](entry, at)


def papers_of(entry: Entry, actor: Actor, *, own: bool) -> list[Paper]:
    """What was issued for an entry, as the actor may see it."""
    return [paper for ask in papers for paper in ask(entry, actor, own)]


def is_drawn(entry_id: uuid.UUID) -> bool:
    """Have lots been drawn for an entry: who takes part in what is settled then."""
    return any(ask(entry_id) for ask in drawn)
