"""What the tablets sent, played again: the second way from a judge's tap to a mark, beside the sheets.

Nobody changes what was sent, so a sheet that was changed in another way than by a tablet does not agree with it.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from competition.arena.works import Work
from competition.core.database import db
from competition.judging.models import MarkEvent, Seat
from competition.judging.queries import Mark
from competition.judging.rules import MARK, WITHDRAW

Slot = tuple[uuid.UUID, int, str, int]  # work, seat number, criterion, attempt


@dataclass(frozen=True)
class Sent:
    """One word of a tablet about one mark. ``is_late``: two people let it count afterwards."""

    slot: Slot
    kind: str
    value: str
    device: uuid.UUID
    seq: int
    is_late: bool


def sent_of_event(event_id: uuid.UUID) -> list[Sent]:
    """Everything that was taken about the marks of an event, in the order in which it was taken."""
    query = (
        select(MarkEvent.work_id, Seat.number, MarkEvent.criterion, MarkEvent.attempt, MarkEvent.kind, MarkEvent.value,
               MarkEvent.device_id, MarkEvent.device_seq, MarkEvent.state)
        .join(Seat, Seat.id == MarkEvent.seat_id).join(Work, Work.id == MarkEvent.work_id)
        .where(Work.event_id == event_id, MarkEvent.state.in_(("accepted", "released")), MarkEvent.kind.in_((MARK, WITHDRAW)))
        .order_by(MarkEvent.round_id, MarkEvent.seq)
    )
    return [
        Sent((work_id, number, criterion, attempt), kind, value, device, seq, state == "released")
        for work_id, number, criterion, attempt, kind, value, device, seq, state in db.session.execute(query)
    ]


def replayed(sent: Sequence[Sent], marks: Iterable[Mark]) -> list[Mark]:
    """The marks (of ``judging.queries.marks_of_event``) as they follow from what was sent.

    Where a late mark was let in the order of taking says nothing: the sheet then must have one of those that were sent.
    """
    held: dict[Slot, Sent] = {}
    for one in sent:
        before = held.get(one.slot)
        if before is not None and before.device == one.device and before.seq > one.seq:
            continue  # a tablet's own later word stays
        held.pop(one.slot, None)
        if one.kind == MARK:
            held[one.slot] = one
    late = {one.slot for one in sent if one.is_late}
    said = {(one.slot, one.value) for one in sent if one.slot in late}
    found = {slot: one.value for slot, one in held.items()}
    found |= {mark[:4]: mark[4] for mark in marks if (mark[:4], mark[4]) in said}
    handed_in = {mark[:2] for mark in marks}
    return [(*slot, value) for slot, value in found.items() if slot[:2] in handed_in]
