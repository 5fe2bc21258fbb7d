"""Messages once their reader had the own data erased: the own ones are gone, in those of others the name is."""

import uuid
from collections.abc import Collection

from sqlalchemy import delete, or_, select

from competition.core.database import db
from competition.notices.models import Delivery, Message


def erase_messages(account_id: uuid.UUID, names: Collection[str], readers: Collection[uuid.UUID], word: str) -> None:
    """Within the caller's act: the messages of this account with what the adapters noted; of what ``readers`` were told
    about somebody with one of ``names`` only ``word`` is left."""
    session = db.session()
    own = select(Message.id).where(Message.account_id == account_id)
    session.execute(delete(Delivery).where(Delivery.message_id.in_(own)))
    session.execute(delete(Message).where(Message.account_id == account_id))
    for name in names:
        told = or_(Message.title.contains(name, autoescape=True), Message.body.contains(name, autoescape=True))
        for message in session.scalars(select(Message).where(Message.account_id.in_(readers), told)):
            message.title, message.body = message.title.replace(name, word), word
