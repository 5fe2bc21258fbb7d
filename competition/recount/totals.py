"""Totals: published figures of events and of other totals, weighted or added up."""

from collections.abc import Collection, Mapping
from fractions import Fraction

from competition.recount.given import OUTCOMES, Entry, Given, Json, Line, Lines, effect
from competition.recount.numbers import ZERO, number, rounded

ByEntry = Mapping[str, Mapping[str, Line]]


def total_lines(given: Given, total: Json, below: Lines, fulls: Mapping[str, Fraction], timed: Collection[str]) -> list[Line]:
    """A line for everybody who entered all parts. ``fulls``: full marks by key; ``timed``: keys of what has a time."""
    by_part = {part["of"]: {line.entry: line for line in below[part["of"]]} for part in total["parts"]}
    return [
        _line(given, total, entry, {of: lines[entry.id] for of, lines in by_part.items()}, fulls, timed)
        for entry in given.entries if all(entry.id in lines for lines in by_part.values())
    ]


def _line(given: Given, total: Json, entry: Entry, parts: Mapping[str, Line], fulls: Mapping[str, Fraction],
          timed: Collection[str]) -> Line:
    line = Line(entry.id)
    line.status = entry.outcomes.get("*") or _status(given.document, parts)
    if line.status not in ("OK", "ZERO"):
        return line
    if line.status == "ZERO":
        line.value, line.figures = ZERO, {"score": ZERO}
        return line
    exact = ZERO
    for part in total["parts"]:
        value = parts[part["of"]].value or ZERO
        if total.get("method", "weighted") == "weighted":
            exact += value * number(part["weight"]) / 100 * number(total["full"]) / fulls[part["of"]]
        else:
            exact += value
    line.value = rounded(exact, total.get("rounding", given.document.get("rounding", {}).get("total")))
    _figures(line, parts, timed)
    return line


def _status(document: Json, parts: Mapping[str, Line]) -> str:
    """OK, or what the parts say of the whole; of several outcomes the one that the document's table names first."""
    others = [line.status for line in parts.values() if line.status != "OK"]
    if "INCOMPLETE" in others:
        return "INCOMPLETE"
    others.sort(key=list(OUTCOMES).index)
    out = [code for code in others if effect(document, code).in_total == "out"]
    if out or len(others) < len(parts):
        return out[0] if out else "OK"
    return "ZERO" if "ZERO" in others else others[0]


def _figures(line: Line, parts: Mapping[str, Line], timed: Collection[str]) -> None:
    """The named figures: the parts, what the parts are made of, and the sum of their times."""
    line.figures = {"score": line.value or ZERO}
    for of, part in parts.items():
        line.figures |= {of: part.value or ZERO, **{f"{of}.{key}": figure for key, figure in part.figures.items()}}
        line.partly |= {f"{of}.{key}" for key in part.partly}
    times = {of: part.figures["time"] for of, part in parts.items() if "time" in part.figures}
    if times:
        line.figures["time"] = sum(times.values(), ZERO)
        if any(of not in times or "time" in parts[of].partly for of in parts if of in timed):
            line.partly.add("time")
