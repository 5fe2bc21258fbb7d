"""Facts about somebody who had the own data erased: they still count, of nobody in particular."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from competition.core.database import db
from competition.counting.models import Fact, Participant
from competition.counting.service_facts import become
from competition.returns.models_import import RosterPerson


def unname_facts(keys: Mapping[str, UUID], at: datetime) -> int:
    """Within the caller's act: instead of the blind index of a document the participant is told apart by the id of the empty
    person (as ``service.person_key`` does of one without a document), so that one person still counts as one. What lists of rosters
    show of the person goes. Returns how many facts say so."""
    _forget_shown(list(keys))
    return sum(len(become(key, f"person:{person_id}", at)) for key, person_id in keys.items())


def _forget_shown(keys: Collection[str]) -> None:
    people = select(Participant.id).where(Participant.key.in_(keys))
    origins = select(Fact.origin).where(Fact.participant_id.in_(people))
    db.session.execute(delete(RosterPerson).where(RosterPerson.participant_id.in_(people), RosterPerson.origin.in_(origins)))
