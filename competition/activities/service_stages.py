"""Reports of stages with their evidence: written, handed in, acknowledged or given back."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from competition.activities import queries, rules, rules_stages
from competition.activities.models import ActivityFile, Declaration, StageReport
from competition.activities.service_declare import held, link_of, note, people_concerned
from competition.core.actors import Actor
from competition.core.database import atomic, db
from competition.core.errors import RuleBroken
from competition.core.files import Upload, discard, drop, keep_upload, take_upload
from competition.notices.service import tell

MOST_FILES = 10


def save_report(
    declaration_id: uuid.UUID, stage_id: uuid.UUID, text: str, measures: Mapping[str, int], *, actor: Actor, at: datetime,
) -> None:
    """Keep what is written so far."""
    with atomic():
        found, stage = _stage(declaration_id, stage_id)
        _write(found, stage, text, measures)
        note(found, "save_report", actor, at, about=stage.name, step=False)


def submit_report(
    declaration_id: uuid.UUID, stage_id: uuid.UUID, text: str, measures: Mapping[str, int], *, actor: Actor, at: datetime,
) -> None:
    """Hand it in; where nobody above decided on the activity, it is acknowledged by being handed in."""
    with atomic():
        found, stage = _stage(declaration_id, stage_id)
        _write(found, stage, text, measures)
        rules_stages.check_report(stage.state, text)
        above = queries.receiver(found)
        stage.state, stage.submitted_at = rules_stages.SUBMITTED if above else rules_stages.ACKNOWLEDGED, at
        note(found, "report", actor, at, about=stage.name, measures=rules.as_told(measures))
        if above:
            tell(queries.people_of(above, at), kind="activities.report", link=f"{link_of(found)}/stages/{stage.id}", at=at,
                 title=_("阶段小结待收阅：%(name)s", name=found.contest.name_zh), body=_("阶段：%(stage)s", stage=stage.name))


def _stage(declaration_id: uuid.UUID, stage_id: uuid.UUID) -> tuple[Declaration, StageReport]:
    found = held(declaration_id)
    rules.check_going_on(found.state, found.contest.condition)
    db.session.refresh(found, ["stages"])
    return found, queries.get_stage(found, stage_id)


def _write(found: Declaration, stage: StageReport, text: str, measures: Mapping[str, int]) -> None:
    if stage.state not in (rules_stages.OPEN, rules_stages.RETURNED):
        rules_stages.check_report(stage.state, text)
    rules.check_measures(found.contest.kind, measures)
    stage.text, stage.measures = text, dict(measures)


def acknowledge(declaration_id: uuid.UUID, stage_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """The union above has read it."""
    with atomic():
        found, stage = _waiting(declaration_id, stage_id)
        stage.state = rules_stages.ACKNOWLEDGED
        note(found, "acknowledge", actor, at, about=stage.name, union_id=queries.receiver(found))


def give_back_report(declaration_id: uuid.UUID, stage_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """The union above wants it otherwise."""
    with atomic():
        found, stage = _waiting(declaration_id, stage_id)
        why = rules.needed(reason)
        stage.state = rules_stages.RETURNED
        note(found, "give_back_report", actor, at, about=stage.name, union_id=queries.receiver(found), reason=why)
        tell(people_concerned(found, at), kind="activities.report_returned", link=f"{link_of(found)}/stages/{stage.id}", at=at,
             title=_("阶段小结退回修改：%(name)s", name=found.contest.name_zh), body=_("请打开看理由，改好后再提交。"))


def _waiting(declaration_id: uuid.UUID, stage_id: uuid.UUID) -> tuple[Declaration, StageReport]:
    found, stage = _stage(declaration_id, stage_id)
    if stage.state != rules_stages.SUBMITTED:
        raise RuleBroken(_("这份小结现在不用收阅，请刷新页面。"), code="not_waiting")
    return found, stage


# ---- evidence ---------------------------------------------------------------------------------------


def add_file(declaration_id: uuid.UUID, owner_id: uuid.UUID, data: bytes, *, name: str, actor: Actor, at: datetime) -> ActivityFile:
    """A picture or a PDF as evidence of a stage, a result or an evaluation that can still be changed. Cleaned before it is kept."""
    upload = take_upload(data, name=name, kinds=("pdf", "image"))
    try:
        return _keep(declaration_id, owner_id, upload, actor, at)
    except RuleBroken:
        discard(upload)
        raise


def _keep(declaration_id: uuid.UUID, owner_id: uuid.UUID, upload: Upload, actor: Actor, at: datetime) -> ActivityFile:
    with atomic() as session:
        found = held(declaration_id)
        check_owner(found, owner_id)
        count = session.scalar(select(func.count()).select_from(ActivityFile).where(ActivityFile.owner_id == owner_id)) or 0
        if count >= MOST_FILES:
            raise RuleBroken(_("最多 %(n)s 份依据材料。", n=MOST_FILES), code="too_many_files", status=422, field="file")
        file = keep_upload(upload, sensitivity="internal", actor=actor, at=at)
        made = ActivityFile(declaration_id=declaration_id, owner_id=owner_id, file_id=file.id, added_at=at)
        session.add(made)
        session.flush()
        note(found, "add_file", actor, at, step=False, file=file.sha256)
    return made


def remove_file(declaration_id: uuid.UUID, file_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Take evidence away, as long as what it belongs to can be changed."""
    with atomic() as session:
        found = held(declaration_id)
        one = queries.get_file(declaration_id, file_id)
        check_owner(found, one.owner_id)
        file = one.file
        session.delete(one)
        session.flush()
        drop([file])
        note(found, "remove_file", actor, at, step=False, file=file.sha256)


def check_owner(found: Declaration, owner_id: uuid.UUID) -> None:
    """Is this a part of the activity that can still be changed?"""
    rules.check_going_on(found.state, found.contest.condition)
    stage = db.session.get(StageReport, owner_id)
    if stage is not None:
        db.session.refresh(stage)
        if stage.declaration_id != found.id or stage.state not in (rules_stages.OPEN, rules_stages.RETURNED):
            raise RuleBroken(_("这份小结已经提交，依据材料不能再改。"), code="report_sent")
        return
    if found.evaluated_at is not None:
        raise RuleBroken(_("活动的评价已经完成，不能再改。"), code="evaluated")
