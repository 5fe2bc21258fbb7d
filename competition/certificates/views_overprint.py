"""Staff pages: printers, their calibration sheet, a batch printed on paper that has the rest already."""

import uuid

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.certificates import overprinting, queries
from competition.certificates import service_printers as service
from competition.certificates.forms_templates import OverprintForm, PrinterForm, read_mm
from competition.certificates.pages import STAFF, Answer, blueprint, load_batch, load_contest
from competition.certificates.views_templates import TEMPLATES
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.forms import try_verb

PRINTERS = f"{TEMPLATES}/printers"


@blueprint.route(PRINTERS, methods=["GET", "POST"])
@act("certificates.design")
def template_printers(contest_id: uuid.UUID) -> Answer:
    """The printers of the contest's union and how far each is off."""
    contest, form = load_contest(contest_id, "certificates.design"), PrinterForm()
    if form.validate_on_submit() and try_verb(form, lambda: service.set_printer(
            contest.host_union_id, form.name.data or "", read_mm(form.right_mm.data or ""), read_mm(form.down_mm.data or ""),
            actor=current_actor(), at=now())):
        flash(_("已保存。请再打印一张校准页核对。"), "success")
        return redirect(url_for("certificates.template_printers", contest_id=contest.id), 303)
    printers = service.printers_of(contest.host_union_id)
    page = render_template("certificates/template_printers.html", contest=contest, form=form, printers=printers)
    return (page, form.status) if form.is_submitted() else page


@blueprint.post(f"{PRINTERS}/<uuid:printer_id>/remove")
@act("certificates.design")
def remove_printer(contest_id: uuid.UUID, printer_id: uuid.UUID) -> BaseResponse:
    """A printer is gone."""
    contest = load_contest(contest_id, "certificates.design")
    service.remove_printer(contest.host_union_id, printer_id, actor=current_actor(), at=now())
    flash(_("已删除这台打印机。"), "success")
    return redirect(url_for("certificates.template_printers", contest_id=contest.id), 303)


@blueprint.get(f"{PRINTERS}/calibration.pdf")
@act("certificates.design")
def calibration(contest_id: uuid.UUID) -> Response:
    """The sheet to measure, on plain paper; with a printer's offset when one is named."""
    contest = load_contest(contest_id, "certificates.design")
    size = "A3" if request.args.get("size") == "A3" else "A4"
    turn = "portrait" if request.args.get("orientation") == "portrait" else "landscape"
    name, offset = _("没有偏移"), (0.0, 0.0)
    if chosen := request.args.get("printer", None, uuid.UUID):
        found = service.get_printer(contest.host_union_id, chosen)
        name, offset = found.name, (float(found.right_mm), float(found.down_mm))
    data = overprinting.calibration_pdf({"size": size, "orientation": turn}, name, offset)
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": "attachment; filename=calibration.pdf"})


@blueprint.route(f"{STAFF}/<uuid:batch_id>/overprint", methods=["GET", "POST"])
@act("certificates.take")
def overprint(contest_id: uuid.UUID, batch_id: uuid.UUID) -> BaseResponse | Answer:
    """Print only what varies, for a tray of paper."""
    found = load_batch(contest_id, batch_id, "certificates.take")
    union, count = found.contest.host_union_id, queries.counts_of([found.id]).get(found.id, (0, 0))[0]
    form = OverprintForm().offer(service.printers_of(union))
    if not form.is_submitted():
        form.last.data = min(count, overprinting.MOST)
    elif form.validate():
        data = try_verb(form, lambda: overprinting.overprint(
            found, overprinting.positions(found, form.first.data or 0, form.last.data or 0), _offset(union, form.printer.data or ""),
            actor=current_actor(), at=now()))
        if data:
            return Response(data, mimetype="application/pdf", headers={"Content-Disposition": "attachment; filename=overprint.pdf"})
    page = render_template("certificates/overprint.html", contest=found.contest, batch=found, form=form, count=count,
                           left_out=overprinting.left_out(found))
    return (page, form.status) if form.is_submitted() else page


def _offset(union_id: uuid.UUID, printer: str) -> tuple[float, float]:
    if not printer:
        return 0.0, 0.0
    found = service.get_printer(union_id, uuid.UUID(printer))
    return float(found.right_mm), float(found.down_mm)
