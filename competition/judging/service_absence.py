"""A tablet that cannot prove its outbox empty keeps its round open, unless two people sign for it with a reason."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.contests.models import Round
from competition.core import approvals, audit
from competition.core.actors import Actor
from competition.core.approvals import Approval
from competition.core.database import atomic, db, get
from competition.core.errors import NotFound, RuleBroken
from competition.core.languages import on_record
from competition.judging.models import RoundState, Seat
from competition.judging.models_close import TabletAbsence
from competition.judging.queries import seats_of_round
from competition.judging.queries_close import Tablet, tablets_of_round
from competition.judging.rules_close import STUCK
from competition.judging.service_rounds import hold_round
from competition.judging.shown import round_behind
from competition.judging.words_close import numbers_words, why_words

ABSENCE = "judging.absence"
Line = dict[str, Any]


def ask_absence(round_id: uuid.UUID, seat_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """Ask a second person to sign that nothing more is to be heard of a seat's tablets, or that what was refused does not count; the
    request names each with what is missing. Nothing that comes later is dropped: it is kept aside as always."""
    if not reason.strip():
        raise RuleBroken(_("请写明缺席的理由：平板在哪里、为什么联系不上、怎么核实没有漏掉的评分。"), code="reason_required", status=422,
                         field="reason")
    with atomic():
        _state, seat, lines = _held_open(round_id, seat_id, at)
        if not lines:
            raise RuleBroken(_("%(n)s 号座位的平板都已全部上传，不用签缺席。", n=seat.number), code="seat_is_empty")
        round_ = get(Round, round_id)
        payload = {"round": str(round_id), "name": round_.name, "seat": str(seat_id), "number": seat.number, "tablets": lines}
        return approvals.ask(ABSENCE, subject=("seat", seat_id), payload=payload, reason=reason, actor=actor, at=at,
                             chain=round_.contest_id)


def open_tablets(round_id: uuid.UUID, seat_id: uuid.UUID, at: datetime) -> tuple[Seat, list[Tablet]]:
    """A seat of this round with the tablets that keep it open; raises NotFound."""
    seats = seats_of_round(round_id)
    seat = next((one for one in seats if one.id == seat_id), None)
    if seat is None:
        raise NotFound(_("没有找到这个座位，它可能不属于本轮。"))
    return seat, [one for one in tablets_of_round(round_id, [seat], at) if one.why]


def open_absences(round_id: uuid.UUID, at: datetime, seat_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Approval]:
    """The requests about seats of a round that somebody can still decide, by seat."""
    found = approvals.open_requests(ABSENCE, seat_ids)
    return {uuid.UUID(one.subject_id): one for one in found if one.expires_at > at and one.payload["round"] == str(round_id)}


def _held_open(round_id: uuid.UUID, seat_id: uuid.UUID, at: datetime) -> tuple[RoundState, Seat, list[Line]]:
    """The open round, held, with a seat of it and a line for each tablet that keeps it open. Inside atomic()."""
    state = hold_round(round_id)
    if state.state != "open":
        raise RuleBroken(_("本轮没有在评分中，不用签平板缺席。"), code="round_not_open")
    seat, tablets = open_tablets(round_id, seat_id, at)
    with on_record():
        return state, seat, [_line(tablet) for tablet in tablets]


def _line(tablet: Tablet) -> Line:
    device = tablet.device
    return {"device": str(device.id), "label": device.label, "live": tablet.is_live, "why": why_words(tablet), "last_seq": device.last_seq,
            "missing": list(device.missing), "pending": tablet.pending, "last_made": tablet.last_made,
            "stuck": dict(tablet.stuck), "code": tablet.why}


def _sign(approval: Approval, actor: Actor, at: datetime) -> None:
    payload = approval.payload
    round_id, seat_id = uuid.UUID(payload["round"]), uuid.UUID(payload["seat"])
    with atomic():
        state, _seat, lines = _held_open(round_id, seat_id, at)
        if lines != payload["tablets"]:
            raise RuleBroken(_("申请之后这些平板又有消息，请撤回申请，重新核对。"), code="tablets_moved")
        for line in payload["tablets"]:
            db.session.add(_absence(line, round_id, seat_id, approval, actor, at))
        state.reshape()
        audit.record("judging.sign_absence", actor=actor, subject=("seat", seat_id), at=at, chain=approval.chain, reason=approval.reason,
                     details={"round": str(round_id), "asked_by": str(approval.asked_by), "tablets": [
                         {"device": line["device"], "seq": line["last_seq"], "missing": line["missing"], "waiting": line["pending"],
                          "made": line["last_made"], "stuck": line["stuck"]} for line in payload["tablets"]]})


def _absence(line: Line, round_id: uuid.UUID, seat_id: uuid.UUID, approval: Approval, actor: Actor, at: datetime) -> TabletAbsence:
    return TabletAbsence(
        round_id=round_id, seat_id=seat_id, device_id=uuid.UUID(line["device"]), last_seq=line["last_seq"], missing=line["missing"],
        pending=line["pending"], last_made=line["last_made"], stuck=line["stuck"], reason=approval.reason, by_id=approval.asked_by,
        by_name=approval.asked_name, second_id=actor.id, second_name=actor.name, at=at)


def _describe(payload: dict[str, Any]) -> str:
    facts = {"name": payload["name"], "seat": payload["number"], "n": len(payload["tablets"])}
    # Requests of an earlier program have no code.
    if all(line.get("code") == STUCK for line in payload["tablets"]):
        return str(_("“%(name)s” %(seat)s 号座位的平板上服务器没有接受的评分不计入", **facts))
    return str(_("“%(name)s” %(seat)s 号座位有 %(n)s 台平板联系不上，不再等待", **facts))


def _lines(payload: dict[str, Any]) -> list[str]:
    """Each tablet with what is known of it; afterwards what signing means."""
    return [*(_tablet_words(line) for line in payload["tablets"]),
            str(_("签字以后，本座位的这些平板不再挡住锁定。它们以后再上传的评分照样另存，由两人决定是否计入。"))]


def _tablet_words(line: Line) -> str:
    facts = {"label": line["label"] or "—", "why": line["why"], "seq": line["last_seq"],
             "numbers": numbers_words(line["missing"]) or _("没有")}
    return str(_("在用平板（%(label)s）：%(why)s。服务器收到第 %(seq)s 项，没有到达的序号：%(numbers)s。", **facts) if line["live"]
               else _("旧平板（%(label)s）：%(why)s。服务器收到第 %(seq)s 项，没有到达的序号：%(numbers)s。", **facts))


approvals.register(approvals.Kind(
    ABSENCE, lazy_gettext("平板缺席"), "judging.approve_unlock", _describe, _sign, _lines, show=round_behind))
