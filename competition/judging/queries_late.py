"""What was kept aside, each beside the mark that it would replace."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from competition.contests.models import Round
from competition.core.database import db, get
from competition.judging import rules
from competition.judging.models import MarkEvent, Sheet
from competition.judging.queries import rules_of_round, state_row
from competition.scoring.model import Event

Line = dict[str, Any]


def late_lines(round_id: uuid.UUID, events: Sequence[MarkEvent]) -> list[Line]:
    """One line for each event: work, seat, what it marks, the late value, and what is held at this moment.

    ``held`` and ``version`` are those of the mark, of the whole sheet when the event hands it in; ``sheet`` is the
    sheet's state. ``superseded``: the same tablet said something later that counts already.
    """
    _version, event = rules_of_round(get(Round, round_id), state_row(round_id))
    names = {criterion.key: criterion for criterion in event.criteria}
    pairs = {(one.seat_id, one.work_id) for one in events}
    query = select(Sheet).where(Sheet.round_id == round_id, Sheet.work_id.in_({work for _seat, work in pairs}))
    sheets = {(s.seat_id, s.work_id): s for s in db.session.scalars(query.execution_options(populate_existing=True))}
    return [_line(one, sheets.get((one.seat_id, one.work_id)), names, event) for one in events]


def _line(one: MarkEvent, sheet: Sheet | None, names: dict[str, Any], event: Event) -> Line:
    marks = sheet.marks if sheet else {}
    line: Line = {"event": str(one.id), "work": one.work.code, "seat": one.seat.number, "kind": one.kind,
                  "sheet": sheet.state if sheet else "none"}
    if one.kind == rules.HAND_IN:
        late = dict(part.split("=", 1) for part in one.value.split(";") if "=" in part)
        return line | {"slot": "", "what": "", "late": _sheet_words(late, event), "held": _sheet_words(marks, event),
                       "version": sheet.version if sheet else 0, "superseded": False}
    key = rules.slot(one.criterion, one.attempt)
    mark, criterion = marks.get(key), names.get(one.criterion)
    what = criterion.name.zh if criterion else one.criterion
    if criterion and criterion.attempts > 1:
        what += f"（第 {one.attempt} 次）"
    superseded = bool(mark and mark["device"] == str(one.device_id) and mark["seq"] > one.device_seq)
    return line | {"slot": key, "what": what, "late": one.value if one.kind == rules.MARK else "",
                   "held": mark["value"] if mark else "", "version": mark["version"] if mark else 0, "superseded": superseded}


def _sheet_words(marks: dict[str, Any], event: Event) -> str:
    """A sheet's marks by the names of their criteria, in the rulebook's order."""
    said = []
    for criterion in event.criteria:
        for attempt in range(1, criterion.attempts + 1):
            mark = marks.get(rules.slot(criterion.key, attempt))
            if mark is not None:
                said.append(f"{criterion.name.zh} {rules.value_of(mark)}")
    return "、".join(said)
