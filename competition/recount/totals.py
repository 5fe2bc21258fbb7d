"""Totals: published figures of events and of other totals, weighted, added up, the best of them, or put on a scale."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from competition.recount.given import OUTCOMES, Entry, Given, Json, Line, Lines, effect
from competition.recount.numbers import ZERO, median, number, optional, root, rounded

WHOLE = {"places": 0}
Parts = Mapping[str, Line]


def total_lines(given: Given, total: Json, below: Lines, fulls: Mapping[str, Fraction], timed: Collection[str]) -> list[Line]:
    """A line for everybody who is in it. ``fulls``: full marks by key; ``timed``: keys of what has a time."""
    by_part = {of: {line.entry: line for line in below[of]} for of in parts_of(total)}
    desk = _Desk(given.document, total, fulls, timed)
    desk.scale = _Scale(total, below[total["of"]]) if total.get("method") == "scale" else None
    found = []
    for entry in given.entries:
        parts = {of: lines[entry.id] for of, lines in by_part.items() if entry.id in lines}
        if len(parts) == len(by_part) or (parts and total.get("method") == "best"):
            found.append(desk.line(entry, parts))
    return found


def parts_of(total: Json) -> list[str]:
    """The keys that a total stands on."""
    return [total["of"]] if "of" in total else [part["of"] for part in total["parts"]]


class _Scale:
    """A standard scale over one ranking."""

    def __init__(self, total: Json, lines: Sequence[Line]) -> None:
        self.total = total
        values = [line.value for line in lines if line.status == "OK" and line.value is not None]
        self.middle = median(values) if values else ZERO
        self.spread = self._spread(values) if values else ZERO

    def _spread(self, values: Sequence[Fraction]) -> Fraction:
        if self.total.get("spread", "deviation") == "mad":
            return number(self.total.get("factor", "1.4826")) * median([abs(value - self.middle) for value in values])
        mean = sum(values, ZERO) / len(values)
        return root(sum(((value - mean) ** 2 for value in values), ZERO) / len(values))

    def of(self, value: Fraction) -> Fraction:
        """A figure on the scale, before rounding."""
        found = number(self.total.get("middle", 700))
        if self.spread:
            found += number(self.total.get("per", 50)) * (value - self.middle) / self.spread
        low, high = optional(self.total.get("low")), optional(self.total.get("high"))
        found = found if low is None else max(found, low)
        return found if high is None else min(found, high)


class _Desk:
    """Counts one total, entrant by entrant."""

    def __init__(self, document: Json, total: Json, fulls: Mapping[str, Fraction], timed: Collection[str]) -> None:
        self.document, self.total, self.fulls, self.timed = document, total, fulls, timed
        self.method = total.get("method", "weighted")
        self.scale: _Scale | None = None
        self.stage = total.get("rounding", WHOLE if self.method == "scale" else document["rounding"]["total"])

    def line(self, entry: Entry, parts: Parts) -> Line:
        """The whole line, but for rank and awards."""
        line = Line(entry.id, status=entry.outcomes.get("*") or self._status(parts))
        if line.status == "ZERO":
            line.value = rounded(number(self.total.get("low", 0)) if self.scale else ZERO, self.stage)
            line.figures = {"score": line.value}
        if line.status == "OK":
            line.value = rounded(self._exact(parts), self.stage)
            self._figures(line, parts)
        return line

    def _status(self, parts: Parts) -> str:
        """OK, or what the parts say of the whole; of several outcomes the one that the document's table names first."""
        others = [line.status for line in parts.values() if line.status != "OK"]
        if "INCOMPLETE" in others:
            return "INCOMPLETE"
        others.sort(key=list(OUTCOMES).index)
        if self.scale:
            return others[0] if others else "OK"
        out = [code for code in others if effect(self.document, code).in_total == "out"]
        if out or len(others) < len(parts):
            return out[0] if out else "OK"
        return "ZERO" if "ZERO" in others else others[0]

    def _exact(self, parts: Parts) -> Fraction:
        values = {of: line.value or ZERO for of, line in parts.items()}
        if self.scale:
            return self.scale.of(next(iter(values.values())))
        if self.method == "best":
            return max(values.values())
        if self.method == "sum":
            return sum(values.values(), ZERO)
        weights = {part["of"]: number(part["weight"]) / 100 for part in self.total["parts"]}
        return sum((value * weights[of] * number(self.total["full"]) / self.fulls[of] for of, value in values.items()), ZERO)

    def _figures(self, line: Line, parts: Parts) -> None:
        """The named figures: the parts, what the parts are made of, and the sum of their times."""
        line.figures = {"score": line.value or ZERO}
        for of, part in parts.items():
            line.figures |= {of: part.value or ZERO, **{f"{of}.{key}": figure for key, figure in part.figures.items()}}
            line.partly |= {f"{of}.{key}" for key in part.partly}
        times = {of: part.figures["time"] for of, part in parts.items() if "time" in part.figures}
        if times and self.method != "best":
            line.figures["time"] = sum(times.values(), ZERO)
            if any(of not in times or "time" in parts[of].partly for of in parts if of in self.timed):
                line.partly.add("time")
