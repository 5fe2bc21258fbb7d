"""Telling people: a message each, a delivery per channel, and the work that sends them on."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select, update

from competition.accounts.models import Account
from competition.core import jobs
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, db, get
from competition.core.errors import NotFound
from competition.core.languages import SOURCE, speaking
from competition.notices.channels import ChannelFailed, channels
from competition.notices.models import Delivery, Message

MAX_ATTEMPTS = 5
SLICE = 500


def tell(
    account_ids: Iterable[uuid.UUID | None], *, kind: str, title: Any, body: Any, link: str | None, at: datetime
) -> list[Message]:
    """A message to each account, in the caller's transaction; without an account nobody is told.

    ``title`` and ``body``: lazy words, rendered in the language of each reader. ``link`` is a path of ours.
    Sending it on happens after the commit, in a job.
    """
    with atomic() as session:
        readers = list(dict.fromkeys(a for a in account_ids if a is not None))
        spoken = _spoken(readers)
        words = {code: _words(code, title, body) for code in set(spoken.values())}
        messages = [
            Message(id=uuid.uuid4(), account_id=a, kind=kind, link=link, created_at=at, **words[spoken[a]]) for a in readers
        ]
        session.add_all(messages)
        session.flush()
        session.add_all(Delivery(message_id=m.id, channel=name) for m in messages for name in channels())
        session.flush()
        if messages:
            _ask_for_delivery(at)
    return messages


def _spoken(readers: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The language of each account."""
    found: dict[uuid.UUID, str] = {}
    for start in range(0, len(readers), SLICE):
        query = select(Account.id, Account.locale).where(Account.id.in_(readers[start:start + SLICE]))
        found.update((account, locale) for account, locale in db.session.execute(query))
    return {reader: found.get(reader, SOURCE) for reader in readers}


def _words(code: str, title: Any, body: Any) -> dict[str, str]:
    with speaking(code):
        return {"title": str(title), "body": str(body)}


def _ask_for_delivery(at: datetime) -> None:
    # One waiting job sends everything that is queued when it starts.
    waiting = select(jobs.Job.id).where(jobs.Job.kind == "notices.deliver", jobs.Job.state == "queued").limit(1)
    if db.session.scalars(waiting).first() is None:
        jobs.start("notices.deliver", title=_("发送消息"), payload={}, actor=SYSTEM, at=at)


def deliver(delivery_id: uuid.UUID, *, at: datetime) -> str:
    """Try one delivery; returns its state. Failed ones are tried again, a few times."""
    with atomic():
        delivery = get(Delivery, delivery_id, lock=True)
        if delivery.state not in ("queued", "failed"):
            return delivery.state
        delivery.attempts += 1
        delivery.tried_at = at
        try:
            channels()[delivery.channel].send(delivery)
        except (ChannelFailed, KeyError) as error:
            delivery.error = str(error)[:200]
            delivery.state = "given_up" if delivery.attempts >= MAX_ATTEMPTS else "failed"
        else:
            delivery.state, delivery.error = "sent", None
    return delivery.state


def list_undelivered(limit: int = 500) -> list[uuid.UUID]:
    """Deliveries that wait for their first or next try."""
    query = select(Delivery.id).where(Delivery.state.in_(("queued", "failed"))).order_by(Delivery.attempts).limit(limit)
    return list(db.session.scalars(query))


def read_message(message_id: uuid.UUID, *, actor: Actor, at: datetime) -> Message:
    """The reader opened the own message; somebody else's does not exist."""
    with atomic():
        message = get(Message, message_id, lock=True)
        if message.account_id != actor.id:
            raise NotFound(_("没有找到这条消息。"))
        message.read_at = message.read_at or at
    return message


def read_all(*, actor: Actor, at: datetime) -> None:
    """The reader has seen all own messages."""
    with atomic() as session:
        mine = (Message.account_id == actor.id) & Message.read_at.is_(None)
        session.execute(update(Message).where(mine).values(read_at=at))
