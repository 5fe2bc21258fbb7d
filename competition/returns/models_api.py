"""Other systems: by what token they ask, what they sent part by part, what they were answered."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.core.database import Model, WithId
from competition.organisations.models import Union


class ApiToken(WithId, Model):
    """By what another system is known. The token itself is shown once and kept as its hash; ``hint`` is its end.

    ``can_report``: it may report for the union and those below; reading their figures every token may.
    """

    title: Mapped[str]
    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    hint: Mapped[str]
    can_report: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by: Mapped[uuid.UUID | None]
    created_name: Mapped[str]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    union: Mapped["Union"] = relationship()


class ApiTokenUse(Model):
    """When a token was last used, to the hour."""

    __unaudited__ = "When a token was last used, for its owner to see; what it did is audited by the acts."
    token_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("api_token.id"), primary_key=True)
    at: Mapped[datetime]


class ApiReceipt(Model):
    """What a request was answered, so that the same request gets the same answer. ``digest``: keyed, of the whole request."""

    __unaudited__ = "What was answered to a request, for its repetition; the act itself is audited. Kept for a week."
    token_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("api_token.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    answer: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)


class RosterDelivery(WithId, Model):
    """A roster that another system sends in parts. ``name``: the sender's; ``number``: by what its people are staged
    (models_import.Origin); ``received``: the parts that are there; ``people``: how many are staged."""

    __table_args__ = (UniqueConstraint("return_id", "name"),)
    __unaudited__ = "How far the sending of a roster is; staging its people and taking them are audited."
    return_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("return.id"), index=True)
    name: Mapped[uuid.UUID]
    number: Mapped[int]
    parts: Mapped[int]
    received: Mapped[dict[str, Any]] = mapped_column(default=dict)
    people: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
