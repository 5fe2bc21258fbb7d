"""Two people: one asks with a reason, another with the right approves the exact payload.

A feature registers each kind with the act that may decide it, a sentence that describes the
payload, and the function that carries it out. Deciding and carrying out are one transaction.
"""

import hashlib
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy import Index, Select, Text, select, text
from sqlalchemy.orm import Mapped, mapped_column

from competition.core import audit
from competition.core.actors import SYSTEM, Actor
from competition.core.database import Model, WithId, atomic, db, get, prepared
from competition.core.errors import Forbidden, RuleBroken
from competition.core.formats import in_english
from competition.core.languages import on_record
from competition.core.shown import Shown

LIFETIME = timedelta(days=3)


class Approval(WithId, Model):
    """A request and what became of it. ``state``: asked, approved, refused, withdrawn, expired."""

    __table_args__ = (
        Index("uq_approval_open", "kind", "subject_id", unique=True,
              sqlite_where=text("state = 'asked'"), postgresql_where=text("state = 'asked'")),
    )
    kind: Mapped[str] = mapped_column(index=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[str] = mapped_column(index=True)
    chain: Mapped[uuid.UUID | None] = mapped_column(index=True)
    payload: Mapped[dict[str, Any]]
    payload_digest: Mapped[str]
    summary: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(default="asked", index=True)
    asked_by: Mapped[uuid.UUID]
    asked_name: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None]
    decided_name: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(Text)

    @property
    def words(self) -> LazyString:
        """What is asked for, to whoever reads: as it stands on record, in another language said anew from the payload."""
        return LazyString(lambda: str(KINDS[self.kind].describe(self.payload)) if in_english() else self.summary)


CarryOut = Callable[[Approval, Actor, datetime], None]


@dataclass(frozen=True)
class Kind:
    """What one kind of approval does. ``act`` is the right that the second person needs; ``lines`` says the payload
    line by line, where one sentence is too short for it; ``show`` gives the page what is behind it: names, figures, differences.

    A kind that has much to compute gives ``prepare`` in the place of ``carry_out``: called before the lock, it reads
    only and answers with what is carried out under the lock (``database.prepared``).
    """

    name: str
    title: Any
    act: str
    describe: Callable[[dict[str, Any]], str]
    carry_out: CarryOut | None = None
    lines: Callable[[dict[str, Any]], list[str]] = lambda _payload: []
    prepare: Callable[[Approval], CarryOut] | None = None
    show: Callable[[Approval], Shown] = lambda _approval: Shown()

    def prepared(self, approval: Approval) -> CarryOut:
        """What is carried out once the second person has approved."""
        found = self.prepare(approval) if self.prepare else self.carry_out
        if found is None:
            raise ValueError(f"approval kind {self.name!r} carries nothing out")
        return found


Watcher = Callable[[Approval, datetime], None]

KINDS: dict[str, Kind] = {}
WATCHERS: list[Watcher] = []
PEOPLE: list[Callable[[uuid.UUID, uuid.UUID], bool]] = []


def watch(watcher: Watcher) -> Watcher:
    """Be told, inside the same transaction, whenever a request is asked, approved, refused or has expired."""
    if watcher not in WATCHERS:
        WATCHERS.append(watcher)
    return watcher


def _tell(approval: Approval, at: datetime) -> None:
    for watcher in WATCHERS:
        watcher(approval, at)


def is_party(approval: Approval, account_id: uuid.UUID | None) -> bool:
    """Did the account ask for this, or is it what the request is about? Then somebody else decides."""
    return account_id == approval.asked_by or (approval.subject_kind, approval.subject_id) == ("account", str(account_id))


def are_same_person(account_id: uuid.UUID, other_id: uuid.UUID) -> bool:
    """Are two accounts one human being, as far as is known?"""
    return account_id == other_id or any(are_one(account_id, other_id) for are_one in PEOPLE)


def know_people(are_one: Callable[[uuid.UUID, uuid.UUID], bool]) -> None:
    """Hang up the question whether two accounts are one human being: two accounts are not yet two people."""
    PEOPLE[:] = [are_one]


def register(kind: Kind) -> None:
    """Make a kind known; each name once."""
    if KINDS.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"approval kind {kind.name!r} registered twice")


def _digest(payload: dict[str, Any]) -> str:
    return hashlib.sha256(audit.canonical(payload).encode()).hexdigest()


def ask(
    kind: str, *, subject: tuple[str, Any], payload: dict[str, Any], reason: str, actor: Actor,
    at: datetime, chain: uuid.UUID | None = None,
) -> Approval:
    """Ask for a second person. One open request per kind and subject."""
    if not reason.strip():
        raise RuleBroken(_("请写明理由，第二人需要据此判断。"), code="reason_required", status=422)
    with atomic() as session:
        _expire(select(Approval).where(Approval.kind == kind, Approval.subject_id == str(subject[1])), at)
        if open_request(kind, subject[1]):
            raise RuleBroken(_("这件事已有人提出申请，正在等待第二人审批。"), code="already_asked")
        approval = Approval(
            kind=kind, subject_kind=subject[0], subject_id=str(subject[1]), chain=chain, payload=payload,
            payload_digest=_digest(payload), summary=_described(kind, payload), reason=reason.strip(),
            asked_by=actor.own_id, asked_name=actor.name, asked_at=at, expires_at=at + LIFETIME,
        )
        session.add(approval)
        session.flush()
        audit.record("approval.ask", actor=actor, subject=subject, at=at, chain=chain, reason=reason,
                     details={"kind": kind, "approval": str(approval.id), "payload": approval.payload_digest})
        _tell(approval, at)
    return approval


