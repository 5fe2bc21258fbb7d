"""A frozen rulebook changes by two people, who both see what it does to the figures before they say yes.

What it does is computed by a job and kept (:class:`RulebookPreview`); asking, confirming and approving stand on what was kept.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from competition.contests import hooks, shown
from competition.contests.hooks import Effects, Report
from competition.contests.models import Contest, ContestChange, RulebookPreview, RulebookVersion
from competition.contests.queries import find_rulebook, newest_preview, waiting_preview
from competition.contests.service_contests import check_alive
from competition.contests.service_rulebooks import add_version, check_document
from competition.core import approvals, audit, jobs
from competition.core.actors import Actor
from competition.core.approvals import Approval, CarryOut
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.core.jobs import Job

KIND, PREVIEW = "contests.change_rulebook", "contests.preview_rulebook"
Document = Mapping[str, Any]


# ---- what it does ------------------------------------------------------------------------------------


def preview_rulebook_change(contest_id: uuid.UUID, document: Document, *, reason: str, actor: Actor, at: datetime) -> Job:
    """Have computed and kept what a change would do, for who proposes it. Changes nothing else."""
    with atomic():
        contest = get(Contest, contest_id, lock=True)
        current, numbered = _proposed(contest, document)
        if not reason.strip():
            raise RuleBroken(_("请写明理由，第二人需要据此判断。"), code="reason_required", status=422, field="reason")
        return _start(contest, current, numbered, reason.strip(), "draft", None, actor, at)


def renew_preview(preview_id: uuid.UUID, *, actor: Actor, at: datetime) -> Job:
    """Have it computed again, since something has happened: a draft by whoever wrote it, a request by anybody who may decide it."""
    with atomic():
        kept = get(RulebookPreview, preview_id)
        contest = get(Contest, kept.contest_id, lock=True)
        current, numbered = _proposed(contest, kept.document, kept.from_number)
        if kept.stage == "draft":
            _check_author(kept, actor)
            return _start(contest, current, numbered, kept.reason, "draft", None, actor, at)
        approval = find(Approval, id=kept.approval_id)
        if approval is None or approval.state != "asked":
            raise RuleBroken(_("这项申请已经处理过了。"), code="already_decided")
        return _start(contest, current, numbered, kept.reason, "renewed", approval.id, actor, at)


def _proposed(contest: Contest, document: Document, from_number: int | None = None) -> tuple[RulebookVersion, dict[str, Any]]:
    """The version in force (which ``from_number`` must be) and the document that would follow it, checked."""
    check_alive(contest)
    current = find_rulebook(contest.id)
    if current is None or current.frozen_at is None:
        raise RuleBroken(_("现行规则尚未冻结，可以直接修改。"), code="rulebook_free")
    if from_number not in (None, current.number):
        raise RuleBroken(_("现行规则已经换成新的版本，这项改动不能再申请。请重新填写。"), code="rulebook_moved")
    numbered = {**document, "version": current.number + 1}
    check_document(numbered)
    if {**current.document, "version": current.number + 1} == numbered:
        raise RuleBroken(_("内容与现行版本相同，不需要申请。"), code="rulebook_same")
    return current, numbered


def _start(
    contest: Contest, current: RulebookVersion, document: Document, reason: str, stage: str, approval_id: uuid.UUID | None,
    actor: Actor, at: datetime,
) -> Job:
    asked = {"contest": str(contest.id), "from": current.number, "document": dict(document), "reason": reason, "stage": stage,
             "approval": str(approval_id) if approval_id else None, "by": str(actor.id)}
    job = waiting_preview(contest.id, asked)
    if job is None:
        # The id is given before the work begins: work that begins again keeps nothing twice.
        job = jobs.start(PREVIEW, title=lazy_gettext("评分规则改动的影响"), about=contest.name_zh, actor=actor, at=at, chain=contest.id,
                         payload={**asked, "preview": str(uuid.uuid4())}, total=hooks.STEPS)
        audit.record(PREVIEW, actor=actor, subject=("contest", contest.id), at=at, chain=contest.id, reason=reason,
                     details={"version": current.number + 1, "job": str(job.id)})
    return job


def make_preview(payload: Mapping[str, Any], *, report: Report, at: datetime) -> RulebookPreview:
    """The work of the job. Raises RuleBroken when both calculations differ, and when the rulebook in force is another one by now."""
    preview_id, contest_id = uuid.UUID(payload["preview"]), uuid.UUID(payload["contest"])
    kept = find(RulebookPreview, id=preview_id)
    if kept is not None:
        return kept
    current = find_rulebook(contest_id)
    if current is None or current.number != payload["from"]:
        raise RuleBroken(_("现行规则已经换成新的版本，这项改动不能再申请。请重新填写。"), code="rulebook_moved")
    found = hooks.effects_of(contest_id, payload["document"], report)
    return _keep(
        contest_id, payload["stage"], payload["from"], payload["document"], found, payload["reason"], uuid.UUID(payload["by"]), at,
        approval_id=uuid.UUID(payload["approval"]) if payload["approval"] else None, preview_id=preview_id)


def _keep(
    contest_id: uuid.UUID, stage: str, from_number: int, document: Document, found: Effects, reason: str, by_id: uuid.UUID | None,
    at: datetime, *, approval_id: uuid.UUID | None = None, number: int | None = None, preview_id: uuid.UUID | None = None,
) -> RulebookPreview:
    with atomic() as session:
        kept = RulebookPreview(
            id=preview_id or uuid.uuid4(), contest_id=contest_id, stage=stage, from_number=from_number, document=dict(document),
            reason=reason, content=dict(found.content), digest=found.digest, marks=found.marks, basis=dict(found.basis), by_id=by_id,
            at=at, approval_id=approval_id, number=number)
        session.add(kept)
        session.flush()
    return kept


# ---- two people --------------------------------------------------------------------------------------


def ask_rulebook_change(preview_id: uuid.UUID, *, actor: Actor, at: datetime) -> Approval:
    """Ask a second person for a change exactly as its preview was seen."""
    with atomic():
        draft = get(RulebookPreview, preview_id)
        if draft.stage != "draft":
            raise RuleBroken(_("这项改动已经提出申请。"), code="already_asked")
        _check_author(draft, actor)
        contest = get(Contest, draft.contest_id, lock=True)
        current, numbered = _proposed(contest, draft.document, draft.from_number)
        seen = hooks.as_kept(draft)
        payload = {"contest": str(contest.id), "from": current.number, "from_digest": current.digest, "document": numbered,
                   "preview": draft.digest, "marks": draft.marks}
        asked = approvals.ask(KIND, subject=("contest", contest.id), payload=payload, reason=draft.reason, actor=actor, at=at,
                              chain=contest.id)
        _keep(contest.id, "asked", current.number, numbered, seen, draft.reason, actor.id, at, approval_id=asked.id)
        audit.record("contests.ask_rulebook", actor=actor, subject=("contest", contest.id), at=at, chain=contest.id,
                     details={"version": current.number + 1, **seen.said()})
    return asked


def _check_author(draft: RulebookPreview, actor: Actor) -> None:
    if draft.by_id != actor.id:
        raise RuleBroken(_("请由填写这项改动的人提出申请。"), code="not_yours")


def confirm_rulebook_change(approval_id: uuid.UUID, *, seen: str, actor: Actor, at: datetime) -> RulebookPreview:
    """The second person has looked at the newest list, which is another one than when it was asked; ``seen`` is its digest."""
    with atomic():
        approval = get(Approval, approval_id, lock=True)
        approvals.check_decidable(approval, actor, at)
        newest = newest_preview(approval_id)
        if newest is None or newest.digest != seen:
            raise RuleBroken(_("查看期间评分又有变化，清单已经不同。请重新查看。"), code="preview_moved")
        effects = hooks.as_kept(newest)
        audit.record("contests.confirm_rulebook", actor=actor, subject=("contest", newest.contest_id), at=at, chain=newest.contest_id,
                     details={"version": newest.from_number + 1, **effects.said()})
        return _keep(newest.contest_id, "confirmed", newest.from_number, newest.document, effects, approval.reason, actor.id, at,
                     approval_id=approval_id)


def is_confirmed(approval_id: uuid.UUID | None, account_id: uuid.UUID | None, digest: str) -> bool:
    """Has the account seen and confirmed exactly these effects for the request?"""
    query = select(RulebookPreview.id).where(
        RulebookPreview.approval_id == approval_id, RulebookPreview.stage == "confirmed", RulebookPreview.by_id == account_id,
        RulebookPreview.digest == digest)
    return db.session.scalars(query.limit(1)).first() is not None


def _describe(payload: dict[str, Any]) -> str:
    return str(_("把评分规则从第 %(old)s 版改为第 %(new)s 版", old=payload["from"], new=payload["from"] + 1))


def _prepare(approval: Approval) -> CarryOut:
    """What it does now: the newest list while nothing has happened since, else computed anew."""
    contest_id = uuid.UUID(approval.payload["contest"])
    _check_from(contest_id, approval)
    newest = newest_preview(approval.id)
    found = hooks.as_it_is(newest) if newest is not None else None
    effects = found or hooks.effects_of(contest_id, approval.payload["document"])
    return lambda approval, actor, at: _carry_out(contest_id, effects, approval, actor, at)


def _check_from(contest_id: uuid.UUID, approval: Approval) -> RulebookVersion:
    current = find_rulebook(contest_id)
    if current is None or current.digest != approval.payload["from_digest"]:
        raise RuleBroken(_("现行规则在申请之后又有变化，请撤回后重新申请。"), code="rulebook_moved")
    return current


def _carry_out(contest_id: uuid.UUID, found: Effects, approval: Approval, actor: Actor, at: datetime) -> None:
    with atomic() as session:
        check_alive(get(Contest, contest_id, lock=True))
        current = _check_from(contest_id, approval)
        found.check()
        if found.digest != approval.payload["preview"] and not is_confirmed(approval.id, actor.id, found.digest):
            raise RuleBroken(_("提出申请之后评分有变化，这项改动的影响已经不同。请先打开影响清单，看过新的内容并确认，再批准。"),
                             code="preview_moved")
        version = add_version(contest_id, approval.payload["document"], current, approval.reason, actor, approval.asked_by, at,
                              more=found.said())
        version.frozen_at = at
        session.add(ContestChange(contest_id=contest_id, change="rulebook", reason=approval.reason, by_id=approval.asked_by, at=at))
        session.flush()
        _keep(contest_id, "applied", current.number, version.document, found, approval.reason, actor.id, at, approval_id=approval.id,
              number=version.number)


approvals.register(approvals.Kind(
    KIND, lazy_gettext("修改已冻结的评分规则"), "contests.approve_rulebook", _describe, prepare=_prepare, show=shown.rulebook))
