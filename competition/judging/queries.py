"""Reads of panels, rounds, sheets and figures."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from competition.arena.works import Work
from competition.contests.models import Event, Round, RulebookVersion
from competition.contests.queries import current_rulebook, load_rules
from competition.core.crypto import token_hash
from competition.core.database import db, find, get
from competition.core.errors import NotFound, RuleBroken
from competition.judging.models import (
    Device,
    DeviceReport,
    Excusal,
    Figure,
    MarkEvent,
    Panel,
    RoundPanel,
    RoundState,
    Seat,
    Sheet,
    Sitter,
)
from competition.scoring import model as rules_model


@dataclass(frozen=True)
class RoundInfo:
    """Where a round stands; ``state``: closed, open, locked."""

    round_id: uuid.UUID
    state: str = "closed"
    version: int = 0
    first_mark_at: datetime | None = None
    opened_at: datetime | None = None
    locked_at: datetime | None = None


def get_round(contest_id: uuid.UUID, round_id: uuid.UUID) -> Round:
    """A round of this contest with its event; raises NotFound."""
    query = select(Round).where(Round.id == round_id, Round.contest_id == contest_id)
    found = db.session.scalars(query.options(joinedload(Round.event), joinedload(Round.contest))).one_or_none()
    if found is None:
        raise NotFound("没有找到这一轮比赛，它可能已被移走。")
    return found


def round_state(round_id: uuid.UUID) -> RoundInfo:
    """Where a round stands; a round nobody opened is closed."""
    row = db.session.get(RoundState, round_id)
    return RoundInfo(round_id) if row is None else _info(row)


def round_states(round_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, RoundInfo]:
    """The same for several rounds; those never opened are there too."""
    rows = db.session.scalars(select(RoundState).where(RoundState.round_id.in_(list(round_ids))))
    return {r: RoundInfo(r) for r in round_ids} | {row.round_id: _info(row) for row in rows}


def _info(row: RoundState) -> RoundInfo:
    return RoundInfo(row.round_id, row.state, row.version, row.first_mark_at, row.opened_at, row.locked_at)


def rules_of_round(round_: Round, state: RoundState | None) -> tuple[RulebookVersion, rules_model.Event]:
    """The rulebook by which a round is marked, and its event there: fixed by the first mark.

    Raises RuleBroken when there is none, or when it does not know the event.
    """
    fixed = state is not None and state.first_mark_at is not None
    version = get(RulebookVersion, state.rulebook_id) if state is not None and fixed else current_rulebook(round_.contest_id)
    try:
        return version, load_rules(version).event(round_.event.key)
    except KeyError as error:
        raise RuleBroken(f"评分规则中没有“{round_.event.name}”这个项目（{round_.event.key}），请先修改评分规则。",
                         code="event_without_rules") from error


def begun_rounds(round_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those opened for judging, or holding a mark or a figure."""
    ids = list(round_ids)
    opened = select(RoundState.round_id).where(RoundState.round_id.in_(ids), RoundState.opened_at.is_not(None))
    figures = select(Figure.round_id).where(Figure.round_id.in_(ids))
    marks = select(MarkEvent.round_id).where(MarkEvent.round_id.in_(ids))
    return set(db.session.scalars(opened.union(figures, marks)))


