"""Rounds: opened and locked; sheets sent back, seats and works excused."""

import uuid
from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Round
from competition.contests.service import check_fit
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import HOLD, atomic, db, get
from competition.core.errors import NotFound, RuleBroken
from competition.core.formats import joined
from competition.judging.models import Excusal, LockChange, RoundState, Seat, Sheet, SheetReturn
from competition.judging.queries import rules_of_round, seats_of_round
from competition.judging.queries_board import board
from competition.judging.queries_trips import why_away
from competition.judging.rules import unmarked
from competition.judging.service_spread import review_spreads
from competition.judging.words import part_names
from competition.scoring.model import Event


def hold_round(round_id: uuid.UUID) -> RoundState:
    """The round's state, held until the commit; made when the round has none yet. Inside atomic().

    Raises RuleBroken (round_away) while the round is judged on another machine.
    """
    state = hold_anywhere(round_id)
    if state.away_at is not None:
        raise why_away(round_id)
    return state


def hold_anywhere(round_id: uuid.UUID) -> RoundState:
    """The same wherever the round is judged: for those who send it and take it back."""
    session = db.session()
    state = session.get(RoundState, round_id, with_for_update=HOLD, populate_existing=True)
    if state is None:
        get(Round, round_id, lock=True)
        state = session.get(RoundState, round_id, with_for_update=HOLD, populate_existing=True)
    if state is None:
        state = RoundState(round_id=round_id, state="closed", version=0)
        session.add(state)
        session.flush()
    return state


def touch_rounds(round_ids: Collection[uuid.UUID]) -> None:
    """Below these rounds something changed (who is away, whether codes are open): hold them, and count the change.

    A round of which judging knows nothing yet has nothing to count.
    """
    with atomic() as session:
        for round_id in sorted(round_ids):
            state = session.get(RoundState, round_id, with_for_update=HOLD, populate_existing=True)
            if state is not None:
                state.reshape()


def open_round(round_id: uuid.UUID, *, actor: Actor, at: datetime) -> RoundState:
    """Open a round for judging: its works are drawn, its rulebook knows it, somebody judges it."""
    with atomic() as session:
        state = hold_round(round_id)
        round_ = get(Round, round_id)
        if state.state != "closed":
            raise RuleBroken(_("本轮已经开放或已锁定，不用再开放。"), code="round_not_closed")
        _check_contest(round_)
        version, event = rules_of_round(round_, state)
        if not _has_begun(round_.contest_id):
            # The first round: from here on the rulebook changes by two people only.
            check_fit(round_.contest_id)
        if not list_works(round_id):
            raise RuleBroken(_("本轮还没有作品，请先抽签。"), code="no_works")
        if event.judged and not seats_of_round(round_id):
            raise RuleBroken(_("本轮还没有裁判组，请先设置裁判组和座位。"), code="no_panel")
        if event.judged:
            _check_sheets(event, round_id)
        state.state, state.opened_at, state.rulebook_id = "open", at, version.id
        state.reshape()
        session.add(LockChange(round_id=round_id, change="open", by_id=actor.id, at=at))
        audit.record("judging.open_round", actor=actor, subject=("round", round_id), at=at, chain=round_.contest_id,
                     details={"rulebook": version.number, "digest": version.digest})
    return state


def _check_sheets(event: Event, round_id: uuid.UUID) -> None:
    """Every sheet of the event has judges: a part with a panel of its own is on nobody else's sheet."""
    lacking = unmarked(event, {seat.panel_id: seat.panel.criteria for seat in seats_of_round(round_id)}.values())
    if "" in lacking:
        raise RuleBroken(_("本轮还没有评整张评分表的裁判组，请先设置。"), code="no_panel")
    if lacking:
        names = part_names(event)
        raise RuleBroken(_("“%(name)s”由单独的裁判组评分，还没有设置这个裁判组和座位。", name=joined(names[key] for key in lacking)),
                         code="no_panel")


def _has_begun(contest_id: uuid.UUID) -> bool:
    opened = select(RoundState.round_id).join(Round, Round.id == RoundState.round_id).where(
        Round.contest_id == contest_id, RoundState.opened_at.is_not(None))
    return db.session.scalar(opened.limit(1)) is not None


def _check_contest(round_: Round) -> None:
    contest = round_.contest
    if contest.condition != "normal":
        raise RuleBroken(_("赛事已延期、中止或取消，恢复后才能开放评分。"), code="contest_halted")
    if contest.phase != "running":
        raise RuleBroken(_("赛事还没有开始或已经结束，不能开放评分。请先在赛事页面办理“开始比赛”。"), code="contest_not_running")


