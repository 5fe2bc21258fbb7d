"""Printing what was issued: chunk by chunk, each kept before the next begins, so that a kill costs one chunk.

What is printed once is never printed again: a certificate with a file is done, and its bytes are served
as they are.
"""

import io
import re
import uuid
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.certificates import queries, rules, rules_numbers
from competition.certificates.models import Batch, Certificate
from competition.certificates.printing import Design, Printer, Sheet, lost_texts, merge
from competition.core import audit, files, jobs
from competition.core.actors import SYSTEM, Actor
from competition.core.crypto import unseal
from competition.core.database import atomic, get
from competition.core.errors import RuleBroken
from competition.core.formats import joined
from competition.core.paper import PaperError
from competition.notices import service as notices

RENDER = "certificates.render"
CHUNK = 40
PDF = "application/pdf"
Report = Callable[[int, int, str], None]


def print_batch(batch_id: uuid.UUID, *, report: Report, clock: Callable[[], datetime]) -> dict[str, int]:
    """Print what has no file yet, then put the batch together. Any number of times, from any point."""
    batch = get(Batch, batch_id)
    if batch.state not in ("approved", "failed"):
        return {"printed": len(queries.printed(batch_id)), "failed": 0}
    total = queries.counts_of([batch_id]).get(batch_id, (0, 0))[0]
    waiting = queries.unprinted(batch_id)
    with Printer(design_of(batch)) as printer:
        for start in range(0, len(waiting), CHUNK):
            report(total - len(waiting) + start, total, _("正在排版"))
            chunk = waiting[start:start + CHUNK]
            keep(batch_id, print_chunk(printer, batch, chunk), clock())
    report(total, total, _("正在合订"))
    return finish_batch(batch_id, at=clock())


def design_of(batch: Batch) -> Design:
    """What all sheets of a batch share."""
    return Design(batch.template.layout, rules.KINDS[batch.template.kind], bool(batch.settings.get("is_demo")))


def sheet_of(certificate: Certificate, base_url: str) -> Sheet:
    """What is printed of one line of the register: its frozen data, and the code that only the paper shows."""
    code = unseal(certificate.code_sealed, "certificate", "code", certificate.id)
    return Sheet({**certificate.data, "验证码": rules_numbers.grouped(code)}, f"{base_url}/v/{code}")


def print_chunk(printer: Printer, batch: Batch, chunk: list[Certificate]) -> list[tuple[uuid.UUID, bytes | None, str | None]]:
    """Bytes or an error for each; a chunk that fails as a whole is tried one by one, so that only the guilty fail."""
    sheets = [sheet_of(each, batch.settings["base_url"]) for each in chunk]
    try:
        made = printer.print(sheets)
    except PaperError as error:
        if len(chunk) == 1:
            return [(chunk[0].id, None, error.message)]
        return [done for each in chunk for done in print_chunk(printer, batch, [each])]
    return [checked(c.id, printer.design, sheet, data) for c, sheet, data in zip(chunk, sheets, made, strict=True)]


def checked(certificate_id: uuid.UUID, design: Design, sheet: Sheet, data: bytes) -> tuple[uuid.UUID, bytes | None, str | None]:
    """The bytes, when the text inside is what the register says; else the error."""
    lost = lost_texts(design, sheet, data)
    if lost:
        return certificate_id, None, _("印出的文字与登记的不一致：%(lost)s", lost=joined(lost))
    return certificate_id, data, None


def keep(batch_id: uuid.UUID, done: Iterable[tuple[uuid.UUID, bytes | None, str | None]], at: datetime) -> None:
    """The files of a chunk, on disk before the short transaction that names them."""
    done = list(done)
    for _id, data, _error in done:
        if data is not None:
            files.write_bytes(data)
    with atomic():
        batch = get(Batch, batch_id)
        for certificate_id, data, error in done:
            certificate = get(Certificate, certificate_id, lock=True)
            if certificate.file_id is not None:
                continue
            certificate.error = error
            if data is not None:
                stored = files.store(data, name=f"{certificate.number}.pdf", media_type=PDF, sensitivity="personal", actor=SYSTEM, at=at)
                certificate.file_id = stored.id
        audit.record("certificates.print", actor=SYSTEM, subject=("batch", batch_id), at=at, chain=batch.contest_id,
                     details={"printed": sum(1 for d in done if d[1] is not None), "failed": sum(1 for d in done if d[2])})


