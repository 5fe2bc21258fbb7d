"""Printing what was issued: chunk by chunk, each kept before the next begins, so that a kill costs one chunk.

What is printed once is never printed again: a certificate with a file is done, and its bytes are served
as they are. Neither printing nor binding keeps more than a chunk in memory.
"""

import re
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.certificates import letters, queries, queries_print, rules, rules_numbers, signing
from competition.certificates.models import Batch, Certificate
from competition.certificates.printing import CHUNK, Design, Printed, Printer, Sheet
from competition.certificates.printing_merge import merge
from competition.certificates.queries_print import Paper
from competition.certificates.queries_templates import pictures_of
from competition.core import audit, files, jobs
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, get
from competition.core.errors import RuleBroken
from competition.core.pdf_keys import pdf_signer
from competition.notices import service as notices

RENDER = "certificates.render"
PDF = "application/pdf"
Report = Callable[[int, int, str], None]


def print_batch(batch_id: uuid.UUID, *, report: Report, clock: Callable[[], datetime]) -> dict[str, int]:
    """Print what has no file yet, then put the batch together. Any number of times, from any point."""
    batch = get(Batch, batch_id)
    total, done = queries.counts_of([batch_id]).get(batch_id, (0, 0))
    if batch.state not in ("approved", "failed"):
        return {"printed": done, "failed": 0}
    # A key that cannot be used stops the work before anything is printed without a signature.
    sign = pdf_signer(current_app.extensions["settings"], clock())
    waiting = queries_print.unprinted(batch_id)
    with Printer(design_of(batch, is_demo=bool(batch.settings.get("is_demo"))), chunk=CHUNK) as printer:
        made = printer.print_each(sheets_of(waiting, batch.settings["base_url"]))
        for start in range(0, len(waiting), CHUNK):
            report(total - len(waiting) + start, total, _("正在排版"))
            chunk = [signed(printed, sign) for printed in islice(made, CHUNK)]
            keep(batch_id, zip(waiting[start:start + CHUNK], chunk, strict=True), clock())
    report(total, total, _("正在合订"))
    return finish_batch(batch_id, at=clock())


def design_of(batch: Batch, *, is_demo: bool) -> Design:
    """What all sheets of a batch share."""
    layout, slots = batch.template.layout, batch.settings.get("pictures", {})
    pictures = {**pictures_of(layout, slots, is_demo=is_demo), **letters.pictures_kept(batch.settings)}
    return Design(layout, rules.KINDS[batch.template.kind], is_demo, pictures=pictures, slots=slots,
                  fonts=letters.fonts_kept(batch.settings))


def sheet_of(certificate: Certificate, base_url: str) -> Sheet:
    """What is printed of one line of the register: its frozen data, and the code that only the paper shows."""
    code = signing.code_of(certificate)
    return Sheet({**certificate.data, "验证码": rules_numbers.grouped(code)}, signing.signed_address(certificate, code, base_url),
                 letters.glyphs_kept(certificate.batch.settings, certificate.name))


def sheets_of(ids: Sequence[uuid.UUID], base_url: str) -> Iterator[Sheet]:
    """What is printed of each of these certificates, read when its turn has come."""
    for n, certificate in enumerate(queries_print.in_turn(ids, CHUNK)):
        if n % CHUNK == 0:
            signing.all_keys()  # one may have been distrusted since
        yield sheet_of(certificate, base_url)


def signed(printed: Printed, sign: Callable[[bytes], bytes] | None) -> Printed:
    """With a signature where a key is configured; what failed stays as it is."""
    return printed if sign is None or printed.data is None else Printed(sign(printed.data))


def keep(batch_id: uuid.UUID, done: Iterable[tuple[uuid.UUID, Printed]], at: datetime) -> None:
    """The files of a chunk, on disk before the short transaction that names them: these very bytes are served ever after."""
    done = list(done)
    for _id, printed in done:
        if printed.data is not None:
            files.write_bytes(printed.data)
    with atomic():
        batch = get(Batch, batch_id)
        for certificate_id, printed in done:
            certificate = get(Certificate, certificate_id, lock=True)
            if certificate.file_id is not None:
                continue
            certificate.error = printed.error
            if printed.data is not None:
                stored = files.store(
                    printed.data, name=f"{certificate.number}.pdf", media_type=PDF, sensitivity="personal", actor=SYSTEM, at=at)
                certificate.file_id = stored.id
        failed = sum(1 for _id, printed in done if printed.error)
        audit.record("certificates.print", actor=SYSTEM, subject=("batch", batch_id), at=at, chain=batch.contest_id,
                     details={"printed": len(done) - failed, "failed": failed})


def finish_batch(batch_id: uuid.UUID, *, at: datetime) -> dict[str, int]:
    """One file in the order of the ceremony and one archive by delegation; those concerned are told."""
    batch, done = get(Batch, batch_id), queries_print.printed(batch_id)
    lost = queries.failed(batch_id)
    if not done:
        raise RuleBroken(_("这批证书一份也没有印成，原因列在名单里。"), code="nothing_printed", status=422)
    title = f"{rules.KINDS[batch.template.kind]}合订本"
    bound = files.take_made(lambda out: merge((files.read_bytes(paper.sha256) for paper in done), title, out),
                            name="certificates.pdf", media_type=PDF)
    parted = files.take_made(lambda out: archive(done, out), name="certificates.zip", media_type="application/zip")
    with atomic():
        batch = get(Batch, batch_id, lock=True)
        first = batch.merged_id is None
        batch.merged_id = files.keep_upload(bound, sensitivity="personal", actor=SYSTEM, at=at).id
        batch.zip_id = files.keep_upload(parted, sensitivity="personal", actor=SYSTEM, at=at).id
        batch.state = "failed" if lost else "issued"
        if first:
            tell_owners(batch, at)
        audit.record("certificates.bind", actor=SYSTEM, subject=("batch", batch_id), at=at, chain=batch.contest_id,
                     details={"printed": len(done), "failed": len(lost)})
    return {"printed": len(done), "failed": len(lost)}


def archive(papers: Iterable[Paper], out: BinaryIO) -> None:
    """A zip with a folder for each delegation and team; files in the order of the ceremony."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as whole:
        for paper in papers:
            name = f"{paper.position + 1:04d}-{_safe(paper.name)}-{paper.number}.pdf"
            place = "/".join([*map(_safe, paper.groups), name])
            whole.writestr(zipfile.ZipInfo(place, date_time=(1980, 1, 1, 0, 0, 0)), files.read_bytes(paper.sha256))


def _safe(text: str) -> str:
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", text).strip(". ")[:60] or "_"


def tell_owners(batch: Batch, at: datetime) -> None:
    """A message to the account behind each certificate."""
    kind = lazy_gettext(rules.KINDS[batch.template.kind])
    notices.tell(queries_print.owners_of(batch.id), kind="certificate", title=lazy_gettext("您的%(kind)s已制作完成", kind=kind),
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
