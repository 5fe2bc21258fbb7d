"""评分表 on paper: what each seat handed in, work by work, in the order in which the tablet shows it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import prod
from typing import Any

from competition.arena.works import Work
from competition.contests.models import Round, RulebookVersion
from competition.core.database import db
from competition.judging import rules
from competition.judging.models import RoundState, Seat, Sheet, Sitter
from competition.judging.queries import rules_of_round
from competition.judging.queries_board import Source, read, state_of
from competition.judging.queries_evidence import Note, Place, Signed, notes_of, valid_signatures
from competition.judging.queries_moves import moves_of_round, place_now
from competition.judging.queries_seats import sitters_of_seats
from competition.scoring import exact
from competition.scoring.model import Criterion, Event, Group
from competition.scoring.panels import sheet_total
from competition.scoring.units import taken

# So many works stand side by side on a page that lies on its side, wide enough to be signed.
ACROSS = 6


@dataclass(frozen=True)
class Column:
    """One work on the paper. ``marks`` by slot and ``total`` only where the sheet is handed in."""

    code: str
    batch: int
    station: int
    state: str
    marks: Mapping[str, str]
    total: str
    check_code: str
    handed_in_at: datetime | None
    signed: Signed | None


@dataclass(frozen=True)
class Printed:
    """The paper of one seat: lines of (depth, criterion or heading), works in pages of ``ACROSS``."""

    seat: Seat
    sitters: Sequence[Sitter]
    lines: Sequence[tuple[int, Criterion | Group]]
    pages: Sequence[Sequence[Column]]
    notes: Sequence[tuple[str, str, Note]]


def printed(round_: Round, seat_id: uuid.UUID | None = None) -> tuple[RulebookVersion, Event, list[Printed]]:
    """The papers of all seats of a round, or of one; by a constant number of statements."""
    version, event = rules_of_round(round_, db.session.get(RoundState, round_.id))
    source = read(round_.id)
    seats = [seat for seat in source.seats if seat_id in (None, seat.id)]
    sheets = [sheet for sheet in source.sheets.values() if seat_id in (None, sheet.seat_id)]
    signed, sat = valid_signatures(sheets), sitters_of_seats([seat.id for seat in seats])
    notes, moves = notes_of([work.id for work in source.works], seat_id), moves_of_round(round_.id)
    placed = [(note, place_now(note, moves)) for note in notes]
    return version, event, [_paper(source, seat, sat.get(seat.id, []), signed, placed) for seat in seats]


def _paper(source: Source, seat: Seat, sat: Sequence[Sitter], signed: Mapping[Place, Signed],
           notes: Iterable[tuple[Note, uuid.UUID]]) -> Printed:
    criteria = rules.sheet_criteria(source.event, seat.panel.criteria)
    groups = {key for item in criteria for key in item.groups}
    lines = [(depth, item) for depth, item in source.event.outline()
             if item in criteria or (isinstance(item, Group) and item.key in groups)]
    columns = [_column(source, seat, work, criteria, signed) for work in source.works]
    codes = {work.id: work.code for work in source.works}
    # Where the sheet lies now, and where it was made when that is another work.
    mine = [(codes[place], "" if place == note.work_id else codes[note.work_id], note) for note, place in notes if note.seat_id == seat.id]
    pages = [columns[start:start + ACROSS] for start in range(0, len(columns), ACROSS)]
    return Printed(seat, sat, lines, pages, mine)


def _column(source: Source, seat: Seat, work: Work, criteria: Sequence[Criterion], signed: Mapping[Place, Signed]) -> Column:
    sheet = source.sheets.get((work.id, seat.id))
    is_in = sheet is not None and sheet.state == "handed_in"
    marks = {key: rules.value_of(mark) for key, mark in sheet.marks.items()} if sheet is not None and is_in else {}
    return Column(
        work.code, work.batch, work.station, state_of(source, work, seat, sheet), marks,
        _total(source.event, seat, criteria, marks) if is_in else "", _code(sheet) if is_in else "",
        sheet.handed_in_at if sheet is not None and is_in else None, signed.get((seat.id, work.id)))


def _code(sheet: Sheet | None) -> str:
    return (sheet.check_code or "") if sheet is not None else ""


def _total(event: Event, seat: Seat, criteria: Sequence[Criterion], marks: Mapping[str, str]) -> str:
    if not seat.panel.criteria and all(item.attempts == 1 for item in criteria):
        total: Any = sheet_total(event, {key.rpartition("/")[0]: value for key, value in marks.items()})
    else:
        total = _sum(event, criteria, marks)
    return "" if total is None else exact.text(total)


def _sum(event: Event, criteria: Sequence[Criterion], marks: Mapping[str, str]) -> Any:
    """As the tablet adds it: weighted points, unless a group has a most of its own."""
    total = Fraction(0)
    for item in criteria:
        around = [event.group(key) for key in item.groups]
        if any(group.cap is not None for group in around):
            return None
        given = [item.marking.points(marks[key]) for n in range(1, item.attempts + 1) if (key := rules.slot(item.key, n)) in marks]
        total += taken(item.take, given or [Fraction(0)]) * Fraction(prod((group.weight for group in around), start=item.weight))
    return exact.number(total)
