"""What the roll-up did, run by run; a failed one is begun again, everything is counted anew."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.core.access import act, check, current_actor
from competition.core.clock import now
from competition.organisations.queries import home_scope
from competition.participation import queries, service
from competition.participation.rules_runs import KINDS, why_failed
from competition.participation.views import blueprint, rights


@blueprint.get("/runs")
@act("participation.view")
def runs() -> str:
    """What the roll-up did, run by run, and the one under way."""
    return render_template("participation/runs.html", runs=queries.runs(30), jobs=queries.latest_jobs(1), allowed=rights(),
                           kinds=KINDS, why_failed=why_failed)


@blueprint.get("/runs/<uuid:job_id>/progress")
@act("participation.view")
def run_progress(job_id: UUID) -> str:
    """How far a roll-up is, for the page that asks every second."""
    return render_template("participation/run_progress.html", job=queries.get_roll_up(job_id), allowed=rights())


@blueprint.post("/runs/<uuid:job_id>/retry")
@act("participation.roll_up")
def retry_run(job_id: UUID) -> BaseResponse:
    """Begin a failed one again."""
    check(current_actor(), "participation.roll_up", home_scope())
    service.retry_roll_up(queries.get_roll_up(job_id).id, actor=current_actor(), at=now())
    flash(_("已重新开始汇总。"), "success")
    return redirect(url_for("participation.runs"), 303)


@blueprint.post("/runs/anew")
@act("participation.roll_up")
def count_anew() -> BaseResponse:
    """Choose and count everything anew."""
    check(current_actor(), "participation.roll_up", home_scope())
    job = service.ask_anew(actor=current_actor(), at=now())
    flash(_("全部重算已开始。重算期间数字照常可看。"), "success")
    return redirect(url_for("participation.runs", job=job.id), 303)
