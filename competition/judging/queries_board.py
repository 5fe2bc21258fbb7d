"""The chief judge's board: works × seats, what is missing, where judges lie too far apart."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from flask_babel import gettext as _
from sqlalchemy import or_, select, union
from sqlalchemy.orm import joinedload

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Round
from competition.contests.naming import named
from competition.core.database import db
from competition.core.formats import joined, together
from competition.judging import rules
from competition.judging.board_rows import Board, Cell, Missing, SeatColumn, Spread, WorkRow, veiled
from competition.judging.models import Excusal, MarkEvent, RoundState, Seat, Sheet
from competition.judging.models_figures import Figure
from competition.judging.models_spread import SpreadDecision
from competition.judging.queries import (
    current_figures,
    excusals_of_round,
    round_state,
    rules_of_round,
    seats_of_round,
)
from competition.judging.queries_close import tablets_of_round
from competition.judging.queries_lacking import set_aside
from competition.judging.queries_paper import half_keyed
from competition.judging.queries_seats import sitters_now
from competition.judging.queries_spread import OPEN, Apart, PartState, apart_of, told_words
from competition.judging.queries_spread import open_words as undecided
from competition.judging.rules_figures import FigureKey, figure_keys, lacking
from competition.judging.words_close import open_words
from competition.scoring.exact import text as exact_text
from competition.scoring.model import Event
from competition.scoring.panels import sheet_total


@dataclass(frozen=True)
class Source:
    """What one reading of the database gave."""

    event: Event
    works: list[Work]
    seats: list[Seat]
    sheets: dict[tuple[uuid.UUID, uuid.UUID], Sheet]
    excusals: list[Excusal]
    figures: dict[tuple[uuid.UUID, str], Figure]
    columns: tuple[SeatColumn, ...]
    is_locked: bool
    apart: Apart

    @cached_property
    def keys(self) -> tuple[FigureKey, ...]:
        """The figures that a work of the event has."""
        return tuple(figure_keys(self.event))

    @cached_property
    def needed(self) -> dict[uuid.UUID, int]:
        """How many marks a whole sheet has, by panel."""
        panels = {seat.panel_id: seat.panel.criteria for seat in self.seats}
        return {key: len(rules.slots(rules.sheet_criteria(self.event, criteria))) for key, criteria in panels.items()}

    @cached_property
    def figures_of(self) -> dict[uuid.UUID, list[tuple[str, str]]]:
        """Key and value of the figures of each work."""
        found: dict[uuid.UUID, list[tuple[str, str]]] = {}
        for (work_id, key), figure in self.figures.items():
            if figure.value:
                found.setdefault(work_id, []).append((key, figure.value))
        return found

    def is_excused(self, seat: Seat | None, work: Work) -> bool:
        return any(x.covers(seat.id if seat is not None else None, work.id) for x in self.excusals)


def board(round_id: uuid.UUID, at: datetime | None = None, *, sees: bool = True) -> Board:
    """The whole board of a round, by a constant number of statements. ``at``: when it is read, for how old tablets' words are;
    ``sees``: whoever reads it may see sheets."""
    source = read(round_id, at=at)
    rows = rows_of(source) if sees else tuple(veiled(row) for row in rows_of(source))
    missing = (*(Missing(row.code, what) for row in rows for what in row.gaps), *(Missing(*one) for one in half_keyed(round_id)),
               *missing_tablets(source.columns))
    return Board(round_state(round_id), source.columns, rows, missing, set_aside([round_id]).get(round_id, 0), source.keys)


def read(round_id: uuid.UUID, since: int | None = None, *, at: datetime | None = None) -> Source:
    """Everything of a round that the board is made of; ``since``: only works with sheets or figures newer than this version."""
    session = db.session()
    round_ = session.get_one(Round, round_id, options=[joinedload(Round.event)])
    state = session.get(RoundState, round_id)
    _version, event = rules_of_round(round_, state)
    seats = seats_of_round(round_id)
    columns = _columns(round_id, seats, at)
    works = list_works(round_id) if since is None else _changed_works(round_id, since, columns)
    only = None if since is None else [work.id for work in works]
    sheets = select(Sheet).where(Sheet.round_id == round_id)
    found = session.scalars(sheets if only is None else sheets.where(Sheet.work_id.in_(only)))
    by_seat, excusals = {(s.work_id, s.seat_id): s for s in found}, excusals_of_round(round_id)
    return Source(event, works, seats, by_seat, excusals, current_figures(round_id, only), columns,
                  state is not None and state.state == "locked", apart_of(round_id, event, works, seats, by_seat, excusals, only))


def _changed_works(round_id: uuid.UUID, since: int, columns: Iterable[SeatColumn]) -> list[Work]:
    """The works of which anything is newer than a version of the round, or of which tablets hold something; read by the change,
    not by the round."""
    changed = union(select(Sheet.work_id).where(Sheet.round_id == round_id, Sheet.version > since),
                    select(MarkEvent.work_id).where(MarkEvent.round_id == round_id, MarkEvent.seq > since),
                    select(Figure.work_id).where(Figure.round_id == round_id, Figure.seq > since),
                    select(SpreadDecision.work_id).where(SpreadDecision.round_id == round_id, SpreadDecision.seq > since))
    held = {uuid.UUID(work) for column in columns for tablet in column.tablets for work in tablet.held}
    query = select(Work).where(Work.round_id == round_id, or_(Work.id.in_(changed), Work.id.in_(held)))
    return list(db.session.scalars(query.order_by(Work.position)))


def rows_of(source: Source) -> tuple[WorkRow, ...]:
    """The works that were read, as rows."""
    return tuple(_row(source, work) for work in source.works)


def _columns(round_id: uuid.UUID, seats: list[Seat], at: datetime | None) -> tuple[SeatColumn, ...]:
    sitters, tablets = sitters_now([seat.id for seat in seats]), tablets_of_round(round_id, seats, at)
    return tuple(SeatColumn(seat.id, seat.number, sitters[seat.id].name if seat.id in sitters else "",
                            tuple(tablet for tablet in tablets if tablet.seat_id == seat.id)) for seat in seats)


def _row(source: Source, work: Work) -> WorkRow:
    states = source.apart.states(work)
    spreads = tuple(found for one in states if (found := _spread(one)) is not None)
    far = {seat for spread in spreads for seat in spread.seats}
    cells = tuple(_cell(source, work, seat, column, seat.number in far) for seat, column in zip(source.seats, source.columns, strict=True))
    figures = tuple(source.figures_of.get(work.id, ()))
    is_excused = work.away is not None or source.is_excused(None, work)
    missing = [_missing_sheet(cell) for cell in cells if cell.is_lacking and cell.state != rules.REMARKING]
    if not is_excused:
        missing += [_("未录入%(what)s", what=key.label) for key in lacking(source.keys, {key for key, _value in figures})]
    apart = [_missing_sheet(cell) for cell in cells if cell.state == rules.REMARKING]
    apart += [undecided(one) for one in states if one.state in OPEN]
    return WorkRow(work.id, work.code, work.batch, work.station, cells, spreads, figures, is_excused, work.away,
                   missing=tuple(missing), apart=tuple(apart))


def _cell(source: Source, work: Work, seat: Seat, column: SeatColumn, is_far: bool) -> Cell:
    sheet, held = source.sheets.get((work.id, seat.id)), column.held(work.id)
    marks = sheet.marks if sheet else {}
    state = state_of(source, work, seat, sheet)
    total = sheet_total(source.event, _plain(marks)) if not seat.panel.criteria else None
    return Cell(seat.number, "held" if held and state == "none" else state, len(marks), source.needed[seat.panel_id], _text(total),
                is_far, held)


def state_of(source: Source, work: Work, seat: Seat, sheet: Sheet | None) -> str:
    """What was handed in stays; what was only begun is waited for no more once nobody is to mark it."""
    if sheet is not None and sheet.state == "handed_in":
        return "locked" if source.is_locked else sheet.state
    if work.away is not None:
        return work.away.lower()
    if source.is_excused(seat, work):
        return "excused"
    return "none" if sheet is None or (not sheet.marks and sheet.state == "scoring") else sheet.state


def _plain(marks: dict[str, dict[str, str]]) -> dict[str, str]:
    return {key.rpartition("/")[0]: mark["value"] for key, mark in sorted(marks.items())}


def _text(value: Decimal | Fraction | None) -> str:
    return "" if value is None else exact_text(value)


def _spread(one: PartState) -> Spread | None:
    """Among handed-in sheets only: what is still being marked is nobody's disagreement."""
    if one.gap is None:
        return None
    wide = one.gap.wide
    seats = tuple(sorted(int(seat) for seat in wide.seats))
    return Spread(named(one.part.name), _text(wide.spread), _text(wide.limit), _text(wide.median), seats, wide.blocks,
                  tuple(told_words(one)))


