"""Reading totals, and checking how the parts of a rulebook refer to each other."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.known import Known, check_known, figures_below, known_event
from competition.scoring.model import Event, Part, ScaleRule, TeamRule, Total, decimal
from competition.scoring.read_awards import check_awards, read_awards
from competition.scoring.read_parts import check_repeated, read_parts
from competition.scoring.read_ranking import check_ties, read_ranking
from competition.scoring.read_rounding import read_rounding
from competition.scoring.read_teams import check_team
from competition.scoring.reader import Node, repeated
from competition.scoring.rounding import Rounding
from competition.scoring.wording import N_

_HUNDRED = Fraction(100)
_RESERVED = ("score", "time", "places")
_MIDDLE, _PER, _FACTOR = Fraction(700), Fraction(50), Fraction(14826, 10000)


def read_total(node: Node) -> Total:
    """One total; faults are collected on the node."""
    method = node.choice("method", ("weighted", "sum", "best", "scale"), "weighted")
    scale = _scale(node) if method == "scale" else None
    full = None if scale else node.decimal("full", required=method != "best", above=0)
    own = read_rounding(node.child("rounding"))
    result = Total(
        key=node.key(),
        name=node.words(),
        full=None if full is None and (scale or method == "best") else decimal(full or _HUNDRED),
        parts=(Part(node.key("of"), None),) if scale else read_parts(node, weighted=method == "weighted"),
        ranking=read_ranking(node.child("ranking")),
        awards=read_awards(node),
        method=method,
        scale=scale,
        rounding=own or (Rounding(0) if scale else None),
        source=node.source,
    )
    node.close()
    return result


def _scale(node: Node) -> ScaleRule:
    middle, per = node.decimal("middle", required=False), node.decimal("per", required=False, above=0)
    spread = node.choice("spread", ("deviation", "mad"), "deviation")
    factor = node.decimal("factor", required=False, above=0) if spread == "mad" else None
    rule = ScaleRule(
        middle=_MIDDLE if middle is None else middle,
        per=per or _PER,
        spread=spread,
        factor=factor or _FACTOR,
        low=node.decimal("low", required=False),
        high=node.decimal("high", required=False),
    )
    if rule.low is not None and rule.low > rule.middle:
        node.fault("low", N_("下限不能高于中位数对应的分数。"))
    if rule.high is not None and rule.high < rule.middle:
        node.fault("high", N_("上限不能低于中位数对应的分数。"))
    return rule


def check_scopes(
    node: Node,
    nodes: tuple[Sequence[Node], Sequence[Node], Sequence[Node]],
    events: tuple[Event, ...],
    totals: tuple[Total, ...],
    teams: tuple[TeamRule, ...],
) -> tuple[Total, ...]:
    """Check keys, references, tie chains and prizes; the totals in the order of computation."""
    event_nodes, total_nodes, team_nodes = nodes
    _check_keys(node, events, totals, teams)
    _check_award_names(node, (("events", events), ("totals", totals), ("teams", teams)))
    known: dict[str, Known] = {}
    for place, event in zip(event_nodes, events, strict=True):
        known[event.key] = known_event(event)
        _check_standing(place, event, known[event.key].figures, timed=event.result == "time")
    everything = {*known, *(item.key for item in totals)}
    for place, total in zip(total_nodes, totals, strict=True):
        for where, part in zip(_places(total), total.parts, strict=True):
            check_known(place, where, part.of, everything)
        check_repeated(place, _places(total), [part.of for part in total.parts])
    ordered = _ordered(totals, set(known))
    if len(ordered) < len(totals) and all(place.clean(key) for place in total_nodes for key in ("parts", "of")):
        circle = tuple(item.key for item in totals if item not in ordered)
        node.fault("totals", N_("总成绩互相引用成了循环：%(names)s。"), names=circle)
    place_of = {total.key: place for place, total in zip(total_nodes, totals, strict=True)}
    for total in ordered:
        _check_full(place_of[total.key], total, known)
        figures = figures_below(total.parts, known, times=total.method != "best")
        known[total.key] = Known(figures, None if total.full is None else Fraction(total.full), awards=total.awards)
        _check_standing(place_of[total.key], total, figures)
    for place, team in zip(team_nodes, teams, strict=True):
        named = check_team(place, team, known, everything)
        if named is not None:
            _check_standing(place, team, named, teams=True)
    return tuple(ordered)


def _check_standing(node: Node, scope: Event | Total | TeamRule, known: set[str], *, timed: bool = False, teams: bool = False) -> None:
    check_ties(node, scope.ranking, known)
    check_awards(node, scope.awards, known, timed=timed, teams=teams)


def _check_keys(node: Node, events: tuple[Event, ...], totals: tuple[Total, ...], teams: tuple[TeamRule, ...]) -> None:
    taken = list(_RESERVED)
    for name, keys in (
        ("events", [item.key for item in events]),
        ("totals", [item.key for item in totals]),
        ("teams", [item.key for item in teams]),
    ):
        repeated(node, name, keys, taken)
        taken += keys


def _check_award_names(node: Node, groups: tuple[tuple[str, Sequence[Event | Total | TeamRule]], ...]) -> None:
    """One award key has one name in the whole rulebook."""
    names: dict[str, str] = {}
    for name, scopes in groups:
        for index, scope in enumerate(scopes):
            tiers = [tier for rule in scope.awards for tier in rule.tiers]
            if any(names.setdefault(tier.key, tier.name.zh) != tier.name.zh for tier in tiers):
                node.fault(f"{name}/{index}/awards", N_("同一个奖项标识在规则中用了两个不同的名称。"))


def _places(total: Total) -> list[str]:
    return ["of"] if total.method == "scale" else [f"parts/{index}/of" for index in range(len(total.parts))]


def _ordered(totals: tuple[Total, ...], ready: set[str]) -> list[Total]:
    """Totals after all that they refer to; those in a circle, or behind one, are left out."""
    done: list[Total] = []
    waiting = list(totals)
    while True:
        turn = [item for item in waiting if all(part.of in ready for part in item.parts)]
        if not turn:
            return done
        done += turn
        ready = ready | {item.key for item in turn}
        waiting = [item for item in waiting if item not in turn]


def _check_full(node: Node, total: Total, known: Mapping[str, Known]) -> None:
    below = [known[part.of] for part in total.parts]
    scales = total.method == "best" and all(item.full is None and not item.timed for item in below)
    for where, item in zip(_places(total), below, strict=True):
        if item.timed:
            node.fault(where, N_("以时间为成绩的项目不能计入总分。"))
        elif item.full is None and total.method != "scale" and not scales:
            node.fault(where, N_("标准分没有满分，不能和其他成绩一起计入总分。"))
    fulls = [item.full for item in below if item.full is not None]
    if not node.clean("full") or (len(fulls) < len(below) and not scales):
        return
    whole = exact.add(fulls)
    if total.method == "best":
        _check_best(node, total, fulls)
    elif total.method == "sum" and whole != _full(total):
        node.fault("full", N_("满分写的是 %(full)s，各部分满分合计却是 %(sum)s。"), full=exact.text(_full(total)), sum=exact.text(whole))


def _check_best(node: Node, total: Total, fulls: Sequence[Fraction]) -> None:
    if not fulls and total.full is not None:
        node.fault("full", N_("标准分没有满分。"))
    elif fulls and total.full is None:
        node.fault("full", N_("缺少“%(key)s”。"), key="full")
    elif any(full != _full(total) for full in fulls):
        node.fault("full", N_("取最好成绩的各部分，满分都要是 %(full)s。"), full=exact.text(_full(total)))


def _full(total: Total) -> Fraction:
    return Fraction(total.full or 0)
