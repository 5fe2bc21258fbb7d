"""Fonts that a union has a licence for, and pictures of characters that no font has."""

import uuid
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.core.database import Model, WithId
from competition.core.files import StoredFile

_OPEN = "ended_at IS NULL"


class UnionFont(WithId, Model):
    """A font for the templates of a union and of those below it.

    ``licence``: what the union says of its right to use it. ``points``: the code points that it draws, as pairs of the
    first and the last of a range. After ``ended_at`` no new batch uses it; what was prepared with it is still printed.
    """

    __table_args__ = (
        Index("uq_union_font_open", "union_id", "family", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
    )
    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), index=True)
    family: Mapped[str]
    licence: Mapped[str] = mapped_column(Text)
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    sample_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    points: Mapped[list[list[int]]] = mapped_column(JSON())
    added_by: Mapped[uuid.UUID | None]
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    file: Mapped["StoredFile"] = relationship(foreign_keys=[file_id])
    sample: Mapped["StoredFile"] = relationship(foreign_keys=[sample_id])

    @property
    def count(self) -> int:
        """How many characters it draws."""
        return sum(last - first + 1 for first, last in self.points)


class GlyphPicture(WithId, Model):
    """What is printed instead of a character of a name of this contest that no font has; a new one ends the old one."""

    __table_args__ = (
        Index("uq_glyph_picture_open", "contest_id", "name", "char", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
    )
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    name: Mapped[str]
    char: Mapped[str]
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    added_by: Mapped[uuid.UUID | None]
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    file: Mapped["StoredFile"] = relationship()
