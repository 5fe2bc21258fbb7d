"""A case as the document that ``flask contest score`` reads (``docs/scoring-cases.md``). Pure."""

from collections.abc import Mapping
from typing import Any

from competition.scoring.case import FORMAT, SHAPES, Case


def case_document(case: Case) -> dict[str, Any]:
    """The case to keep or to send: what is empty is left out."""
    parts = {name: [_plain(one, fields) for one in getattr(case, name)] for name, (_kind, fields) in SHAPES.items()}
    return {"format": FORMAT, "rulebook": case.rulebook, **{name: found for name, found in parts.items() if found or name == "entries"}}


def _plain(one: Any, fields: Mapping[str, str]) -> dict[str, Any]:
    values = {key: getattr(one, key) for key in fields}
    told = {key: list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
            for key, value in values.items()}
    return {key: value for key, value in told.items() if value not in (None, {}) or not fields[key].endswith("?")}
