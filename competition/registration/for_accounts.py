"""What accounts ask of this room: entries made for a person become that person's own, and follow when it is corrected."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from hmac import compare_digest

from sqlalchemy import select

from competition.accounts.outgoing import FOLLOWERS, HEIRS, HOLDERS, PROOFS
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import db
from competition.registration.claims import claim_code
from competition.registration.models import Entry
from competition.registration.service_correct import follow_correction


def take_over(person_id: uuid.UUID, account_id: uuid.UUID, actor: Actor, at: datetime) -> None:
    """Within the clerk's act: every entry of the person belongs to the account from now on."""
    mine = select(Entry).where(Entry.person_id == person_id, (Entry.account_id.is_(None)) | (Entry.account_id != account_id))
    for entry in db.session.scalars(mine.with_for_update()):
        entry.account_id = account_id
        audit.record("entry.take_over", actor=actor, subject=("entry", entry.id), at=at, chain=entry.contest_id,
                     details={"account": str(account_id)})


def is_claim_code(person_id: uuid.UUID, code: str) -> bool:
    """Does the code stand on one of the person's cards? Not where another account made an entry: that is the clerk's to decide."""
    entries = list(db.session.scalars(select(Entry).where(Entry.person_id == person_id)))
    if any(entry.account_id is not None for entry in entries):
        return False
    return any(compare_digest(claim_code(entry.id), code) for entry in entries if entry.number)


def entered_under(person_id: uuid.UUID) -> Iterable[uuid.UUID]:
    """The accounts that have an entry of the person."""
    mine = select(Entry.account_id).where(Entry.person_id == person_id, Entry.account_id.is_not(None)).distinct()
    return [account for account in db.session.scalars(mine) if account is not None]


HEIRS.append(take_over)
HOLDERS.append(entered_under)
PROOFS.append(is_claim_code)
FOLLOWERS.append(follow_correction)
