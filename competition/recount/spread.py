"""Judges too far apart: is there something that keeps the result back until the chief judge has decided?"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from competition.recount.given import Json
from competition.recount.judges import Work
from competition.recount.marking import full, inner_full, is_group, weight
from competition.recount.numbers import ZERO, number
from competition.recount.tree import is_veto


def keeps_back(work: Work) -> bool:
    """Are the seats farther apart than a rule allows that blocks?"""
    rule = work.event.get("spread")
    if rule and rule.get("then") == "block" and rule.get("of", "sheet") == "sheet" and _sheet_is_wide(rule, work):
        return True
    return any(own.get("then") == "block" and _is_wide(own, node, work) for node, own in _rules(work.nodes, rule, 0))


def _rules(nodes: Sequence[Json], rule: Json | None, depth: int) -> Iterator[tuple[Json, Json]]:
    """Every leaf and group with the rule that holds for it."""
    of = rule.get("of", "sheet") if rule else "sheet"
    for node in nodes:
        handed = (of == "group" and depth == 0) or (of == "criterion" and not is_group(node))
        own = node.get("spread") or (rule if handed else None)
        if own and not is_veto(node):
            yield node, own
        if is_group(node):
            yield from _rules(node["criteria"], rule, depth + 1)


def _sheet_is_wide(rule: Json, work: Work) -> bool:
    marked = work.leaves_of(work.nodes)
    seats = set().union(*(work.sheets.seats(work.entry, leaf["key"]) for leaf in marked))
    return _apart([work.on_common_sheet(seat) for seat in seats]) > _limit(rule, _full_of_sheet(work, work.nodes))


def _full_of_sheet(work: Work, nodes: Sequence[Json]) -> Fraction:
    total = ZERO
    for node in nodes:
        if node["key"] in work.units or node.get("bonus"):
            continue
        inside = _full_of_sheet(work, node["criteria"]) if is_group(node) else full(node)
        total += weight(node) * (min(inside, number(node["cap"])) if "cap" in node and is_group(node) else inside)
    return total


def _is_wide(rule: Json, node: Json, work: Work) -> bool:
    if "levels" in rule:
        if node.get("kind") not in ("judgement", "grades"):
            return False
        seats = work.sheets.seats(work.entry, node["key"])
        return _apart([number(work.sheets.attempts(work.entry, seat, node["key"])[-1]) for seat in seats]) > number(rule["levels"])
    marked = work.leaves_of(node["criteria"]) if is_group(node) else [node]
    seats = set().union(*(work.sheets.seats(work.entry, leaf["key"]) for leaf in marked))
    most = inner_full(node) if is_group(node) else number(node["max"])
    return _apart([work.of_seat(node, seat) for seat in seats]) > _limit(rule, most)


def _limit(rule: Json, most: Fraction) -> Fraction:
    return number(rule["absolute"]) if "absolute" in rule else number(rule["percent"]) / 100 * most


def _apart(values: Sequence[Fraction]) -> Fraction:
    return max(values) - min(values) if values else ZERO
