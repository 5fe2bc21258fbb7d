"""Reading prizes and titles."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from competition.scoring import exact
from competition.scoring.reader import NO_FIGURE, Node
from competition.scoring.rounding import MODES
from competition.scoring.standing_rules import AwardRule, Need, Tier
from competition.scoring.wording import N_

_BY = ("ranks", "percent", "half", "lines", "medals", "best_of")
_BORDERED = ("ranks", "percent", "half")
_MEDALS = 3  # gold, silver, bronze; behind them the medallion
_MOST = 100_000


def read_awards(scope: Node) -> tuple[AwardRule, ...]:
    """The ``awards`` list of an event, total or team."""
    return tuple(_award(node) for node in scope.children("awards"))


def _award(node: Node) -> AwardRule:
    by = node.choice("by", _BY)
    within = node.decimal("within", required=False) if by == "medals" else None
    rule = AwardRule(
        by=by,
        tiers=tuple(_tier(item, by, place) for place, item in enumerate(node.children("tiers", least=1))),
        mode=node.choice("rounding", MODES, "half_up") if by == "percent" else "floor",
        cumulative=by == "percent" and node.choice("count", ("each", "cumulative"), "each") == "cumulative",
        at_least=(node.whole("at_least", required=False, high=1000) or 0) if by == "percent" else 0,
        border=node.choice("border", ("follow_rank", "quota"), "follow_rank") if by in _BORDERED else "follow_rank",
        after=(node.whole("after", required=False, high=10000) or 0) if by == "half" else 0,
        within=Fraction(2) if within is None else within,
        of=node.choice("of", ("team", "delegation")) if by == "best_of" else "",
    )
    if node.clean("tiers"):
        _check_tiers(node, rule)
    node.close()
    return rule


def _tier(node: Node, by: str, place: int) -> Tier:
    tier = Tier(
        key=node.key(),
        name=node.words(),
        kind=node.choice("kind", ("prize", "title"), "prize"),
        first=(node.whole("from", low=1) or 1) if by == "ranks" else 1,
        last=node.whole("to", required=False, low=1) if by == "ranks" else None,
        percent=(node.decimal("percent", above=0, high=100) or Fraction(1)) if by == "percent" else None,
        minimum=node.decimal("minimum", required=False),
        needs=tuple(_need(item) for item in node.children("needs")),
        field_from=node.whole("field_from", required=False, low=1, high=_MOST) or 0,
        start=node.decimal("from") if by == "medals" and place == _MEDALS else None,
    )
    if tier.last is not None and node.clean() and tier.last < tier.first:
        node.fault("to", N_("末位名次不能小于首位名次。"))
    node.close()
    return tier


def _need(node: Node) -> Need:
    need = Need(node.text("figure", required=True), node.decimal("least", required=False), node.decimal("most", required=False))
    if node.clean() and need.least is None and need.most is None:
        node.fault("", N_("要写明至少（least）或至多（most）多少。"))
    if need.least is not None and need.most is not None and need.most < need.least:
        node.fault("most", N_("上限不能小于下限。"))
    node.close()
    return need


def _check_tiers(node: Node, rule: AwardRule) -> None:
    check = {"ranks": _check_ranks, "percent": _check_percent, "lines": _check_lines, "medals": _check_medals}.get(rule.by, _check_single)
    check(node, rule)


def _check_ranks(node: Node, rule: AwardRule) -> None:
    check_ranges(node, "tiers", [(tier.first, tier.last) for tier in rule.tiers])


def check_ranges(node: Node, name: str, ranges: Sequence[tuple[int, int | None]]) -> None:
    """Ranges of ranks in the list ``name`` must follow one another; only the last may be open."""
    for index, (one, two) in enumerate(pairwise(ranges), start=1):
        if one[1] is None:
            node.fault(f"{name}/{index - 1}/to", N_("只有最后一项可以不写末位名次。"))
        elif two[0] <= one[1]:
            node.fault(f"{name}/{index}/from", N_("名次范围与前一项重叠。"))


def _check_percent(node: Node, rule: AwardRule) -> None:
    percent = exact.add(tier.percent or exact.ZERO for tier in rule.tiers)
    if percent > 100:
        node.fault("tiers", N_("各奖项比例合计 %(sum)s%%，超过 100%%。"), sum=exact.text(percent))


def _check_single(node: Node, rule: AwardRule) -> None:
    if len(rule.tiers) != 1:
        node.fault("tiers", N_("这种规则只能有一个奖项。"))


def _check_lines(node: Node, rule: AwardRule) -> None:
    lowest: Fraction | None = None
    for index, tier in enumerate(rule.tiers):
        if tier.minimum is None and not tier.needs:
            node.fault(f"tiers/{index}", N_("按分数线评定的等级要写明最低分（minimum）或条件（needs）。"))
        if tier.minimum is not None and lowest is not None and tier.minimum >= lowest:
            node.fault(f"tiers/{index}/minimum", N_("分数线要从高到低排列。"))
        lowest = tier.minimum if tier.minimum is not None else lowest


def _check_medals(node: Node, rule: AwardRule) -> None:
    if not _MEDALS <= len(rule.tiers) <= _MEDALS + 1:
        node.fault("tiers", N_("奖牌要依次写金、银、铜三个奖项，可以再加一个达标奖。"))


def check_awards(node: Node, rules: Sequence[AwardRule], known: set[str], *, timed: bool = False, teams: bool = False) -> None:
    """Lines must be about figures of this ranking, and rules must suit its kind."""
    for index, rule in enumerate(rules):
        place = f"awards/{index}"
        if rule.by == "medals" and timed:
            node.fault(f"{place}/by", N_("以时间为成绩的项目不能按分差评奖牌。"))
        if rule.of == "team" and teams:
            node.fault(f"{place}/of", N_("团体排名中只能按代表团（delegation）评最佳。"))
        for number, tier in enumerate(rule.tiers):
            for item, need in enumerate(tier.needs):
                _check_figure(node, f"{place}/tiers/{number}/needs/{item}/figure", need.figure, known)


def _check_figure(node: Node, place: str, figure: str, known: set[str]) -> None:
    if node.clean(place) and figure not in known:
        node.fault(place, NO_FIGURE, name=figure, options=tuple(sorted(known)))
