"""Handing out on paper: the register to sign, the host's script, labels for envelopes."""

import uuid

from flask import Response, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.certificates import outs_paper, queries_outs, rules_labels
from competition.certificates import service_outs as service
from competition.certificates import service_printers as printers
from competition.certificates.forms_outs import OWN_SHEET, LabelsForm
from competition.certificates.forms_templates import read_mm
from competition.certificates.models import Batch
from competition.certificates.pages import STAFF, Answer, blueprint, load_batch
from competition.certificates.views_outs import CEREMONY, OUTS
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.exports import file_answer, hand_out
from competition.core.forms import try_verb
from competition.core.taken import Export, Taken, declare, take

SIGN = declare("certificates.sign", _("证书领取签收表"), is_personal=True)
SCRIPT = declare("certificates.script", _("颁奖主持词"), is_personal=True)


def _taken(export: Export, found: Batch, purpose: str, rows: int) -> Taken:
    return take(export, purpose=purpose, rows=rows, subject=("batch", found.id), actor=current_actor(), at=now(), zone=found.contest.zone,
                chain=found.contest_id)


@blueprint.route(f"{OUTS}/sign.<any(pdf,xlsx):suffix>", methods=["GET", "POST"])
@act("certificates.hand_out")
def sign_sheet(contest_id: uuid.UUID, batch_id: uuid.UUID, suffix: str) -> BaseResponse | Answer:
    """领取签收: the register to sign, of all or of one delegation."""
    found = load_batch(contest_id, batch_id, "certificates.hand_out")
    group = outs_paper.get_group(found.id, request.args.get("group", ""))
    rows = sum(count for name, count, _out in queries_outs.groups_of(found.id) if not group or name == group)
    queries_outs.check_some(rows)

    def make(purpose: str) -> tuple[bytes, str]:
        lines = outs_paper.lines_to_sign(found, group)
        taken = _taken(SIGN, found, purpose, rows)
        data = outs_paper.sign_pdf(found, lines, taken) if suffix == "pdf" else outs_paper.sign_xlsx(lines, taken)
        return data, f"{found.contest.code}-sign.{suffix}"

    return hand_out(SIGN, rows=rows, back=url_for("certificates.outs", contest_id=contest_id, batch_id=batch_id), make=make,
                    contest=found.contest)


@blueprint.route(f"{CEREMONY}.<any(pdf,xlsx):suffix>", methods=["GET", "POST"])
@act("certificates.hand_out")
def ceremony_script(contest_id: uuid.UUID, batch_id: uuid.UUID, suffix: str) -> BaseResponse | Answer:
    """What the host reads out, in large print."""
    found = load_batch(contest_id, batch_id, "certificates.hand_out")
    order = queries_outs.on_stage(found)
    rows = sum(len(group) for _key, group in order)
    queries_outs.check_some(rows)

    def make(purpose: str) -> tuple[bytes, str]:
        if suffix == "pdf":
            outs_paper.check_script(rows)
        taken = _taken(SCRIPT, found, purpose, rows)
        data = outs_paper.script_pdf(found, order, taken) if suffix == "pdf" else outs_paper.script_xlsx(order, taken)
        return data, f"{found.contest.code}-ceremony.{suffix}"

    return hand_out(SCRIPT, rows=rows, back=url_for("certificates.ceremony", contest_id=contest_id, batch_id=batch_id), make=make,
                    contest=found.contest)


@blueprint.route(f"{STAFF}/<uuid:batch_id>/labels.pdf", methods=["GET", "POST"])
@act("certificates.hand_out")
def labels(contest_id: uuid.UUID, batch_id: uuid.UUID) -> Response | Answer:
    """Labels for envelopes."""
    found = load_batch(contest_id, batch_id, "certificates.hand_out")
    groups = queries_outs.groups_of(found.id)
    union = found.contest.host_union_id
    form = LabelsForm().offer(printers.printers_of(union), [group for group, _all, _out in groups], queries_outs.own_sheet_of(union))
    if form.validate_on_submit() and (data := try_verb(form, lambda: _labels(found, form))):
        return file_answer(data, f"{found.contest.code}-labels.pdf")
    page = render_template("certificates/labels.html", contest=found.contest, batch=found, form=form,
                           total=sum(all_ for _group, all_, _out in groups))
    return (page, form.status) if form.is_submitted() else page


def _labels(found: Batch, form: LabelsForm) -> bytes:
    sheet, right, down = form.chosen_sheet(), read_mm(form.right_mm.data or "0"), read_mm(form.down_mm.data or "0")
    try:
        rules_labels.check_sheet(sheet, right, down)
    except ValueError as error:
        raise RuleBroken(str(error), code="label_sheet", status=422, field="sheet") from error
    if form.printer.data:
        printer = printers.get_printer(found.contest.host_union_id, uuid.UUID(form.printer.data))
        right, down = right + float(printer.right_mm), down + float(printer.down_mm)
    chosen = outs_paper.chosen(found, form.group.data or "")
    first = min(form.first.data or 1, sheet.count)
    data = outs_paper.labels_pdf(chosen, sheet.moved(right, down), what=form.what.data or "one", first=first)
    service.note_labels(found, len(chosen), form.what.data or "one", own=sheet if form.sheet.data == OWN_SHEET else None,
                        actor=current_actor(), at=now())
    return data
