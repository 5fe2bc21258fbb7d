"""Reading how a figure is rounded."""

from competition.scoring.reader import Node
from competition.scoring.rounding import MODES, Rounding


def read_rounding(node: Node | None) -> Rounding | None:
    """A stage of the table, or a figure's own ``rounding``; None where there is none."""
    if node is None:
        return None
    rule = Rounding(node.whole("places", high=6) or 0, node.choice("mode", MODES, "half_up"))
    node.close()
    return rule
