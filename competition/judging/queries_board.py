"""The chief judge's board: works × seats, what is missing, where judges lie too far apart."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Round
from competition.contests.naming import named
from competition.core.database import db
from competition.core.formats import joined
from competition.judging import rules
from competition.judging.models import Device, DeviceReport, Excusal, Figure, MarkEvent, Panel, RoundPanel, RoundState, Seat, Sheet
from competition.judging.queries import (
    RoundInfo,
    current_figures,
    excusals_of_round,
    quarantined,
    round_state,
    rules_of_round,
    seats_of_round,
)
from competition.judging.queries_seats import live_devices, sitters_now
from competition.judging.rules_figures import FigureKey, figure_keys, lacking
from competition.scoring.exact import text as exact_text
from competition.scoring.model import Event
from competition.scoring.panels import WideSpread, group_points, sheet_total, wide_spread

# Nothing is to be handed in: excused, or nobody works at the station.
NOT_NEEDED = ("excused", "absent", "withdrawn")


@dataclass(frozen=True)
class SeatColumn:
    """A seat, who sits there, and what its tablet last said."""

    id: uuid.UUID
    number: int
    name: str
    is_open: bool
    seen_at: datetime | None
    pending: int | None
    missing: tuple[int, ...]


@dataclass(frozen=True)
class Cell:
    """One sheet on the board. ``state``: none, scoring, handed_in, disputed, excused, absent, withdrawn."""

    seat: int
    state: str
    done: int
    needed: int
    total: str
    is_far: bool = False


@dataclass(frozen=True)
class Spread:
    """Where judges lie too far apart: on the sheet ("" as criterion) or on a criterion."""

    criterion: str
    spread: str
    limit: str
    median: str
    seats: tuple[int, ...]
    blocks: bool


@dataclass(frozen=True)
class WorkRow:
    """One work: its sheets by seat and the figures it has."""

    id: uuid.UUID
    code: str
    batch: int
    station: int
    cells: tuple[Cell, ...]
    spreads: tuple[Spread, ...]
    figures: tuple[tuple[str, str], ...]
    is_excused: bool
    away: str | None = None


@dataclass(frozen=True)
class Missing:
    """One thing that keeps the round from being locked, beside the work it is about ("" for a tablet)."""

    work: str
    what: str

    @property
    def sentence(self) -> str:
        """The same with the work."""
        return f"{self.work} · {self.what}" if self.work else self.what


@dataclass(frozen=True)
class Board:
    """All of a round at one moment."""

    round: RoundInfo
    seats: tuple[SeatColumn, ...]
    works: tuple[WorkRow, ...]
    missing: tuple[Missing, ...]
    quarantine: tuple[MarkEvent, ...] = field(default=())
    figure_keys: tuple[FigureKey, ...] = field(default=())

    @property
    def spreads(self) -> int:
        """How many works have judges far apart."""
        return sum(bool(row.spreads) for row in self.works)

    @property
    def done(self) -> int:
        """Sheets handed in."""
        return sum(cell.state == "handed_in" for row in self.works for cell in row.cells)

    @property
    def needed(self) -> int:
        """Sheets that must be handed in."""
        return sum(cell.state not in NOT_NEEDED for row in self.works for cell in row.cells)


@dataclass(frozen=True)
class _Source:
    """What one reading of the database gave."""

    event: Event
    works: list[Work]
    seats: list[Seat]
    sheets: dict[tuple[uuid.UUID, uuid.UUID], Sheet]
    excusals: list[Excusal]
    figures: dict[tuple[uuid.UUID, str], Figure]

    def is_excused(self, seat: Seat | None, work: Work) -> bool:
        seats = (None,) if seat is None else (None, seat.id)
        return any(x.work_id in (None, work.id) and x.seat_id in seats for x in self.excusals)


def board(round_id: uuid.UUID) -> Board:
    """The whole board of a round, by a constant number of statements."""
    source = read(round_id)
    seats = _columns(source.seats)
    rows = tuple(_row(source, work) for work in source.works)
    keys = tuple(figure_keys(source.event))
    missing = (*_missing_works(source, rows, keys), *_missing_tablets(seats))
    return Board(round_state(round_id), seats, rows, missing, tuple(quarantined(round_id)), keys)


def read(round_id: uuid.UUID) -> _Source:
    """Everything of a round that the board is made of."""
    session = db.session()
    round_ = session.get_one(Round, round_id, options=[joinedload(Round.event)])
    _version, event = rules_of_round(round_, session.get(RoundState, round_id))
    sheets = session.scalars(select(Sheet).where(Sheet.round_id == round_id))
    return _Source(event, list_works(round_id), seats_of_round(round_id), {(s.work_id, s.seat_id): s for s in sheets},
                   excusals_of_round(round_id), current_figures(round_id))


def _columns(seats: list[Seat]) -> tuple[SeatColumn, ...]:
    ids = [seat.id for seat in seats]
    sitters, devices = sitters_now(ids), live_devices(ids)
    columns = []
    for seat in seats:
        device, report = devices.get(seat.id, (None, None))
        sitter = sitters.get(seat.id)
        columns.append(SeatColumn(
            seat.id, seat.number, sitter.name if sitter else "", device is not None,
            report.seen_at if report else (device.opened_at if device else None), report.pending if report else None,
            tuple(device.missing) if device else ()))
    return tuple(columns)


def _row(source: _Source, work: Work) -> WorkRow:
    spreads = _spreads(source, work)
    far = {seat for spread in spreads for seat in spread.seats}
    cells = tuple(_cell(source, work, seat, seat.number in far) for seat in source.seats)
    figures = tuple((key, figure.value) for (work_id, key), figure in source.figures.items() if work_id == work.id and figure.value)
    return WorkRow(work.id, work.code, work.batch, work.station, cells, spreads, figures,
                   work.away is not None or source.is_excused(None, work), work.away)


def _cell(source: _Source, work: Work, seat: Seat, is_far: bool) -> Cell:
    sheet = source.sheets.get((work.id, seat.id))
    criteria = rules.sheet_criteria(source.event, seat.panel.criteria)
    needed = len(rules.slots(criteria))
    marks = sheet.marks if sheet else {}
    state = _state(source, work, seat, sheet)
    total = sheet_total(source.event, _plain(marks)) if not seat.panel.criteria else None
    return Cell(seat.number, state, len(marks), needed, _text(total), is_far)


def _state(source: _Source, work: Work, seat: Seat, sheet: Sheet | None) -> str:
    """What was handed in stays; what was only begun is waited for no more once nobody is to mark it."""
    if sheet is not None and sheet.state == "handed_in":
        return sheet.state
    if work.away is not None:
        return work.away.lower()
    if source.is_excused(seat, work):
        return "excused"
    return "none" if sheet is None or (not sheet.marks and sheet.state == "scoring") else sheet.state


def _plain(marks: dict[str, dict[str, str]]) -> dict[str, str]:
    return {key.rpartition("/")[0]: mark["value"] for key, mark in sorted(marks.items())}


def _text(value: Decimal | Fraction | None) -> str:
    return "" if value is None else exact_text(value)


def _spreads(source: _Source, work: Work) -> tuple[Spread, ...]:
    """Among handed-in sheets only: what is still being marked is nobody's disagreement."""
    handed = {seat.number: _plain(sheet.marks) for seat in source.seats
              if (sheet := source.sheets.get((work.id, seat.id))) is not None and sheet.state == "handed_in"}
    found = []
    totals = {str(n): total for n, marks in handed.items() if (total := sheet_total(source.event, marks)) is not None}
    if wide := wide_spread(source.event, totals):
        found.append(_spread("", wide))
    for criterion in source.event.criteria:
        values = {str(n): marks[criterion.key] for n, marks in handed.items() if criterion.key in marks}
        if criterion.spread is not None and (wide := wide_spread(criterion, values)):
            found.append(_spread(named(criterion.name), wide))
    for group in source.event.groups:
        points = {str(n): given for n, marks in handed.items() if (given := group_points(source.event, group.key, marks)) is not None}
        if group.spread is not None and (wide := wide_spread(group, points)):
            found.append(_spread(named(group.name), wide))
    return tuple(found)


