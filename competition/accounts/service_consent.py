"""Agreeing to the texts, and taking it back. A consent is a row that names the text by its hash; it is never rewritten."""

import uuid
from collections.abc import Collection
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select

from competition.accounts.models import Account, Consent
from competition.accounts.queries import given_consents
from competition.accounts.terms import CURRENT, terms
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken


def give_consent(
    purpose: str, *, actor: Actor, at: datetime, account_id: uuid.UUID | None = None, person_id: uuid.UUID | None = None,
    channel: str = "web", paper: str = "",
) -> Consent:
    """Keep that the current text was agreed to; ``channel`` is web or paper (signed by hand): then ``paper`` says which
    paper it is, and who acts is on record as who took it."""
    text = terms(purpose)
    with atomic() as session:
        consent = Consent(account_id=account_id, person_id=person_id, purpose=purpose, text_version=text.version,
                          text_digest=text.digest, channel=channel, given_at=at, paper=paper.strip())
        if channel == "paper":
            consent.recorded_by, consent.recorded_name = actor.id, actor.name
        session.add(consent)
        session.flush()
        audit.record("account.consent", actor=actor, subject=("consent", consent.id), at=at,
                     details={"purpose": purpose, "version": text.version, "digest": text.digest, "channel": channel})
    return consent


def missing_consents(account_id: uuid.UUID) -> list[str]:
    """The texts whose current version the account has not agreed to, or no longer agrees to."""
    held = {(c.purpose, c.text_digest) for c in given_consents(account_id)}
    return [purpose for purpose in CURRENT if (purpose, terms(purpose).digest) not in held]


def is_due(account: Account) -> bool:
    """Is this somebody who signs in to take part and has to be asked for consent (again)? Who works here is not."""
    return account.login.startswith("phone:") and bool(missing_consents(account.id))


def agree(account_id: uuid.UUID, purposes: Collection[str], *, actor: Actor, at: datetime) -> list[Consent]:
    """The owner agrees to the current texts; what is agreed to already is not written twice."""
    with atomic():
        get(Account, account_id, lock=True)
        wanted = [purpose for purpose in missing_consents(account_id) if purpose in purposes]
        return [give_consent(purpose, account_id=account_id, actor=actor, at=at) for purpose in wanted]


def check_consents(account_id: uuid.UUID) -> None:
    """Raise unless the account agrees to everything that is needed to enter a contest."""
    if missing_consents(account_id):
        raise RuleBroken(_("您还没有同意现行的个人信息处理规则，不能提交报名。请在“我的账号”中阅读并同意；已填写的内容都在草稿里。"),
                         code="consent_missing")


def withdraw_consent(
    purpose: str, *, account_id: uuid.UUID, person_ids: Collection[uuid.UUID], actor: Actor, at: datetime
) -> list[Consent]:
    """Within the caller's act: every consent of this account and these persons to the text, of any version, is taken back."""
    about = or_(Consent.account_id == account_id, Consent.person_id.in_(person_ids))
    query = select(Consent).where(about, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
    found = list(db.session.scalars(query.order_by(Consent.id).with_for_update()))
    if not found:
        raise RuleBroken(_("这项同意已经撤回，或还没有给过。"), code="no_consent")
    for consent in found:
        consent.withdrawn_at = at
        audit.record("account.withdraw_consent", actor=actor, subject=("consent", consent.id), at=at,
                     details={"purpose": purpose, "version": consent.text_version, "digest": consent.text_digest})
    return found
