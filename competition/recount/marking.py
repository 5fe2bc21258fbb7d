"""What was entered for a criterion → its points. One function for each kind of criterion."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from competition.recount.given import Json
from competition.recount.numbers import ZERO, finished, number, started


def points(criterion: Json, attempts: Sequence[str]) -> Fraction:
    """The points of one criterion on one sheet, for the entries of its attempts in their order."""
    each = [_KINDS[criterion.get("kind", "points")](criterion, text) for text in attempts]
    take = criterion.get("take", "last")
    if take == "best":
        return max(each)
    return sum(each, ZERO) if take == "sum" else each[-1]


def called_for(leaf: Json, attempts: Sequence[str]) -> set[str]:
    """What a seat calls for by the entries of a ``veto`` or ``faults``: ``zero``, or codes of outcomes."""
    if leaf["kind"] == "veto":
        return {leaf.get("then", "zero")} if any(number(text) == 1 for text in attempts) else set()
    found = set()
    for text in attempts:
        for fault, count in zip(leaf["faults"], text.split(","), strict=True):
            if "outcome" in fault and number(count) >= fault["outcome"]["from"]:
                found.add(fault["outcome"]["code"])
    return found


def is_group(node: Json) -> bool:
    """Leaf or group?"""
    return bool(node.get("kind") == "group")


def full(leaf: Json) -> Fraction:
    """The full marks of a leaf before its weight: of all attempts where they are summed."""
    each = number(leaf.get("max", 0))
    return each * leaf.get("attempts", 1) if leaf.get("take") == "sum" else each


def _most(leaf: Json) -> Fraction:
    return number(leaf["max"])


def _points(criterion: Json, text: str) -> Fraction:
    return number(text)


def _deduct(criterion: Json, text: str) -> Fraction:
    faults, most = number(text), _most(criterion)
    if "zero_from" in criterion and faults >= criterion["zero_from"]:
        return ZERO
    return max(ZERO, most - min(times(criterion, faults) * number(criterion["per"]), number(criterion.get("cap", most))))


def times(rule: Json, faults: Fraction) -> Fraction:
    """How often so many faults cost something: one by one, or every so many."""
    if "each" not in rule:
        return faults
    share = faults / rule["each"]
    return Fraction(started(share) if rule.get("count") == "started" else finished(share))


def _counts(criterion: Json, text: str) -> Fraction:
    return min(number(text) * number(criterion["per"]), _most(criterion))


def _readings(criterion: Json, text: str) -> list[Fraction]:
    """The readings; with a target, how far each of them is from it."""
    found = [number(part) for part in text.split(",")]
    if "target" not in criterion:
        return found
    return [abs(one - number(criterion["target"])) for one in found]


def _measured(criterion: Json, text: str) -> Fraction:
    readings = _readings(criterion, text)
    beyond = sum(one > number(criterion["tolerance"]) for one in readings)
    if "zero_from" in criterion and beyond >= criterion["zero_from"]:
        return ZERO
    if "zero_beyond" in criterion and any(one > number(criterion["zero_beyond"]) for one in readings):
        return ZERO
    return max(ZERO, _most(criterion) - beyond * number(criterion["per_over"]))


def _bands(criterion: Json, text: str) -> Fraction:
    (reading,) = _readings(criterion, text)
    for band in criterion["bands"]:
        if reading <= number(band["upto"]):
            return number(band["points"])
    return number(criterion.get("otherwise", 0))


def _judgement(criterion: Json, text: str) -> Fraction:
    return number(text) / (len(criterion["levels"]) - 1) * _most(criterion)


def _pass_fail(criterion: Json, text: str) -> Fraction:
    return number(text) * _most(criterion)


def _faults(criterion: Json, text: str) -> Fraction:
    lost = ZERO
    for fault, count in zip(criterion["faults"], (number(part) for part in text.split(",")), strict=True):
        limit = fault.get("zero_from", 1 if fault.get("zero") else None)
        if limit is not None and count >= limit:
            return ZERO
        lost += times(fault, count) * number(fault.get("per", 0))
    most = _most(criterion)
    return max(ZERO, most - min(lost, number(criterion.get("cap", most))))


def _grades(criterion: Json, text: str) -> Fraction:
    return number(criterion["grades"][int(text) - 1]["points"])


def units(rule: Json, seconds: Fraction) -> int:
    """How many units these seconds are, by the rule's way of counting."""
    share = seconds / number(rule["unit_s"])
    return started(share) if rule.get("count") == "started" else finished(share)


def worth(rule: Json, seconds: Fraction) -> Fraction:
    """Points for so many seconds, at most the cap of the rule."""
    found = units(rule, seconds) * number(rule["points"])
    return min(found, number(rule["cap"])) if "cap" in rule else found


def _timed(criterion: Json, text: str) -> Fraction:
    saved = number(criterion["limit_s"]) - number(text)
    found = number(criterion.get("base", criterion["max"]))
    if saved > 0 and "early" in criterion:
        found += worth(criterion["early"], saved)
    if saved < 0 and "over" in criterion:
        found -= worth(criterion["over"], -saved)
    return min(max(found, ZERO), _most(criterion))


def _scale(criterion: Json, text: str) -> Fraction:
    (reading,) = _readings(criterion, text)
    at = [(number(one["value"]), number(one["points"])) for one in criterion["at"]]
    if reading <= at[0][0]:
        return at[0][1]
    for (low, less), (high, more) in pairwise(at):
        if reading <= high:
            return less + (reading - low) / (high - low) * (more - less)
    return at[-1][1]


def _veto(criterion: Json, text: str) -> Fraction:
    return ZERO


_KINDS: Mapping[str, Callable[[Json, str], Fraction]] = {
    "points": _points, "deduct": _deduct, "counts": _counts, "measured": _measured, "bands": _bands,
    "judgement": _judgement, "pass_fail": _pass_fail, "faults": _faults, "grades": _grades, "timed": _timed,
    "scale": _scale, "veto": _veto,
}


def weight(node: Json) -> Fraction:
    """The weight of a leaf or group; of a group that is ``worth`` so many points: these by its own full marks."""
    return number(node["worth"]) / inner_full(node) if "worth" in node else number(node.get("weight", 1))


def inner_full(group: Json) -> Fraction:
    """The full marks of a group (or of a whole event) before its weight: of what stands in it, without bonus lines."""
    inside = [one for one in group["criteria"] if not one.get("bonus")]
    total = sum((weight(one) * (inner_full(one) if is_group(one) else full(one)) for one in inside), ZERO)
    return min(total, number(group["cap"])) if "cap" in group else total
