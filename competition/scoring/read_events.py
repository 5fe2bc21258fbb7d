"""Reading events: full marks, criteria, time rule, deductions."""

from dataclasses import replace
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.criteria import Points
from competition.scoring.model import Criterion, Deduction, Event, PanelRule, SpreadRule, decimal
from competition.scoring.read_criteria import read_criterion, read_panel, read_spread
from competition.scoring.read_ranking import read_awards, read_ranking
from competition.scoring.read_times import read_time
from competition.scoring.reader import Node, repeated
from competition.scoring.wording import N_

# Names of figures that an event has by itself; no criterion or deduction may be called so.
OWN_FIGURES = ("score", "judges", "time", "time_points", "deducted", "theory", "time_s", "time_back_s")
OUTCOMES = ("ABSENT", "WITHDRAWN", "DISQUALIFIED", "RESULT_CANCELLED", "ZERO")
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
    return Event(
        key=node.key(),
        name=node.words(),
        kind="theory",
        full=decimal(full),
        ranking=read_ranking(node.child("ranking")),
        awards=read_awards(node),
        imported=Points(full, step),
        source=node.source,
    )


def _practical(node: Node) -> Event:
    timed = node.choice("result", ("points", "time"), "points") == "time"
    criteria = [read_criterion(item) for item in node.children("criteria", least=0 if timed else 1)]
    time_node = node.child("time", required=timed)
    event = Event(
        key=node.key(),
        name=node.words(),
        kind="practical",
        full=decimal(node.decimal("full", required=not timed, above=0) or _HUNDRED),
        ranking=read_ranking(node.child("ranking")),
        awards=read_awards(node),
        criteria=tuple(criteria),
        panel=_panel(node, criteria),
        time=None if time_node is None else read_time(time_node, timed=timed),
        deductions=tuple(_deduction(item) for item in node.children("deductions")),
        result="time" if timed else "points",
        ceiling=node.decimal("ceiling", required=False, above=0),
        source=node.source,
    )
    _check_keys(node, event)
    if timed:
        _check_timed(node, event)
    else:
        _check_full(node, event)
    return _with_spread(node, event)


def _panel(node: Node, criteria: list[Criterion]) -> PanelRule:
    panel = node.child("panel", required=any(item.panel is None for item in criteria))
    return PanelRule() if panel is None else read_panel(panel)


def _with_spread(node: Node, event: Event) -> Event:
    """The event with its spread rule, handed down to each criterion if it is about criteria."""
    child = node.child("spread")
    if child is None:
        return event
    of = child.choice("of", ("sheet", "criterion"), "sheet")
    rule: SpreadRule = read_spread(child, of)
    if of == "sheet":
        if event.panel.by != "sheet":
            child.fault("of", N_("裁判按评分项合成时，分歧规则也要按评分项（criterion）。"))
        full = exact.add(item.worth for item in event.sheet_criteria if not item.bonus)
        return replace(event, spread=replace(rule, full=full))
    if rule.limit.unit == "levels" and any(item.kind != "judgement" for item in event.criteria):
        child.fault("levels", N_("等级差只能用于等级评判（judgement）的评分项。"))
    return replace(
        event,
        criteria=tuple(
            item if item.spread is not None else replace(item, spread=replace(rule, full=item.marking.best)) for item in event.criteria
        ),
    )


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
    )
    if item.cap is not None and item.least > item.cap:
        node.fault("least", N_("最少扣的分不能超过扣分上限。"))
    node.close()
    return item


def _check_keys(node: Node, event: Event) -> None:
    repeated(node, "criteria", [item.key for item in event.criteria], OWN_FIGURES)
    taken = (*OWN_FIGURES, *(item.key for item in event.criteria))
    repeated(node, "deductions", [item.key for item in event.deductions], taken)


def _check_full(node: Node, event: Event) -> None:
    parts = [item.worth for item in event.criteria if not item.bonus]
    if event.time is not None and event.time.placing is not None:
        parts.append(event.time.placing.in_time)
    total = exact.add(parts)
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
