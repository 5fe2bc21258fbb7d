"""Reading events: full marks, criteria, time rule, deductions."""

from dataclasses import replace
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.criteria import Points
from competition.scoring.each import ONE_BY_ONE
from competition.scoring.model import Deduction, Event, PanelRule, SpreadRule, decimal
from competition.scoring.read_awards import read_awards
from competition.scoring.read_criteria import LEVELLED, Items, common_full, read_items, with_spread
from competition.scoring.read_kinds import read_each
from competition.scoring.read_panels import read_panel, read_spread
from competition.scoring.read_papers import read_paper
from competition.scoring.read_ranking import read_ranking
from competition.scoring.read_rounding import read_rounding
from competition.scoring.read_times import read_time
from competition.scoring.reader import OUTCOMES, Node, claim, repeated
from competition.scoring.wording import N_

# Names of figures that an event has by itself; no criterion or deduction may be called so.
OWN_FIGURES = ("score", "judges", "time", "time_points", "deducted", "theory", "time_s", "time_back_s")
_HUNDRED = Fraction(100)


def read_event(node: Node) -> Event:
    """One event; faults are collected on the node."""
    theory = node.choice("kind", ("theory", "practical")) == "theory"
    event = _theory(node) if theory else _practical(node)
    node.close()
    return event


def _theory(node: Node) -> Event:
    full = node.decimal("full", above=0) or _HUNDRED
    step = node.decimal("step", required=False, above=0) or Fraction(1, 100)
    if node.clean("full") and node.clean("step") and full % step != 0:
        node.fault("step", N_("步长 %(step)s 除不尽满分 %(full)s。"), step=exact.text(step), full=exact.text(full))
    paper = read_paper(node.child("paper"), full, OWN_FIGURES)
    return Event(
        key=node.key(),
        name=node.words(),
        kind="theory",
        full=decimal(full),
        ranking=read_ranking(node.child("ranking")),
        awards=read_awards(node),
        rounding=read_rounding(node.child("rounding")),
        imported=Points(full, step),
        paper=paper,
        source=node.source,
    )


def _practical(node: Node) -> Event:
    timed = node.choice("result", ("points", "time"), "points") == "time"
    items = read_items(node.children("criteria", least=0 if timed else 1))
    panel, spread = _panel(node, items), node.child("spread")
    rule = None if spread is None else _spread(spread, items, panel)
    if rule is not None and rule.of != "sheet":
        items, rule = with_spread(items, rule), None
    _check_group_spreads(items, panel)
    time_node = node.child("time", required=timed)
    event = Event(
        key=node.key(),
        name=node.words(),
        kind="practical",
        full=decimal(node.decimal("full", required=not timed, above=0) or _HUNDRED),
        ranking=read_ranking(node.child("ranking")),
        awards=read_awards(node),
        rounding=read_rounding(node.child("rounding")),
        criteria=items.criteria,
        groups=items.groups,
        panel=panel,
        spread=rule,
        time=None if time_node is None else read_time(time_node, timed=timed),
        deductions=tuple(_deduction(item) for item in node.children("deductions")),
        result="time" if timed else "points",
        ceiling=node.decimal("ceiling", required=False, above=0),
        source=node.source,
    )
    _check_keys(node, event, items)
    if timed:
        _check_timed(node, event)
    else:
        _check_full(node, event, items.full)
    return event


def _panel(node: Node, items: Items) -> PanelRule:
    panel = node.child("panel", required=any(item.panel is None for item in items.criteria))
    return PanelRule() if panel is None else read_panel(panel)


def _spread(node: Node, items: Items, panel: PanelRule) -> SpreadRule:
    """When judges lie too far apart, for the whole event."""
    of = node.choice("of", ("sheet", "group", "criterion"), "sheet")
    rule = read_spread(node, of)
    if of == "sheet":
        if panel.by != "sheet":
            node.fault("of", N_("裁判不按整张评分表合成时，分歧规则要按评分项（criterion）或按组（group）。"))
        return replace(rule, full=common_full(items))
    marked = [item for item in items.criteria if item.kind != "veto"]
    if rule.limit.unit == "levels" and of == "criterion" and any(item.kind not in LEVELLED for item in marked):
        node.fault("levels", N_("等级差只能用于按等级评判的评分项（judgement 或 grades）。"))
    return rule


def _check_group_spreads(items: Items, panel: PanelRule) -> None:
    """Where criteria are combined one by one nobody marks a group as a whole."""
    whole = {group.key for group in items.groups if group.panel is not None}
    place_of = {key: place for place, key in items.places}
    for group in items.groups if panel.by == "criterion" else ():
        if group.spread is not None and whole.isdisjoint((group.key, *group.groups)):
            place_of[group.key].fault("spread", N_("分歧规则只能写在整组合成的组，或整张评分表中的组上。"))


def _deduction(node: Node) -> Deduction:
    by_count = node.choice("input", ("count", "points"), "count") == "count"
    then = node.child("outcome")
    outcome_from = outcome = None
    if then is not None:
        outcome_from = then.decimal("from", above=0)
        outcome = then.choice("code", OUTCOMES)
        then.close()
    item = Deduction(
        key=node.key(),
        name=node.words(),
        input="count" if by_count else "points",
        per=node.decimal("per", required=by_count) or exact.ZERO if by_count else Fraction(1),
        cap=node.decimal("cap", required=False),
        step=Fraction(1) if by_count else node.decimal("step", required=False, above=0) or Fraction(1, 10),
        least=exact.ZERO if by_count else node.decimal("least", required=False) or exact.ZERO,
        outcome_from=outcome_from,
        outcome=outcome,
        each=read_each(node) if by_count else ONE_BY_ONE,
    )
    if item.cap is not None and item.least > item.cap:
        node.fault("least", N_("最少扣的分不能超过扣分上限。"))
    node.close()
    return item


def _check_keys(node: Node, event: Event, items: Items) -> None:
    taken = set(OWN_FIGURES)
    for place, key in items.places:
        claim(place, "key", key, taken)
    repeated(node, "deductions", [item.key for item in event.deductions], taken)


def _check_full(node: Node, event: Event, full: Fraction) -> None:
    """``full``: what the criteria add up to."""
    placing = None if event.time is None else event.time.placing
    total = full if placing is None else full + placing.in_time
    ready = all(node.clean(key) for key in ("criteria", "full", "time")) and event.criteria
    if ready and total != Fraction(event.full):
        node.fault("full", N_("满分写的是 %(full)s，各评分项满分合计却是 %(sum)s。"), full=exact.text(event.full), sum=exact.text(total))
    if event.ceiling is not None and event.ceiling < Fraction(event.full):
        node.fault("ceiling", N_("成绩上限不能低于满分。"))


def _check_timed(node: Node, event: Event) -> None:
    if event.criteria:
        node.fault("criteria", N_("以时间为成绩的项目没有评分项，违规以加秒（deductions）计。"))
    if node.has("full"):
        node.fault("full", N_("以时间为成绩的项目没有满分。"))
    if event.ceiling is not None:
        node.fault("ceiling", N_("以时间为成绩的项目没有成绩上限。"))
