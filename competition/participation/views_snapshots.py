"""Periods: their bulletins, freezing them, and what was frozen beside what is counted today."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.core.access import act, check, current_actor, may
from competition.core.clock import now
from competition.core.forms import tried
from competition.counting.rules_scopes import WHOLE
from competition.organisations.queries import home_scope
from competition.participation import queries_bulletin as reads
from competition.participation.forms import FreezeForm
from competition.participation.queries_around import years
from competition.participation.rules_bulletin import digest, title_of
from competition.participation.rules_questions import Question, asked
from competition.participation.rules_words import VALUES
from competition.participation.service_snapshots import freeze
from competition.participation.views import blueprint, today
from competition.participation.views_bulletin import Answer, get_snapshot, period_asked


@blueprint.get("/bulletins")
@act("participation.view")
def bulletins() -> Answer:
    """Choose a period: look at its bulletin, or freeze its figures; what was frozen already."""
    question = period_asked()
    return render_template("participation/bulletins.html", question=question, years=years(), snapshots=reads.snapshots(),
                           question_of=question_of_period, may_freeze=may(current_actor(), "participation.freeze", home_scope()))


@blueprint.route("/snapshots/new", methods=["GET", "POST"])
@act("participation.freeze")
def new_snapshot() -> Answer:
    """What freezing does, then the period's name is typed."""
    check(current_actor(), "participation.freeze", home_scope())
    question, form = period_asked(), FreezeForm()
    if form.validate_on_submit() and tried(form, lambda: freeze(
            question, form.reason.data or "", form.confirm_name.data or "", actor=current_actor(), at=now())):
        made = reads.snapshots_of(question.period)[0]
        flash(_("数字已固定。从此不再改变，通报可以随时按它打印。"), "success")
        return redirect(url_for("participation.snapshot", snapshot_id=made.id), 303)
    shown = render_template("participation/freeze.html", form=form, question=question, title=title_of(question.period),
                            before=reads.snapshots_of(question.period), whole=reads.payload(question)["places"][0], today=today(),
                            action=f"{request.path}?{request.query_string.decode()}")
    return shown, form.status if form.is_submitted() else 200


@blueprint.get("/snapshots/<uuid:snapshot_id>")
@act("participation.view")
def snapshot(snapshot_id: uuid.UUID) -> Answer:
    """Frozen figures beside today's, place by place, and the difference."""
    found = get_snapshot(snapshot_id)
    question = question_of_period(found.period)
    current = {place["code"]: place for place in reads.payload(question)["places"]}
    rows = [(place, current.get(place["code"])) for place in found.payload["places"]]
    frozen = {place["code"] for place in found.payload["places"]}
    added = [place for code, place in current.items() if code not in frozen]
    return render_template("participation/snapshot.html", snapshot=found, question=question, rows=rows, added=added,
                           is_whole=digest(found.payload) == found.payload_digest, versions=reads.snapshots_of(found.period))


def question_of_period(period: str) -> Question:
    """The question that a snapshot's period asks."""
    year, _dash, month = period.partition("-")
    return asked({"year": year, "month": month}, WHOLE, today().year, (), VALUES).question
