"""What a screen can show, and how much fits on it. Pure."""

from collections.abc import Sequence
from typing import TypeVar

from flask_babel import lazy_gettext as _

ORDER, NOW, RESULTS, SENTENCE, BLACK = "order", "now", "results", "sentence", "black"
PAGES = {ORDER: _("出场顺序"), NOW: _("正在上场"), RESULTS: _("已发布的成绩"), SENTENCE: _("一句话"), BLACK: _("黑屏")}
# Read from 15 m: so many lines, or stations, and no more.
LINES, TILES = 8, 12
LONGEST_SENTENCE = 60

# Acts of other rooms after which what the public may see can be another: by their first words.
PUBLIC_ACTS = ("results.publish", "results.correct", "arena.draw", "contests.", "judging.unlock_round", "judging.lock_round")

Thing = TypeVar("Thing")


def is_public(act: str) -> bool:
    """May the screens look otherwise after this act?"""
    return act.startswith(PUBLIC_ACTS)


def slides(things: Sequence[Thing], size: int) -> list[Sequence[Thing]]:
    """Equal parts, as few as fit; one empty part for nothing."""
    count = max(1, -(-len(things) // size))
    each = -(-len(things) // count) if things else 1
    return [things[start:start + each] for start in range(0, max(1, len(things)), each)]


def batch_state(batch: int, called: int | None) -> str:
    """Where a batch stands beside the one that is called: before, now, after."""
    if called is None or batch > called:
        return "after"
    return "now" if batch == called else "before"
