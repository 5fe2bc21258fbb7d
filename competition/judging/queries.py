"""Reads of panels, rounds, sheets and figures."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from competition.arena.works import Work
from competition.contests.models import Round, RulebookVersion
from competition.contests.queries import current_rulebook, load_rules
from competition.core.database import db, find, get
from competition.core.errors import NotFound, RuleBroken
from competition.judging import rules
from competition.judging.models import (
    Excusal,
    LockChange,
    MarkEvent,
    Panel,
    RoundPanel,
    RoundState,
    Seat,
    Sheet,
    SheetReturn,
)
from competition.judging.models_figures import Figure, FigureImport
from competition.scoring import model as rules_model


@dataclass(frozen=True)
class RoundInfo:
    """Where a round stands; ``state``: closed, open, locked. ``away_at``: since then it is judged on another machine."""

    round_id: uuid.UUID
    state: str = "closed"
    version: int = 0
    first_mark_at: datetime | None = None
    opened_at: datetime | None = None
    locked_at: datetime | None = None
    away_at: datetime | None = None

    @property
    def here(self) -> str:
        """The same as those hear it who judge on this machine: away, once it has been judged here and is no more."""
        return "away" if self.away_at is not None and self.state != "closed" else self.state

    @property
    def is_closed_here(self) -> bool:
        """Nothing more is entered on this machine: it is locked, or judged elsewhere."""
        return self.state == "locked" or self.away_at is not None


def get_round(contest_id: uuid.UUID, round_id: uuid.UUID) -> Round:
    """A round of this contest with its event; raises NotFound."""
    query = select(Round).where(Round.id == round_id, Round.contest_id == contest_id)
    found = db.session.scalars(query.options(joinedload(Round.event), joinedload(Round.contest))).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这一轮比赛，它可能已被移走。"))
    return found


def round_state(round_id: uuid.UUID) -> RoundInfo:
    """Where a round stands; a round nobody opened is closed."""
    row = db.session.get(RoundState, round_id)
    return RoundInfo(round_id) if row is None else _info(row)


def state_row(round_id: uuid.UUID) -> RoundState | None:
    """The round's row of state, if it has one."""
    return db.session.get(RoundState, round_id)


def round_states(round_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, RoundInfo]:
    """The same for several rounds; those never opened are there too."""
    rows = db.session.scalars(select(RoundState).where(RoundState.round_id.in_(list(round_ids))))
    return {r: RoundInfo(r) for r in round_ids} | {row.round_id: _info(row) for row in rows}


def _info(row: RoundState) -> RoundInfo:
    return RoundInfo(row.round_id, row.state, row.version, row.first_mark_at, row.opened_at, row.locked_at, row.away_at)


def rules_of_round(round_: Round, state: RoundState | None) -> tuple[RulebookVersion, rules_model.Event]:
    """The rulebook by which a round is marked, and its event there: fixed by the first mark.

    Raises RuleBroken when there is none, or when it does not know the event.
    """
    fixed = state is not None and state.first_mark_at is not None
    version = get(RulebookVersion, state.rulebook_id) if state is not None and fixed else current_rulebook(round_.contest_id)
    try:
        return version, load_rules(version).event(round_.event.key)
    except KeyError as error:
        raise RuleBroken(_("评分规则中没有“%(event)s”这个项目（%(key)s），请先修改评分规则。", event=round_.event.name,
                           key=round_.event.key), code="event_without_rules") from error


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


def is_excused(round_id: uuid.UUID, seat_id: uuid.UUID, work_id: uuid.UUID) -> bool:
    """Nobody waits for this sheet."""
    return any(excusal.covers(seat_id, work_id) for excusal in excusals_of_round(round_id))


def current_figures(round_id: uuid.UUID, works: Collection[uuid.UUID] | None = None) -> dict[tuple[uuid.UUID, str], Figure]:
    """The figure that holds, by work and key; ``works``: of these only."""
    of_round = Figure.round_id == round_id if works is None else and_(Figure.round_id == round_id, Figure.work_id.in_(works))
    newest = select(func.max(Figure.seq)).where(of_round).group_by(Figure.work_id, Figure.key).scalar_subquery()
    query = select(Figure).where(of_round, Figure.seq.in_(newest))
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
        (work_id, number, *rules.slot_parts(key), mark["value"])
        for work_id, number, marks in db.session.execute(query) for key, mark in sorted(marks.items())
    ]


