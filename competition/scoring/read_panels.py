"""Reading how several judges become one figure, and when they lie too far apart."""

from competition.scoring import exact
from competition.scoring.model import Distance, PanelRule, SpreadRule
from competition.scoring.reader import Node
from competition.scoring.wording import N_

_METHODS = ("mean", "trimmed_mean", "median", "sum")


def read_panel(node: Node, default_by: str = "sheet") -> PanelRule:
    """How several judges become one figure."""
    method = node.choice("method", _METHODS)
    trimmed = method == "trimmed_mean"
    low = node.whole("drop_low", required=trimmed, high=20) or 0
    high = node.whole("drop_high", required=trimmed, high=20) or 0
    trim_from = node.whole("from", required=trimmed, low=1, high=100) or 1
    rule = PanelRule(
        by=node.choice("by", ("sheet", "group", "criterion"), default_by),
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
    then, ask = node.choice("then", ("flag", "block"), "flag"), node.choice("ask", ("far", "panel", "nobody"), "far")
    rule = SpreadRule(of, limit, beyond, then, ask=ask)
    node.close()
    return rule


def _distance(node: Node) -> Distance:
    given = [unit for unit in ("absolute", "percent", "levels") if node.raw(unit, required=False) is not None]
    if len(given) != 1:
        node.fault("", N_("须写 absolute、percent、levels 三者之一，且只写一个。"))
    found = [Distance(unit, node.decimal(unit, high=100 if unit == "percent" else None) or exact.ZERO) for unit in given]
    return found[0] if found else Distance("absolute", exact.ZERO)
