"""Printers of a union, how far each is off, and the sheet by which that is measured."""

import uuid
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from competition.certificates.models_templates import TemplatePrinter
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, find
from competition.core.errors import NotFound, RuleBroken

MOST_MM = 20


def printers_of(union_id: uuid.UUID) -> list[TemplatePrinter]:
    """The printers of a union by name."""
    return list(db.session.scalars(select(TemplatePrinter).where(TemplatePrinter.union_id == union_id).order_by(TemplatePrinter.name)))


def get_printer(union_id: uuid.UUID, printer_id: uuid.UUID) -> TemplatePrinter:
    """A printer of this union; raises NotFound."""
    found = db.session.get(TemplatePrinter, printer_id)
    if found is None or found.union_id != union_id:
        raise NotFound(_("没有找到这台打印机，它可能刚被删除。"))
    return found


def set_printer(union_id: uuid.UUID, name: str, right_mm: float, down_mm: float, *, actor: Actor, at: datetime) -> TemplatePrinter:
    """How far everything is moved for the printer of this name; a new name is a new printer."""
    name = name.strip()[:40]
    if not name:
        raise RuleBroken(_("请给打印机写一个名称，例如“二楼文印室”。"), code="no_name", status=422, field="name")
    for field, value in (("right_mm", right_mm), ("down_mm", down_mm)):
        if not -MOST_MM <= value <= MOST_MM:
            raise RuleBroken(_("偏移应在 %(least)s 到 %(most)s 毫米之间。", least=-MOST_MM, most=MOST_MM), code="offset", status=422,
                             field=field)
    with atomic() as session:
        found = find(TemplatePrinter, union_id=union_id, name=name)
        if found is None:
            found = TemplatePrinter(union_id=union_id, name=name)
            session.add(found)
        found.right_mm, found.down_mm, found.changed_by, found.changed_at = round(right_mm, 1), round(down_mm, 1), actor.id, at
        session.flush()
        audit.record("certificates.printer", actor=actor, subject=("template_printer", found.id), at=at,
                     details={"union": str(union_id), "name": name, "right_mm": found.right_mm, "down_mm": found.down_mm})
    return found


def remove_printer(union_id: uuid.UUID, printer_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """A printer that is there no more."""
    with atomic() as session:
        found = get_printer(union_id, printer_id)
        audit.record("certificates.printer", actor=actor, subject=("template_printer", found.id), at=at,
                     details={"union": str(union_id), "name": found.name, "act": "remove"})
        session.delete(found)
