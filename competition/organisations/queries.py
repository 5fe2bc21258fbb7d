"""Reads of the tree: what is above and below a node, names for choices."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from competition.core.access import NO_SCOPE, Scope, once
from competition.core.database import db
from competition.organisations.models import Employer, Region, Union, UnionClosure
from competition.organisations.rules import HOME_PROVINCE


def ancestors(union_id: uuid.UUID) -> list[Union]:
    """The node and everything above it, nearest first."""
    query = (
        select(Union).join(UnionClosure, UnionClosure.ancestor_id == Union.id)
        .where(UnionClosure.descendant_id == union_id).order_by(UnionClosure.depth)
    )
    return list(db.session.scalars(query))


def ancestor_ids(union_id: uuid.UUID | None) -> list[uuid.UUID]:
    """The ids of the node and everything above it, nearest first."""
    if union_id is None:
        return []
    query = select(UnionClosure.ancestor_id).where(UnionClosure.descendant_id == union_id)
    return list(db.session.scalars(query.order_by(UnionClosure.depth)))


def union_scope(union_id: uuid.UUID | None) -> Scope:
    """What a thing of this union belongs to: the union and every union above it."""
    return frozenset(("union", found) for found in ancestor_ids(union_id))


def below(union_ids: Iterable[uuid.UUID]) -> Select[uuid.UUID]:
    """A subquery of the ids of these nodes and everything below them."""
    return select(UnionClosure.descendant_id).where(UnionClosure.ancestor_id.in_(list(union_ids)))


def above(union_ids: Iterable[uuid.UUID]) -> Select[uuid.UUID]:
    """A subquery of the ids of these nodes and everything over them."""
    return select(UnionClosure.ancestor_id).where(UnionClosure.descendant_id.in_(list(union_ids)))


def list_unions(level: str | None = None) -> list[Union]:
    """Unions for a choice: those of the own province first, then in the order of their region codes."""
    away = case((Union.region_code.startswith(HOME_PROVINCE[:2]), 0), else_=1)
    query = select(Union).where(Union.valid_to.is_(None)).order_by(away, Union.region_code, Union.name_zh)
    if level:
        query = query.where(Union.level == level)
    return list(db.session.scalars(query))


def list_regions(parent_code: str | None = None, level: str | None = None) -> list[Region]:
    """Regions for a choice, by code."""
    query = select(Region).order_by(Region.code)
    if parent_code is not None:
        query = query.where(Region.parent_code == parent_code)
    if level is not None:
        query = query.where(Region.level == level)
    return list(db.session.scalars(query))


def union_of_region(region_code: str, level: str | None = None) -> Union | None:
    """The regional union of a division: its own, else the next one above it."""
    for code in (region_code, region_code[:4] + "00", region_code[:2] + "0000"):
        query = select(Union).where(Union.region_code == code, Union.branch == "region", Union.valid_to.is_(None))
        query = query.where(Union.level == level) if level else query.where(Union.level != "grassroots")
        found = db.session.scalars(query).first()
        if found:
            return found
    return None


def root_name() -> str | None:
    """The name of the home province's union, once the tree is founded."""
    query = select(Union.name_zh).where(Union.region_code == HOME_PROVINCE, Union.level == "province")
    return db.session.scalars(query).first()


def list_home_unions() -> list[Union]:
    """The home province's union and every regional and industry union below it, without grassroots."""
    home = select(Union.id).where(Union.region_code == HOME_PROVINCE, Union.level == "province").scalar_subquery()
    query = (
        select(Union).join(UnionClosure, UnionClosure.descendant_id == Union.id)
        .where(UnionClosure.ancestor_id == home, Union.level != "grassroots", Union.valid_to.is_(None))
        .order_by(Union.region_code, Union.name_zh)
    )
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class Branch:
    """A node with what lies below it: how many unions, how many members they report together."""

    union: Union
    below: int
    members: int


def home_union() -> Union | None:
    """The home province's union."""
    return db.session.scalars(select(Union).where(Union.region_code == HOME_PROVINCE, Union.level == "province")).first()


