"""Versions of a contest's rulebook: free until the first mark, by two people afterwards."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from competition.contests import rules
from competition.contests.models import Contest, Event, RulebookVersion
from competition.contests.naming import READER
from competition.contests.queries import find_rulebook
from competition.contests.service_contests import check_alive
from competition.core import audit
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.formats import joined
from competition.scoring import rulebook as rulebooks

READY = Path(__file__).with_name("rulebooks")


def ready_rulebooks() -> dict[str, dict[str, Any]]:
    """The rulebooks that come with the system, by key."""
    found = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(READY.glob("*.json")))
    return {document["key"]: document for document in found}


def check_document(document: Mapping[str, Any]) -> rulebooks.Rulebook:
    """The rulebook that a document describes; raises RuleBroken with every fault in ``details['faults']``."""
    try:
        return rulebooks.load(document)
    except rulebooks.RulebookFaults as error:
        faults = [{"path": fault.path, "sentence": fault.say(READER)} for fault in error.faults]
        raise RuleBroken(_("评分规则有 %(n)s 处需要修改，没有保存。", n=len(faults)), code="rulebook_faults", status=422,
                         faults=faults) from error


def set_rulebook(
    contest_id: uuid.UUID, document: Mapping[str, Any], *, reason: str, actor: Actor, at: datetime
) -> RulebookVersion:
    """A new version in force. Refused once the current one is frozen: then two people decide."""
    with atomic():
        contest = get(Contest, contest_id, lock=True)
        check_alive(contest)
        current = find_rulebook(contest_id)
        if current is not None and current.frozen_at is not None:
            raise RuleBroken(_("已有评分，现行规则已冻结。修改需要提出申请，由另一人批准。"), code="rulebook_frozen")
        return add_version(contest_id, document, current, reason, actor, actor.id, at)


def add_version(
    contest_id: uuid.UUID, document: Mapping[str, Any], current: RulebookVersion | None, reason: str, actor: Actor,
    author_id: uuid.UUID | None, at: datetime, *, more: Mapping[str, Any] | None = None,
) -> RulebookVersion:
    """The next version; the caller holds the contest and has decided that it may be. ``more`` goes into the audit row."""
    number = current.number + 1 if current else 1
    if current is not None and not reason.strip():
        raise RuleBroken(_("请写明这次修改规则的理由，它会和版本一起保存。"), code="reason_required", status=422, field="reason")
    numbered = {**document, "version": number}
    checked = check_document(numbered)
    if get(Contest, contest_id).phase in ("running", "finished"):
        check_one_kind(contest_id, checked)
    if current is not None and {**current.document, "version": number} == numbered:
        raise RuleBroken(_("内容与现行版本相同，没有产生新版本。"), code="rulebook_same")
    with atomic() as session:
        version = RulebookVersion(contest_id=contest_id, number=number, document=numbered, digest=checked.digest,
                                  reason=reason.strip(), created_by=author_id, created_at=at)
        session.add(version)
        session.flush()
        audit.record("contests.set_rulebook", actor=actor, subject=("contest", contest_id), at=at, chain=contest_id,
                     reason=reason.strip() or None, details={"number": number, "digest": checked.digest, **(more or {})})
    return version


def check_one_kind(contest_id: uuid.UUID, rulebook: rulebooks.Rulebook) -> None:
    """Raise when a total would rank persons and teams among one another, or add up members of teams that are teams."""
    kinds = dict(db.session.execute(select(Event.key, Event.entrant_kind).where(Event.contest_id == contest_id)).all())
    mixed = rules.mixed_totals(rulebook, kinds)
    if mixed:
        raise RuleBroken(_("评分规则中的“%(names)s”把个人项目和团体项目合在一起，无法排名。请在评分规则中分开，或改变项目的参赛方式。",
                           names=joined(mixed)), code="kinds_mixed")


def freeze_rulebook(contest_id: uuid.UUID, *, at: datetime) -> RulebookVersion | None:
    """The first mark has come: from now on the version in force changes by two people only. Idempotent."""
    with atomic():
        current = find_rulebook(contest_id)
        if current is not None and current.frozen_at is None:
            current.frozen_at = at
            audit.record("contests.freeze_rulebook", actor=SYSTEM, subject=("contest", contest_id), at=at, chain=contest_id,
                         details={"number": current.number, "digest": current.digest})
    return current
