"""What the roll-up did, run by run; a failed one is begun again, everything is counted anew."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.core.access import act, check, current_actor, holds_everywhere, may, scopes_of, table
from competition.core.clock import now
from competition.counting import queries, service
from competition.counting.rules_runs import KINDS, why_failed
from competition.organisations.queries import home_scope

blueprint = Blueprint("counting", __name__, url_prefix="/participation")


def rights() -> dict[str, bool]:
    """Which acts the reader may do: for the buttons of a page."""
    actor, anywhere = current_actor(), table(current_app)["participation.tokens"].roles
    manages = holds_everywhere(actor, *anywhere) or bool(scopes_of(actor, "union", *anywhere))
    return {"roll_up": may(actor, "participation.roll_up", home_scope()), "tokens": manages}


@blueprint.get("/runs")
@act("participation.view")
def runs() -> str:
    """What the roll-up did, run by run, and the one under way."""
    return render_template("counting/runs.html", runs=queries.runs(30), jobs=queries.latest_jobs(1), allowed=rights(),
                           kinds=KINDS, why_failed=why_failed)


@blueprint.get("/runs/<uuid:job_id>/progress")
@act("participation.view")
def run_progress(job_id: UUID) -> str:
    """How far a roll-up is, for the page that asks every second."""
    return render_template("counting/run_progress.html", job=queries.get_roll_up(job_id), allowed=rights())


@blueprint.post("/runs/<uuid:job_id>/retry")
@act("participation.roll_up")
def retry_run(job_id: UUID) -> BaseResponse:
    """Begin a failed one again."""
    check(current_actor(), "participation.roll_up", home_scope())
    service.retry_roll_up(queries.get_roll_up(job_id).id, actor=current_actor(), at=now())
    flash(_("已重新开始汇总。"), "success")
    return redirect(url_for("counting.runs"), 303)


@blueprint.post("/runs/anew")
@act("participation.roll_up")
def count_anew() -> BaseResponse:
    """Choose and count everything anew."""
    check(current_actor(), "participation.roll_up", home_scope())
    job = service.ask_anew(actor=current_actor(), at=now())
    flash(_("全部重算已开始。重算期间数字照常可看。"), "success")
    return redirect(url_for("counting.runs", job=job.id), 303)


@blueprint.post("/roll-up")
@act("participation.roll_up")
def roll_up() -> BaseResponse:
    """Count now."""
    check(current_actor(), "participation.roll_up", home_scope())
    job = service.ask_roll_up(actor=current_actor(), at=now())
    flash(_("汇总已开始，完成后本页数字自动更新。"), "success")
    return redirect(url_for("counting.runs", job=job.id), 303)
