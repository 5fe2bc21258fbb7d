"""The tree of targets: what a place's target is split into, whose it is, how the parts stand."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from competition.core.database import db
from competition.counting.rules import HOME_PROVINCE
from competition.counting.rules_scopes import WHOLE, union_scope
from competition.organisations.models import Region, Union
from competition.organisations.queries import home_union, union_of_region
from competition.participation.models_targets import PaceMonth, Target, TargetChange
from competition.participation.queries_targets import Outlook, outlooks, persons_of
from competition.participation.rules_targets import Part

Named = tuple[str, str]


@dataclass(frozen=True)
class Node:
    """A place of the tree of targets and the union that splits its target."""

    scope: str
    name: str
    union: Union | None


def node(scope: str) -> Node | None:
    """``all``, a division of the home province, or a union; None when there is none of this code."""
    if scope == WHOLE:
        return Node(scope, _("全部"), home_union())
    if scope.startswith("u:"):
        union = _union(scope)
        return Node(scope, union.name, union) if union else None
    region = db.session.get(Region, scope)
    return Node(scope, region.name, union_of_region(scope, _LEVELS.get(region.level))) if region else None


_LEVELS = {"province": "province", "prefecture": "prefecture", "county": "county"}


def _union(scope: str) -> Union | None:
    try:
        return db.session.get(Union, uuid.UUID(hex=scope[2:]))
    except ValueError:
        return None


def named_parts(of: Node) -> list[Named]:
    """What a target is split into: the divisions below, and the unions directly below that stand for none of these."""
    divisions = _divisions(of)
    codes = {code for code, _name in divisions}
    query = select(Union).where(Union.parent_id == of.union.id, Union.valid_to.is_(None)) if of.union else None
    unions = list(db.session.scalars(query.order_by(Union.branch.desc(), Union.name_zh))) if query is not None else []
    return divisions + [(union_scope(union.id.hex), union.name) for union in unions
                        if not (union.branch == "region" and union.level != "grassroots" and (not codes or union.region_code in codes))]


def _divisions(of: Node) -> list[Named]:
    parent = HOME_PROVINCE if of.scope == WHOLE else of.scope
    query = select(Region).where(Region.parent_code == parent).order_by(Region.code)
    return [(region.code, region.name) for region in db.session.scalars(query)]


def parts(of: Node, year: int) -> list[Part]:
    """The parts with their last year's persons and their targets."""
    named = named_parts(of)
    scopes = [scope for scope, _name in named]
    before = persons_of(scopes, year - 1)
    query = select(Target.scope_code, Target.persons).where(Target.year == year, Target.scope_code.in_(scopes))
    targets = dict(db.session.execute(query).all())
    return [Part(scope, name, before.get(scope, 0), targets.get(scope)) for scope, name in named]


@dataclass(frozen=True)
class Ranked:
    """A part with its place by attainment; without a target it has none."""

    part: Part
    outlook: Outlook | None
    place: int | None


def ranking(found: Sequence[Part], year: int, on: date) -> list[Ranked]:
    """The parts by attainment, the highest first; equal ones share a place; those without a target behind, as they stood."""
    stands = outlooks([part.scope for part in found if part.target], year, on)
    shares = sorted((one.progress.attainment for one in stands.values()), reverse=True)
    rows = [Ranked(part, stands.get(part.scope), shares.index(stands[part.scope].progress.attainment) + 1 if part.scope in stands else None)
            for part in found]
    return sorted(rows, key=lambda row: row.place or len(rows) + 1)


def changes(year: int, scopes: Sequence[str], limit: int = 50) -> list[TargetChange]:
    """How these targets changed, newest first."""
    query = select(TargetChange).where(TargetChange.year == year, TargetChange.scope_code.in_(scopes))
    return list(db.session.scalars(query.order_by(TargetChange.at.desc(), TargetChange.scope_code).limit(limit)))


def told_months(scope: str, year: int) -> list[int]:
    """What was told of the months of a year, so far at each month's end; empty when nothing was."""
    query = select(PaceMonth.persons).where(PaceMonth.scope_code == scope, PaceMonth.year == year)
    return list(db.session.scalars(query.order_by(PaceMonth.month)))
