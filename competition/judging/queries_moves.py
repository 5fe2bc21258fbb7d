"""Sheets that were moved to their right work: what was moved, and how it is told."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from competition.arena.works import Work
from competition.core.database import db
from competition.judging.models import SheetReturn
from competition.judging.models_close import SheetMove
from competition.judging.queries_evidence import Note, notes_of


@dataclass(frozen=True)
class Told:
    """A move as it looks from one of its two works: the other one's code, and whether the marks came from there."""

    move: SheetMove
    other: str
    came: bool


def moves_of_work(work_id: uuid.UUID) -> list[SheetMove]:
    """The moves from or to a work, newest first, with both works and the seat."""
    query = select(SheetMove).where(or_(SheetMove.from_work_id == work_id, SheetMove.to_work_id == work_id))
    found = query.order_by(SheetMove.seq.desc()).options(
        joinedload(SheetMove.seat), joinedload(SheetMove.from_work), joinedload(SheetMove.to_work))
    return list(db.session.scalars(found))


def moves_at(works: Mapping[uuid.UUID, uuid.UUID], returns: Sequence[SheetReturn]) -> dict[uuid.UUID, Told]:
    """Those of these returns of sheets (sheet → work in ``works``) that a move brought about, by the return."""
    ids = list(works.values())
    query = select(SheetMove).where(SheetMove.seq.in_([row.version for row in returns]),
                                    or_(SheetMove.from_work_id.in_(ids), SheetMove.to_work_id.in_(ids)))
    moves = db.session.scalars(query.options(joinedload(SheetMove.from_work), joinedload(SheetMove.to_work))).all()
    at = {(move.seq, work): move for move in moves for work in (move.from_work_id, move.to_work_id)}
    return {row.id: seen_from(at[row.version, works[row.sheet_id]], works[row.sheet_id])
            for row in returns if (row.version, works[row.sheet_id]) in at}


def seen_from(move: SheetMove, work_id: uuid.UUID) -> Told:
    """The move as it looks from one of its works."""
    came = move.to_work_id == work_id
    return Told(move, move.from_work.code if came else move.to_work.code, came)


@dataclass(frozen=True)
class Beside:
    """A comment or photo on the page of a work. ``made``: the code of the work that it was made at, ``went``: of the one that its
    sheet was moved to since; each "" where it is this work."""

    note: Note
    made: str
    went: str


def notes_beside(round_id: uuid.UUID, work_id: uuid.UUID) -> list[Beside]:
    """The comments and photos that were made at a work, and those of sheets that were moved to it."""
    moves = moves_of_round(round_id)
    codes = {work.id: work.code for move in moves for work in (move.from_work, move.to_work)}
    found = []
    for note in notes_of({work_id, *codes}):
        place = place_now(note, moves)
        if work_id in (note.work_id, place):
            found.append(Beside(note, "" if note.work_id == work_id else codes[note.work_id], "" if place == work_id else codes[place]))
    return found


def notes_lying(seat_id: uuid.UUID, work: Work) -> list[Note]:
    """The comments and photos of a seat's sheet that lies at a work now, wherever it lay when they were made."""
    moves = [move for move in moves_of_round(work.round_id) if move.seat_id == seat_id]
    places = {work.id, *(move.from_work_id for move in moves), *(move.to_work_id for move in moves)}
    return [note for note in notes_of(places, seat_id) if place_now(note, moves) == work.id]


def moves_of_round(round_id: uuid.UUID) -> list[SheetMove]:
    """All moves of a round in their order, with both works."""
    query = select(SheetMove).where(SheetMove.round_id == round_id).order_by(SheetMove.seq)
    return list(db.session.scalars(query.options(joinedload(SheetMove.from_work), joinedload(SheetMove.to_work))))


def place_now(note: Note, moves: Sequence[SheetMove]) -> uuid.UUID:
    """The work at which the sheet lies now that the note was made on: it goes where its marks go."""
    place = note.work_id
    for move in moves:
        if move.seat_id != note.seat_id or move.seq <= note.seq:
            continue
        if move.from_work_id == place:
            place = move.to_work_id
        elif move.is_swap and move.to_work_id == place:
            place = move.from_work_id
    return place


def told_words(told: Told, row: SheetReturn) -> str:
    """What the judge is told on the tablet about a sheet that was moved."""
    facts = {"code": told.other, "reason": row.reason}
    if told.move.is_swap:
        said = _("与作品 %(code)s 的评分对调，请核对后重新提交。%(reason)s", **facts)
    elif told.came:
        said = _("由作品 %(code)s 移来，请核对后重新提交。%(reason)s", **facts)
    else:
        said = _("这里的评分已移到作品 %(code)s，本件请另行评分。%(reason)s", **facts)
    return str(said)


def move_words(move: SheetMove) -> str:
    """A move in the record of its works."""
    facts = {"n": move.seat.number, "one": move.from_work.code, "other": move.to_work.code}
    said: str = (_("%(n)s 号裁判：作品 %(one)s 和 %(other)s 的评分对调", **facts) if move.is_swap
                 else _("%(n)s 号裁判：作品 %(one)s 的评分移到作品 %(other)s", **facts))
    return said
