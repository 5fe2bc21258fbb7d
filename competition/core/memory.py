"""The collector of circular garbage comes round seldom where a job holds a large list."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# How many new objects pass before the collector looks.
OBJECTS = 100_000


@contextmanager
def large_lists() -> Iterator[None]:
    """Meanwhile what stands already is left alone, and of what is new the collector looks after every hundred thousand objects.

    It otherwise goes through a list of 50,000 people again and again while it is made, and once more in the middle of an act that
    writes a part of it: judges' marks waited half a second for that.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
