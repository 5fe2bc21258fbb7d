"""The board in short, for the page that asks every two seconds: whether anything changed, and what."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from competition.contests.models import Round
from competition.core.database import db
from competition.judging.board_rows import Missing, SeatColumn, WorkRow, veiled
from competition.judging.models import Device, DeviceReport, Panel, RoundPanel, RoundState, Seat
from competition.judging.queries import RoundInfo, round_state, state_row
from competition.judging.queries_board import Source, read, rows_of
from competition.judging.queries_close import oldest_word
from competition.judging.queries_lacking import set_aside
from competition.judging.queries_paper import half_keyed
from competition.judging.queries_veiled import seen_changed
from competition.judging.rules_figures import FigureKey

# How often a tablet's mere being there counts as a change.
STEP_S = 10


def board_tag(contest_id: uuid.UUID, round_id: uuid.UUID, at: datetime) -> str | None:
    """What changes whenever the board changes, by one statement; None when the contest has no such round."""
    is_old = case((DeviceReport.seen_at < oldest_word(at), 1))
    query = (
        select(RoundState.state, RoundState.version, func.max(DeviceReport.seen_at), func.sum(DeviceReport.pending),
               func.sum(DeviceReport.last_made), func.count(Device.id), func.max(Device.opened_at), func.max(Device.replaced_at),
               func.count(is_old))
        .select_from(Round).outerjoin(RoundState, RoundState.round_id == Round.id)
        .outerjoin(RoundPanel, RoundPanel.round_id == Round.id).outerjoin(Panel, Panel.id == RoundPanel.panel_id)
        .outerjoin(Seat, Seat.panel_id == Panel.id).outerjoin(Device, Device.seat_id == Seat.id)
        .outerjoin(DeviceReport, DeviceReport.device_id == Device.id)
        .where(Round.id == round_id, Round.contest_id == contest_id).group_by(RoundState.state, RoundState.version)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    state, version, seen, pending, made, count, opened, replaced, old = row
    moments = [int(at.timestamp()) if at else 0 for at in (opened, replaced)]
    return "-".join(str(part) for part in (state or "closed", version or 0, int(seen.timestamp()) // STEP_S if seen else 0,
                                           pending or 0, made or 0, count, old, *moments))


@dataclass(frozen=True)
class Change:
    """What changed on a board since a version; everything (``is_whole``) when that is not known any more."""

    info: RoundInfo
    is_whole: bool
    seats: tuple[SeatColumn, ...]
    works: tuple[WorkRow, ...]
    keys: tuple[FigureKey, ...]
    aside: int
    papers: tuple[Missing, ...]


def change_since(round_id: uuid.UUID, since: int | None, at: datetime | None = None, *, sees: bool = True) -> Change:
    """The change, by a constant number of statements that read as many rows as have changed. ``sees``: for who may see sheets."""
    state = state_row(round_id)
    known = since if since is not None and state is not None and state.shape_version <= since <= state.version else None
    info, source = round_state(round_id), read(round_id, known, at=at)
    return Change(info, known is None, source.columns, _rows(source, known, sees), source.keys, set_aside([round_id]).get(round_id, 0),
                  tuple(Missing(*one) for one in half_keyed(round_id)))


def _rows(source: Source, known: int | None, sees: bool) -> tuple[WorkRow, ...]:
    if sees:
        return rows_of(source)
    shown = seen_changed(source, known) if known is not None else {work.id for work in source.works}
    return tuple(veiled(row) for row in rows_of(source) if row.id in shown)
