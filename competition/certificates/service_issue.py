"""Issuing: the register's lines of a whole batch in one transaction, numbers without a gap."""

import secrets
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.exc import IntegrityError

from competition.certificates import queries, queries_numbers, rules, rules_numbers, shown, signing, sources
from competition.certificates.models import Batch, Certificate, NumberSeries
from competition.certificates.plan import Planned
from competition.certificates.service_batches import check_source, frozen_digest, is_demonstration, public_address
from competition.certificates.service_print import start_printing
from competition.contests.models import Contest
from competition.contests.queries import get_contest
from competition.core import approvals, audit
from competition.core.actors import Actor
from competition.core.approvals import Approval
from competition.core.crypto import blind_index, seal
from competition.core.database import atomic, db, get
from competition.core.errors import Forbidden, RuleBroken
from competition.core.formats import show_date


def issue_certificates(batch_id: uuid.UUID, plan_digest: str, *, actor: Actor, at: datetime) -> list[Certificate]:
    """Write the register: numbers, codes, frozen data; the paper is asked for in the same transaction.

    ``plan_digest`` is what the second person approved: anything that changed since then stops it.
    """
    with atomic():
        batch = locked(batch_id)
        if batch.state != "prepared":
            raise RuleBroken(_("这批证书已经签发或作废。"), code="not_prepared")
        check_second(batch, actor)
        source = sources.source_of(batch)
        check_source(source)
        contest = get_contest(batch.contest_id)
        address = public_address(contest)
        numbering = queries_numbers.numbering_of(contest.host_union_id)
        series = series_for(contest, batch, numbering)
        first = take_serials(series, len(batch.settings["rows"]))
        # Under the lock of the series: nobody else issues of this kind for this contest meanwhile.
        made = queries.plan_of(batch, checks=False)
        if made.digest != plan_digest:
            raise RuleBroken(_("名单或资料在申请之后有变化，与批准的内容不一致，没有签发。请重新准备这批证书。"), code="plan_changed")
        issued = [certificate_of(
            batch, source.scope, planned, (series, first + n, numbering.digits), n, at) for n, planned in enumerate(made.people)]
        db.session.add_all(issued)
        db.session.flush()
        is_demo = is_demonstration(contest)
        batch.settings = {**batch.settings, "base_url": address, "is_demo": is_demo, "demo_signed": is_demo,
                          "kid": signing.ensure_key(at).kid}
        batch.state, batch.approved_by, batch.issued_at = "approved", actor.id, at
        start_printing(batch, len(issued), actor=actor, at=at)
        audit.record("certificates.issue", actor=actor, subject=("batch", batch.id), at=at, chain=batch.contest_id,
                     details={"count": len(issued), "first": issued[0].number, "last": issued[-1].number,
                              "data": rules.digest_of([c.data_digest for c in issued])})
    return issued


def locked(batch_id: uuid.UUID) -> Batch:
    """A batch with its contest before it, so that nobody issues to the same people meanwhile, in whatever series."""
    get(Contest, get(Batch, batch_id).contest_id, lock=True)
    return get(Batch, batch_id, lock=True)


def check_second(batch: Batch, actor: Actor) -> None:
    """Raise unless somebody else than who prepared the batch issues it, whoever asked in between."""
    if actor.id and batch.prepared_by and approvals.are_same_person(actor.id, batch.prepared_by):
        raise Forbidden(_("这批证书由您准备，请由另一人批准签发。"), code="same_person")


def check_frozen(batch: Batch, payload: Mapping[str, Any]) -> None:
    """Raise when the template, the pictures or the letters of a batch are not those that were asked for. Requests from before
    do not say."""
    if payload.get("frozen", frozen_digest(batch)) != frozen_digest(batch):
        raise RuleBroken(_("模板、印章或字体与申请时不一致，没有签发。请重新准备这批证书。"), code="payload_changed")


def series_for(contest: Contest, batch: Batch, numbering: rules_numbers.Numbering) -> str:
    """The series that a batch counts in; the year is that of the day on the certificates."""
    kind, year = batch.template.kind, date.fromisoformat(batch.settings["dated_on"]).year
    letter = numbering.letters.get(kind) or rules.KIND_CODES[kind]
    return numbering.series(contest.host_union.region_code, year, contest.code, letter)


def take_serials(series: str, count: int) -> int:
    """The first of ``count`` serials that nobody else gets, whatever happens at the same time."""
    session = db.session()
    row = session.get(NumberSeries, series, with_for_update=True, populate_existing=True)
    if row is None:
        try:
            with session.begin_nested():
                session.add(NumberSeries(series=series, next_serial=1))
        except IntegrityError:
            pass  # another transaction began the series in this very moment
        row = get(NumberSeries, series, lock=True)
    first = row.next_serial
    row.next_serial = first + count
    session.flush()
    return first


def new_code() -> str:
    """100 random bits in 20 characters that can be typed."""
    drawn = secrets.randbits(5 * rules_numbers.CODE_LENGTH)
    return "".join(rules_numbers.ALPHABET[drawn >> 5 * place & 31] for place in range(rules_numbers.CODE_LENGTH))


def certificate_of(
    batch: Batch, scope: str, planned: Planned, place: tuple[str, int, int], position: int, at: datetime,
) -> Certificate:
    """One line of the register. ``place``: the series, the serial in it, and with how many digits it is written."""
    series, serial, digits = place
    number, code, key = rules_numbers.number_of(series, serial, digits), new_code(), uuid.uuid4()
    data = {**planned.data, "证书编号": number}
    return Certificate(
        id=key, number=number, series=series, serial=serial, kind=batch.template.kind, scope=scope,
        subject_kind=planned.subject_kind, subject_id=planned.subject_id, name=data["姓名"], contest_id=batch.contest_id,
        batch_id=batch.id, row_id=planned.row_id, position=position, data=data,
        data_digest=rules.digest_of([number, batch.template.digest, data]), code_hash=blind_index("certificate_code", code),
        code_sealed=seal(code, "certificate", "code", key), issued_at=at,
    )


def _describe(payload: dict[str, Any]) -> str:
    said = {name: payload[name] for name in ("title", "count", "template")}
    dated_on = show_date(date.fromisoformat(payload["dated_on"]))
    return str(_("签发证书“%(title)s”共 %(count)s 份（%(template)s，落款 %(dated_on)s）", **said, dated_on=dated_on))


def _carry_out(approval: Approval, actor: Actor, at: datetime) -> None:
    check_frozen(locked(uuid.UUID(approval.payload["batch"])), approval.payload)
    issue_certificates(uuid.UUID(approval.payload["batch"]), approval.payload["plan"], actor=actor, at=at)


approvals.register(approvals.Kind(queries.ISSUE, lazy_gettext("签发证书"), "certificates.approve", _describe, _carry_out, show=shown.batch))
