"""A table becomes the roster of a return: sent, read by a job, confirmed, staged by a job, taken in one step, taken back."""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select, update

from competition.core import audit, jobs
from competition.core.actors import Actor
from competition.core.characters import without_controls
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.files import drop
from competition.core.jobs import Cancelled
from competition.core.tables.bounds import MOST_BYTES
from competition.counting.models import Fact
from competition.counting.service_facts import Standings, Told
from competition.returns import queries_import as reads
from competition.returns import rules_import as rules
from competition.returns import service_staging as staging
from competition.returns.models import Return
from competition.returns.models_import import ReturnImport
from competition.returns.rules import ROSTER
from competition.returns.service import editable, standings_of, take_roster
from competition.returns.service_course import record_step
from competition.returns.service_reading import LONG, Report, keep, opened, sealed
from competition.rosters.rules_columns import Head
from competition.rosters.service import choose_columns

READ, TAKE = "participation.read_roster", "participation.take_roster"


def send_table(return_id: uuid.UUID, data: bytes, file_name: str, *, actor: Actor, at: datetime) -> ReturnImport:
    """Keep a table, sealed, and have it read. Nothing of the return changes. Raises RuleBroken while another one is worked on."""
    if not data:
        raise RuleBroken(_("文件里没有内容。请上传填好的名单。"), code="sheet_unreadable", status=422, field="file")
    if len(data) > MOST_BYTES:
        raise RuleBroken(_("表格超过 %(n)d MB，未读取。请删去图片和多余的工作表后再上传。", n=MOST_BYTES // 1024 // 1024),
                         code="sheet_too_large", status=413, field="file")
    kept = ReturnImport(id=uuid.uuid4(), return_id=return_id, by_id=actor.id, by_name=actor.name, created_at=at,
                        file_name=" ".join(without_controls(file_name).split())[-80:] or "—")
    made = sealed(kept, "file", data)
    with atomic() as session:
        editable(return_id, ROSTER)
        _give_up_others(return_id)
        session.add(kept)
        keep(kept, "file", made, at)
        _start(kept, READ, _("读取名册"), actor, at)
        audit.record("participation.send_roster", actor=actor, subject=("return_import", kept.id), at=at, details={"size": len(data)})
    return kept


def _give_up_others(return_id: uuid.UUID) -> None:
    for other, work in reads.open_imports(return_id):
        if work in ("queued", "running"):
            raise RuleBroken(_("上一份名册正在处理，请等它完成，或先停止它。"), code="being_taken")
        other.state, other.number, other.former = rules.DROPPED, None, None


def _start(kept: ReturnImport, kind: str, title: Any, actor: Actor, at: datetime) -> None:
    payload = {"import": str(kept.id), "by": str(actor.id)}
    kept.job_id = jobs.start(kind, title=title, about=kept.file_name, payload=payload, actor=actor, at=at).id


def read_otherwise(
    import_id: uuid.UUID, chosen: Mapping[str, int], sheet: int | None = None, *, actor: Actor, at: datetime,
) -> ReturnImport:
    """Have it read again, with the columns that a person chose (which are remembered), or another sheet of it."""
    with atomic():
        kept = _idle(import_id, (rules.COLUMNS, rules.CHECKED))
        if sheet is not None and sheet != kept.sheet:
            kept.sheet, kept.chosen = sheet, False
        else:
            head = Head(kept.summary["row"], tuple(kept.summary["titles"]), {})
            kept.columns = dict(choose_columns(kept.of.union_id, head, chosen, actor=actor, at=at).fields)
            kept.chosen = True
        kept.state, kept.number, kept.former, kept.staged = rules.READING, None, None, 0
        _drop_files(kept, ("found", "marked"))
        _start(kept, READ, _("读取名册"), actor, at)
        audit.record("participation.read_otherwise", actor=actor, subject=("return_import", kept.id), at=at,
                     details={"sheet": kept.sheet, "columns": dict(chosen)})
    return kept


def _idle(import_id: uuid.UUID, states: Iterable[str]) -> ReturnImport:
    """Within an act: the import, held, in one of these states while its return is the union's own."""
    kept = get(ReturnImport, import_id, lock=True)
    editable(kept.return_id, ROSTER)
    work = reads.work_of(kept.job_id)
    is_stuck = kept.state == rules.TAKING and work is not None and work.is_over
    if is_stuck:
        # Its work failed or was stopped: what is staged is taken up again.
        kept.state = rules.CHECKED
    if kept.state not in states:
        raise RuleBroken(_("这份名册现在不能这样办理，请刷新页面查看它的情况。"), code="wrong_state")
    return kept


def _drop_files(kept: ReturnImport, which: Iterable[str]) -> None:
    rows = [row for name in which if (row := getattr(kept, name)) is not None]
    for name in which:
        setattr(kept, name, None)
    db.session.flush()
    drop(rows)


def ask_take(import_id: uuid.UUID, *, only_good: bool, keeps_others: bool, actor: Actor, at: datetime) -> ReturnImport:
    """Have it taken in: all rows, or (``only_good``) those without faults; ``keeps_others``: who is in the present roster and not in the
    table stays."""
    with atomic():
        kept = _idle(import_id, (rules.CHECKED,))
        rules.check_takeable(kept.state, kept.summary["good"], kept.summary["bad"], only_good)
        if kept.staged and kept.keeps_others != keeps_others:
            kept.number, kept.former, kept.staged = None, None, 0
        kept.state, kept.only_good, kept.keeps_others = rules.TAKING, only_good, keeps_others
        _start(kept, TAKE, _("导入名册"), actor, at)
        audit.record("participation.ask_take_roster", actor=actor, subject=("return_import", kept.id), at=at,
                     details={"rows": kept.summary["rows"], "bad": kept.summary["bad"], "only_good": only_good})
    return kept


def take_import(import_id: uuid.UUID, job_id: uuid.UUID, *, actor: Actor, at: datetime, report: Report) -> ReturnImport:
    """Stage the people slice by slice, then make them the return's roster in one step. It may be broken off at any line and begun
    again: it goes on after the last slice. Raises RuleBroken when the return went on meanwhile; nothing has changed then."""
    kept = get(ReturnImport, import_id)
    if kept.state != rules.TAKING or kept.job_id != job_id:
        return kept
    people, standings = _people(json.loads(opened(kept, "found"))), standings_of(kept.of)
    try:
        report(kept.staged, len(people) + 1, _("正在分批存入"))
        while kept.staged < len(people):
            kept = _stage_slice(import_id, job_id, people, standings, actor, at, report)
        while kept.keeps_others and kept.former and kept.number and staging.carry_over(
                kept.of.activity_id, kept.former, kept.number, actor=actor, at=at):
            report(kept.staged, len(people) + 1, _("正在并入现有名册"))
        if len(people) > LONG:
            report(len(people), len(people) + 1, _("正在启用"))
        return _finish(import_id, job_id, actor, at)
    except (RuleBroken, Cancelled):
        _give_back(import_id, job_id)
        raise


def _people(found: Mapping[str, Any]) -> list[tuple[Told, staging.Shown]]:
    standings = [(uuid.UUID(union), *rest) for union, *rest in found["standings"]]
    days = {day: date.fromisoformat(day) for day in {one[2] for one in found["people"]}}
    return [(Told(key, days[day], *standings[number]), staging.Shown(name, masked, unit))
            for key, number, day, name, masked, unit in found["people"]]


def _mine(import_id: uuid.UUID, job_id: uuid.UUID) -> ReturnImport:
    """Within an act: the import, held, while it is this work that takes it. Raises Cancelled when other work does."""
    kept = get(ReturnImport, import_id, lock=True)
    if kept.state != rules.TAKING or kept.job_id != job_id:
        raise Cancelled
    return kept


def _stage_slice(
    import_id: uuid.UUID, job_id: uuid.UUID, people: list[tuple[Told, staging.Shown]], standings: Standings, actor: Actor, at: datetime,
    report: Report,
) -> ReturnImport:
    with atomic():
        kept = _mine(import_id, job_id)
        if kept.number is None:
            found = editable(kept.return_id, ROSTER)
            kept.number, kept.former = staging.new_origin(found.activity_id, at), found.number
        some = people[kept.staged:kept.staged + staging.SLICE]
        staging.stage(kept.of.activity_id, kept.number, [told for told, _shown in some], [shown for _told, shown in some], standings,
                      actor=actor, at=at)
        kept.staged += len(some)
        # With the slice: a commit of its own would cost a tenth of it.
        report(kept.staged, len(people) + 1, _("正在分批存入"))
    return kept


def _finish(import_id: uuid.UUID, job_id: uuid.UUID, actor: Actor, at: datetime) -> ReturnImport:
    with atomic() as session:
        kept = _mine(import_id, job_id)
        found = editable(kept.return_id, ROSTER)
        if kept.number is None or found.number != kept.former:
            raise RuleBroken(_("导入期间这份上报的名册又有变动，没有启用。请核对后重新导入。"), code="moved")
        this = Fact.activity_id == found.activity_id, Fact.origin == kept.number, Fact.withdrawn_at.is_(None)
        people = session.scalar(select(func.count()).select_from(Fact).where(*this)) or 0
        take_roster(kept.return_id, kept.number, people, actor=actor, at=at)
        others = ReturnImport.return_id == kept.return_id, ReturnImport.id != kept.id
        session.execute(update(ReturnImport).where(*others).values(former=None))
        kept.state, kept.taken_at = rules.TAKEN, at
        kept.summary = kept.summary | {"people": people}
        audit.record("participation.take_roster", actor=actor, subject=("return_import", kept.id), at=at,
                     details={"people": people, "number": kept.number})
    return kept


def _give_back(import_id: uuid.UUID, job_id: uuid.UUID) -> None:
    """It was stopped or refused: it waits to be confirmed again, and what is staged is nobody's."""
    with atomic():
        kept = get(ReturnImport, import_id, lock=True)
        if kept.state == rules.TAKING and kept.job_id == job_id:
            kept.state, kept.number, kept.former, kept.staged = rules.CHECKED, None, None, 0


def can_undo(kept: ReturnImport, found: Return) -> bool:
    """Is it the newest change of the roster, and is the former roster still there?"""
    return kept.state == rules.TAKEN and kept.former is not None and kept.number == found.number


def undo_import(import_id: uuid.UUID, *, actor: Actor, at: datetime) -> ReturnImport:
    """The whole import is taken back: the former roster is the return's again, in one step."""
    with atomic():
        kept = get(ReturnImport, import_id, lock=True)
        found = editable(kept.return_id, ROSTER)
        if not can_undo(kept, found) or kept.former is None:
            raise RuleBroken(_("这次导入之后名册又有变动，或者已经撤销，不能再撤销。"), code="not_undoable")
        found.number = kept.former
        kept.state, kept.number, kept.former = rules.UNDONE, None, None
        record_step("undo_roster", found, actor, at)
    return kept


def drop_import(import_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Give a table up; its files go at once."""
    with atomic():
        kept = get(ReturnImport, import_id, lock=True)
        work = reads.work_of(kept.job_id)
        if kept.state not in rules.OPEN or (work and not work.is_over):
            raise RuleBroken(_("这份名册现在不能放弃，请刷新页面查看它的情况。"), code="wrong_state")
        kept.state, kept.number, kept.former = rules.DROPPED, None, None
        _drop_files(kept, ("file", "found", "marked"))
        audit.record("participation.drop_roster", actor=actor, subject=("return_import", kept.id), at=at)


def stop_work(import_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Stop the reading or the taking; nothing has changed by it."""
    kept = get(ReturnImport, import_id)
    if kept.job_id:
        jobs.cancel(kept.job_id, actor=actor, at=at)


def faults_of(kept: ReturnImport) -> list[list[Any]]:
    """The rows with faults: line, masked name, masked number, and for each fault its field and the sentence taken apart."""
    faults: list[list[Any]] = json.loads(opened(kept, "found"))["faults"]
    return faults


def fetch_marked(import_id: uuid.UUID, *, actor: Actor, at: datetime) -> bytes:
    """The table back with its faults marked, to whoever may send it; it holds whole numbers as they were typed."""
    kept = get(ReturnImport, import_id)
    data = opened(kept, "marked")
    with atomic():
        audit.record("participation.fetch_marked", actor=actor, subject=("return_import", kept.id), at=at,
                     details={"bad": kept.summary["bad"]})
    return data
