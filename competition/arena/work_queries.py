"""Reads of works for those who must not know more: judges, sheets, tablets. Imports nothing that names people."""

import uuid

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition.arena.works import Work
from competition.core.database import db
from competition.core.errors import NotFound


def list_works(round_id: uuid.UUID) -> list[Work]:
    """The works of a round in the order of batches and stations."""
    return list(db.session.scalars(select(Work).where(Work.round_id == round_id).order_by(Work.position)))


def get_work(work_id: uuid.UUID) -> Work:
    """A work with its round; raises NotFound."""
    found = db.session.scalars(select(Work).where(Work.id == work_id).options(joinedload(Work.round))).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这件作品，抽签可能已重新进行。请返回列表重新选择。"))
    return found
