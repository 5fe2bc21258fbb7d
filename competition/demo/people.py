"""Invented people as rows, written in bulk exactly as ``accounts.service`` writes one."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import insert

from competition.accounts.identity import Document
from competition.accounts.pinyin import name_pinyin
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.crypto import blind_index, seal
from competition.core.database import atomic, db
from competition.core.masks import mask_phone
from competition.demo.names import Invented

SLICE = 5000


def document_of(person: Invented) -> Document:
    """The person's card."""
    return Document("id_card", "CN", person.number, person.born, person.sex)


def key_of(person: Invented) -> str:
    """By which the person is known everywhere."""
    return blind_index("document", document_of(person).index_text)


def new_id(random: Random) -> uuid.UUID:
    """A random key from the seed: the same demonstration has the same addresses."""
    return uuid.UUID(int=random.getrandbits(128), version=4)


def add_people(people: Sequence[Invented], random: Random, at: datetime, *, contactable: bool) -> dict[int, uuid.UUID]:
    """Person rows by serial. Without ``contactable`` they are roster people: hash and masked number only."""
    ids = {person.serial: new_id(random) for person in people}
    for start in range(0, len(people), SLICE):
        part = people[start:start + SLICE]
        with atomic() as session:
            session.execute(insert(db.metadata.tables["person"]), [_row(person, ids[person.serial], at, contactable) for person in part])
            audit.record("demo.people", actor=SYSTEM, subject=("person", "many"), at=at, details={"count": len(part)})
    return ids


def _row(person: Invented, row: uuid.UUID, at: datetime, contactable: bool) -> dict[str, Any]:
    document = document_of(person)
    values: dict[str, Any] = {
        "id": row, "name": person.name, "name_pinyin": name_pinyin(person.name) if contactable else "", "sex": person.sex,
        "birth_on": person.born, "document_type": document.kind, "document_country": "CN",
        "document_index": blind_index("document", document.index_text), "document_masked": document.masked,
        "name_bo": None, "created_at": at,
        "document_sealed": None, "phone_sealed": None, "phone_index": None, "phone_masked": None,
    }
    if contactable:
        values |= {
            "document_sealed": seal(document.number, "person", "document", row),
            "phone_sealed": seal(person.phone, "person", "phone", row),
            "phone_index": blind_index("phone", person.phone), "phone_masked": mask_phone(person.phone),
        }
    return values


def serials(people: Iterable[Invented]) -> list[int]:
    """The serials in order."""
    return [person.serial for person in people]
