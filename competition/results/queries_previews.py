"""Reads of kept previews of changed rulebooks."""

import uuid

from flask_babel import gettext as _
from sqlalchemy import select

from competition.contests.models import RulebookPreview
from competition.core.database import db
from competition.core.errors import NotFound


def get_preview(contest_id: uuid.UUID, preview_id: uuid.UUID) -> RulebookPreview:
    """A preview of this contest; raises NotFound."""
    query = select(RulebookPreview).where(RulebookPreview.id == preview_id, RulebookPreview.contest_id == contest_id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这项改动。"))
    return found


def asked_preview(approval_id: uuid.UUID, stage: str = "asked") -> RulebookPreview | None:
    """What was computed when it was asked for, or when it was ``applied``."""
    query = select(RulebookPreview).where(RulebookPreview.approval_id == approval_id, RulebookPreview.stage == stage)
    return db.session.scalars(query.limit(1)).first()
