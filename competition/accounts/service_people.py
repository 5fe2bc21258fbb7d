"""People: found by their document's blind index, kept sealed, shown masked."""

import uuid
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from competition.accounts.identity import Document, clean_name
from competition.accounts.models import Account, Person
from competition.accounts.pinyin import name_pinyin as spell
from competition.core import audit
from competition.core.actors import Actor
from competition.core.audit import AuditRow
from competition.core.crypto import blind_index, seal, unseal
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.core.masks import mask_phone

REVEALS_MOST, REASON_LEAST = 20, 2


def get_or_create_person(
    *, name: str, document: Document, phone: str | None, actor: Actor, at: datetime, name_pinyin: str | None = None,
    name_bo: str | None = None,
) -> Person:
    """The person with this document; made when new. ``phone`` in E.164.

    A person who is known keeps the name: whoever types somebody's number must not rename them. What
    was missing is filled in; the phone changes only at the hands of the person or of staff.
    """
    with atomic():
        index = blind_index("document", document.index_text)
        person = find(Person, document_index=index)
        if person is None:
            person = _create(index, name, document, phone, actor, at, name_pinyin, name_bo)
        else:
            _complete(person, document, phone, actor, at, name_pinyin, name_bo)
    return person


def _create(
    index: str, name: str, document: Document, phone: str | None, actor: Actor, at: datetime, pinyin: str | None,
    name_bo: str | None,
) -> Person:
    session, cleaned = db.session(), clean_name(name)
    person = Person(
        id=uuid.uuid4(), name=cleaned, name_pinyin=pinyin or spell(cleaned), name_bo=name_bo or None, sex=document.sex,
        birth_on=document.birth_on, document_index=index, created_at=at,
    )
    seal_document(person, document)
    if phone:
        seal_phone(person, phone)
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:
        # Somebody else was first, a moment ago: that row is the person.
        found = find(Person, document_index=index)
        if found is None:
            raise
        return found
    audit.record("person.create", actor=actor, subject=("person", person.id), at=at,
                 details={"document_type": document.kind},
                 personal={"name": person.name, "document": document.index_text, "phone": phone or ""})
    return person


def _complete(
    person: Person, document: Document, phone: str | None, actor: Actor, at: datetime, pinyin: str | None,
    name_bo: str | None,
) -> None:
    filled = []
    if person.document_sealed is None:
        seal_document(person, document)
        filled.append("document")
    if phone and _may_change_phone(person, actor) and person.phone_index != blind_index("phone", phone):
        seal_phone(person, phone)
        filled.append("phone")
    for column, value in (("sex", document.sex), ("birth_on", document.birth_on), ("name_pinyin", pinyin), ("name_bo", name_bo)):
        if value and not getattr(person, column):
            setattr(person, column, value)
            filled.append(column)
    if filled:
        audit.record("person.complete", actor=actor, subject=("person", person.id), at=at, details={"filled": filled})


def _may_change_phone(person: Person, actor: Actor) -> bool:
    return person.phone_sealed is None or actor.person_id == person.id or bool(actor.held) or actor.kind == "system"


def seal_document(person: Person, document: Document) -> None:
    """Within the caller's act: keep a document with a person, sealed and masked; the index is the caller's."""
    person.document_type, person.document_country = document.kind, document.country
    person.document_sealed = seal(document.number, "person", "document", person.id)
    person.document_masked = document.masked


def seal_phone(person: Person, phone: str) -> None:
    """Within the caller's act: keep a phone (E.164) with a person, sealed, findable, masked."""
    person.phone_sealed = seal(phone, "person", "phone", person.id)
    person.phone_index = blind_index("phone", phone)
    person.phone_masked = mask_phone(phone)


def keep_phone(account: Account, phone: str) -> None:
    """Within the caller's act: the phone (E.164) by which an account signs in, sealed and masked."""
    account.phone_sealed, account.phone_masked = seal(phone, "account", "phone", account.id), mask_phone(phone)


def phone_of(account: Account) -> str | None:
    """The phone (E.164) by which the account signs in, to be shown to its owner alone; None when it is not kept."""
    return unseal(account.phone_sealed, "account", "phone", account.id) if account.phone_sealed else None


def change_phone(person: Person, phone: str, actor: Actor, at: datetime) -> None:
    """Within the caller's act, who has made sure that the person is the actor's own: another phone to be reached by."""
    if person.phone_index != blind_index("phone", phone):
        seal_phone(person, phone)
        audit.record("person.complete", actor=actor, subject=("person", person.id), at=at, details={"filled": ["phone"]})


def is_same_person(account_id: uuid.UUID, other_id: uuid.UUID) -> bool:
    """Are these accounts of one human being, as far as the system knows?"""
    found = select(Account.person_id).where(Account.id.in_((account_id, other_id)), Account.person_id.is_not(None))
    people = list(db.session.scalars(found))
    return account_id == other_id or (len(people) == 2 and people[0] == people[1])


def find_person(document: Document) -> Person | None:
    """The person with this document, if known."""
    return find(Person, document_index=blind_index("document", document.index_text))


def reveal_document(person_id: uuid.UUID, reason: str, actor: Actor, at: datetime) -> str:
    """The full number, for a stated reason that stays on record. The caller has checked the right."""
    return _reveal(person_id, "document", reason, actor, at)


def reveal_phone(person_id: uuid.UUID, reason: str, actor: Actor, at: datetime) -> str:
    """The full phone, for a stated reason that stays on record. The caller has checked the right."""
    return _reveal(person_id, "phone", reason, actor, at)


def _reveal(person_id: uuid.UUID, field: str, reason: str, actor: Actor, at: datetime) -> str:
    if len(reason.strip()) < REASON_LEAST:
        raise RuleBroken(_("请写明查看完整号码的理由，理由会留痕。"), code="reason_required", status=422, field="why")
    with atomic():
        person = get(Person, person_id)
        sealed = person.document_sealed if field == "document" else person.phone_sealed
        if sealed is None:
            raise RuleBroken(_("系统里没有保存完整号码。"), code="not_kept", status=404)
        audit.record(f"person.reveal_{field}", actor=actor, subject=("person", person.id), at=at, reason=reason.strip())
        # Counted after the row was written, under the lock of its chain: two at once cannot both be the last.
        if _revealed_lately(actor, at) > REVEALS_MOST:
            raise RuleBroken(_("一小时内最多查看 %(n)s 次完整号码，请稍后再试。需要大批核对时，请与组委会办公室联系。", n=REVEALS_MOST),
                             code="reveal_limit", status=429)
    return unseal(sealed, "person", field, person_id)


def _revealed_lately(actor: Actor, at: datetime) -> int:
    db.session.flush()
    acts = ("person.reveal_document", "person.reveal_phone")
    query = select(func.count()).select_from(AuditRow).where(
        AuditRow.actor_id == actor.id, AuditRow.act.in_(acts), AuditRow.at > at - timedelta(hours=1))
    return db.session.scalar(query) or 0
