"""Theory papers: answers beside a key, question by question."""

from collections.abc import Mapping
from fractions import Fraction

from competition.recount.given import Json
from competition.recount.numbers import ZERO, number

DIGITS = 12  # how many may stand before and behind the point of a number that is filled in


def answered(paper: Json, keys: Mapping[str, str], said: Mapping[str, str]) -> dict[str, Fraction] | None:
    """The points of each section; None while a key or somebody's answers are not there."""
    points: dict[str, Fraction] = {}
    for section in paper["sections"]:
        key, name = section["key"], f"answers.{section['key']}"
        if key not in keys or name not in said:
            return None
        pairs = zip(keys[key].split(","), said[name].split(","), strict=True)
        total = sum((_question(section, right.strip(), given.strip()) for right, given in pairs), ZERO)
        points[key] = max(total, number(section.get("least", 0)))
    return points


def _question(section: Json, right: str, given: str) -> Fraction:
    full = number(section["points"])
    if right == "*":
        return full
    if given == "":
        return ZERO
    taken = [one.strip() for one in right.split("|")]
    if section["kind"] == "fill":
        return full if any(_alike(one, given) for one in taken) else number(section.get("wrong", 0))
    chosen, sets = set(given.upper()), [set(one.upper()) for one in taken]
    if chosen in sets:
        return full
    if section["kind"] == "multiple" and any(chosen.issubset(one) for one in sets):
        if "per_right" in section:
            return min(full, len(chosen) * number(section["per_right"]))
        if "incomplete" in section:
            return number(section["incomplete"])
    return number(section.get("wrong", 0))


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    return _is_number(one) and _is_number(other) and Fraction(one) == Fraction(other)


def _is_number(text: str) -> bool:
    whole, point, part = text.removeprefix("-").partition(".")
    return all(1 <= len(one) <= DIGITS and one.isascii() and one.isdigit() for one in ([whole, part] if point else [whole]))
