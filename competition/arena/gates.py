"""What the room above knows and this one must ask: has judging begun, is a round locked? And what it is told.

Judging may not be imported from here (imports go down), and judging may not import the tables that
hold identities. So judging hands two questions in; both take ids of rounds and give those of which it is true.
And it hands in one verb, to be called when something below a round changed: who is away, whether codes are open.
"""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass

Question = Callable[[Collection[uuid.UUID]], set[uuid.UUID]]
Verb = Callable[[Collection[uuid.UUID]], None]


@dataclass(frozen=True)
class RoundGate:
    """``begun``: opened for judging or holding a mark or figure. ``locked``: all marks are in and locked.

    ``touch``: inside a transaction, hold the rounds until its end and count the change, so that boards and
    tablets look again, and a request to unlock that was made before is refused.
    """

    begun: Question
    locked: Question
    touch: Verb


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


def touch(round_ids: Collection[uuid.UUID]) -> None:
    """Something below these rounds changes; inside the transaction that changes it."""
    for gate in _gates if round_ids else ():
        gate.touch(round_ids)
