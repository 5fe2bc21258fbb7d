"""Rosters on their way into a return: the numbers that facts name, who is named by them, and tables that are being taken in."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.core.database import Model, WithId
from competition.core.files import StoredFile
from competition.returns.models import Return


class Origin(Model):
    """A number by which facts say who said them; each is given once, to a return or to a roster that is being taken in.

    A return goes by another number when another roster becomes its own. Facts of a number that nobody goes by do not count and are
    cleared away.
    """

    __table_args__ = {"sqlite_autoincrement": True}
    __unaudited__ = "Numbers that are given once; what goes by them is audited."
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    created_at: Mapped[datetime]


class RosterPerson(Model):
    """Somebody of a roster as a list may show it: name and number masked, and the unit as it was written."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    __unaudited__ = "What a list shows of facts, masked; the facts are audited."
    origin: Mapped[int] = mapped_column(ForeignKey("origin.id"), primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    name: Mapped[str]
    number: Mapped[str]
    unit: Mapped[str]


class ReturnImport(WithId, Model):
    """A table that a union sent for a return. ``state``: see rules_import.

    The table itself (``file_id``), what was found in it (``found_id``) and the table with its faults marked (``marked_id``) are
    sealed files, kept for a while. ``columns``: field → column; ``chosen``: a person chose them. ``summary``: by rules_import.
    ``number``: by what its people are staged; ``staged``: how many are; ``former``: the number by which the return went before,
    while it can be taken back.
    """

    __table_args__ = (Index("ix_return_import_return", "return_id", "created_at"),)
    __unaudited__ = "What was read of a table and how far its taking is; sending, taking and undoing it are acts and audited."
    return_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("return.id"))
    state: Mapped[str] = mapped_column(default="reading")
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    file_name: Mapped[str]
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    found_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    marked_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    job_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    marking_id: Mapped[uuid.UUID | None]
    sheet: Mapped[int | None]
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)
    chosen: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    only_good: Mapped[bool] = mapped_column(default=False)
    keeps_others: Mapped[bool] = mapped_column(default=False)
    number: Mapped[int | None] = mapped_column(ForeignKey("origin.id"), index=True)
    staged: Mapped[int] = mapped_column(default=0)
    former: Mapped[int | None] = mapped_column(ForeignKey("origin.id"), index=True)
    created_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    of: Mapped["Return"] = relationship()
    file: Mapped["StoredFile | None"] = relationship(foreign_keys=[file_id])
    found: Mapped["StoredFile | None"] = relationship(foreign_keys=[found_id])
    marked: Mapped["StoredFile | None"] = relationship(foreign_keys=[marked_id])
