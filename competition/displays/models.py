"""Screens for spectators: which there are, what each shows, and who is being called."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from competition.core.database import Model, WithId


class DisplayCode(WithId, Model):
    """A screen that nobody has registered yet shows a number; its secret is in its own address."""

    __unaudited__ = "A screen asks for a number by itself: nobody acted. It is gone once it is used, or after a quarter of an hour."
    code: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Display(WithId, Model):
    """A registered screen. ``page``: order, now, results, sentence, black. ``token_hash``: of the secret in its address,
    and the name of its file. ``assigned`` counts what the desk gave it; ``withdrawn_at``: it shows nothing any more."""

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    name: Mapped[str]
    language: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    page: Mapped[str] = mapped_column(default="black")
    sentence: Mapped[str] = mapped_column(Text, default="")
    assigned: Mapped[int] = mapped_column(default=1)
    paired_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class DisplayCall(Model):
    """What all screens of a contest share: which batch is called, and whether numbers of entrants stand beside stations."""

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    round_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("round.id"))
    batch: Mapped[int] = mapped_column(default=0)
    called_at: Mapped[datetime | None]
    with_numbers: Mapped[bool] = mapped_column(default=False)


class DisplaySeq(Model):
    """How often the files of a contest's screens were written."""

    __unaudited__ = "Counts writings of files; what made them necessary has a row of its own."
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
