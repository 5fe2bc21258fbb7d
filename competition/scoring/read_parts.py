"""Reading the parts of totals and team rules."""

from collections.abc import Sequence
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.model import Part
from competition.scoring.reader import Node
from competition.scoring.wording import N_

_HUNDRED = Fraction(100)


def read_parts(node: Node, *, weighted: bool) -> tuple[Part, ...]:
    """The list ``parts``; weights must be 100 together."""
    parts = []
    for item in node.children("parts", least=1):
        weight = item.decimal("weight", above=0, high=100) if weighted else None
        parts.append(Part(item.key("of"), weight))
        item.close()
    total = exact.add(part.weight or exact.ZERO for part in parts)
    if weighted and node.clean("parts") and total != _HUNDRED:
        node.fault("parts", N_("权重合计应为 100，现在是 %(sum)s。"), sum=exact.text(total))
    return tuple(parts)


def check_repeated(node: Node, places: Sequence[str], keys: Sequence[str]) -> None:
    """Nothing is a part twice; ``places`` are where the keys stand."""
    seen: set[str] = set()
    for place, key in zip(places, keys, strict=True):
        if node.clean(place) and key in seen:
            node.fault(place, N_("“%(key)s”写了两次。"), key=key)
        seen.add(key)
