"""Whom an entry is about, and whether a change of it changes anything."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from competition.accounts import service as accounts
from competition.accounts.models import Account, Person
from competition.accounts.service_people import change_phone
from competition.contests.models import Event
from competition.core.actors import Actor
from competition.core.crypto import blind_index
from competition.core.database import db, get
from competition.core.errors import RuleBroken
from competition.registration import queries, queries_own
from competition.registration.models import Entry, EntryDraft
from competition.registration.rules_data import EntryData


def person_for(entry: Entry | None, data: EntryData, account_id: uuid.UUID | None, actor: Actor, at: datetime) -> Person:
    """The person whom an entry is about; a phone typed anew is kept where the person is the actor's own, or staff typed it."""
    account = get(Account, account_id) if account_id is not None and account_id == actor.id else None
    person = _found_person(entry, data, account, actor, at)
    is_own = account is not None and person in queries_own.own_persons(account)
    if data.phone and (is_own or (account is None and actor.held)):
        change_phone(person, data.phone, actor, at)
    return person


def _found_person(entry: Entry | None, data: EntryData, account: Account | None, actor: Actor, at: datetime) -> Person:
    if data.document is not None:
        return accounts.get_or_create_person(name=data.name, document=data.document, phone=data.phone, actor=actor, at=at,
                                             name_bo=data.name_bo)
    if entry is not None and entry.person_id is not None:
        return get(Person, entry.person_id)
    known = queries_own.known_person(account) if account is not None else None
    if known is None:
        raise RuleBroken(_("请填写证件号码。"), code="document_required", status=422, field="document_number")
    return known


def says_nothing_new(entry: Entry, data: EntryData, events: Sequence[Event]) -> bool:
    """Does what is handed in say the same as the entry does already?"""
    person = entry.person
    chosen = {e.event_id for e in entry.entrants} - {event.id for event in events if event.is_compulsory}
    return (
        (data.document is None or (person is not None and person.document_index == blind_index("document", data.document.index_text)))
        and (data.phone is None or (person is not None and person.phone_index == blind_index("phone", data.phone)))
        and (entry.name, entry.employer, entry.employer_ownership, entry.trade, entry.skill_level, entry.worker_group)
        == (data.name, data.employer, data.employer_ownership, data.trade, data.skill_level, data.worker_group)
        and (entry.region_code, entry.union_id) == (data.region_code, queries.union_for(data.union_id, data.region_code))
        and (entry.team_id, entry.team_role) == (data.team_id, data.team_role if data.team_id else "member")
        and chosen == data.events - {event.id for event in events if event.is_compulsory}
        and (person is None or not data.name_bo or person.name_bo == data.name_bo)
    )


def forget_draft(entry: Entry) -> None:
    """Within the caller's act: what was typed is handed in, or not wanted any more."""
    draft = db.session.get(EntryDraft, entry.id)
    if draft is not None:
        db.session.delete(draft)
