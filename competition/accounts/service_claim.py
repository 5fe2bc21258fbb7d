"""Entries that others made for a person become that person's own: by the code on the contestant's card, without a clerk.

Who has no card asks the union's clerk instead (``service_help``, kind ``claim``). Nothing is taken from another account here.
"""

import uuid
from datetime import datetime

from flask_babel import lazy_gettext as _
from limits import parse
from sqlalchemy import select

from competition.accounts.identity import Document, clean_name
from competition.accounts.models import Account, Person
from competition.accounts.outgoing import hand_over, proven
from competition.accounts.rules_totp import plain_code
from competition.core import audit
from competition.core.actors import Actor
from competition.core.crypto import blind_index
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.core.limits import is_within

TRIES = parse("10 per hour")


def claim_by_code(account_id: uuid.UUID, *, name: str, document: Document, code: str, actor: Actor, at: datetime) -> Person:
    """The account becomes that of the person, with all entries made for the person. Raises RuleBroken: claim_unfit (one sentence
    for an unknown number, another name and a wrong code), claimed_else, other_person, too_many_tries."""
    if not is_within(TRIES, "claim", str(account_id)):
        raise RuleBroken(_("试的次数太多，请一小时后再试，或请工会核对。"), code="too_many_tries", status=429, field="code")
    with atomic():
        claimant = get(Account, account_id, lock=True)
        person = find(Person, document_index=blind_index("document", document.index_text))
        if person is None or person.name != clean_name(name) or not proven(person.id, plain_code(code)):
            raise RuleBroken(_("姓名、证件号码和认领码对不上。请照参赛证逐字核对；没有认领码的请留空，由工会核对。"), code="claim_unfit",
                             status=422, field="code")
        if claimant.person_id not in (None, person.id):
            raise RuleBroken(_("您的账号已关联另一份证件，请到工会核对。"), code="other_person")
        if db.session.scalar(select(Account.id).where(Account.person_id == person.id, Account.id != claimant.id).limit(1)):
            raise RuleBroken(_("这份证件已归另一个账号。如果那不是您，请留空认领码，由工会核对。"), code="claimed_else", field="code")
        claimant.person_id = person.id
        hand_over(person.id, claimant.id, actor, at)
        audit.record("account.claim", actor=actor, subject=("account", claimant.id), at=at, details={"person": str(person.id)})
    return person
