"""Whether a tablet's outbox is proved empty. Pure.

A tablet reports how many events wait in it, the highest number it has made, and what the server would not take. Only that word
proves anything: what the server has received says nothing of what it has not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

GAP, SILENT, PENDING, BEHIND, UNHEARD = "gap", "silent", "pending", "behind", "unheard"
STALE, OLD_PAGE, STUCK = "stale", "old_page", "stuck"


@dataclass(frozen=True)
class Heard:
    """What the server has of one tablet, and what it last said of itself. ``ended_at``: it lost its seat then.

    ``stuck``: events that were refused, by work, as far as the round waits for these works; None: its page does not say.
    ``since``: a word from before this moment is too old (the round's opening, or some minutes ago); not so one from between the
    two moments of ``quiet``: it was good enough for an earlier lock, or came while the round was locked and nothing could be marked.
    """

    last_seq: int
    missing: Sequence[int]
    pending: int | None
    last_made: int | None
    seen_at: datetime | None
    ended_at: datetime | None = None
    stuck: Mapping[str, int] | None = field(default_factory=dict)
    since: datetime | None = None
    quiet: tuple[datetime, datetime] | None = None


@dataclass(frozen=True)
class Absence:
    """What two people signed: the numbers as they were, what had been refused, and when."""

    last_seq: int
    missing: Sequence[int]
    at: datetime
    stuck: Mapping[str, int] = field(default_factory=dict)


def keeps_open(heard: Heard) -> str:
    """Why the outbox is not proved empty; "" when it is.

    ``gap``: numbers below the last one never came. ``silent``: it never said anything of itself. ``pending``: it said that
    events wait. ``behind``: it spoke when it had made another number of events than the server has now. Then, whether its word is
    new enough (``_too_early``), and what of its events was refused: ``old_page``: its page cannot say; ``stuck``: they are kept on
    the tablet alone.
    """
    if heard.missing:
        return GAP
    if heard.seen_at is None or heard.pending is None or heard.last_made is None:
        return SILENT
    if heard.pending:
        return PENDING
    if heard.last_made != heard.last_seq:
        return BEHIND
    return _too_early(heard, heard.seen_at) or _refused(heard)


def _too_early(heard: Heard, seen_at: datetime) -> str:
    """``unheard``: it lost its seat and nothing was heard since, so nobody knows what was typed on it until it learned of that.
    ``stale``: it has its seat, and its word is from before the round's opening or too old."""
    if heard.ended_at is not None:
        return UNHEARD if seen_at < heard.ended_at else ""
    is_quiet = heard.quiet is not None and heard.quiet[0] <= seen_at <= heard.quiet[1]
    return STALE if heard.since is not None and seen_at < heard.since and not is_quiet else ""


def _refused(heard: Heard) -> str:
    if heard.stuck is None:
        return OLD_PAGE
    return STUCK if heard.stuck else ""


def still_absent(heard: Heard, absence: Absence) -> bool:
    """A signed absence holds as long as the tablet has neither sent nor said anything since; nor does it end when the tablet only
    says once more that it holds the refused events that were signed for."""
    if (heard.last_seq, list(heard.missing)) != (absence.last_seq, list(absence.missing)):
        return False
    if heard.seen_at is None or heard.seen_at <= absence.at:
        return True
    return bool(absence.stuck) and heard.stuck == absence.stuck and not keeps_open(replace(heard, stuck={}))