def _described(kind: str, payload: dict[str, Any]) -> str:
    with on_record():
        return str(KINDS[kind].describe(payload))


def expire_stale(at: datetime, limit: int = 200) -> int:
    """Close what nobody decided in time; returns how many."""
    with atomic():
        return _expire(select(Approval).limit(limit), at)


def _expire(query: Select[Approval], at: datetime) -> int:
    stale = query.where(Approval.state == "asked", Approval.expires_at <= at).with_for_update()
    found = list(db.session.scalars(stale))
    for approval in found:
        approval.state = "expired"
        audit.record("approval.expire", actor=SYSTEM, subject=(approval.subject_kind, approval.subject_id), at=at, chain=approval.chain,
                     details={"kind": approval.kind, "approval": str(approval.id)})
        _tell(approval, at)
    db.session.flush()
    return len(found)


def decide(approval_id: uuid.UUID, *, approve: bool, actor: Actor, at: datetime, note: str = "") -> Approval:
    """The second person approves (and the act is carried out) or refuses. The caller has checked the right."""

    def prepare() -> Callable[[], Approval]:
        approval = get(Approval, approval_id)
        check_decidable(approval, actor, at)
        carry_out = KINDS[approval.kind].prepared(approval) if approve else None
        return lambda: _decide(approval_id, carry_out, actor, at, note)

    return prepared(prepare)


def _decide(approval_id: uuid.UUID, carry_out: CarryOut | None, actor: Actor, at: datetime, note: str) -> Approval:
    approval = get(Approval, approval_id, lock=True)
    check_decidable(approval, actor, at)
    approval.state = "approved" if carry_out else "refused"
    approval.decided_by, approval.decided_name = actor.id, actor.name
    approval.decided_at, approval.note = at, note.strip() or None
    if carry_out:
        carry_out(approval, actor, at)
    # Afterwards: whoever writes a contest's record keeps all others from it, and must wait for no row of theirs any more.
    audit.record("approval.approve" if carry_out else "approval.refuse", actor=actor, at=at, chain=approval.chain,
                 subject=(approval.subject_kind, approval.subject_id), reason=note.strip() or None,
                 details={"kind": approval.kind, "approval": str(approval.id), "payload": approval.payload_digest})
    _tell(approval, at)
    return approval


def check_decidable(approval: Approval, actor: Actor, at: datetime) -> None:
    """Raise unless ``actor`` may be the second person of this still open request."""
    if approval.state != "asked":
        raise RuleBroken(_("这项申请已经处理过了。"), code="already_decided")
    if approval.expires_at <= at:
        raise RuleBroken(_("这项申请已过期，请重新提出。"), code="approval_expired")
    if actor.id is None or are_same_person(actor.id, approval.asked_by):
        raise Forbidden(_("申请人不能审批自己的申请，请由另一人审批。"), code="same_person")
    if approval.subject_kind == "account" and are_same_person(actor.id, uuid.UUID(approval.subject_id)):
        raise Forbidden(_("不能审批与本人账号有关的申请，请由另一人审批。"), code="own_account")
    if _digest(approval.payload) != approval.payload_digest:
        raise RuleBroken(_("申请内容与提出时不一致，不能审批。"), code="payload_changed")


def withdraw(approval_id: uuid.UUID, *, actor: Actor, at: datetime) -> Approval:
    """Who asked takes the request back."""
    with atomic():
        approval = get(Approval, approval_id, lock=True)
        if approval.asked_by != actor.id:
            raise Forbidden(_("只有申请人可以撤回自己的申请。"), code="not_yours")
        if approval.state != "asked":
            raise RuleBroken(_("这项申请已经处理过了，不能撤回。"), code="already_decided")
        approval.state, approval.decided_at = "withdrawn", at
        audit.record("approval.withdraw", actor=actor, at=at, chain=approval.chain,
                     subject=(approval.subject_kind, approval.subject_id), details={"approval": str(approval.id)})
    return approval


def open_request(kind: str, subject_id: Any, *, at: datetime | None = None) -> Approval | None:
    """The request still waiting, if any; ``at``: only one that can still be decided then."""
    query = select(Approval).where(
        Approval.kind == kind, Approval.subject_id == str(subject_id), Approval.state == "asked"
    )
    if at is not None:
        query = query.where(Approval.expires_at > at)
    return db.session.scalars(query).one_or_none()


def open_requests(kind: str, subject_ids: Collection[Any]) -> list[Approval]:
    """The requests of a kind still waiting, about any of these subjects."""
    query = select(Approval).where(
        Approval.kind == kind, Approval.subject_id.in_([str(one) for one in subject_ids]), Approval.state == "asked"
    )
    return list(db.session.scalars(query))


def waiting(chains: list[uuid.UUID] | None = None) -> list[Approval]:
    """Open requests, oldest first; of some contests only when ``chains`` is given."""
    query = select(Approval).where(Approval.state == "asked").order_by(Approval.asked_at)
    if chains is not None:
        query = query.where(Approval.chain.in_(chains))
    return list(db.session.scalars(query))
