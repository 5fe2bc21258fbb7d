"""Results of the 五小, and the evaluation of the units that took part."""

import uuid
from decimal import Decimal

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from competition.activities import queries, rules, rules_sheets, service
from competition.activities.forms import AchievementForm, AssessmentForm, FileForm, SheetForm
from competition.activities.models import Achievement, Assessment, Declaration
from competition.activities.pages import Answer, blueprint, form_page, load, load_inside, page, to_activity
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.forms import done_or_told, tried, try_verb


def _collecting(found: Declaration) -> Declaration:
    if not rules.KINDS[found.contest.kind].collects:
        raise NotFound(_("这一类活动不收集五小成果。"))
    return found


@blueprint.get("/<uuid:declaration_id>/achievements")
@act("activities.look")
def achievements(declaration_id: uuid.UUID) -> str:
    """The results, and what they come to."""
    found = _collecting(load_inside(declaration_id))
    rows = queries.achievements_of(found.id)
    sums = rules.measures_of_achievements([(one.kind, one.is_adopted, one.benefit) for one in rows])
    return page("achievements", found, rows=rows, sums=sums, files=queries.files_of(found.id))


@blueprint.route("/<uuid:declaration_id>/achievements/new", methods=["GET", "POST"])
@act("activities.declare")
def new_achievement(declaration_id: uuid.UUID) -> Answer:
    """Enter one."""
    found, form = _collecting(load(declaration_id, "activities.declare")), AchievementForm()
    if form.validate_on_submit():
        made = try_verb(form, lambda: service.put_achievement(found.id, form.values(), actor=current_actor(), at=now()))
        if made:
            flash(_("成果已登记，可以添加依据材料。"), "success")
            return redirect(url_for("activities.achievement", declaration_id=found.id, achievement_id=made.id), 303)
    return form_page("achievement", form, found, result=None, files=[])


@blueprint.route("/<uuid:declaration_id>/achievements/<uuid:achievement_id>", methods=["GET", "POST"])
@act("activities.declare")
def achievement(declaration_id: uuid.UUID, achievement_id: uuid.UUID) -> Answer:
    """Change one, with its evidence."""
    found, form = _collecting(load(declaration_id, "activities.declare")), AchievementForm()
    result: Achievement = queries.get_achievement(found, achievement_id)
    if not form.is_submitted():
        form.show(result)
    elif form.validate() and tried(form, lambda: service.put_achievement(
            found.id, form.values(), achievement_id=achievement_id, actor=current_actor(), at=now())):
        flash(_("已保存。"), "success")
        return redirect(url_for("activities.achievements", declaration_id=found.id), 303)
    return form_page("achievement", form, found, result=result, files=queries.files_of(found.id).get(result.id, []),
                     upload=FileForm(formdata=None))


@blueprint.post("/<uuid:declaration_id>/achievements/<uuid:achievement_id>/remove")
@act("activities.declare")
def remove_achievement(declaration_id: uuid.UUID, achievement_id: uuid.UUID) -> Answer:
    """It does not count any more."""
    found = _collecting(load(declaration_id, "activities.declare"))
    if done_or_told(lambda: service.remove_achievement(found.id, achievement_id, actor=current_actor(), at=now())):
        flash(_("成果已移出，不再计入。"), "success")
    return redirect(url_for("activities.achievements", declaration_id=found.id), 303)


# ---- evaluation -------------------------------------------------------------------------------------


@blueprint.get("/<uuid:declaration_id>/evaluation")
@act("activities.look")
def evaluation(declaration_id: uuid.UUID) -> str:
    """The units in the order of their points."""
    found = load_inside(declaration_id)
    rows = queries.assessments_of(found.id)
    totals: list[Decimal] = [one.total for one in rows]
    return page("evaluation", found, rows=list(zip(rules_sheets.ranked(totals), rows, strict=True)), files=queries.files_of(found.id))


@blueprint.route("/<uuid:declaration_id>/evaluation/sheet", methods=["GET", "POST"])
@act("activities.declare")
def sheet(declaration_id: uuid.UUID) -> Answer:
    """Set the score sheet; at first an example."""
    found, form = load(declaration_id, "activities.declare"), SheetForm()
    if not form.is_submitted():
        form.items.data = rules_sheets.written(found.sheet or rules_sheets.EXAMPLES[found.contest.kind])
    elif form.validate() and tried(form, lambda: service.set_sheet(found.id, form.items.data or "", actor=current_actor(), at=now())):
        flash(_("评价表已保存。"), "success")
        return redirect(url_for("activities.evaluation", declaration_id=found.id), 303)
    return form_page("sheet", form, found, is_used=bool(queries.assessments_of(found.id)))


@blueprint.route("/<uuid:declaration_id>/evaluation/new", methods=["GET", "POST"])
@act("activities.declare")
def new_assessment(declaration_id: uuid.UUID) -> Answer:
    """Evaluate a unit."""
    found = load(declaration_id, "activities.declare")
    form = AssessmentForm.of(found.sheet)()
    if form.validate_on_submit() and (made := _assess(found, form, None)):
        flash(_("评价已保存，可以添加依据材料。"), "success")
        return redirect(url_for("activities.assessment", declaration_id=found.id, assessment_id=made.id), 303)
    return form_page("assessment", form, found, row=None, files=[], honours=rules_sheets.HONOURS.get(found.contest.kind, ()))


def _assess(found: Declaration, form: AssessmentForm, assessment_id: uuid.UUID | None) -> Assessment | None:
    return try_verb(form, lambda: service.put_assessment(
        found.id, form.unit.data or "", form.scores(), remark=form.remark.data or "", honour=form.honour.data or "",
        assessment_id=assessment_id, actor=current_actor(), at=now()))


@blueprint.route("/<uuid:declaration_id>/evaluation/<uuid:assessment_id>", methods=["GET", "POST"])
@act("activities.declare")
def assessment(declaration_id: uuid.UUID, assessment_id: uuid.UUID) -> Answer:
    """Evaluate a unit anew, with its evidence."""
    found = load(declaration_id, "activities.declare")
    row, form = queries.get_assessment(found, assessment_id), AssessmentForm.of(found.sheet)()
    if not form.is_submitted():
        form.show(row)
    elif form.validate() and _assess(found, form, assessment_id):
        flash(_("评价已保存。"), "success")
        return redirect(url_for("activities.evaluation", declaration_id=found.id), 303)
    return form_page("assessment", form, found, row=row, files=queries.files_of(found.id).get(row.id, []), upload=FileForm(formdata=None),
                     honours=rules_sheets.HONOURS.get(found.contest.kind, ()))


@blueprint.post("/<uuid:declaration_id>/evaluation/close")
@act("activities.declare")
def close_evaluation(declaration_id: uuid.UUID) -> Answer:
    """Nothing of the evaluation changes any more."""
    found = load(declaration_id, "activities.declare")
    if done_or_told(lambda: service.close_evaluation(found.id, actor=current_actor(), at=now())):
        flash(_("评价已完成。"), "success")
        return redirect(url_for("activities.evaluation", declaration_id=found.id), 303)
    return to_activity(found)
