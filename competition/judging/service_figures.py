"""Figures that no judge gives: times, theory marks, deductions; keyed, timed or imported. Only added."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from competition.arena.rules_codes import is_code, read_code
from competition.arena.work_queries import get_work, list_works
from competition.arena.works import Work
from competition.contests import service as contests
from competition.contests.models import Round
from competition.core import audit, sheets
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken, Stale
from competition.judging import figures_sheet
from competition.judging.figures_sheet import CODE_HEAD, KEY_ROW, Column
from competition.judging.models import RoundState
from competition.judging.models_figures import Figure, FigureImport
from competition.judging.queries import current_figures, rules_of_round
from competition.judging.rules_figures import FigureKey, figure_value, is_twice
from competition.judging.service_rounds import hold_round
from competition.scoring.criteria import MarkRefused
from competition.scoring.model import Event
from competition.scoring.paper import ANSWERS
from competition.scoring.wording import N_

SOURCES = ("keyed", "timed", "imported")
MISTYPED = N_("作品号有误，请对照标签逐位核对。")
NOT_HERE = N_("本轮没有这个作品号，请核对是不是别的轮次。")
REPEATED = N_("这个作品号前面已有一行，请只留一行。")


def record_figure(
    work_id: uuid.UUID, key: str, value: str, *, source: str, actor: Actor, at: datetime, reason: str = ""
) -> Figure:
    """Write one figure of a work; see :func:`record_figures`. The figure that holds afterwards."""
    record_figures(work_id, {key: value}, source=source, actor=actor, at=at, reason=reason)
    return current_figures(get_work(work_id).round_id)[work_id, key]


def record_figures(
    work_id: uuid.UUID, values: Mapping[str, str], *, source: str, actor: Actor, at: datetime, reason: str = ""
) -> list[Figure]:
    """Write figures of a work; times as ``mm:ss``. What stands already is not written again.

    Another value in place of an earlier one, and taking one away ("" as value), is a correction and
    needs a reason.
    """
    with atomic() as session:
        work = get_work(work_id)
        state = hold_round(work.round_id)
        round_, event = _rules(work.round_id, state)
        current, written, said = current_figures(work.round_id), [], {}
        for key, value in values.items():
            before = current.get((work_id, key))
            held = before.value if before is not None else ""
            canonical = _canonical(event, key, value) if value.strip() else ""
            if canonical == held:
                continue
            if held and not reason.strip():
                raise RuleBroken(_("%(code)s 的这一项已录入，更正请写明理由。", code=work.code), code="reason_required",
                                 status=422, field="reason")
            written.append(_add(work, key, canonical, source, reason, state, actor, at, given=value))
            said[key] = [held, canonical]
        if written:
            session.flush()
            _check_once([work])
            audit.record("judging.record_figures", actor=actor, subject=("work", work_id), at=at, chain=round_.contest_id,
                         reason=reason.strip() or None, details={"values": said, "source": source})
    return written


def record_many(
    round_id: uuid.UUID, values: Mapping[tuple[uuid.UUID, str], str], *, source: str, actor: Actor, at: datetime
) -> int:
    """Write many checked figures in one go, for loading; how many were new. Those that stand already are left."""
    with atomic():
        state = hold_round(round_id)
        round_, event = _rules(round_id, state)
        works = {work.id: work for work in list_works(round_id)}
        current, count = current_figures(round_id), 0
        for (work_id, key), value in values.items():
            canonical = _canonical(event, key, value)
            before = current.get((work_id, key))
            if before is None or before.value != canonical:
                _add(works[work_id], key, canonical, source, "", state, actor, at)
                count += 1
        if count:
            audit.record("judging.record_figures", actor=actor, subject=("round", round_id), at=at, chain=round_.contest_id,
                         details={"count": count, "source": source})
    return count


def _rules(round_id: uuid.UUID, state: RoundState) -> tuple[Round, Event]:
    round_ = get(Round, round_id)
    if state.state == "locked":
        raise RuleBroken(_("本轮已锁定，不能再录入或更正。如需更正，请申请解锁。"), code="round_locked")
    _version, event = rules_of_round(round_, state)
    return round_, event


def _canonical(event: Event, key: str, value: str) -> str:
    try:
        return figure_value(event, key, value)
    except MarkRefused as refusal:
        raise RuleBroken(refusal.say(_), code=refusal.code, status=422, field=key) from refusal
    except KeyError as error:
        raise RuleBroken(_("评分规则中没有这一项，不能录入。"), code="figure_unknown", status=422) from error


def _add(
    work: Work, key: str, value: str, source: str, reason: str, state: RoundState, actor: Actor, at: datetime, *, given: str = ""
) -> Figure:
    if source not in SOURCES:
        raise ValueError(source)
    state.version += 1
    if state.first_mark_at is None:
        version, _event = rules_of_round(get(Round, work.round_id), state)
        state.first_mark_at, state.rulebook_id = at, version.id
        contests.freeze_rulebook(work.contest_id, at=at)
    figure = Figure(contest_id=work.contest_id, round_id=work.round_id, work_id=work.id, key=key, value=value, source=source,
                    reason=reason.strip(), seq=state.version, by_id=actor.id, by_name=actor.name, at=at,
                    given=given if key.startswith(ANSWERS) and value else None)
    db.session.add(figure)
    return figure


def _check_once(works: Iterable[Work]) -> None:
    """Nobody has a theory mark and answers at once."""
    held: dict[uuid.UUID, set[str]] = {}
    found = list(works)
    for round_id in {work.round_id for work in found}:
        for (work_id, key), figure in current_figures(round_id).items():
            if figure.value:
                held.setdefault(work_id, set()).add(key)
    for work in found:
        if is_twice(held.get(work.id, ())):
            raise RuleBroken(_("%(code)s 既有理论成绩又有答题记录，只能留一种。请先清空另一种。", code=work.code), code="theory_twice",
                             status=422)


def template_of(round_id: uuid.UUID) -> bytes:
    """A workbook to fill in: the works' codes, and the figures as they stand."""
    round_ = get(Round, round_id)
    _version, event = rules_of_round(round_, db.session.get(RoundState, round_id))
    columns, current = figures_sheet.columns_of(event), current_figures(round_id)
    rows = [[work.code, *(cell for column in columns for cell in column.written(current.get((work.id, column.key.key))))]
            for work in list_works(round_id)]
    note = figures_sheet.NOTE if event.paper is None else figures_sheet.NOTE_OF_ANSWERS
    header = [CODE_HEAD, *(name for column in columns for name in column.heads)]
    return sheets.write_table(round_.name, header, rows, taken=None, note=note)


