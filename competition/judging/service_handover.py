"""What a tablet without a network hands over: read, verified, taken by the way that all events take. Nothing is doubled."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.core import approvals, audit
from competition.core.actors import Actor
from competition.core.approvals import Approval
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.core.shown import Behind, Shown
from competition.judging import device_keys, handover_file
from competition.judging.handover_file import Body, HandoverFile
from competition.judging.models import Device, DeviceReport
from competition.judging.models_handover import Handover
from competition.judging.queries import rounds_of_panel
from competition.judging.queries_handover import find_sender
from competition.judging.queries_newest import newest_words, place_of
from competition.judging.rules import Answer, DeviceEvent
from competition.judging.schemas import EventIn
from competition.judging.service_marks import accept_events

UNSIGNED = "judging.unsigned_handover"
SIGNED, UNSIGNED_FILE, UNKNOWN_KEY = "signed", "unsigned", "unknown_key"
ALTERED, STRIPPED = "altered", "stripped"
REFUSED = {
    ALTERED: lazy_gettext("签名与这台平板不符：文件被改动过，或不是它导出的。没有接收，已记入安全记录。请在平板上重新导出。"),
    STRIPPED: lazy_gettext("这台平板导出的文件都有签名，这一份没有：签名可能被去掉了。没有接收，已记入安全记录。请在平板上重新导出。"),
}
# So many events in one transaction: tablets that are online wait for no longer than this.
SLICE = 100
MOST_LINES = 500


def read_handover(
    contest_id: uuid.UUID, data: bytes, *, way: str, file_name: str, events: Collection[uuid.UUID], actor: Actor, at: datetime
) -> Handover:
    """Read and verify a file of a tablet; no mark changes. ``events``: those that the reader answers for.

    The same file once more gives what it became. Raises RuleBroken when it is none, of another contest, or altered.
    """
    file = handover_file.read(data)
    device = _sender(file.body, contest_id, events)
    signed, key = _signed(file, device)
    if signed in REFUSED:
        with atomic():
            audit.record("judging.refuse_handover", actor=actor, subject=("seat", device.seat_id), at=at, chain=contest_id,
                         details={"device": str(device.id), "digest": file.digest, "code": file.code, "way": way, "signed": signed})
        raise RuleBroken(str(REFUSED[signed]), code="handover_signature", status=422, field="files")
    with atomic() as session:
        get(Device, device.id, lock=True)
        before = find(Handover, device_id=device.id, digest=file.digest)
        if before is not None:
            return before
        made = Handover(
            contest_id=contest_id, device_id=device.id, seat_id=device.seat_id, digest=file.digest, code=file.code, way=way,
            file_name=file_name.strip()[:120], signed=signed, key=key, body=file.text, event_count=len(file.body.events),
            made_at=file.body.made_at, by_id=actor.id, by_name=actor.name, at=at, results={})
        session.add(made)
        session.flush()
        audit.record("judging.read_handover", actor=actor, subject=("handover", made.id), at=at, chain=contest_id,
                     details={"seat": str(device.seat_id), "device": str(device.id), "digest": made.digest, "code": made.code,
                              "events": made.event_count, "signed": signed, "signing_key": key, "way": way})
    return made


def _sender(body: Body, contest_id: uuid.UUID, events: Collection[uuid.UUID]) -> Device:
    device = find_sender(body.device)
    if device is None or device.seat_id != body.seat or device.seat.panel.contest_id != contest_id:
        raise RuleBroken(_("文件里的平板和座位不属于本赛事，没有读取。请核对是不是别的赛事的文件。"),
                         code="handover_unknown", status=422, field="files")
    if device.seat.panel.event_id not in events:
        raise RuleBroken(_("文件里的座位不在您负责的项目中，请交给那个项目的裁判长。"),
                         code="handover_other_event", status=422, field="files")
    known = {round_.id for round_ in rounds_of_panel(device.seat.panel_id)}
    if not known.intersection(body.rounds):
        raise RuleBroken(_("文件里的轮次不由这个座位的裁判组评分，没有读取。"), code="handover_rounds", status=422, field="files")
    return device


def _signed(file: HandoverFile, device: Device) -> tuple[str, str | None]:
    """How far the file is proved to come from its tablet, and the thumbprint of the key that proves it."""
    if device.public_key is None:
        return UNSIGNED_FILE if file.signature is None else UNKNOWN_KEY, None
    if file.signature is None:
        # It would be an unsigned file like any other, were its signature just taken off.
        return STRIPPED, None
    for key in (device.public_key, *(former["key"] for former in reversed(device.former_keys))):
        if device_keys.is_signed_by(key, file.signed_bytes, file.signature):
            return SIGNED, device_keys.thumbprint(key)
    return ALTERED, None


def ask_handover(handover_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """Ask a second person to take a file that no signature vouches for."""
    with atomic():
        found = get(Handover, handover_id, lock=True)
        if not found.needs_second:
            raise RuleBroken(_("这份文件不需要第二人批准，可以直接接收。"), code="handover_approved")
        seat = found.seat
        payload = {"handover": str(found.id), "digest": found.digest, "code": found.code, "seat": seat.number,
                   "panel": seat.panel.name, "events": found.event_count, "signed": found.signed}
        return approvals.ask(UNSIGNED, subject=("handover", found.id), payload=payload, reason=reason, actor=actor, at=at,
                             chain=found.contest_id)


def open_handover_request(handover_id: uuid.UUID, at: datetime) -> Approval | None:
    """The request about a file that somebody can still decide."""
    return approvals.open_request(UNSIGNED, handover_id, at=at)


def take_handover(handover_id: uuid.UUID, *, stuck: bool, actor: Actor, at: datetime) -> Handover:
    """Send the events of a file the way that all events take; ``stuck``: also those that the server had refused.

    In slices, each a transaction of its own: what broke off is gone on with by taking it again, and what was taken
    already is answered as repeated.
    """
    with atomic():
        found = get(Handover, handover_id, lock=True)
        if found.needs_second:
            raise RuleBroken(_("这份文件没有签名，要第二人批准后才能接收。"), code="handover_unsigned")
        found.state = "taking"
        audit.record("judging.begin_handover", actor=actor, subject=("handover", found.id), at=at, chain=found.contest_id,
                     details={"device": str(found.device_id), "code": found.code, "stuck": stuck})
        device_id, body = found.device_id, handover_file.body_of(found.body)
    left = set() if stuck else set(body.stuck)
    chosen = [event for event in body.events if event.uuid not in left]
    answers = _taken(device_id, [event.to_event() for event in chosen], at)
    with atomic():
        found = get(Handover, handover_id, lock=True)
        found.state, found.taken_at, found.taken_name = "taken", at, actor.name
        found.results = _results(chosen, answers, len(body.events) - len(chosen))
        if found.signed == SIGNED:
            # Who lets a round close by the word of a tablet must know that it is the tablet's.
            _report(device_id, body, answers, at)
        audit.record("judging.take_handover", actor=actor, subject=("handover", found.id), at=at, chain=found.contest_id,
                     details={"device": str(device_id), "digest": found.digest, "code": found.code, "answers": found.results["counts"]})
    return found


def _taken(device_id: uuid.UUID, events: Sequence[DeviceEvent], at: datetime) -> dict[uuid.UUID, Answer]:
    answers: dict[uuid.UUID, Answer] = {}
    for start in range(0, len(events), SLICE):
        receipt = accept_events(device_id, events[start:start + SLICE], at=at)
        answers |= {answer.id: answer for answer in receipt.answers}
    return answers


def _results(chosen: Sequence[EventIn], answers: dict[uuid.UUID, Answer], left: int) -> dict[str, Any]:
    counts: dict[str, int] = {}
    lines = []
    for event in chosen:
        answer = answers[event.uuid]
        counts[answer.result] = counts.get(answer.result, 0) + 1
        if answer.result not in ("accepted", "repeated"):
            lines.append({"work": str(event.work), "kind": event.kind, "criterion": event.criterion, "attempt": event.attempt,
                          "seq": event.device_seq, "result": answer.result, "code": answer.code, "message": str(answer.message)})
    return {"counts": counts, "left": left, "lines": lines[:MOST_LINES]}


def _report(device_id: uuid.UUID, body: Body, answers: Mapping[uuid.UUID, Answer], at: datetime) -> None:
    """All that waited on the tablet has been answered, unless it has made more since: the close of a round may know it, as the
    tablet's word from when it made the file. What was refused, or left out, is on the tablet alone."""
    get(Device, device_id, lock=True)
    report = find(DeviceReport, device_id=device_id)
    skew = timedelta(seconds=report.skew_s or 0) if report is not None else timedelta()
    said_at = min(at, body.made_at - skew)
    if report is None:
        report = DeviceReport(device_id=device_id, seen_at=said_at)
        db.session.add(report)
    if report.last_made is None or report.last_made <= body.last_made:
        report.pending, report.last_made, report.held = 0, body.last_made, {}
        report.seen_at = max(report.seen_at, said_at)
        report.stuck = _refused(device_id, body.events, answers)


