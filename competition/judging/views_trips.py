"""A round that is on an arena machine: said on its board, and taken back without a file by two people."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.forms import try_verb
from competition.judging import queries_trips, service_trips
from competition.judging.forms import ReasonForm
from competition.judging.pages import Answer, blueprint, load_round

BASE = "/rounds/<uuid:round_id>/take-back"


@blueprint.get(BASE)
@act("judging.ask_unlock")
def take_back(contest_id: uuid.UUID, round_id: uuid.UUID) -> str:
    """What it means, and why."""
    round_ = load_round(contest_id, round_id, "judging.ask_unlock")
    return render_template("judging/take_back.html", contest=round_.contest, round=round_, form=ReasonForm(formdata=None),
                           trip=queries_trips.trip_of(round_id), waiting=service_trips.open_take_back(round_id, now()))


@blueprint.post(BASE)
@act("judging.ask_unlock")
def ask_take_back(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """Ask a second person."""
    round_ = load_round(contest_id, round_id, "judging.ask_unlock")
    form = ReasonForm()
    if form.validate_on_submit() and try_verb(form, lambda: service_trips.ask_take_back(
            round_id, reason=form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("已提出申请，等待另一人批准。"), "success")
        return redirect(url_for("judging.board", contest_id=contest_id, round_id=round_id), 303)
    return render_template("judging/take_back.html", contest=round_.contest, round=round_, form=form,
                           trip=queries_trips.trip_of(round_id), waiting=None), form.status
