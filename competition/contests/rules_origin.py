"""Marks of origin after a whole rulebook was replaced: a figure that became another one is no published one any more. Pure."""

import copy
from typing import Any

from competition.contests.rules_outline import Document
from competition.contests.rules_told import by_key, differences

_WORDS = ("name", "text", "note", "source", "zh", "en", "bo", "key", "unit")


def with_own_marks(old: Document, new: Document) -> Document:
    """``new``, where what changed since ``old`` inside something that is marked as published is marked as our own.

    A mark that somebody changed is left as it is; words are no figures, and what was added brings its own mark.
    """
    found = [(path, side) for path, _before, _after, side in differences(old, new, "")]
    changed = copy.deepcopy(new)
    said = {path for path, _side in found}
    for path, side in found:
        *way, last = path.strip("/").split("/")
        marked = _marked(changed, old if side == "old" else changed, way) if last not in _WORDS else None
        if marked is not None and f"{marked[0]}/source" not in said and marked[1]["source"] == "published":
            marked[1]["source"] = "default"
    return changed


def _marked(document: Any, guide: Any, way: list[str]) -> tuple[str, Document] | None:
    """The nearest thing around that has a mark of origin, and the way to it. ``guide``: the document in which ``way`` leads there;
    things of lists are found by their keys."""
    found, path = None, ""
    for step in way:
        if isinstance(guide, list) and isinstance(document, list):
            key = next((key for key, (place, _item) in by_key(guide).items() if place == int(step)), None)
            guide = guide[int(step)]
            number, document = by_key(document).get(key, (0, None))
            step = str(number)
        else:
            guide = guide.get(step) if isinstance(guide, dict) else None
            document = document.get(step) if isinstance(document, dict) else None
        path += f"/{step}"
        if isinstance(document, dict) and "source" in document:
            found = (path, document)
    return found
