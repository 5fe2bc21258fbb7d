"""Handing in, deciding, naming a flagship, beginning and ending."""

import uuid
from collections.abc import Callable

from flask import flash, g, request
from flask_babel import gettext as _

from competition.activities import queries, service
from competition.activities.forms import GiveBackForm, ReasonForm
from competition.activities.models import Declaration
from competition.activities.pages import Answer, blueprint, form_page, load, to_activity
from competition.core.access import act, current_actor
from competition.core.characters import int_or
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.forms import done_or_told, tried


def _button(found: Declaration, verb: Callable[[], object], said: str) -> Answer:
    """A button without a form: done, or told why not."""
    if done_or_told(verb):
        flash(said, "success")
    return to_activity(found)


@blueprint.post("/<uuid:declaration_id>/submit")
@act("activities.declare")
def submit(declaration_id: uuid.UUID) -> Answer:
    """Hand it in."""
    found = load(declaration_id, "activities.declare")
    return _button(found, lambda: service.submit(found.id, actor=current_actor(), at=now()), _("申报已提交。"))


@blueprint.post("/<uuid:declaration_id>/take-back")
@act("activities.declare")
def take_back(declaration_id: uuid.UUID) -> Answer:
    """Take it back."""
    found = load(declaration_id, "activities.declare")
    return _button(found, lambda: service.take_back(found.id, actor=current_actor(), at=now()), _("申报已撤回，可以修改后重新提交。"))


@blueprint.post("/<uuid:declaration_id>/start")
@act("activities.declare")
def start(declaration_id: uuid.UUID) -> Answer:
    """Begin."""
    found = load(declaration_id, "activities.declare")
    return _button(found, lambda: service.start(found.id, actor=current_actor(), at=now()), _("活动已开始。"))


@blueprint.post("/<uuid:declaration_id>/finish")
@act("activities.declare")
def finish(declaration_id: uuid.UUID) -> Answer:
    """End."""
    found = load(declaration_id, "activities.declare")
    return _button(found, lambda: service.finish(found.id, actor=current_actor(), at=now()), _("活动已结束，可以评价参加的单位。"))


@blueprint.post("/<uuid:declaration_id>/approve")
@act("activities.decide")
def approve(declaration_id: uuid.UUID) -> Answer:
    """Approve for the union whose turn it is."""
    found = load(declaration_id, "activities.decide")
    seen = int_or(request.form.get("seen", ""), -1)
    return _button(found, lambda: service.approve(found.id, _turn(found), actor=current_actor(), at=now(), seen=seen), _("已审核通过。"))


def _turn(found: Declaration) -> uuid.UUID:
    if found.waiting_at is None:
        raise RuleBroken(_("这项申报现在不由您审核，请刷新页面。"), code="not_waiting")
    return found.waiting_at


@blueprint.route("/<uuid:declaration_id>/give-back", methods=["GET", "POST"])
@act("activities.decide")
def give_back(declaration_id: uuid.UUID) -> Answer:
    """Give back what the page of the activity showed (the link says how many steps it had), with a reason."""
    found = load(declaration_id, "activities.decide")
    form = GiveBackForm(data={"seen": request.args.get("seen") or str(queries.count_steps(found.id))})
    if form.validate_on_submit() and tried(form, lambda: service.give_back(
            found.id, _turn(found), form.reason.data or "", actor=current_actor(), at=now(), seen=form.steps)):
        flash(_("已退回，申报的工会会收到理由。"), "success")
        return to_activity(found)
    return form_page("reason", form, found, what="give_back", is_older=g.get("refusal") == "changed_since")


@blueprint.route("/<uuid:declaration_id>/withdraw", methods=["GET", "POST"])
@act("activities.declare")
def withdraw(declaration_id: uuid.UUID) -> Answer:
    """Drop a declaration that is not approved."""
    found, form = load(declaration_id, "activities.declare"), ReasonForm()
    if form.validate_on_submit() and tried(form, lambda: service.withdraw(
            found.id, form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("申报已撤销，记录保留。"), "success")
        return to_activity(found)
    return form_page("reason", form, found, what="withdraw")


@blueprint.route("/<uuid:declaration_id>/flagship", methods=["GET", "POST"])
@act("activities.flag")
def flagship(declaration_id: uuid.UUID) -> Answer:
    """The province names it a flagship, or takes that back."""
    found, form = load(declaration_id, "activities.flag"), ReasonForm()
    wanted = not found.contest.is_flagship
    if form.validate_on_submit() and tried(form, lambda: service.set_flagship(
            found.id, wanted, form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("已认定为引领性竞赛。") if wanted else _("已取消引领性竞赛的认定。"), "success")
        return to_activity(found)
    return form_page("reason", form, found, what="unflag" if found.contest.is_flagship else "flag")
