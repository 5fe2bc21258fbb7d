"""What was kept aside, each beside the mark that it would replace."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from competition.contests.models import Round
from competition.core.database import db, get
from competition.core.formats import joined
from competition.core.languages import on_record
from competition.judging import rules, rules_spread
from competition.judging.models import MarkEvent, Sheet
from competition.judging.queries import rules_of_round, state_row
from competition.judging.queries_newest import newest_words, place_of
from competition.judging.queries_spread import part_words
from competition.judging.rules_evidence import COMMENT, EVIDENCE, PHOTO
from competition.scoring.model import Event

Line = dict[str, Any]
EVIDENCE_WORDS = {COMMENT: lazy_gettext("备注"), PHOTO: lazy_gettext("照片")}


def late_lines(round_id: uuid.UUID, events: Sequence[MarkEvent]) -> list[Line]:
    """One line for each event: work, seat, what it marks, the late value, and what is held at this moment.

    ``held`` and ``version`` are those of the mark, of the whole sheet when the event hands it in, whose values are a
    list; ``sheet`` is the sheet's state. ``superseded``: the same tablet said something later that counts already.
    Lines are kept with a request and compared: they hold facts and names of the rulebook, no words of a language.
    """
    _version, event = rules_of_round(get(Round, round_id), state_row(round_id))
    names = {criterion.key: criterion for criterion in event.criteria}
    pairs = {(one.seat_id, one.work_id) for one in events}
    query = select(Sheet).where(Sheet.round_id == round_id, Sheet.work_id.in_({work for _seat, work in pairs}))
    sheets = {(s.seat_id, s.work_id): s for s in db.session.scalars(query.execution_options(populate_existing=True))}
    newest = {device: newest_words(device, {one.work_id for one in events}) for device in {one.device_id for one in events}}
    return [_line(one, sheets.get((one.seat_id, one.work_id)), names, event, newest[one.device_id].get(place_of(one), 0))
            for one in events]


def _line(one: MarkEvent, sheet: Sheet | None, names: dict[str, Any], event: Event, newest: int) -> Line:
    marks = sheet.marks if sheet else {}
    line: Line = {"event": str(one.id), "work": one.work.code, "seat": one.seat.number, "kind": one.kind,
                  "sheet": sheet.state if sheet else "none"}
    if one.kind == rules.HAND_IN:
        late = dict(part.split("=", 1) for part in one.value.split(";") if "=" in part)
        return line | {"slot": "", "what": "", "attempt": 0, "late": _values(late, event), "held": _values(marks, event),
                       "version": sheet.version if sheet else 0, "superseded": False}
    if one.kind == rules.KEEP:
        part = next((each for each in rules_spread.parts_of(event) if each.key == one.criterion), None)
        return line | {"slot": "", "what": _part_name(part) if part else one.criterion, "attempt": 0, "late": one.value, "held": "",
                       "version": sheet.version if sheet else 0, "superseded": False}
    key = rules.slot(one.criterion, one.attempt)
    mark, criterion = None if one.kind in EVIDENCE else marks.get(key), names.get(one.criterion)
    moved_here = mark is not None and mark["device"] == str(one.device_id) and mark["seq"] > one.device_seq
    superseded = one.kind not in EVIDENCE and (moved_here or newest > one.device_seq)
    return line | {"slot": key, "what": criterion.name.zh if criterion else one.criterion,
                   "attempt": one.attempt if criterion and criterion.attempts > 1 else 0,
                   "late": _late_value(one), "held": mark["value"] if mark else "",
                   "version": mark["version"] if mark else 0, "superseded": superseded}


def _part_name(part: rules_spread.Part) -> str:
    """As the record has it, beside the criteria's Chinese names."""
    with on_record():
        return part_words(part)


def _late_value(one: MarkEvent) -> str:
    """A mark, the words of a comment, the first signs of a photo's hash."""
    if one.kind == PHOTO:
        return one.value[:8]
    return "" if one.kind == rules.WITHDRAW else one.value


def _values(marks: dict[str, Any], event: Event) -> list[str]:
    """A sheet's marks by the names of their criteria, in the rulebook's order."""
    return [f"{criterion.name.zh} {rules.value_of(mark)}" for criterion in event.criteria
            for attempt in range(1, criterion.attempts + 1) if (mark := marks.get(rules.slot(criterion.key, attempt))) is not None]


def what_words(line: Line) -> str:
    """What a line is about: a criterion, one of its attempts, or the whole sheet."""
    if not line["what"]:
        return str(_("提交评分"))
    # Requests of an earlier program have the attempt in the name.
    attempt = line.get("attempt", 0)
    what = str(_("%(what)s（第 %(n)s 次）", what=line["what"], n=attempt) if attempt else line["what"])
    return f"{what} · {EVIDENCE_WORDS[line['kind']]}" if line["kind"] in EVIDENCE_WORDS else what


def value_words(value: str | list[str]) -> str:
    """A mark, or the marks of a whole sheet; empty for none."""
    return value if isinstance(value, str) else joined(value)
