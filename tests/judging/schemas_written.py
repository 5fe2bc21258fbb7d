"""Writes the published schema of the hand-over file; run by ``python3 -m tests.judging.schemas``."""

from competition.judging.handover_schema import written
from tests.judging.schemas import PUBLISHED

if __name__ == "__main__":
    PUBLISHED.write_text(written(), encoding="utf-8")
