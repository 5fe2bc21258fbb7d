"""Reading the criteria of an event, its panel rule and its spread rule."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from competition.scoring import exact
from competition.scoring.criteria import Bands, Counts, Deduct, Judgement, Marking, Measured, PassFail, Points
from competition.scoring.model import Criterion, Distance, PanelRule, SpreadRule, Words
from competition.scoring.reader import Node, read_words
from competition.scoring.wording import N_

_ONE = Fraction(1)
_METHODS = ("mean", "trimmed_mean", "median", "sum")
_FEWEST_LEVELS = 2


def read_criterion(node: Node) -> Criterion:
    """One criterion; faults are collected on the node."""
    kind = node.choice("kind", _KINDS, "points")
    marking = _KINDS[kind](node)
    panel_node = node.child("panel")
    spread_node = node.child("spread")
    criterion = Criterion(
        key=node.key(),
        name=node.words(),
        text=node.words("text", required=False),
        kind=kind,
        marking=marking,
        weight=node.decimal("weight", required=False, above=0) or _ONE,
        bonus=node.flag("bonus"),
        attempts=node.whole("attempts", required=False, low=1, high=20) or 1,
        take=node.choice("take", ("last", "best", "sum"), "last"),
        panel=None if panel_node is None else read_panel(panel_node, default_by="criterion"),
        spread=None if spread_node is None else replace(read_spread(spread_node, "criterion"), full=marking.best),
        levels=_level_texts(node) if kind == "judgement" else (),
        unit=node.text("unit"),
        source=node.source,
    )
    if criterion.panel is not None and criterion.panel.by != "criterion":
        node.fault("panel/by", N_("单个评分项自己的裁判规则只能按评分项合成（criterion）。"))
    node.close()
    return criterion


def read_panel(node: Node, default_by: str = "sheet") -> PanelRule:
    """How several judges become one figure."""
    method = node.choice("method", _METHODS)
    trimmed = method == "trimmed_mean"
    low = node.whole("drop_low", required=trimmed, high=20) or 0
    high = node.whole("drop_high", required=trimmed, high=20) or 0
    trim_from = node.whole("from", required=trimmed, low=1, high=100) or 1
    rule = PanelRule(
        by=node.choice("by", ("sheet", "criterion"), default_by),
        method=method,
        drop_low=low,
        drop_high=high,
        trim_from=trim_from,
        minimum=node.whole("minimum", required=False, low=1, high=100) or 1,
    )
    if trimmed and node.clean():
        if low + high == 0:
            node.fault("drop_low", N_("去掉的最高分和最低分个数不能都是 0。"))
        if trim_from <= low + high:
            message = N_("去掉 %(n)s 个分数后一个也不剩：至少要从 %(least)s 份有效评分起才去分。")
            node.fault("from", message, n=low + high, least=low + high + 1)
    if not trimmed:
        for key in ("drop_low", "drop_high", "from"):
            if node.has(key):
                node.fault(key, N_("只有 trimmed_mean 才能写这一项。"))
    node.close()
    return rule


def read_spread(node: Node, of: str) -> SpreadRule:
    """When judges lie too far apart."""
    limit = _distance(node)
    beyond_node = node.child("beyond")
    beyond = None
    if beyond_node is not None:
        beyond = _distance(beyond_node)
        beyond_node.close()
    if limit.unit == "levels" and of != "criterion":
        node.fault("levels", N_("等级差只能用于单个评分项。"))
    rule = SpreadRule(of, limit, beyond, node.choice("then", ("flag", "block"), "flag"))
    node.close()
    return rule


def _distance(node: Node) -> Distance:
    given = [unit for unit in ("absolute", "percent", "levels") if node.has(unit)]
    if len(given) != 1:
        node.fault("", N_("须写 absolute、percent、levels 三者之一，且只写一个。"))
    found = [Distance(unit, node.decimal(unit, high=100 if unit == "percent" else None) or exact.ZERO) for unit in given]
    return found[0] if found else Distance("absolute", exact.ZERO)


def _best(node: Node) -> Fraction:
    return node.decimal("max", above=0) or _ONE


def _points(node: Node) -> Marking:
    best = _best(node)
    step = node.decimal("step", above=0) or _ONE
    low = node.decimal("min", required=False) or exact.ZERO
    if node.clean():
        if low >= best:
            node.fault("min", N_("最低分必须小于满分。"))
        elif (best - low) % step != 0:
            node.fault("step", N_("步长 %(step)s 除不尽满分 %(full)s（从最低分算起）。"), step=exact.text(step), full=exact.text(best))
    return Points(best, step, low)


def _deduct(node: Node) -> Marking:
    best = _best(node)
    cap = node.decimal("cap", required=False, above=0) or best
    if node.clean() and cap > best:
        node.fault("cap", N_("扣分上限不能超过满分。"))
    return Deduct(
        best=best,
        per=node.decimal("per", above=0) or _ONE,
        input_max=Fraction(node.whole("most", required=False, low=1, high=9999) or 99),
        cap=cap,
        zero_from=node.whole("zero_from", required=False, low=1),
    )


def _counts(node: Node) -> Marking:
    most = Fraction(node.whole("most", required=False, low=1, high=9999) or 9999)
    return Counts(_best(node), node.decimal("per", above=0) or _ONE, most)


def _measured(node: Node) -> Marking:
    tolerance = node.decimal("tolerance") or exact.ZERO
    beyond = node.decimal("zero_beyond", required=False)
    if beyond is not None and node.clean() and beyond < tolerance:
        node.fault("zero_beyond", N_("“一处超过即为零分”的界限不能小于允许偏差。"))
    return Measured(
        best=_best(node),
        places=node.whole("places", low=1, high=100) or 1,
        tolerance=tolerance,
        per_over=node.decimal("per_over") or exact.ZERO,
        zero_from=node.whole("zero_from", required=False, low=1),
        zero_beyond=beyond,
    )


def _bands(node: Node) -> Marking:
    best = _best(node)
    bands = []
    for band in node.children("bands", least=1):
        limit, points = band.decimal("upto"), band.decimal("points")
        bands.append((limit or exact.ZERO, points or exact.ZERO))
        band.close()
    otherwise = node.decimal("otherwise", required=False) or exact.ZERO
    if node.clean():
        if any(later <= earlier for (earlier, _), (later, _) in pairwise(bands)):
            node.fault("bands", N_("各档的上限（upto）必须从小到大。"))
        if max(otherwise, *(points for _, points in bands)) != best:
            node.fault("max", N_("满分必须等于各档中最高的分值。"))
    return Bands(tuple(bands) or ((exact.ZERO, best),), otherwise)


def _judgement(node: Node) -> Marking:
    return Judgement(_best(node), max(len(node.items("levels")), _FEWEST_LEVELS) - 1)


def _level_texts(node: Node) -> tuple[Words, ...]:
    items = node.items("levels", least=_FEWEST_LEVELS)
    return tuple(read_words(value, path, node.faults) for path, value in items)


def _pass_fail(node: Node) -> Marking:
    return PassFail(_best(node))


_KINDS: dict[str, Callable[[Node], Marking]] = {
    "points": _points,
    "deduct": _deduct,
    "measured": _measured,
    "bands": _bands,
    "judgement": _judgement,
    "pass_fail": _pass_fail,
    "counts": _counts,
}
