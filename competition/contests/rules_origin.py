"""Marks of origin after a whole rulebook was replaced: a figure that became another one is no published one any more. Pure."""

import copy
from typing import Any

from competition.contests.rules_outline import Document
from competition.contests.shown import differences

_WORDS = ("name", "text", "note", "source", "zh", "en", "bo", "key", "unit")


def with_own_marks(old: Document, new: Document) -> Document:
    """``new``, where what changed since ``old`` inside something that is marked as published is marked as our own.

    A mark that somebody changed is left as it is; words are no figures, and what was added brings its own mark.
    """
    found = [(path, side) for path, _before, _after, side in differences(old, new, "")]
    changed = copy.deepcopy(new)
    said = {path for path, _side in found}
    for path, _side in found:
        *way, last = path.strip("/").split("/")
        marked = _marked(changed, way) if last not in _WORDS else None
        if marked is not None and f"{marked[0]}/source" not in said and marked[1]["source"] == "published":
            marked[1]["source"] = "default"
    return changed


def _marked(document: Any, way: list[str]) -> tuple[str, Document] | None:
    """The nearest thing around that has a mark of origin, and the way to it."""
    found, path = None, ""
    for step in way:
        if isinstance(document, list):
            document = document[int(step)] if step.isdigit() and int(step) < len(document) else None
        else:
            document = document.get(step) if isinstance(document, dict) else None
        path += f"/{step}"
        if isinstance(document, dict) and "source" in document:
            found = (path, document)
    return found
