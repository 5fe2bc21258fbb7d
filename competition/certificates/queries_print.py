"""Reads for the printing: what is to be printed, and what a batch is bound of; batches may be large."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from competition.accounts.models import Account
from competition.certificates import rules_outs
from competition.certificates.models import Certificate
from competition.core.database import db
from competition.core.files import StoredFile
from competition.registration.models import Entry
from competition.results.models import PublishedRow


@dataclass(frozen=True, slots=True)
class Paper:
    """A printed certificate: its place in the ceremony, whose it is, whom it goes to, the hash of its file."""

    position: int
    number: str
    name: str
    groups: tuple[str, ...]
    sha256: str


def unprinted(batch_id: uuid.UUID) -> list[uuid.UUID]:
    """Those of a batch that hold, have no file yet and were not found impossible, in their order."""
    query = select(Certificate.id).where(Certificate.batch_id == batch_id, Certificate.state == "issued", Certificate.file_id.is_(None),
                                         Certificate.error.is_(None))
    return list(db.session.scalars(query.order_by(Certificate.position)))


def in_turn(ids: Sequence[uuid.UUID], at_once: int = 100) -> Iterator[Certificate]:
    """These certificates in this order, never many of them in memory."""
    for start in range(0, len(ids), at_once):
        some = ids[start:start + at_once]
        found = {each.id: each for each in db.session.scalars(select(Certificate).where(Certificate.id.in_(some)))}
        yield from (found[one] for one in some)


def printed(batch_id: uuid.UUID) -> list[Paper]:
    """Those of a batch that hold and have a file, in the order of the ceremony: what was revoked is bound and handed out no more."""
    query = select(Certificate.position, Certificate.number, Certificate.name, Certificate.data, StoredFile.sha256).join(Certificate.file)
    query = query.where(Certificate.batch_id == batch_id, Certificate.state == "issued").order_by(Certificate.position)
    rows = db.session.execute(query.execution_options(yield_per=500))
    return [Paper(position, number, name, folders(data), sha256)
            for position, number, name, data, sha256 in rows]


def folders(data: Mapping[str, str]) -> tuple[str, ...]:
    """The folders of a certificate: who fetches it (of a list without delegations the unit), and the team."""
    return tuple(dict.fromkeys(name for name in (rules_outs.group_of(data), data.get("代表队", "")) if name))


def owners_of(batch_id: uuid.UUID) -> list[uuid.UUID]:
    """The accounts behind the certificates of a batch that have a file: of the entry, of the person, the account itself."""
    done = (Certificate.batch_id == batch_id) & Certificate.file_id.is_not(None)
    entries = select(Entry.account_id).select_from(Certificate).join(Certificate.row).join(PublishedRow.entry)
    whose = or_((Certificate.subject_kind == "person") & (Account.person_id == Certificate.subject_id),
                (Certificate.subject_kind == "account") & (Account.id == Certificate.subject_id))
    people = select(Account.id).join(Certificate, whose).where(Certificate.row_id.is_(None))
    found = [*db.session.scalars(entries.where(done).order_by(Certificate.position)),
             *db.session.scalars(people.where(done).order_by(Certificate.position))]
    return list(dict.fromkeys(owner for owner in found if owner))
