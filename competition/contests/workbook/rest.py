"""What the tables of a workbook cannot hold of a rulebook: how a value was written, and what no table knows.

Tables hold what a rule says. A document says some of it in several ways: a name as a text or as an object, nothing as an absent key,
``null``, ``[]`` or ``{}``, a whole number as text. So that an export that comes back untouched is the same document to the last
character, a sheet nobody needs to see keeps, for each such place, what the tables say there and what the document says; it counts only
while the tables still say so. Pure.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from competition.contests.rules_outline import Document, segment
from competition.contests.rules_shape import DEEPEST, depth
from competition.contests.workbook.tables import SYSTEM
from competition.core.grids import Grid

HEAD = ["这一页由系统使用：记录这份工作簿从哪里导出，以及规则原来的写法。请不要修改，也不用填写。"]
STAMP = "导出自"
_PART = 30_000
_NOTHING = ""


class Rest(NamedTuple):
    """One place, by keys where things have them, what the tables say there, and what the document says; JSON, empty for nothing."""

    place: str
    said: str
    written: str


def rests(document: Any, said: Any, place: str = "") -> Iterator[Rest]:
    """Every place in which the tables do not say it as the document does."""
    if isinstance(document, dict) and isinstance(said, dict):
        for key in dict.fromkeys((*document, *said)):
            inner = f"{place}/{_escaped(key)}"
            if key not in said or key not in document:
                yield Rest(inner, *(_json(one[key]) if key in one else _NOTHING for one in (said, document)))
            else:
                yield from rests(document[key], said[key], inner)
    elif isinstance(document, list) and isinstance(said, list) and len(document) == len(said):
        for number, (one, two) in enumerate(zip(document, said, strict=True)):
            yield from rests(one, two, f"{place}/{_escaped(_segment(said, number))}")
    elif _json(document) != _json(said):
        yield Rest(place, _json(said), _json(document))


def as_written(said: Document, found: list[Rest]) -> Document:
    """The document with what was written in other ways, wherever the tables still say the same."""
    for rest in found:
        *way, last = rest.place.split("/")[1:] or [""]
        holder = _at(said, way)
        key = _key(holder, last)
        there = holder[key] if key is not None and (isinstance(holder, list) or key in holder) else None
        now = _NOTHING if key is None or (isinstance(holder, dict) and key not in holder) else _json(there)
        written = _read(rest.written)
        if key is None or now != rest.said or (written is _BROKEN):
            continue
        if rest.written == _NOTHING:
            del holder[key]
        else:
            holder[key] = written
    return said


_BROKEN = object()


def _read(text: str) -> Any:
    try:
        found = json.loads(text) if text else None
        return found if depth(found) <= DEEPEST else _BROKEN
    except (ValueError, RecursionError):
        return _BROKEN


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _escaped(step: object) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")


def _plain(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def _segment(found: list[Any], number: int) -> str:
    things = [one if isinstance(one, dict) else {} for one in found]
    return segment(things[number], number, things)


def _at(holder: Any, way: list[str]) -> Any:
    for step in way:
        key = _key(holder, step)
        if key is None or (isinstance(holder, dict) and key not in holder):
            return None
        holder = holder[key]
    return holder


def _key(holder: Any, step: str) -> Any:
    """The key or place in ``holder`` that a step means; None where there is none."""
    step = _plain(step)
    if isinstance(holder, dict):
        return step
    if not isinstance(holder, list):
        return None
    by_key = next((n for n, one in enumerate(holder) if isinstance(one, dict) and one.get("key") == step), None)
    if by_key is not None:
        return by_key
    return int(step) if step.isascii() and step.isdigit() and len(step) < 6 and int(step) < len(holder) else None


# ---- the sheet --------------------------------------------------------------------------------------------


def sheet(found: list[Rest], stamp: list[str]) -> Grid:
    """The sheet: where the workbook comes from, then a row for each place; long texts in several cells."""
    rows = [[rest.place, *_parts(rest.said), "→", *_parts(rest.written)] for rest in found]
    return Grid(SYSTEM, [HEAD, [STAMP, *stamp], *rows])


def _parts(text: str) -> list[str]:
    return [f"'{text[at:at + _PART]}" for at in range(0, len(text), _PART)]


def of_sheet(grids: list[Grid]) -> tuple[list[Rest], list[str]]:
    """What the sheet says: the places, and where the workbook comes from. A sheet that is gone says nothing."""
    rows = next((grid.rows for grid in grids if grid.title.strip() == SYSTEM), [])
    stamp = next((row[1:] for row in rows if row and row[0] == STAMP), [])
    found = [Rest(row[0], _joined(row[1:row.index("→")]), _joined(row[row.index("→") + 1:])) for row in rows if "→" in row[1:]]
    return found, stamp


def _joined(parts: list[str]) -> str:
    return "".join(part.removeprefix("'") for part in parts)
