"""A workbook of a rulebook comes in: read and kept for whoever sent it, then taken over into the draft by one act."""

import json
import uuid
from datetime import datetime

from flask_babel import gettext as _

from competition.contests import service_drafts as drafts
from competition.contests.editing import Desk, key_maker
from competition.contests.models import Contest, RulebookImport
from competition.contests.rules_origin import with_own_marks
from competition.contests.service_contests import check_alive
from competition.contests.workbook.known import Make
from competition.contests.workbook.whole import Reading, reading_of
from competition.core.actors import Actor
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.core.files import safe_name
from competition.core.grids import Grid, read_grids
from competition.core.languages import on_record

# A rulebook has at most 400,000 characters; a workbook of one says some of it twice.
MOST_TEXT = 2_000_000


def keep_workbook(contest_id: uuid.UUID, data: bytes, *, file_name: str, actor: Actor, at: datetime) -> RulebookImport:
    """Read a workbook and keep it as it was read, in the place of the one that the same person sent before.

    Raises RuleBroken for what is no workbook, no rulebook's workbook, or too large. Nothing of the draft changes.
    """
    grids = read_grids(data)
    reading_of(grids, _no_key())
    sheets = [{"title": grid.title, "rows": grid.rows, "odd": [[*place, why] for place, why in grid.odd.items()]} for grid in grids]
    if len(json.dumps(sheets, ensure_ascii=False)) > MOST_TEXT:
        raise RuleBroken(_("工作簿里的文字太多，未读取。请删去和规则无关的工作表后再上传。"), code="sheet_too_large", status=413,
                         field="file")
    with atomic() as session:
        check_alive(get(Contest, contest_id, lock=True))
        kept = find_workbook(contest_id, actor.id)
        if kept is None:
            kept = RulebookImport(contest_id=contest_id, account_id=actor.id)
            session.add(kept)
        kept.file_name, kept.sheets, kept.read_at = safe_name(file_name, ".xlsx"), sheets, at
        session.flush()
        return kept


def _no_key() -> Make:
    numbers = iter(range(1, 1_000_000))
    return lambda start: f"{start}-{next(numbers)}"


def find_workbook(contest_id: uuid.UUID, account_id: uuid.UUID | None) -> RulebookImport | None:
    """What this person sent and has not taken over yet."""
    return find(RulebookImport, contest_id=contest_id, account_id=account_id) if account_id else None


def grids_kept(kept: RulebookImport) -> list[Grid]:
    """The sheets as they were read."""
    return [Grid(one["title"], one["rows"], {(row, column): why for row, column, why in one["odd"]}) for one in kept.sheets]


def read_workbook(desk: Desk, kept: RulebookImport) -> Reading:
    """What a kept workbook says for this desk: new keys are those that nothing of the contest ever had, and what changed inside
    something published is our own."""
    base = desk.document or {}
    reading = reading_of(grids_kept(kept), key_maker(desk.contest.id, base))
    return reading._replace(document=with_own_marks(base, reading.document))


def take_workbook(contest_id: uuid.UUID, *, seen: str, actor: Actor, at: datetime) -> bool:
    """What the workbook says becomes the draft, in one change that can be taken back; was anything different?

    ``seen``: what the page with the differences was made from. Refused while a cell cannot be read, and where the draft moved on.
    """
    with atomic() as session:
        contest = get(Contest, contest_id, lock=True)
        kept = find_workbook(contest_id, actor.id)
        if kept is None:
            raise RuleBroken(_("没有等待存入草稿的工作簿，请重新上传。"), code="no_workbook")
        desk = Desk.of(contest)
        reading = read_workbook(desk, kept)
        if reading.unread:
            raise RuleBroken(_("还有 %(n)s 格无法读取，请改好后重新上传。", n=len(reading.unread)), code="workbook_unread", status=422)
        with on_record():
            about = _("导入工作簿：%(name)s", name=kept.file_name)
        done = drafts.put_in_draft(contest_id, reading.document, act="import", about=about, seen=seen, actor=actor, at=at)
        session.delete(kept)
        session.flush()
        return done is not None


def drop_workbook(contest_id: uuid.UUID, *, actor: Actor) -> None:
    """The workbook is not wanted; the draft is as it was."""
    with atomic():
        kept = find_workbook(contest_id, actor.id)
        if kept is not None:
            db.session.delete(kept)
