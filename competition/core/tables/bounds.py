"""What a table may be, and what its reading may take. Pure."""

from competition.core.confined import Limits

MOST_BYTES = 24 * 1024 * 1024
MOST_UNPACKED = 240 * 1024 * 1024
# Rows with something in them; a sheet may have a million empty ones.
MOST_ROWS = 100_000
MOST_COLUMNS = 100
MOST_SHEETS = 40
LONGEST_CELL = 5_000
MOST_TEXT = 40_000_000
# Of the process that reads.
LIMITS = Limits(memory=1024**3, cpu_s=40, wall_s=120)


class Unreadable(Exception):
    """A table is not read; ``key``: which of the reader's sentences says why."""

    def __init__(self, key: str, **place: int) -> None:
        super().__init__(key)
        self.key, self.place = key, place
