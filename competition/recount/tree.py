"""Which parts of an event's criteria are combined by themselves (*units*), and which seats mark which of them."""

from collections.abc import Iterator, Sequence

from competition.recount.given import Json
from competition.recount.marking import is_group


def is_veto(node: Json) -> bool:
    """A condition that gives no points."""
    return node.get("kind") == "veto"


def unit_keys(event: Json) -> set[str]:
    """The keys of the leaves and groups that are units. The common sheet has no key."""
    nodes = event.get("criteria", ())
    by = event.get("panel", {}).get("by", "sheet")
    found = {node["key"] for node in _all(nodes) if "panel" in node}
    if by == "group":
        found |= {node["key"] for node in nodes}
    if by == "criterion":
        found |= set(_outside(nodes))
    return found


def _all(nodes: Sequence[Json]) -> Iterator[Json]:
    for node in nodes:
        yield node
        if is_group(node):
            yield from _all(node["criteria"])


def _outside(nodes: Sequence[Json]) -> Iterator[str]:
    """The leaves that stand in no group with a panel."""
    for node in nodes:
        if not is_group(node):
            yield node["key"]
        elif "panel" not in node:
            yield from _outside(node["criteria"])


def common(nodes: Sequence[Json]) -> Iterator[str]:
    """The leaves of the common sheet: with no panel of their own, in no group that has one."""
    for node in nodes:
        if "panel" in node:
            continue
        if is_group(node):
            yield from common(node["criteria"])
        else:
            yield node["key"]


def marked_together(event: Json) -> dict[str, list[str]]:
    """Leaf → the leaves of its unit: they are marked by the same seats."""
    units = unit_keys(event)
    found: dict[str, list[str]] = {}

    def walk(nodes: Sequence[Json], part: list[str]) -> None:
        for node in nodes:
            inside: list[str] = [] if node["key"] in units else part
            if is_group(node):
                walk(node["criteria"], inside)
            else:
                inside.append(node["key"])
                found[node["key"]] = inside

    walk(event.get("criteria", ()), [])
    return found

