"""Everything that the system keeps about one person, by subject: the same sections for the page and for the file.

Nobody else stands in it. Who acted is an office, messages about others are left where they are, of a team there is the
name alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from competition.accounts.models import Account, Person
from competition.accounts.service_people import phone_of
from competition.arena.queries_own import opened_codes, outcomes_of
from competition.core.actors import Actor
from competition.core.crypto import unseal
from competition.core.formats import show_moment
from competition.registration.models import Entrant, Entry
from competition.registration.queries_own import entrants_of, kept_entries, own_persons


@dataclass(frozen=True)
class Section:
    """One subject: a heading, the names of the columns, and rows of text; ``links`` stand with the rows of the same place.

    ``note`` says what is kept, or where to read what is not repeated here.
    """

    key: str
    title: Any
    header: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    note: Any = ""
    links: Sequence[tuple[Any, str]] = field(default=())

    @property
    def is_cards(self) -> bool:
        """Does a row say too much for a line of a table?"""
        return self.key in ("consents", "entries", "certificates")

    @property
    def is_facts(self) -> bool:
        """Is it a list of names and values rather than a table?"""
        return len(self.header) == 2 and self.key in ("person", "account")


@dataclass(frozen=True)
class Subject:
    """Whose data it is; what several sections need is read once. ``is_full``: the own numbers in full, not masked."""

    account: Account
    actor: Actor
    is_full: bool = False

    @cached_property
    def persons(self) -> list[Person]:
        """The people that the account is: usually one."""
        return own_persons(self.account)

    @cached_property
    def person_ids(self) -> list[UUID]:
        return [person.id for person in self.persons]

    @cached_property
    def entries(self) -> list[Entry]:
        """The own entries."""
        return kept_entries(self.account)

    @cached_property
    def entrants(self) -> list[Entrant]:
        """The entrants of these entries, and the teams they go in with."""
        return entrants_of(self.entries)

    @cached_property
    def outcomes(self) -> list[Any]:
        return outcomes_of([entrant.id for entrant in self.entrants])

    @cached_property
    def codes(self) -> list[Any]:
        return opened_codes([entrant.id for entrant in self.entrants])

    def number(self, person: Person) -> str | None:
        """The number of the document, as it may be shown here."""
        if self.is_full and person.document_sealed:
            return unseal(person.document_sealed, "person", "document", person.id)
        return person.document_masked

    def login_phone(self) -> str | None:
        """The phone by which the account signs in, likewise."""
        return phone_of(self.account) if self.is_full else self.account.phone_masked

    def phone(self, person: Person) -> str | None:
        """The phone, likewise."""
        if self.is_full and person.phone_sealed:
            return unseal(person.phone_sealed, "person", "phone", person.id)
        return person.phone_masked


def when(at: datetime | None, zone: str = "Asia/Shanghai") -> str:
    """An instant in words; nothing for none."""
    return show_moment(at, zone) if at else ""


Builder = Callable[[Subject], list[Section]]
