"""The published schemas: ``python3 -m tests.scoring.schemas`` writes them; what they say of a document."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator, Registry, ValidationError, ValidationErrorKind

from competition.scoring import case_schema, rulebook_schema
from competition.scoring.schema_parts import written

FOLDER = Path(__file__).parents[2] / "docs/schemas"
FILES = {"rulebook.json": written(rulebook_schema.schema()) + "\n", "case.json": written(case_schema.schema()) + "\n"}
_BASE = "https://example.org/schemas/"
_REGISTRY = Registry([(f"{_BASE}rulebook.json", rulebook_schema.schema())])
RULEBOOK = Draft202012Validator(rulebook_schema.schema())
CASE = Draft202012Validator(case_schema.schema(), registry=_REGISTRY, base_uri=f"{_BASE}case.json")


def refused(document: Mapping[str, Any]) -> set[str]:
    """Where the schema finds a rulebook faulty, as JSON pointers; of a key it does not know, where it stands."""
    return {place for error in RULEBOOK.iter_errors(document) for place in _places(error)}


def _places(error: ValidationError) -> Iterator[str]:
    """Of a value that fits none of several shapes: what is wrong in each of those that are not null."""
    where = "".join(f"/{step}" for step in error.instance_path)
    kind = error.kind
    if isinstance(kind, ValidationErrorKind.AnyOf):
        yield from (place for branch in kind.context for inner in branch for place in _places(inner))
    elif isinstance(kind, ValidationErrorKind.AdditionalProperties):
        yield from (f"{where}/{key}" for key in kind.unexpected)
    elif isinstance(kind, ValidationErrorKind.Required):
        yield f"{where}/{kind.property}"
    else:
        yield where or "/"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in FILES.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
