"""What a tablet said last about each mark. An older word that comes after it changes nothing, not even where the mark was withdrawn."""

import uuid
from collections.abc import Collection
from typing import Protocol

from sqlalchemy import select

from competition.core.database import db
from competition.judging import rules
from competition.judging.models import MarkEvent
from competition.judging.rules_evidence import EVIDENCE

Place = tuple[uuid.UUID, str, str, int]  # work, kind (mark and withdrawal are one), criterion, attempt


class Word(Protocol):
    """An event, wherever it comes from."""

    @property
    def work_id(self) -> uuid.UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def criterion(self) -> str: ...
    @property
    def attempt(self) -> int: ...


def place_of(event: Word) -> Place:
    """What a later event replaces it in: the same mark, the sheet once more, the reason once more."""
    return event.work_id, rules.MARK if event.kind == rules.WITHDRAW else event.kind, event.criterion, event.attempt


def newest_words(device_id: uuid.UUID, work_ids: Collection[uuid.UUID]) -> dict[Place, int]:
    """The highest number of a tablet's events that count, place by place; comments and photos replace nothing. One statement."""
    if not work_ids:
        return {}
    query = (
        select(MarkEvent.work_id, MarkEvent.kind, MarkEvent.criterion, MarkEvent.attempt, MarkEvent.device_seq)
        .where(MarkEvent.device_id == device_id, MarkEvent.work_id.in_(list(work_ids)), MarkEvent.kind.not_in(EVIDENCE),
               MarkEvent.state.in_(("accepted", "released"))).order_by(MarkEvent.device_seq)
    )
    return {place_of(row): row.device_seq for row in db.session.execute(query)}
