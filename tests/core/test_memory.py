"""The collector while a job holds a large list."""

import gc

import pytest

from competition.core.memory import OBJECTS, large_lists


def test_what_stands_is_left_alone_until_the_job_is_over() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with large_lists():
        assert gc.get_threshold() == (OBJECTS, *before[1:])
        assert gc.get_freeze_count() > frozen
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)


def test_a_job_that_fails_leaves_the_collector_as_it_was() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="测试"), large_lists():
        raise ValueError("测试")
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