def home_scope() -> Scope:
    """What belongs to the whole system's work: the home union's office. Menu, buttons and guards of one page ask for it."""
    return once("home_scope", _home_scope)


def _home_scope() -> Scope:
    home = home_union()
    return union_scope(home.id) if home else NO_SCOPE


def regions_below(union_ids: Iterable[uuid.UUID]) -> set[str]:
    """The regions of the regional unions at and below these nodes."""
    query = select(Union.region_code).where(Union.id.in_(below(union_ids)), Union.branch == "region", Union.valid_to.is_(None))
    return {code for code in db.session.scalars(query) if code}


def branches_under(parent_id: uuid.UUID | None, *, ended: bool = False) -> list[Branch]:
    """The nodes directly under one (or the roots), each with its sums; two statements whatever the tree."""
    query = select(Union).where(Union.parent_id == parent_id if parent_id else Union.parent_id.is_(None))
    if not ended:
        query = query.where(Union.valid_to.is_(None))
    nodes = list(db.session.scalars(query.order_by(Union.branch.desc(), Union.region_code, Union.name_zh)))
    sums = _sums([n.id for n in nodes])
    return [Branch(n, *sums.get(n.id, (0, 0))) for n in nodes]


def branch_of(union: Union) -> Branch:
    """One node with its sums."""
    return Branch(union, *_sums([union.id]).get(union.id, (0, 0)))


def _sums(ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    below_it = UnionClosure.ancestor_id.in_(ids), Union.valid_to.is_(None)
    query = (
        select(UnionClosure.ancestor_id, func.count(Union.id), func.coalesce(func.sum(Union.member_count), 0))
        .join(Union, Union.id == UnionClosure.descendant_id).where(*below_it, UnionClosure.depth > 0)
        .group_by(UnionClosure.ancestor_id)
    )
    return {node: (count, members or 0) for node, count, members in db.session.execute(query)}


def members_of(union_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int | None]:
    """The members of unions with all below them, None where nobody has said; one statement.

    Some unions state the members below them in their own count, some do not: the larger of the own count and the sum of those directly
    below counts, so that nobody is a member twice.
    """
    wanted = Union.id.in_(below(union_ids)), Union.valid_to.is_(None)
    rows = db.session.execute(select(Union.id, Union.parent_id, Union.member_count).where(*wanted)).all()
    said: dict[uuid.UUID, int | None] = {key: count for key, _parent, count in rows}
    children: dict[uuid.UUID | None, list[uuid.UUID]] = {}
    for key, parent, _count in rows:
        children.setdefault(parent, []).append(key)

    def together(key: uuid.UUID) -> int | None:
        parts = [part for child in children.get(key, ()) if (part := together(child)) is not None]
        known = [count for count in (said.get(key), sum(parts) if parts else None) if count is not None]
        return max(known, default=None)

    return {key: together(key) for key in union_ids}


def unions_matching(text: str) -> Select[Union]:
    """Unions by a part of their name, with the node above."""
    query = select(Union).where(Union.name_zh.contains(text, autoescape=True)).options(joinedload(Union.parent))
    return query.order_by(Union.valid_to.is_not(None), Union.region_code, Union.name_zh, Union.id)


def live_children(union_id: uuid.UUID) -> int:
    """How many unions stand directly under one."""
    query = select(func.count()).select_from(Union).where(Union.parent_id == union_id, Union.valid_to.is_(None))
    return db.session.scalar(query) or 0


def suggest_employers(prefix: str, limit: int = 10) -> list[Employer]:
    """Employers whose name begins so, for a form; nothing for less than two characters."""
    if len(prefix.strip()) < 2:
        return []
    query = select(Employer).where(Employer.name.startswith(prefix.strip(), autoescape=True)).order_by(Employer.name).limit(limit)
    return list(db.session.scalars(query))


def region_names() -> dict[str, str]:
    """The name of every division by its code."""
    return {row.code: row.name for row in db.session.execute(select(Region.code, Region.name))}