def spread_words(spread: Spread) -> str:
    """One spread as a sentence with its numbers, and where it stands."""
    facts = {"what": spread.criterion, "spread": spread.spread, "limit": spread.limit, "median": spread.median,
             "seats": joined(_("%(n)s 号", n=seat) for seat in spread.seats)}
    said: str = (_("“%(what)s”相差 %(spread)s，限 %(limit)s；中位数 %(median)s，偏离：%(seats)s", **facts) if spread.criterion
                 else _("合计相差 %(spread)s，限 %(limit)s；中位数 %(median)s，偏离：%(seats)s", **facts))
    return together(said + _("。"), *spread.told) if spread.told else said


def _missing_sheet(cell: Cell) -> str:
    facts = {"n": cell.seat, "done": cell.done, "needed": cell.needed, "held": cell.held}
    if cell.state == "none":
        said = _("%(n)s 号裁判：未评分", **facts)
    elif cell.state == "held":
        said = _("%(n)s 号裁判：平板上有 %(held)s 项未上传", **facts)
    elif cell.state == "scoring":
        said = _("%(n)s 号裁判：评分中（%(done)s/%(needed)s）", **facts)
    elif cell.state == rules.REMARKING:
        said = _("%(n)s 号裁判：因分歧重新评分，还没有提交", **facts)
    else:
        said = _("%(n)s 号裁判：已退回，未重新提交", **facts)
    return str(said)


def missing_tablets(seats: Iterable[SeatColumn]) -> list[Missing]:
    """Tablets whose outbox is not proved empty."""
    return [Missing("", open_words(seat.number, tablet)) for seat in seats for tablet in seat.open_tablets]
