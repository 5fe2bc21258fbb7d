"""What a form of an entry is filled with before anybody types: the entry itself, an earlier one, the account."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from competition.accounts.models import Account, Person
from competition.accounts.service_people import phone_of
from competition.core.actors import Actor
from competition.core.database import get
from competition.registration import forms, queries, queries_own, service
from competition.registration.models import Entry

# What belongs to the one contest that was entered.
OF_CONTEST = ("events", "team_id", "team_role")


@dataclass(frozen=True)
class Start:
    """``values``: the fields, what was typed over what is known. ``person``: whose number is on record, so that it need
    not be typed. ``earlier``: the entry from which a new one is filled."""

    entry: Entry | None
    values: Mapping[str, Any]
    person: Person | None = None
    earlier: Entry | None = None


def start_of(entry: Entry | None, contest_id: uuid.UUID, actor: Actor) -> Start:
    """Where the form of the reader's own entry starts from."""
    typed = service.read_draft(entry.id) if entry is not None else {}
    if entry is not None and entry.person_id is not None:
        whole = queries.get_entry(entry.id)
        return Start(whole, forms.draft_of(whole) | typed, whole.person)
    account = get(Account, actor.own_id)
    person, earlier = queries_own.known_person(account), queries_own.earlier_own(account, contest_id)
    known = _of_account(account, person)
    if earlier is None:
        # Who is known by no number, or entered as somebody else, starts with name and phone alone.
        return Start(entry, known | typed, person)
    known = forms.draft_of(earlier) | known
    if earlier.contest_id != contest_id:
        known = {name: value for name, value in known.items() if name not in OF_CONTEST}
    return Start(entry, known | typed, person, earlier)


def _of_account(account: Account, person: Person | None) -> dict[str, Any]:
    """The name, and the phone where none is on record yet."""
    phone = phone_of(account) if person is None or person.phone_masked is None else None
    return {"name": person.name if person else account.display_name} | ({"phone": phone.removeprefix("+86")} if phone else {})
