"""Issuing: the register's lines of a whole batch in one transaction, numbers without a gap."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from competition.certificates import issuing, queries, shown, signing, sources
from competition.certificates.models import Batch, Certificate, NumberSeries
from competition.certificates.service_batches import check_source, frozen_digest, is_demonstration, public_address
from competition.certificates.service_print import start_printing
from competition.contests.models import Contest
from competition.contests.queries import get_contest
from competition.core import approvals, audit
from competition.core.actors import Actor
from competition.core.approvals import Approval, CarryOut
from competition.core.database import atomic, db, get, prepared
from competition.core.errors import Forbidden, Moved, RuleBroken
from competition.core.formats import show_date


def issue_certificates(batch_id: uuid.UUID, plan_digest: str, *, actor: Actor, at: datetime) -> list[uuid.UUID]:
    """Write the register: numbers, codes, frozen data; the paper is asked for in the same transaction.

    ``plan_digest`` is what the second person approved: anything that changed since then stops it. Returns the ids.
    """
    def prepare() -> Callable[[], list[uuid.UUID]]:
        lines = ready_lines(batch_id, plan_digest)
        return lambda: write_lines(lines, actor, at)

    return prepared(prepare)


def ready_lines(batch_id: uuid.UUID, plan_digest: str) -> issuing.Lines:
    """All that takes long of an issue, before the lock: judges send their marks meanwhile. Reads only."""
    batch = get(Batch, batch_id)
    check_waiting(batch)
    source = sources.source_of(batch)
    check_source(source)
    made = queries.plan_of(batch, checks=False)
    if made.digest != plan_digest:
        raise RuleBroken(_("名单或资料在申请之后有变化，与批准的内容不一致，没有签发。请重新准备这批证书。"), code="plan_changed")
    series, digits = issuing.series_of(get_contest(batch.contest_id), batch)
    begun = db.session.get(NumberSeries, series)
    return issuing.make_lines(batch, source.scope, made, issuing.Numbers(series, begun.next_serial if begun else 1, digits))


def write_lines(lines: issuing.Lines, actor: Actor, at: datetime) -> list[uuid.UUID]:
    """What was made ready becomes the register, if it still is what would be made now; raises Moved if not."""
    with atomic():
        batch = locked(lines.batch_id)
        check_waiting(batch)
        check_second(batch, actor)
        check_source(sources.source_of(batch))
        contest = get_contest(batch.contest_id)
        address, is_demo = public_address(contest), is_demonstration(contest)
        take_numbers(contest, batch, lines)
        db.session.connection().execute(insert(Certificate), lines.at(at))
        batch.settings = {**batch.settings, "base_url": address, "is_demo": is_demo, "demo_signed": is_demo,
                          "kid": signing.ensure_key(at).kid}
        batch.state, batch.approved_by, batch.issued_at = "approved", actor.id, at
        start_printing(batch, len(lines.rows), actor=actor, at=at)
        audit.record("certificates.issue", actor=actor, subject=("batch", batch.id), at=at, chain=batch.contest_id, details=lines.told())
    return [row["id"] for row in lines.rows]


def take_numbers(contest: Contest, batch: Batch, lines: issuing.Lines) -> None:
    """Take the serials that the lines bear. Raises Moved when somebody else has them by now, or when the lines would be others: under
    the lock of the series nobody else issues of this kind for this contest."""
    numbers = lines.numbers
    first = take_serials(numbers.series, len(lines.rows))
    is_same = (numbers.series, numbers.digits) == issuing.series_of(contest, batch)
    if first != numbers.first or not is_same or queries.basis_of(batch) != lines.made.basis:
        raise Moved(_("办理期间名单、资料或编号一直有变化，这次没有签发，没有留下任何改动。请稍后再试。"))


def check_waiting(batch: Batch) -> None:
    """Raise unless nobody was issued anything of the batch."""
    if batch.state != "prepared":
        raise RuleBroken(_("这批证书已经签发或作废。"), code="not_prepared")


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


def _describe(payload: dict[str, Any]) -> str:
    said = {name: payload[name] for name in ("title", "count", "template")}
    dated_on = show_date(date.fromisoformat(payload["dated_on"]))
    return str(_("签发证书“%(title)s”共 %(count)s 份（%(template)s，落款 %(dated_on)s）", **said, dated_on=dated_on))


def _prepare(approval: Approval) -> CarryOut:
    batch_id = uuid.UUID(approval.payload["batch"])
    check_frozen(get(Batch, batch_id), approval.payload)
    lines = ready_lines(batch_id, approval.payload["plan"])

    def carry_out(approval: Approval, actor: Actor, at: datetime) -> None:
        check_frozen(locked(batch_id), approval.payload)
        write_lines(lines, actor, at)

    return carry_out


approvals.register(approvals.Kind(
    queries.ISSUE, lazy_gettext("签发证书"), "certificates.approve", _describe, prepare=_prepare, show=shown.batch))
