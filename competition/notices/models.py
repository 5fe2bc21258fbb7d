"""Announcements with attachments, and messages to people with their state per recipient."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.core.database import Model, WithId
from competition.core.files import StoredFile


class Notice(WithId, Model):
    """An announcement about something (``topic_kind`` 'contest' and its id). A correction is a new one."""

    __table_args__ = (Index("ix_notice_topic", "topic_kind", "topic_id"),)
    topic_kind: Mapped[str]
    topic_id: Mapped[uuid.UUID | None]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(default="draft")
    created_by: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice.id"))
    attachments: Mapped[list["NoticeAttachment"]] = relationship(order_by="NoticeAttachment.position")


class NoticeAttachment(WithId, Model):
    """A file of an announcement; public once the announcement is."""

    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice.id"), index=True)
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    position: Mapped[int]
    file: Mapped["StoredFile"] = relationship()


class Message(WithId, Model):
    """Something told to one account: shown in the program, and sent on by adapters.

    ``link`` is a path of ours; ``kind`` is the act that caused it.
    """

    __unaudited__ = "What an audited act told somebody, in the same transaction; read marks are nobody else's business."
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]


class Delivery(WithId, Model):
    """One message over one channel to one recipient: queued, sent, failed, given_up."""

    __unaudited__ = "What the adapters did with a message, try by try."
    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("message.id"), index=True)
    channel: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    tried_at: Mapped[datetime | None]
    message: Mapped["Message"] = relationship()
