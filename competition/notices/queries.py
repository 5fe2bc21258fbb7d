"""Reads of announcements and messages."""

import uuid

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from competition.core.database import db
from competition.notices.models import Message, Notice, NoticeAttachment


def count_unread(account_id: uuid.UUID) -> int:
    """How many messages the reader has not opened."""
    query = select(func.count()).select_from(Message).where(Message.account_id == account_id, Message.read_at.is_(None))
    return db.session.scalar(query) or 0


def messages_of(account_id: uuid.UUID) -> Select[Message]:
    """The reader's messages, newest first."""
    return select(Message).where(Message.account_id == account_id).order_by(Message.created_at.desc(), Message.id)


def public_notices(topic_kind: str | None = None, topic_id: uuid.UUID | None = None, limit: int = 20) -> list[Notice]:
    """What is published and not replaced, newest first; of one topic when it is named."""
    query = published().limit(limit)
    if topic_kind is not None:
        query = query.where(Notice.topic_kind == topic_kind)
    if topic_id is not None:
        query = query.where(Notice.topic_id == topic_id)
    return list(db.session.scalars(query))


def published() -> Select[Notice]:
    """Announcements that the public sees, newest first, with their attachments."""
    files = selectinload(Notice.attachments).joinedload(NoticeAttachment.file)
    return select(Notice).where(Notice.state == "published").options(files).order_by(Notice.published_at.desc(), Notice.id)


def list_notices(topic_kind: str, topic_id: uuid.UUID | None) -> list[Notice]:
    """All announcements of a topic, drafts too, newest first: for those who write them."""
    query = select(Notice).where(Notice.topic_kind == topic_kind, Notice.topic_id == topic_id)
    files = selectinload(Notice.attachments).joinedload(NoticeAttachment.file)
    return list(db.session.scalars(query.options(files).order_by(Notice.created_at.desc())))


def replaced_by(notice_id: uuid.UUID) -> Notice | None:
    """The published correction of an announcement."""
    query = select(Notice).where(Notice.replaces_id == notice_id, Notice.published_at.is_not(None))
    return db.session.scalars(query.order_by(Notice.published_at.desc())).first()
