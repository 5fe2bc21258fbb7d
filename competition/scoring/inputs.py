"""What the engine is told beside the rulebook: who took part, and what was marked.

Ids are opaque: work codes before decoding, entrants' ids afterwards. Values are text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from competition.scoring.criteria import MarkRefused
from competition.scoring.model import Criterion

__all__ = ["AnswerKey", "Decision", "Entry", "Excusal", "Figure", "Mark", "MarkRefused", "Panel", "Sheet", "canonical_value"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entrant. ``outcomes`` maps an event key, or ``"*"`` for all, to an outcome code.

    ``events`` names the events entered; None means all events of the rulebook.
    """

    id: str
    team: str | None = None
    outcomes: Mapping[str, str] = field(default_factory=dict)
    events: tuple[str, ...] | None = None
    delegation: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What one seat entered for one criterion of one work."""

    event: str
    entry: str
    seat: str
    criterion: str
    value: str
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one seat entered for one work: values by the keys of the criteria.

    The same as a ``Mark`` for each of them. Whole sheets in the order of the rulebook are taken in fastest.
    """

    event: str
    entry: str
    seat: str
    values: Mapping[str, str]
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that no judge marks.

    ``key``: ``theory`` (the imported paper) or ``answers.SECTION`` (what was answered in a section of it),
    ``time_s`` and ``time_back_s`` (seconds used, seconds given back), or the key of a deduction (number of
    faults, or points).
    """

    event: str
    entry: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """What is right in a section of a theory paper: see ``paper``."""

    event: str
    section: str
    answers: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A recorded decision of the chief judge, or a lot that was drawn (``by``: decision, lot).

    ``scope``: ``event:KEY``, ``total:KEY`` or ``team:KEY`` with ``order`` = the tied ids from
    the best on; ``award:SCOPE:TIER`` with the tied ids that get the tier; or
    ``spread:EVENT:ENTRY`` to accept marks that lie far apart (``order`` empty).
    """

    scope: str
    order: tuple[str, ...]
    reason: str
    by: str = "decision"


@dataclass(frozen=True, slots=True)
class Panel:
    """The seats that must mark: a whole event, or some entries or criteria of it.

    Without any Panel for an event, every seat that marked there must have marked every work.
    """

    event: str
    seats: tuple[str, ...]
    entries: tuple[str, ...] | None = None
    criteria: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Excusal:
    """A seat that does not mark one work (recusal); it counts as not there, never as zero."""

    event: str
    entry: str
    seat: str
    reason: str


def canonical_value(criterion: Criterion, text: str) -> str:
    """One mark in canonical form, e.g. ``"8.50"`` → ``"8.5"``.

    Raises MarkRefused (code and Chinese sentence) for anything that the criterion does not
    allow: other than ASCII digits, off the step, below the minimum, above the maximum.
    """
    return criterion.marking.canonical(text)
