"""Long work: the list, the progress of one, stopping and starting again."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import or_
from werkzeug.wrappers import Response

from competition.core import jobs
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.jobs import Job
from competition.core.paging import paginate
from competition.core.paths import local_path
from competition.home.jobs import ROUTINE
from competition.home.queries import jobs_visible
from competition.home.views import blueprint

STATES = ("queued", "running", "done", "failed", "cancelled")


def load_job(job_id: UUID) -> Job:
    """A piece of work that the reader asked for, or whose contest the reader's office runs; else it does not exist."""
    found: Job | None = db.session.scalars(jobs_visible(current_actor()).where(Job.id == job_id)).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这项任务。"))
    return found


@blueprint.get("/jobs")
@act("home.jobs")
def job_list() -> str:
    """Long work of the reader and of the contests that the reader organizes, newest first."""
    # What comes round by itself and went well would bury everything else.
    query = jobs_visible(current_actor()).where(or_(Job.kind.not_in(ROUTINE), Job.state != "done"))
    state = request.args.get("state", "")
    if state in STATES:
        query = query.where(Job.state == state)
    return render_template("home/jobs.html", page=paginate(query, request.args.get("page", 1, int)), state=state)


@blueprint.get("/jobs/<uuid:job_id>")
@act("home.jobs")
def job(job_id: UUID) -> str:
    """One piece of work."""
    return render_template("home/job.html", **_job_page(job_id))


@blueprint.get("/jobs/<uuid:job_id>/progress")
@act("home.jobs")
def job_progress(job_id: UUID) -> str:
    """Its progress alone, for the page that asks every second."""
    return render_template("home/job_progress.html", alone=True, **_job_page(job_id))


def _job_page(job_id: UUID) -> dict[str, object]:
    found = load_job(job_id)
    result = found.result or {}
    return {"job": found, "link": local_path(str(result.get("href") or ""), ""), "link_label": result.get("label")}


@blueprint.post("/jobs/<uuid:job_id>/cancel")
@act("home.jobs")
def cancel_job(job_id: UUID) -> Response:
    """Stop it; what is done stays done."""
    jobs.cancel(load_job(job_id).id, actor=current_actor(), at=now())
    flash(_("已停止这项任务。已完成的部分都在。"), "success")
    return redirect(url_for("home.job", job_id=job_id), 303)


@blueprint.post("/jobs/<uuid:job_id>/retry")
@act("home.jobs")
def retry_job(job_id: UUID) -> Response:
    """Start it again."""
    jobs.retry(load_job(job_id).id, actor=current_actor(), at=now())
    flash(_("已重新排队，很快开始。"), "success")
    return redirect(url_for("home.job", job_id=job_id), 303)
