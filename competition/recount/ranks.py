"""Ranks: by the published figure, then along the chain of figures that part equals."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby

from competition.recount.given import Decision, Json, Line
from competition.recount.numbers import ZERO

Key = tuple[tuple[int, Fraction], ...]


def rank(lines: Sequence[Line], rule: Json, scope: str, decisions: Iterable[Decision], *, shortest_first: bool = False) -> list[Line]:
    """Give every line that has a value its rank, and all lines back in that order; who was set to zero stands behind."""
    ranking = rule.get("ranking", {})
    decided = {frozenset(one.order): list(one.order) for one in decisions if one.scope == scope}
    counting = [line for line in lines if line.value is not None and line.status == "OK"]
    zeroed = [line for line in lines if line.value is not None and line.status != "OK"]
    groups = _groups(counting, ranking.get("ties", ()), shortest_first)
    groups += [zeroed] if zeroed else []
    ordered: list[Line] = []
    place = 0
    for group in groups:
        order = decided.get(frozenset(line.entry for line in group))
        parted = [[line] for line in sorted(group, key=lambda line: order.index(line.entry))] if order else [group]
        for equals in parted:
            place += 1
            for line in equals:
                line.rank = _rank(ranking.get("shared", "competition"), len(ordered), place, len(equals))
            ordered += equals
    return ordered + [line for line in lines if line.value is None]


def _rank(shared: str, before: int, place: int, equals: int) -> int | None:
    """The rank of those who stand behind ``before`` others, as the ``place``-th group; None where ranks may not be shared."""
    if equals > 1 and shared == "forbidden":
        return None
    return place if shared == "dense" else before + 1


def _groups(lines: Sequence[Line], chain: Sequence[Json], shortest_first: bool) -> list[list[Line]]:
    def key(line: Line) -> Key:
        value = line.value or ZERO
        return ((0, value if shortest_first else -value), *(_link(line, link) for link in chain))

    return [list(group) for _key, group in groupby(sorted(lines, key=key), key=key)]


def _link(line: Line, link: Json) -> tuple[int, Fraction]:
    """How a line stands in one link of the chain: behind those who have the figure whole come those who have it partly."""
    figure = line.figures.get(link["figure"])
    if figure is None:
        return (2, ZERO)
    return (int(link["figure"] in line.partly), figure if link["order"] == "asc" else -figure)
