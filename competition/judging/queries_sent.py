"""What the tablets sent, played again: the second way from a judge's tap to a mark, beside the sheets.

Nobody changes what was sent, so a sheet that was changed in another way than by a tablet, or by a move that the chief judge
signed with a reason, does not agree with it.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from competition.arena.works import Work
from competition.core.database import db
from competition.judging.models import MarkEvent, Seat
from competition.judging.models_close import SheetMove
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


@dataclass(frozen=True)
class Moved:
    """The chief judge moved a seat's marks from a work to another one (``is_swap``: and the other's back)."""

    work: uuid.UUID
    other: uuid.UUID
    seat: int
    is_swap: bool

    def goes_to(self, slot: Slot) -> Slot | None:
        """Where a mark at this place is afterwards; None when it stays."""
        ways = {self.work: self.other} | ({self.other: self.work} if self.is_swap else {})
        return (ways[slot[0]], *slot[1:]) if slot[1] == self.seat and slot[0] in ways else None


def sent_of_event(event_id: uuid.UUID) -> list[Sent | Moved]:
    """Everything that was taken about the marks of an event, and what was moved, in the order in which it happened."""
    query = (
        select(MarkEvent.round_id, MarkEvent.seq, MarkEvent.work_id, Seat.number, MarkEvent.criterion, MarkEvent.attempt, MarkEvent.kind,
               MarkEvent.value, MarkEvent.device_id, MarkEvent.device_seq, MarkEvent.state)
        .join(Seat, Seat.id == MarkEvent.seat_id).join(Work, Work.id == MarkEvent.work_id)
        .where(Work.event_id == event_id, MarkEvent.state.in_(("accepted", "released")), MarkEvent.kind.in_((MARK, WITHDRAW)))
    )
    moves = (
        select(SheetMove.round_id, SheetMove.seq, SheetMove.from_work_id, SheetMove.to_work_id, Seat.number, SheetMove.is_swap)
        .join(Seat, Seat.id == SheetMove.seat_id).join(Work, Work.id == SheetMove.from_work_id).where(Work.event_id == event_id)
    )
    found: dict[tuple[uuid.UUID, int], Sent | Moved] = {
        (round_id, at): Sent((work_id, number, criterion, attempt), kind, value, device, seq, state == "released")
        for round_id, at, work_id, number, criterion, attempt, kind, value, device, seq, state in db.session.execute(query)
    }
    found |= {(round_id, at): Moved(work, other, number, is_swap)
              for round_id, at, work, other, number, is_swap in db.session.execute(moves)}
    return [found[key] for key in sorted(found)]


def replayed(sent: Sequence[Sent | Moved], marks: Iterable[Mark]) -> list[Mark]:
    """The marks (of ``judging.queries.marks_of_event``) as they follow from what was sent.

    Where a late mark was let in the order of taking says nothing: the sheet then must have one of those that were sent.
    """
    held: dict[Slot, Sent] = {}
    heard: Heard = {}
    late = {one.slot for one in sent if isinstance(one, Sent) and one.is_late}
    said: set[tuple[Slot, str]] = set()
    for one in sent:
        if isinstance(one, Moved):
            _move(one, held, late, said)
        else:
            _hear(one, held, heard, late, said)
    found = {slot: one.value for slot, one in held.items()}
    found |= {mark[:4]: mark[4] for mark in marks if (mark[:4], mark[4]) in said}
    handed_in = {mark[:2] for mark in marks}
    return [(*slot, value) for slot, value in found.items() if slot[:2] in handed_in]


Heard = dict[tuple[Slot, uuid.UUID], int]  # what each tablet said last about a mark, withdrawals too


def _hear(one: Sent, held: dict[Slot, Sent], heard: Heard, late: set[Slot], said: set[tuple[Slot, str]]) -> None:
    if one.slot in late:
        said.add((one.slot, one.value))
    before, place = held.get(one.slot), (one.slot, one.device)
    if heard.get(place, 0) > one.seq or (before is not None and before.device == one.device and before.seq > one.seq):
        return  # a tablet's own later word stays
    heard[place] = one.seq
    held.pop(one.slot, None)
    if one.kind == MARK:
        held[one.slot] = one


def _move(move: Moved, held: dict[Slot, Sent], late: set[Slot], said: set[tuple[Slot, str]]) -> None:
    """What is held goes along; of a place that a late mark is about it is not known what was held, only what was said."""
    ways = {slot: to for slot in [*held, *late] if (to := move.goes_to(slot)) is not None}
    taken = {slot: held.pop(slot) for slot in ways if slot in held}
    told = {(ways[slot], value) for slot, value in said if slot in ways}
    doubted = {to for slot, to in ways.items() if slot in late}
    held.update({ways[slot]: one for slot, one in taken.items() if slot not in late})
    said |= told
    late |= doubted
