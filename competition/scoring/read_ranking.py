"""Reading what ranks: tie chains and prizes."""

from fractions import Fraction
from itertools import pairwise

from competition.scoring import exact
from competition.scoring.model import AwardRule, RankingRule, Tier, TieStep
from competition.scoring.reader import Node
from competition.scoring.rounding import MODES
from competition.scoring.wording import N_


def read_ranking(node: Node | None) -> RankingRule:
    """The ``ranking`` object of an event, total or team; absent: no chain, shared ranks."""
    if node is None:
        return RankingRule()
    steps = []
    for item in node.children("ties"):
        figure = item.text("figure", required=True)
        steps.append(TieStep(figure, item.choice("order", ("desc", "asc")) == "desc"))
        item.close()
    rule = RankingRule(
        ties=tuple(steps),
        shared=node.choice("shared", ("competition", "dense", "forbidden"), "competition"),
    )
    node.close()
    return rule


def check_ties(node: Node, rule: RankingRule, known: set[str]) -> None:
    """Every figure of the chain must exist in this ranking, and be asked only once."""
    seen: set[str] = set()
    for index, step in enumerate(rule.ties):
        place = f"ranking/ties/{index}/figure"
        if not node.clean(place):
            continue
        if step.figure not in known:
            node.fault(place, N_("没有名为“%(name)s”的数值，可用的有：%(options)s。"), name=step.figure, options=tuple(sorted(known)))
        elif step.figure in seen:
            node.fault(place, N_("“%(name)s”在同分处理中写了两次。"), name=step.figure)
        seen.add(step.figure)


def read_awards(scope: Node) -> tuple[AwardRule, ...]:
    """The ``awards`` list of an event, total or team."""
    return tuple(_award(node) for node in scope.children("awards"))


def _award(node: Node) -> AwardRule:
    by = node.choice("by", ("ranks", "percent", "half"))
    rule = AwardRule(
        by=by,
        tiers=tuple(_tier(item, by) for item in node.children("tiers", least=1)),
        mode=node.choice("rounding", MODES, "half_up") if by == "percent" else "floor",
        cumulative=by == "percent" and node.choice("count", ("each", "cumulative"), "each") == "cumulative",
        at_least=(node.whole("at_least", required=False, high=1000) or 0) if by == "percent" else 0,
        border=node.choice("border", ("follow_rank", "quota"), "follow_rank"),
        after=(node.whole("after", required=False, high=10000) or 0) if by == "half" else 0,
    )
    if node.clean("tiers"):
        _check_tiers(node, rule)
    node.close()
    return rule


def _tier(node: Node, by: str) -> Tier:
    tier = Tier(
        key=node.key(),
        name=node.words(),
        kind=node.choice("kind", ("prize", "title"), "prize"),
        first=(node.whole("from", low=1) or 1) if by == "ranks" else 1,
        last=node.whole("to", required=False, low=1) if by == "ranks" else None,
        percent=(node.decimal("percent", above=0, high=100) or Fraction(1)) if by == "percent" else None,
        minimum=node.decimal("minimum", required=False),
    )
    if tier.last is not None and node.clean() and tier.last < tier.first:
        node.fault("to", N_("末位名次不能小于首位名次。"))
    node.close()
    return tier


def _check_tiers(node: Node, rule: AwardRule) -> None:
    if rule.by == "half" and len(rule.tiers) != 1:
        node.fault("tiers", N_("“前一半”规则只能有一个奖项。"))
    percent = exact.add(tier.percent or exact.ZERO for tier in rule.tiers)
    if percent > 100:
        node.fault("tiers", N_("各奖项比例合计 %(sum)s%%，超过 100%%。"), sum=exact.text(percent))
    if rule.by == "ranks":
        for index, (one, two) in enumerate(pairwise(rule.tiers), start=1):
            if one.last is None:
                node.fault(f"tiers/{index - 1}/to", N_("只有最后一个奖项可以不写末位名次。"))
            elif two.first <= one.last:
                node.fault(f"tiers/{index}/from", N_("名次范围与前一个奖项重叠。"))
