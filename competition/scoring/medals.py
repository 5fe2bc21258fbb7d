"""Medals by the distance of figures: how many golds, silvers and bronzes."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import takewhile


def medals(values: Sequence[Fraction], within: Fraction) -> tuple[int, int, int]:
    """Golds, silvers and bronzes for these figures, which come in the order of ranks.

    What happens after one gold and several silvers is our reading: no full public text was found.
    """
    golds = _reach(values, 0, 0, within)
    silvers = _reach(values, golds, golds, within) if golds == 1 else 0
    so_far = golds + silvers
    # After two medals the next one stands for itself; after more only who is close to the last medal has one.
    mark = so_far if so_far == 2 else so_far - 1
    return golds, silvers, _reach(values, so_far, mark, within)


def _reach(values: Sequence[Fraction], start: int, mark: int, within: Fraction) -> int:
    """How many from ``start`` on lie within the figure at ``mark``; where nobody is left there may be none."""
    return sum(1 for _ in takewhile(lambda value: value >= values[mark] - within, values[start:]))
