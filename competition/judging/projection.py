"""A sheet as the projection of its events."""

from datetime import datetime

from competition.judging import rules
from competition.judging.models import MarkEvent, Sheet
from competition.judging.queries_intake import NewEvent, Paper
from competition.judging.rules import DeviceEvent


def project(
    sheet: Sheet | Paper, stored: MarkEvent | NewEvent, rulebook_digest: str, work_code: str, seat_number: int, at: datetime, *,
    newest: int = 0,
) -> None:
    """Let an accepted event change its sheet. Replaying all accepted events in order gives the same sheet. ``newest``: the
    highest number of what the same device said before about the mark (or withdrew): its later word stays."""
    sheet.version = stored.seq
    if stored.kind == rules.KEEP:
        return
    if stored.kind == rules.HAND_IN:
        sheet.state, sheet.handed_in_at = "handed_in", at
        sheet.check_code = rules.check_code(rulebook_digest, work_code, seat_number, sheet.marks)
        return
    event = DeviceEvent(stored.id, stored.device_seq, stored.seat_id, stored.work_id, stored.kind, stored.criterion, stored.attempt)
    if stored.device_seq < newest or not rules.applies(event, sheet.marks.get(event.slot), stored.device_id):
        return
    if sheet.state == "handed_in":
        sheet.state, sheet.check_code = rules.REMARKING, None
    marks = {key: mark for key, mark in sheet.marks.items() if key != event.slot}
    if stored.kind == rules.MARK:
        marks[event.slot] = {"value": stored.value, "version": stored.seq, "device": str(stored.device_id), "seq": stored.device_seq}
    sheet.marks = marks
