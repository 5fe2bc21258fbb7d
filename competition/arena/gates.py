"""What the room above knows and this one must ask: has judging begun, is a round locked?

Judging may not be imported from here (imports go down), and judging may not import the tables that
hold identities. So judging hands two questions in; both take ids of rounds and give those of which it is true.
"""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass

Question = Callable[[Collection[uuid.UUID]], set[uuid.UUID]]


@dataclass(frozen=True)
class RoundGate:
    """``begun``: opened for judging or holding a mark or figure. ``locked``: all marks are in and locked."""

    begun: Question
    locked: Question


_gates: list[RoundGate] = []


def register(gate: RoundGate) -> None:
    """Judging's answers; registered once, when the application is put together."""
    if gate not in _gates:
        _gates.append(gate)


def begun(round_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """The rounds whose draw may not be repeated any more."""
    return set().union(*(gate.begun(round_ids) for gate in _gates)) if round_ids else set()


def locked(round_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """The rounds that are locked. Nobody answers: none is, and the codes stay closed."""
    if not _gates or not round_ids:
        return set()
    return set(round_ids).intersection(*(gate.locked(round_ids) for gate in _gates))
