"""A sheet that was filled in for the wrong work goes to the right one: an act of the chief judge, with a reason.

Nothing is rewritten: the events stay where they were sent, a row of its own says from which version on the marks belong to
the other work, and both sheets go back to their judge, who confirms by handing in.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from competition.arena.works import Work
from competition.contests.models import Round
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken, Stale
from competition.judging.models import RoundState, Seat, Sheet, SheetReturn
from competition.judging.models_close import SheetMove
from competition.judging.queries import find_sheet, get_work, is_excused, seats_of_round
from competition.judging.queries_close import tablets_of_round
from competition.judging.service_rounds import hold_round

Marks = dict[str, Any]
# A tablet speaks every few seconds; from one that is silent for longer nobody knows what was typed on it meanwhile.
SILENT_AFTER = timedelta(seconds=30)


@dataclass(frozen=True)
class Pair:
    """A seat's sheets of two works, as they are: what a move is decided by."""

    seat: Seat
    work: Work
    other: Work
    sheet: Sheet | None
    other_sheet: Sheet | None

    @property
    def marks(self) -> Marks:
        """What the seat gave the work."""
        return dict(self.sheet.marks) if self.sheet else {}

    @property
    def others(self) -> Marks:
        """What it gave the other one."""
        return dict(self.other_sheet.marks) if self.other_sheet else {}

    @property
    def is_swap(self) -> bool:
        """Both have marks: they can only be exchanged."""
        return bool(self.others)

    @property
    def seen(self) -> str:
        """Which state of both a preview showed."""
        return f"{self.sheet.version if self.sheet else 0}-{self.other_sheet.version if self.other_sheet else 0}"


def read_pair(round_id: uuid.UUID, seat_id: uuid.UUID, work_id: uuid.UUID, other_id: uuid.UUID) -> Pair | None:
    """Both sheets of a seat; None when one of the three is not of this round."""
    seat = next((one for one in seats_of_round(round_id) if one.id == seat_id), None)
    if seat is None:
        return None
    sheets = [find_sheet(seat_id, one) for one in (work_id, other_id)]
    return Pair(seat, get_work(round_id, work_id), get_work(round_id, other_id), sheets[0], sheets[1])


def why_not(pair: Pair, state: str, at: datetime) -> RuleBroken | None:
    """Why the marks cannot be moved, or exchanged; None when they can."""
    if state != "open":
        return RuleBroken(_("本轮没有在评分中，不能移动评分表。"), code="round_not_open")
    if pair.work.id == pair.other.id:
        return RuleBroken(_("请选择另一件作品。"), code="same_work", status=422, field="to")
    if not pair.marks:
        return RuleBroken(_("%(n)s 号裁判没有给作品 %(code)s 评过分，没有可以移动的。", n=pair.seat.number, code=pair.work.code),
                          code="nothing_to_move")
    for work in (pair.other, pair.work) if pair.is_swap else (pair.other,):
        if work.away is not None:
            return RuleBroken(_("作品 %(code)s 登记为缺考或弃权，不能移入评分。", code=work.code), code="work_away")
        if is_excused(work.round_id, pair.seat.id, work.id):
            return RuleBroken(_("%(n)s 号裁判对作品 %(code)s 已登记免评或回避，不能移入评分。", n=pair.seat.number, code=work.code),
                              code="sheet_excused")
    return _tablet_holds(pair, at)


def _tablet_holds(pair: Pair, at: datetime) -> RuleBroken | None:
    """What is still on its way would arrive at the work that it was typed for."""
    for tablet in tablets_of_round(pair.work.round_id, [pair.seat]):
        if tablet.absence is not None:
            continue
        known = sum(tablet.held.values())
        about = sum(tablet.held.get(str(work.id), 0) for work in (pair.work, pair.other))
        if about or known < (tablet.pending or 0):
            return RuleBroken(_("%(n)s 号裁判的平板还有没上传的评分，请等它上传完再移动。", n=pair.seat.number), code="tablet_holds")
        # What one that lost its seat still sends is kept aside.
        if tablet.is_live and (tablet.seen_at is None or at - tablet.seen_at > SILENT_AFTER):
            return RuleBroken(_("%(n)s 号裁判的平板已超过 %(s)s 秒没有联系服务器，上面可能还有没上传的评分，现在不能移动。"
                                "请让平板联网后再移动；平板找不回来的，先在座位页停用它，或由两人签字不再等待。",
                                n=pair.seat.number, s=int(SILENT_AFTER.total_seconds())), code="tablet_silent")
    return None


