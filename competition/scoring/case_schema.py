"""The JSON Schema of a case file, made from the shapes that its reader goes by: ``docs/schemas/case.json``."""

from collections.abc import Mapping
from typing import Any

from competition.scoring.case import KEYS, LINE, SHAPES

TEXT: Mapping[str, Any] = {"type": ["string", "integer"]}
RULEBOOK: Mapping[str, Any] = {"anyOf": [{"type": "string"}, {"$ref": "rulebook.json"}]}
KINDS: Mapping[str, Mapping[str, Any]] = {
    "text": TEXT,
    "texts": {"type": "array", "items": TEXT},
    "table": {"type": "object", "additionalProperties": TEXT},
    "whole": {"type": "integer"},
}


def schema() -> dict[str, Any]:
    """The schema; a rulebook written in the case is what the schema of rulebooks says."""
    parts = {name: {"type": "array", "items": _object(shape)} for name, (_make, shape) in SHAPES.items()}
    expect = {"type": "object", "additionalProperties": {"type": "array", "items": _object(LINE, empty=True)}}
    properties = {"format": {"const": 1}, "rulebook": RULEBOOK, **parts, "expect": expect}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A case for the scoring engine", "type": "object",
        "properties": {key: properties[key] for key in KEYS}, "required": ["format", "rulebook", "entries"], "additionalProperties": False,
    }


def _object(shape: Mapping[str, str], *, empty: bool = False) -> dict[str, Any]:
    """An object of these fields. What may be left out may be null."""
    fields = {key: _field(kind, empty=empty) for key, kind in shape.items()}
    return {"type": "object", "properties": fields, "required": [key for key, kind in shape.items() if not kind.endswith("?")],
            "additionalProperties": False}


def _field(kind: str, *, empty: bool) -> Mapping[str, Any]:
    plain = KINDS[kind.rstrip("?")]
    return {"anyOf": [plain, {"type": "null"}]} if kind.endswith("?") or empty else plain
