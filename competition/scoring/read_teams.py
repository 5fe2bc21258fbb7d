"""Reading team rules and checking what they refer to."""

import re
from collections.abc import Collection, Mapping
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.known import Known, check_known, figures_below
from competition.scoring.model import PlacePoints, TeamRule, decimal
from competition.scoring.read_awards import check_ranges, read_awards
from competition.scoring.read_parts import check_repeated, read_parts
from competition.scoring.read_ranking import read_ranking
from competition.scoring.read_rounding import read_rounding
from competition.scoring.reader import Node
from competition.scoring.wording import N_

_HUNDRED = Fraction(100)
_PLACE = re.compile(r"place_[1-9][0-9]{0,2}", re.ASCII)
_COMBINING = ("sum", "mean")


def read_team(node: Node) -> TeamRule:
    """One team rule; faults are collected on the node."""
    method = node.choice("method", (*_COMBINING, "places", "prizes"), "sum")
    by_parts = method in _COMBINING and node.has("parts")
    of = "" if by_parts else node.key("of")
    rule = TeamRule(
        key=node.key(),
        name=node.words(),
        of=of,
        ranking=read_ranking(node.child("ranking")),
        awards=read_awards(node),
        size=node.whole("size", required=False, low=1, high=1000),
        method=method,
        parts=read_parts(node, weighted=True) if by_parts else (),
        full=decimal((node.decimal("full", required=False, above=0) if by_parts else None) or _HUNDRED),
        by=node.key("by") if node.has("by") else of,
        best=node.whole("best", required=False, low=1, high=1000),
        missing=node.choice("missing", ("zero", "out"), "zero"),
        places=_places(node) if method == "places" else (),
        prizes=_prizes(node) if method == "prizes" else {},
        otherwise=(node.decimal("otherwise", required=False) if method == "prizes" else None) or exact.ZERO,
        rounding=read_rounding(node.child("rounding")),
        source=node.source,
    )
    node.raw("by", required=False)
    _check_own(node, rule)
    node.close()
    return rule


def _places(node: Node) -> tuple[PlacePoints, ...]:
    found = []
    for item in node.children("places", least=1):
        first, last = item.whole("from", low=1) or 1, item.whole("to", required=False, low=1)
        found.append(PlacePoints(first, last, item.decimal("points") or exact.ZERO))
        if last is not None and item.clean() and last < first:
            item.fault("to", N_("末位名次不能小于首位名次。"))
        item.close()
    if node.clean("places"):
        check_ranges(node, "places", [(item.first, item.last) for item in found])
    return tuple(found)


def _prizes(node: Node) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for item in node.children("prizes", least=1):
        key = item.key("tier")
        if key and key in found:
            item.fault("tier", N_("“%(key)s”写了两次。"), key=key)
        found[key] = item.decimal("points") or exact.ZERO
        item.close()
    return found


def _check_own(node: Node, rule: TeamRule) -> None:
    if rule.best is not None and rule.size is not None and rule.best > rule.size:
        node.fault("best", N_("只取 %(best)s 名队员，超过了队员人数 %(size)s。"), best=rule.best, size=rule.size)
    if rule.best is not None and rule.parts and not node.has("by"):
        node.fault("by", N_("分项合成又只取最好的队员时，要写明按哪个排名取（by）。"))
    if rule.parts and node.has("of"):
        node.fault("of", N_("“of”和“parts”只能写一个。"))


def check_team(node: Node, team: TeamRule, known: Mapping[str, Known], everything: Collection[str]) -> set[str] | None:
    """Check references; the named figures of the rule, or None where what it refers to is faulty itself.

    ``everything`` also holds totals that cannot be computed, because they are in a circle.
    """
    places = [f"parts/{index}/of" for index in range(len(team.parts))] or ["of"]
    for place, key in zip(places, team.combined, strict=True):
        check_known(node, place, key, everything)
        if key in known and team.method in _COMBINING:
            _check_full(node, place, known[key], weighted=bool(team.parts))
    check_repeated(node, places, team.combined)
    if team.by and team.by != team.of:
        check_known(node, "by", team.by, everything)
    if not all(key in known for key in team.below):
        return None
    for index, tier in enumerate(team.prizes):
        if team.prizes and node.clean(f"prizes/{index}") and tier not in known[team.of].tiers:
            node.fault(f"prizes/{index}/tier", N_("“%(of)s”中没有标识为“%(key)s”的奖项。"), of=team.of, key=tier)
    return _figures(node, team, known)


def _check_full(node: Node, place: str, below: Known, *, weighted: bool) -> None:
    if below.timed:
        node.fault(place, N_("以时间为成绩的项目不能合计成团体成绩。"))
    elif weighted and below.full is None:
        node.fault(place, N_("标准分没有满分，不能按权重合成。"))


def _figures(node: Node, team: TeamRule, known: Mapping[str, Known]) -> set[str]:
    """The named figures, among them those of places that the rule asks for."""
    names = figures_below(team.parts, known, times=True) if team.parts else set(known[team.of].figures)
    names |= set() if team.method in _COMBINING else {team.of}
    if not team.by:
        return names
    for index, step in enumerate(team.ranking.ties):
        if step.figure == "places" and step.descending:
            node.fault(f"ranking/ties/{index}/order", N_("名次（places）只能从小到大比较（asc）。"))
    asked = [step.figure for step in team.ranking.ties]
    asked += [need.figure for rule in team.awards for tier in rule.tiers for need in tier.needs]
    return names | {"places"} | {name for name in asked if _PLACE.fullmatch(name)}
