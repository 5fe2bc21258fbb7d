"""Whether a tablet's outbox is proved empty. Pure.

A tablet reports how many events wait in it and the highest number it has made. Only that word proves anything: what
the server has received says nothing of what it has not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

GAP, SILENT, PENDING, BEHIND, UNHEARD = "gap", "silent", "pending", "behind", "unheard"


@dataclass(frozen=True)
class Heard:
    """What the server has of one tablet, and what it last said of itself. ``ended_at``: it lost its seat then."""

    last_seq: int
    missing: Sequence[int]
    pending: int | None
    last_made: int | None
    seen_at: datetime | None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Absence:
    """What two people signed: the numbers as they were, and when."""

    last_seq: int
    missing: Sequence[int]
    at: datetime


def keeps_open(heard: Heard) -> str:
    """Why the outbox is not proved empty; "" when it is.

    ``gap``: numbers below the last one never came. ``silent``: it never said anything of itself. ``pending``: it said that
    events wait. ``behind``: it spoke when it had made another number of events than the server has now. ``unheard``: it
    lost its seat and nothing was heard since, so nobody knows what was typed on it until it learned of that.
    """
    if heard.missing:
        return GAP
    if heard.seen_at is None or heard.pending is None or heard.last_made is None:
        return SILENT
    if heard.pending:
        return PENDING
    if heard.last_made != heard.last_seq:
        return BEHIND
    return UNHEARD if heard.ended_at is not None and heard.seen_at < heard.ended_at else ""


def still_absent(heard: Heard, absence: Absence) -> bool:
    """A signed absence holds as long as the tablet has neither sent nor said anything since."""
    return ((heard.last_seq, list(heard.missing)) == (absence.last_seq, list(absence.missing))
            and (heard.seen_at is None or heard.seen_at <= absence.at))
