"""The published schema of case files is what the reader goes by: ``python3 -m tests.scoring.test_case_schema`` writes it."""

import json
from pathlib import Path

from competition.scoring.case_schema import schema

FILE = Path(__file__).parents[2] / "docs/schemas/case.json"


def written() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def test_the_published_schema_is_in_step_with_the_reader() -> None:
    assert FILE.read_text(encoding="utf-8") == written()


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(written(), encoding="utf-8")
