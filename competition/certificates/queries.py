"""Reads: templates, batches, the register, a certificate by its code."""

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from competition.certificates import plan, ready, rules, rules_numbers, sources
from competition.certificates.models import Batch, Certificate, Template
from competition.certificates.queries_templates import printable_templates
from competition.contests.models import Contest
from competition.core import approvals
from competition.core.actors import Actor
from competition.core.approvals import Approval
from competition.core.crypto import blind_index
from competition.core.database import db
from competition.core.errors import NotFound
from competition.results.models import Publication, PublishedRow
from competition.results.queries import own_rows

ISSUE, REVOKE, REPLACE = "certificates.issue", "certificates.revoke", "certificates.replace"
_NAMESPACE = uuid.UUID("6f0c5b0e-5f0b-4f6c-9d39-0d9f3f6f2a11")
_EVER = datetime(2026, 1, 1, tzinfo=UTC)


def ready_template(kind: str) -> Template:
    """The newest ready-made template of a kind: its row, or, before the first batch, what the row will be."""
    wanted = new_ready_template(kind, _EVER)
    return db.session.get(Template, wanted.id) or wanted


def new_ready_template(kind: str, at: datetime) -> Template:
    """The row of a ready-made template; its id follows from its content."""
    found = ready.READY[kind]
    digest = rules.digest_of([kind, found.name, found.english, found.layout])
    return Template(id=uuid.uuid5(_NAMESPACE, f"{kind}|{digest}"), key=f"ready-{kind}", version=1, kind=found.kind, name_zh=found.name,
                    name_en=found.english, layout=found.layout, digest=digest, created_at=at)


def choosable_templates(union_id: uuid.UUID) -> list[Template]:
    """The templates that a new batch can use: those of the contest's union and the ones above it, and the ready-made."""
    return [*printable_templates(union_id), *(ready_template(kind) for kind in ready.READY)]


def current_publications(contest_id: uuid.UUID) -> list[Publication]:
    """The rankings of a contest that are in force, in the order of their publishing."""
    later = aliased(Publication)
    newest = ~select(later.id).where(
        later.contest_id == Publication.contest_id, later.scope == Publication.scope, later.version > Publication.version).exists()
    query = select(Publication).where(Publication.contest_id == contest_id, newest)
    return list(db.session.scalars(query.order_by(Publication.published_at, Publication.scope)))


def get_batch(contest_id: uuid.UUID, batch_id: uuid.UUID) -> Batch:
    """A batch of this contest with what its page shows; raises NotFound."""
    query = select(Batch).where(Batch.id == batch_id, Batch.contest_id == contest_id).options(
        joinedload(Batch.contest), joinedload(Batch.publication), joinedload(Batch.template), joinedload(Batch.job),
        joinedload(Batch.merged), joinedload(Batch.zip))
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这批证书，它可能属于另一项赛事。"))
    return found


def batches_of(contest_id: uuid.UUID) -> Select[Batch]:
    """The batches of a contest, newest first: a query for ``paginate``."""
    query = select(Batch).where(Batch.contest_id == contest_id, Batch.state != "discarded").order_by(Batch.created_at.desc(), Batch.id)
    return query.options(joinedload(Batch.publication), joinedload(Batch.template))


