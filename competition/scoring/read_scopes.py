"""Reading totals and teams, and checking how the parts of a rulebook refer to each other."""

from collections.abc import Sequence
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.model import Event, Part, TeamRule, Total, decimal
from competition.scoring.read_ranking import check_ties, read_awards, read_ranking
from competition.scoring.reader import Node, repeated
from competition.scoring.wording import N_

_HUNDRED = Fraction(100)
_RESERVED = ("score", "time")


def read_total(node: Node) -> Total:
    method = node.choice("method", ("weighted", "sum"), "weighted")
    parts = []
    for item in node.children("parts", least=1):
        weight = item.decimal("weight", above=0, high=100) if method == "weighted" else None
        parts.append(Part(item.key("of"), weight))
        item.close()
    total = exact.add(part.weight or exact.ZERO for part in parts)
    if method == "weighted" and node.clean("parts") and total != _HUNDRED:
        node.fault("parts", N_("权重合计应为 100，现在是 %(sum)s。"), sum=exact.text(total))
    result = Total(
        key=node.key(),
        name=node.words(),
        full=decimal(node.decimal("full", above=0) or _HUNDRED),
        parts=tuple(parts),
        ranking=read_ranking(node.child("ranking")),
        awards=read_awards(node),
        method=method,
        source=node.source,
    )
    node.close()
    return result


def read_team(node: Node) -> TeamRule:
    node.choice("method", ("sum",), "sum")
    rule = TeamRule(
        key=node.key(),
        name=node.words(),
        of=node.key("of"),
        ranking=read_ranking(node.child("ranking")),
        awards=read_awards(node),
        size=node.whole("size", required=False, low=1, high=1000),
        source=node.source,
    )
    node.close()
    return rule


def figure_names(event: Event) -> set[str]:
    """The named figures of an event, as tie chains may use them."""
    names = {"score"}
    if event.kind == "practical":
        names |= {"deducted", *(item.key for item in event.deductions), *(item.key for item in event.groups)}
        names |= {item.key for item in event.criteria if item.kind != "veto"}
        names |= {"judges"} if event.criteria else set()
        names |= {"time", "time_points"} if event.time is not None else set()
    return names


def check_scopes(
    node: Node,
    nodes: tuple[Sequence[Node], Sequence[Node], Sequence[Node]],
    events: tuple[Event, ...],
    totals: tuple[Total, ...],
    teams: tuple[TeamRule, ...],
) -> tuple[Total, ...]:
    """Check keys, references and tie chains; the totals in the order of computation."""
    event_nodes, total_nodes, team_nodes = nodes
    _check_keys(node, events, totals, teams)
    _check_award_names(node, (("events", events), ("totals", totals), ("teams", teams)))
    known: dict[str, set[str]] = {}
    fulls: dict[str, Fraction | None] = {}
    for place, event in zip(event_nodes, events, strict=True):
        known[event.key] = figure_names(event)
        fulls[event.key] = Fraction(event.full) if event.result == "points" else None
        check_ties(place, event.ranking, known[event.key])
    for place, total in zip(total_nodes, totals, strict=True):
        _check_parts(place, total, {*known, *(item.key for item in totals)})
    ordered = _ordered(totals, set(known))
    if len(ordered) < len(totals) and all(place.clean("parts") for place in total_nodes):
        circle = tuple(item.key for item in totals if item not in ordered)
        node.fault("totals", N_("总成绩互相引用成了循环：%(names)s。"), names=circle)
    place_of = {total.key: place for place, total in zip(total_nodes, totals, strict=True)}
    for total in ordered:
        _check_full(place_of[total.key], total, fulls)
        known[total.key] = _total_figures(total, known)
        fulls[total.key] = Fraction(total.full)
        check_ties(place_of[total.key], total.ranking, known[total.key])
    for place, team in zip(team_nodes, teams, strict=True):
        if team.of in fulls and fulls[team.of] is None:
            place.fault("of", N_("以时间为成绩的项目不能合计成团体成绩。"))
        if team.of in known:
            check_ties(place, team.ranking, known[team.of])
        elif place.clean("of") and team.of not in place_of:
            place.fault("of", N_("没有标识为“%(key)s”的项目或总成绩。"), key=team.of)
    return tuple(ordered)


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


def _check_parts(node: Node, total: Total, known: set[str]) -> None:
    seen: set[str] = set()
    for index, part in enumerate(total.parts):
        place = f"parts/{index}/of"
        if not node.clean(place):
            continue
        if part.of not in known:
            node.fault(place, N_("没有标识为“%(key)s”的项目或总成绩。"), key=part.of)
        elif part.of in seen:
            node.fault(place, N_("“%(key)s”写了两次。"), key=part.of)
        seen.add(part.of)


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


def _check_full(node: Node, total: Total, fulls: dict[str, Fraction | None]) -> None:
    parts = [fulls[part.of] for part in total.parts]
    for index, full in enumerate(parts):
        if full is None:
            node.fault(f"parts/{index}/of", N_("以时间为成绩的项目不能计入总分。"))
    known = [full for full in parts if full is not None]
    whole = exact.add(known)
    comparable = total.method == "sum" and len(known) == len(parts) and node.clean("full")
    if comparable and whole != Fraction(total.full):
        node.fault("full", N_("满分写的是 %(full)s，各部分满分合计却是 %(sum)s。"), full=exact.text(total.full), sum=exact.text(whole))


def _total_figures(total: Total, known: dict[str, set[str]]) -> set[str]:
    names = {"score"}
    for part in total.parts:
        below = known[part.of]
        names |= {part.of, *(f"{part.of}.{name}" for name in below if name != "score")}
        names |= {"time"} & below
    return names