def preview_figures(round_id: uuid.UUID, data: bytes, *, file_name: str, actor: Actor, at: datetime) -> FigureImport:
    """Read a filled-in workbook and keep what it says beside what stands; nothing is taken over yet."""
    table = sheets.read_table(data)
    with atomic() as session:
        state = hold_round(round_id)
        round_, event = _rules(round_id, state)
        columns, body = figures_sheet.find_columns(event, table)
        rows = _rows(round_id, event, columns, body)
        preview = FigureImport(contest_id=round_.contest_id, round_id=round_id, file_digest=hashlib.sha256(data).hexdigest(),
                               file_name=file_name[:120], rows=rows, by_id=actor.id, at=at)
        session.add(preview)
        session.flush()
        audit.record("judging.preview_figures", actor=actor, subject=("round", round_id), at=at, chain=round_.contest_id,
                     details={"file": preview.file_digest, "rows": len(rows), "faults": sum(bool(r["error"]) for r in rows)})
    return preview


def faulty_of(preview: FigureImport) -> bytes:
    """What a preview refuses, as a workbook to put right: the cells that are wrong are red."""
    _version, event = rules_of_round(get(Round, preview.round_id), db.session.get(RoundState, preview.round_id))
    return figures_sheet.faulty_book(event, preview.rows)


def _rows(round_id: uuid.UUID, event: Event, columns: list[Column], body: list[list[str]]) -> list[dict[str, Any]]:
    works = {work.code: work for work in list_works(round_id)}
    current = current_figures(round_id)
    rows: list[dict[str, Any]] = []
    seen: set[tuple[str, str]] = set()
    for line in body:
        code = read_code(line[0]) if line and line[0] != KEY_ROW else ""
        for column in columns:
            text = column.text(line)
            if code and text:
                rows.append(_preview_row(event, works.get(code), code, column.key, text, current, (code, column.key.key) in seen))
                seen.add((code, column.key.key))
    return rows


def _preview_row(
    event: Event, work: Work | None, code: str, key: FigureKey, text: str,
    current: Mapping[tuple[uuid.UUID, str], Figure], is_repeated: bool,
) -> dict[str, Any]:
    """``error`` and ``facts``: what is wrong, a message and what it is said of; ``words.fault_words`` says it."""
    row: dict[str, Any] = {"code": code, "work": str(work.id) if work else "", "key": key.key, "text": text,
                           "value": "", "before": "", "error": "", "facts": {}}
    if work is None:
        return row | {"error": NOT_HERE if is_code(code) else MISTYPED}
    if is_repeated:
        return row | {"error": REPEATED}
    try:
        row["value"] = figure_value(event, key.key, text)
    except MarkRefused as refusal:
        return row | {"error": refusal.message, "facts": refusal.values}
    before = current.get((work.id, key.key))
    return row | {"before": before.value if before else ""}


def take_figures(import_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime) -> int:
    """Take over a preview: how many figures are new or corrected. Again, or the same file again, changes nothing.

    Refused while a row is faulty; a correction of what stands needs a reason.
    """
    with atomic():
        preview = get(FigureImport, import_id, lock=True)
        if preview.state == "taken":
            return 0
        if any(row["error"] for row in preview.rows):
            raise RuleBroken(_("文件中还有错误，没有导入。请改好后重新上传。"), code="import_faulty", status=422)
        state = hold_round(preview.round_id)
        round_, event = _rules(preview.round_id, state)
        works = {str(work.id): work for work in list_works(preview.round_id)}
        current, taken, corrected = current_figures(preview.round_id), 0, 0
        for row in preview.rows:
            work, value = works[row["work"]], _canonical(event, row["key"], row["text"])
            before = current.get((work.id, row["key"]))
            if (before.value if before else "") not in (row["before"], value):
                raise Stale(_("预览之后，作品 %(code)s 的成绩又有改动，没有导入。请重新上传文件核对。", code=work.code))
            if before is None or before.value != value:
                taken, corrected = taken + 1, corrected + (before is not None)
                _add(work, row["key"], value, "imported", reason, state, actor, at, given=row["text"])
        if corrected and not reason.strip():
            raise RuleBroken(_("其中 %(n)s 项与已录入的不同，更正请写明理由。", n=corrected), code="reason_required", status=422,
                             field="reason")
        db.session.flush()
        _check_once({row["work"]: works[row["work"]] for row in preview.rows}.values())
        preview.state, preview.taken_at = "taken", at
        audit.record("judging.take_figures", actor=actor, subject=("round", preview.round_id), at=at, chain=round_.contest_id,
                     reason=reason.strip() or None,
                     details={"file": preview.file_digest, "taken": taken, "corrected": corrected})
    return taken
