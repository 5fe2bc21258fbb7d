"""How long somebody waits who was wrong too often. Pure.

Steps are (failures in a row, minutes), in rising order. A step counts when it is reached; at the last one, and at each failure
beyond it, the longest wait begins anew.
"""

from collections.abc import Sequence

Steps = Sequence[tuple[int, int]]


def wait_after(steps: Steps, failed: int) -> int:
    """The minutes of the wait that begins with this failure; 0: none does."""
    last, longest = steps[-1]
    return longest if failed >= last else dict(steps).get(failed, 0)


def next_wait(steps: Steps, failed: int) -> tuple[int, int]:
    """How many more failures begin the next wait, and its minutes."""
    return next(((count - failed, minutes) for count, minutes in steps if count > failed), (1, steps[-1][1]))
