"""Places: who holds one, who waits in line, who moves up when one becomes free.

Every verb that may give or free a place holds the contest's row: two people and one last place means
one place and one waiting, never both. Lock order: contest, then entry.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import func, select

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.notices import service as notices
from competition.registration import queries, queries_places, rules, rules_places
from competition.registration.models import Entry
from competition.registration.service_changes import forget_draft


def refuse(reason: rules.Reason, status: int = 409) -> RuleBroken:
    """A reason as the error that shows it in the form."""
    return RuleBroken(reason.sentence, code=reason.code, status=status, field=reason.field)


def end_of_line(contest: Contest, at: datetime) -> datetime:
    """The instant by which an entry stands last in the waiting list."""
    # The contest's row is held: whoever comes later stands behind, even within the same instant.
    last = db.session.scalar(select(func.max(Entry.waiting_since)).where(Entry.contest_id == contest.id, Entry.state == "waiting"))
    return at if last is None or at > last else last + timedelta(microseconds=1)


def to_review(contest: Contest, entry: Entry) -> None:
    """The entry has its place: the first union of its route decides next."""
    entry.state, entry.waiting_since, entry.return_reason = "submitted", None, None
    entry.review_union_id = queries.route_of(entry, contest)[0]


def said(act: str, entry: Entry, actor: Actor, at: datetime, reason: str | None = None) -> audit.Entry:
    """What goes on record about an entry."""
    details = {
        "state": entry.state, "events": sorted(str(e.event_id) for e in entry.entrants), "version": entry.version,
        "team": str(entry.team_id) if entry.team_id else None, "region": entry.region_code,
    }
    return audit.Entry(act, actor, "entry", str(entry.id), at, details, {"name": entry.name}, reason)


def record(act: str, entry: Entry, actor: Actor, at: datetime, reason: str | None = None) -> None:
    """Put one act on record."""
    audit.record_many([said(act, entry, actor, at, reason)], chain=entry.contest_id)


def withdraw_entry(entry_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime) -> Entry:
    """Take an entry back; its place goes to the next on the waiting list in the same transaction.

    The caller has checked that it is the actor's own, or that the actor manages it.
    """
    with atomic() as session:
        entry, contest = lock_entry(entry_id)
        refusal = rules.withdraw_refusal(entry.state, contest.phase)
        if refusal:
            raise refuse(refusal)
        if entry.state != "draft" and not reason.strip():
            raise RuleBroken(_("请写明撤回的原因，方便组委会办公室了解情况。"), code="reason_required", status=422, field="reason")
        freed = entry.state in rules.HOLDING
        entry.state, entry.withdraw_reason, entry.decided_at = "withdrawn", reason.strip() or None, at
        entry.waiting_since, entry.review_union_id = None, None
        entry.version += 1
        forget_draft(entry)
        session.flush()
        record("registration.withdraw", entry, actor, at, reason.strip() or None)
        if actor.id not in (entry.account_id, None):
            tell(entry, "registration.withdraw", lazy_gettext("报名已被撤回"), lazy_gettext("原因：%(reason)s", reason=reason.strip()), at)
        if freed:
            move_up(contest, actor, at)
    return entry


def lock_entry(entry_id: uuid.UUID) -> tuple[Entry, Contest]:
    """The entry and its contest, both held; the contest first."""
    contest = get(Contest, get(Entry, entry_id).contest_id, lock=True)
    return get(Entry, entry_id, lock=True), contest


def promote_waiting(contest_id: uuid.UUID, *, actor: Actor, at: datetime) -> list[Entry]:
    """Give free places to those who wait, in order: after a quota was raised. Returns who moved up."""
    with atomic():
        contest = get(Contest, contest_id, lock=True)
        moved = move_up(contest, actor, at)
        audit.record("registration.promote_waiting", actor=actor, subject=("contest", contest_id), at=at, chain=contest_id,
                     details={"moved": len(moved)})
    return moved


def move_up(contest: Contest, actor: Actor, at: datetime) -> list[Entry]:
    """The same inside another verb's transaction, which holds the contest."""
    line = queries_places.waiting_line(contest.id)
    if not line:
        return []
    book = queries_places.ledger(contest, queries.events_of(contest.id))
    chosen = set(rules_places.promotable([(e.id, queries_places.need_of(e)) for e in line], book))
    moved = [e for e in line if e.id in chosen]
    for entry in moved:
        to_review(contest, entry)
        entry.version += 1
        record("registration.move_up", entry, actor, at)
        tell(entry, "registration.move_up", lazy_gettext("候补已递补"), lazy_gettext("有名额空出，报名已进入资格审核，不用再提交。"), at)
    db.session.flush()
    return moved


def tell(entry: Entry, kind: str, title: Any, body: Any, at: datetime) -> None:
    """A message to whoever made the entry: the contestant, else who registered the person. Words are lazy: they are
    said in the reader's language."""
    contest = get(Contest, entry.contest_id)
    reader, link = entry.account_id, f"/my/entries/{entry.id}"
    if reader is None:
        reader, link = entry.registered_by, f"/manage/contests/{entry.contest_id}/registration/entries/{entry.id}"
        body = lazy_gettext("%(name)s：%(said)s", name=entry.name, said=body)
    notices.tell([reader], kind=kind, title=lazy_gettext("%(what)s（%(contest)s）", what=title, contest=contest.name_zh), body=body,
                 link=link, at=at)