def _spread(criterion: str, wide: WideSpread) -> Spread:
    seats = tuple(sorted(int(seat) for seat in wide.seats))
    return Spread(criterion, _text(wide.spread), _text(wide.limit), _text(wide.median), seats, wide.blocks)


def spread_words(spread: Spread) -> str:
    """One spread as a sentence with its numbers."""
    facts = {"what": spread.criterion, "spread": spread.spread, "limit": spread.limit, "median": spread.median,
             "seats": joined(_("%(n)s 号", n=seat) for seat in spread.seats)}
    said: str = (_("“%(what)s”相差 %(spread)s，限 %(limit)s；中位数 %(median)s，偏离：%(seats)s", **facts) if spread.criterion
                 else _("合计相差 %(spread)s，限 %(limit)s；中位数 %(median)s，偏离：%(seats)s", **facts))
    return said


def _missing_works(source: _Source, rows: tuple[WorkRow, ...], keys: tuple[FigureKey, ...]) -> list[Missing]:
    missing = []
    for row in rows:
        missing += [Missing(row.code, _missing_sheet(cell)) for cell in row.cells
                    if cell.state != "handed_in" and cell.state not in NOT_NEEDED]
        have = {key for key, _value in row.figures}
        missing += [Missing(row.code, _("未录入%(what)s", what=key.label))
                    for key in lacking(keys, have) if not row.is_excused]
    return missing


