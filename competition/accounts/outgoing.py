"""What rooms above this one do for accounts: carry words to a phone, tell people, hand over what belongs to a person,
follow when a person is corrected."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import current_app

from competition.core.actors import Actor


class PhoneChannel(Protocol):
    """An adapter that brings words to a phone, or raises."""

    def text(self, phone: str, words: str) -> None:
        """Hand the words on; ``phone`` in E.164."""
        ...


Teller = Callable[[Iterable[uuid.UUID], Any, Any, datetime], object]
Heir = Callable[[uuid.UUID, uuid.UUID, Actor, datetime], object]
TELLERS: list[Teller] = []
HEIRS: list[Heir] = []
# Does this code, as it was typed, stand on a paper that only the person was given?
PROOFS: list[Callable[[uuid.UUID, str], bool]] = []
# Under which accounts is this person entered?
HOLDERS: list[Callable[[uuid.UUID], Iterable[uuid.UUID]]] = []


@dataclass(frozen=True)
class Corrected:
    """What a clerk has corrected; None was right. ``keys``: the blind index of the document before and now. ``employer``
    and ``union_id`` are those of one entry, as they were when the person took part."""

    account_id: uuid.UUID
    person_id: uuid.UUID | None
    name: str | None = None
    keys: tuple[str, str] | None = None
    entry_id: uuid.UUID | None = None
    employer: str | None = None
    union_id: uuid.UUID | None = None


Follower = Callable[[Corrected, str, Actor, datetime], object]
FOLLOWERS: list[Follower] = []


def phone_channel() -> PhoneChannel | None:
    """The adapter of this installation; None where no words can be sent to phones."""
    found: PhoneChannel | None = current_app.extensions.get("phone_channel")
    return found


def tell(account_ids: Iterable[uuid.UUID], title: Any, body: Any, at: datetime) -> None:
    """Within the caller's act: a message to each account, by whoever carries messages. Lazy words speak the reader's language."""
    readers = list(account_ids)
    for teller in TELLERS:
        teller(readers, title, body, at)


def hand_over(person_id: uuid.UUID, account_id: uuid.UUID, actor: Actor, at: datetime) -> None:
    """Within the caller's act: what was done for this person belongs to this account from now on."""
    for heir in HEIRS:
        heir(person_id, account_id, actor, at)


def proven(person_id: uuid.UUID, code: str) -> bool:
    """Does the code prove that whoever typed it is the person?"""
    return bool(code) and any(proof(person_id, code) for proof in PROOFS)


def follow(done: Corrected, reason: str, actor: Actor, at: datetime) -> None:
    """Within the caller's act: what the rooms above keep of the person says so too."""
    for follower in FOLLOWERS:
        follower(done, reason, actor, at)


def holders(person_id: uuid.UUID) -> set[uuid.UUID]:
    """The accounts under which this person is entered: whoever entered himself is linked with his document by nothing else."""
    return {account for found in HOLDERS for account in found(person_id)}
