"""Waits grow with the failures, and the longest one begins anew with each failure beyond the last step."""

import pytest

from competition.core.lockout import next_wait, wait_after

STEPS = ((3, 1), (5, 5), (8, 15))


@pytest.mark.parametrize(("failed", "wait", "left"), [
    (1, 0, (2, 1)), (2, 0, (1, 1)), (3, 1, (2, 5)), (4, 0, (1, 5)), (5, 5, (3, 15)), (7, 0, (1, 15)), (8, 15, (1, 15)), (9, 15, (1, 15)),
])
def test_waits_and_tries_that_are_left(failed: int, wait: int, left: tuple[int, int]) -> None:
    assert (wait_after(STEPS, failed), next_wait(STEPS, failed)) == (wait, left)