def _refused(device_id: uuid.UUID, events: Sequence[EventIn], answers: Mapping[uuid.UUID, Answer]) -> dict[str, int]:
    """How many events by work the server neither took nor keeps aside, but for those in whose place it has a later one."""
    left = [event.to_event() for event in events
            if event.uuid not in answers or answers[event.uuid].result in ("refused", "conflict")]
    newest = newest_words(device_id, {event.work_id for event in left})
    return dict(Counter(str(event.work_id) for event in left if newest.get(place_of(event), 0) < event.device_seq))


def _describe(payload: dict[str, Any]) -> str:
    return str(_("接收 %(panel)s %(n)s 号座位没有签名的交接文件（%(events)s 项，交接码 %(code)s）", panel=payload["panel"],
                 n=payload["seat"], events=payload["events"], code=payload["code"]))


def _approve(approval: Approval, actor: Actor, at: datetime) -> None:
    with atomic():
        found = get(Handover, uuid.UUID(approval.payload["handover"]), lock=True)
        found.approved_name, found.approved_at = actor.name, at
        audit.record("judging.approve_handover", actor=actor, subject=("handover", found.id), at=at, chain=found.contest_id,
                     reason=approval.reason, details={"device": str(found.device_id), "digest": found.digest, "code": found.code})


def _behind(approval: Approval) -> Shown:
    """Which seat it is said to come from, and the page with its content."""
    found = get(Handover, uuid.UUID(approval.payload["handover"]))
    return Shown(
        facts=[(str(_("座位")), str(_("%(panel)s %(n)s 号", panel=found.seat.panel.name, n=found.seat.number))),
               (str(_("交接码")), found.code), (str(_("评分项")), str(found.event_count))],
        warnings=[str(_("没有签名能证明它来自这台平板：批准前请当面核对平板上显示的交接码（四组十六位，逐组核对），"
                        "并打开下面的文件，与裁判员逐项核对评分。"))],
        links=[Behind(lazy_gettext("离线交接文件"), "judging.handover", {"contest_id": found.contest_id, "handover_id": found.id})])


approvals.register(approvals.Kind(
    UNSIGNED, lazy_gettext("接收没有签名的交接文件"), "judging.approve_handover", _describe, _approve, show=_behind))
