"""Tokens of other systems are made and revoked; what they ask is answered once; rosters come in parts."""

import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

from competition.core import audit
from competition.core.actors import Actor
from competition.core.crypto import blind_index, token_hash
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.core.files import Upload, keep_upload
from competition.counting.models import Fact, Participant
from competition.counting.service_facts import Told
from competition.organisations.models import Union
from competition.returns import queries_api as reads
from competition.returns import rules as rules_returns
from competition.returns import rules_api as rules
from competition.returns.models import Return
from competition.returns.models_api import ApiReceipt, ApiToken, ApiTokenUse, RosterDelivery
from competition.returns.service import editable, put_bulk, standings_of, take_roster
from competition.returns.service_staging import Shown, new_origin, stage

KEPT, USED = timedelta(days=7), timedelta(hours=1)


def make_token(title: str, union_id: uuid.UUID, *, can_report: bool, days: int, actor: Actor, at: datetime) -> tuple[ApiToken, str]:
    """A token for another system, and its text, which is known only now. Raises RuleBroken for what is no title or no time."""
    title = title.strip()
    if not title or len(title) > 60:
        raise RuleBroken(_("请写明是哪个系统使用，60 个字以内。"), code="title", status=422, field="title")
    if not 1 <= days <= rules.MOST_DAYS:
        raise RuleBroken(_("有效期应为 1 至 %(n)d 天。", n=rules.MOST_DAYS), code="days", status=422, field="days")
    text = rules.new_token(secrets.choice)
    with atomic() as session:
        union = get(Union, union_id)
        made = ApiToken(title=title, union_id=union.id, token_hash=token_hash(text), hint=text[-4:], can_report=can_report, created_at=at,
                        created_by=actor.id, created_name=actor.name, expires_at=at + timedelta(days=days))
        session.add(made)
        session.flush()
        audit.record("participation.make_token", actor=actor, subject=("api_token", made.id), at=at,
                     details={"title": title, "union": union.name_zh, "can_report": can_report, "days": days})
    return made, text


def revoke_token(token_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """From now on it opens nothing."""
    with atomic():
        found = get(ApiToken, token_id, lock=True)
        if found.revoked_at is not None:
            raise RuleBroken(_("这个令牌已经撤销。"), code="revoked")
        found.revoked_at = at
        audit.record("participation.revoke_token", actor=actor, subject=("api_token", token_id), at=at, details={"title": found.title})


def note_use(token_id: uuid.UUID, at: datetime) -> None:
    """When it was used last, to the hour: most requests write nothing."""
    last = reads.last_use(token_id)
    if last is not None and at - last < USED:
        return
    with atomic() as session:
        get(ApiToken, token_id, lock=True)
        found = session.get(ApiTokenUse, token_id)
        if found is None:
            session.add(ApiTokenUse(token_id=token_id, at=at))
        else:
            found.at = at


def once(token_id: uuid.UUID, key: str, said: str, act: Callable[[], Mapping[str, Any]], *, at: datetime) -> tuple[dict[str, Any], bool]:
    """Do what a request asks and keep the answer, in one act; asked again under the same key it is the same answer, and nothing is done.

    ``said``: the whole request. Returns the answer and whether it is repeated. Raises RuleBroken where the key belongs to another
    request, and whatever ``act`` raises: then nothing is kept.
    """
    digest = blind_index("request", said)
    with atomic() as session:
        get(ApiToken, token_id, lock=True)
        before = reads.receipt(token_id, key)
        if before is not None:
            if before.digest != digest:
                raise RuleBroken(_("这个 Idempotency-Key 已用于另一个请求，请换一个。"), code="key_reused")
            return dict(before.answer), True
        answer = dict(act())
        session.add(ApiReceipt(token_id=token_id, key=key, digest=digest, answer=answer, at=at))
    return answer, False


def forget_receipts(at: datetime) -> int:
    """Answers older than a week go, and deliveries that were never ended; returns how many."""
    with atomic() as session:
        gone = session.execute(delete(ApiReceipt).where(ApiReceipt.at < at - KEPT))
        left = session.execute(delete(RosterDelivery).where(RosterDelivery.taken_at.is_(None), RosterDelivery.created_at < at - KEPT))
        return int(gone.rowcount) + int(left.rowcount)  # type: ignore[attr-defined]


def put_bulk_with(return_id: uuid.UUID, heads: int, overlap: int, upload: Upload | None, *, actor: Actor, at: datetime) -> None:
    """A bulk figure with its evidence; without one that which the return has stays."""
    with atomic():
        found = editable(return_id, rules_returns.BULK)
        kept = keep_upload(upload, sensitivity="internal", actor=actor, at=at).id if upload else found.evidence_id
        put_bulk(return_id, heads, overlap, kept, actor=actor, at=at)


def deliver(
    return_id: uuid.UUID, name: uuid.UUID, part: int, parts: int, people: Sequence[tuple[Told, Shown]], *, actor: Actor, at: datetime,
) -> dict[str, Any]:
    """One part of a roster: staged, and with the last part the whole becomes the return's roster in the same act. Until then the former
    roster stands. Who was in an earlier part already is counted once."""
    with atomic():
        found = editable(return_id, rules_returns.ROSTER)
        delivery = _delivery(found, name, parts, at)
        if str(part) in delivery.received:
            raise RuleBroken(_("这一部分已经收到。重发请用同一个 Idempotency-Key。"), code="part_received")
        fresh = _fresh(found.activity_id, delivery.number, people)
        if fresh:
            stage(found.activity_id, delivery.number, [told for told, _seen in fresh], [seen for _told, seen in fresh], standings_of(found),
                  actor=actor, at=at)
        delivery.received = {**delivery.received, str(part): len(people)}
        delivery.people += len(fresh)
        if len(delivery.received) == parts:
            take_roster(return_id, delivery.number, delivery.people, actor=actor, at=at)
            delivery.taken_at = at
        return {"delivery": str(name), "parts": parts, "received": sorted(map(int, delivery.received)), "people": delivery.people,
                "repeated": sum(delivery.received.values()) - delivery.people, "taken": delivery.taken_at is not None}


def _delivery(found: Return, name: uuid.UUID, parts: int, at: datetime) -> RosterDelivery:
    delivery = find(RosterDelivery, return_id=found.id, name=name)
    if delivery is None:
        number = new_origin(found.activity_id, at)
        delivery = RosterDelivery(return_id=found.id, name=name, parts=parts, number=number, received={}, people=0, created_at=at)
        db.session.add(delivery)
        db.session.flush()
    if delivery.parts != parts:
        raise RuleBroken(_("这次传送开始时说有 %(n)d 部分。", n=delivery.parts), code="parts_differ", status=422)
    if delivery.taken_at is not None:
        raise RuleBroken(_("这次传送已经完成。要换名册请用新的 delivery。"), code="delivered")
    if at - delivery.created_at > rules.DELIVERED_WITHIN:
        raise RuleBroken(_("这次传送没有在一天内完成，已经作废。请用新的 delivery 从头传送。"), code="delivery_over", status=410)
    return delivery


def _fresh(activity_id: int, number: int, people: Sequence[tuple[Told, Shown]]) -> list[tuple[Told, Shown]]:
    there = select(Participant.key).join(Fact, Fact.participant_id == Participant.id).where(
        Fact.activity_id == activity_id, Fact.origin == number, Participant.key.in_([told.key for told, _seen in people]))
    known = set(db.session.scalars(there))
    return [each for each in people if each[0].key not in known]