def finish_batch(batch_id: uuid.UUID, *, at: datetime) -> dict[str, int]:
    """One file in the order of the ceremony and one archive by delegation; those concerned are told."""
    batch, done = get(Batch, batch_id), queries.printed(batch_id)
    lost = queries.failed(batch_id)
    if not done:
        raise RuleBroken(_("这批证书一份也没有印成，原因列在名单里。"), code="nothing_printed", status=422)
    pages = [certificate.file.read() for certificate in done if certificate.file]
    whole, archive = merge(pages, f"{rules.KINDS[batch.template.kind]}合订本"), archive_of(done, pages)
    files.write_bytes(whole)
    files.write_bytes(archive)
    with atomic():
        batch = get(Batch, batch_id, lock=True)
        first = batch.merged_id is None
        batch.merged_id = files.store(whole, name="certificates.pdf", media_type=PDF, sensitivity="personal", actor=SYSTEM, at=at).id
        batch.zip_id = files.store(archive, name="certificates.zip", media_type="application/zip", sensitivity="personal",
                                   actor=SYSTEM, at=at).id
        batch.state = "failed" if lost else "issued"
        if first:
            tell_owners(batch, done, at)
        audit.record("certificates.bind", actor=SYSTEM, subject=("batch", batch_id), at=at, chain=batch.contest_id,
                     details={"printed": len(done), "failed": len(lost)})
    return {"printed": len(done), "failed": len(lost)}


def archive_of(certificates: list[Certificate], pages: list[bytes]) -> bytes:
    """A zip with a folder for each delegation and team; files in the order of the ceremony."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for certificate, data in zip(certificates, pages, strict=True):
            folders = [_safe(certificate.data[key]) for key in ("代表团", "代表队") if certificate.data.get(key)]
            name = f"{certificate.position + 1:04d}-{_safe(certificate.name)}-{certificate.number}.pdf"
            archive.writestr(zipfile.ZipInfo("/".join([*folders, name]), date_time=(1980, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def _safe(text: str) -> str:
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", text).strip(". ")[:60] or "_"


def tell_owners(batch: Batch, certificates: list[Certificate], at: datetime) -> None:
    """A message to the account behind each certificate."""
    accounts = [c.row.entry.account_id for c in certificates if c.row and c.row.entry]
    kind = lazy_gettext(rules.KINDS[batch.template.kind])
    notices.tell(accounts, kind="certificate", title=lazy_gettext("您的%(kind)s已制作完成", kind=kind),
                 body=lazy_gettext("请在“我的证书”中查看和下载。"), link="/my/certificates", at=at)


def start_printing(batch: Batch, count: int, *, actor: Actor, at: datetime) -> None:
    """Ask for the work in the surrounding transaction."""
    job = jobs.start(RENDER, title=lazy_gettext("制作证书"), about=batch.title, payload={"batch": str(batch.id)}, actor=actor, at=at,
                     chain=batch.contest_id, total=count)
    batch.job_id = job.id


def restart_printing(batch_id: uuid.UUID, *, actor: Actor, at: datetime) -> Batch:
    """Print again what could not be printed or was stopped; what is printed stays."""
    with atomic():
        batch = get(Batch, batch_id, lock=True)
        if batch.job is None or not batch.job.is_over or batch.state not in ("approved", "failed"):
            raise RuleBroken(_("这批证书没有需要重新制作的，或正在制作中。"), code="nothing_to_print")
        for certificate in queries.failed(batch_id):
            certificate.error = None
        batch.state = "approved"
        start_printing(batch, queries.counts_of([batch_id])[batch_id][0], actor=actor, at=at)
        audit.record("certificates.restart", actor=actor, subject=("batch", batch_id), at=at, chain=batch.contest_id)
    return batch
