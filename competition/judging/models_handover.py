"""What tablets without a network handed over, as it was brought: by file or by camera."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.core.database import Model, WithId
from competition.judging.models import Device, Seat


class Handover(WithId, Model):
    """A file of a tablet's events that was read. Reading it changes no mark; taking it sends its events the tablets' way.

    ``body`` is the signed text as it came, ``digest`` its hash with the signature; ``code`` is the short code that the
    tablet shows too. ``signed``: signed (``key``: by which key, its thumbprint), unsigned, unknown_key (the server has no key of
    this tablet to hold it against); what is not signed waits for a second person (``approved_at``). ``state``: read, taking (begun,
    and to be gone on with), taken. ``results``: {counts: {result: n}, lines: what was not taken}.
    """

    __table_args__ = (UniqueConstraint("device_id", "digest"),)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    device_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("device.id"))
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    digest: Mapped[str]
    code: Mapped[str]
    way: Mapped[str]
    file_name: Mapped[str] = mapped_column(default="")
    signed: Mapped[str]
    key: Mapped[str | None]
    body: Mapped[str] = mapped_column(Text)
    event_count: Mapped[int]
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="read")
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]
    approved_name: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[datetime | None]
    taken_name: Mapped[str] = mapped_column(default="")
    taken_at: Mapped[datetime | None]
    results: Mapped[dict[str, Any]] = mapped_column(default=dict)
    device: Mapped["Device"] = relationship()
    seat: Mapped["Seat"] = relationship()

    @property
    def needs_second(self) -> bool:
        """Is it unsigned, and has no second person approved it yet?"""
        return self.signed != "signed" and self.approved_at is None

    @property
    def is_ready(self) -> bool:
        """May it be taken as it stands, and was it not yet?"""
        return self.state != "taken" and not self.needs_second
