"""Facts about somebody who had the own data erased: they still count, of nobody in particular."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select, update

from competition.core.database import db
from competition.participation.models import Fact


def unname_facts(keys: Mapping[str, UUID]) -> int:
    """Within the caller's act: instead of the blind index of a document the facts say the id of the empty person (as
    ``service.person_key`` does of one without a document), so that one person still counts as one. Returns how many."""
    found = 0
    for key, person_id in keys.items():
        found += len(db.session.scalars(select(Fact.id).where(Fact.person_key == key)).all())
        db.session.execute(update(Fact).where(Fact.person_key == key).values(person_key=f"person:{person_id}"))
    return found
