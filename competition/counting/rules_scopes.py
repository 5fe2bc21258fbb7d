"""What cells are counted for: the whole, divisions, unions, activities, single places. Pure.

``all``; a division by its code (``632200``); a union ``u:`` with everything below it, as the tree was when people took part;
an activity ``a:``; a place ``p:`` (a union in a division, the smallest part: how many units took part is counted from these).
"""

from competition.counting.rules import places

WHOLE = "all"


def activity_scope(activity: int) -> str:
    """The cells of one activity."""
    return f"a:{activity}"


def place_scope(place: int) -> str:
    """The cells of one place."""
    return f"p:{place}"


def union_scope(union: str) -> str:
    """The cells of a union and all below it; ``union``: its id as 32 hexadecimal digits."""
    return f"u:{union}"


def scope_of_union(union: str, branch: str, level: str, region_code: str | None) -> str:
    """Where a union finds its own figures and its target: the union of a prefecture or county at its division, the union of the province
    at the whole, any other at itself. ``union``: as for ``union_scope``."""
    if branch == "region" and level == "province":
        return WHOLE
    return region_code if branch == "region" and level in ("prefecture", "county") and region_code else union_scope(union)


def scopes_of(place: int, region_code: str, path: str) -> tuple[str, ...]:
    """Everything that counts a place; ``path``: the ids of the union and all above it, parted by blanks."""
    where = places(region_code)
    regions = dict.fromkeys((where.province, where.prefecture, where.region))
    return (WHOLE, *regions, *(union_scope(union) for union in path.split()), place_scope(place))