def locked_rounds(round_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those that are locked."""
    query = select(RoundState.round_id).where(RoundState.round_id.in_(list(round_ids)), RoundState.state == "locked")
    return set(db.session.scalars(query))


def panels_of_contest(contest_id: uuid.UUID) -> list[Panel]:
    """All panels with their seats, by event."""
    query = (
        select(Panel).join(Panel.event).where(Panel.contest_id == contest_id)
        .order_by(Event.position, Panel.created_at, Panel.name)
        .options(joinedload(Panel.event), selectinload(Panel.seats))
    )
    return list(db.session.scalars(query))


def get_panel(contest_id: uuid.UUID, panel_id: uuid.UUID) -> Panel:
    """A panel of this contest with its seats; raises NotFound."""
    query = select(Panel).where(Panel.id == panel_id, Panel.contest_id == contest_id)
    found = db.session.scalars(query.options(joinedload(Panel.event), selectinload(Panel.seats))).one_or_none()
    if found is None:
        raise NotFound("没有找到这个裁判组，它可能已被移走。")
    return found


def get_seat(contest_id: uuid.UUID, seat_id: uuid.UUID) -> Seat:
    """A seat of this contest with its panel; raises NotFound."""
    query = select(Seat).join(Seat.panel).where(Seat.id == seat_id, Panel.contest_id == contest_id)
    found = db.session.scalars(query.options(joinedload(Seat.panel).joinedload(Panel.event))).one_or_none()
    if found is None:
        raise NotFound("没有找到这个座位，它可能已被移走。")
    return found


def sitters_now(seat_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Sitter]:
    """Who sits in each seat at present."""
    query = select(Sitter).where(Sitter.seat_id.in_(list(seat_ids)), Sitter.to_at.is_(None))
    return {s.seat_id: s for s in db.session.scalars(query)}


def live_devices(seat_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Device, DeviceReport | None]]:
    """The live tablet of each seat with what it last said."""
    query = (
        select(Device, DeviceReport).outerjoin(DeviceReport, DeviceReport.device_id == Device.id)
        .where(Device.seat_id.in_(list(seat_ids)), Device.replaced_at.is_(None))
    )
    return {device.seat_id: (device, report) for device, report in db.session.execute(query)}


def find_device(token: str) -> Device | None:
    """The tablet with this token, live or not, with its seat and panel."""
    query = select(Device).where(Device.token_hash == token_hash(token))
    return db.session.scalars(query.options(joinedload(Device.seat).joinedload(Seat.panel))).one_or_none()


def seats_of_round(round_id: uuid.UUID) -> list[Seat]:
    """The seats that judge a round, by number, each with its panel."""
    query = (
        select(Seat).join(Seat.panel).join(RoundPanel, RoundPanel.panel_id == Panel.id)
        .where(RoundPanel.round_id == round_id).order_by(Seat.number).options(joinedload(Seat.panel))
    )
    return list(db.session.scalars(query))


def rounds_of_panel(panel_id: uuid.UUID) -> list[Round]:
    """The rounds that a panel judges, in order."""
    query = (
        select(Round).join(RoundPanel, RoundPanel.round_id == Round.id).where(RoundPanel.panel_id == panel_id)
        .order_by(Round.position).options(joinedload(Round.event), joinedload(Round.contest))
    )
    return list(db.session.scalars(query))


def excusals_of_round(round_id: uuid.UUID) -> list[Excusal]:
    """The excusals that hold, oldest first."""
    query = select(Excusal).where(Excusal.round_id == round_id, Excusal.ended_at.is_(None)).order_by(Excusal.at)
    return list(db.session.scalars(query))


def current_figures(round_id: uuid.UUID) -> dict[tuple[uuid.UUID, str], Figure]:
    """The figure that holds, by work and key."""
    newest = (
        select(func.max(Figure.seq)).where(Figure.round_id == round_id).group_by(Figure.work_id, Figure.key).scalar_subquery()
    )
    query = select(Figure).where(Figure.round_id == round_id, Figure.seq.in_(newest))
    return {(f.work_id, f.key): f for f in db.session.scalars(query)}


def find_sheet(seat_id: uuid.UUID, work_id: uuid.UUID) -> Sheet | None:
    """The sheet of a seat for a work, if a mark was made."""
    return find(Sheet, seat_id=seat_id, work_id=work_id)


Mark = tuple[uuid.UUID, int, str, int, str]


def marks_of_event(event_id: uuid.UUID) -> list[Mark]:
    """(work, seat number, criterion, attempt, value) of every handed-in sheet of an event."""
    query = (
        select(Sheet.work_id, Seat.number, Sheet.marks).join(Seat, Seat.id == Sheet.seat_id).join(Work, Work.id == Sheet.work_id)
        .where(Work.event_id == event_id, Sheet.state == "handed_in").order_by(Work.round_id, Work.position, Seat.number)
    )
    return [
        (work_id, number, *_parts(key), mark["value"])
        for work_id, number, marks in db.session.execute(query) for key, mark in sorted(marks.items())
    ]


def _parts(key: str) -> tuple[str, int]:
    criterion, _, attempt = key.rpartition("/")
    return criterion, int(attempt)


def figures_of_event(event_id: uuid.UUID) -> list[tuple[uuid.UUID, str, str]]:
    """(work, key, value) of the figures that hold in an event. An emptied figure is left out."""
    rounds = db.session.scalars(select(Round.id).where(Round.event_id == event_id)).all()
    return [(work_id, key, figure.value) for round_id in rounds
            for (work_id, key), figure in current_figures(round_id).items() if figure.value]


def seats_of_event(event_id: uuid.UUID) -> list[tuple[int, tuple[str, ...]]]:
    """(seat number, criteria that it alone marks; empty: the common sheet) of every seat of an event."""
    query = select(Seat).join(Seat.panel).where(Panel.event_id == event_id).order_by(Seat.number)
    seats = db.session.scalars(query.options(joinedload(Seat.panel)))
    return [(seat.number, tuple(seat.panel.criteria)) for seat in seats]


def excusals_of_event(event_id: uuid.UUID) -> list[tuple[uuid.UUID | None, int | None, str]]:
    """(work or None for all, seat number or None for all, reason) of the excusals that hold in an event."""
    query = (
        select(Excusal.work_id, Seat.number, Excusal.reason).outerjoin(Seat, Seat.id == Excusal.seat_id)
        .join(Round, Round.id == Excusal.round_id).where(Round.event_id == event_id, Excusal.ended_at.is_(None)).order_by(Excusal.at)
    )
    return [(work_id, number, reason) for work_id, number, reason in db.session.execute(query)]


def quarantined(round_id: uuid.UUID) -> list[MarkEvent]:
    """Events kept aside in a round, oldest first, with work and seat."""
    query = select(MarkEvent).where(MarkEvent.round_id == round_id, MarkEvent.state == "quarantined").order_by(MarkEvent.seq)
    return list(db.session.scalars(query.options(joinedload(MarkEvent.work), joinedload(MarkEvent.seat))))
