"""The tree of unions is built here, node by node, with its closure."""

import csv
import uuid
from datetime import date, datetime
from pathlib import Path

from flask_babel import lazy_gettext as _
from sqlalchemy import insert, select

from competition.core import audit
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.organisations.models import Employer, Region, Union, UnionClosure
from competition.organisations.queries import live_children
from competition.organisations.rules import HOME_PROVINCE, levels_below

REGIONS = Path(__file__).with_name("regions.csv")
LEVELS = {"province": "province", "prefecture": "prefecture", "county": "county"}


def load_regions(at: datetime) -> int:
    """Load the divisions of the reference file that are not there yet; returns how many were added."""
    with atomic() as session:
        known = set(session.scalars(select(Region.code)))
        with REGIONS.open(encoding="utf-8", newline="") as stream:
            rows = [r for r in csv.DictReader(stream) if r["code"] not in known]
        rows.sort(key=lambda r: ["province", "prefecture", "county"].index(r["level"]))
        if rows:
            session.execute(insert(Region), [
                {"code": r["code"], "name": r["name"], "level": r["level"], "parent_code": r["parent"] or None} for r in rows
            ])
            audit.record("organisations.load_regions", actor=SYSTEM, subject=("region", "all"), at=at,
                         details={"added": len(rows)})
    return len(rows)


def create_union(
    *, name_zh: str, level: str, parent_id: uuid.UUID | None, valid_from: date, actor: Actor, at: datetime,
    region_code: str | None = None, branch: str = "region", industry: str | None = None,
    member_count: int | None = None, name_en: str | None = None,
) -> Union:
    """A new node under ``parent_id``, with its rows in the closure."""
    with atomic() as session:
        union = Union(
            name_zh=name_zh, name_en=name_en, level=level, parent_id=parent_id, region_code=region_code, branch=branch,
            industry=industry, member_count=member_count, valid_from=valid_from,
        )
        session.add(union)
        session.flush()
        above = session.execute(
            select(UnionClosure.ancestor_id, UnionClosure.depth).where(UnionClosure.descendant_id == parent_id)
        ).all() if parent_id else []
        session.add(UnionClosure(ancestor_id=union.id, descendant_id=union.id, depth=0))
        session.add_all(UnionClosure(ancestor_id=a, descendant_id=union.id, depth=d + 1) for a, d in above)
        session.flush()
        audit.record("organisations.create_union", actor=actor, subject=("union", union.id), at=at,
                     details={"name": name_zh, "level": level, "parent": str(parent_id) if parent_id else None})
    return union


def found_tree(at: datetime) -> Union:
    """Lay the foundation once: the divisions, the provincial union with its prefectures and counties,
    and one node for each other province. Returns the home province's union."""
    with atomic():
        home = find(Union, region_code=HOME_PROVINCE, level="province")
        if home is not None:
            return home
        load_regions(at)
        nodes: dict[str, uuid.UUID] = {}
        for region in db.session.scalars(select(Region).order_by(Region.code)).all():
            parent = nodes.get(region.parent_code or "")
            union = create_union(
                name_zh=f"{region.name}总工会", level=LEVELS[region.level], parent_id=parent, region_code=region.code,
                valid_from=date(2000, 1, 1), actor=SYSTEM, at=at,
            )
            nodes[region.code] = union.id
            if region.code == HOME_PROVINCE:
                home = union
        if home is None:
            raise RuntimeError("the reference file has no home province")
    return home


def get_or_create_employer(
    *, name: str, region_code: str | None, actor: Actor, at: datetime, ownership: str = "unknown",
    unit_kind: str = "unknown", industry: str = "unknown", union_id: uuid.UUID | None = None,
) -> Employer:
    """The employer of this name in this region; made when it is new."""
    with atomic() as session:
        found = find(Employer, name=name, region_code=region_code)
        if found is not None:
            return found
        employer = Employer(name=name, region_code=region_code, ownership=ownership, unit_kind=unit_kind,
                            industry=industry, union_id=union_id)
        session.add(employer)
        session.flush()
        audit.record("organisations.create_employer", actor=actor, subject=("employer", employer.id), at=at,
                     details={"name": name, "region": region_code})
    return employer


def add_union(
    parent_id: uuid.UUID, *, name_zh: str, level: str, actor: Actor, at: datetime, on: date, name_en: str | None = None,
    region_code: str | None = None, branch: str = "region", industry: str | None = None, member_count: int | None = None,
) -> Union:
    """A union under a living node, of a level that fits there, with a name that is new there."""
    with atomic():
        parent = get(Union, parent_id, lock=True)
        if parent.valid_to is not None:
            raise RuleBroken(_("上级工会已撤销，不能在它下面增加工会。"), code="parent_ended")
        if level not in levels_below(parent.level):
            raise RuleBroken(_("这个级别不能放在所选的上级工会之下。"), code="level_unfit", status=422, field="level")
        _check_name(parent_id, name_zh, None)
        return create_union(
            name_zh=name_zh, name_en=name_en, level=level, parent_id=parent_id, valid_from=on, actor=actor, at=at,
            region_code=region_code or parent.region_code, branch=branch, industry=industry, member_count=member_count,
        )


def _check_name(parent_id: uuid.UUID | None, name: str, own_id: uuid.UUID | None) -> None:
    query = select(Union.id).where(Union.parent_id == parent_id, Union.name_zh == name, Union.valid_to.is_(None))
    if own_id:
        query = query.where(Union.id != own_id)
    if db.session.scalars(query).first():
        raise RuleBroken(_("同一上级之下已有同名的工会。"), code="name_taken", field="name_zh")


def change_union(
    union_id: uuid.UUID, *, name_zh: str, name_en: str | None, name_bo: str | None, industry: str | None, member_count: int | None,
    actor: Actor, at: datetime,
) -> Union:
    """Other names or figures; place and level in the tree stay."""
    with atomic():
        union = get(Union, union_id, lock=True)
        _check_name(union.parent_id, name_zh, union.id)
        union.name_zh, union.name_en, union.name_bo = name_zh, name_en or None, name_bo or None
        union.industry, union.member_count = industry or None, member_count
        audit.record("organisations.change_union", actor=actor, subject=("union", union.id), at=at,
                     details={"name": name_zh, "members": member_count})
    return union


def end_union(union_id: uuid.UUID, *, on: date, reason: str, actor: Actor, at: datetime) -> Union:
    """A union is no more from a day on. Entries and figures of before keep it."""
    with atomic():
        union = get(Union, union_id, lock=True)
        if union.parent_id is None:
            raise RuleBroken(_("省级总工会不能撤销。"), code="root")
        if union.valid_to is not None:
            raise RuleBroken(_("这个工会已经撤销。"), code="already_ended")
        if live_children(union_id):
            raise RuleBroken(_("它下面还有工会，请先逐一撤销。"), code="has_children")
        union.valid_to = on
        audit.record("organisations.end_union", actor=actor, subject=("union", union.id), at=at, reason=reason,
                     details={"on": on.isoformat()})
    return union
