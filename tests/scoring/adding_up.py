"""A derivation added up again from its leaves: what is explained is what was computed.

Every step is recomputed from the facts that a person reads, and a rounding is tested by its definition. Figures
themselves are counted a second time from the marks by ``competition.recount``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from competition.scoring.exact import shown, text

Json = Mapping[str, Any]

OTHER_SUM, OTHER_ROUNDING, OTHER_MARKS = "other sum", "other rounding", "other marks"
OTHER_PARTS, OTHER_DROPPED, NO_MARKS = "other parts", "other marks dropped", "no marks"
NO_FIGURE, NO_DERIVATION = "no figure", "no derivation"


@dataclass(frozen=True)
class Difference:
    """A figure that does not follow from what it was made of: what was ``said``, and what was ``found`` instead."""

    label: str
    said: str
    found: str = ""
    message: str = OTHER_SUM


def check_line(value: str | None, derivation: Json | None, parts: Mapping[str, str | None]) -> list[Difference]:
    """Recompute one published line; ``parts`` are the published figures of the scopes below, by key.

    Empty when everything adds up. A line without a value has nothing to add up.
    """
    if value is None:
        return []
    if derivation is None:
        return [Difference("score", value, message=NO_DERIVATION)]
    found = list(_walk(derivation, parts))
    if not _same(derivation["value"], value):
        found.append(Difference(str(derivation["label"]), value, str(derivation["value"])))
    return found


def _walk(step: Json, parts: Mapping[str, str | None]) -> list[Difference]:
    below = [item for child in step["steps"] for item in _walk(child, parts)]
    return below + _CHECKS.get(step["code"], _leaf)(step, parts)


def _said(step: Json, found: Fraction) -> list[Difference]:
    return [] if _same(step["value"], found) else _wrong(step, OTHER_SUM, shown(text(found)))


def _wrong(step: Json, message: str, found: str = "") -> list[Difference]:
    return [Difference(str(step["label"]), str(step["value"]), found, message)]


def _same(said: str, value: str | Fraction) -> bool:
    try:
        return Fraction(said) == Fraction(value)
    except ValueError:
        return False


def _leaf(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    return []


def _child_values(step: Json) -> list[Fraction]:
    return [Fraction(child["value"]) for child in step["steps"] if child["value"]]


def _sheet(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    facts = step["facts"]
    total = _added(facts["marks"])
    if "sum" in facts:
        added, value = Fraction(facts["sum"]), Fraction(step["value"])
        return [] if added == total and (value == 0 if facts["zeroed"] else value <= added) else _wrong(step, OTHER_SUM, shown(text(total)))
    return _said(step, total)


def _added(rows: Sequence[Any]) -> Fraction:
    """The rows of a sheet: criteria, and groups of rows with their own sum and what of it counts; a veto has no points."""
    total = Fraction(0)
    for row in rows:
        if isinstance(row[1], str):
            total += Fraction(row[2]) * Fraction(row[3]) if row[2] else 0
            continue
        _name, inside, points, weight, added, zeroed = row
        counted = Fraction(points)
        right = Fraction(added) == _added(inside) and (counted == 0 if zeroed else counted <= Fraction(added))
        total += counted * Fraction(weight) if right else _added(inside) * Fraction(weight)
    return total


def _group(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    facts = step["facts"]
    added, points = Fraction(facts["sum"]), Fraction(facts["points"])
    total = sum((Fraction(part) for part in facts["parts"]), Fraction(0))
    if added != total or not (points == 0 if facts["zeroed"] else points <= added):
        return _wrong(step, OTHER_SUM, shown(text(total)))
    return _said(step, points * Fraction(facts["weight"]))


def _panel(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    facts = step["facts"]
    kept = [Fraction(value) for _seat, value in facts["kept"]]
    dropped = [(Fraction(value), side) for _seat, value, side in facts["dropped"]]
    if not kept:
        return _wrong(step, NO_MARKS)
    low, high = min(kept), max(kept)
    if any(value > low if side == "low" else value < high for value, side in dropped):
        return _wrong(step, OTHER_DROPPED)
    stated = sorted(kept + [value for value, _side in dropped])
    if step["steps"] and stated != sorted(_child_values(step)):
        return _wrong(step, OTHER_MARKS)
    total = sum(kept, Fraction(0))
    return _said(step, total if step["code"] == "panel.sum" else total / len(kept))


def _sum(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    return _said(step, sum((Fraction(part) for part in step["facts"]["parts"]), Fraction(0)))


def _weight(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    facts = step["facts"]
    return _said(step, Fraction(facts["figure"]) * Fraction(facts["weight"]))


def _round(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    facts = step["facts"]
    before, after = Fraction(facts["before"]), Fraction(step["value"])
    if step["steps"] and not _same(step["steps"][0]["value"], before):
        return _wrong({**step, "value": facts["before"]}, OTHER_SUM, str(step["steps"][0]["value"]))
    places = len(step["value"].partition(".")[2])
    unit = Fraction(1, 10**places)
    whole = (after / unit).denominator == 1
    right = whole and places == facts["places"] and _ROUNDINGS[facts["mode"]](abs(before), abs(after), unit)
    return [] if right else _wrong(step, OTHER_ROUNDING, shown(facts["before"]))


def _half_even(before: Fraction, after: Fraction, unit: Fraction) -> bool:
    half = abs(before - after) == unit / 2
    return abs(before - after) < unit / 2 or (half and (after / unit).numerator % 2 == 0)


_ROUNDINGS: Mapping[str, Callable[[Fraction, Fraction, Fraction], bool]] = {
    "half_even": _half_even,
    "half_up": lambda before, after, unit: after - unit / 2 <= before < after + unit / 2,
    "half_down": lambda before, after, unit: after - unit / 2 < before <= after + unit / 2,
    "floor": lambda before, after, unit: after <= before < after + unit,
    "ceiling": lambda before, after, unit: after - unit < before <= after,
}


def _balance(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    facts = step["facts"]
    stated = [Fraction(part) for part in facts["parts"]]
    total = sum(stated, Fraction(0))
    if not _same(facts["sum"], total):
        return _wrong({**step, "value": facts["sum"]}, OTHER_SUM, shown(text(total)))
    parts = [-v if child["code"] == "deduction" else v for child, v in zip(step["steps"], _child_values(step), strict=True)]
    if parts != stated:
        return _wrong(step, OTHER_PARTS)
    value = Fraction(step["value"])
    # Cut at zero from below or at a ceiling from above, never moved otherwise.
    right = value == total or (total < 0 and value == 0) or (0 <= value < total)
    return [] if right else _said(step, total)


def _deduction(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    facts = step["facts"]
    full = Fraction(facts["reported"]) * (Fraction(facts["per"]) if facts["input"] == "count" else 1)
    return _said(step, min(full, Fraction(facts["cap"])) if facts["cap"] else full)


def _paper(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    stated = [Fraction(points) for _name, points in step["facts"]["parts"]]
    return _said(step, max(Fraction(0), sum(stated, Fraction(0)))) if stated == _child_values(step) else _wrong(step, OTHER_PARTS)


def _section(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    """Every question is counted once, and the points are those that were added up, or more where there is a least."""
    facts = step["facts"]
    told = sum(facts[key] for key in ("right", "partly", "wrong", "empty", "cancelled"))
    return [] if told == facts["count"] and Fraction(step["value"]) >= Fraction(facts["sum"]) else _said(step, Fraction(facts["sum"]))


def _part(step: Json, parts: Mapping[str, str | None]) -> list[Difference]:
    """A reference must show what was published for the part, or nothing when nothing was."""
    published = parts.get(str(step["facts"]["of"]))
    if published is None:
        return _wrong(step, NO_FIGURE) if step["value"] else []
    return [] if _same(step["value"], published) else _wrong(step, OTHER_SUM, published)


def _weighted(step: Json, parts: Mapping[str, str | None]) -> list[Difference]:
    return _figures_of_parts(step, parts) + _shares(step)


def _shares(step: Json) -> list[Difference]:
    facts, total, found = step["facts"], Fraction(0), []
    for name, figure, weight, full, share, _note in facts["parts"]:
        exact = Fraction(figure) * Fraction(weight) / 100 * Fraction(facts["full"]) / Fraction(full)
        total += exact
        if not _same(share, exact):
            found.append(Difference(f"{step['label']}·{name}", str(share), shown(text(exact))))
    return found + _said(step, total)


def _total(step: Json, parts: Mapping[str, str | None]) -> list[Difference]:
    figures = [Fraction(row[1]) for row in step["facts"]["parts"]]
    return _figures_of_parts(step, parts) + _said(step, sum(figures, Fraction(0)))


def _figures_of_parts(step: Json, parts: Mapping[str, str | None]) -> list[Difference]:
    """The figures that were weighted are those that the references name, in the same order."""
    found = []
    for row, child in zip(step["facts"]["parts"], step["steps"], strict=True):
        published = parts.get(str(child["facts"]["of"])) or "0"
        if not _same(row[1], published):
            found.append(Difference(f"{step['label']}·{row[0]}", str(row[1]), published))
    return found


def _best(step: Json, parts: Mapping[str, str | None]) -> list[Difference]:
    return _figures_of_parts(step, parts) + _said(step, max(Fraction(row[1]) for row in step["facts"]["parts"]))


def _scale(step: Json, parts: Mapping[str, str | None]) -> list[Difference]:
    """A figure on the scale: by its median and its unit, and not beyond what was found where it was cut."""
    facts = {key: Fraction(step["facts"][key]) for key in ("figure", "median", "unit", "middle", "per", "free")}
    free = facts["middle"] + (facts["per"] * (facts["figure"] - facts["median"]) / facts["unit"] if facts["unit"] else 0)
    if not _same(step["steps"][0]["value"], facts["figure"]):
        return _wrong({**step, "value": step["facts"]["figure"]}, OTHER_PARTS)
    if free != facts["free"]:
        return _wrong({**step, "value": step["facts"]["free"]}, OTHER_SUM, shown(text(free)))
    between = sorted((free, facts["middle"]))
    return [] if between[0] <= Fraction(step["value"]) <= between[1] else _said(step, free)


def _team(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    """Of sums and means the figures of members, of places and prizes their points."""
    column = 2 if step["code"] in ("team.places", "team.prizes") else 1
    total = sum((Fraction(row[column]) for row in step["facts"]["members"]), Fraction(0))
    return _said(step, total / step["facts"]["places"] if step["code"] == "team.mean" else total)


def _team_weighted(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    stated = [Fraction(row[1]) for row in step["facts"]["parts"]]
    return _shares(step) if stated == _child_values(step) else _wrong(step, OTHER_PARTS)


def _team_part(step: Json, figures: Mapping[str, Mapping[str, str | None]]) -> list[Difference]:
    published = figures.get(str(step["facts"]["of"]), {}).get(str(step["facts"]["entry"]))
    return [] if published is None or _same(step["value"], published) else _wrong(step, OTHER_SUM, published)


def check_team(value: str | None, derivation: Json | None, members: Mapping[str, Mapping[str, str | None]]) -> list[Difference]:
    """The same for a team: ``members`` are the published figures of its members, by key of the ranking and entry."""
    found = check_line(value, derivation and _without_parts(derivation), {})
    if derivation is not None:
        found += [d for step in _references(derivation) for d in _team_part(step, members)]
    return found


def _without_parts(step: Json) -> Json:
    return {**step, "steps": [_without_parts(child) for child in step["steps"] if child["code"] != "part"]}


def _references(step: Json) -> Sequence[Json]:
    below = [found for child in step["steps"] for found in _references(child)]
    return [step, *below] if step["code"] == "part" else below


_CHECKS: Mapping[str, Callable[[Json, Mapping[str, str | None]], list[Difference]]] = {
    "sheet": _sheet,
    "group": _group,
    "panel.mean": _panel,
    "panel.trimmed_mean": _panel,
    "panel.median": _panel,
    "panel.sum": _panel,
    "sum": _sum,
    "seconds": _sum,
    "paper": _paper,
    "paper.section": _section,
    "weight": _weight,
    "round": _round,
    "balance": _balance,
    "deduction": _deduction,
    "part": _part,
    "weighted": _weighted,
    "total": _total,
    "best": _best,
    "scale": _scale,
    **dict.fromkeys(("team", "team.mean", "team.places", "team.prizes"), _team),
    "team.weighted": _team_weighted,
}
