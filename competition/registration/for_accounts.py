"""What accounts ask of this room: entries made for a person become that person's own, and follow when it is corrected."""

import uuid
from datetime import datetime

from sqlalchemy import select

from competition.accounts.outgoing import FOLLOWERS, HEIRS
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import db
from competition.registration.models import Entry
from competition.registration.service_correct import follow_correction


def take_over(person_id: uuid.UUID, account_id: uuid.UUID, actor: Actor, at: datetime) -> None:
    """Within the clerk's act: every entry of the person belongs to the account from now on."""
    mine = select(Entry).where(Entry.person_id == person_id, (Entry.account_id.is_(None)) | (Entry.account_id != account_id))
    for entry in db.session.scalars(mine.with_for_update()):
        entry.account_id = account_id
        audit.record("entry.take_over", actor=actor, subject=("entry", entry.id), at=at, chain=entry.contest_id,
                     details={"account": str(account_id)})


HEIRS.append(take_over)
FOLLOWERS.append(follow_correction)
