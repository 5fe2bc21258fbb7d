"""Eligibility: decided union by union, from the entry's own up to the host."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from competition.contests.models import Contest
from competition.contests.queries import contest_scope
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import Forbidden, RuleBroken, Stale
from competition.core.formats import joined
from competition.organisations import service as organisations
from competition.registration import queries, queries_lists, rules
from competition.registration.models import EligibilityReview, Entry
from competition.registration.service_line import lock_entry, move_up, refuse, tell
from competition.registration.service_numbers import next_number


def review_entry(
    entry_id: uuid.UUID, decision: str, reason: str = "", *, actor: Actor, at: datetime, version: int | None = None
) -> Entry:
    """One union's decision: approve (on to the next union, or approved), return or reject with a reason.

    ``version`` is that of the page on which it was decided; an entry changed since is refused.
    """
    with atomic():
        entry, contest = lock_entry(entry_id)
        if version is not None and version != entry.version:
            raise Stale(_("这份报名在您打开页面之后有变化，没有办理。请核对下面现在的内容，再提交审核意见。"))
        route = queries.route_of(entry, contest)
        _check(entry, contest, route, decision, reason, actor)
        _decide(entry, contest, route, decision, reason.strip(), actor, at)
        if decision == "reject":
            move_up(contest, actor, at)
    return entry


def _check(entry: Entry, contest: Contest, route: Sequence[uuid.UUID], decision: str, reason: str, actor: Actor) -> None:
    refusal = rules.review_refusal(entry.state, decision, reason)
    if refusal:
        raise refuse(refusal, 422 if refusal.field else 409)
    if not queries.may_decide(actor, entry, route, contest_scope(contest)):
        raise Forbidden(_("现在不由您审核这份报名：只有当前审核环节的工会可以作出决定，也不能审核自己的报名。"), code="not_your_turn")


def _decide(
    entry: Entry, contest: Contest, route: Sequence[uuid.UUID], decision: str, reason: str, actor: Actor, at: datetime
) -> None:
    decided_at_union = entry.review_union_id
    db.session.add(EligibilityReview(entry_id=entry.id, union_id=decided_at_union, decision=decision, reason=reason,
                                     by_id=actor.id, by_name=actor.name, at=at))
    if decision == "approve":
        _approve(entry, contest, rules.step_after(route, decided_at_union), actor, at)
    elif decision == "return":
        entry.state, entry.return_reason = "returned", reason
        tell(entry, "registration.return", lazy_gettext("报名被退回修改"),
             lazy_gettext("请修改后重新提交，名额为您保留。理由：%(reason)s", reason=reason), at)
    else:
        entry.state, entry.decided_at = "rejected", at
        tell(entry, "registration.reject", lazy_gettext("报名审核未通过"), lazy_gettext("理由：%(reason)s", reason=reason), at)
    entry.version += 1
    db.session.flush()
    audit.record(f"registration.{decision}", actor=actor, subject=("entry", entry.id), at=at, chain=contest.id,
                 reason=reason or None, details={"union": str(decided_at_union), "state": entry.state, "version": entry.version})


def _approve(entry: Entry, contest: Contest, following: uuid.UUID | None, actor: Actor, at: datetime) -> None:
    if following is not None and following != entry.review_union_id:
        entry.state, entry.review_union_id = "reviewing", following
        return
    entry.state, entry.decided_at, entry.review_union_id = "approved", at, None
    entry.number = entry.number or _next_number(contest.id)
    if entry.employer:
        organisations.get_or_create_employer(name=entry.employer, region_code=entry.region_code, actor=actor, at=at,
                                             ownership=entry.employer_ownership)
    tell(entry, "registration.approve", lazy_gettext("报名审核已通过"),
         lazy_gettext("参赛编号 %(number)s。抽签和比赛安排会另行通知。", number=entry.number), at)


def _next_number(contest_id: uuid.UUID) -> str:
    # The contest's row is held, so nobody else gives a number now.
    given = select(Entry.number).where(Entry.contest_id == contest_id, Entry.number.is_not(None))
    return f"{next_number(db.session.scalars(given)):04d}"


@dataclass(frozen=True)
class BatchItem:
    """One entry of a batch and, if it cannot be decided now, why."""

    entry: Entry
    refusal: str | None


def preview_many(contest: Contest, entry_ids: Sequence[uuid.UUID], decision: str, *, actor: Actor) -> list[BatchItem]:
    """Exactly who a batch would touch, and who not and why. Entries the actor may not see are left out."""
    entries = queries_lists.list_entries(contest, entry_ids, actor)
    routes = queries.routes(contest, [e.union_id for e in entries])
    scope = contest_scope(contest)
    return [BatchItem(e, _refusal(e, routes[e.union_id], decision, actor, scope)) for e in entries]


def _refusal(
    entry: Entry, route: Sequence[uuid.UUID], decision: str, actor: Actor, scope: frozenset[tuple[str, uuid.UUID | None]]
) -> str | None:
    # A return or rejection gets its common reason on the preview page.
    refusal = rules.review_refusal(entry.state, decision, "-")
    if refusal:
        return refusal.sentence
    return None if queries.may_decide(actor, entry, route, scope) else _("现在不由您审核（不在您的审核环节，或是您自己的报名）。")


def review_many(
    contest_id: uuid.UUID, chosen: Sequence[tuple[uuid.UUID, int]], decision: str, reason: str = "", *, actor: Actor, at: datetime
) -> list[Entry]:
    """The same decision about several entries, all or none; ``chosen`` are (id, version) as previewed."""
    if not chosen:
        raise RuleBroken(_("请先选择要审核的报名。"), code="nothing_chosen", status=422)
    with atomic():
        contest = get(Contest, contest_id, lock=True)
        items = {i.entry.id: i for i in preview_many(contest, [c[0] for c in chosen], decision, actor=actor)}
        changed = [i for key, version in chosen if (i := items.get(key)) is None or i.refusal or i.entry.version != version]
        if changed:
            names = joined(i.entry.name for i in changed if i) or _("部分报名")
            raise Stale(_("预览之后有变化：%(names)s。一份也没有办理，请核对下面的名单再确认。", names=names))
        if decision != "approve" and not reason.strip():
            raise RuleBroken(_("请写明理由，报名人会看到。"), code="reason_required", status=422, field="reason")
        routes = queries.routes(contest, [i.entry.union_id for i in items.values()])
        # Who sent first gets the first number, whatever order the list had.
        for item in sorted(items.values(), key=lambda i: i.entry.submitted_at or at):
            _decide(item.entry, contest, routes[item.entry.union_id], decision, reason.strip(), actor, at)
        if decision == "reject":
            move_up(contest, actor, at)
    return [i.entry for i in items.values()]
