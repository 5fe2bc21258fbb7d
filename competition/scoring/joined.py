"""Units → the judges' figure of an event: each times its weight, groups of units with their caps."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.agreed import Agreed
from competition.scoring.derivation import Fact, Step
from competition.scoring.draft import Writer
from competition.scoring.model import Criterion, Group
from competition.scoring.plan import Node, Plan
from competition.scoring.rounding import Rounding
from competition.scoring.wording import JUDGES

Made = tuple[Fraction, Step | None]


def join(plan: Plan, made: Mapping[str, Made], agreed: Agreed, rounding: Mapping[str, Rounding], write: Writer) -> Made:
    """The judges' figure from the units' figures before their weights, and how it came about."""
    by = plan.event.panel.by
    joint = _Joint(made, agreed, write)
    parts = joint.nodes(plan.tree) if by == "criterion" else joint.flat(plan)
    total = exact.add(value for value, _ in parts)
    steps = [step for _, step in parts]
    step = steps[0] if len(steps) == 1 else None
    if len(steps) > 1:
        written: Fact = tuple(exact.text(value) for value, _ in parts)
        step = write.step("sum", JUDGES, total, steps, {"parts": written})
    return (total, step) if by == "sheet" else write.rounded(JUDGES, total, rounding.get("panel"), step)


class _Joint:
    """Puts the units of one work together."""

    def __init__(self, made: Mapping[str, Made], agreed: Agreed, write: Writer) -> None:
        self.made = made
        self.agreed = agreed
        self.write = write

    def flat(self, plan: Plan) -> list[Made]:
        """Every unit with its weight in the event."""
        found = []
        for unit in plan.units:
            if unit.item is None:
                found.append(self.made[""])
            elif not unit.is_question:
                found.append(self._void(plan, unit.item) or self._weighted(unit.item, unit.weight))
        return found

    def _void(self, plan: Plan, item: Criterion | Group) -> Made | None:
        """What stands in a group that counts zero."""
        group = next((key for key in item.groups if key in self.agreed.zeroed), None)
        if group is None:
            return None
        facts: dict[str, Fact] = {"group": plan.event.group(group).name.zh}
        return exact.ZERO, self.write.step("void", item.name.zh, exact.ZERO, (self.made[item.key][1],), facts)

    def nodes(self, nodes: Iterable[Node]) -> list[Made]:
        """Units and groups of units, each with its own weight."""
        found = []
        for node in nodes:
            if node.item.key in self.made:
                found.append(self._weighted(node.item, node.item.weight))
            elif isinstance(node.item, Group):
                found.append(self._group(node.item, self.nodes(node.inside)))
        return found

    def _weighted(self, item: Criterion | Group, weight: Fraction) -> Made:
        value, made = self.made[item.key]
        if weight == 1:
            return value, made
        facts: dict[str, Fact] = {"figure": exact.text(value), "weight": exact.text(weight)}
        return value * weight, self.write.step("weight", item.name.zh, value * weight, (made,), facts)

    def _group(self, group: Group, parts: list[Made]) -> Made:
        """A group of units: their sum, at most its cap, times its weight."""
        total = exact.add(value for value, _ in parts)
        points = total if group.cap is None else min(total, group.cap)
        if group.key in self.agreed.zeroed:
            points = exact.ZERO
        facts: dict[str, Fact] = {
            "parts": tuple(exact.text(value) for value, _ in parts),
            "sum": exact.text(total),
            "points": exact.text(points),
            "zeroed": group.key in self.agreed.zeroed,
            "weight": exact.text(group.weight),
        }
        value = points * group.weight
        return value, self.write.step("group", group.name.zh, value, [step for _, step in parts], facts)
