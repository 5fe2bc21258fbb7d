"""The workbook of formulas: every figure as a formula over the marks, so that a person can recompute it anywhere."""

import uuid

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.exports import ask_purpose
from competition.core.files import send_stored
from competition.results import service
from competition.results.for_pages import compute_for_page
from competition.results.pages import BASE, Answer, blueprint, load_whole


@blueprint.route(f"{BASE}/live", methods=["GET", "POST"])
@act("results.book")
def live(contest_id: uuid.UUID) -> Answer:
    """What it is wanted for; then a job makes it."""
    contest, actor, at = load_whole(contest_id, "results.book"), current_actor(), now()
    computed = compute_for_page(contest_id)
    rows = sum(len(computed.rows(scope)) for scope in computed.scopes)

    def then(purpose: str) -> Response:
        job = service.ask_workbook(contest.id, purpose=purpose, rows=rows, actor=actor, at=at)
        return redirect(url_for("home.job", job_id=job.id), 303)

    back = url_for("results.overview", contest_id=contest.id)
    return ask_purpose(service.LIVE, rows=rows, back=back, then=then, verb=_("生成复算表"), contest=contest)


@blueprint.get(f"{BASE}/live/<uuid:job_id>.xlsx")
@act("results.book")
def live_file(contest_id: uuid.UUID, job_id: uuid.UUID) -> Answer:
    """The finished workbook."""
    contest = load_whole(contest_id, "results.book")
    return send_stored(service.get_workbook(contest, job_id, actor=current_actor()))
