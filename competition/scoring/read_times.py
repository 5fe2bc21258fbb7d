"""Reading a time rule."""

from fractions import Fraction
from itertools import pairwise

from competition.scoring import exact
from competition.scoring.model import PerUnit, Placing, TimeRule
from competition.scoring.reader import Node
from competition.scoring.wording import N_

_DAY = 86400


def read_time(node: Node, *, timed: bool) -> TimeRule:
    """The time rule of an event; ``timed`` when the time itself is the result."""
    over, early, placing = node.child("over"), node.child("early"), node.child("placing")
    beyond = node.child("beyond")
    rule = TimeRule(
        limit=node.whole("limit_s", low=1, high=_DAY) or 1,
        grace=node.whole("grace_s", required=False, high=_DAY) or 0,
        over=None if over is None else read_unit(over),
        early=None if early is None else read_unit(early),
        bands=_bands(node),
        beyond=None if beyond is None else beyond.whole("after_s", high=_DAY) or 0,
        then="stop" if beyond is None else beyond.choice("then", ("stop", "zero", "out")),
        placing=None if placing is None else _placing(placing),
    )
    if beyond is not None:
        beyond.close()
    if rule.over is not None and rule.bands:
        node.fault("bands", N_("超时扣分要么按时间单位（over），要么分档（bands），不能同时写。"))
    if timed:
        for key in ("over", "early", "bands", "placing"):
            if node.has(key):
                node.fault(key, N_("以时间为成绩的项目不再按时间加减分。"))
        if beyond is not None and rule.then == "zero":
            beyond.fault("then", N_("以时间为成绩的项目没有零分，超时只能停止（stop）或淘汰（out）。"))
    elif placing is not None and (rule.over is not None or rule.early is not None or rule.bands):
        node.fault("placing", N_("按完成先后给分时，不再写 over、early 或 bands。"))
    node.close()
    return rule


def read_unit(node: Node) -> PerUnit:
    """Points per unit of time."""
    rule = PerUnit(
        unit=node.whole("unit_s", low=1, high=_DAY) or 1,
        started=node.choice("count", ("started", "full")) == "started",
        points=node.decimal("points", above=0) or Fraction(1),
        cap=node.decimal("cap", required=False, above=0),
    )
    node.close()
    return rule


def _bands(node: Node) -> tuple[tuple[int, Fraction], ...]:
    bands = []
    for band in node.children("bands"):
        bands.append((band.whole("after_s", high=_DAY) or 0, band.decimal("points") or exact.ZERO))
        band.close()
    if any(later[0] <= earlier[0] for earlier, later in pairwise(bands)):
        node.fault("bands", N_("各档的起点（after_s）必须从小到大。"))
    return tuple(bands)


def _placing(node: Node) -> Placing:
    late = node.child("late", required=True)
    rule = Placing(
        in_time=node.decimal("in_time", above=0) or Fraction(1),
        per_place=node.decimal("per_place") or exact.ZERO,
        late=PerUnit(1, True, Fraction(1)) if late is None else read_unit(late),
    )
    node.close()
    return rule