def counts_of(batch_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """Of each batch: how many certificates it has, and how many of them are printed."""
    query = select(Certificate.batch_id, func.count(), func.count(Certificate.file_id)).where(
        Certificate.batch_id.in_(list(batch_ids))).group_by(Certificate.batch_id)
    return {batch: (all_, printed) for batch, all_, printed in db.session.execute(query)}


def waiting_batches(batch_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Approval]:
    """The open requests to issue, by batch."""
    wanted = [str(batch) for batch in batch_ids]
    query = select(Approval).where(Approval.kind.in_((ISSUE, REPLACE)), Approval.state == "asked", Approval.subject_id.in_(wanted))
    return {uuid.UUID(a.subject_id): a for a in db.session.scalars(query)}


def plan_of(batch: Batch, *, checks: bool = True) -> plan.Plan:
    """What the batch would issue now; ``checks`` as in ``make_plan``."""
    settings = batch.settings
    return plan.make_plan(
        sources.source_of(batch), batch.template, _day_of(batch), keys=frozenset(settings["rows"]), changes=settings.get("changes"),
        replaces=_replaced_by(batch), checks=checks)


def basis_of(batch: Batch) -> plan.Basis:
    """What :func:`plan_of` would be made of now."""
    return plan.basis_of(sources.source_of(batch), batch.template.kind, _day_of(batch), replaces=_replaced_by(batch))


def _day_of(batch: Batch) -> date:
    return date.fromisoformat(batch.settings["dated_on"])


def _replaced_by(batch: Batch) -> uuid.UUID | None:
    return uuid.UUID(batch.settings["replaces"]) if batch.settings.get("replaces") else None


def register(
    contest_id: uuid.UUID, *, text: str = "", kind: str = "", state: str = "", batch_id: uuid.UUID | None = None
) -> Select[Certificate]:
    """The register of a contest by number: a query for ``paginate``. ``text``: part of a name or of a number."""
    query = select(Certificate).where(Certificate.contest_id == contest_id)
    if word := text.strip():
        query = query.where(or_(Certificate.name.contains(word, autoescape=True),
                                Certificate.number.contains(word.upper(), autoescape=True)))
    if kind:
        query = query.where(Certificate.kind == kind)
    if state:
        query = query.where(Certificate.state == state)
    if batch_id:
        query = query.where(Certificate.batch_id == batch_id)
    # By itself: joined, every line would bring the whole list of its batch with it.
    return query.order_by(Certificate.series, Certificate.serial).options(selectinload(Certificate.batch))


def get_certificate(contest_id: uuid.UUID, certificate_id: uuid.UUID) -> Certificate:
    """A certificate of this contest with its batch, file and successor; raises NotFound."""
    query = _whole().where(Certificate.id == certificate_id, Certificate.contest_id == contest_id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这份证书。"))
    return found


def predecessor_of(certificate: Certificate) -> Certificate | None:
    """The certificate that this one replaced."""
    return db.session.scalars(select(Certificate).where(Certificate.superseded_by == certificate.id)).one_or_none()


def chain_of(certificate: Certificate) -> list[Certificate]:
    """Those that replaced one another up to the newest, oldest first; alone when nothing was corrected."""
    chain = [certificate]
    while (before := predecessor_of(chain[0])) is not None:
        chain.insert(0, before)
    while (after := chain[-1].successor) is not None:
        chain.append(after)
    return chain


def find_by_code(typed: str) -> Certificate | None:
    """The certificate of a code as somebody typed it. By the code alone, through its keyed hash: whether there
    is one or not costs the same."""
    digest = blind_index("certificate_code", rules_numbers.read_code(typed))
    return db.session.scalars(_whole().where(Certificate.code_hash == digest)).one_or_none()


def _whole() -> Select[Certificate]:
    return select(Certificate).options(
        joinedload(Certificate.batch).joinedload(Batch.template), joinedload(Certificate.contest).joinedload(Contest.host_union),
        joinedload(Certificate.file), joinedload(Certificate.successor))


def certificates_of(actor: Actor) -> list[Certificate]:
    """Somebody's own certificates, newest first."""
    query = select(Certificate).outerjoin(Certificate.row).where(_own(actor)).options(
        contains_eager(Certificate.row).joinedload(PublishedRow.publication), joinedload(Certificate.contest))
    return list(db.session.scalars(query.order_by(Certificate.issued_at.desc(), Certificate.number)))


def own_certificate(certificate_id: uuid.UUID, actor: Actor) -> Certificate:
    """One of somebody's own certificates; raises NotFound for all others."""
    query = _whole().outerjoin(Certificate.row).where(Certificate.id == certificate_id, _own(actor))
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这份证书。"))
    return found


def _own(actor: Actor) -> ColumnElement[bool]:
    """About the own person, or a line of one's own."""
    mine = (Certificate.subject_kind == "account") & (Certificate.subject_id == actor.id)
    if actor.person_id is None:
        return own_rows(actor) | mine
    return own_rows(actor) | mine | (Certificate.subject_kind == "person") & (Certificate.subject_id == actor.person_id)


def open_requests(certificate: Certificate) -> list[Approval]:
    """What is asked for this certificate and not decided."""
    found = [approvals.open_request(REVOKE, certificate.id), approvals.open_request(REPLACE, certificate.id)]
    return [each for each in found if each]


def failed(batch_id: uuid.UUID) -> list[Certificate]:
    """Those of a batch that hold and could not be printed, each with its error."""
    query = select(Certificate).where(Certificate.batch_id == batch_id, Certificate.error.is_not(None), Certificate.state == "issued")
    return list(db.session.scalars(query.order_by(Certificate.position)))
