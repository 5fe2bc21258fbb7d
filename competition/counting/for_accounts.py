"""What accounts ask of this room: the facts about a person follow when the person is corrected."""

import uuid
from datetime import datetime

from sqlalchemy import select

from competition.accounts.models import Person
from competition.accounts.outgoing import FOLLOWERS, Corrected
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import db, find, get
from competition.counting.models import Activity, Fact, Participant
from competition.counting.rules_periods import UNKNOWN, age_band
from competition.counting.service_facts import Standings, become, facts_of, mark_of
from competition.registration.models import Entry


def follow_correction(done: Corrected, reason: str, actor: Actor, at: datetime) -> None:
    """Within the clerk's act: facts say the corrected number's key, sex, band of age, and the union of the one entry.
    The figures follow with the next roll-up."""
    person = get(Person, done.person_id) if done.person_id else None
    if person is None or person.document_index is None:
        return
    before, after = done.keys or (person.document_index, person.document_index)
    moved = become(before, after, at) if before != after else []
    somebody = find(Participant, key=after)
    facts = [fact for fact in facts_of(somebody.id) if fact.withdrawn_at is None] if somebody else []
    changed = _stand_anew(facts, person, _activity_of(done), done.union_id)
    if changed or moved:
        audit.record("participation.correct", actor=actor, subject=("person", person.id), at=at, reason=reason,
                     details={"facts": len({fact.id for fact in (*changed, *moved)})})


def _activity_of(done: Corrected) -> int | None:
    """The activity of the entry whose union is corrected."""
    if not done.entry_id or not done.union_id:
        return None
    return db.session.scalar(select(Activity.id).where(Activity.contest_id == get(Entry, done.entry_id).contest_id))


def _stand_anew(facts: list[Fact], person: Person, activity_id: int | None, union_id: uuid.UUID | None) -> list[Fact]:
    standings, changed, born = Standings(), [], person.birth_on.year if person.birth_on else None
    for fact in facts:
        old = fact.standing
        place = standings.place(union_id, old.place.region_code) if fact.activity_id == activity_id else old.place_id
        number = standings.at(place, old, age_band(born, fact.present_on.year), person.sex or UNKNOWN)
        if number != fact.standing_id:
            fact.standing_id = number
            changed.append(fact)
    mark_of(changed)
    return changed


FOLLOWERS.append(follow_correction)