def figures_of_event(event_id: uuid.UUID) -> list[tuple[uuid.UUID, str, str]]:
    """(work, key, value) of the figures that hold in an event. An emptied figure is left out."""
    rounds = db.session.scalars(select(Round.id).where(Round.event_id == event_id)).all()
    return [(work_id, key, figure.value) for round_id in rounds
            for (work_id, key), figure in current_figures(round_id).items() if figure.value]


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


@dataclass(frozen=True)
class Progress:
    """How far a round is: works, those at whose stations somebody works, seats, sheets handed in."""

    info: RoundInfo
    works: int
    present: int
    seats: int
    handed_in: int

    @property
    def needed(self) -> int:
        """Sheets to be handed in, excusals apart."""
        return self.present * self.seats


def progress_of(round_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Progress]:
    """How far rounds are, by a constant number of statements."""
    ids = list(round_ids)
    infos = round_states(ids)
    drawn = select(Work.round_id, func.count()).where(Work.round_id.in_(ids)).group_by(Work.round_id)
    works, present = _counts(drawn), _counts(drawn.where(Work.away.is_(None)))
    seats = _counts(select(RoundPanel.round_id, func.count()).join(Seat, Seat.panel_id == RoundPanel.panel_id)
                    .where(RoundPanel.round_id.in_(ids)).group_by(RoundPanel.round_id))
    handed = _counts(select(Sheet.round_id, func.count()).join(Work, Work.id == Sheet.work_id)
                     .where(Sheet.round_id.in_(ids), Sheet.state == "handed_in", Work.away.is_(None)).group_by(Sheet.round_id))
    return {r: Progress(infos[r], works.get(r, 0), present.get(r, 0), seats.get(r, 0), handed.get(r, 0)) for r in ids}


def _counts(query: Select[uuid.UUID, int]) -> dict[uuid.UUID, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def get_excusal(round_id: uuid.UUID, excusal_id: uuid.UUID) -> Excusal:
    """An excusal of this round; raises NotFound."""
    found = find(Excusal, id=excusal_id, round_id=round_id)
    if found is None:
        raise NotFound(_("没有找到这条免评登记，它可能不属于本轮。"))
    return found


def get_work(round_id: uuid.UUID, work_id: uuid.UUID) -> Work:
    """A work of this round; raises NotFound."""
    found = find(Work, id=work_id, round_id=round_id)
    if found is None:
        raise NotFound(_("没有找到这件作品，它可能不属于本轮。"))
    return found


def get_import(round_id: uuid.UUID, import_id: uuid.UUID) -> FigureImport:
    """A preview of this round; raises NotFound."""
    found = find(FigureImport, id=import_id, round_id=round_id)
    if found is None:
        raise NotFound(_("没有找到这次导入的预览，请重新上传。"))
    return found


def sheets_of_work(work_id: uuid.UUID) -> dict[uuid.UUID, Sheet]:
    """All sheets of a work, by seat."""
    return {s.seat_id: s for s in db.session.scalars(select(Sheet).where(Sheet.work_id == work_id))}


def returns_of_work(work_id: uuid.UUID) -> list[SheetReturn]:
    """Sheets of a work that were sent back, newest first, each with its sheet and seat."""
    query = (
        select(SheetReturn).join(SheetReturn.sheet).where(Sheet.work_id == work_id).order_by(SheetReturn.at.desc())
        .options(joinedload(SheetReturn.sheet).joinedload(Sheet.seat))
    )
    return list(db.session.scalars(query))


def lock_changes(round_id: uuid.UUID) -> list[LockChange]:
    """When a round was opened, locked, unlocked, newest first."""
    return list(db.session.scalars(select(LockChange).where(LockChange.round_id == round_id).order_by(LockChange.at.desc())))


def figures_of_work(work_id: uuid.UUID) -> list[Figure]:
    """Everything that was recorded for a work, newest first."""
    return list(db.session.scalars(select(Figure).where(Figure.work_id == work_id).order_by(Figure.seq.desc())))
