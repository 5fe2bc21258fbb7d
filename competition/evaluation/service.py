"""The verbs of the evaluation index: set indicators, give a score, lock a year. Whoever calls asks who may."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic
from competition.core.errors import RuleBroken
from competition.core.files import Upload, keep_upload, take_upload
from competition.core.languages import on_record
from competition.evaluation import queries, rules
from competition.evaluation.models import Given, IndicatorSet, LockedEvaluation


def set_indicators(year: int, document: rules.Document, reason: str, *, actor: Actor, at: datetime) -> IndicatorSet:
    """A new version of a year's indicators; what was computed by the last one stays locked as it was."""
    rules.check_set(document)
    with atomic() as session:
        number = (session.scalar(select(func.max(IndicatorSet.number)).where(IndicatorSet.year == year)) or 0) + 1
        made = IndicatorSet(id=uuid.uuid4(), year=year, number=number, document=dict(document), reason=_needed(reason), by_name=actor.name,
                            at=at)
        session.add(made)
        session.flush()
        audit.record("evaluation.set", actor=actor, subject=("year", str(year)), at=at, reason=made.reason,
                     details={"version": number, "count": len(document["indicators"])})
    return made


def _needed(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken(_("请写明理由。"), code="reason", status=422, field="reason")
    return reason.strip()


def evidence(data: bytes, *, name: str) -> Upload:
    """Clean what was sent, before the act that keeps it."""
    return take_upload(data, name=name, kinds=("pdf", "image"))


def give(
    kind: str, subject_id: uuid.UUID, year: int, key: str, value: str, note: str, upload: Upload | None, *, actor: Actor, at: datetime,
) -> Given:
    """A score by hand, or a veto (``yes``, ``no``), with what it rests on. Stands until another is given."""
    _check_key(year, key, value)
    if len(note.strip()) < 2:
        raise RuleBroken(_("请写明评分的依据。"), code="note", status=422, field="note")
    with atomic() as session:
        file = keep_upload(upload, sensitivity="internal", actor=actor, at=at) if upload else None
        made = Given(id=uuid.uuid4(), year=year, subject_kind=kind, subject_id=subject_id, key=key, value=value.strip(), note=note.strip(),
                     file_id=file.id if file else None, by_name=actor.name, at=at)
        session.add(made)
        session.flush()
        audit.record("evaluation.give", actor=actor, subject=(kind, subject_id), at=at, reason=made.note,
                     details={"year": year, "key": key, "total": made.value})
    return made


def _check_key(year: int, key: str, value: str) -> None:
    document = queries.document_of(year)
    if key.startswith(queries.VETO):
        if key.removeprefix(queries.VETO) not in document["vetoes"] or value not in ("yes", "no"):
            raise RuleBroken(_("这一项现在不在评估指标里，请刷新页面。"), code="key")
    elif key not in {row["key"] for row in document["indicators"] if row["kind"] == rules.MANUAL}:
        raise RuleBroken(_("这一项现在不在评估指标里，请刷新页面。"), code="key")
    else:
        rules.check_score(value)


def lock(kind: str, year: int, rows: Sequence[queries.Ranked], reason: str, *, actor: Actor, at: datetime) -> LockedEvaluation:
    """Keep the evaluation as it stands, for good. A set must be in force: our example locks nothing."""
    with on_record():
        names = {name: str(words) for name, words in rules.FIGURES.items()} | {rules.MANUAL: "人工评分"}
        frozen: list[dict[str, Any]] = queries.frozen(rows, names)
    with atomic() as session:
        found = queries.set_of(year)
        if found is None:
            raise RuleBroken(_("现在用的是系统的示例指标。请先设定本年度的指标，再锁定。"), code="example")
        if rows and [line.indicator for line in rows[0].score.lines] != found.document["indicators"]:
            raise RuleBroken(_("指标刚刚改过，名次已经不同。请核对现在的结果再锁定。"), code="set_changed")
        if not frozen:
            raise RuleBroken(_("没有可以锁定的对象。"), code="nothing")
        number = len(queries.locks_of(year, kind)) + 1
        digest = hashlib.sha256(json.dumps(frozen, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
        made = LockedEvaluation(id=uuid.uuid4(), year=year, subject_kind=kind, number=number, set_id=found.id, rows=frozen, digest=digest,
                                reason=_needed(reason), by_name=actor.name, at=at)
        session.add(made)
        session.flush()
        audit.record("evaluation.lock", actor=actor, subject=("year", str(year)), at=at, reason=made.reason,
                     details={"version": number, "kind": kind, "digest": digest, "rows": len(frozen)})
    return made
