"""People who are somebody else from now on: those who had the own data erased still count, of nobody in particular; those who turn out
to be another are listed as that one."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

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


def show_as_one(old: int, into: int) -> None:
    """Within the act in which two participants become one: rosters list that one as they listed the other. Where a roster named both,
    what it said of the one who stays is shown."""
    origins = select(Fact.origin).where(Fact.participant_id == old)
    this = RosterPerson.participant_id == old, RosterPerson.origin.in_(origins)
    known = select(RosterPerson.origin).where(RosterPerson.participant_id == into, RosterPerson.origin.in_(origins))
    db.session.execute(delete(RosterPerson).where(*this, RosterPerson.origin.in_(known.scalar_subquery())))
    db.session.execute(update(RosterPerson).where(*this).values(participant_id=into), execution_options={"synchronize_session": False})
