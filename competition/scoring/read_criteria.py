"""Reading what stands on a sheet: criteria, and groups of them within groups."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

from competition.scoring import exact
from competition.scoring.model import Criterion, Group, SpreadRule
from competition.scoring.read_kinds import KINDS, names_of
from competition.scoring.read_panels import read_panel, read_spread
from competition.scoring.reader import Node
from competition.scoring.texts import NO_WORDS
from competition.scoring.wording import N_

_ONE = Fraction(1)
_MOST_GROUPS = 3  # module › criterion › sub-criterion › aspect
NOT_MARKED = ("weight", "bonus", "attempts", "take", "panel", "spread")  # what a veto has not


@dataclass(frozen=True, slots=True)
class Items:
    """What was read of a list of criteria: the leaves and the groups in it, at every depth, its full marks.

    ``places``: where each key was written.
    """

    criteria: tuple[Criterion, ...] = ()
    groups: tuple[Group, ...] = ()
    full: Fraction = exact.ZERO
    places: tuple[tuple[Node, str], ...] = ()

    @property
    def all(self) -> tuple[Criterion | Group, ...]:
        """Leaves and groups."""
        return (*self.criteria, *self.groups)


def read_items(nodes: Sequence[Node], within: tuple[str, ...] = ()) -> Items:
    """A list of criteria and groups, and all that stands in them; ``within``: the groups around it."""
    criteria: list[Criterion] = []
    groups: list[Group] = []
    places: list[tuple[Node, str]] = []
    full = exact.ZERO
    for node in nodes:
        item: Criterion | Group
        if node.choice("kind", (*KINDS, "group"), "points") == "group":
            item, inner = _group(node, within)
            groups += [item, *inner.groups]
            criteria += inner.criteria
            places += [(node, item.key), *inner.places]
        else:
            item = read_criterion(node, within)
            criteria.append(item)
            places.append((node, item.key))
        full += exact.ZERO if item.bonus else item.worth
    return Items(tuple(criteria), tuple(groups), full, tuple(places))


def _group(node: Node, within: tuple[str, ...]) -> tuple[Group, Items]:
    key = node.key()
    if len(within) == _MOST_GROUPS:
        node.fault("kind", N_("最多分 %(n)s 层：模块、评分项、评分子项、评分点。"), n=_MOST_GROUPS + 1)
    children = node.children("criteria", least=1)
    inner = read_items(children, (*within, key)) if len(within) < _MOST_GROUPS else Items()
    cap = node.decimal("cap", required=False, above=0)
    full = inner.full if cap is None else min(cap, inner.full)
    panel_node, spread_node = node.child("panel"), node.child("spread")
    group = Group(
        key=key,
        name=node.words(),
        text=node.words("text", required=False),
        full=full,
        weight=_weight(node, full),
        cap=cap,
        bonus=node.flag("bonus"),
        panel=None if panel_node is None else read_panel(panel_node, default_by="group"),
        spread=None if spread_node is None else replace(read_spread(spread_node, "group"), full=full),
        source=node.source,
        groups=within,
    )
    if group.panel is not None and group.panel.by != "group":
        node.fault("panel/by", N_("一组评分项自己的裁判规则只能整组合成（group）。"))
    _check_panels(node, group, inner)
    node.close()
    return group, inner


def _weight(node: Node, full: Fraction) -> Fraction:
    """What the group's points are multiplied by; ``worth`` says what its full marks become."""
    weight, worth = node.decimal("weight", required=False, above=0), node.decimal("worth", required=False, above=0)
    if worth is None:
        return weight or _ONE
    if weight is not None:
        node.fault("worth", N_("系数（weight）和折合满分（worth）只能写一个。"))
    if full == 0:
        if node.clean("criteria"):
            node.fault("worth", N_("这一组没有满分，不能折合。"))
        return _ONE
    return worth / full


def _check_panels(node: Node, group: Group, inner: Items) -> None:
    """A sheet of its own stands on no other sheet of its own, and a cap looks at one sheet."""
    if not any(item.panel is not None for item in inner.all):
        return
    if group.panel is not None:
        node.fault("panel", N_("这一组里已有单独合成的评分项，整组不能再有自己的裁判规则。"))
    if group.cap is not None:
        node.fault("cap", N_("这一组里有单独合成的评分项，不能再写整组的得分上限。"))


def read_criterion(node: Node, within: tuple[str, ...] = ()) -> Criterion:
    """One criterion; faults are collected on the node."""
    kind = node.choice("kind", KINDS, "points")
    marking = KINDS[kind](node)
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
        levels=names_of(marking),
        unit=NO_WORDS if node.raw("unit", required=False) == "" else node.words("unit", required=False),
        source=node.source,
        groups=within,
    )
    _check_criterion(node, criterion)
    node.close()
    return criterion


def _check_criterion(node: Node, item: Criterion) -> None:
    if item.panel is not None and item.panel.by != "criterion":
        node.fault("panel/by", N_("单个评分项自己的裁判规则只能按评分项合成（criterion）。"))
    if item.spread is not None and item.spread.limit.unit == "levels" and item.kind not in LEVELLED:
        node.fault("spread/levels", N_("等级差只能用于按等级评判的评分项（judgement 或 grades）。"))
    for key in NOT_MARKED if item.kind == "veto" else ():
        if node.has(key):
            node.fault(key, N_("否决项不计分，不能写“%(key)s”。"), key=key)


LEVELLED = ("judgement", "grades")  # kinds whose entries are levels


def with_spread(items: Items, rule: SpreadRule) -> Items:
    """The event's rule about criteria, or about groups, handed down to those without one of their own."""

    def criterion(item: Criterion) -> Criterion:
        inherits = item.spread is None and item.kind != "veto" and (rule.of == "criterion" or not item.groups)
        return replace(item, spread=replace(rule, full=item.marking.best)) if inherits else item

    def group(item: Group) -> Group:
        inherits = item.spread is None and rule.of == "group" and not item.groups
        return replace(item, spread=replace(rule, full=item.full)) if inherits else item

    return replace(items, criteria=tuple(map(criterion, items.criteria)), groups=tuple(map(group, items.groups)))


def common_full(items: Items) -> Fraction:
    """Full marks of the common sheet: what has a panel of its own stands beside it."""
    group_of = {group.key: group for group in items.groups}
    found = items.full
    for item in items.all:
        around = [group_of[key] for key in item.groups]
        if item.panel is not None and not item.bonus and not any(group.bonus for group in around):
            found -= item.worth * prod((group.weight for group in around), start=_ONE)
    return found
