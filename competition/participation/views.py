"""The dashboard, the places behind it, the list behind a figure."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.core.access import act, check, current_actor, may
from competition.core.clock import now
from competition.core.exports import hand_out
from competition.core.forms import tried
from competition.core.taken import take
from competition.counting.rules_scopes import WHOLE
from competition.organisations.queries import home_scope
from competition.participation import queries_targets, service_targets
from competition.participation.export import FIGURES, by_place, workbook
from competition.participation.forms import TargetForm
from competition.participation.models_targets import Target
from competition.participation.rules_questions import Question, asked

blueprint = Blueprint("participation", __name__, url_prefix="/participation")


def today() -> date:
    """The day in the application's zone."""
    return now().astimezone(ZoneInfo(current_app.extensions["settings"].zone)).date()


def chosen_year() -> int:
    """``?year=``, else this year; of a statistical year the calendar year that it ends in."""
    digits = request.args.get("year", "").removeprefix("S")
    year = int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 4 else today().year
    return min(max(year, 2000), 2100)


def rights() -> dict[str, bool]:
    """Which acts the reader may do: for the buttons of a page."""
    return {name: may(current_actor(), f"participation.{name}", home_scope()) for name in ("roll_up", "set_target")}


@blueprint.route("/export", methods=["GET", "POST"])
@act("participation.view")
def export() -> BaseResponse | tuple[str, int]:
    """The whole table as a workbook, with who made it and when."""
    asked_for = asked(request.args.to_dict(), WHOLE, today().year, (), {}).question
    question, actor, at = Question(WHOLE, asked_for.year), current_actor(), now()
    rows = len(list(by_place(question, {})))

    def make(purpose: str) -> tuple[bytes, str]:
        taken = take(FIGURES, purpose=purpose, rows=rows, subject=("year", question.year), actor=actor, at=at,
                     zone=current_app.extensions["settings"].zone)
        return workbook(question, taken), _("参赛人数-%(year)s.xlsx", year=question.year)

    return hand_out(FIGURES, rows=rows, back=url_for("participation.dashboard", year=question.year), make=make)


@blueprint.route("/target", methods=["GET", "POST"])
@act("participation.set_target")
def target() -> str | BaseResponse | tuple[str, int]:
    """Set the year's target."""
    check(current_actor(), "participation.set_target", home_scope())
    year = chosen_year()
    found = queries_targets.target(year)
    form = TargetForm(**_shown(found), year=year)
    if form.validate_on_submit() and tried(form, lambda: service_targets.set_target(
            form.year.data or 0, form.persons.data or 0, form.previous.data, lights=(form.green.data or 0, form.amber.data or 0),
            reason=form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("年度目标已保存。"), "success")
        return redirect(url_for("participation.dashboard", year=form.year.data), 303)
    return render_template("participation/target.html", form=form, year=year), 422 if form.is_submitted() else 200


def _shown(found: Target | None) -> dict[str, int | None]:
    """What the form begins with."""
    if found is None:
        return {}
    return {"persons": found.persons, "previous": found.previous_persons, "green": found.green_percent, "amber": found.amber_percent}
