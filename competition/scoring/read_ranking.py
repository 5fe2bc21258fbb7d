"""Reading what ranks: tie chains."""

from competition.scoring.model import RankingRule, TieStep
from competition.scoring.reader import NO_FIGURE, Node
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
            node.fault(place, NO_FIGURE, name=step.figure, options=tuple(sorted(known)))
        elif step.figure in seen:
            node.fault(place, N_("“%(name)s”在同分处理中写了两次。"), name=step.figure)
        seen.add(step.figure)