def _missing_sheet(cell: Cell) -> str:
    facts = {"n": cell.seat, "done": cell.done, "needed": cell.needed}
    if cell.state == "none":
        said = _("%(n)s 号裁判：未评分", **facts)
    elif cell.state == "scoring":
        said = _("%(n)s 号裁判：评分中（%(done)s/%(needed)s）", **facts)
    else:
        said = _("%(n)s 号裁判：已退回，未重新提交", **facts)
    return str(said)


def _missing_tablets(seats: tuple[SeatColumn, ...]) -> list[Missing]:
    missing = []
    for seat in seats:
        if seat.pending:
            missing.append(Missing("", _("%(seat)s 号裁判的平板还有 %(n)s 项未上传", seat=seat.number, n=seat.pending)))
        if seat.missing:
            missing.append(Missing("", _("%(seat)s 号裁判的平板有 %(n)s 项没有到达服务器", seat=seat.number, n=len(seat.missing))))
    return missing


def board_tag(round_id: uuid.UUID) -> str:
    """What changes whenever the board changes, by one statement. Tablets' last word counts in steps of ten seconds."""
    seats = (
        select(func.max(DeviceReport.seen_at), func.coalesce(func.sum(DeviceReport.pending), 0), func.count(Device.id),
               func.max(Device.opened_at))
        .select_from(RoundPanel).join(Panel, Panel.id == RoundPanel.panel_id).join(Seat, Seat.panel_id == Panel.id)
        .join(Device, (Device.seat_id == Seat.id) & Device.replaced_at.is_(None))
        .outerjoin(DeviceReport, DeviceReport.device_id == Device.id).where(RoundPanel.round_id == round_id)
    )
    seen, pending, count, opened = db.session.execute(seats).one()
    info = round_state(round_id)
    moment = int(seen.timestamp()) // 10 if seen else 0
    return f"{info.state}-{info.version}-{moment}-{pending}-{count}-{int(opened.timestamp()) if opened else 0}"