def move_sheet(
    round_id: uuid.UUID, seat_id: uuid.UUID, work_id: uuid.UUID, other_id: uuid.UUID, *, swap: bool, seen: str, reason: str,
    actor: Actor, at: datetime,
) -> SheetMove:
    """Move a seat's marks for one work to another of the round; ``swap``: exchange both.

    ``seen`` is ``Pair.seen`` of the preview. Refused when the other work has marks of the seat and no exchange was asked
    for, when the round is not open, when the seat does not mark the other work, while a tablet holds something about either or
    has been silent, so that it may.
    """
    if not reason.strip():
        raise RuleBroken(_("请写明理由，裁判员会看到它。"), code="reason_required", status=422, field="reason")
    with atomic() as session:
        state = hold_round(round_id)
        pair = read_pair(round_id, seat_id, work_id, other_id)
        if pair is None:
            raise RuleBroken(_("这个座位不属于本轮。"), code="foreign_seat", status=422, field="seat")
        _check(pair, state, swap, seen, at)
        state.version += 1
        move = SheetMove(
            round_id=round_id, seq=state.version, seat_id=seat_id, from_work_id=work_id, to_work_id=other_id, is_swap=swap,
            marks=pair.marks, others=pair.others, reason=reason.strip(), by_id=actor.id, by_name=actor.name, at=at)
        session.add(move)
        before = (pair.marks, pair.others)
        _put(pair.work, pair.seat, pair.sheet, before[1], move)
        _put(pair.other, pair.seat, pair.other_sheet, before[0], move)
        session.flush()
        audit.record("judging.swap_sheets" if swap else "judging.move_sheet", actor=actor, subject=("work", work_id), at=at,
                     chain=get(Round, round_id).contest_id, reason=reason.strip(),
                     details={"seat": pair.seat.number, "work": pair.work.code, "to_work": pair.other.code, "version": move.seq,
                              "moved_marks": _values(before[0]), "back_marks": _values(before[1])})
    return move


def _check(pair: Pair, state: RoundState, swap: bool, seen: str, at: datetime) -> None:
    refusal = why_not(pair, state.state, at)
    if refusal is not None:
        raise refusal
    if seen != pair.seen:
        raise Stale(_("您查看之后，这两张评分表又有变化，没有移动。请重新核对。"))
    if pair.is_swap and not swap:
        raise RuleBroken(_("%(n)s 号裁判对作品 %(code)s 也评了分，不能覆盖。两张评错了位置的，可以对调。", n=pair.seat.number,
                           code=pair.other.code), code="target_marked")
    if swap and not pair.is_swap:
        raise RuleBroken(_("作品 %(code)s 没有这位裁判的评分，请移动，不用对调。", code=pair.other.code), code="nothing_to_swap")


def _put(work: Work, seat: Seat, sheet: Sheet | None, marks: Marks, move: SheetMove) -> None:
    """The sheet holds these marks from the move on, and goes back to its judge with what it held before."""
    if sheet is None:
        sheet = Sheet(round_id=work.round_id, seat_id=seat.id, work_id=work.id, marks={}, version=0, state="scoring")
        db.session.add(sheet)
        db.session.flush()
    db.session.add(SheetReturn(sheet_id=sheet.id, marks=dict(sheet.marks), reason=move.reason, version=move.seq, by_id=move.by_id,
                               by_name=move.by_name, at=move.at))
    sheet.marks = {slot: {**mark, "version": move.seq} for slot, mark in marks.items()}
    sheet.state, sheet.version, sheet.moved_seq, sheet.check_code = "disputed", move.seq, move.seq, None


def _values(marks: Mapping[str, Any]) -> dict[str, str]:
    return {slot: str(mark["value"]) for slot, mark in sorted(marks.items())}
