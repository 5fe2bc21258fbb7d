"""What is handed in: plain values, already read and checked one by one."""

import uuid
from dataclasses import dataclass
from datetime import date

from competition.accounts.identity import Document


@dataclass(frozen=True)
class EntryData:
    """One entry as it is handed in. ``document`` None keeps the one already known (a correction).

    ``phone`` is E.164. ``union_id`` None: the union of the region. ``events`` are events for persons;
    compulsory ones are added by the service.
    """

    name: str
    document: Document | None
    phone: str | None
    region_code: str
    employer: str = ""
    employer_ownership: str = "unknown"
    union_id: uuid.UUID | None = None
    trade: str = ""
    skill_level: int | None = None
    worker_group: str = "none"
    events: frozenset[uuid.UUID] = frozenset()
    team_id: uuid.UUID | None = None
    team_role: str = "member"
    name_bo: str | None = None


def with_birth(document: Document, birth_on: date | None, sex: str | None) -> Document:
    """The document with what its number does not say; numbers of 18 digits speak for themselves."""
    return document._replace(birth_on=document.birth_on or birth_on, sex=document.sex or sex)


@dataclass(frozen=True)
class TeamData:
    """One team as it is set up. ``events`` are events for teams."""

    name: str
    union_id: uuid.UUID
    leader_id: uuid.UUID | None = None
    leader_name: str = ""
    coach_name: str = ""
    events: frozenset[uuid.UUID] = frozenset()
