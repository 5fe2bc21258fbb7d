"""Reads of sheets of paper: which one a number names, which wait for their second person, what was keyed of a work."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from competition.arena.works import Work
from competition.contests.models import Round, RulebookVersion
from competition.contests.naming import named
from competition.core.database import db, find
from competition.core.errors import RuleBroken
from competition.judging.models import MarkEvent, Seat
from competition.judging.models_paper import PaperKeying, PaperSheet
from competition.judging.queries import rules_of_round, seats_of_round, state_row
from competition.judging.rules import sheet_criteria
from competition.judging.rules_paper import ASIDE, UNFINISHED, Line, SheetNumber, check_of, lines_of, read_number
from competition.scoring.model import Event


@dataclass(frozen=True)
class OnPaper:
    """One printed sheet: whose it is, and by which rulebook it was printed. ``lines`` are those of that sheet."""

    number: SheetNumber
    round: Round
    seat: Seat
    work: Work
    rulebook: RulebookVersion
    lines: Sequence[Line]


def printed(round_: Round, works: Sequence[Work], seats: Sequence[Seat]) -> list[OnPaper]:
    """The sheets to print, work by work, by the rulebook that holds now."""
    version, event = rules_of_round(round_, state_row(round_.id))
    lines = {seat.id: _lines(event, seat) for seat in seats}
    return [_on_paper(round_, seat, work, version, lines[seat.id]) for work in works for seat in seats]


def _lines(event: Event, seat: Seat) -> list[Line]:
    return lines_of(sheet_criteria(event, seat.panel.criteria), {group.key: named(group.name) for group in event.groups})


def _on_paper(round_: Round, seat: Seat, work: Work, version: RulebookVersion, lines: Sequence[Line]) -> OnPaper:
    number = SheetNumber(work.code, seat.number, version.number, check_of(work.id, seat.id, version.digest))
    return OnPaper(number, round_, seat, work, version, lines)


def sheet_of(round_: Round, typed: str) -> OnPaper:
    """The sheet that a number names. Raises RuleBroken for a slip, another round's sheet, or one printed by another rulebook."""
    number = read_number(typed)
    work = find(Work, round_id=round_.id, code=number.work)
    seat = next((s for s in seats_of_round(round_.id) if s.number == number.seat), None)
    printed_by = find(RulebookVersion, contest_id=round_.contest_id, number=number.version)
    if work is None or seat is None or printed_by is None or check_of(work.id, seat.id, printed_by.digest) != number.check:
        raise RuleBroken(_("本轮没有编号为 %(number)s 的评分表。请对照纸上逐位核对，或查看是不是别的轮次的表。", number=str(number)),
                         code="sheet_unknown", status=422, field="number")
    version, event = rules_of_round(round_, state_row(round_.id))
    if version.id != printed_by.id:
        raise RuleBroken(_("这张表按第 %(old)s 版评分规则印制，本轮按第 %(now)s 版评分，不能录入。请重新打印，由裁判员誊写并签名。",
                           old=printed_by.number, now=version.number), code="sheet_outdated", status=422, field="number")
    return _on_paper(round_, seat, work, version, _lines(event, seat))


def unfinished(round_id: uuid.UUID) -> list[PaperSheet]:
    """Sheets that wait for the second person, or in which two keyings differ; oldest first."""
    return _sheets(round_id, PaperSheet.state.in_(UNFINISHED))


def half_keyed(round_id: uuid.UUID) -> list[tuple[str, str]]:
    """The same as what a round lacks: the work and what is missing."""
    return [(sheet.work.code, _("%(n)s 号裁判：纸质评分表还没有录完", n=sheet.seat.number)) for sheet in unfinished(round_id)]


def set_aside(round_id: uuid.UUID) -> list[PaperSheet]:
    """Sheets keyed twice and equal whose marks still wait for two people to decide."""
    waiting = select(MarkEvent.device_id).where(MarkEvent.round_id == round_id, MarkEvent.state == "quarantined")
    return _sheets(round_id, (PaperSheet.state == ASIDE) & PaperSheet.device_id.in_(waiting))


def _sheets(round_id: uuid.UUID, which: object) -> list[PaperSheet]:
    query = select(PaperSheet).where(PaperSheet.round_id == round_id, which).order_by(PaperSheet.begun_at)  # type: ignore[arg-type]
    return list(db.session.scalars(query.options(
        joinedload(PaperSheet.work), joinedload(PaperSheet.seat), selectinload(PaperSheet.keyings))))


def numbers(sheets: Sequence[PaperSheet]) -> dict[uuid.UUID, str]:
    """The number that is printed on each sheet."""
    used = {sheet.rulebook_id for sheet in sheets}
    versions = {v.id: v for v in db.session.scalars(select(RulebookVersion).where(RulebookVersion.id.in_(used)))} if used else {}
    return {one.id: str(SheetNumber(one.work.code, one.seat.number, versions[one.rulebook_id].number, check_of(
        one.work_id, one.seat_id, versions[one.rulebook_id].digest))) for one in sheets}


def counts(round_id: uuid.UUID) -> dict[str, int]:
    """How many sheets of a round are in which state."""
    query = select(PaperSheet.state, func.count()).where(PaperSheet.round_id == round_id).group_by(PaperSheet.state)
    return dict(db.session.execute(query).all())


def find_open(seat_id: uuid.UUID, work_id: uuid.UUID, *, lock: bool = False) -> PaperSheet | None:
    """The sheet of a seat for a work that is being keyed."""
    query = select(PaperSheet).where(PaperSheet.seat_id == seat_id, PaperSheet.work_id == work_id, PaperSheet.state.in_(UNFINISHED))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one_or_none()


def last_keyings(sheet: PaperSheet) -> list[PaperKeying]:
    """What each of the (at most two) people keyed last, in the order in which they began."""
    last: dict[uuid.UUID, PaperKeying] = {}
    for keying in sheet.keyings:
        last[keying.by_id] = keying
    return list(last.values())


def papers_of_work(work_id: uuid.UUID) -> list[PaperSheet]:
    """Everything that was keyed from paper for a work, by seat and time."""
    query = select(PaperSheet).join(PaperSheet.seat).where(PaperSheet.work_id == work_id).order_by(Seat.number, PaperSheet.begun_at)
    return list(db.session.scalars(query.options(joinedload(PaperSheet.seat), selectinload(PaperSheet.keyings))))
