"""Facts about somebody who had the own data erased: they still count, of nobody in particular."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from competition.participation.service_facts import become


def unname_facts(keys: Mapping[str, UUID], at: datetime) -> int:
    """Within the caller's act: instead of the blind index of a document the participant is told apart by the id of the empty
    person (as ``service.person_key`` does of one without a document), so that one person still counts as one. Returns how many
    facts say so."""
    return sum(len(become(key, f"person:{person_id}", at)) for key, person_id in keys.items())
