"""The second, independent check: add up again what a derivation says, from its leaves. Pure.

It shares no arithmetic with the engine: every step is recomputed from the facts that a person reads, and a
rounding is tested by its definition. A difference names the figure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from competition.scoring.exact import shown, text

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """A figure that does not follow from what it was made of."""

    label: str
    said: str
    found: str

    @property
    def sentence(self) -> str:
        """The difference in words."""
        return f"{self.label}：记为 {self.said}，重新相加得 {self.found}"


def check_line(value: str | None, derivation: Json | None, parts: Mapping[str, str | None]) -> list[Difference]:
    """Recompute one published line; ``parts`` are the published figures of the scopes below, by key.

    Empty when everything adds up. A line without a value has nothing to add up.
    """
    if value is None:
        return []
    if derivation is None:
        return [Difference("成绩", value, "没有计算过程")]
    found = list(_walk(derivation, parts))
    if not _same(derivation["value"], value):
        found.append(Difference(str(derivation["label"]), value, str(derivation["value"])))
    return found


def _walk(step: Json, parts: Mapping[str, str | None]) -> list[Difference]:
    below = [item for child in step["steps"] for item in _walk(child, parts)]
    return below + _CHECKS.get(step["code"], _leaf)(step, parts)


def _said(step: Json, found: Fraction | str) -> list[Difference]:
    if isinstance(found, Fraction) and _same(step["value"], found):
        return []
    return [Difference(str(step["label"]), str(step["value"]), _text(found))]


def _same(said: str, value: str | Fraction) -> bool:
    try:
        return Fraction(said) == Fraction(value)
    except ValueError:
        return False


def _text(value: Fraction | str) -> str:
    if isinstance(value, str):
        return value
    return shown(text(value))


def _leaf(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    return []


def _child_values(step: Json) -> list[Fraction]:
    return [Fraction(child["value"]) for child in step["steps"]]


def _sheet(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    total = sum((Fraction(points) * Fraction(weight) for _name, _raw, points, weight in step["facts"]["marks"]), Fraction(0))
    return _said(step, total)


def _panel(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    facts = step["facts"]
    kept = [Fraction(value) for _seat, value in facts["kept"]]
    dropped = [(Fraction(value), side) for _seat, value, side in facts["dropped"]]
    if not kept:
        return [Difference(str(step["label"]), str(step["value"]), "没有有效评分")]
    low, high = min(kept), max(kept)
    if any(value > low if side == "low" else value < high for value, side in dropped):
        return [Difference(str(step["label"]), str(step["value"]), "去掉的不是最高分和最低分")]
    stated = sorted(kept + [value for value, _side in dropped])
    if step["steps"] and stated != sorted(_child_values(step)):
        return [Difference(str(step["label"]), str(step["value"]), "参加计算的分数与各评分表不一致")]
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
        return [Difference(str(step["label"]), facts["before"], str(step["steps"][0]["value"]))]
    places = len(step["value"].partition(".")[2])
    unit, rule = Fraction(1, 10**places), str(facts["rule"])
    fits = next(test for words, test in _ROUNDINGS if rule.startswith(words))
    whole = (after / unit).denominator == 1
    right = whole and fits(abs(before), abs(after), unit)
    return [] if right else [Difference(str(step["label"]), str(step["value"]), f"{facts['before']}（{rule}）")]


def _half_even(before: Fraction, after: Fraction, unit: Fraction) -> bool:
    half = abs(before - after) == unit / 2
    return abs(before - after) < unit / 2 or (half and (after / unit).numerator % 2 == 0)


# By their words on the result sheet; the order matters: a prefix must not hide a longer one.
_ROUNDINGS: tuple[tuple[str, Callable[[Fraction, Fraction, Fraction], bool]], ...] = (
    ("四舍六入五成双", _half_even),
    ("四舍五入", lambda before, after, unit: after - unit / 2 <= before < after + unit / 2),
    ("五舍六入", lambda before, after, unit: after - unit / 2 < before <= after + unit / 2),
    ("舍去尾数", lambda before, after, unit: after <= before < after + unit),
    ("进一", lambda before, after, unit: after - unit < before <= after),
)


def _balance(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    facts = step["facts"]
    stated = [Fraction(part) for part in facts["parts"]]
    total = sum(stated, Fraction(0))
    if not _same(facts["sum"], total):
        return [Difference(str(step["label"]), str(facts["sum"]), _text(total))]
    shown = [-v if child["code"] == "deduction" else v for child, v in zip(step["steps"], _child_values(step), strict=True)]
    if shown != stated:
        return [Difference(str(step["label"]), str(step["value"]), "各项与前面的计算不一致")]
    value = Fraction(step["value"])
    # Cut at zero from below or at a ceiling from above, never moved otherwise.
    right = value == total or (total < 0 and value == 0) or (0 <= value < total)
    return [] if right else _said(step, total)


def _deduction(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    facts = step["facts"]
    full = Fraction(facts["reported"]) * (Fraction(facts["per"]) if facts["input"] == "count" else 1)
    return _said(step, min(full, Fraction(facts["cap"])) if facts["cap"] else full)


def _part(step: Json, parts: Mapping[str, str | None]) -> list[Difference]:
    """A reference must show what was published for the part (or the word of an outcome)."""
    said, published = str(step["value"]), parts.get(str(step["facts"]["of"]))
    if published is None:
        return [] if not said[:1].isdigit() else [Difference(str(step["label"]), said, "没有成绩")]
    return [] if _same(said, published) else [Difference(str(step["label"]), said, published)]


def _weighted(step: Json, parts: Mapping[str, str | None]) -> list[Difference]:
    facts, total, found = step["facts"], Fraction(0), []
    for name, figure, weight, full, share, _note in facts["parts"]:
        exact = Fraction(figure) * Fraction(weight) / 100 * Fraction(facts["full"]) / Fraction(full)
        total += exact
        if not _same(share, exact):
            found.append(Difference(f"{step['label']}·{name}", str(share), _text(exact)))
    return found + _figures_of_parts(step, parts) + _said(step, total)


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


def _team(step: Json, _parts: Mapping[str, str | None]) -> list[Difference]:
    return _said(step, sum((Fraction(figure) for _entry, figure, _note in step["facts"]["members"]), Fraction(0)))


def _team_part(step: Json, figures: Mapping[str, str | None]) -> list[Difference]:
    said, published = str(step["value"]), figures.get(str(step["facts"]["entry"]))
    return [] if published is None or _same(said, published) else [Difference(str(step["label"]), said, published)]


def check_team(value: str | None, derivation: Json | None, members: Mapping[str, str | None]) -> list[Difference]:
    """The same for a team: ``members`` are the published figures of its members, by entry."""
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
    "panel.mean": _panel,
    "panel.trimmed_mean": _panel,
    "panel.median": _panel,
    "panel.sum": _panel,
    "sum": _sum,
    "seconds": _sum,
    "weight": _weight,
    "round": _round,
    "balance": _balance,
    "deduction": _deduction,
    "part": _part,
    "weighted": _weighted,
    "total": _total,
    "team": _team,
}
