"""What this room keeps about one account and its people; who acted stands there as an office, never as a person."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from competition.accounts.access import ROLES
from competition.accounts.models import Consent, Grant, HelpRequest, SignIn
from competition.accounts.scopes import scope_name
from competition.core.audit import AuditRow
from competition.core.database import db
from competition.core.formats import joined

REVEALS = ("person.reveal_document", "person.reveal_phone")
Acted = tuple[uuid.UUID | None, datetime]


def grants_of(account_id: uuid.UUID) -> list[Grant]:
    """Every role that the account ever held, oldest first."""
    return list(db.session.scalars(select(Grant).where(Grant.account_id == account_id).order_by(Grant.valid_from, Grant.id)))


def consents_of(account_id: uuid.UUID, person_ids: Collection[uuid.UUID]) -> list[Consent]:
    """Every consent, also those that were taken back, newest first."""
    query = select(Consent).where(or_(Consent.account_id == account_id, Consent.person_id.in_(person_ids)))
    return list(db.session.scalars(query.order_by(Consent.given_at.desc(), Consent.id)))


def sign_ins_of(account_id: uuid.UUID) -> list[SignIn]:
    """Every sign-in on record, newest first."""
    return list(db.session.scalars(select(SignIn).where(SignIn.account_id == account_id).order_by(SignIn.created_at.desc())))


def help_asked(account_id: uuid.UUID) -> list[HelpRequest]:
    """What the account asked of clerks, newest first."""
    query = select(HelpRequest).where(HelpRequest.account_id == account_id).options(joinedload(HelpRequest.union))
    return list(db.session.scalars(query.order_by(HelpRequest.created_at.desc())))


@dataclass(frozen=True)
class Reveal:
    """Somebody looked at a full number: which one, when, why, and for which office."""

    at: datetime
    act: str
    office: str
    reason: str


def reveals_of(person_ids: Collection[uuid.UUID]) -> list[Reveal]:
    """Who looked at the full numbers of these people, newest first."""
    query = select(AuditRow).where(AuditRow.act.in_(REVEALS), AuditRow.subject_kind == "person",
                                   AuditRow.subject_id.in_([str(key) for key in person_ids]))
    rows = list(db.session.scalars(query.order_by(AuditRow.at.desc(), AuditRow.seq.desc())))
    where = offices_of((row.actor_id, row.at) for row in rows)
    return [Reveal(row.at, row.act, where[row.actor_id, row.at], row.reason or "") for row in rows]


def offices_of(acted: Iterable[Acted]) -> dict[Acted, str]:
    """For whoever acted at an instant the office: the roles held then, and where. Names of people are not said."""
    wanted = set(acted)
    held: dict[uuid.UUID, list[Grant]] = {}
    for grant in db.session.scalars(select(Grant).where(Grant.account_id.in_({key for key, _at in wanted if key}))):
        held.setdefault(grant.account_id, []).append(grant)
    return {one: _office(held.get(one[0], []) if one[0] else None, one[1]) for one in wanted}


def _office(grants: list[Grant] | None, at: datetime) -> str:
    if grants is None:
        return str(_("系统"))
    then = [g for g in grants if g.valid_from <= at and (g.valid_to is None or g.valid_to > at)]
    words = [f"{scope_name(g.scope_kind, g.scope_id)} {ROLES.get(g.role, g.role)}" for g in then]
    return joined(sorted(set(words))) or str(_("本人"))
