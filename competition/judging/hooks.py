"""What judging asks of rooms above it, who fill this list when the application starts.

Whether the codes of a round are open and its results published is known only where people are known. Judging may
learn that much, before a locked round is unlocked, without learning who anybody is.
"""

import uuid
from collections.abc import Callable, Sequence
from typing import NamedTuple

# The key of the one standing that is no publication.
CODES_OPENED = "codes_opened"


class Standing(NamedTuple):
    """One thing that stands on the marks of a round: a name that never changes, and words for people."""

    key: str
    words: str


Answer = Callable[[uuid.UUID], Sequence[Standing]]
standing_on: list[Answer] = []


def add(answer: Answer) -> None:
    """Answer the question; answering again (a second application in one process) changes nothing."""
    if answer not in standing_on:
        standing_on.append(answer)


def stands_on(round_id: uuid.UUID) -> dict[str, str]:
    """All that stands on a round's marks by now: names and words."""
    return {standing.key: standing.words for ask in standing_on for standing in ask(round_id)}
