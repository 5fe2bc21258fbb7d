"""After the issue: revoking and replacing one certificate, each by two people. Nothing is ever removed."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from competition.certificates import fonts, plan, queries, rules, shown, sources
from competition.certificates.models import Batch, Certificate
from competition.certificates.service_batches import add_batch, issue_payload
from competition.certificates.service_issue import check_frozen, issue_certificates, locked
from competition.certificates.source import Line, Source
from competition.certificates.source_published import Published
from competition.certificates.source_roster import Roster
from competition.core import approvals, audit
from competition.core.actors import Actor
from competition.core.approvals import Approval
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.formats import in_zone, joined, show_date
from competition.results.models import Publication, PublishedRow


def check_valid(certificate: Certificate) -> None:
    """Raise unless the certificate still holds."""
    if certificate.state != "issued":
        raise RuleBroken(_("证书 %(number)s 已替换或已撤销，不能再办理。", number=certificate.number), code="not_valid")


def ask_revoke(certificate_id: uuid.UUID, reason: str, actor: Actor, at: datetime) -> Approval:
    """Ask a second person to revoke a certificate; the reason stays in the register."""
    with atomic():
        certificate = get(Certificate, certificate_id, lock=True)
        check_valid(certificate)
        payload = {"certificate": str(certificate.id), "number": certificate.number, "digest": certificate.data_digest}
        return approvals.ask(queries.REVOKE, subject=("certificate", certificate.id), payload=payload, reason=reason, actor=actor,
                             at=at, chain=certificate.contest_id)


def revoke(approval: Approval, actor: Actor, at: datetime) -> None:
    """Carry out an approved revocation."""
    with atomic():
        certificate = get(Certificate, uuid.UUID(approval.payload["certificate"]), lock=True)
        check_valid(certificate)
        _end(certificate, "revoked", approval.reason, at)
        audit.record("certificates.revoke", actor=actor, subject=("certificate", certificate.id), at=at, chain=certificate.contest_id,
                     reason=approval.reason, details={"number": certificate.number, "asked_by": str(approval.asked_by)})


def ask_replace(certificate_id: uuid.UUID, changes: Mapping[str, str], reason: str, actor: Actor, at: datetime) -> Approval:
    """Ask a second person to replace a certificate by a corrected one with a new number.

    The new one says what the result in force says of the person, and ``changes`` on top (keys of
    ``plan.CORRECTABLE``: name, unit, delegation …). Something must become different.
    """
    fonts.covered()  # read before the database is held
    with atomic():
        certificate = get(Certificate, certificate_id, lock=True)
        check_valid(certificate)
        batch = _replacement(certificate, _checked(changes), actor, at)
        payload = {**issue_payload(batch), "replaces": str(certificate.id), "number": certificate.number}
        return approvals.ask(queries.REPLACE, subject=("certificate", certificate.id), payload=payload, reason=reason, actor=actor,
                             at=at, chain=certificate.contest_id)


def _checked(changes: Mapping[str, str]) -> dict[str, str]:
    unknown = [name for name in changes if name not in plan.CORRECTABLE]
    if unknown:
        raise RuleBroken(_("更正证书时不能改这些内容：%(names)s。名次和奖项以公布的成绩为准。", names=joined(unknown)),
                         code="not_correctable", status=422)
    return {name: text.strip() for name, text in changes.items()}


def _replacement(certificate: Certificate, changes: dict[str, str], actor: Actor, at: datetime) -> Batch:
    """A batch of one, prepared like any other."""
    source, line = line_in_force(certificate)
    template, day = certificate.batch.template, in_zone(at, certificate.contest.zone).date()
    made = plan.make_plan(source, template, day, keys=[line.key], changes=changes, replaces=certificate.id)
    if not made.people:
        why = made.problems[0].reasons if made.problems else _("按现行成绩，此人没有可以颁发的证书，请改为撤销。")
        raise RuleBroken(_("新证书不能签发：%(why)s", why=why), code="cannot_issue", status=422)
    printed = [name for name in rules.PLACEHOLDERS if name not in ("日期", *rules.AT_ISSUE)]
    if all(made.people[0].data.get(name) == certificate.data.get(name) for name in printed):
        raise RuleBroken(_("新证书与原证书内容相同，没有需要更正的地方。"), code="nothing_changed", status=422)
    settings = {"dated_on": day.isoformat(), "changes": changes, "replaces": str(certificate.id),
                "pictures": certificate.batch.settings.get("pictures", {})}
    return add_batch(source, template, f"更正 {certificate.number}", made, settings, actor, at)


def line_in_force(certificate: Certificate) -> tuple[Source, Line]:
    """The line about the same person, team or unit as its source has it now: a ranking in the version that is in force."""
    source = sources.source_of(certificate.batch)
    if isinstance(source, Published):
        query = select(Publication).where(Publication.contest_id == certificate.contest_id, Publication.scope == certificate.scope)
        source = Published(db.session.scalars(query.order_by(Publication.version.desc())).first() or source.publication)
    old = db.session.get(PublishedRow, certificate.row_id) if certificate.row_id else None
    # Every line that the ranking has, whatever the kind: that somebody has no award any more is said by the plan.
    found = next((line for line in source.lines("participation") if _is_same(line, old, certificate)), None)
    if found is None:
        raise RuleBroken(_("现行成绩或名单里已没有此人，不能更正，请改为撤销。"), code="not_in_force")
    return (source.only(found) if isinstance(source, Roster) else source), found


def _is_same(line: Line, old: PublishedRow | None, certificate: Certificate) -> bool:
    if old is None:
        return line.subject_id == certificate.subject_id
    new = db.session.get(PublishedRow, line.row_id)
    return new is not None and (new.team_id == old.team_id if old.team_id else new.entry_id == old.entry_id)


def replace(approval: Approval, actor: Actor, at: datetime) -> None:
    """Carry out an approved correction: the new certificate and the end of the old one in one transaction."""
    with atomic() as session:
        old = get(Certificate, uuid.UUID(approval.payload["replaces"]), lock=True)
        check_valid(old)
        check_frozen(locked(uuid.UUID(approval.payload["batch"])), approval.payload)
        _end(old, "superseded", approval.reason, at)
        session.flush()
        (key,) = issue_certificates(uuid.UUID(approval.payload["batch"]), approval.payload["plan"], actor=actor, at=at)
        new = get(Certificate, key)
        old.superseded_by = new.id
        audit.record("certificates.replace", actor=actor, subject=("certificate", old.id), at=at, chain=old.contest_id,
                     reason=approval.reason, details={"number": old.number, "by": new.number, "asked_by": str(approval.asked_by)})


def _end(certificate: Certificate, state: str, reason: str, at: datetime) -> None:
    certificate.state, certificate.end_reason, certificate.ended_at = state, reason, at


def _describe_revoke(payload: dict[str, Any]) -> str:
    return str(_("撤销证书 %(number)s", number=payload["number"]))


def _describe_replace(payload: dict[str, Any]) -> str:
    said = {name: payload[name] for name in ("number", "template")}
    dated_on = show_date(date.fromisoformat(payload["dated_on"]))
    return str(_("更正证书 %(number)s：签发一份新证书，原证书作废（%(template)s，落款 %(dated_on)s）", **said, dated_on=dated_on))


approvals.register(approvals.Kind(
    queries.REVOKE, lazy_gettext("撤销证书"), "certificates.approve", _describe_revoke, revoke, show=shown.certificate))
approvals.register(approvals.Kind(
    queries.REPLACE, lazy_gettext("更正证书"), "certificates.approve", _describe_replace, replace, show=shown.replacement))
