"""The certificates of an entry, for its pages in the rooms below: the own ones for who they are about, the register's for staff."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select

from competition.certificates import queries, rules
from competition.certificates.models import Certificate
from competition.contests.queries import contest_scope
from competition.core.access import may
from competition.core.actors import Actor
from competition.core.database import db
from competition.registration.hooks import Paper
from competition.registration.models import Entry


def papers_of(entry: Entry, actor: Actor, own: bool) -> list[Paper]:
    """What was issued for this entry, what is valid first; ``own``: on the page of who entered."""
    if own:
        found = _valid_first(one for one in queries.certificates_of(actor) if one.contest_id == entry.contest_id)
        return [_paper(one, url_for("certificates.own", certificate_id=one.id)) for one in found]
    if not may(actor, "certificates.look", contest_scope(entry.contest)):
        return []
    return [_paper(one, url_for("certificates.certificate", contest_id=one.contest_id, certificate_id=one.id)) for one in _about(entry)]


def _paper(one: Certificate, href: str) -> Paper:
    award = one.data.get("奖项", "")
    return Paper(_("%(kind)s：%(award)s", kind=_(rules.KINDS[one.kind]), award=award) if award else _(rules.KINDS[one.kind]),
                 one.number, one.state, href)


def _about(entry: Entry) -> list[Certificate]:
    subjects = [Certificate.subject_id == key for key in (entry.id, entry.person_id) if key is not None]
    query = select(Certificate).where(Certificate.contest_id == entry.contest_id, or_(*subjects))
    return _valid_first(db.session.scalars(query.order_by(Certificate.issued_at.desc(), Certificate.number)))


def _valid_first(found: Iterable[Certificate]) -> list[Certificate]:
    return sorted(found, key=lambda one: one.state != "issued")
