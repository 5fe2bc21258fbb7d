"""Unions as a tree, regions with their codes, employers."""

import uuid
from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.core.database import Model, WithId
from competition.core.names import Named


class Region(Model):
    """An administrative division (GB/T 2260). Reference data: never used to check an ID number."""

    __unaudited__ = "Reference data of GB/T 2260, loaded with the program."
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    level: Mapped[str]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)


class Union(WithId, Named, Model):
    """A node of the tree of unions.

    ``level``: national, province, prefecture, county, grassroots; ``branch``: region or industry.
    The other provinces are nodes too, because they send delegations.
    """

    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("union.id"), index=True)
    level: Mapped[str] = mapped_column(index=True)
    branch: Mapped[str] = mapped_column(default="region")
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    industry: Mapped[str | None]
    member_count: Mapped[int | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    parent: Mapped["Union | None"] = relationship(remote_side="Union.id")
    region: Mapped["Region | None"] = relationship()


class UnionClosure(Model):
    """Every pair of a node and a node above it (itself at depth 0)."""

    __unaudited__ = "Derived from the tree of unions, whose changes are audited."
    ancestor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), primary_key=True)
    descendant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), primary_key=True, index=True)
    depth: Mapped[int]


class Employer(WithId, Model):
    """Where people work. ``ownership``: public or non_public; ``unit_kind`` and ``industry`` by rules.py."""

    __table_args__ = (UniqueConstraint("name", "region_code"),)
    name: Mapped[str] = mapped_column(index=True)
    uscc: Mapped[str | None] = mapped_column(index=True)
    ownership: Mapped[str] = mapped_column(default="unknown")
    unit_kind: Mapped[str] = mapped_column(default="unknown")
    industry: Mapped[str] = mapped_column(default="unknown")
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    union_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("union.id"), index=True)
