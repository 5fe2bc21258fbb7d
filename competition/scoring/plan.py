"""How an event is computed: what judges mark is cut into units, and points are counted in whole parts.

See ``units`` for what they are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import lcm

from competition.scoring.criteria import Marking
from competition.scoring.faults import Faults, Veto
from competition.scoring.model import Criterion, Event, Group, PanelRule
from competition.scoring.units import Branch, Table, Unit, Written

_ONE = Fraction(1)


@dataclass(slots=True)
class Node:
    """A criterion, or a group with what stands in it, in the order of the document."""

    item: Criterion | Group
    inside: list["Node"] = field(default_factory=list)

    @property
    def is_question(self) -> bool:
        """Whether it is a veto, which has no figure."""
        return isinstance(self.item, Criterion) and self.item.kind == "veto"


@dataclass(frozen=True, slots=True, eq=False)
class Caller:
    """A criterion whose entries may call for something: where it stands in its unit."""

    unit: Unit
    position: int
    criterion: Criterion
    marking: Veto | Faults


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """An event as it is computed; ``place`` says where each criterion stands.

    ``sheet`` is what a judge of the common panel marks, a unit or not.
    """

    event: Event
    tree: tuple[Node, ...]
    units: tuple[Unit, ...]
    sheet: Unit | None
    place: Mapping[str, tuple[Unit, int]]
    callers: tuple[Caller, ...]
    nodes: Mapping[str, Node]
    parted: frozenset[str]  # groups around something that is combined by itself
    names: tuple[str, ...]  # criteria and groups that have figures

    @property
    def common(self) -> Unit | None:
        """The common sheet, if it is combined as a whole."""
        return self.sheet if self.event.panel.by == "sheet" else None


@lru_cache(maxsize=256)
def plan_of(event: Event) -> Plan:
    """The plan of an event, made once for each event of a loaded rulebook."""
    roots = tree(event)
    cut = list(_alone(roots, event.panel.by))
    apart = {node.item.key for node in cut}
    units = [_unit(event, node, apart) for node in cut]
    own = {node.item.key for node in cut if node.item.panel is not None}
    sheet = _made(None, roots, own, event.panel, _ONE) if event.sheet_criteria else None
    if event.panel.by == "sheet" and sheet is not None:
        units.insert(0, sheet)
    place = {item.key: (unit, position) for unit in units for position, item in enumerate(unit.criteria)}
    callers = [
        Caller(*place[item.key], item, item.marking)
        for item in event.criteria
        if isinstance(item.marking, Veto | Faults) and item.marking.may_call
    ]
    parted = frozenset(key for node in cut for key in node.item.groups)
    names = (*(item.key for item in event.criteria if item.kind != "veto"), *(group.key for group in event.groups))
    return Plan(event, tuple(roots), tuple(units), sheet, place, tuple(callers), _by_key(roots), parted, names)


def tree(event: Event) -> list[Node]:
    """The criteria in their groups, in the order of the document."""
    group_of = {group.key: group for group in event.groups}
    roots: list[Node] = []
    nodes: dict[str, Node] = {}
    for criterion in event.criteria:
        level = roots
        for key in criterion.groups:
            if key not in nodes:
                nodes[key] = Node(group_of[key])
                level.append(nodes[key])
            level = nodes[key].inside
        level.append(Node(criterion))
    return roots


def _by_key(nodes: Iterable[Node]) -> dict[str, Node]:
    return {key: found for node in nodes for key, found in {node.item.key: node, **_by_key(node.inside)}.items()}


def _alone(nodes: Iterable[Node], by: str, depth: int = 0) -> Iterator[Node]:
    """What is combined by itself, the common sheet apart."""
    for node in nodes:
        own = node.item.panel is not None
        if own or (by == "group" and depth == 0) or (by == "criterion" and not node.inside):
            yield node
        if not own:
            yield from _alone(node.inside, by, depth + 1)


def _unit(event: Event, node: Node, apart: set[str]) -> Unit:
    item = node.item
    around = [event.group(key).weight for key in item.groups]
    weight = item.weight
    for factor in around:
        weight *= factor
    inside = node.inside if isinstance(item, Group) else [node]
    return _made(item, inside, apart - {item.key}, item.panel or event.panel, weight)


def _made(item: Criterion | Group | None, nodes: list[Node], apart: set[str], panel: PanelRule, weight: Fraction) -> Unit:
    """A unit of what stands in ``nodes``, without what is ``apart``."""
    found: list[tuple[Criterion, Fraction]] = []
    bare = isinstance(item, Criterion)
    root = _branch(item if isinstance(item, Group) else None, nodes, apart, _ONE, found, bare=bare)
    branches = [branch for branch in root.all() if branch.group is not None]
    caps = [branch.parts * branch.group.cap for branch in branches if branch.group is not None and branch.group.cap is not None]
    scale = lcm(*((factor / one.marking.denominator).denominator for one, factor in found), *(cap.denominator for cap in caps))
    tables = tuple(_table(one.marking, one.take, factor * scale) for one, factor in found)
    scaled = _scaled(root, scale)
    return Unit(
        key="" if item is None else item.key,
        item=item,
        criteria=tuple(one for one, _ in found),
        tables=tables,
        written=tuple(Written(one, table) for (one, _), table in zip(found, tables, strict=True)),
        panel=panel,
        scale=scale,
        weight=weight,
        root=scaled,
        groups={branch.group.key: branch for branch in scaled.all() if branch.group is not None},
        simple=not caps,
        is_flat=all(isinstance(place, int) for place in root.order),
        is_question=isinstance(item, Criterion) and item.kind == "veto",
    )


@lru_cache(maxsize=4096)
def _table(marking: Marking, take: str, parts: Fraction) -> Table:
    """The table of everything that is marked like this."""
    return Table(marking, take, parts)


def _branch(
    group: Group | None, nodes: list[Node], apart: set[str], parts: Fraction, found: list[tuple[Criterion, Fraction]], *, bare: bool = False
) -> Branch:
    """``found`` collects the criteria with what one point of each is worth in the unit (``bare``: its own weight left out)."""
    order: list[int | Branch] = []
    for node in nodes:
        item = node.item
        if item.key in apart:
            continue
        if isinstance(item, Criterion):
            order.append(len(found))
            found.append((item, parts if bare else parts * item.weight))
        else:
            order.append(_branch(item, node.inside, apart, parts * item.weight, found))
    return Branch(group, tuple(order), parts)


def _scaled(branch: Branch, scale: int) -> Branch:
    """The same in whole parts."""
    parts = branch.parts * scale
    cap = None if branch.group is None or branch.group.cap is None else (branch.group.cap * parts).numerator
    order = tuple(place if isinstance(place, int) else _scaled(place, scale) for place in branch.order)
    return Branch(branch.group, order, parts, cap)
