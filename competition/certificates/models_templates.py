"""What templates are made from: drafts with every step of the work, a union's pictures, the printers that are off."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.core.database import Model, WithId
from competition.core.files import StoredFile
from competition.core.names import Named


class TemplateDraft(WithId, Named, Model):
    """The working copy of a union's template; versions with its ``key`` are published from it.

    ``step`` is the number of the step that shows now, ``last_step`` that of the newest: between them lies what was
    taken back. ``edits`` counts the changes and never goes back: a page that was made from another count is too old.
    """

    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    step: Mapped[int]
    last_step: Mapped[int]
    edits: Mapped[int]
    changed_by: Mapped[uuid.UUID | None]
    changed_at: Mapped[datetime]


class TemplateStep(WithId, Model):
    """A layout that the draft had: nothing that was made is lost."""

    __table_args__ = (UniqueConstraint("draft_id", "number"),)
    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("template_draft.id"), index=True)
    number: Mapped[int]
    layout: Mapped[dict[str, Any]]
    by_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]


class TemplateAsset(WithId, Model):
    """A picture of a union, made anew as PNG. ``kind``: seal, signature, logo, background.

    ``slot``: the place that it fills on the union's certificates; one picture at a time does. ``width_mm`` and
    ``height_mm`` are the size of the real thing, in tenths. One that is taken away stays on what was issued.
    """

    __table_args__ = (UniqueConstraint("union_id", "sha256"),)
    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    slot: Mapped[str]
    sha256: Mapped[str]
    width_mm: Mapped[float] = mapped_column(Numeric(5, 1, asdecimal=False))
    height_mm: Mapped[float] = mapped_column(Numeric(5, 1, asdecimal=False))
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    created_by: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    file: Mapped["StoredFile"] = relationship()


class TemplatePrinter(WithId, Model):
    """A printer of a union and how far it prints beside where it should, in tenths of millimetres: what is printed for it
    is moved by as much. ``right_mm`` to the right, ``down_mm`` downwards."""

    __table_args__ = (UniqueConstraint("union_id", "name"),)
    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), index=True)
    name: Mapped[str]
    right_mm: Mapped[float] = mapped_column(Numeric(4, 1, asdecimal=False))
    down_mm: Mapped[float] = mapped_column(Numeric(4, 1, asdecimal=False))
    changed_by: Mapped[uuid.UUID | None]
    changed_at: Mapped[datetime]
