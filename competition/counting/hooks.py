"""What the count asks of rooms above it, who fill these lists when the application starts.

What the door of a contest says counts by itself. What others say counts as long as the room that keeps their word stands by it.
"""

from collections.abc import Callable, Collection
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_

from competition.core.database import db
from competition.counting.models import OWN, Fact


class Follower(Protocol):
    """Takes over what has changed; ``whole``: holds everything against it too."""

    def __call__(self, *, whole: bool) -> None: ...


# The origins (``Fact.origin``) that count: of these, or of all.
origins: list[Callable[[Collection[int] | None], Select[int]]] = []
# Has anybody's word about a contest been handed up?
reported: list[Callable[[UUID], bool]] = []
# Two people (by their numbers) turn out to be one, who goes by the second from now on: what else names the first follows.
joined: list[Callable[[int, int], None]] = []
# What else is made of the same words: made anew when facts have been taken over.
followers: list[Follower] = []


def counting(among: Collection[int]) -> set[int]:
    """Those of these origins whose word counts."""
    return {number for number in among if number <= OWN} | {number for ask in origins for number in db.session.scalars(ask(among))}


def is_counting() -> ColumnElement[bool]:
    """The same in a statement about facts."""
    return or_(Fact.origin <= OWN, *(Fact.origin.in_(ask(None)) for ask in origins))
