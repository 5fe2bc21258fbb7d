"""Reading the sections of a theory paper."""

from collections.abc import Iterable
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.paper import LETTERS, MULTIPLE, Paper, Section
from competition.scoring.reader import Node, repeated
from competition.scoring.wording import N_

_ONE = Fraction(1)
_MOST_QUESTIONS = 500
LOWEST = -1000


def read_paper(node: Node | None, full: Fraction, taken: Iterable[str]) -> Paper | None:
    """The ``paper`` of a theory event of ``full`` marks; ``taken``: names that no section may have."""
    if node is None:
        return None
    sections = tuple(_section(item) for item in node.children("sections", least=1))
    repeated(node, "sections", [item.key for item in sections], taken)
    whole = exact.add(item.full for item in sections)
    if node.clean() and whole != full:
        node.fault("sections", N_("满分写的是 %(full)s，各部分满分合计却是 %(sum)s。"), full=exact.text(full), sum=exact.text(whole))
    node.close()
    return Paper(sections, node.source)


def _section(node: Node) -> Section:
    kind = node.choice("kind", LETTERS)
    several = kind == MULTIPLE
    section = Section(
        key=node.key(),
        name=node.words(),
        kind=kind,
        count=node.whole("count", low=1, high=_MOST_QUESTIONS) or 1,
        points=node.decimal("points", above=0) or _ONE,
        incomplete=node.decimal("incomplete", required=False) if several else None,
        per_right=node.decimal("per_right", required=False) if several else None,
        wrong=node.decimal("wrong", required=False, low=LOWEST, high=0) or exact.ZERO,
        least=node.decimal("least", required=False, low=LOWEST, high=0) or exact.ZERO,
        source=node.source,
    )
    if section.incomplete is not None and section.per_right is not None:
        node.fault("per_right", N_("少选得分只能写 incomplete 或 per_right 中的一个。"))
    for key, points in (("incomplete", section.incomplete), ("per_right", section.per_right)):
        if points is not None and node.clean() and points > section.points:
            node.fault(key, N_("少选得分不能超过全对的分值。"))
    node.close()
    return section
