"""What came too late or from a replaced tablet was kept aside; two people decide whether it counts."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from competition.contests import service as contests
from competition.contests.models import Round
from competition.core import approvals, audit
from competition.core.actors import Actor
from competition.core.approvals import Approval
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.core.formats import together
from competition.judging import rules, rules_taking
from competition.judging.models import MarkEvent, Panel, RoundState, Seat, Sheet
from competition.judging.projection import project
from competition.judging.queries import is_excused, rules_of_round
from competition.judging.queries_late import Line, late_lines, value_words, what_words
from competition.judging.queries_newest import newest_words, place_of
from competition.judging.rules import DeviceEvent
from competition.judging.rules_evidence import EVIDENCE
from competition.judging.rules_spread import parts_of
from competition.judging.rules_taking import Situation
from competition.judging.service_rounds import hold_round
from competition.judging.service_spread import asked_again, keep_marks, review_spreads
from competition.judging.shown import round_behind

LATE = "judging.late_marks"


def ask_late_marks(
    round_id: uuid.UUID, event_ids: Collection[uuid.UUID], *, count: bool, reason: str, actor: Actor, at: datetime
) -> Approval:
    """Ask a second person to count quarantined events after all, or to leave them out for good.

    The request says of each what it is about, the late value, and the value and version that are held now.
    """
    with atomic():
        hold_round(round_id)
        round_ = get(Round, round_id)
        events = _waiting(round_id, event_ids)
        if not events:
            raise RuleBroken(_("请选择要处理的另存项。"), code="nothing_chosen", status=422)
        lines = late_lines(round_id, events)
        if count:
            _check_newest(lines)
        payload = {"round": str(round_id), "name": round_.name, "count": count, "events": [str(e.id) for e in events], "lines": lines}
        return approvals.ask(LATE, subject=("round", round_id), payload=payload, reason=reason, actor=actor, at=at,
                             chain=round_.contest_id)


def open_late(round_id: uuid.UUID, at: datetime) -> Approval | None:
    """The request about late marks that somebody can still decide."""
    return approvals.open_request(LATE, round_id, at=at)


def _check_newest(lines: Sequence[Line]) -> None:
    for line in lines:
        if line["superseded"]:
            raise RuleBroken(_("%(about)s：同一台平板之后又给过分，另存的这一项已被它取代，不能计入。", about=about(line)),
                             code="late_superseded")


def _check_held(lines: Sequence[Line], asked: Sequence[Line]) -> None:
    """What the second person was shown must still be what is held."""
    for now, then in zip(lines, asked, strict=True):
        if now != then:
            raise RuleBroken(_("%(about)s：申请之后，现有的分数又有变化，没有计入。请撤回后重新申请。", about=about(now)),
                             code="late_moved")


def _waiting(round_id: uuid.UUID, event_ids: Collection[uuid.UUID]) -> list[MarkEvent]:
    query = select(MarkEvent).where(MarkEvent.round_id == round_id, MarkEvent.state == "quarantined", MarkEvent.id.in_(list(event_ids)))
    return list(db.session.scalars(query.order_by(MarkEvent.seq)))


def _carry_out(approval: Approval, actor: Actor, at: datetime) -> None:
    payload = approval.payload
    round_id = uuid.UUID(payload["round"])
    with atomic():
        state = hold_round(round_id)
        events = _waiting(round_id, [uuid.UUID(e) for e in payload["events"]])
        if len(events) != len(payload["events"]):
            raise RuleBroken(_("这些另存项在申请之后已被处理，请撤回后重新申请。"), code="round_moved")
        if payload["count"] and state.state != "open":
            raise RuleBroken(_("本轮已锁定，请先解锁再计入。"), code="round_locked")
        if payload["count"]:
            _check_held(late_lines(round_id, events), payload["lines"])
        for event in events:
            _count(event, state, at) if payload["count"] else _drop(event, state)
        if payload["count"]:
            review_spreads(state, {event.work_id for event in events}, at=at)
        audit.record("judging.decide_late_marks", actor=actor, subject=("round", round_id), at=at, chain=approval.chain,
                     reason=approval.reason, details={"count": payload["count"], "events": payload["events"]})


def _drop(event: MarkEvent, state: RoundState) -> None:
    state.version += 1
    event.state = "dropped"


def _count(event: MarkEvent, state: RoundState, at: datetime) -> None:
    seat, round_ = get(Seat, event.seat_id), get(Round, event.round_id)
    sheet = find(Sheet, seat_id=event.seat_id, work_id=event.work_id)
    version, rulebook = rules_of_round(round_, state)
    marks = sheet.marks if sheet else {}
    sent = DeviceEvent(event.id, event.device_seq, event.seat_id, event.work_id, event.kind, event.criterion, event.attempt,
                       event.value, event.base_version if event.kind == rules.KEEP else state.version, event.client_at)
    again, asked = asked_again(sent, sheet.state if sheet else "none", parts_of(rulebook))
    verdict = rules_taking.take(sent, Situation(
        device_id=event.device_id, seat_id=event.seat_id, is_live=True, seq_is_free=True, round_state=state.state,
        is_excused=is_excused(event.round_id, event.seat_id, event.work_id), is_away=event.work.away is not None,
        sheet_state=sheet.state if sheet else "none", marks=marks,
        criteria=rules.sheet_criteria(rulebook, get(Panel, seat.panel_id).criteria), again=again, asked=asked))
    if verdict.result != "accepted":
        raise RuleBroken(_("%(code)s · %(n)s 号裁判：%(why)s", code=event.work.code, n=seat.number, why=verdict.message),
                         code="late_mark_refused")
    if event.kind in EVIDENCE:
        state.version += 1
        event.state = "released"
        return
    if sheet is None:
        sheet = Sheet(round_id=event.round_id, seat_id=event.seat_id, work_id=event.work_id, marks={}, version=0, state="scoring")
        db.session.add(sheet)
    if state.first_mark_at is None:
        state.first_mark_at, state.rulebook_id = at, version.id
        contests.freeze_rulebook(round_.contest_id, at=at)
    state.version += 1
    event.state, event.value = "released", verdict.value
    newest = newest_words(event.device_id, [event.work_id]).get(place_of(event), 0)
    project(sheet, event, version.digest, event.work.code, seat.number, at, newest=newest)
    if event.kind == rules.KEEP:
        keep_marks(event, at)
    _date_by(sheet, event, state.version)


def _date_by(sheet: Sheet, event: MarkEvent, version: int) -> None:
    """Tablets learn of the change: it is as new as the decision, not as the event."""
    sheet.version = version
    key = rules.slot(event.criterion, event.attempt)
    mark: dict[str, Any] | None = sheet.marks.get(key)
    if mark is not None:
        sheet.marks = {**sheet.marks, key: {**mark, "version": version}}


def _describe(payload: dict[str, Any]) -> str:
    facts = {"name": payload["name"], "n": len(payload["events"])}
    return str(_("“%(name)s”的 %(n)s 项另存评分计入成绩", **facts) if payload["count"]
               else _("“%(name)s”的 %(n)s 项另存评分不计入成绩", **facts))


def about(line: Line) -> str:
    """Which mark a line is about."""
    return str(_("作品 %(work)s · %(seat)s 号裁判 · %(what)s", work=line["work"], seat=line["seat"], what=what_words(line)))


def _lines(payload: dict[str, Any]) -> list[str]:
    return [together(_held_words(line), _outcome_words(line, payload["count"])) for line in payload["lines"]]


def _held_words(line: Line) -> str:
    """The late value and what is held."""
    facts = {"about": about(line), "late": value_words(line["late"]) or _("清空"), "held": value_words(line["held"]) or "—",
             "n": line["version"]}
    return str(_("%(about)s：另存 %(late)s；现有 %(held)s（版本 %(n)s）。", **facts) if line["version"]
               else _("%(about)s：另存 %(late)s；现有 %(held)s。", **facts))


def _outcome_words(line: Line, count: bool) -> str:
    """What becomes of it."""
    late, held = value_words(line["late"]), value_words(line["held"]) or _("空白")
    if line["kind"] == rules.HAND_IN:
        said = _("计入后这张评分表为已提交。") if count else _("不计入，评分表保持现状。")
    elif line["kind"] in EVIDENCE:
        said = _("计入后附在评分表上，分数不变。") if count else _("不计入，不附在评分表上。")
    elif line["kind"] == rules.KEEP:
        said = _("计入后记为维持原分的理由。") if count else _("不计入。")
    elif not count:
        said = _("不计入，保持 %(held)s。", held=held)
    else:
        said = _("计入后改为 %(late)s。", late=late) if late else _("计入后清空。")
    return str(said)


approvals.register(approvals.Kind(
    LATE, lazy_gettext("处理另存的评分"), "judging.approve_unlock", _describe, _carry_out, _lines, show=round_behind))
