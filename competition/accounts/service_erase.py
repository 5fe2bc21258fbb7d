"""What is left of an account and its people once the owner had the own data erased: rows that say nothing."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select

from competition.accounts.hashing import UNUSABLE
from competition.accounts.identity import ERASED
from competition.accounts.models import Account, Consent, HelpRequest, OneTimeLink, Person, PhoneCode, SignIn
from competition.accounts.service_factor import drop_factor
from competition.core.approvals import Approval
from competition.core.database import db, get


def erase_account(account_id: uuid.UUID, persons: Sequence[Person], *, at: datetime) -> list[str]:
    """Within the caller's act, which leaves the audit row: nobody signs in here again, and nothing says who it was.

    Returns the names that stood here, for the rooms above that wrote them into words.
    """
    account = get(Account, account_id, lock=True)
    names = sorted({account.display_name, *(person.name for person in persons)})
    _forget_ways_in(account, [person.document_index for person in persons if person.document_index])
    _empty_words(account, at)
    for person in persons:
        _empty_person(person, at)
    drop_factor(account)
    account.login, account.display_name, account.person_id = f"erased:{account.id}", ERASED, None
    account.phone_sealed = account.phone_masked = None
    account.password_hash, account.password_version = UNUSABLE, account.password_version + 1
    account.is_active, account.must_change_password, account.erased_at = False, False, at
    account.failed_count, account.locked_until = 0, None
    db.session.flush()
    return names


def _forget_ways_in(account: Account, indexes: list[str]) -> None:
    """Sign-ins, links, codes, and what was asked of clerks by this account or about these documents."""
    session = db.session()
    for found in (
        delete(SignIn).where(SignIn.account_id == account.id),
        delete(OneTimeLink).where(OneTimeLink.account_id == account.id),
        delete(PhoneCode).where(or_(PhoneCode.account_id == account.id, PhoneCode.login == account.login)),
        delete(HelpRequest).where(or_(HelpRequest.account_id == account.id, HelpRequest.document_index.in_(indexes))),
    ):
        session.execute(found)


def _empty_words(account: Account, at: datetime) -> None:
    """Consents stay, as proof that there was one, without the words about the paper; requests about the account keep no name."""
    for consent in db.session.scalars(select(Consent).where(Consent.account_id == account.id)):
        consent.withdrawn_at, consent.paper = consent.withdrawn_at or at, ""
    about = select(Approval).where(Approval.subject_kind == "account", Approval.subject_id == str(account.id))
    for request in db.session.scalars(about):
        request.summary = request.summary.replace(account.display_name, ERASED)
        if "name" in request.payload:
            request.payload = {**request.payload, "name": ERASED}


def _empty_person(person: Person, at: datetime) -> None:
    person.name, person.name_pinyin, person.name_bo, person.sex, person.birth_on = ERASED, "", None, None, None
    person.document_type = person.document_country = person.document_sealed = person.document_index = person.document_masked = None
    person.phone_sealed = person.phone_index = person.phone_masked = None
    person.erased_at = at
    for consent in db.session.scalars(select(Consent).where(Consent.person_id == person.id)):
        consent.withdrawn_at, consent.paper = consent.withdrawn_at or at, ""