def lock_round(round_id: uuid.UUID, *, confirm_name: str, actor: Actor, at: datetime) -> RoundState:
    """Lock an open round. ``confirm_name`` is its name as it was typed. Refused while anything is missing
    (``details['missing']``)."""
    with atomic() as session:
        state = hold_round(round_id)
        round_ = get(Round, round_id)
        if confirm_name.strip() != round_.name:
            raise RuleBroken(_("输入的名称与本轮的名称不一致，没有锁定。请照样输入。"), code="name_differs", status=422,
                             field="confirm_name")
        if state.state != "open":
            raise RuleBroken(_("本轮没有在评分中，不能锁定。"), code="round_not_open")
        missing = board(round_id, at).missing
        if missing:
            raise RuleBroken(_("还缺 %(n)s 项，不能锁定。请补齐，或对缺席的座位、作品登记免评理由；平板联系不上的由两人签字。",
                               n=len(missing)),
                             code="round_incomplete", missing=[m.sentence for m in missing])
        state.state, state.locked_at, state.locked_by = "locked", at, actor.id
        state.reshape()
        session.add(LockChange(round_id=round_id, change="lock", by_id=actor.id, at=at))
        audit.record("judging.lock_round", actor=actor, subject=("round", round_id), at=at, chain=round_.contest_id,
                     details={"version": state.version})
    return state


def send_back(sheet_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime) -> SheetReturn:
    """Send a handed-in sheet back to its judge. The marks of both times stay."""
    _need_reason(reason, _("请写明退回的理由，裁判员会看到它。"))
    with atomic() as session:
        sheet = get(Sheet, sheet_id)
        state = hold_round(sheet.round_id)
        sheet = get(Sheet, sheet_id, lock=True)
        if state.state != "open":
            raise RuleBroken(_("本轮没有在评分中，不能退回评分表。"), code="round_not_open")
        if sheet.state != "handed_in":
            raise RuleBroken(_("只有已提交的评分可以退回。"), code="sheet_not_handed_in")
        state.version += 1
        back = SheetReturn(sheet_id=sheet_id, marks=dict(sheet.marks), reason=reason.strip(), version=state.version,
                           by_id=actor.id, by_name=actor.name, at=at)
        sheet.state, sheet.version, sheet.check_code = "disputed", state.version, None
        session.add(back)
        session.flush()
        audit.record("judging.send_back", actor=actor, subject=("sheet", sheet_id), at=at, chain=sheet.work.contest_id,
                     reason=reason.strip(), details={"work": sheet.work.code, "seat": sheet.seat.number})
    return back


def excuse(
    round_id: uuid.UUID, *, seat_id: uuid.UUID | None, work_id: uuid.UUID | None, reason: str, actor: Actor, at: datetime
) -> Excusal:
    """Record why a seat does not mark (a work, or all of them), or why a work is not marked at all."""
    _need_reason(reason, _("请写明免评的理由。"))
    if seat_id is None and work_id is None:
        raise RuleBroken(_("请选择座位或作品。"), code="nothing_chosen", status=422)
    with atomic() as session:
        state = hold_round(round_id)
        if state.state == "locked":
            raise RuleBroken(_("本轮已锁定，不能登记免评。"), code="round_locked")
        seat, work = _of_round(round_id, seat_id, work_id)
        state.reshape()
        excusal = Excusal(round_id=round_id, seat_id=seat_id, work_id=work_id, reason=reason.strip(), by_id=actor.id,
                          by_name=actor.name, at=at)
        session.add(excusal)
        session.flush()
        review_spreads(state, None if work_id is None else [work_id], at=at)
        audit.record("judging.excuse", actor=actor, subject=("round", round_id), at=at, chain=get(Round, round_id).contest_id,
                     reason=reason.strip(), details={"seat": seat.number if seat else None, "work": work.code if work else None})
    return excusal


def _of_round(round_id: uuid.UUID, seat_id: uuid.UUID | None, work_id: uuid.UUID | None) -> tuple[Seat | None, Work | None]:
    seat = next((s for s in seats_of_round(round_id) if s.id == seat_id), None)
    work = db.session.scalars(select(Work).where(Work.id == work_id, Work.round_id == round_id)).one_or_none()
    if (seat_id is not None and seat is None) or (work_id is not None and work is None):
        raise NotFound(_("没有找到这个座位或作品，它可能不属于本轮。"))
    return seat, work


def end_excusal(excusal_id: uuid.UUID, *, actor: Actor, at: datetime) -> Excusal:
    """Take an excusal back: the sheet is needed again."""
    with atomic():
        excusal = get(Excusal, excusal_id)
        state = hold_round(excusal.round_id)
        if state.state == "locked":
            raise RuleBroken(_("本轮已锁定，不能取消免评。"), code="round_locked")
        if excusal.ended_at is None:
            excusal.ended_at = at
            state.reshape()
            review_spreads(state, None if excusal.work_id is None else [excusal.work_id], at=at)
            audit.record("judging.end_excusal", actor=actor, subject=("round", excusal.round_id), at=at,
                         chain=get(Round, excusal.round_id).contest_id, details={"excusal": str(excusal_id)})
    return excusal


def _need_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise RuleBroken(sentence, code="reason_required", status=422, field="reason")
