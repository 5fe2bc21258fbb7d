"""The report of a stage, and the evidence of everything."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.activities import queries, rules_stages, service
from competition.activities.forms import FileForm, ReasonForm, StageForm
from competition.activities.models import Achievement, Assessment, Declaration, StageReport
from competition.activities.pages import Answer, blueprint, form_page, is_over, load, load_inside, today
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.files import send_stored
from competition.core.forms import done_or_told, tried


@blueprint.get("/<uuid:declaration_id>/stages/<uuid:stage_id>")
@act("activities.look")
def stage(declaration_id: uuid.UUID, stage_id: uuid.UUID) -> Answer:
    """The report: to write for the declarer, to read for the unions above and below."""
    found = load_inside(declaration_id)
    report, form = queries.get_stage(found, stage_id), StageForm.of(found.contest.kind)(formdata=None)
    form.show(report)
    return _stage_page(found, report, form)


def _stage_page(found: Declaration, report: StageReport, form: StageForm) -> Answer:
    late = rules_stages.is_overdue(report.state, report.due_on, today())
    return form_page("stage", form, found, stage=report, late=late, files=queries.files_of(found.id).get(report.id, []),
                     upload=FileForm(formdata=None),
                     steps=[step for step in queries.steps_of(found.id) if step.about == report.name])


@blueprint.post("/<uuid:declaration_id>/stages/<uuid:stage_id>")
@act("activities.declare")
def save_stage(declaration_id: uuid.UUID, stage_id: uuid.UUID) -> Answer:
    """Keep what is written; with the button of it, hand it in."""
    found = load(declaration_id, "activities.declare")
    report, form = queries.get_stage(found, stage_id), StageForm.of(found.contest.kind)()
    is_sent = "submit" in request.form
    verb = service.submit_report if is_sent else service.save_report
    if form.validate() and tried(form, lambda: verb(
            found.id, stage_id, form.text.data or "", form.measures(), actor=current_actor(), at=now())):
        flash(_("阶段小结已提交。") if is_sent else _("已保存，还没有提交。"), "success")
        return redirect(url_for("activities.stage", declaration_id=found.id, stage_id=stage_id), 303)
    return _stage_page(found, report, form)


@blueprint.post("/<uuid:declaration_id>/stages/<uuid:stage_id>/acknowledge")
@act("activities.decide")
def acknowledge(declaration_id: uuid.UUID, stage_id: uuid.UUID) -> Answer:
    """It was read."""
    found = load(declaration_id, "activities.decide")
    if done_or_told(lambda: service.acknowledge(found.id, stage_id, actor=current_actor(), at=now())):
        flash(_("已收阅。"), "success")
    return redirect(url_for("activities.stage", declaration_id=found.id, stage_id=stage_id), 303)


@blueprint.route("/<uuid:declaration_id>/stages/<uuid:stage_id>/give-back", methods=["GET", "POST"])
@act("activities.decide")
def give_back_stage(declaration_id: uuid.UUID, stage_id: uuid.UUID) -> Answer:
    """Give a report back, with a reason."""
    found, form = load(declaration_id, "activities.decide"), ReasonForm()
    report = queries.get_stage(found, stage_id)
    if form.validate_on_submit() and tried(form, lambda: service.give_back_report(
            found.id, stage_id, form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("已退回，申报的工会会收到理由。"), "success")
        return redirect(url_for("activities.stage", declaration_id=found.id, stage_id=stage_id), 303)
    return form_page("reason", form, found, what="give_back_report", about=report)


# ---- evidence ---------------------------------------------------------------------------------------


@blueprint.post("/<uuid:declaration_id>/evidence/<uuid:owner_id>")
@act("activities.declare")
def add_file(declaration_id: uuid.UUID, owner_id: uuid.UUID) -> Answer:
    """A picture or a PDF for a stage, a result or an evaluation."""
    found, form = load(declaration_id, "activities.declare"), FileForm()
    back = _page_of(found, owner_id)
    if form.validate_on_submit():
        sent = form.file.data
        if tried(form, lambda: service.add_file(
                found.id, owner_id, sent.read(), name=sent.filename or "", actor=current_actor(), at=now())):
            flash(_("依据材料已添加。"), "success")
            return redirect(back, 303)
    return form_page("evidence", form, found, back=back)


def _page_of(found: Declaration, owner_id: uuid.UUID) -> str:
    """The page of what evidence belongs to; 404 for what is no part of this activity."""
    kinds: tuple[tuple[type[Any], str, str], ...] = (
        (StageReport, "stage", "stage_id"), (Achievement, "achievement", "achievement_id"), (Assessment, "assessment", "assessment_id"))
    for model, endpoint, name in kinds:
        owner = db.session.get(model, owner_id)
        if owner is not None and owner.declaration_id == found.id:
            values: dict[str, Any] = {"declaration_id": found.id, name: owner_id}
            return url_for(f"activities.{endpoint}", **values)
    raise NotFound(_("没有找到这条记录，它可能已被移走，或您无权查看。"))


@blueprint.get("/<uuid:declaration_id>/files/<uuid:file_id>")
@act("activities.look")
def file(declaration_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """A piece of evidence, as the type that it was stored with."""
    found = load(declaration_id)
    if not is_over(found):
        raise NotFound(_("没有找到这份材料：活动的依据材料，只有申报工会和它的上级工会可以查看。"))
    return send_stored(queries.get_file(found.id, file_id).file)


@blueprint.post("/<uuid:declaration_id>/files/<uuid:file_id>/remove")
@act("activities.declare")
def remove_file(declaration_id: uuid.UUID, file_id: uuid.UUID) -> Answer:
    """Take evidence away."""
    found = load(declaration_id, "activities.declare")
    back = _page_of(found, queries.get_file(found.id, file_id).owner_id)
    if done_or_told(lambda: service.remove_file(found.id, file_id, actor=current_actor(), at=now())):
        flash(_("依据材料已移除。"), "success")
    return redirect(back, 303)
