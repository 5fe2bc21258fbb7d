"""``python3 -m tests.judging.schemas``: write the published schema of the hand-over file anew."""

from pathlib import Path

from tests.setup import ensure

PUBLISHED = Path(__file__).parents[2] / "docs/schemas/handover.json"

if __name__ == "__main__":
    ensure(["tests.judging.schemas_written"])
