"""What accounts ask of this room: the facts about a person follow when the person is corrected."""

from datetime import datetime

from sqlalchemy import select

from competition.accounts.models import Person
from competition.accounts.outgoing import FOLLOWERS, Corrected
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import db, get
from competition.participation.models import Fact
from competition.registration.models import Entry


def follow_correction(done: Corrected, reason: str, actor: Actor, at: datetime) -> None:
    """Within the clerk's act: facts say the corrected number's key, sex, year of birth, and the union of the one entry.
    The figures follow with the next roll-up."""
    person = get(Person, done.person_id) if done.person_id else None
    if person is None or person.document_index is None:
        return
    before, after = done.keys or (person.document_index, person.document_index)
    contest_id = get(Entry, done.entry_id).contest_id if done.entry_id and done.union_id else None
    taken = set(db.session.scalars(select(Fact.contest_id).where(Fact.person_key == after))) if before != after else set()
    facts = list(db.session.scalars(select(Fact).where(Fact.person_key == before).order_by(Fact.id).with_for_update()))
    for fact in facts:
        if fact.contest_id in taken:
            # Somebody counted there under this number already: one person is one person.
            fact.withdrawn_at = fact.withdrawn_at or at
        else:
            fact.person_key, fact.sex, fact.birth_year = after, person.sex, person.birth_on.year if person.birth_on else None
            fact.union_id = done.union_id if fact.contest_id == contest_id else fact.union_id
    changed = sum(db.session.is_modified(fact) for fact in facts)
    if changed:
        audit.record("participation.correct", actor=actor, subject=("person", person.id), at=at, reason=reason, details={"facts": changed})


FOLLOWERS.append(follow_correction)
