"""The published schema of the hand-over file, made from what reads it."""

import json
from typing import Any

from competition.judging.handover_file import Body, Cover


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of the file; ``$defs/Body`` is what its ``body`` holds as text."""
    made, body = Cover.model_json_schema(), Body.model_json_schema()
    inner = body.pop("$defs")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "$defs": {**inner, "Body": body}}


def written() -> str:
    """The schema as the file in ``docs/schemas``."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
